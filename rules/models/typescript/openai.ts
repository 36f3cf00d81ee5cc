import OpenAI, { AzureOpenAI } from "openai";
import { OpenAI as NamedOpenAI } from "openai";
import { zodResponseFormat } from "openai/helpers/zod";

const client = new OpenAI({
  apiKey: readKey(), // expect: sink(credential)
  timeout: 20_000,
  maxRetries: 2,
});
const azure = new AzureOpenAI({ endpoint: "https://example.openai.azure.com", apiVersion: "2024-10-21" });
const named = new NamedOpenAI({ baseURL: "http://localhost:8000/v1" }); // expect: sink(url)

function readKey(): string {
  return "placeholder";
}

export async function chat(system: string, text: string) {
  const completion = await client.chat.completions.create({ // expect: llm, source(model-output)
    model: "gpt-4o-2024-08-06",
    max_completion_tokens: 400,
    messages: [ // expect: sink(messages)
      { role: "system", content: system },
      { role: "user", content: text },
    ],
  });
  const parsed = await azure.chat.completions.parse({ model: "gpt-4o", messages: [{ role: "user", content: text }] }); // expect: llm, control(output-check), sink(messages), source(model-output)
  const stream = client.chat.completions.stream({ model: "gpt-4o", messages: [{ role: "user", content: text }] }); // expect: llm, sink(messages), source(model-output)
  const runner = client.chat.completions.runTools({ // expect: llm, source(model-output)
    model: "gpt-4o",
    messages: [{ role: "user", content: text }], // expect: sink(messages)
    tools: [
      {
        type: "function",
        function: {
          function: lookUp,
          parameters: { type: "object", properties: {} },
          description: "Looks up an order.", // expect: sink(tool-description)
        },
      },
    ],
  });
  const old = await named.beta.chat.completions.parse({ model: "gpt-4o", messages: [{ role: "user", content: text }] }); // expect: llm, control(output-check), sink(messages), source(model-output)
  const tuned = client.withOptions({ maxRetries: 0 });
  await tuned.completions.create({ // expect: llm, source(model-output)
    model: "gpt-3.5-turbo-instruct",
    prompt: text, // expect: sink(user-prompt)
    max_tokens: 32,
  });
  return [completion.choices[0].message.content, parsed, stream, runner, old];
}

function lookUp(): string {
  return "shipped";
}

export async function respond(text: string) {
  const first = await client.responses.create( // expect: llm, source(model-output)
    {
      model: "gpt-4.1-2025-04-14",
      instructions: "You answer questions about orders.", // expect: sink(system-prompt)
      input: text, // expect: sink(messages)
      max_output_tokens: 300,
    },
    { timeout: 10_000 },
  );
  const second = await client.responses.parse({ model: "gpt-4.1", input: text, previous_response_id: first.id }); // expect: llm, control(output-check), sink(messages), source(model-output)
  const third = client.responses.stream({ model: "gpt-4.1", input: text }); // expect: llm, sink(messages), source(model-output)
  const size = await client.responses.inputTokens.count({ model: "gpt-4.1", input: text }); // expect: token-count
  return [first.output_text, second.output_parsed, third, size.input_tokens];
}

export async function assist(threadId: string, text: string) {
  await client.beta.assistants.create({
    model: "gpt-4o",
    instructions: "You are a planner.", // expect: sink(system-prompt)
  });
  await client.beta.threads.messages.create(threadId, { // expect: sink(messages)
    role: "user",
    content: text,
  });
  const run = await client.beta.threads.runs.createAndPoll(threadId, { // expect: llm, source(model-output)
    assistant_id: "asst_1",
    additional_instructions: "Be brief.", // expect: sink(system-prompt)
  });
  await client.beta.threads.runs.submitToolOutputs(run.id, { thread_id: threadId, tool_outputs: [] }); // expect: llm, source(model-output)
  await client.beta.threads.createAndRun({ // expect: llm, source(model-output)
    assistant_id: "asst_1",
    thread: {
      messages: [{ role: "user", content: text }], // expect: sink(messages)
    },
  });
  return client.beta.threads.messages.list(threadId); // expect: source(model-output)
}

export async function media(text: string, file: File) {
  const image = await client.images.generate({ prompt: text }); // expect: sink(user-prompt)
  const edited = await client.images.edit({ image: file, prompt: text }); // expect: sink(user-prompt)
  const heard = await client.audio.transcriptions.create({ file, model: "whisper-1", prompt: text }); // expect: sink(user-prompt)
  const told = await client.audio.translations.create({ file, model: "whisper-1", prompt: text }); // expect: sink(user-prompt)
  return [image, edited, heard, told];
}

export async function vectors(text: string) {
  const embedded = await client.embeddings.create({ model: "text-embedding-3-small", input: text }); // expect: embedding
  const verdict = await client.moderations.create({ model: "omni-moderation-latest", input: text }); // expect: moderation, control(output-check)
  const models = await client.models.list();
  return [embedded.data[0].embedding, verdict.results[0].flagged, models, zodResponseFormat];
}
