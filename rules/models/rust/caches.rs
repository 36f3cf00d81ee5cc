use cached::proc_macro::cached;
use dashmap::DashMap;
use lru::LruCache;
use moka::future::Cache;
use redis::AsyncCommands;

#[cached(size = 100, key = "String", convert = "{ text.to_owned() }")] // expect: cache-wrap, sink(cache-key)
fn slow(text: &str) -> usize {
    text.len()
}

struct Answers {
    map: DashMap<String, String>,
}

impl Answers {
    fn put(&self, question: String, answer: String) {
        self.map.insert(question, answer); // expect: cache-write, sink(cache-key), sink(cache-value)
    }
}

async fn remember(user: &str, question: String, recent: &mut LruCache<String, String>) -> Option<String> {
    let cache = Cache::builder().max_capacity(100).build();
    cache.insert(question.clone(), user.to_owned()).await; // expect: cache-write, sink(cache-key), sink(cache-value)
    let made = cache.get_with(question.clone(), async { "yes".to_owned() }).await; // expect: cache-write, sink(cache-key), sink(cache-value)
    recent.put(made, question.clone()); // expect: cache-write, sink(cache-key), sink(cache-value)
    recent.get(&question).cloned() // expect: cache-read, sink(cache-key)
}

async fn shared(user: &str, text: &str) -> redis::RedisResult<String> {
    let client = redis::Client::open("redis://localhost/")?;
    let mut connection = client.get_multiplexed_async_connection().await?;
    connection.set::<_, _, ()>(format!("draft:{user}"), text).await?; // expect: cache-write, sink(cache-key), sink(cache-value)
    connection.set_ex::<_, _, ()>("last", text, 60).await?; // expect: cache-write, sink(cache-key), sink(cache-value)
    connection.hset::<_, _, _, ()>("drafts", user, text).await?; // expect: cache-write, sink(cache-key), sink(cache-value)
    connection.expire::<_, ()>("last", 60).await?;
    connection.get(format!("draft:{user}")).await // expect: cache-read, sink(cache-key)
}
