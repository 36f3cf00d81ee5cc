import marqo
import meilisearch
import turbopuffer
import typesense
import wikipedia
from cassandra.cluster import Cluster
from ddgs import DDGS
from google.cloud import firestore
from neo4j import GraphDatabase
from pymongo import MongoClient
from redisvl.index import SearchIndex
from redisvl.query import VectorQuery
from upstash_vector import Index
from vespa.application import Vespa
import clickhouse_connect
import snowflake.connector
from google.cloud import bigquery

notes = MongoClient("mongodb://localhost")["app"]["notes"]


def documents(owner, text):
    found = notes.find({"owner": owner})  # expect: lookup, sink(retrieval-filter), source(retrieved)
    notes.insert_one({"owner": owner, "text": text})
    notes.delete_many({"owner": owner})
    driver = GraphDatabase.driver("neo4j://localhost")
    with driver.session() as session:
        graph = session.run("MATCH (n {owner: $owner}) RETURN n", {"owner": owner})  # expect: lookup, sink(retrieval-filter), sink(sql), source(retrieved)
    rows = Cluster().connect().execute("SELECT * FROM notes WHERE owner = %s", [owner])  # expect: lookup, sink(retrieval-filter), sink(sql), source(retrieved)
    counts = clickhouse_connect.get_client().query("SELECT count() FROM notes")  # expect: lookup, sink(sql), source(retrieved)
    cursor = snowflake.connector.connect().cursor()
    cursor.execute("SELECT 1")  # expect: lookup, sink(sql), source(retrieved)
    big = bigquery.Client().query("SELECT 1")  # expect: lookup, sink(sql), source(retrieved)
    shelf = firestore.Client().collection("notes").where("owner", "==", owner).stream()  # expect: lookup, sink(retrieval-filter), source(retrieved)
    return found, graph, rows, counts, big, shelf


def searches(vector, text, tenant):
    index = SearchIndex.from_yaml("schema.yml")
    index.load([{"text": text}])  # expect: index
    a = index.query(VectorQuery(vector, "embedding", filter_expression=tenant))  # expect: retrieval, sink(retrieval-filter), sink(retrieval-query), source(retrieved)
    turbo = turbopuffer.Turbopuffer().namespace("notes")
    b = turbo.query(rank_by=("vector", "ANN", vector), filters=("tenant", "Eq", tenant))  # expect: retrieval, sink(retrieval-filter), sink(retrieval-query), source(retrieved)
    c = typesense.Client({}).collections["notes"].documents.search({"q": text, "filter_by": tenant})  # expect: retrieval, sink(retrieval-filter), sink(retrieval-query), source(retrieved)
    d = meilisearch.Client("http://localhost:7700").index("notes").search(text, {"filter": tenant})  # expect: retrieval, sink(retrieval-filter), sink(retrieval-query), source(retrieved)
    e = marqo.Client().index("notes").search(q=text, filter_string=tenant)  # expect: retrieval, sink(retrieval-filter), sink(retrieval-query), source(retrieved)
    f = Vespa("http://localhost").query(body={"query": text})  # expect: retrieval, sink(retrieval-query), source(retrieved)
    g = Index.from_env().query(data=text, namespace=tenant)  # expect: retrieval, sink(retrieval-filter), sink(retrieval-query), source(retrieved)
    h = DDGS().text(text)  # expect: source(retrieved)
    i = wikipedia.summary(text)  # expect: source(retrieved)
    return a, b, c, d, e, f, g, h, i
