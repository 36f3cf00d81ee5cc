use actix_governor::{Governor, GovernorConfigBuilder};
use actix_web::middleware::from_fn;
use actix_web::{get, post, web, App, HttpRequest, HttpResponse, HttpServer, Responder};
use actix_web_httpauth::extractors::bearer::BearerAuth;
use actix_web_httpauth::middleware::HttpAuthentication;

#[post("/chat")]
async fn chat(body: web::Json<String>, state: web::Data<u32>) -> impl Responder { // expect: entry, control(request-validation)
    HttpResponse::Ok().json(format!("{} {}", body.into_inner(), state.get_ref())) // expect: sink(response)
}

#[get("/page/{id}")]
async fn page(path: web::Path<String>, request: HttpRequest) -> impl Responder { // expect: entry
    let size = request.headers().len(); // expect: source(headers)
    web::Json(format!("{path} {size}"))
}

async fn stats() -> &'static str { // expect: entry
    "none"
}

async fn whole(user: BearerAuth) -> String { // expect: entry
    user.token().to_owned()
}

fn routes(config: &mut web::ServiceConfig) {
    config.service(page).route("/stats", web::get().to(stats));
}

async fn serve() -> std::io::Result<()> {
    let limits = GovernorConfigBuilder::default().per_second(2).burst_size(5).finish();
    HttpServer::new(move || {
        App::new()
            .app_data(web::JsonConfig::default().limit(4096)) // expect: control(input-limit)
            .wrap(from_fn(pass))
            .wrap(Governor::new(&limits)) // expect: control(rate-limit)
            .service(chat)
            .service(web::resource("/whole").wrap(HttpAuthentication::bearer(check)).to(whole)) // expect: control(authentication)
            .service(web::resource("/part").route(web::get().wrap(from_fn(pass)).to(stats)))
            .configure(routes)
    })
    .bind(("127.0.0.1", 8080))?
    .run()
    .await
}

struct Caller(String);

impl actix_web::FromRequest for Caller {
    type Error = actix_web::Error;

    fn from_request(request: &HttpRequest, payload: &mut actix_web::dev::Payload) -> Ready<Result<Self, Self::Error>> {
        ready(Ok(Caller(request.path().to_owned())))
    }
}

struct Guard;

impl<S> actix_web::dev::Transform<S, ServiceRequest> for Guard {
    type Transform = Guarded<S>;

    fn new_transform(&self, service: S) -> Ready<Result<Guarded<S>, ()>> {
        ready(Ok(Guarded { service }))
    }
}
