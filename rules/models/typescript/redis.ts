import IORedis, { Redis } from "ioredis";
import { createClient } from "redis";

const io = new IORedis("redis://localhost:6379");
const named = new Redis();

export async function cached(sessionId: string, text: string) {
  const client = await createClient({ url: "redis://localhost:6379" }).on("error", () => undefined).connect();
  const before = await io.get(`chat:${sessionId}`); // expect: cache-read, sink(cache-key)
  await named.set(`chat:${sessionId}`, text); // expect: cache-write, sink(cache-key), sink(cache-value)
  await client.setEx("last", 60, text); // expect: cache-write, sink(cache-key), sink(cache-value)
  await client.hSet("chats", sessionId, text); // expect: cache-write, sink(cache-key), sink(cache-value)
  await client.json.set(`doc:${sessionId}`, "$", { text }); // expect: cache-write, sink(cache-key), sink(cache-value)
  const doc = await client.json.get(`doc:${sessionId}`); // expect: cache-read, sink(cache-key)
  const found = await client.ft.search("idx:docs", text); // expect: retrieval, sink(retrieval-query), sink(retrieval-filter), source(retrieved)
  await io.expire(`chat:${sessionId}`, 60);
  return [before, doc, found];
}
