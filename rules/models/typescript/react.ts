import { useMemo, useRef, useState } from "react";
import { shallowRef } from "vue";
import OpenAI from "openai";
import { RealtimeSession } from "@openai/agents/realtime";

type Line = { write(text: string): void; sendMessage(text: string): void };

// A box that is empty at first: its declared content says what it will hold.
export function useVoice() {
  const session = useRef<RealtimeSession | null>(null);
  const line = useRef<Line>(null);
  const pending = useRef(null);
  return {
    say(text: string) {
      session.current!.sendMessage(text); // expect: llm, sink(user-prompt)
      line.current!.sendMessage(text);
      pending.current!.sendMessage(text);
    },
  };
}

// A box that is filled later.
export function useLater(agent: any) {
  const session = useRef(null);
  const other = useRef(null);
  return {
    connect() {
      session.current = new RealtimeSession(agent);
    },
    say(text: string) {
      session.current.sendMessage(text); // expect: llm, sink(user-prompt)
      other.current.sendMessage(text);
    },
  };
}

export function useClient(key: string) {
  const [client] = useState<OpenAI>(() => null);
  const [draft, setDraft] = useState("");
  const made = useMemo(() => new OpenAI({ apiKey: key }), [key]); // expect: sink(credential)
  return async (messages: any[]) => {
    setDraft(draft.concat("…"));
    await client.chat.completions.create({ model: "gpt-4o-2024-11-20", messages }); // expect: llm, sink(messages), source(model-output)
    return made.chat.completions.create({ model: "gpt-4o-2024-11-20", messages }); // expect: llm, sink(messages), source(model-output)
  };
}

export function useVueVoice() {
  const session = shallowRef<RealtimeSession>();
  return (text: string) => {
    session.value!.sendMessage(text); // expect: llm, sink(user-prompt)
    session.sendMessage(text);
  };
}
