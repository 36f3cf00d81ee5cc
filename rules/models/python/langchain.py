from langchain_community.document_loaders import WebBaseLoader
from langchain import hub
from langchain.agents import AgentExecutor, create_agent, create_tool_calling_agent
from langchain.agents.middleware import HumanInTheLoopMiddleware, PIIMiddleware
from langchain.chains import ConversationalRetrievalChain
from langchain.chat_models import init_chat_model
from langchain.memory import ConversationBufferMemory
from langchain_community.chat_message_histories import RedisChatMessageHistory
from langchain_community.document_loaders import WebBaseLoader
from langchain_community.tools import ShellTool
from langchain_community.utilities import SQLDatabase
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage
from langchain_core.output_parsers import JsonOutputParser, StrOutputParser
from langchain_core.prompts import (
    AIMessagePromptTemplate,
    ChatPromptTemplate,
    PromptTemplate,
    SystemMessagePromptTemplate,
)
from langchain_core.runnables import RunnableLambda
from langchain_core.runnables.history import RunnableWithMessageHistory
from langchain_core.tools import BaseTool, tool
from langchain_experimental.data_anonymizer import PresidioAnonymizer
from langchain_experimental.utilities import PythonREPL
from langchain_openai import ChatOpenAI, OpenAIEmbeddings
from langchain_pinecone import PineconeVectorStore

model = ChatOpenAI(
    model="gpt-4o-2024-08-06",
    api_key=load_key(),  # expect: sink(credential)
    timeout=20,
)
other = init_chat_model("claude-3-5-sonnet-latest", model_provider="anthropic")
store = PineconeVectorStore(
    index_name="docs",  # expect: sink(retrieval-filter)
    embedding=OpenAIEmbeddings(),
)


@tool  # expect: tool
def lookup(city: str) -> str:
    """The weather in a city."""
    return city


def direct(question, history):
    model.get_num_tokens(question)  # expect: token-count
    model.bind(max_tokens=100).invoke(  # expect: llm, source(model-output)
        [  # expect: sink(messages)
            SystemMessage(content="You answer briefly."),  # expect: sink(system-prompt)
            AIMessage(history),  # expect: sink(assistant-prompt)
            HumanMessage(content=question),  # expect: sink(user-prompt)
        ]
    )
    with_tools = other.bind_tools([lookup])
    structured = model.with_structured_output(Answer)  # expect: control(output-check)
    return with_tools.invoke(question), structured, model(question)  # expect: llm, sink(messages), source(model-output)


prompt = ChatPromptTemplate.from_messages(
    [("system", "You answer from {context}."), ("human", "{question}")],  # expect: sink(messages)
)
chain = prompt | model | StrOutputParser()
loaded = hub.pull("acme/prompt")  # expect: prompt-load


def templates(question):
    first = PromptTemplate.from_template("Say {x}").format(x=question)  # expect: sink(user-prompt)
    second = SystemMessagePromptTemplate.from_template("You are {x}")  # expect: sink(system-prompt)
    third = AIMessagePromptTemplate.from_template("I am {x}")  # expect: sink(assistant-prompt)
    return first, second, third


async def pipeline(question):
    async for piece in chain.astream({"question": question, "context": ""}):  # expect: llm, sink(messages), source(model-output)
        yield piece


def history(session_id):
    return RedisChatMessageHistory(session_id, url="redis://localhost")  # expect: memory


def chains(question, session_id):
    with_history = RunnableWithMessageHistory(chain, history)
    with_history.invoke(  # expect: llm, source(model-output)
        {"question": question},  # expect: sink(messages)
        config={"configurable": {"session_id": session_id}},
    )
    memory = ConversationBufferMemory(return_messages=True)  # expect: memory
    qa = ConversationalRetrievalChain.from_llm(model, store.as_retriever(), memory=memory)
    return qa({"question": question})  # expect: llm, sink(messages), source(model-output)


def agents(question):
    agent = create_tool_calling_agent(model, [lookup], prompt)
    executor = AgentExecutor(agent=agent, tools=[lookup], max_iterations=5)
    executor.invoke({"input": question})  # expect: llm, sink(messages), source(model-output)
    guarded = create_agent(
        model="openai:gpt-4o",
        tools=[lookup],
        system_prompt="You answer briefly.",  # expect: sink(system-prompt)
        middleware=[
            HumanInTheLoopMiddleware(interrupt_on={"lookup": True}),  # expect: control(approval)
            PIIMiddleware("email"),  # expect: control(pii-redaction)
        ],
    )
    return guarded.invoke({"messages": [{"role": "user", "content": question}]})  # expect: llm, sink(messages), source(model-output)


def retrieval(question, tenant):
    store.add_texts([question])  # expect: index
    found = store.similarity_search(  # expect: retrieval, source(retrieved)
        question,  # expect: sink(retrieval-query)
        k=4,
        filter={"tenant": tenant},  # expect: sink(retrieval-filter)
    )
    retriever = store.as_retriever(search_kwargs={"filter": {"tenant": tenant}})  # expect: sink(retrieval-filter)
    documents = retriever.invoke(question)  # expect: retrieval, sink(retrieval-query), source(retrieved)
    pages = WebBaseLoader("https://example.com").load()  # expect: source(retrieved), sink(url)
    vector = OpenAIEmbeddings().embed_query(question)  # expect: embedding
    return found, documents, pages, vector


def dangerous(text):
    PythonREPL().run(text)  # expect: sink(code-execution)
    ShellTool().run(text)  # expect: sink(shell)
    return SQLDatabase.from_uri("sqlite://").run(text)  # expect: sink(sql), source(retrieved)


def safe(text):
    step = RunnableLambda(clean)
    clean_text = PresidioAnonymizer().anonymize(text)  # expect: control(pii-redaction)
    parsed = JsonOutputParser().parse(text)  # expect: control(output-check)
    return step, clean_text, parsed


def clean(text):
    return text.strip()


def page(url):
    bare = BaseTool(name="bare")  # expect: tool
    return bare, WebBaseLoader(url)  # expect: sink(url)
