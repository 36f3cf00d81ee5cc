import { BedrockRuntimeClient, ConverseCommand } from "@aws-sdk/client-bedrock-runtime";
import { OpenAIClient } from "@azure/openai";
import { GoogleGenAI } from "@google/genai";
import { GoogleGenerativeAI } from "@google/generative-ai";
import { InferenceClient } from "@huggingface/inference";
import { Mistral } from "@mistralai/mistralai";
import { CohereClientV2 } from "cohere-ai";
import Groq from "groq-sdk";
import ollama from "ollama";
import { Configuration, OpenAIApi } from "openai-edge";
import Replicate from "replicate";
import Together from "together-ai";

export async function google(text: string) {
  const ai = new GoogleGenAI({ apiKey: "placeholder" });
  const one = await ai.models.generateContent({ // expect: llm, source(model-output)
    model: "gemini-2.5-flash",
    contents: text, // expect: sink(messages)
    config: {
      systemInstruction: "You name rivers.", // expect: sink(system-prompt)
      maxOutputTokens: 200,
    },
  });
  const chat = ai.chats.create({ model: "gemini-2.5-flash", config: { systemInstruction: "You name lakes." } }); // expect: memory, sink(system-prompt)
  const two = await chat.sendMessage({ message: text }); // expect: llm, sink(user-prompt), source(model-output)
  await chat.sendMessageStream({ // expect: llm, source(model-output)
    message: text, // expect: sink(user-prompt)
    config: { systemInstruction: "You name ponds." }, // expect: sink(system-prompt)
  });
  await ai.models.generateImages({ model: "imagen-3.0-generate-002", prompt: text }); // expect: sink(user-prompt)
  await ai.models.editImage({ model: "imagen-3.0-capability-001", prompt: text }); // expect: sink(user-prompt)
  await ai.live.connect({ model: "gemini-2.0-flash-live-001", config: { systemInstruction: "You name bays." } }); // expect: sink(system-prompt)
  const vector = await ai.models.embedContent({ model: "gemini-embedding-001", contents: text }); // expect: embedding
  const size = await ai.models.countTokens({ model: "gemini-2.5-flash", contents: text }); // expect: token-count
  const model = new GoogleGenerativeAI("placeholder").getGenerativeModel({
    model: "gemini-1.5-flash-002",
    systemInstruction: "You name hills.", // expect: sink(system-prompt)
  });
  const three = await model.generateContentStream(text); // expect: llm, sink(messages), source(model-output)
  const old = model.startChat({ history: [] }); // expect: memory, sink(messages)
  return [one.text, two, vector, size, three, await old.sendMessage(text)]; // expect: llm, sink(user-prompt), source(model-output)
}

export async function mistral(text: string) {
  const client = new Mistral({ apiKey: "placeholder" });
  const reply = await client.chat.complete({ // expect: llm, source(model-output)
    model: "mistral-small-2503",
    messages: [{ role: "user", content: text }], // expect: sink(messages)
  });
  const code = await client.fim.complete({ model: "codestral-2501", prompt: text }); // expect: llm, sink(user-prompt), source(model-output)
  const verdict = await client.classifiers.moderate({ model: "mistral-moderation-latest", inputs: text }); // expect: moderation
  const vector = await client.embeddings.create({ model: "mistral-embed", inputs: [text] }); // expect: embedding
  return [reply, code, verdict, vector];
}

export async function others(text: string) {
  const cohere = new CohereClientV2({ token: "placeholder" });
  const a = await cohere.chat({ // expect: llm, source(model-output)
    model: "command-r-08-2024",
    messages: [{ role: "user", content: text }], // expect: sink(messages)
  });
  const a2 = await cohere.generate({ prompt: text }); // expect: llm, sink(user-prompt), source(model-output)
  const groq = new Groq({ apiKey: "placeholder", timeout: 10_000 }); // expect: sink(credential)
  const b = await groq.chat.completions.create({ model: "llama-3.3-70b-versatile", messages: [] }); // expect: llm, sink(messages), source(model-output)
  const together = new Together();
  const c = await together.completions.create({ model: "m", prompt: text, max_tokens: 10 }); // expect: llm, sink(user-prompt), source(model-output)
  const d = await ollama.chat({ model: "llama3.1", messages: [{ role: "user", content: text }] }); // expect: llm, sink(messages), source(model-output)
  const e = await ollama.generate({ model: "llama3.1", system: "You name seas.", prompt: text }); // expect: llm, sink(system-prompt), sink(user-prompt), source(model-output)
  const hf = new InferenceClient("placeholder");
  const f = await hf.chatCompletion({ model: "m", messages: [], max_tokens: 50 }); // expect: llm, sink(messages), source(model-output)
  const g = await hf.textGeneration({ model: "m", inputs: text }); // expect: llm, sink(user-prompt), source(model-output)
  const replicate = new Replicate();
  const h = await replicate.run("meta/meta-llama-3-8b-instruct", { input: { prompt: text } }); // expect: llm, sink(user-prompt), source(model-output)
  return [a, a2, b, c, d, e, f, g, h];
}

export async function hosted(text: string) {
  const bedrock = new BedrockRuntimeClient({ region: "eu-west-1" });
  const command = new ConverseCommand({
    modelId: "anthropic.claude-3-5-haiku-20241022-v1:0",
    system: [{ text: "You name towns." }], // expect: sink(system-prompt)
    messages: [{ role: "user", content: [{ text }] }], // expect: sink(messages)
    inferenceConfig: { maxTokens: 200 },
  });
  const a = await bedrock.send(command); // expect: llm, source(model-output)
  const edge = new OpenAIApi(new Configuration({ apiKey: "placeholder" }));
  const b = await edge.createChatCompletion({ model: "gpt-4o-mini", messages: [] }); // expect: llm, sink(messages), source(model-output)
  const c = await edge.createCompletion({ model: "gpt-3.5-turbo-instruct", prompt: text }); // expect: llm, sink(user-prompt), source(model-output)
  const azure = new OpenAIClient("https://example.openai.azure.com", {} as never);
  const d = await azure.getChatCompletions("gpt-4o", [{ role: "user", content: text }]); // expect: llm, sink(messages), source(model-output)
  return [a, b, c, d];
}
