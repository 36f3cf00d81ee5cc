from agent_framework import ChatAgent, ai_function
from agent_framework.openai import OpenAIChatClient
from agno.agent import Agent as AgnoAgent
from agno.tools import tool as agno_tool
from beeai_framework.backend import ChatModel
from browser_use import Agent as BrowserAgent
from camel.agents import ChatAgent as CamelAgent
from claude_agent_sdk import ClaudeAgentOptions, ClaudeSDKClient, query
from claude_agent_sdk import tool as claude_tool
from embedchain import App
from google.adk.agents import LlmAgent
from google.adk.runners import InMemoryRunner, Runner
from google.adk.tools import FunctionTool
from griptape.structures import Agent as GriptapeAgent
from langgraph_sdk import get_client
from langroid import ChatAgent as LangroidAgent
from langroid import ChatAgentConfig, Task
from letta_client import Letta
from strands import Agent as StrandsAgent
from strands import tool as strands_tool
from strands.models import BedrockModel
from strands.multiagent import Swarm as StrandsSwarm
from swarm import Agent as SwarmAgent
from swarm import Swarm


def read_clock() -> str:
    return "noon"


@strands_tool  # expect: tool
def count(text: str) -> int:
    """Counts."""
    return len(text)


@claude_tool("greet", "Greets somebody.", {"name": str})  # expect: tool, sink(tool-description)
async def greet(args):
    return {"content": [{"type": "text", "text": args["name"]}]}


@agno_tool  # expect: tool
def spell(text: str) -> str:
    """Spells."""
    return text


@ai_function  # expect: tool
def weather(city: str) -> str:
    """Tells the weather."""
    return city


async def adk(sessions, message):
    root = LlmAgent(
        model="gemini-2.0-flash",
        name="root",
        instruction="You plan trips.",  # expect: sink(system-prompt)
        tools=[FunctionTool(read_clock)],  # expect: tool
    )
    runner = Runner(agent=root, app_name="trips", session_service=sessions)
    async for event in runner.run_async(user_id="u", session_id="s", new_message=message):  # expect: llm, sink(user-prompt), source(model-output)
        yield event
    for event in InMemoryRunner(agent=root).run(user_id="u", session_id="s", new_message=message):  # expect: llm, sink(user-prompt), source(model-output)
        yield event


async def strands(question):
    model = BedrockModel(model_id="us.amazon.nova-pro-v1:0", max_tokens=400)
    agent = StrandsAgent(
        model=model,
        tools=[count],
        system_prompt="You count words.",  # expect: sink(system-prompt)
    )
    first = agent(question)  # expect: llm, sink(messages), source(model-output)
    second = await agent.invoke_async(question)  # expect: llm, sink(messages), source(model-output)
    team = StrandsSwarm([agent])
    return first, second, team(question)  # expect: llm, sink(messages), source(model-output)


async def claude(question):
    options = ClaudeAgentOptions(
        system_prompt="You mend code.",  # expect: sink(system-prompt)
        max_turns=4,
    )
    async for message in query(prompt=question, options=options):  # expect: llm, sink(user-prompt), source(model-output)
        print(message)  # expect: log, sink(log)
    async with ClaudeSDKClient(options=options) as client:
        await client.query(question)  # expect: llm, sink(user-prompt), source(model-output)


async def more(question):
    agno = AgnoAgent(
        instructions="You read news.",  # expect: sink(system-prompt)
        tools=[spell],
    )
    a = await agno.arun(question)  # expect: llm, sink(user-prompt), source(model-output)
    client = OpenAIChatClient(model_id="gpt-4o")
    agent = ChatAgent(
        chat_client=client,
        instructions="You translate.",  # expect: sink(system-prompt)
        tools=[weather],
    )
    b = await agent.run(question)  # expect: llm, sink(messages), source(model-output)
    c = await client.get_response(question)  # expect: llm, sink(messages), source(model-output)
    camel = CamelAgent("You debate.")  # expect: sink(system-prompt)
    d = camel.step(question)  # expect: llm, sink(user-prompt), source(model-output)
    e = Letta(token="t").agents.messages.create(  # expect: llm, source(model-output)
        agent_id="a",
        messages=[{"role": "user", "content": question}],  # expect: sink(messages)
    )
    config = ChatAgentConfig(system_message="You draw.")  # expect: sink(system-prompt)
    f = Task(LangroidAgent(config)).run(question)  # expect: llm, sink(user-prompt), source(model-output)
    g = GriptapeAgent().run(question)  # expect: llm, sink(user-prompt), source(model-output)
    h = await BrowserAgent(  # expect: llm, source(model-output)
        task=question,  # expect: sink(user-prompt)
        llm=model_of(),
    ).run(max_steps=8)
    helper = SwarmAgent(name="h", instructions="You route.")  # expect: sink(system-prompt)
    i = Swarm().run(agent=helper, messages=[{"role": "user", "content": question}], max_turns=3)  # expect: llm, sink(messages), source(model-output)
    j = await ChatModel.from_name("ollama:llama3.1").create(messages=[question])  # expect: llm, sink(messages), source(model-output)
    remote = get_client(url="http://localhost:2024")
    async for chunk in remote.runs.stream("thread", "agent", input={"messages": [question]}):  # expect: llm, sink(messages), source(model-output)
        print(chunk)  # expect: log, sink(log)
    app = App()
    app.add("https://docs.example.com")  # expect: index
    k = app.query(question)  # expect: llm, sink(user-prompt), source(model-output)
    return a, b, c, d, e, f, g, h, i, j, k
