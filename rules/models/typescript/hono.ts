import { zValidator } from "@hono/zod-validator";
import { Hono, type Context } from "hono";
import { bearerAuth } from "hono/bearer-auth";
import { bodyLimit } from "hono/body-limit";
import { raw } from "hono/html";
import { logger } from "hono/logger";
import OpenAI from "openai";
import { rateLimiter } from "hono-rate-limiter";

const app = new Hono().basePath("/api");
const admin = new Hono();

app.use(logger()); // expect: control(audit-log)
app.use("/chat/*", bodyLimit({ maxSize: 4096 })); // expect: control(input-limit)
app.use(rateLimiter({ windowMs: 60_000, limit: 10, keyGenerator: (c) => c.req.header("x-user") ?? "" })); // expect: control(rate-limit)
admin.use(bearerAuth({ token: "placeholder" })); // expect: control(authentication)

const checked = zValidator("json", {} as never); // expect: control(request-validation)

app.post("/chat", checked, async (c) => { // expect: entry
  const body = await c.req.json(); // expect: source(untrusted)
  const token = c.req.header("authorization"); // expect: source(headers)
  return c.json({ body, known: Boolean(token) }); // expect: sink(response)
});

app.on("PURGE", "/page", (c: Context) => c.html(raw("<p>gone</p>"))); // expect: entry, sink(html)
app.route("/admin", admin);

export default app;

app.use(async (c, next) => {
  c.set("client", new OpenAI());
  c.set("name", "demo");
  await next();
});

app.post("/kept", async (c) => { // expect: entry
  await c.var.name.responses.create({ model: "m", input: "hello" });
  await c.var.client.responses.create({ model: "gpt-4o-2024-11-20", input: "hello" }); // expect: llm, sink(messages), source(model-output)
  return c.json(await c.get("client").responses.create({ model: "gpt-4o-2024-11-20", input: "hello" })); // expect: llm, sink(messages), source(model-output), sink(response)
});
