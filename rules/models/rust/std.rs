use std::collections::{BTreeMap, HashMap};
use std::process::Command;

struct Store {
    answers: HashMap<String, String>,
}

impl Store {
    fn known(&mut self, question: &str) -> Option<String> {
        let found = self.answers.get(question).cloned(); // expect: cache-read, sink(cache-key)
        self.answers.insert(question.to_owned(), "yes".to_owned()); // expect: cache-write, sink(cache-key), sink(cache-value)
        self.answers.clear();
        found
    }
}

fn local(key: String) -> BTreeMap<String, u32> {
    let mut seen = BTreeMap::new();
    seen.insert(key, 1); // expect: cache-write, sink(cache-key), sink(cache-value)
    seen
}

async fn run(name: String, question: String) -> std::io::Result<String> {
    println!("asked {question}"); // expect: log, sink(log)
    eprintln!("name {}", name); // expect: log, sink(log)
    let key = std::env::var("API_KEY").unwrap_or_default(); // expect: source(secret)
    Command::new("sh") // expect: sink(shell)
        .arg("-c") // expect: sink(shell)
        .arg(&question) // expect: sink(shell)
        .status()?;
    tokio::process::Command::new(&name).kill_on_drop(true).spawn()?; // expect: sink(shell)
    std::fs::write(&name, &key)?; // expect: sink(file-path)
    let text = tokio::fs::read_to_string(&name).await?; // expect: sink(file-path), source(retrieved)
    let leaf = std::path::Path::new(&name).file_name();
    drop(leaf);
    let file = std::fs::File::open(&name)?; // expect: sink(file-path)
    let task = tokio::spawn(async move { question.len() });
    let timed = tokio::time::timeout(std::time::Duration::from_secs(1), async { 1 }).await;
    let (one, two) = tokio::join!(async { 1 }, async { 2 });
    drop((file, task, timed, one, two));
    Ok(text)
}
