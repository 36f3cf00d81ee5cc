from anthropic import Anthropic, AnthropicVertex, AsyncAnthropic, AsyncAnthropicBedrock, beta_tool

client = Anthropic(api_key=load_key(), max_retries=1)  # expect: sink(credential)
bedrock = AsyncAnthropicBedrock(aws_region="eu-west-1", timeout=30)
vertex = AnthropicVertex(region="europe-west1", project_id="demo")


@beta_tool  # expect: tool
def weather(city: str) -> str:
    """The weather in a city."""
    return look_up(city)


def reply(question: str, policy: str):
    counted = client.messages.count_tokens(model="claude-sonnet-4-20250514", messages=[])  # expect: token-count
    message = client.with_options(timeout=10.0).messages.create(  # expect: llm, source(model-output)
        model="claude-sonnet-4-20250514",
        max_tokens=512,
        system=policy,  # expect: sink(system-prompt)
        messages=[{"role": "user", "content": question}],  # expect: sink(messages)
        tools=TOOLS,  # expect: sink(tool-description)
    )
    return counted, message.content[0].text


async def stream(question: str):
    async with AsyncAnthropic().messages.stream(  # expect: llm, source(model-output)
        model="claude-3-5-haiku-latest",
        max_tokens=256,
        messages=[{"role": "user", "content": question}],  # expect: sink(messages)
    ) as events:
        async for text in events.text_stream:
            yield text
    await bedrock.beta.messages.create(  # expect: llm, source(model-output)
        model="anthropic.claude-3-5-sonnet-20241022-v2:0",
        max_tokens=256,
        messages=[{"role": "user", "content": question}],  # expect: sink(messages)
    )


def run_tools(question):
    runner = client.beta.messages.tool_runner(  # expect: llm, source(model-output)
        model="claude-sonnet-4-20250514",
        max_tokens=256,
        tools=[weather],
        max_iterations=4,
        system="Use the tool.",  # expect: sink(system-prompt)
        messages=[{"role": "user", "content": question}],  # expect: sink(messages)
    )
    return runner.until_done()


def batch(question):
    created = client.messages.batches.create(  # expect: llm
        requests=[{"custom_id": "a", "params": {"model": "m", "max_tokens": 9, "system": "You answer briefly.", "messages": [question]}}],  # expect: sink(messages), sink(system-prompt)
    )
    client.messages.batches.retrieve(created.id)
    return list(client.messages.batches.results(created.id))  # expect: source(model-output)


def legacy(prompt):
    client.models.list()
    return vertex.messages.create(  # expect: llm, source(model-output)
        model="claude-3-5-sonnet-v2@20241022",
        max_tokens=10,
        messages=[{"role": "user", "content": prompt}],  # expect: sink(messages)
    ), client.completions.create(  # expect: llm, source(model-output)
        model="claude-2.1",
        max_tokens_to_sample=100,
        prompt=prompt,  # expect: sink(user-prompt)
    )
