use allms::llm::OpenAIModels;
use allms::Completions;
use candle_transformers::models::llama::Llama as CandleLlama;
use chatgpt::prelude::ChatGPT;
use fastembed::TextEmbedding;
use gemini_rust::Gemini;
use google_generative_ai_rs::v1::api::Client as GoogleClient;
use groq_api_rust::AsyncGroqClient;
use kalosm::language::Llama;
use llama_cpp_2::context::LlamaContext;
use llm_chain::step::Step;
use mistralai_client::v1::client::Client as MistralClient;
use openai_api_rs::v1::api::OpenAIClient;
use openai_api_rs::v1::chat_completion::ChatCompletionRequest;
use openai_dive::v1::api::Client as DiveClient;
use openrouter_rs::OpenRouterClient;
use swiftide::agents::Agent;
use swiftide::indexing::Pipeline as IndexPipeline;
use swiftide::integrations::openai::OpenAI;
use swiftide::query;
use swiftide::traits::SimplePrompt;
use tokenizers::Tokenizer;

async fn swift(text: &str, model: &dyn SimplePrompt, search: Strategy) -> anyhow::Result<()> {
    let llm = OpenAI::builder().default_prompt_model("gpt-4o-mini").build()?;
    let mut agent = Agent::builder().llm(&llm).system_prompt("You mend code.").limit(10).build()?; // expect: sink(system-prompt)
    agent.query(text).await?; // expect: llm, sink(user-prompt), source(model-output)
    let reply = model.prompt(text.into()).await?; // expect: llm, sink(messages), source(model-output)
    let answer = query::Pipeline::from_search_strategy(search).then_answer(llm).query(text).await?; // expect: llm, sink(user-prompt), source(model-output)
    IndexPipeline::from_loader(Loader).then(Chunk).run().await?; // expect: index
    drop((reply, answer));
    Ok(())
}

async fn local(text: &str, context: &mut LlamaContext<'_>, batch: Batch, weights: &CandleLlama) -> anyhow::Result<()> {
    let llama = Llama::new_chat().await?;
    let raw = llama(text); // expect: llm, sink(user-prompt), source(model-output)
    let small = Llama::builder().with_source(source()).build().await?;
    drop(small.complete(text)); // expect: llm, sink(user-prompt), source(model-output)
    let mut chat = llama.chat().with_system_prompt("You name seas."); // expect: sink(system-prompt)
    let reply = chat(text); // expect: llm, sink(user-prompt), source(model-output)
    context.decode(&mut batch)?; // expect: llm
    let logits = weights.forward(&tensor(), 0)?; // expect: llm, source(model-output)
    let step = Step::for_prompt_template("Say {{text}}").run(&parameters(text), &executor()).await?; // expect: llm, sink(user-prompt), source(model-output)
    drop((raw, reply, logits, step));
    Ok(())
}

async fn hosted(text: &str, key: &str, messages: Vec<Message>) -> anyhow::Result<()> {
    let client = OpenAIClient::builder().with_api_key(key).build()?;
    let request = ChatCompletionRequest::new("gpt-4o".to_owned(), messages.clone()); // expect: sink(messages)
    let a = client.chat_completion(request).await?; // expect: llm, source(model-output)
    let b = DiveClient::new(key.to_owned()).chat().create(parameters(text)).await?; // expect: llm, source(model-output)
    let c = openai::chat::ChatCompletion::builder("gpt-4o", messages.clone()).max_tokens(50).create().await?; // expect: llm, sink(messages), source(model-output)
    let d = ChatGPT::new(key)?.send_message(text).await?; // expect: llm, sink(user-prompt), source(model-output)
    let e = misanthropic::Client::new(key.to_owned())?.message(parameters(text)).await?; // expect: llm, sink(messages), source(model-output)
    let claude = anthropic::client::ClientBuilder::default().build()?;
    let f = claude.complete(parameters(text)).await?; // expect: llm, sink(messages), source(model-output)
    let g = Gemini::new(key) // expect: llm, source(model-output)
        .generate_content()
        .with_system_prompt("You name lakes.") // expect: sink(system-prompt)
        .with_user_message(text) // expect: sink(user-prompt)
        .with_max_output_tokens(50)
        .execute()
        .await?;
    let h = GoogleClient::new(key.to_owned()).post(30, &parameters(text)).await?; // expect: llm, sink(messages), source(model-output)
    let mistral = MistralClient::new(Some(key.to_owned()), None, None, None)?;
    let i = mistral.chat_async(Model::Small, messages.clone(), None).await?; // expect: llm, sink(messages), source(model-output)
    let j = AsyncGroqClient::new(key.to_owned(), None).await.chat_completion(parameters(text)).await?; // expect: llm, sink(messages), source(model-output)
    let router = OpenRouterClient::builder().api_key(key).build()?;
    let k = router.send_chat_completion(&parameters(text)).await?; // expect: llm, sink(messages), source(model-output)
    let l = Completions::new(OpenAIModels::Gpt4o, key, None, None).get_answer::<Reply>(text).await?; // expect: llm, sink(user-prompt), source(model-output)
    let vectors = TextEmbedding::try_new(Default::default())?.embed(vec![text], None)?; // expect: embedding
    let tokens = Tokenizer::from_file("tokenizer.json")?.encode(text, true)?; // expect: token-count
    drop((a, b, c, d, e, f, g, h, i, j, k, l, vectors, tokens));
    Ok(())
}
