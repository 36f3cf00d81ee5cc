use axum::Json;
use axum_valid::Valid;
use jsonwebtoken::{decode, Algorithm, DecodingKey, Validation};
use validator::Validate;

#[derive(serde::Deserialize, Validate)]
struct Ask {
    #[validate(length(min = 1, max = 500))]
    text: String,
}

async fn ask(Valid(Json(ask)): Valid<Json<Ask>>) -> String { // expect: control(request-validation)
    ask.text
}

fn checked(ask: &Ask) -> bool {
    Validate::validate(ask).is_ok() // expect: control(request-validation)
}

fn caller(token: &str, key: &[u8]) -> Option<serde_json::Value> {
    let key = DecodingKey::from_secret(key); // expect: sink(credential)
    decode::<serde_json::Value>(token, &key, &Validation::new(Algorithm::HS256)).ok().map(|t| t.claims) // expect: control(authentication), source(principal)
}
