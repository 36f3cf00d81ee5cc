import arcjet, { tokenBucket } from "@arcjet/next";
import { Ratelimit } from "@unkey/ratelimit";
import { checkRateLimit } from "@vercel/firewall";
import koaLimit from "koa-ratelimit";
import { RateLimiter } from "limiter";
import { RateLimiterMemory } from "rate-limiter-flexible";

const perUser = new RateLimiterMemory({ points: 5, duration: 60 });
const shield = arcjet({
  key: "placeholder",
  rules: [
    tokenBucket({ mode: "LIVE", refillRate: 5, interval: 10, capacity: 10 }), // expect: control(rate-limit)
  ],
});
const unkey = new Ratelimit({ rootKey: "placeholder", namespace: "chat", limit: 10, duration: "60s" });
const bucket = new RateLimiter({ tokensPerInterval: 5, interval: "minute" });

export const koa = koaLimit({ driver: "memory", db: new Map(), max: 20 }); // expect: control(rate-limit)

export async function guard(userId: string, request: Request) {
  await perUser.consume(userId); // expect: control(rate-limit)
  const decision = await shield.protect(request, { requested: 1 }); // expect: control(rate-limit)
  const checked = await unkey.limit(userId); // expect: control(rate-limit)
  const wall = await checkRateLimit("chat", { request, rateLimitKey: userId }); // expect: control(rate-limit)
  const left = bucket.tryRemoveTokens(1); // expect: control(rate-limit)
  return decision.isDenied() || !checked.success || wall.rateLimited || !left;
}
