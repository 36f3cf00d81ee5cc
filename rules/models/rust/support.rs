use bollard::Docker;
use handlebars::Handlebars;
use minijinja::Environment;
use opentelemetry::global;
use opentelemetry::trace::{Span, Tracer};
use rhai::Engine;
use tera::Tera;

fn fill(templates: &Tera, context: &tera::Context, text: &str) -> anyhow::Result<String> {
    let first = templates.render("ask.txt", context)?;
    let mut environment = Environment::new();
    let second = environment.get_template("ask.txt")?.render(text)?; // expect: prompt-load
    let third = Handlebars::new().render_template("Say {{text}}", &text)?;
    let parser = liquid::ParserBuilder::with_stdlib().build()?;
    let fourth = parser.parse("Say {{text}}")?.render(&globals(text))?;
    Ok(first + &second + &third + &fourth)
}

fn secret() -> String {
    dotenvy::var("API_KEY").unwrap_or_default() // expect: source(secret)
}

async fn run(script: &str, docker: &Docker) -> anyhow::Result<()> {
    Engine::new().run(script)?; // expect: sink(code-execution)
    docker.create_container(options(), config(script)).await?; // expect: control(sandbox)
    Ok(())
}

fn check(text: &str) -> String {
    let censor = rustrict::Censor::from_str(text).censor(); // expect: control(output-check)
    ammonia::clean(&censor)
}

fn observe(text: &str) {
    let tracer = global::tracer("app");
    let mut span = tracer.start("ask"); // expect: control(tracing)
    span.set_attribute(attribute(text)); // expect: sink(log)
    metrics::counter!("asks").increment(1); // expect: control(tracing)
    spdlog::info!("asked {}", text); // expect: log, sink(log)
}

#[fastrace::trace] // expect: control(tracing)
async fn traced(text: &str) -> String {
    text.to_owned()
}
