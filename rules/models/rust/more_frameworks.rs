use dropshot::endpoint;
use leptos::prelude::server;
use matrix_sdk::Client as MatrixClient;
use ntex::web;
use rdkafka::consumer::StreamConsumer;
use salvo::prelude::{handler, Request, Router};
use slack_morphism::listener::SlackSocketModeListenerCallbacks;
use spin_sdk::http_component;
use tokio_cron_scheduler::Job;

#[handler]
async fn salvo_ask(request: &mut Request) -> String { // expect: entry
    request.parse_json().await.unwrap_or_default()
}

#[handler]
async fn salvo_guard(request: &mut Request) -> bool { // expect: entry
    request.header::<String>("x").is_some()
}

fn salvo_app() -> Router {
    let inner = Router::with_path("ask").post(salvo_ask);
    Router::new().hoop(salvo_guard).push(inner)
}

#[server]
async fn leptos_ask(text: String) -> Result<String, ServerFnError> { // expect: entry
    Ok(text)
}

#[dioxus::prelude::server]
async fn dioxus_ask(text: String) -> Result<String, ServerFnError> { // expect: entry
    Ok(text)
}

async fn tide_ask(request: tide::Request<()>) -> tide::Result { // expect: entry
    Ok(request.into())
}

fn tide_app() {
    let mut app = tide::new();
    app.with(Guard);
    app.at("/ask").post(tide_ask);
}

#[web::post("/ask")]
async fn ntex_ask(text: String) -> String { // expect: entry
    text
}

fn ntex_app() {
    let app = web::App::new().wrap(Guard).service(ntex_ask);
    drop(app);
}

#[worker::event(fetch)]
async fn fetch(request: worker::Request, env: worker::Env, context: worker::Context) -> worker::Result<worker::Response> { // expect: entry
    let router = worker::Router::new();
    router.post_async("/ask", worker_ask).run(request, env).await
}

async fn worker_ask(request: worker::Request, context: worker::RouteContext<()>) -> worker::Result<worker::Response> { // expect: entry
    worker::Response::from_json(&request.text().await?)
}

#[http_component]
async fn spin_ask(request: spin_sdk::http::Request) -> String { // expect: entry
    request.uri().to_owned()
}

#[endpoint { method = POST, path = "/ask" }]
async fn dropshot_ask(body: dropshot::TypedBody<String>) -> String { // expect: entry
    body.into_inner()
}

#[tauri::command]
async fn tauri_ask(text: String) -> String {
    text
}

fn rpc() {
    let mut module = jsonrpsee::RpcModule::new(());
    module.register_async_method("ask", rpc_ask);
}

async fn rpc_ask(parameters: jsonrpsee::types::Params<'static>) -> String { // expect: entry
    parameters.one().unwrap_or_default()
}

struct Tools;

impl rust_mcp_sdk::mcp_server::ServerHandler for Tools {
    async fn handle_call_tool_request(&self, request: CallToolRequest) -> Result<CallToolResult, CallToolError> { // expect: entry
        Ok(request.into())
    }
}

async fn matrix_ask(event: OriginalSyncRoomMessageEvent) { // expect: entry
    drop(event);
}

fn matrix(client: MatrixClient) {
    client.add_event_handler(matrix_ask);
}

async fn slack_ask(event: SlackPushEventCallback) { // expect: entry
    drop(event);
}

fn slack() {
    let callbacks = SlackSocketModeListenerCallbacks::new().with_push_events(slack_ask);
    drop(callbacks);
}

struct Nightly;

impl fang::AsyncRunnable for Nightly {
    async fn run(&self, queue: &dyn fang::AsyncQueueable) -> Result<(), fang::FangError> {
        Ok(())
    }
}

fn cron() {
    let job = Job::new_async("0 0 * * * *", |id, lock| Box::pin(async move { drop((id, lock)) }));
    drop(job);
}

#[celery::task]
async fn celery_ask(text: String) -> String { // expect: entry
    text
}

async fn consume(consumer: &StreamConsumer) {
    let message = consumer.recv().await; // expect: source(untrusted)
    drop(message);
}
