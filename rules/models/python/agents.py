import autogen
import dspy
import instructor
from agents import Agent, Runner, function_tool, output_guardrail
from autogen_agentchat.agents import AssistantAgent
from autogen_agentchat.teams import RoundRobinGroupChat
from autogen_ext.models.openai import OpenAIChatCompletionClient
from crewai import LLM, Crew, Task
from crewai import Agent as CrewAgent
from crewai.tools import tool as crew_tool
from guidance import gen
from haystack import Pipeline
from haystack.components.generators.chat import OpenAIChatGenerator
from haystack.dataclasses import ChatMessage
from pydantic_ai import Agent as TypedAgent
from semantic_kernel import Kernel
from semantic_kernel.agents import ChatCompletionAgent
from semantic_kernel.connectors.ai.open_ai import AzureChatCompletion
from semantic_kernel.contents import ChatHistory
from semantic_kernel.functions import kernel_function
from smolagents import CodeAgent
from smolagents import tool as smol_tool

typed = TypedAgent("openai:gpt-4o", system_prompt="You answer briefly.")  # expect: sink(system-prompt)


@typed.tool_plain  # expect: tool
def now() -> str:
    """The time."""
    return "noon"


@typed.output_validator  # expect: control(output-check)
async def check(output: str) -> str:
    return output


@function_tool  # expect: tool
def weather(city: str) -> str:
    """The weather."""
    return city


@output_guardrail  # expect: control(output-check)
async def polite(context, agent, output):
    return None


@crew_tool("Search")  # expect: tool
def search(text: str) -> str:
    """Searches."""
    return text


@smol_tool  # expect: tool
def fetch(url: str) -> str:
    """Fetches.

    Args:
        url: what to fetch
    """
    return url


class Plugin:
    @kernel_function(description="The time.")  # expect: tool, sink(tool-description)
    def clock(self) -> str:
        return "noon"


async def typed_runs(question):
    extracted = instructor.from_provider("openai/gpt-4o").chat.completions.create(  # expect: llm, source(model-output)
        response_model=Answer,
        messages=[{"role": "user", "content": question}],  # expect: sink(messages)
    )
    first = await typed.run(question)  # expect: llm, sink(user-prompt), source(model-output)
    agent = Agent(name="a", instructions="You answer briefly.", tools=[weather])  # expect: sink(system-prompt)
    second = await Runner.run(agent, question, max_turns=5)  # expect: llm, sink(messages), source(model-output)
    return extracted, first.output, second.final_output


def crews(question):
    agent = CrewAgent(
        role="writer",  # expect: sink(system-prompt)
        goal="write",  # expect: sink(system-prompt)
        backstory="old",  # expect: sink(system-prompt)
        llm=LLM(model="gpt-4o"),
        max_iter=5,
    )
    task = Task(
        description="Write about {topic}",  # expect: sink(user-prompt)
        expected_output="A text",  # expect: sink(user-prompt)
        agent=agent,
    )
    crew = Crew(agents=[agent], tasks=[task])
    LLM(model="gpt-4o").call("hello")  # expect: llm, sink(messages), source(model-output)
    crew.train(n_iterations=2, filename="trained.pkl")  # expect: llm, source(model-output)
    task.execute_sync()  # expect: llm, source(model-output)
    return crew.kickoff(inputs={"topic": question})  # expect: llm, sink(user-prompt), source(model-output)


async def autogens(question):
    helper = autogen.AssistantAgent("helper", system_message="You help.")  # expect: sink(system-prompt)
    user = autogen.UserProxyAgent("user", code_execution_config=False)
    user.initiate_chat(helper, message=question, max_turns=3)  # expect: llm, sink(user-prompt), source(model-output)
    model = OpenAIChatCompletionClient(model="gpt-4o")
    await model.create([question])  # expect: llm, sink(messages), source(model-output)
    agent = AssistantAgent("a", model_client=model, system_message="You help.")  # expect: sink(system-prompt)
    team = RoundRobinGroupChat([agent], max_turns=4)
    return await team.run(task=question)  # expect: llm, sink(user-prompt), source(model-output)


def others(question):
    CodeAgent(tools=[fetch], model=MODEL, max_steps=4).run(question)  # expect: llm, sink(user-prompt), source(model-output)
    dspy.configure(lm=dspy.LM("openai/gpt-4o", max_tokens=500))
    react = dspy.ReAct("question -> answer", tools=[fetch], max_iters=3)
    react(question=question)  # expect: llm, sink(user-prompt), source(model-output)
    generator = OpenAIChatGenerator(model="gpt-4o", timeout=10)
    generator.run(  # expect: llm, source(model-output)
        messages=[  # expect: sink(messages)
            ChatMessage.from_system("You answer briefly."),  # expect: sink(system-prompt)
            ChatMessage.from_user(question),  # expect: sink(user-prompt)
        ],
    )
    pipe = Pipeline()
    pipe.add_component("llm", generator)
    pipe.run({"llm": {"messages": []}})  # expect: llm, sink(user-prompt), source(model-output)
    return MODEL + gen("answer", max_tokens=50)  # expect: llm, source(model-output)


async def kernels(question):
    kernel = Kernel()
    service = AzureChatCompletion(service_id="chat")
    kernel.add_service(service)
    await kernel.invoke_prompt(prompt=question)  # expect: llm, sink(user-prompt), source(model-output)
    await kernel.invoke(FUNCTION, arguments=question)  # expect: llm, sink(user-prompt), source(model-output)
    history = ChatHistory()
    history.add_system_message("You answer briefly.")  # expect: sink(system-prompt)
    history.add_user_message(question)  # expect: sink(user-prompt)
    await service.get_chat_message_content(chat_history=history, settings=SETTINGS)  # expect: llm, sink(messages), source(model-output)
    agent = ChatCompletionAgent(kernel=kernel, name="a", instructions="You help.")  # expect: sink(system-prompt)
    return await agent.get_response(messages=question)  # expect: llm, sink(messages), source(model-output)


class IndexingService:
    def __init__(self):
        self.pipeline = Pipeline()

    def index(self, files):
        return self.pipeline.run({"converter": {"sources": files}})  # expect: sink(user-prompt), source(model-output)
