import { redact } from "@arcjet/redact";
import { DetectPiiEntitiesCommand } from "@aws-sdk/client-comprehend";
import { GuardrailsOpenAI } from "@openai/guardrails";
import { load } from "@tensorflow-models/toxicity";
import { Filter } from "bad-words";
import striptags from "striptags";

export async function check(text: string) {
  const [hidden] = await redact(text); // expect: control(pii-redaction)
  const command = new DetectPiiEntitiesCommand({ Text: text, LanguageCode: "en" }); // expect: control(pii-redaction)
  const model = await load(0.9, []);
  const toxic = await model.classify([text]); // expect: control(output-check), moderation
  return [new Filter().clean(text), striptags(text), hidden, command, toxic]; // expect: control(output-check)
}

export async function ask(text: string) {
  const client = await GuardrailsOpenAI.create({ version: 1 });
  return client.chat.completions.create({ model: "gpt-4o-mini", messages: [{ role: "user", content: text }] }); // expect: llm, sink(messages), source(model-output)
}
