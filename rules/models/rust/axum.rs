use axum::extract::ws::{WebSocket, WebSocketUpgrade};
use axum::extract::{DefaultBodyLimit, Path, Query, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::{self, Next};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{any, get, post};
use axum::{Json, Router};
use axum_extra::headers::UserAgent;
use axum_extra::routing::{RouterExt, TypedPath};
use axum_extra::TypedHeader;

#[derive(Clone)]
struct AppState {
    name: String,
}

#[derive(serde::Deserialize)]
struct Ask {
    text: String,
}

fn app(state: AppState) -> Router {
    let admin = Router::new().route("/stats", get(stats).layer(middleware::from_fn(guard)));
    Router::new()
        .route("/chat", post(chat).get(page))
        .route("/ws", any(socket))
        .nest("/admin", admin)
        .merge(extra())
        .merge(typed())
        .fallback(missing)
        .layer(DefaultBodyLimit::max(65_536)) // expect: control(input-limit)
        .route_layer(middleware::from_fn_with_state(state.clone(), stateful))
        .with_state(state)
}

fn extra() -> Router<AppState> {
    Router::default().route("/files/{name}", get(file))
}

#[derive(TypedPath, serde::Deserialize)]
#[typed_path("/threads/{id}")]
struct Thread {
    id: u64,
}

fn typed() -> Router<AppState> {
    Router::new().typed_get(read_thread).typed_post(write_thread).route_with_tsr("/tidy", get(tidy))
}

async fn read_thread(Thread { id }: Thread) -> String { // expect: entry
    id.to_string()
}

async fn write_thread(thread: Thread, body: String) -> String { // expect: entry
    format!("{} {body}", thread.id)
}

async fn tidy() -> StatusCode { // expect: entry
    StatusCode::OK
}

async fn chat(State(state): State<AppState>, headers: HeaderMap, Json(ask): Json<Ask>) -> impl IntoResponse { // expect: entry, control(request-validation)
    Json(format!("{} {} {}", state.name, ask.text, headers.len())) // expect: sink(response)
}

async fn page(Query(ask): Query<Ask>) -> Html<String> { // expect: entry
    Html(ask.text) // expect: sink(html)
}

async fn stats(TypedHeader(_agent): TypedHeader<UserAgent>) -> &'static str { // expect: entry
    "none"
}

async fn file(Path(name): Path<String>) -> String { // expect: entry
    name
}

async fn missing() -> StatusCode { // expect: entry
    StatusCode::NOT_FOUND
}

async fn socket(upgrade: WebSocketUpgrade) -> Response { // expect: entry
    upgrade.on_upgrade(talk)
}

async fn talk(mut socket: WebSocket) {
    let _ = socket.recv().await;
}

async fn guard(request: Request, next: Next) -> Response {
    next.run(request).await
}

async fn stateful(State(_state): State<AppState>, request: Request, next: Next) -> Response {
    next.run(request).await
}

struct Caller(String);

impl<S: Send + Sync> axum::extract::FromRequestParts<S> for Caller {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, StatusCode> {
        Ok(Caller(parts.uri.to_string()))
    }
}
