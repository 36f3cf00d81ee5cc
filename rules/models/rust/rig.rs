use rig::completion::CompletionRequest;
use rig::agent::Agent;
use rig::client::{CompletionClient, ProviderClient};
use rig::completion::{Chat, CompletionModel, Prompt};
use rig::embeddings::EmbeddingsBuilder;
use rig::providers::{anthropic, openai};
use rig::tool::Tool;
use rig::vector_store::in_memory_store::InMemoryVectorStore;
use rig::vector_store::VectorStoreIndex;

async fn ask(text: &str, history: Vec<rig::completion::Message>) -> anyhow::Result<String> {
    let client = openai::Client::from_env();
    let agent = client
        .agent("gpt-4o-2024-08-06")
        .preamble("You answer questions about plants.") // expect: sink(system-prompt)
        .max_tokens(400)
        .default_max_turns(3)
        .tool(Clock)
        .build();
    let first = agent.prompt(text).multi_turn(4).await?; // expect: llm, sink(user-prompt), source(model-output)
    let second = agent.chat(text, history).await?; // expect: llm, sink(user-prompt), sink(messages), source(model-output)
    let stream = agent.stream_prompt(text); // expect: llm, sink(user-prompt), source(model-output)
    drop(stream);
    Ok(first + &second)
}

async fn held<M: CompletionModel>(agent: &Agent<M>, text: &str) -> anyhow::Result<String> {
    Ok(agent.prompt(text).await?) // expect: llm, sink(user-prompt), source(model-output)
}

async fn lower(text: &str) -> anyhow::Result<()> {
    let client = anthropic::Client::new("placeholder");
    let model = client.completion_model("claude-sonnet-4-20250514");
    let reply = model // expect: llm, source(model-output)
        .completion_request(text) // expect: sink(user-prompt)
        .preamble("Be brief.".to_owned()) // expect: sink(system-prompt)
        .max_tokens(100)
        .send()
        .await?;
    let extractor = client.extractor::<String>("claude-sonnet-4-20250514").preamble("Find names.").build(); // expect: sink(system-prompt)
    let names = extractor.extract(text).await?; // expect: llm, sink(user-prompt), source(model-output)
    let raw = model.stream(Default::default()).await?; // expect: llm, source(model-output)
    drop((reply, names, raw));
    Ok(())
}

async fn streaming(agent: &Agent<openai::CompletionModel>, text: &str) -> anyhow::Result<()> {
    let events = agent.stream_completion(text, Vec::new()).await?.stream().await?; // expect: llm, sink(user-prompt), source(model-output)
    drop(events);
    Ok(())
}

async fn search(question: &str) -> anyhow::Result<()> {
    let client = openai::Client::from_env();
    let embedded = EmbeddingsBuilder::new(client.embedding_model("text-embedding-3-small")) // expect: embedding
        .documents(vec!["one".to_owned()])?
        .build()
        .await?;
    let store = InMemoryVectorStore::from_documents(embedded);
    let index = store.index(client.embedding_model("text-embedding-3-small"));
    let found = index.top_n::<String>(question, 3).await?; // expect: retrieval, sink(retrieval-query), source(retrieved)
    drop(found);
    Ok(())
}

async fn streamed(request: CompletionRequest, key: &str, url: &str) -> anyhow::Result<()> {
    let client = openai::Client::builder().api_key(key).base_url(url).build()?;
    let model = client.completion_model("gpt-4.1").completions_api();
    let _events = model.stream(request).await?; // expect: llm, source(model-output)
    Ok(())
}

struct Clock;

impl Tool for Clock {
    const NAME: &'static str = "clock";
    type Error = std::io::Error;
    type Args = String;
    type Output = String;

    async fn definition(&self, _prompt: String) -> rig::completion::ToolDefinition {
        rig::completion::ToolDefinition { name: "clock".into(), description: "Tells the time.".into(), parameters: ().into() }
    }

    async fn call(&self, args: String) -> Result<String, std::io::Error> { // expect: entry
        Ok(args)
    }
}
