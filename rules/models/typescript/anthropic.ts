import Anthropic, { Anthropic as Named } from "@anthropic-ai/sdk";
import { AnthropicBedrock } from "@anthropic-ai/bedrock-sdk";
import { AnthropicVertex } from "@anthropic-ai/vertex-sdk";

const client = new Anthropic({
  apiKey: key(), // expect: sink(credential)
  timeout: 30_000,
  maxRetries: 1,
});
const bedrock = new AnthropicBedrock({ awsRegion: "eu-west-1" });
const vertex = new AnthropicVertex({ projectId: "acme", region: "europe-west1" });
const named = new Named({ baseURL: "http://localhost:4000" }).withOptions({ maxRetries: 0 }); // expect: sink(url)

function key(): string {
  return "placeholder";
}

export async function answer(text: string) {
  const message = await client.messages.create({ // expect: llm, source(model-output)
    model: "claude-sonnet-4-20250514",
    max_tokens: 512,
    system: "You answer questions about invoices.", // expect: sink(system-prompt)
    messages: [{ role: "user", content: text }], // expect: sink(messages)
    tools: [
      {
        name: "find_invoice",
        description: "Finds an invoice by its number.", // expect: sink(tool-description)
        input_schema: { type: "object" },
      },
    ],
  });
  const stream = bedrock.messages.stream({ model: "anthropic.claude-3-5-haiku-20241022-v1:0", max_tokens: 64, messages: [] }); // expect: llm, sink(messages), source(model-output)
  const beta = await vertex.beta.messages.create({ model: "claude-sonnet-4@20250514", max_tokens: 64, messages: [] }); // expect: llm, sink(messages), source(model-output)
  const runner = client.beta.messages.toolRunner({ model: "claude-sonnet-4-20250514", max_tokens: 64, max_iterations: 5, messages: [], tools: [] }); // expect: llm, sink(messages), source(model-output)
  const old = await named.completions.create({ // expect: llm, source(model-output)
    model: "claude-2.1",
    max_tokens_to_sample: 100,
    prompt: text, // expect: sink(user-prompt)
  });
  const agent = await client.beta.agents.create({ model: "claude-sonnet-4-20250514", system: "You name rivers." }); // expect: sink(system-prompt)
  await client.beta.agents.update(agent.id, { system: "You name seas." }); // expect: sink(system-prompt)
  const size = await client.messages.countTokens({ model: "claude-sonnet-4-20250514", messages: [] }); // expect: token-count
  return [message.content, stream, beta, runner, old.completion, size.input_tokens];
}
