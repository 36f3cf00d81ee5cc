use std::num::NonZeroU32;
use std::time::Duration;

use axum::Router;
use axum_login::{login_required, AuthSession};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use tower::limit::RateLimitLayer;
use tower::ServiceBuilder;
use tower_governor::governor::GovernorConfigBuilder;
use tower_governor::GovernorLayer;
use tower_http::auth::AsyncRequireAuthorizationLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::trace::TraceLayer;
use tower_http::validate_request::ValidateRequestHeaderLayer;

fn guarded(router: Router) -> Router {
    let config = GovernorConfigBuilder::default().per_second(1).burst_size(5).finish().unwrap();
    let services = ServiceBuilder::new()
        .layer(TraceLayer::new_for_http()) // expect: control(tracing)
        .layer(RateLimitLayer::new(5, Duration::from_secs(1))) // expect: control(rate-limit)
        .layer(RequestBodyLimitLayer::new(4096)); // expect: control(input-limit)
    let own = ValidateRequestHeaderLayer::custom(accept);
    router
        .layer(services)
        .layer(own)
        .layer(ValidateRequestHeaderLayer::bearer("placeholder")) // expect: control(authentication)
        .layer(AsyncRequireAuthorizationLayer::new(admit)) // expect: control(authentication)
        .layer(GovernorLayer { config: config.into() }) // expect: control(rate-limit)
        .route_layer(login_required!(Backend, login_url = "/login")) // expect: control(authentication)
}

fn newer(config: tower_governor::governor::GovernorConfig<(), ()>) {
    let layer = GovernorLayer::new(config); // expect: control(rate-limit)
    let limited = ServiceBuilder::new().rate_limit(5, Duration::from_secs(1)); // expect: control(rate-limit)
    drop((layer, limited));
}

struct Backend;

async fn limit(limiter: &DefaultKeyedRateLimiter<String>, user: String, auth: AuthSession<Backend>) -> bool {
    let all = RateLimiter::direct(Quota::per_minute(NonZeroU32::MIN));
    let free = all.check().is_ok(); // expect: control(rate-limit)
    free && auth.user.is_some() && limiter.check_key(&user).is_ok() // expect: control(rate-limit), source(principal)
}

struct Guard;

impl<S> tower::Layer<S> for Guard {
    type Service = Guarded<S>;

    fn layer(&self, inner: S) -> Guarded<S> {
        Guarded { inner }
    }
}
