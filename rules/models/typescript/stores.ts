import { Pinecone } from "@pinecone-database/pinecone";
import { PrismaClient } from "@prisma/client";
import { QdrantClient } from "@qdrant/js-client-rest";
import { Index } from "@upstash/vector";
import { ChromaClient } from "chromadb";
import { eq, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/postgres-js";
import { MongoClient } from "mongodb";
import mongoose from "mongoose";
import { Pool } from "pg";
import weaviate from "weaviate-client";

const prisma = new PrismaClient();
const pool = new Pool();
const db = drizzle("postgres://localhost/notes");
const notes = { id: "id", userId: "user_id" };
const Note = mongoose.model("Note", new mongoose.Schema({ text: String }));

export async function near(userId: string, vector: number[], text: string) {
  const index = new Pinecone({ apiKey: "placeholder" }).index("notes");
  const a = await index.namespace(userId).query({ // expect: retrieval, sink(retrieval-filter), source(retrieved)
    vector, // expect: sink(retrieval-query)
    topK: 4,
    filter: { kind: "note" }, // expect: sink(retrieval-filter)
  });
  const collection = await new ChromaClient().getCollection({ name: "notes" }); // expect: sink(retrieval-filter)
  const b = await collection.query({ queryTexts: [text], where: { userId } }); // expect: retrieval, sink(retrieval-query), sink(retrieval-filter), source(retrieved)
  const c = await new QdrantClient({ url: "http://localhost:6333" }).search("notes", { vector, limit: 4 }); // expect: retrieval, sink(retrieval-filter), sink(retrieval-query), source(retrieved)
  const client = await weaviate.connectToLocal();
  const d = await client.collections.use("Note").query.nearText(text); // expect: retrieval, sink(retrieval-query), source(retrieved)
  const e = await new Index().query({ data: text, topK: 3 }); // expect: retrieval, sink(retrieval-query), source(retrieved)
  await collection.add({ ids: ["1"], documents: [text] }); // expect: index
  return [a, b, c, d, e];
}

export async function rows(userId: string, text: string) {
  const a = await prisma.note.findMany({ where: { userId } }); // expect: lookup, sink(retrieval-filter), source(retrieved)
  const b = await prisma.$queryRawUnsafe(text); // expect: sink(sql), source(retrieved)
  const c = await pool.query(text, [userId]); // expect: sink(sql), source(retrieved)
  const d = await db.select().from(notes).where(eq(notes.userId, userId)).limit(3); // expect: lookup, sink(retrieval-filter), source(retrieved)
  const e = await db.query.notes.findFirst({ where: eq(notes.userId, userId) }); // expect: lookup, sink(retrieval-filter), source(retrieved)
  const f = await new MongoClient("mongodb://localhost").db("notes").collection("notes").findOne({ userId }); // expect: lookup, sink(retrieval-filter), source(retrieved)
  const g = await Note.findById(userId); // expect: lookup, sink(retrieval-filter), source(retrieved)
  return [a, b, c, d, e, f, g, sql.raw(text)]; // expect: sink(sql)
}
