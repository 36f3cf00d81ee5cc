use aws_sdk_bedrockruntime::types::{ContentBlock, InferenceConfiguration, SystemContentBlock};
use genai::chat::{ChatMessage, ChatOptions, ChatRequest};
use langchain_rust::chain::{Chain, LLMChainBuilder};
use langchain_rust::language_models::llm::LLM;
use langchain_rust::llm::openai::OpenAI;
use langchain_rust::schemas::Message;
use langchain_rust::vectorstore::pgvector::Store;
use langchain_rust::vectorstore::{VecStoreOptions, VectorStore};
use llm::builder::{LLMBackend, LLMBuilder};
use ollama_rs::coordinator::Coordinator;
use ollama_rs::generation::chat::request::ChatMessageRequest;
use ollama_rs::generation::completion::request::GenerationRequest;
use ollama_rs::models::ModelOptions;
use ollama_rs::Ollama;

async fn many(text: &str) -> anyhow::Result<()> {
    let client = genai::Client::default();
    let request = ChatRequest::new(vec![ // expect: sink(messages)
        ChatMessage::system("You name birds."), // expect: sink(system-prompt)
        ChatMessage::user(text), // expect: sink(user-prompt)
        ChatMessage::assistant("A robin?"), // expect: sink(assistant-prompt)
    ]);
    let options = ChatOptions::default().with_max_tokens(200);
    let reply = client.exec_chat("gpt-4o-mini", request, Some(&options)).await?; // expect: llm, sink(messages), source(model-output)
    let short = ChatRequest::from_system("Be brief.").append_message(ChatMessage::user(text)); // expect: sink(system-prompt), sink(messages), sink(user-prompt)
    let stream = client.exec_chat_stream("gpt-4o-mini", short, None).await?; // expect: llm, sink(messages), source(model-output)
    let built = genai::Client::builder().with_model_mapper(mapper()).build();
    let other = built.exec_chat("gpt-4o-mini", ChatRequest::from_user(text), None).await?; // expect: llm, sink(messages), sink(user-prompt), source(model-output)
    drop(other);
    let vector = client.embed("text-embedding-3-small", text, None).await?; // expect: embedding
    drop((reply, stream, vector));
    Ok(())
}

async fn local(text: &str) -> anyhow::Result<()> {
    let ollama = Ollama::default();
    let request = GenerationRequest::new("llama3.1".to_owned(), text) // expect: sink(user-prompt)
        .system("You name trees.") // expect: sink(system-prompt)
        .options(ModelOptions::default().num_predict(100));
    let reply = ollama.generate(request).await?; // expect: llm, source(model-output)
    let messages = vec![ollama_rs::generation::chat::ChatMessage::user(text.to_owned())]; // expect: sink(user-prompt)
    let chat = ollama.send_chat_messages(ChatMessageRequest::new("llama3.1".to_owned(), messages.clone())).await?; // expect: llm, sink(messages), source(model-output)
    let mut coordinator = Coordinator::new(ollama.clone(), "qwen2.5".to_owned(), Vec::new());
    let next = coordinator.chat(messages).await?; // expect: llm, sink(messages), source(model-output)
    let vector = ollama.generate_embeddings(Default::default()).await?; // expect: embedding
    drop((reply, chat, next, vector));
    Ok(())
}

async fn built(text: &str, key: &str) -> anyhow::Result<()> {
    let model = LLMBuilder::new()
        .backend(LLMBackend::OpenAI)
        .api_key(key) // expect: sink(credential)
        .model("gpt-4o-mini")
        .max_tokens(300)
        .timeout_seconds(20)
        .system("You name fish.") // expect: sink(system-prompt)
        .build()?;
    let messages = vec![llm::chat::ChatMessage::user().content(text).build()]; // expect: sink(user-prompt)
    let reply = model.chat(&messages).await?; // expect: llm, sink(messages), source(model-output)
    let vector = model.embed(vec![text.to_owned()]).await?; // expect: embedding
    drop((reply, vector));
    Ok(())
}

async fn chains(text: &str, store: Store) -> anyhow::Result<()> {
    let model = OpenAI::default().with_model("gpt-4o-mini");
    let direct = model.invoke(text).await?; // expect: llm, sink(messages), source(model-output)
    let listed = model.generate(&[Message::new_system_message("Be brief."), Message::new_human_message(text)]).await?; // expect: llm, sink(messages), sink(system-prompt), sink(user-prompt), source(model-output)
    let chain = LLMChainBuilder::new().prompt(template()).llm(model.clone()).build()?;
    let answer = chain.invoke(arguments(text)).await?; // expect: llm, sink(user-prompt), source(model-output)
    let found = store.similarity_search(text, 3, &VecStoreOptions::default()).await?; // expect: retrieval, sink(retrieval-filter), sink(retrieval-query), source(retrieved)
    drop((direct, listed, answer, found));
    Ok(())
}

async fn bedrock(client: &aws_sdk_bedrockruntime::Client, text: &str) -> anyhow::Result<()> {
    let reply = client // expect: llm, source(model-output)
        .converse()
        .model_id("anthropic.claude-3-5-haiku-20241022-v1:0")
        .system(SystemContentBlock::Text("You name cities.".to_owned())) // expect: sink(system-prompt)
        .set_messages(Some(vec![wrap(ContentBlock::Text(text.to_owned()))])) // expect: sink(user-prompt)
        .inference_config(InferenceConfiguration::builder().max_tokens(200).build())
        .send()
        .await?;
    drop(reply);
    Ok(())
}

async fn anthropic(request: async_anthropic::types::CreateMessagesRequest) -> anyhow::Result<()> {
    let reply = async_anthropic::Client::default().messages().create(request).await?; // expect: llm, source(model-output)
    let client = clust::Client::from_env()?;
    let other = client.create_a_message(clust::messages::MessagesRequestBody::default()).await?; // expect: llm, source(model-output)
    drop((reply, other));
    Ok(())
}

async fn embedded(messages: mistralrs::TextMessages, text: &str) -> anyhow::Result<usize> {
    let model = mistralrs::TextModelBuilder::new("microsoft/Phi-3.5-mini-instruct").build().await?;
    let reply = model.send_chat_request(messages).await?; // expect: llm, sink(messages), source(model-output)
    drop(reply);
    Ok(tiktoken_rs::cl100k_base()?.encode_with_special_tokens(text).len()) // expect: token-count
}
