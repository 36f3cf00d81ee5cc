use async_openai::config::OpenAIConfig;
use async_openai::types::{
    ChatCompletionRequestAssistantMessageArgs, ChatCompletionRequestMessage, ChatCompletionRequestSystemMessage,
    ChatCompletionRequestSystemMessageArgs, ChatCompletionRequestUserMessage, ChatCompletionRequestUserMessageArgs,
    CreateChatCompletionRequest, CreateChatCompletionRequestArgs, CreateCompletionRequestArgs,
    CreateEmbeddingRequestArgs, CreateModerationRequest,
};
use async_openai::types::responses::CreateResponseArgs;
use async_openai::Client;

struct Assistant {
    client: Client<OpenAIConfig>,
}

impl Assistant {
    fn new(key: String) -> Self {
        let config = OpenAIConfig::new().with_api_key(key); // expect: sink(credential)
        Assistant { client: Client::with_config(config) }
    }

    async fn answer(&self, text: &str) -> anyhow::Result<String> {
        let request = CreateChatCompletionRequestArgs::default()
            .model("gpt-4o-2024-08-06")
            .max_completion_tokens(400u32)
            .tools(Vec::new())
            .messages([ // expect: sink(messages)
                ChatCompletionRequestSystemMessageArgs::default()
                    .content("You answer questions about trains.") // expect: sink(system-prompt)
                    .build()?
                    .into(),
                ChatCompletionRequestUserMessageArgs::default()
                    .content(text) // expect: sink(user-prompt)
                    .build()?
                    .into(),
                ChatCompletionRequestAssistantMessageArgs::default()
                    .content("Which station?") // expect: sink(assistant-prompt)
                    .build()?
                    .into(),
            ])
            .build()?;
        let reply = self.client.chat().create(request.clone()).await?; // expect: llm, source(model-output)
        let stream = self.client.chat().create_stream(request).await?; // expect: llm, source(model-output)
        drop(stream);
        Ok(reply.choices[0].message.content.clone().unwrap_or_default())
    }
}

async fn literal(text: &str) -> anyhow::Result<()> {
    let client = Client::new();
    let request = CreateChatCompletionRequest {
        model: "gpt-4o".to_owned(),
        messages: vec![ // expect: sink(messages)
            ChatCompletionRequestMessage::System(ChatCompletionRequestSystemMessage::from("Be brief.")), // expect: sink(system-prompt)
            ChatCompletionRequestMessage::User(ChatCompletionRequestUserMessage::from(text)), // expect: sink(user-prompt)
        ],
        ..Default::default()
    };
    client.chat().create(request).await?; // expect: llm, source(model-output)
    Ok(())
}

async fn others(client: &Client<OpenAIConfig>, text: &str, thread: &str) -> anyhow::Result<()> {
    let old = CreateCompletionRequestArgs::default()
        .model("gpt-3.5-turbo-instruct")
        .prompt(text) // expect: sink(user-prompt)
        .max_tokens(40u32)
        .build()?;
    client.completions().create(old).await?; // expect: llm, source(model-output)
    let response = CreateResponseArgs::default()
        .model("gpt-4.1")
        .instructions("Answer in French.") // expect: sink(system-prompt)
        .input(text) // expect: sink(messages)
        .max_output_tokens(200u32)
        .build()?;
    client.responses().create(response).await?; // expect: llm, source(model-output)
    client.threads().runs(thread).create_stream(serde_json::json!({})).await?; // expect: llm, source(model-output)
    let vectors = CreateEmbeddingRequestArgs::default().model("text-embedding-3-small").input([text]).build()?; // expect: sink(messages)
    client.embeddings().create(vectors).await?; // expect: embedding
    let verdict = client.moderations().create(CreateModerationRequest::default()).await?; // expect: moderation, control(output-check)
    client.models().list().await?;
    drop(verdict);
    Ok(())
}
