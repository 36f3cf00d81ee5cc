//! The `surfaces` command over a small product, with the tool's own models.

#![expect(clippy::disallowed_methods, reason = "the tests make the trees that are read")]

use std::fs;

use assert_cmd::Command;
use tempfile::TempDir;

const MAIN: &str = "\
from fastapi import FastAPI
from answers import answer

app = FastAPI()


@app.post('/ask')
def ask(question: str):
    return answer(question)


@app.get('/health')
def health():
    return 'ok'
";

const ANSWERS: &str = "\
from openai import OpenAI

client = OpenAI()


def answer(question):
    messages = [{'role': 'user', 'content': question}]
    return client.chat.completions.create(model='gpt-4o', messages=messages, max_tokens=100)
";

fn product() -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::write(folder.path().join("main.py"), MAIN).expect("a file");
    fs::write(folder.path().join("answers.py"), ANSWERS).expect("a file");
    folder
}

/// Runs the built program in a folder; what it wrote.
fn run(folder: &TempDir, args: &[&str], code: i32) -> String {
    let mut command = Command::cargo_bin("launchlint").expect("the program is built");
    command.env_remove("LAUNCHLINT_CONFIG").env("NO_COLOR", "1").env("LC_ALL", "C.UTF-8").env("COLUMNS", "120");
    let done = command.args(args).current_dir(folder.path()).output().expect("the program runs");
    assert_eq!(done.status.code(), Some(code), "{args:?}: {}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).expect("output is text")
}

#[test]
fn json_holds_what_is_reached_and_counts_the_rest() {
    let folder = product();
    let text = run(&folder, &["surfaces", "--format", "json", "--jobs", "1"], 0);
    insta::assert_snapshot!(text);
    run(&folder, &["surfaces", "--format", "json", "--output", "out.json"], 0);
    assert_eq!(fs::read_to_string(folder.path().join("out.json")).expect("the table"), text);
}

#[test]
fn every_format_names_the_route_and_absent_controls_fail_nothing() {
    let folder = product();
    for format in ["human", "json", "mermaid", "html"] {
        let text = run(&folder, &["surfaces", ".", "--format", format, "--no-config"], 0);
        assert!(text.contains("POST /ask") && !text.contains("/health"), "{text}");
    }
    let table = run(&folder, &["surfaces", "--verbose"], 0);
    assert!(table.contains("0 of 1 rate limited") && table.contains("answers.py:8"), "{table}");
}

/// A job of a queue has no caller to be known: what puts it there is asked for that. A route beside it is.
#[test]
fn a_job_of_a_queue_is_not_asked_who_calls_it() {
    let folder = product();
    let jobs = "from celery import Celery\nfrom answers import answer\n\nworker = Celery('jobs')\n\n\n@worker.task\ndef digest(text):\n    return answer(text)\n";
    fs::write(folder.path().join("jobs.py"), jobs).expect("a file");
    let table: serde_json::Value =
        serde_json::from_str(&run(&folder, &["surfaces", "--format", "json"], 0)).expect("JSON");
    let status = |name: &str| {
        let rows = table["entry_points"].as_array().expect("rows");
        let row = rows.iter().find(|row| row["name"] == name).expect("the entry point");
        row["controls"]["auth"]["status"].as_str().expect("a status").to_owned()
    };
    assert_eq!((status("digest").as_str(), status("ask").as_str()), ("not_applicable", "absent"));
    let found = run(&folder, &["scan", "--format", "json", "--rule", "unauthenticated-llm-endpoint"], 1);
    let found: serde_json::Value = serde_json::from_str(&found).expect("JSON");
    let files: Vec<&str> =
        found["findings"].as_array().expect("findings").iter().filter_map(|one| one["path"].as_str()).collect();
    assert_eq!(files, ["main.py"]);
}

/// Numbers and flags have no length; text may also come by a provider or by the framework's request object.
#[test]
fn a_route_that_takes_no_text_is_asked_for_no_bound() {
    let folder = product();
    let main = "\
from typing import Annotated, Optional
from uuid import UUID

from fastapi import Depends, FastAPI, Request
from answers import answer

app = FastAPI()


def page(number: int = 1):
    return number


async def parsed(request: Request):
    return await request.json()


@app.post('/nothing')
def nothing():
    return answer('a haiku')


@app.get('/numbers/{key}')
def numbers(key: UUID, at: Annotated[int, Depends(page)], flag: Optional[bool] = None):
    return answer(f'a haiku on {key} and {at} and {flag}')


@app.get('/text/{key}')
def text(key: str):
    return answer(key)


@app.post('/provided')
def provided(body=Depends(parsed)):
    return answer(body)
";
    let other = "\
from answers import answer
from flask import Flask, request

app = Flask('other')


@app.post('/hidden')
def hidden():
    return answer(question())


def question():
    return request.json['question']


@app.get('/poem')
def poem():
    return answer('a poem')
";
    fs::write(folder.path().join("main.py"), main).expect("a file");
    fs::write(folder.path().join("other.py"), other).expect("a file");
    let table: serde_json::Value =
        serde_json::from_str(&run(&folder, &["surfaces", "--format", "json"], 0)).expect("JSON");
    let rows = table["entry_points"].as_array().expect("rows");
    let limits: std::collections::BTreeMap<&str, &str> = rows
        .iter()
        .map(|row| {
            (
                row["name"].as_str().expect("a name"),
                row["controls"]["input_limit"]["status"].as_str().expect("a status"),
            )
        })
        .collect();
    let expected = [
        ("hidden", "absent"),
        ("nothing", "not_applicable"),
        ("numbers", "not_applicable"),
        ("poem", "not_applicable"),
        ("provided", "absent"),
        ("text", "absent"),
    ];
    assert_eq!(limits, expected.into());
}

#[test]
fn a_job_that_cannot_be_done_is_told() {
    let folder = product();
    run(&folder, &["surfaces", "nothing"], 2);
    run(&folder, &["surfaces", "--output", "no/out.json"], 2);
    run(&folder, &["surfaces", "--format", "sarif"], 2);
}

#[test]
fn each_stage_can_be_dumped() {
    let folder = product();
    insta::assert_snapshot!("dump_facts", run(&folder, &["dump", "facts"], 0));
    insta::assert_snapshot!("dump_calls", run(&folder, &["dump", "calls"], 0));
    insta::assert_snapshot!("dump_models", run(&folder, &["dump", "models"], 0));
    let table = run(&folder, &["surfaces", "--format", "json"], 0);
    assert_eq!(run(&folder, &["dump", "surfaces", "."], 0), table);
}

#[test]
fn known_and_unknown_libraries_are_listed() {
    let folder = product();
    let known = run(&folder, &["models"], 0);
    assert!(known.contains("fastapi\n    Python, rules/models/python/fastapi.yml: "), "{known}");
    assert!(run(&folder, &["models", "--missing", "."], 0).contains("is known"));
    fs::write(folder.path().join("requirements.txt"), "openai\nacme-llm==1\n").expect("a file");
    assert_eq!(run(&folder, &["models", "--missing", "."], 0), "acme-llm  Python, requirements.txt\n");
    run(&folder, &["models", "--missing", "nothing"], 2);
    for format in ["human", "json", "sarif"] {
        let report = run(&folder, &["scan", "--exit-zero", "--format", format], 0);
        assert!(report.contains("acme-llm"), "{format}: {report}");
    }
}

#[test]
fn requests_are_told_by_what_they_send_where_their_address_is_configured() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let files = [
        (
            "ask.py",
            "import requests\n\n\ndef ask(settings, text):\n    body = {'model': settings.model, 'messages': [text]}\n    \
             requests.post(settings.url, json=body)\n    return requests.post(settings.url, json={'rows': [text]})\n",
        ),
        (
            "ask.ts",
            "import axios from 'axios';\n\nexport const ask = (url: string, text: string, model: string) =>\n  \
             axios.post(url, { model, messages: [text] });\nexport const own = (text: string, model: string) =>\n  \
             fetch('/v1/chat/completions', { method: 'POST', body: JSON.stringify({ model, messages: [text] }) });\n",
        ),
        (
            "ask.rs",
            "async fn ask(client: reqwest::Client, url: &str, text: &str) {\n    let body = json!({\"model\": \"m\", \
             \"messages\": [text]});\n    client.post(url).json(&body).send().await;\n    \
             client.post(url).json(&json!({\"rows\": [text]})).send().await;\n}\n",
        ),
    ];
    for (name, text) in files {
        fs::write(folder.path().join(name), text).expect("a file");
    }
    let json: serde_json::Value =
        serde_json::from_str(&run(&folder, &["surfaces", "--format", "json", "."], 0)).expect("JSON");
    let calls = json["llm_calls"].as_array().expect("calls");
    let found: Vec<String> =
        calls.iter().map(|call| format!("{}:{}", call["file"].as_str().unwrap(), call["line"])).collect();
    assert_eq!(found, ["ask.py:6", "ask.rs:3", "ask.ts:4"]);
}
