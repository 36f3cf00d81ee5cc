import chromadb
import faiss
import lancedb
import weaviate
from azure.search.documents import SearchClient
from elasticsearch import Elasticsearch
from mem0 import Memory
from pinecone import Pinecone
from pymilvus import MilvusClient
from qdrant_client import QdrantClient
from tavily import TavilyClient

chroma = chromadb.PersistentClient(path="db")
collection = chroma.get_or_create_collection("docs")  # expect: sink(retrieval-filter)
index = Pinecone(api_key=load_key()).Index("docs")
qdrant = QdrantClient(url="http://localhost:6333")
flat = faiss.IndexFlatL2(768)
milvus = MilvusClient("milvus.db")
search = Elasticsearch("http://localhost:9200")
azure = SearchClient("https://example.search.windows.net", "docs", CREDENTIAL)
tavily = TavilyClient()
memory = Memory()


def look_up(question, vector, tenant):
    collection.query(  # expect: retrieval, source(retrieved)
        query_texts=[question],  # expect: sink(retrieval-query)
        where={"tenant": tenant},  # expect: sink(retrieval-filter)
    )
    collection.add(ids=["1"], documents=["text"])  # expect: index
    index.query(  # expect: retrieval, source(retrieved)
        vector=vector,  # expect: sink(retrieval-query)
        top_k=5,
        namespace=tenant,  # expect: sink(retrieval-filter)
    )
    index.upsert([])  # expect: index
    with weaviate.connect_to_local() as client:
        docs = client.collections.get("Docs").with_tenant(tenant)  # expect: sink(retrieval-filter)
        docs.data.insert({"text": question})  # expect: index
        docs.query.near_text(query=question, limit=3)  # expect: retrieval, sink(retrieval-query), source(retrieved)
    qdrant.query_points(  # expect: retrieval, source(retrieved)
        "docs",  # expect: sink(retrieval-filter)
        query=vector,  # expect: sink(retrieval-query)
        query_filter=filter_of(tenant),  # expect: sink(retrieval-filter)
    )
    qdrant.upsert("docs", points=[])  # expect: index
    milvus.insert("docs", data=[])  # expect: index
    flat.search(vector, 5)  # expect: retrieval, sink(retrieval-query), source(retrieved)
    milvus.search("docs", data=[vector], filter=f"tenant == '{tenant}'")  # expect: retrieval, sink(retrieval-filter), sink(retrieval-query), source(retrieved)
    search.search(  # expect: retrieval, source(retrieved)
        index="docs",  # expect: sink(retrieval-filter)
        query={"bool": {"must": {"match": {"text": question}}, "filter": {"term": {"tenant": tenant}}}},  # expect: sink(retrieval-filter), sink(retrieval-query)
    )
    table = lancedb.connect("db").open_table("docs")
    table.search(vector).where(f"tenant = '{tenant}'").to_list()  # expect: retrieval, sink(retrieval-filter), sink(retrieval-query), source(retrieved)
    azure.search(question, filter=f"tenant eq '{tenant}'")  # expect: retrieval, sink(retrieval-filter), sink(retrieval-query), source(retrieved)
    memory.add(question, user_id=tenant)  # expect: llm, memory, sink(messages)
    memory.search(question, user_id=tenant)  # expect: retrieval, sink(retrieval-filter), sink(retrieval-query), source(retrieved)
    return tavily.search(question)  # expect: source(retrieved)
