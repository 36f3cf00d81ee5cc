import { copilotRuntimeNextJSAppRouterEndpoint, CopilotRuntime } from "@copilotkit/runtime";
import Instructor from "@instructor-ai/instructor";
import { Agent as MastraAgent } from "@mastra/core/agent";
import { createTool } from "@mastra/core/tools";
import { createStep, createWorkflow } from "@mastra/core/workflows";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { Agent, run, Runner, tool } from "@openai/agents";
import { RealtimeAgent, RealtimeSession } from "@openai/agents/realtime";
import { genkit } from "genkit";
import { agent as chain, ContextChatEngine, OpenAI, Settings, VectorStoreIndex } from "llamaindex";

const weather = tool({ // expect: tool
  name: "weather",
  description: "Tells the weather.", // expect: sink(tool-description)
  execute: async ({ city }: { city: string }) => city, // expect: source(tool-arguments)
});
const agent = new Agent({
  name: "guide",
  instructions: "You guide visitors.", // expect: sink(system-prompt)
  tools: [weather],
});
const guide = agent.asTool({ toolName: "guide", toolDescription: "Guides visitors." }); // expect: sink(tool-description)
const clock = createTool({ id: "clock", description: "Tells the time.", execute: async () => "noon" }); // expect: tool, sink(tool-description)
const writer = new MastraAgent({
  name: "writer",
  instructions: "You write letters.", // expect: sink(system-prompt)
  model: "openai/gpt-4o-mini",
  tools: { clock },
});
const kit = genkit({ plugins: [] });
const greet = kit.definePrompt({ name: "greet" });

export async function answer(text: string, documents: never[], base: never) {
  const a = await run(agent, text, { maxTurns: 5 }); // expect: llm, sink(messages), source(model-output)
  const b = await writer.generate(text, { maxSteps: 3 }); // expect: llm, sink(messages), source(model-output)
  const index = await VectorStoreIndex.fromDocuments(documents);
  const c = await index.asQueryEngine().query({ query: text }); // expect: llm, sink(user-prompt), source(model-output)
  const d = await index.asRetriever().retrieve({ query: text }); // expect: retrieval, sink(retrieval-query), source(retrieved)
  const e = await new OpenAI({ model: "gpt-4o-mini" }).chat({ // expect: llm, source(model-output)
    messages: [{ role: "user", content: text }], // expect: sink(messages)
  });
  const f = await kit.generate({ // expect: llm, sink(user-prompt), source(model-output)
    system: "You name stars.", // expect: sink(system-prompt)
    prompt: text, // expect: sink(user-prompt)
  });
  const g = await greet({ text }); // expect: llm, sink(user-prompt), source(model-output)
  const i = await new Runner().run(agent, text); // expect: llm, sink(messages), source(model-output)
  const j = await kit.chat().send(text); // expect: llm, sink(user-prompt), source(model-output)
  const loaded = kit.prompt("welcome"); // expect: prompt-load
  const client = Instructor({ client: base, mode: "TOOLS" });
  const h = await client.chat.completions.create({ model: "gpt-4o-mini", messages: [], max_retries: 1 }); // expect: llm, control(output-check), sink(messages), source(model-output)
  return [a.finalOutput, b.text, c, d, e, f.text, g, loaded, h, i, j];
}

export async function copilot(request: Request) {
  const { handleRequest } = copilotRuntimeNextJSAppRouterEndpoint({ runtime: new CopilotRuntime(), endpoint: "/api/copilotkit" });
  return handleRequest(request); // expect: llm
}

const server = new McpServer({ name: "notes", version: "1.0.0" });
server.registerTool("add", { description: "Adds a note." }, async ({ text }) => ({ content: [{ type: "text", text }] })); // expect: entry
server.tool("drop", async () => ({ content: [] })); // expect: entry

const gather = createStep({
  id: "gather",
  execute: async ({ inputData, mastra }) => {
    const reply = await mastra.getAgent("writer").generate(inputData.text); // expect: llm, sink(messages), source(model-output)
    return { text: reply.text };
  },
});
const digest = createTool({ // expect: tool
  id: "digest",
  description: "Writes a digest.", // expect: sink(tool-description)
  execute: async (input: { text: string }, context) => { // expect: source(tool-arguments)
    const helper = context?.mastra?.getAgent("writer");
    return helper.generate(input.text); // expect: llm, sink(messages), source(model-output)
  },
});
export const letters = createWorkflow({ id: "letters" })
  .then(gather)
  .map(async ({ mastra }) => mastra.getAgent("writer").stream("Sign it.")) // expect: llm, sink(messages), source(model-output)
  .commit();

export async function chatWith(text: string, retriever: never) {
  const engine = await Settings.withLLM(new OpenAI({ model: "gpt-4o-mini" }), async () => new ContextChatEngine({ retriever }));
  return engine.chat({ message: text }); // expect: llm, sink(user-prompt), source(model-output)
}

export async function research(text: string) {
  const worker = chain({ llm: new OpenAI({ model: "gpt-4o-mini" }), tools: [] });
  return worker.run(text); // expect: llm, sink(user-prompt), source(model-output)
}

export function talk(text: string) {
  const voice = new RealtimeAgent({ name: "voice", instructions: "You speak softly." }); // expect: sink(system-prompt)
  const session = new RealtimeSession(voice);
  session.sendMessage(text); // expect: llm, sink(user-prompt)
  return digest;
}
