import { SearchClient } from "@azure/search-documents";
import { Client } from "@elastic/elasticsearch";
import { getFirestore } from "firebase-admin/firestore";
import { connect } from "@lancedb/lancedb";
import { createClient } from "@libsql/client";
import Turbopuffer from "@turbopuffer/turbopuffer";
import { MilvusClient } from "@zilliz/milvus2-sdk-node";
import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import Exa from "exa-js";
import MemoryClient from "mem0ai";
import { Memory } from "mem0ai/oss";
import { MeiliSearch } from "meilisearch";
import neo4j from "neo4j-driver";
import Typesense from "typesense";

export async function searches(text: string, vector: number[], tenant: string, credential: never) {
  const elastic = new Client({ node: "http://localhost:9200" });
  const a = await elastic.search({ index: "notes", query: { bool: { filter: [{ term: { tenant } }] } } }); // expect: retrieval, sink(retrieval-filter), sink(retrieval-query), source(retrieved)
  const b = await new MilvusClient("localhost").search({ collection_name: "notes", data: vector, filter: tenant }); // expect: retrieval, sink(retrieval-filter), sink(retrieval-query), source(retrieved)
  const table = await (await connect("data")).openTable("notes");
  const c = await table.search(vector).where(tenant).toArray(); // expect: retrieval, sink(retrieval-filter), sink(retrieval-query), source(retrieved)
  await table.add([{ text }]); // expect: index
  const d = await new MeiliSearch({ host: "h" }).index("notes").search(text, { filter: tenant }); // expect: retrieval, sink(retrieval-filter), sink(retrieval-query), source(retrieved)
  const e = await new Typesense.Client({}).collections("notes").documents().search({ q: text, filter_by: tenant }); // expect: retrieval, sink(retrieval-filter), sink(retrieval-query), source(retrieved)
  const f = await new SearchClient("e", "notes", credential).search(text, { filter: tenant }); // expect: retrieval, sink(retrieval-filter), sink(retrieval-query), source(retrieved)
  const g = await new Turbopuffer({}).namespace("notes").query({ rank_by: ["vector", "ANN", vector], filters: tenant }); // expect: retrieval, sink(retrieval-filter), sink(retrieval-query), source(retrieved)
  const h = await new Exa("k").search(text); // expect: source(retrieved)
  const memory = new MemoryClient({ apiKey: "k" });
  await memory.add([{ role: "user", content: text }], { user_id: tenant }); // expect: memory
  return [a, b, c, d, e, f, g, h, await memory.search(text, { user_id: tenant })]; // expect: retrieval, sink(retrieval-filter), sink(retrieval-query), source(retrieved)
}

export async function loads(owner: string) {
  const a = await createClient({ url: "file:app.db" }).execute("select 1"); // expect: lookup, sink(retrieval-filter), sink(sql), source(retrieved)
  const b = await neo4j.driver("neo4j://localhost").session().run("MATCH (n {owner: $owner}) RETURN n", { owner }); // expect: lookup, sink(retrieval-filter), sink(sql), source(retrieved)
  const c = await getFirestore().collection("notes").where("owner", "==", owner).get(); // expect: lookup, sink(retrieval-filter), source(retrieved)
  const d = await new DynamoDBClient({}).send(new GetItemCommand({ TableName: "notes", Key: { owner: { S: owner } } })); // expect: lookup, source(retrieved)
  return [a, b, c, d];
}

export async function remember(text: string, user: string) {
  const own = new Memory();
  await own.add([{ role: "user", content: text }], { userId: user }); // expect: llm, memory, sink(messages)
}
