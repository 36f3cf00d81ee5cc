import katex from "katex";
import { marked } from "marked";
import { observe } from "@langfuse/tracing";
import { trace } from "@opentelemetry/api";
import { withTracing } from "@posthog/ai";
import * as Sentry from "@sentry/nextjs";
import { registerOTel } from "@vercel/otel";
import { wrapOpenAI } from "braintrust";
import DOMPurify from "dompurify";
import he from "he";
import { Langfuse } from "langfuse";
import { traceable } from "langsmith/traceable";
import sanitizeHtml from "sanitize-html";

export function register() {
  registerOTel({ serviceName: "chat" }); // expect: control(tracing)
}

const langfuse = new Langfuse();
const tracer = trace.getTracer("chat");

export const observed = [
  observe(async () => 1), // expect: control(tracing)
  traceable(async () => 1, { name: "ask" }), // expect: control(tracing)
  wrapOpenAI({} as never), // expect: control(tracing)
  withTracing({} as never, {} as never, {}), // expect: control(tracing)
];

export async function ask(text: string) {
  langfuse.trace({ name: "ask" }); // expect: control(tracing)
  await tracer.startActiveSpan("ask", async (span) => span.end()); // expect: control(tracing)
  await Sentry.startSpan({ name: "ask" }, async () => 1); // expect: control(tracing)
  Sentry.captureMessage(text); // expect: sink(log)
  const prompt = await langfuse.getPrompt("ask"); // expect: prompt-load
  return prompt.prompt + DOMPurify.sanitize(text) + sanitizeHtml(text) + he.escape(text);
}

export function markup(text: string) {
  return [marked.parse(text), katex.renderToString(text)];
}
