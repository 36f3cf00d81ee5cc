import litellm
from litellm import Router, acompletion, embedding, moderation
from litellm.main import completion

router = Router(model_list=MODELS, timeout=30, num_retries=2)


async def answer(question: str):
    messages = [{"role": "user", "content": question}]
    size = litellm.token_counter(model="gpt-4o", messages=messages)  # expect: token-count
    flagged = moderation(input=question)  # expect: moderation
    vector = embedding(model="text-embedding-3-small", input=[question])  # expect: embedding
    first = await acompletion(  # expect: llm, source(model-output)
        model="claude-3-5-sonnet-20241022",
        messages=messages,  # expect: sink(messages)
        max_tokens=300,
        tools=TOOLS,  # expect: sink(tool-description)
    )
    second = completion("gpt-4o", messages, timeout=10)  # expect: llm, sink(messages), source(model-output)
    third = litellm.text_completion(model="gpt-3.5-turbo-instruct", prompt=question)  # expect: llm, sink(user-prompt), source(model-output)
    fourth = litellm.responses(  # expect: llm, source(model-output)
        model="gpt-4o",
        instructions="You answer briefly.",  # expect: sink(system-prompt)
        input=question,  # expect: sink(messages)
    )
    fifth = await router.acompletion(  # expect: llm, source(model-output)
        model="main",
        messages=messages,  # expect: sink(messages)
    )
    litellm.set_verbose = False
    return size, flagged, vector, first, second, third, fourth, fifth
