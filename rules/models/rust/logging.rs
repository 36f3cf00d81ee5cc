use tracing::{info_span, instrument};

#[instrument(skip(text))] // expect: control(tracing)
async fn ask(user: u64, text: &str) {
    log::info!("asked by {user}"); // expect: log, sink(log)
    log::error!(target: "chat", "failed for {}", text); // expect: log, sink(log)
    tracing::debug!(user, %text, "asked"); // expect: log, sink(log)
    tracing::warn!(user = user, "slow"); // expect: log, sink(log)
    let span = info_span!("call", user); // expect: control(tracing), sink(log)
    drop(span);
}

#[instrument] // expect: control(tracing)
fn plain(logger: &slog::Logger, text: &str) {
    slog::info!(logger, "asked"; "text" => text); // expect: log, sink(log)
    let level = log::Level::Info;
    let _ = level;
}
