import jwt from "@fastify/jwt";
import rateLimit from "@fastify/rate-limit";
import Fastify, { type FastifyInstance, type FastifyPluginAsync, type FastifyReply, type FastifyRequest } from "fastify";
import OpenAI from "openai";
import plugin from "fastify-plugin";

const app = Fastify({ bodyLimit: 65_536 });

app.register(jwt, { secret: "placeholder" });
app.register(rateLimit, { max: 20, timeWindow: "1 minute" }); // expect: control(rate-limit)

async function known(request: FastifyRequest) {
  await request.jwtVerify(); // expect: control(authentication), source(principal)
}

app.addHook("onRequest", known);

app.post("/chat", { preHandler: known }, async (request: FastifyRequest, reply: FastifyReply) => { // expect: entry
  app.log.info("asked"); // expect: log, sink(log)
  const body = request.body; // expect: source(untrusted)
  const agent = request.headers["user-agent"]; // expect: source(headers)
  return reply.code(200).send({ body, agent, user: request.user }); // expect: sink(response), source(principal)
});

app.route({
  method: "GET",
  url: "/page",
  preHandler: app.rateLimit({ max: 5 }), // expect: control(rate-limit)
  handler: async (request, reply) => reply.send(request.query), // expect: entry, sink(response), source(untrusted)
});

async function more(instance: FastifyInstance) {
  instance.get("/more", async () => "more"); // expect: entry
}

app.register(more, { prefix: "/v1" });

export const questions: FastifyPluginAsync = async (server, options): Promise<void> => {
  server.post("/questions", { schema: { body: { type: "object" } } }, async (request) => request.body); // expect: entry, control(request-validation), source(untrusted)
  server.get("/mine", { onRequest: [server.authenticate] }, async () => "mine"); // expect: entry, control(authentication)
};

export default plugin(async (server) => {
  server.delete("/all", async () => "none"); // expect: entry
});

app.decorate("model", new OpenAI());
app.decorateRequest("second", new OpenAI());
app.decorateReply("third", new OpenAI());

app.post("/kept", async (request: FastifyRequest, reply: FastifyReply) => { // expect: entry
  await app.other.responses.create({ model: "m", input: "hello" });
  await request.second.responses.create({ model: "gpt-4o-2024-11-20", input: "hello" }); // expect: llm, sink(messages), source(model-output)
  await reply.third.responses.create({ model: "gpt-4o-2024-11-20", input: "hello" }); // expect: llm, sink(messages), source(model-output)
  return app.model.responses.create({ model: "gpt-4o-2024-11-20", input: "hello" }); // expect: llm, sink(messages), source(model-output)
});
