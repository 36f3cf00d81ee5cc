import google.generativeai as legacy
from google import genai
from google.genai import types
from vertexai.generative_models import GenerationConfig, GenerativeModel
from vertexai.language_models import TextEmbeddingModel, TextGenerationModel

client = genai.Client(api_key=load_key())  # expect: sink(credential)
legacy.configure(api_key=load_key())  # expect: sink(credential)
old = legacy.GenerativeModel("gemini-1.5-pro", system_instruction="You answer briefly.")  # expect: sink(system-prompt)
vertex = GenerativeModel("gemini-1.5-flash-002")


def answer(question):
    client.models.count_tokens(model="gemini-2.0-flash-001", contents=question)  # expect: token-count
    response = client.models.generate_content(  # expect: llm, source(model-output)
        model="gemini-2.0-flash-001",
        contents=question,  # expect: sink(messages)
        config=types.GenerateContentConfig(
            system_instruction="You answer briefly.",  # expect: sink(system-prompt)
            max_output_tokens=300,
            http_options=types.HttpOptions(timeout=10000),
        ),
    )
    return response.text


async def stream(question):
    async for chunk in await client.aio.models.generate_content_stream(  # expect: llm, source(model-output)
        model="gemini-2.0-flash-001",
        contents=question,  # expect: sink(messages)
    ):
        yield chunk.text
    chat = client.chats.create(  # expect: memory
        model="gemini-2.0-flash-001",
        config={"system_instruction": "You answer briefly."},  # expect: sink(system-prompt)
    )
    yield chat.send_message(question).text  # expect: llm, sink(user-prompt), source(model-output)
    client.models.embed_content(model="text-embedding-004", contents=question)  # expect: embedding


def older(question, turns):
    first = old.generate_content(question)  # expect: llm, sink(messages), source(model-output)
    chat = old.start_chat(history=turns)  # expect: memory, sink(messages)
    second = chat.send_message(question)  # expect: llm, sink(user-prompt), source(model-output)
    third = vertex.generate_content(  # expect: llm, source(model-output)
        [question],  # expect: sink(messages)
        generation_config=GenerationConfig(max_output_tokens=200),
    )
    fourth = TextGenerationModel.from_pretrained("text-bison@002").predict(question)  # expect: llm, sink(user-prompt), source(model-output)
    fifth = TextEmbeddingModel.from_pretrained("text-embedding-004").get_embeddings([question])  # expect: embedding
    return first, second, third, fourth, fifth
