from llama_index.core import PromptTemplate, SimpleDirectoryReader, VectorStoreIndex
from llama_index.core.agent.workflow import FunctionAgent
from llama_index.core.chat_engine import SimpleChatEngine
from llama_index.core.llms import ChatMessage
from llama_index.core.memory import ChatMemoryBuffer
from llama_index.core.storage.chat_store import SimpleChatStore
from llama_index.core.response_synthesizers import get_response_synthesizer
from llama_index.core.tools import FunctionTool
from llama_index.embeddings.openai import OpenAIEmbedding
from llama_index.llms.openai import OpenAI

llm = OpenAI(
    model="gpt-4o-2024-08-06",
    max_tokens=400,
    api_key=load_key(),  # expect: sink(credential)
)
documents = SimpleDirectoryReader("docs").load_data()  # expect: source(retrieved)
index = VectorStoreIndex.from_documents(documents)


def models(question):
    first = llm.complete(question)  # expect: llm, sink(user-prompt), source(model-output)
    second = llm.chat([ChatMessage(role="user", content=question)])  # expect: llm, sink(messages), source(model-output)
    third = llm.predict(PromptTemplate("Say {x}"), x=question)  # expect: llm, sink(user-prompt), source(model-output)
    fourth = ChatMessage.from_str(question)  # expect: sink(messages)
    return first, second, third, fourth


def engines(question, tenant, history):
    engine = index.as_query_engine(filters=filters_of(tenant))  # expect: sink(retrieval-filter)
    engine.query(question)  # expect: llm, sink(user-prompt), source(model-output)
    chat = SimpleChatEngine.from_defaults(system_prompt="You answer briefly.", llm=llm)  # expect: sink(system-prompt)
    chat.stream_chat(question, chat_history=history)  # expect: llm, sink(messages), sink(user-prompt), source(model-output)
    synthesizer = get_response_synthesizer()
    chats = SimpleChatStore()  # expect: checkpointer
    memory = ChatMemoryBuffer.from_defaults(chat_store=chats, chat_store_key=tenant)  # expect: memory
    return synthesizer.synthesize(question, nodes=[]), memory  # expect: llm, sink(user-prompt), source(model-output)


async def agents(question):
    tool = FunctionTool.from_defaults(fn=look_up, description="Looks things up.")  # expect: tool, sink(tool-description)
    agent = FunctionAgent(
        tools=[tool],
        llm=llm,
        system_prompt="You answer briefly.",  # expect: sink(system-prompt)
    )
    return await agent.run(user_msg=question)  # expect: llm, sink(user-prompt), source(model-output)


def retrieval(question, tenant):
    index.insert_nodes([])  # expect: index
    retriever = index.as_retriever(filters=filters_of(tenant))  # expect: sink(retrieval-filter)
    nodes = retriever.retrieve(question)  # expect: retrieval, sink(retrieval-query), source(retrieved)
    vector = OpenAIEmbedding().get_query_embedding(question)  # expect: embedding
    return nodes, vector
