use async_graphql::Object;
use juniper::graphql_object;
use poem::middleware::SizeLimit;
use poem::{EndpointExt, Route};
use poem_openapi::OpenApi;
use proxy_wasm::traits::{Context, HttpContext};
use proxy_wasm::types::Action;
use rocket::serde::json::Json;
use serenity::prelude::EventHandler;
use warp::Filter;

#[rocket::post("/chat", data = "<body>")]
async fn chat(body: Json<String>) -> String { // expect: entry, control(request-validation)
    body.into_inner()
}

fn rocket_app() -> rocket::Rocket<rocket::Build> {
    rocket::build().attach(Limits).mount("/api", rocket::routes![chat])
}

async fn warp_chat(text: String) -> Result<String, warp::Rejection> { // expect: entry
    Ok(text)
}

fn warp_app() {
    let limit = warp::body::content_length_limit(4096); // expect: control(input-limit)
    let app = warp::path("chat").and(limit).and(warp::body::json()).and_then(warp_chat);
    drop(app);
}

#[poem::handler]
async fn poem_chat(text: String) -> String { // expect: entry
    text
}

#[poem::handler]
fn poem_page() -> String { // expect: entry
    "page".to_owned()
}

fn poem_app() {
    let inner = Route::new().at("/chat", poem::post(poem_chat).get(poem_page));
    let app = Route::new().nest("/api", inner).with(SizeLimit::new(4096)); // expect: control(input-limit)
    drop(app);
}

struct Api;

#[OpenApi]
impl Api {
    #[oai(path = "/hello", method = "get")]
    async fn hello(&self) -> String { // expect: entry
        "hello".to_owned()
    }
}

struct Query;

#[graphql_object]
impl Query {
    async fn answer(&self, question: String) -> String { // expect: entry
        question
    }
}

struct Second;

#[Object]
impl Second {
    async fn answer(&self, question: String) -> String { // expect: entry
        question
    }
}

struct Service;

#[tonic::async_trait]
impl Greeter for Service {
    async fn greet(&self, request: tonic::Request<String>) -> Result<tonic::Response<String>, tonic::Status> { // expect: entry
        Ok(tonic::Response::new(request.into_inner()))
    }
}

struct Stream;

impl Context for Stream {
    fn on_http_call_response(&mut self, _token: u32, _headers: usize, _size: usize, _trailers: usize) {} // expect: entry
}

impl HttpContext for Stream {
    fn on_http_request_body(&mut self, _size: usize, _end: bool) -> Action { // expect: entry
        Action::Continue
    }
}

struct Tools;

impl Tools {
    #[rmcp::tool(description = "Adds a note")]
    async fn add(&self, text: String) -> String { // expect: entry
        text
    }
}

struct Handler;

#[serenity::async_trait]
impl EventHandler for Handler {
    async fn message(&self, context: serenity::prelude::Context, message: serenity::model::channel::Message) { // expect: entry
        drop((context, message));
    }
}

#[poise::command(slash_command)]
async fn ask(context: poise::Context<'_, (), ()>, text: String) -> Result<(), ()> { // expect: entry
    drop((context, text));
    Ok(())
}

async fn bots(bot: teloxide::Bot) {
    teloxide::repl(bot, on_message).await;
}

async fn on_message(message: teloxide::types::Message) { // expect: entry
    drop(message);
}

async fn on_request(request: lambda_http::Request) -> Result<String, lambda_http::Error> { // expect: entry
    drop(request);
    Ok(String::new())
}

async fn lambda() {
    let service = lambda_http::service_fn(on_request);
    drop(service);
}

async fn on_job(job: String) { // expect: entry
    drop(job);
}

fn worker(storage: apalis::prelude::MemoryStorage<String>) {
    let worker = apalis::prelude::WorkerBuilder::new("answers").backend(storage).build_fn(on_job);
    drop(worker);
}

struct Caller(String);

impl<'r> rocket::request::FromRequest<'r> for Caller {
    type Error = ();

    async fn from_request(request: &'r rocket::Request<'_>) -> rocket::request::Outcome<Self, ()> {
        rocket::request::Outcome::Success(Caller(request.uri().to_string()))
    }
}

struct Guard;

impl<E: poem::Endpoint> poem::Middleware<E> for Guard {
    type Output = Guarded<E>;

    fn transform(&self, endpoint: E) -> Guarded<E> {
        Guarded { endpoint }
    }
}
