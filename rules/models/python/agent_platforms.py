from azure.ai.agents.models import FunctionTool
from azure.ai.projects import AIProjectClient
from azure.ai.projects.models import PromptAgentDefinition
from bedrock_agentcore import BedrockAgentCoreApp
from livekit.agents import Agent, AgentServer, AgentSession, JobContext, WorkerOptions, cli, function_tool

project = AIProjectClient(endpoint="https://hosts.test", credential=None)
agents = project.agents
app = BedrockAgentCoreApp()
server = AgentServer()


def tide(harbour: str) -> str:
    return harbour


def keep(text):
    functions = FunctionTool(functions={tide})  # expect: tool
    agent = agents.create_agent(
        model="gpt-4o",
        name="pilot",
        instructions="You guide ships.",  # expect: sink(system-prompt)
        tools=functions.definitions,
    )
    thread = agents.threads.create()
    agents.messages.create(
        thread_id=thread.id,
        role="user",
        content=text,  # expect: sink(user-prompt)
    )
    run = agents.runs.create_and_process(thread_id=thread.id, agent_id=agent.id)  # expect: llm, source(model-output)
    told = agents.messages.list(thread_id=thread.id)  # expect: source(model-output)
    return run, told


def ask(text):
    client = project.get_openai_client()
    return client.responses.create(model="gpt-4o", input=text)  # expect: llm, sink(messages), source(model-output)


def publish():
    definition = PromptAgentDefinition(model="gpt-4o", instructions="You guide ships.")  # expect: sink(system-prompt)
    return project.agents.create_version(agent_name="pilot", definition=definition)


@app.entrypoint
def invoke(payload):  # expect: entry
    return keep(payload["prompt"])


@app.websocket
async def talk(websocket, context):  # expect: entry
    await websocket.accept()


class Pilot(Agent):
    def __init__(self):
        super().__init__(instructions="You speak briefly.")  # expect: sink(system-prompt)

    @function_tool  # expect: tool
    async def depth(self, context, place: str):
        return place


async def harbour(ctx: JobContext):  # expect: entry
    session = AgentSession()
    await session.start(agent=Pilot(), room=ctx.room)  # expect: llm
    await session.generate_reply(instructions="Greet the caller.")  # expect: llm, sink(system-prompt), source(model-output)


@server.rtc_session()
async def quay(ctx: JobContext):  # expect: entry
    await AgentSession().start(agent=Pilot(), room=ctx.room)  # expect: llm


if __name__ == "__main__":
    cli.run_app(WorkerOptions(entrypoint_fnc=harbour))
