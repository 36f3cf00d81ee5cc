import { createDeepAgent } from "deepagents";
import { createAgent, humanInTheLoopMiddleware, initChatModel, piiMiddleware } from "langchain";
import { AgentExecutor, createToolCallingAgent } from "langchain/agents";
import { ConversationalRetrievalQAChain, LLMChain } from "langchain/chains";
import { createRetrievalChain } from "langchain/chains/retrieval";
import * as hub from "langchain/hub";
import { BufferMemory } from "langchain/memory";
import { UpstashRedisChatMessageHistory } from "@langchain/community/stores/message/upstash_redis";
import { SupabaseVectorStore } from "@langchain/community/vectorstores/supabase";
import { AIMessage, HumanMessage, SystemMessage } from "@langchain/core/messages";
import { StringOutputParser, StructuredOutputParser } from "@langchain/core/output_parsers";
import {
  ChatPromptTemplate,
  HumanMessagePromptTemplate,
  PromptTemplate,
  SystemMessagePromptTemplate,
} from "@langchain/core/prompts";
import { RunnableLambda, RunnableSequence } from "@langchain/core/runnables";
import { DynamicTool, tool } from "@langchain/core/tools";
import { LangChainTracer } from "@langchain/core/tracers/tracer_langchain";
import { interrupt, MemorySaver, StateGraph } from "@langchain/langgraph";
import { createReactAgent } from "@langchain/langgraph/prebuilt";
import { ChatOpenAI, OpenAIEmbeddings } from "@langchain/openai";
import { PineconeStore } from "@langchain/pinecone";

const model = new ChatOpenAI({
  model: "gpt-4o-2024-08-06",
  maxTokens: 400,
  timeout: 20_000,
  apiKey: "placeholder", // expect: sink(credential)
});
const embeddings = new OpenAIEmbeddings({ model: "text-embedding-3-small" });
const answerFormat = StructuredOutputParser.fromNamesAndDescriptions({ answer: "the answer" });

export async function chat(text: string, handbook: string) {
  const direct = await model.invoke([ // expect: llm, sink(messages), source(model-output)
    new SystemMessage("You answer questions about travel."), // expect: sink(system-prompt)
    new AIMessage("Hello."), // expect: sink(assistant-prompt)
    new HumanMessage(text), // expect: sink(user-prompt)
  ]);
  const checked = model.withStructuredOutput({ type: "object" }); // expect: control(output-check)
  const object = await checked.invoke(text); // expect: llm, sink(messages), source(model-output)
  const other = await initChatModel("gpt-4o", { timeout: 10_000 });
  const bound = other.bindTools([lookUp, clock]);
  const stream = await bound.stream(text); // expect: llm, sink(messages), source(model-output)
  const prompt = ChatPromptTemplate.fromMessages([ // expect: sink(messages)
    ["system", handbook],
    ["human", "{question}"],
  ]);
  const chain = prompt.pipe(model).pipe(new StringOutputParser());
  const written = await chain.invoke({ question: text }); // expect: llm, sink(user-prompt), source(model-output)
  const sequence = RunnableSequence.from([prompt, model]);
  const batch = await sequence.batch([{ question: text }]); // expect: llm, sink(user-prompt), source(model-output)
  const parsed = await answerFormat.parse(written); // expect: control(output-check)
  const short = model.pipe(new StringOutputParser());
  await short.stream(text); // expect: llm, sink(messages), sink(user-prompt), source(model-output)
  return [direct.content, object, stream, batch, parsed, RunnableLambda.from((x: string) => x)];
}

export async function templates(text: string) {
  const shared = await hub.pull("rlm/rag-prompt"); // expect: prompt-load
  const system = SystemMessagePromptTemplate.fromTemplate("You translate."); // expect: sink(system-prompt)
  const human = HumanMessagePromptTemplate.fromTemplate("{text}"); // expect: sink(user-prompt)
  const plain = new PromptTemplate({
    template: "Translate: {text}", // expect: sink(user-prompt)
    inputVariables: ["text"],
  });
  const formatted = await plain.format({ text });
  const old = new LLMChain({ llm: model, prompt: plain });
  const answer = await old.call({ text }); // expect: llm, sink(user-prompt), source(model-output)
  return [shared, system, human, formatted, answer];
}

export async function retrieve(question: string, userId: string) {
  const store = await PineconeStore.fromExistingIndex(embeddings, {
    namespace: userId, // expect: sink(retrieval-filter)
  });
  await store.addDocuments([]); // expect: index
  const found = await store.similaritySearch( // expect: retrieval, source(retrieved)
    question, // expect: sink(retrieval-query)
    4,
    { userId }, // expect: sink(retrieval-filter)
  );
  const retriever = new SupabaseVectorStore(embeddings, {}).asRetriever({ filter: { userId } }); // expect: sink(retrieval-filter)
  const more = await retriever.invoke(question); // expect: retrieval, sink(retrieval-query), source(retrieved)
  const vector = await embeddings.embedQuery(question); // expect: embedding
  const qa = ConversationalRetrievalQAChain.fromLLM(model, retriever);
  const answer = await qa.invoke({ question }); // expect: llm, sink(user-prompt), source(model-output)
  const rag = await createRetrievalChain({ retriever, combineDocsChain: qa });
  return [found, more, vector, answer, await rag.invoke({ input: question })]; // expect: llm, sink(user-prompt), source(model-output)
}

const lookUp = tool( // expect: tool
  async ({ id }: { id: string }) => interrupt(id), // expect: control(approval), source(tool-arguments)
  {
    name: "look_up",
    description: "Looks up a booking.", // expect: sink(tool-description)
  },
);
const clock = new DynamicTool({ // expect: tool
  name: "clock",
  description: "Tells the time.", // expect: sink(tool-description)
  func: async () => "noon",
});

export async function agents(text: string, threadId: string) {
  const saver = new MemorySaver(); // expect: checkpointer
  const memory = new BufferMemory({ // expect: memory
    chatHistory: new UpstashRedisChatMessageHistory({ // expect: memory
      sessionId: threadId, // expect: sink(cache-key)
    }),
  });
  const agent = createReactAgent({
    llm: model,
    tools: [lookUp],
    checkpointer: saver,
    prompt: "You plan trips.", // expect: sink(system-prompt)
  });
  const first = await agent.invoke( // expect: llm, source(model-output)
    { messages: [{ role: "user", content: text }] }, // expect: sink(messages)
    { configurable: { thread_id: threadId }, recursionLimit: 8 },
  );
  const runnable = createToolCallingAgent({ llm: model, tools: [clock], prompt: ChatPromptTemplate.fromTemplate("{input}") }); // expect: sink(user-prompt)
  const executor = new AgentExecutor({ agent: runnable, tools: [clock], maxIterations: 4, memory });
  const second = await executor.invoke({ input: text }); // expect: llm, sink(user-prompt), source(model-output)
  const third = createAgent({
    model: "openai:gpt-4o",
    tools: [lookUp],
    systemPrompt: "You book trips.", // expect: sink(system-prompt)
    middleware: [
      humanInTheLoopMiddleware({ interruptOn: { look_up: true } }), // expect: control(approval)
      piiMiddleware("email"), // expect: control(pii-redaction)
    ],
  });
  const graph = new StateGraph({ channels: {} })
    .addNode("write", write)
    .addEdge("__start__", "write")
    .compile({ checkpointer: saver });
  const fourth = await graph.invoke({ messages: [text] }, { configurable: { thread_id: threadId } }); // expect: llm, sink(messages), source(model-output)
  const tracer = new LangChainTracer(); // expect: control(tracing)
  return [first, second, await third.invoke({ messages: [] }), fourth, tracer]; // expect: llm, sink(messages), source(model-output)
}

async function write(state: { messages: string[] }) {
  return { messages: state.messages };
}

// What the LangGraph server runs; a graph that no other module can see is none.
export const served = new StateGraph({ channels: {} }).addNode("write", write).compile().withConfig({ runName: "served" }); // expect: entry
const hidden = new StateGraph({ channels: {} }).addNode("write", write).compile();

export async function pickAndDeep(question: string, tools: any[]) {
  const rag = await createRetrievalChain({ retriever: null, combineDocsChain: null });
  await rag.pick("answer").stream({ input: question }); // expect: llm, sink(user-prompt), source(model-output)
  const deep = createDeepAgent({ tools, model: "gpt-4o-2024-11-20" });
  return deep.invoke({ messages: [{ role: "user", content: question }] }); // expect: llm, sink(messages), source(model-output)
}
