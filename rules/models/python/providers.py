import cohere
import ollama
import replicate
from azure.ai.inference import ChatCompletionsClient
from azure.ai.inference.models import SystemMessage, UserMessage
from groq import Groq
from huggingface_hub import InferenceClient
from llama_cpp import Llama
from mistralai import Mistral
from together import Together
from transformers import AutoModelForCausalLM, AutoTokenizer, pipeline
from vllm import LLM

groq = Groq(api_key=load_key(), timeout=10)  # expect: sink(credential)
together = Together()
mistral = Mistral(api_key=load_key())  # expect: sink(credential)
co = cohere.Client(load_key())  # expect: sink(credential)
local = ollama.Client(host="http://localhost:11434", timeout=30)
hub = InferenceClient("meta-llama/Llama-3.1-8B-Instruct", token=load_key())  # expect: sink(credential)
azure = ChatCompletionsClient(endpoint="https://example.com", credential=CREDENTIAL)
generator = pipeline("text-generation", model="gpt2")
llama = Llama(model_path="model.gguf")


def hosted(question):
    messages = [{"role": "user", "content": question}]
    groq.chat.completions.create(  # expect: llm, source(model-output)
        model="llama-3.1-8b-instant",
        messages=messages,  # expect: sink(messages)
    )
    together.completions.create(  # expect: llm, source(model-output)
        model="mistralai/Mixtral-8x7B-v0.1",
        prompt=question,  # expect: sink(user-prompt)
    )
    together.embeddings.create(model="m2-bert", input=question)  # expect: embedding
    together.models.list()
    mistral.chat.complete(  # expect: llm, source(model-output)
        model="mistral-large-2411",
        messages=messages,  # expect: sink(messages)
    )
    mistral.fim.complete(  # expect: llm, source(model-output)
        model="codestral-2501",
        prompt=question,  # expect: sink(user-prompt)
    )
    mistral.embeddings.create(model="mistral-embed", inputs=[question])  # expect: embedding
    mistral.classifiers.moderate(model="mistral-moderation-latest", inputs=[question])  # expect: moderation
    co.chat(  # expect: llm, source(model-output)
        model="command-r-08-2024",
        preamble="You answer briefly.",  # expect: sink(system-prompt)
        message=question,  # expect: sink(user-prompt)
    )
    co.generate(prompt=question)  # expect: llm, sink(user-prompt), source(model-output)
    co.embed(texts=[question], model="embed-english-v3.0")  # expect: embedding
    co.tokenize(text=question, model="command-r")  # expect: token-count
    co.rerank(query=question, documents=[])


def own(question):
    messages = [{"role": "user", "content": question}]
    ollama.chat(model="llama3.1", messages=messages)  # expect: llm, sink(messages), source(model-output)
    local.generate(  # expect: llm, source(model-output)
        model="llama3.1",
        system="You answer briefly.",  # expect: sink(system-prompt)
        prompt=question,  # expect: sink(user-prompt)
    )
    local.embed(model="nomic-embed-text", input=question)  # expect: embedding
    local.list()
    hub.chat_completion(messages, max_tokens=100)  # expect: llm, sink(messages), source(model-output)
    hub.text_generation(question, max_new_tokens=50)  # expect: llm, sink(user-prompt), source(model-output)
    hub.feature_extraction(question)  # expect: embedding
    generator(question, max_new_tokens=50)  # expect: llm, sink(messages), source(model-output)
    model = AutoModelForCausalLM.from_pretrained("gpt2")
    tokens = AutoTokenizer.from_pretrained("gpt2")(question, return_tensors="pt")
    model.generate(**tokens, max_new_tokens=50)  # expect: llm, source(model-output)
    LLM(model="facebook/opt-125m").generate(question)  # expect: llm, sink(messages), source(model-output)
    llama.create_chat_completion(messages=messages)  # expect: llm, sink(messages), source(model-output)
    replicate.run(  # expect: llm, source(model-output)
        "meta/meta-llama-3-8b-instruct",
        input={"system_prompt": "You answer briefly.", "prompt": question},  # expect: sink(system-prompt), sink(user-prompt)
    )
    azure.complete(  # expect: llm, source(model-output)
        messages=[  # expect: sink(messages)
            SystemMessage("You answer briefly."),  # expect: sink(system-prompt)
            UserMessage(question),  # expect: sink(user-prompt)
        ],
    )
