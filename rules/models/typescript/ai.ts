import { useChat } from "@ai-sdk/react";
import {
  convertToModelMessages,
  createAgentUIStreamResponse,
  createUIMessageStream,
  createUIMessageStreamResponse,
  embed,
  embedMany,
  generateObject,
  generateText,
  stepCountIs,
  streamObject,
  streamText,
  tool,
  ToolLoopAgent,
  Experimental_Agent as Agent,
  validateUIMessages,
  wrapLanguageModel,
  type UIMessage,
} from "ai";
import { streamUI } from "@ai-sdk/rsc";
import { openai } from "@ai-sdk/openai";
import { anthropic } from "@ai-sdk/anthropic";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";

const local = createOpenAICompatible({
  name: "local",
  apiKey: "placeholder", // expect: sink(credential)
  baseURL: "http://localhost:1234/v1", // expect: sink(url)
});

const find = tool({ // expect: tool
  description: "Finds an order by its number.", // expect: sink(tool-description)
  execute: async ({ number }: { number: string }) => number, // expect: source(tool-arguments)
});

export async function text(question: string) {
  const one = await generateText({ // expect: llm, control(tracing), source(model-output)
    experimental_telemetry: { isEnabled: true },
    model: openai("gpt-4o-2024-08-06"),
    system: "You answer questions about orders.", // expect: sink(system-prompt)
    prompt: question, // expect: sink(user-prompt)
    maxOutputTokens: 300,
    maxRetries: 2,
    abortSignal: AbortSignal.timeout(20_000),
    tools: { find },
    stopWhen: stepCountIs(4),
  });
  const { object } = await generateObject({ // expect: llm, control(output-check), source(model-output)
    model: anthropic("claude-sonnet-4-20250514"),
    prompt: question, // expect: sink(user-prompt)
    maxTokens: 200,
  });
  const partial = streamObject({ model: openai.responses("gpt-4.1"), prompt: question }); // expect: llm, sink(user-prompt), source(model-output)
  return [one.text, object, partial.partialObjectStream];
}

export async function chat(messages: UIMessage[]) {
  await validateUIMessages({ messages }); // expect: control(request-validation)
  const result = streamText({ // expect: llm, source(model-output)
    model: wrapLanguageModel({ model: local("small"), middleware: [] }),
    messages: convertToModelMessages(messages), // expect: sink(messages)
    maxSteps: 3,
  });
  return result.toUIMessageStreamResponse();
}

export async function ui(question: string) {
  const result = await streamUI({ // expect: llm, source(model-output)
    model: openai.chat("gpt-4o"),
    system: "You draw charts.", // expect: sink(system-prompt)
    prompt: question, // expect: sink(user-prompt)
  });
  return result.value;
}

const planner = new ToolLoopAgent({
  model: openai("gpt-4o"),
  instructions: "You plan trips.", // expect: sink(system-prompt)
  tools: { find },
});
const writer = new Agent({ model: local.chatModel("small"), system: "You write summaries." }); // expect: sink(system-prompt)

export async function agents(question: string, messages: UIMessage[]) {
  const plan = await planner.generate({ // expect: llm, source(model-output)
    prompt: question, // expect: sink(user-prompt)
  });
  const stream = writer.stream({ messages: convertToModelMessages(messages) }); // expect: llm, sink(messages), source(model-output)
  const reply = await createAgentUIStreamResponse({ agent: planner, uiMessages: messages }); // expect: llm, sink(messages), source(model-output)
  return [plan.text, stream, reply];
}

export function mixed(question: string) {
  const stream = createUIMessageStream({
    execute: ({ writer: out }) => {
      const result = streamText({ model: openai("gpt-4o"), prompt: question }); // expect: llm, sink(user-prompt), source(model-output)
      out.merge(result.toUIMessageStream());
    },
  });
  return createUIMessageStreamResponse({ stream });
}

export async function vectors(texts: string[]) {
  const { embedding } = await embed({ model: openai.embedding("text-embedding-3-small"), value: texts[0] }); // expect: embedding
  const many = await embedMany({ model: openai.embedding("text-embedding-3-small"), values: texts }); // expect: embedding
  return [embedding, many.embeddings];
}

export function answers() {
  const { messages } = useChat(); // expect: source(model-output)
  return messages;
}
