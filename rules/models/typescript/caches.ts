import { createCache } from "cache-manager";
import Keyv from "keyv";
import { LRUCache } from "lru-cache";
import NodeCache from "node-cache";
import pMemoize from "p-memoize";

const answers = new LRUCache<string, string>({ max: 500 });
const pages = new NodeCache({ stdTTL: 60 });
const store = new Keyv("sqlite://cache.sqlite");
const manager = createCache({ ttl: 1000 });

export async function remembered(userId: string, question: string) {
  answers.set(`${userId}:${question}`, "yes"); // expect: cache-write, sink(cache-key), sink(cache-value)
  const page = pages.get(question); // expect: cache-read, sink(cache-key)
  const other = await store.get(question); // expect: cache-read, sink(cache-key)
  const wrapped = await manager.wrap(question, async () => "made"); // expect: cache-read, sink(cache-key), sink(cache-value)
  answers.clear();
  return [page, other, wrapped];
}

export const slow = pMemoize(async (text: string) => text.length); // expect: cache-wrap
