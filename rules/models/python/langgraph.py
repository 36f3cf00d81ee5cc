from deepagents import create_deep_agent
from langgraph.checkpoint.memory import MemorySaver
from langgraph.graph import END, START, MessagesState, StateGraph
from langgraph.prebuilt import ToolNode, create_react_agent
from langgraph.store.memory import InMemoryStore
from langgraph.types import interrupt
from langgraph_supervisor import create_supervisor

store = InMemoryStore()


def respond(state: MessagesState):
    answer = interrupt({"question": "Go on?"})  # expect: control(approval)
    return {"messages": [answer]}


def route(state):
    return END


builder = StateGraph(MessagesState)
builder.add_node("respond", respond)
builder.add_node("tools", ToolNode([look_up]))
builder.add_edge(START, "respond")
builder.add_conditional_edges("respond", route)
graph = builder.compile(checkpointer=MemorySaver())  # expect: entry, checkpointer


def answer(question, thread_id):
    config = {"configurable": {"thread_id": thread_id}, "recursion_limit": 8}
    graph.get_state(config)  # expect: source(model-output)
    return graph.invoke(  # expect: llm, source(model-output)
        {"messages": [{"role": "user", "content": question}]},  # expect: sink(messages)
        config,
    )


async def agents(question, user):
    agent = create_react_agent(
        "openai:gpt-4o",
        tools=[look_up],
        prompt="You answer briefly.",  # expect: sink(system-prompt)
    )
    deep = create_deep_agent(
        tools=[look_up],
        system_prompt="You answer briefly.",  # expect: sink(system-prompt)
    )
    team = create_supervisor(
        [agent],
        model=MODEL,
        prompt="You lead.",  # expect: sink(system-prompt)
    ).compile()
    remembered = store.search(  # expect: retrieval, source(retrieved)
        ("memories", user),  # expect: sink(retrieval-filter)
        query=question,  # expect: sink(retrieval-query)
    )
    async for event in agent.astream({"messages": [("user", question)]}):  # expect: llm, sink(messages), source(model-output)
        yield event
    yield deep, team, remembered
