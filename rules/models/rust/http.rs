use std::time::Duration;

use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::{Request, Response};

struct Api {
    client: reqwest::Client,
}

impl Api {
    fn new() -> reqwest::Result<Self> {
        Ok(Api { client: reqwest::Client::builder().timeout(Duration::from_secs(20)).build()? })
    }

    async fn ask(&self, key: &str, url: &str) -> reqwest::Result<String> {
        let reply = self // expect: http, source(retrieved)
            .client
            .post("https://api.openai.com/v1/chat/completions") // expect: sink(url)
            .bearer_auth(key) // expect: sink(credential)
            .header("x-api-key", key) // expect: sink(credential)
            .timeout(Duration::from_secs(5))
            .send()
            .await?;
        let other = self.client.request(reqwest::Method::GET, url).basic_auth("me", Some(key)).send().await?; // expect: http, sink(url), sink(credential), source(retrieved)
        let page = reqwest::get(url).await?; // expect: http, sink(url), source(retrieved)
        let again = ureq::get(url).call(); // expect: http, sink(url), source(retrieved)
        drop((other, page, again));
        reply.text().await
    }
}

async fn handle(request: Request<Incoming>) -> Result<Response<String>, hyper::Error> { // expect: entry
    Ok(Response::new(request.uri().to_string()))
}

fn serve() {
    let service = service_fn(handle);
    drop(service);
}

struct Front;

impl hyper::service::Service<Request<Incoming>> for Front {
    type Response = Response<String>;
    type Error = hyper::Error;

    async fn call(&self, request: Request<Incoming>) -> Result<Response<String>, hyper::Error> { // expect: entry
        Ok(Response::new(request.uri().to_string()))
    }
}
