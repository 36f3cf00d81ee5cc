import { Ratelimit } from "@upstash/ratelimit";
import { Redis } from "@upstash/redis";
import { kv } from "@vercel/kv";

const redis = new Redis({
  url: "https://example.upstash.io",
  token: "placeholder", // expect: sink(credential)
});
const ratelimit = new Ratelimit({ redis: Redis.fromEnv(), limiter: Ratelimit.slidingWindow(10, "60 s") });

export async function answer(userId: string, question: string) {
  const { success } = await ratelimit.limit(userId); // expect: control(rate-limit)
  if (!success) {
    return "later";
  }
  const known = await redis.get(`answer:${userId}:${question}`); // expect: cache-read, sink(cache-key)
  await kv.set(`draft:${userId}`, question); // expect: cache-write, sink(cache-key), sink(cache-value)
  await kv.setex(`draft:${userId}`, 60, question); // expect: cache-write, sink(cache-key), sink(cache-value)
  await kv.hset(`user:${userId}`, { question }); // expect: cache-write, sink(cache-key), sink(cache-value)
  await redis.pipeline().lpush("questions", question).exec(); // expect: cache-write, sink(cache-key), sink(cache-value)
  await redis.incr("visits");
  return known;
}
