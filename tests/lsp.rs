//! The language server, by a session of a client that speaks the protocol over the program's own streams.

#![expect(clippy::disallowed_methods, reason = "the test makes the folder that is opened and starts the program")]

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

#[path = "support/template.rs"]
mod template;

const APP: &str = "\
from fastapi import FastAPI
from openai import AsyncOpenAI

app = FastAPI()
client = AsyncOpenAI(timeout=30)


@app.post(\"/ask\")
async def ask(text: str):
    response = await client.responses.create(model=\"gpt-4o-2024-08-06\", input=text)
    return {\"grüße\": response.output_text}
";

/// An editor with one server.
struct Client {
    server: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    next: u64,
    /// Notifications that came while something else was awaited.
    heard: Vec<Value>,
    /// All that the server wrote.
    said: String,
}

impl Client {
    fn start() -> Client {
        let mut server = Command::new(assert_cmd::cargo::cargo_bin("launchlint"))
            .arg("lsp")
            .env_remove("LAUNCHLINT_CONFIG")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let input = server.stdin.take().expect("its input");
        let output = BufReader::new(server.stdout.take().expect("its output"));
        Client { server, input, output, next: 0, heard: Vec::new(), said: String::new() }
    }

    fn send(&mut self, message: &Value) {
        let body = message.to_string();
        write!(self.input, "Content-Length: {}\r\n\r\n{body}", body.len()).expect("the server reads");
        self.input.flush().expect("the server reads");
    }

    fn receive(&mut self) -> Value {
        let mut length = 0;
        loop {
            let mut line = String::new();
            assert!(self.output.read_line(&mut line).expect("the server writes") > 0, "the server left");
            if let Some(number) = line.trim().strip_prefix("Content-Length: ") {
                length = number.parse().expect("a length");
            }
            if line.trim().is_empty() {
                break;
            }
        }
        let mut body = vec![0; length];
        self.output.read_exact(&mut body).expect("a whole message");
        self.said.push_str(&String::from_utf8_lossy(&body));
        serde_json::from_slice(&body).expect("a message is JSON")
    }

    fn request(&mut self, method: &str, params: Value) -> Value {
        self.next += 1;
        let id = self.next;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        loop {
            let message = self.receive();
            if message["id"] == id {
                assert!(message["error"].is_null(), "{method}: {message}");
                return message["result"].clone();
            }
            self.heard.push(message);
        }
    }

    fn notify(&mut self, method: &str, params: Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    /// The next diagnostics of a document.
    fn diagnostics(&mut self, uri: &str) -> Vec<Value> {
        loop {
            let at = self.heard.iter().position(|message| message["params"]["uri"] == uri);
            if let Some(at) = at {
                let message = self.heard.remove(at);
                return message["params"]["diagnostics"].as_array().expect("diagnostics").clone();
            }
            let message = self.receive();
            self.heard.push(message);
        }
    }

    fn stop(mut self) {
        self.request("shutdown", Value::Null);
        self.notify("exit", Value::Null);
        assert!(self.server.wait().expect("the server ends").success());
    }
}

fn rules(diagnostics: &[Value]) -> Vec<&str> {
    diagnostics.iter().filter_map(|one| one["code"].as_str()).collect()
}

#[test]
fn an_editor_is_told_what_is_found_and_how_to_mend_it() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let root = folder.path().canonicalize().expect("it exists");
    let file = root.join("main.py");
    std::fs::write(&file, APP).expect("a file");
    let (root_uri, uri) = (format!("file://{}", root.display()), format!("file://{}", file.display()));
    let document = json!({ "uri": uri });

    let mut client = Client::start();
    let about = client.request("initialize", json!({ "processId": null, "rootUri": root_uri, "capabilities": {} }));
    assert_eq!(about["capabilities"]["hoverProvider"], true);
    client.notify("initialized", json!({}));
    client.notify(
        "textDocument/didOpen",
        json!({ "textDocument": { "uri": uri, "languageId": "python", "version": 1, "text": APP } }),
    );
    let found = client.diagnostics(&uri);
    assert!(rules(&found).contains(&"missing-rate-limit"), "{found:?}");
    let generation = found.iter().find(|one| one["code"] == "unbounded-generation").expect("an unbounded call").clone();
    assert_eq!(generation["range"]["start"]["line"], 9);
    assert_eq!(generation["source"], "launchlint");

    let position = generation["range"]["start"].clone();
    let hover = client.request("textDocument/hover", json!({ "textDocument": document, "position": position }));
    let page = hover["contents"]["value"].as_str().expect("a page");
    assert!(page.contains("unbounded-generation") && page.contains("## What to do"), "{page}");
    let nothing = client
        .request("textDocument/hover", json!({ "textDocument": document, "position": { "line": 0, "character": 0 } }));
    assert!(nothing.is_null());

    let asked =
        json!({ "textDocument": document, "range": generation["range"], "context": { "diagnostics": [generation] } });
    let actions = client.request("textDocument/codeAction", asked);
    let actions = actions.as_array().expect("actions");
    let edits: Vec<String> = actions.iter().map(|action| action["edit"]["changes"][&uri].to_string()).collect();
    assert!(edits.iter().any(|edit| edit.contains("max_output_tokens=1024")), "{edits:?}");
    assert!(edits.iter().any(|edit| edit.contains("# launchlint: ignore[unbounded-generation] -- ")), "{edits:?}");

    // The unsaved text counts once the editor says that it is saved.
    let better = APP.replace("input=text)", "input=text, max_output_tokens=1024)");
    client.notify(
        "textDocument/didChange",
        json!({ "textDocument": { "uri": uri, "version": 2 }, "contentChanges": [{ "text": better }] }),
    );
    client.notify("textDocument/didSave", json!({ "textDocument": document }));
    let found = client.diagnostics(&uri);
    assert!(!rules(&found).contains(&"unbounded-generation"), "{found:?}");

    // What is found no more is taken back.
    client.notify(
        "textDocument/didChange",
        json!({ "textDocument": { "uri": uri, "version": 3 }, "contentChanges": [{ "text": "x = 1\n" }] }),
    );
    client.notify("textDocument/didSave", json!({ "textDocument": document }));
    assert_eq!(client.diagnostics(&uri), Vec::<Value>::new());
    client.stop();
}

#[test]
fn no_message_shows_any_part_of_a_secret() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let root = folder.path().canonicalize().expect("it exists");
    let secret = template::expand("{alnum:74}T3BlbkFJ{alnum:73}");
    let text = APP.replace("(timeout=30)", &format!("(timeout=30, api_key=\"sk-proj-{secret}\")"));
    std::fs::write(root.join("main.py"), &text).expect("a file");
    let uri = format!("file://{}", root.join("main.py").display());
    let document = json!({ "uri": uri });
    let mut client = Client::start();
    client.request("initialize", json!({ "rootUri": format!("file://{}", root.display()), "capabilities": {} }));
    client.notify("initialized", json!({}));
    client.notify(
        "textDocument/didOpen",
        json!({ "textDocument": { "uri": uri, "languageId": "python", "version": 1, "text": text } }),
    );
    let found = client.diagnostics(&uri);
    assert!(rules(&found).contains(&"hardcoded-credential"), "{found:?}");
    for one in &found {
        let at = one["range"]["start"].clone();
        client.request("textDocument/hover", json!({ "textDocument": document, "position": at }));
        let context = json!({ "diagnostics": [one] });
        let asked = json!({ "textDocument": document, "range": one["range"], "context": context });
        client.request("textDocument/codeAction", asked);
    }
    for start in (0..secret.len() - 8).filter(|start| &secret[*start..start + 8] != "T3BlbkFJ") {
        assert!(!client.said.contains(&secret[start..start + 8]), "a message shows bytes {start}.. of the secret");
    }
    client.stop();
}

#[test]
fn a_broken_configuration_is_told_and_ends_nothing() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let root = folder.path().canonicalize().expect("it exists");
    std::fs::write(root.join("main.py"), APP).expect("a file");
    std::fs::write(root.join("launchlint.toml"), "[scna]\n").expect("a file");
    let uri = format!("file://{}", root.join("main.py").display());
    let mut client = Client::start();
    client.request("initialize", json!({ "rootUri": format!("file://{}", root.display()), "capabilities": {} }));
    client.notify("initialized", json!({}));
    client.notify(
        "textDocument/didOpen",
        json!({ "textDocument": { "uri": uri, "languageId": "python", "version": 1, "text": APP } }),
    );
    let message = client.receive();
    assert_eq!(message["method"], "window/showMessage");
    assert!(message["params"]["message"].as_str().is_some_and(|text| text.contains("scna")), "{message}");
    client.stop();
}

#[test]
fn broken_messages_end_the_server_without_a_panic() {
    let deep = format!("Content-Length: 100000\r\n\r\n{}", "[".repeat(100_000));
    let early = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"textDocument/codeAction\",\"params\":[1]}";
    let early = format!("Content-Length: {}\r\n\r\n{early}", early.len());
    let broken = [
        "garbage\r\n\r\n",
        "Content-Length: x\r\n\r\n",
        "Content-Length: 5\r\n\r\nhello",
        "Content-Length: 9\r\n\r\n{}",
    ];
    for message in broken.into_iter().chain([deep.as_str(), &early, ""]) {
        let mut server = Command::new(assert_cmd::cargo::cargo_bin("launchlint"))
            .arg("lsp")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the server starts");
        // It may leave before it has read everything.
        drop(server.stdin.take().expect("its input").write_all(message.as_bytes()));
        let done = server.wait_with_output().expect("it ends");
        let said = String::from_utf8_lossy(&done.stderr);
        assert!(!said.contains("panicked"), "{}: {said}", message.chars().take(60).collect::<String>());
        assert!(done.status.code().is_some(), "a signal ended it");
    }
}
