import { query, tool } from "@anthropic-ai/claude-agent-sdk";
import { BedrockAgentRuntimeClient, InvokeAgentCommand } from "@aws-sdk/client-bedrock-agent-runtime";
import { ax, ai } from "@ax-llm/ax";
import ModelClient from "@azure-rest/ai-inference";
import { Ai } from "@cloudflare/ai";
import { InMemoryRunner, LlmAgent } from "@google/adk";
import { pipeline } from "@huggingface/transformers";
import { WatsonXAI } from "@ibm-cloud/watsonx-ai";
import { createAgent } from "@inngest/agent-kit";
import { Client } from "@langchain/langgraph-sdk";
import { LMStudioClient } from "@lmstudio/sdk";
import { Codex } from "@openai/codex-sdk";
import { chat } from "@tanstack/ai";
import { Agent as VoltAgent } from "@voltagent/core";
import { generateText } from "@xsai/generate-text";
import { ChatModel } from "beeai-framework/backend/chat";
import { ChatGPTAPI } from "chatgpt";
import { Langbase } from "langbase";
import * as fusion from "modelfusion";
import { LlamaChatSession } from "node-llama-cpp";
import Portkey from "portkey-ai";

const greet = tool("greet", "Greets somebody.", {}, async () => ({ content: [] })); // expect: sink(tool-description), tool

export async function agents(text: string, model: never) {
  for await (const message of query({ prompt: text, options: { systemPrompt: "You mend code.", maxTurns: 3 } })) { // expect: llm, sink(system-prompt), sink(user-prompt), source(model-output)
    greet(message);
  }
  const root = new LlmAgent({ name: "root", model: "gemini-2.0-flash", instruction: "You plan trips." }); // expect: sink(system-prompt)
  const runner = new InMemoryRunner({ agent: root });
  const a = runner.runAsync({ userId: "u", sessionId: "s", newMessage: text }); // expect: llm, sink(user-prompt), source(model-output)
  const remote = new Client({ apiUrl: "http://localhost:2024" });
  const b = remote.runs.stream("thread", "agent", { input: { messages: [text] } }); // expect: llm, sink(messages), source(model-output)
  const volt = new VoltAgent({ name: "v", instructions: "You translate.", model }); // expect: sink(system-prompt)
  const c = await volt.generateText(text); // expect: llm, sink(messages), source(model-output)
  const bee = await ChatModel.fromName("ollama:llama3.1");
  const e = await bee.create({ messages: [text] }); // expect: llm, sink(messages), source(model-output)
  const f = await createAgent({ name: "n", system: "You route." }).run(text); // expect: llm, sink(messages), sink(system-prompt), source(model-output)
  const g = await new Codex().startThread().run(text); // expect: llm, sink(messages), source(model-output)
  const h = await new Langbase({ apiKey: "k" }).pipes.run({ name: "p", messages: [{ role: "user", content: text }] }); // expect: llm, sink(messages), source(model-output)
  const client = new BedrockAgentRuntimeClient({});
  const i = await client.send(new InvokeAgentCommand({ agentId: "a", agentAliasId: "b", sessionId: "s", inputText: text })); // expect: llm, sink(user-prompt), source(model-output)
  return [a, b, c, e, f, g, h, i];
}

export async function hosted(text: string) {
  const messages = [{ role: "user", content: text }];
  const portkey = new Portkey({ apiKey: "k" });
  const a = await portkey.chat.completions.create({ model: "gpt-4o", messages }); // expect: llm, sink(messages), source(model-output)
  const b = await portkey.completions.create({ model: "gpt-4o", prompt: text }); // expect: llm, sink(user-prompt), source(model-output)
  const c = await fusion.generateText({ model: fusion.openai.ChatTextGenerator({ model: "gpt-4o" }), prompt: text }); // expect: llm, sink(messages), source(model-output)
  const d = await fusion.embed({ model: fusion.openai.TextEmbedder({ model: "e" }), value: text }); // expect: embedding
  const e = await WatsonXAI.newInstance({ version: "2024-05-31", serviceUrl: "u" }).textChat({ modelId: "m", messages }); // expect: llm, sink(messages), source(model-output)
  const f = await ModelClient("https://models.example.com").path("/chat/completions").post({ body: { messages, model: "m" } }); // expect: llm, sink(messages), source(model-output)
  const g = await chat({ adapter: null, messages, model: "gpt-4o" }); // expect: llm, sink(messages), source(model-output)
  const h = await new Ai({}).run("@cf/meta/llama-3.1-8b-instruct", { messages }); // expect: llm, sink(messages), source(model-output)
  const i = await ax("question:string -> answer:string").forward(ai({ name: "openai" }), { question: text }); // expect: llm, sink(user-prompt), source(model-output)
  const j = await ai({ name: "openai" }).chat({ chatPrompt: messages }); // expect: llm, sink(user-prompt), source(model-output)
  const k = await generateText({ model: "gpt-4o", messages }); // expect: llm, sink(messages), source(model-output)
  const l = await new ChatGPTAPI({ apiKey: "k" }).sendMessage(text); // expect: llm, sink(messages), source(model-output)
  return [a, b, c, d, e, f, g, h, i, j, k, l];
}

export async function local(text: string, context: never) {
  const generator = await pipeline("text-generation", "onnx-community/Qwen2.5-0.5B-Instruct");
  const a = await generator(text, { max_new_tokens: 64 }); // expect: llm, sink(messages), source(model-output)
  const session = new LlamaChatSession({ contextSequence: context, systemPrompt: "You name rivers." }); // expect: sink(system-prompt)
  const b = await session.prompt(text, { maxTokens: 50 }); // expect: llm, sink(user-prompt), source(model-output)
  const studio = await new LMStudioClient().llm.model("llama-3.2-1b-instruct");
  const c = await studio.respond(text); // expect: llm, sink(messages), source(model-output)
  return [a, b, c];
}
