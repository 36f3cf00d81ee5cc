import openai
from openai import AsyncAzureOpenAI, AsyncOpenAI, AzureOpenAI, OpenAI

client = OpenAI(api_key=load_key(), timeout=20.0, max_retries=2)  # expect: sink(credential)
azure = AzureOpenAI(azure_endpoint="https://example.openai.azure.com", api_version="2024-10-21")
aclient = AsyncOpenAI()


def chat(question: str):
    completion = client.with_options(timeout=5.0).chat.completions.create(  # expect: llm, source(model-output)
        model="gpt-4o-2024-08-06",
        max_completion_tokens=400,
        messages=[  # expect: sink(messages)
            {"role": "system", "content": "You answer briefly."},
            {"role": "user", "content": question},
        ],
        tools=TOOLS,  # expect: sink(tool-description)
    )
    return completion.choices[0].message.content


async def structured(question: str, deployment: AsyncAzureOpenAI):
    parsed = await aclient.beta.chat.completions.parse(  # expect: llm, source(model-output)
        model="gpt-4o-2024-08-06",
        messages=[{"role": "user", "content": question}],  # expect: sink(messages)
        response_format=Answer,
    )
    async with deployment.chat.completions.stream(  # expect: llm, source(model-output)
        model="prod",
        messages=[{"role": "user", "content": question}],  # expect: sink(messages)
    ) as stream:
        async for event in stream:
            handle(event)
    return parsed.choices[0].message.parsed


def raw(question):
    response = azure.chat.completions.with_raw_response.create(  # expect: llm, source(model-output)
        model="prod",
        messages=[{"role": "user", "content": question}],  # expect: sink(messages)
    )
    return response.parse()


def responses(question, previous):
    response = client.responses.create(  # expect: llm, source(model-output)
        model="gpt-4.1-2025-04-14",
        instructions="You answer briefly.",  # expect: sink(system-prompt)
        input=question,  # expect: sink(messages)
        max_output_tokens=300,
        previous_response_id=previous,
        tools=TOOLS,  # expect: sink(tool-description)
    )
    return response.output_text


def plain(prompt):
    return client.completions.create(  # expect: llm, source(model-output)
        model="gpt-3.5-turbo-instruct",
        prompt=prompt,  # expect: sink(user-prompt)
    ).choices[0].text


def module_level(prompt):
    openai.api_key = load_key()
    openai.ChatCompletion.create(  # expect: llm, source(model-output)
        model="gpt-4",
        messages=[{"role": "user", "content": prompt}],  # expect: sink(messages)
    )
    openai.Completion.create(  # expect: llm, source(model-output)
        engine="davinci",
        prompt=prompt,  # expect: sink(user-prompt)
    )
    return openai.chat.completions.create(  # expect: llm, source(model-output)
        model="gpt-4",
        messages=[{"role": "user", "content": prompt}],  # expect: sink(messages)
    )


def assistants(question, thread_id):
    assistant = client.beta.assistants.create(
        model="gpt-4o",
        instructions="You are a tutor.",  # expect: sink(system-prompt)
    )
    client.beta.threads.messages.create(
        thread_id,
        role="user",
        content=question,  # expect: sink(user-prompt)
    )
    client.beta.threads.runs.submit_tool_outputs("r", thread_id="t", tool_outputs=[])  # expect: llm, source(model-output)
    run = client.beta.threads.runs.create_and_poll(  # expect: llm, source(model-output)
        thread_id=thread_id,
        assistant_id=assistant.id,
        instructions="Be kind.",  # expect: sink(system-prompt)
        additional_messages=[{"role": "user", "content": question}],  # expect: sink(messages)
    )
    client.beta.threads.create_and_run_poll(  # expect: llm, source(model-output)
        assistant_id=assistant.id,
        instructions="Be kind.",  # expect: sink(system-prompt)
        thread={"messages": [{"role": "user", "content": question}]},  # expect: sink(messages)
    )
    listed = client.beta.threads.messages.list(thread_id)  # expect: source(model-output)
    client.beta.threads.delete(thread_id)
    return run, listed


def other(text, audio):
    client.images.generate(  # expect: llm
        prompt=text,  # expect: sink(user-prompt)
    )
    spoken = client.audio.transcriptions.create(  # expect: source(untrusted)
        model="whisper-1",
        file=audio,
        prompt="Names of rivers.",  # expect: sink(user-prompt)
    )
    client.audio.translations.create(model="whisper-1", file=audio)  # expect: source(untrusted)
    with client.realtime.connect(model="gpt-realtime") as connection:
        connection.session.update(session={"instructions": "You name rivers."})  # expect: sink(system-prompt)
        connection.conversation.item.create(
            item={"type": "message", "role": "user", "content": text},  # expect: sink(messages)
        )
    vector = client.embeddings.create(model="text-embedding-3-small", input=text)  # expect: embedding
    flagged = client.moderations.create(input=text).results[0].flagged  # expect: moderation, control(output-check)
    found = client.vector_stores.search(  # expect: retrieval, source(retrieved)
        "vs_1",
        query=text,  # expect: sink(retrieval-query)
        filters={"key": "tenant", "type": "eq", "value": "t"},  # expect: sink(retrieval-filter)
    )
    client.files.create(file=audio, purpose="assistants")
    client.models.list()
    return spoken, vector, flagged, found
