import { callModel, OpenRouter as AgentClient, tool } from "@openrouter/agent";
import Default, { OpenRouter } from "@openrouter/sdk";

const key = process.env.OPENROUTER_API_KEY; // expect: source(secret)
const client = new OpenRouter({ apiKey: key }); // expect: sink(credential)
const other = new Default({ apiKey: key }); // expect: sink(credential)
const agent = new AgentClient({ apiKey: key }); // expect: sink(credential)
const weather = tool({ // expect: tool
  name: "weather",
  description: "Tells the weather.", // expect: sink(tool-description)
  execute: async ({ city }: { city: string }) => city, // expect: source(tool-arguments)
});

export async function answer(text: string) {
  const one = await client.chat.send({ // expect: llm, source(model-output)
    model: "openai/gpt-4o-2024-08-06",
    messages: [{ role: "user", content: text }], // expect: sink(messages)
  });
  const two = await other.chat.completions.create({ // expect: llm, source(model-output)
    model: "openai/gpt-4o-2024-08-06",
    messages: [{ role: "user", content: text }], // expect: sink(messages)
  });
  const three = callModel({ // expect: llm, source(model-output)
    model: "openai/gpt-4o-2024-08-06",
    instructions: "You name stars.", // expect: sink(system-prompt)
    input: text, // expect: sink(messages)
    tools: [weather],
  });
  const four = agent.callModel({ // expect: llm, source(model-output)
    model: "openai/gpt-4o-2024-08-06",
    messages: [{ role: "user", content: text }], // expect: sink(messages)
  });
  return [one, two, three, four, client.models.list()];
}
