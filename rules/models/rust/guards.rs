use actix_identity::Identity;
use actix_web::{post, web, HttpResponse};
use actix_web_validator::Json;
use jwt_simple::prelude::HS256Key;
use limitador::RateLimiter;
use stretto::Cache;

async fn count(limiter: &RateLimiter, user: &str) {
    let _ = limiter.check_rate_limited_and_update(&user.into(), &context(user), 1, false); // expect: control(rate-limit)
}

fn bounded() {
    let limiter = actix_limitation::Limiter::builder("redis://127.0.0.1").limit(20).build(); // expect: control(rate-limit)
    let app = actix_web::App::new().wrap(actix_limitation::RateLimiter::default()); // expect: control(rate-limit)
    drop((limiter, app));
}

fn paced() {
    let limiter = salvo::rate_limiter::RateLimiter::new(guard(), store(), issuer(), quota()); // expect: control(rate-limit)
    drop(limiter);
}

#[rocket::get("/ask")]
fn rocket_ask(limit: rocket_governor::RocketGovernor<'_, Guard>) -> String { // expect: entry
    drop(limit);
    String::new()
}

#[post("/ask")]
async fn ask(body: Json<Ask>, user: Identity) -> HttpResponse { // expect: entry
    drop(body);
    HttpResponse::Ok().json(user.id()) // expect: sink(response), source(principal)
}

fn check(schema: &serde_json::Value, value: &serde_json::Value, key: &HS256Key, token: &str) -> anyhow::Result<()> {
    jsonschema::validator_for(schema)?.validate(value)?; // expect: control(request-validation)
    let claims = key.verify_token::<Claims>(token, None)?; // expect: control(authentication), source(principal)
    drop(claims);
    Ok(())
}

fn cached(cache: &Cache<String, String>, key: &str) -> Option<String> {
    cache.insert(key.to_owned(), "value".to_owned(), 1); // expect: cache-write, sink(cache-key), sink(cache-value)
    cache.get(key).map(|found| found.value().clone()) // expect: cache-read, sink(cache-key)
}
