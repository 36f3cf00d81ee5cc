//! No secret's value leaves the process: neither whole nor in part, in no format.

#![expect(clippy::disallowed_methods, reason = "the test makes the tree that is scanned")]

use std::fs;

use assert_cmd::Command;
use tempfile::TempDir;

#[path = "support/template.rs"]
mod template;

/// The shortest part that counts as shown.
const PART: usize = 8;

/// Files with a hole for a secret: path, text, and the secret's template.
const PLANTED: &[(&str, &str, &str)] = &[
    (
        "app/llm.py",
        "from openai import OpenAI\n\n\ndef ask(question):\n    return OpenAI(api_key=\"SECRET\").chat.completions.create(model=\"gpt-4o\", messages=[{\"role\": \"user\", \"content\": question}])\n",
        "sk-proj-{alnum:74}T3BlbkFJ{alnum:73}",
    ),
    (
        "app/assistant.py",
        "from fastapi import FastAPI\nfrom openai import OpenAI\n\napp = FastAPI()\nclient = OpenAI()\nSYSTEM = \"\"\"You are the assistant.\nUse the key SECRET to look up invoices.\"\"\"\n\n\n@app.post(\"/ask\")\ndef ask(question: str):\n    messages = [{\"role\": \"system\", \"content\": SYSTEM}, {\"role\": \"user\", \"content\": question}]\n    return client.chat.completions.create(model=\"gpt-4o\", messages=messages)\n",
        "sk_live_{alnum:24}",
    ),
    (
        "src/client.ts",
        "export const client = connect({ apiKey: \"SECRET\", retries: 2 });\n",
        "sk-ant-api03-{alnum:93}AA",
    ),
    ("src/main.rs", "const TOKEN: &str = \"SECRET\";\n\nfn main() {}\n", "ghp_{alnum:30}{crc32}"),
    ("prompts/support.prompt", "You are the assistant.\nThe token is SECRET, keep it.\n", "glpat-{alnum:20}"),
    (
        "docker-compose.yml",
        "services:\n  db:\n    environment:\n      DATABASE_URL: postgres://app:SECRET@db:5432/app\n",
        "{alnum:21}",
    ),
    ("config/settings.yaml", "service:\n  api_key: SECRET\n", "{alnum:40}"),
    (".env", "PORT=1\nAPI_TOKEN=SECRET\n", "{alnum:43}"),
    ("keys/server.pem", "-----BEGIN PRIVATE KEY-----\nSECRET\n-----END PRIVATE KEY-----\n", "{b64:64}"),
];

/// Writes the tree; gives the secrets with their paths.
fn planted() -> (TempDir, Vec<(&'static str, String)>) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut secrets = Vec::new();
    for (number, (path, text, secret)) in PLANTED.iter().enumerate() {
        // What is made depends on the template, so that each file needs one of its own.
        let secret = template::expand(&format!("{number} {secret}"));
        let secret = secret.split_once(' ').expect("the number").1.to_owned();
        let file = folder.path().join(path);
        fs::create_dir_all(file.parent().expect("a parent")).expect("folders");
        fs::write(file, text.replace("SECRET", &secret)).expect("a file");
        secrets.push((*path, secret));
    }
    (folder, secrets)
}

fn scan(folder: &TempDir, format: &str) -> String {
    let mut command = Command::cargo_bin("launchlint").expect("the binary is built");
    let args = ["scan", "--exit-zero", "--format", format, "."];
    let output = command.current_dir(folder.path()).args(args).output().expect("it runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// What the form of a key tells anyway, such as a vendor's prefix, is no part of the secret.
fn random_part(secret: &str) -> &str {
    let prefixes = ["sk-proj-", "sk_live_", "sk-ant-api03-", "ghp_", "glpat-"];
    prefixes.iter().find_map(|prefix| secret.strip_prefix(prefix)).unwrap_or(secret)
}

#[test]
fn no_format_shows_any_part_of_a_secret() {
    let (folder, secrets) = planted();
    for format in ["human", "json", "sarif"] {
        let shown = scan(&folder, format);
        for (path, secret) in &secrets {
            assert!(shown.contains(path), "{format}: nothing was found in {path}");
            let secret = random_part(secret);
            for start in 0..=secret.len() - PART {
                let part = &secret[start..start + PART];
                assert!(
                    part == "T3BlbkFJ" || !shown.contains(part),
                    "{format}: shows bytes {start}.. of the secret in {path}"
                );
            }
        }
    }
}

#[test]
fn an_imported_result_shows_its_place_and_never_the_value() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let secret = template::expand("9 {alnum:32}");
    let secret = secret.split_once(' ').expect("the number").1;
    let code = format!("from vault import login\n\nlogin({secret:?})\n");
    fs::write(folder.path().join("vault.py"), code).expect("a file");
    let place = |line: u32, file: &str| {
        format!(
            r#"{{"ruleId": "vault-login", "message": {{"text": "found {secret}"}}, "locations": [{{"physicalLocation":
            {{"artifactLocation": {{"uri": "{file}"}}, "region": {{"startLine": {line}, "snippet": {{"text": "{secret}"}}}}}}}}]}}"#
        )
    };
    let results = format!("{}, {}", place(3, "vault.py"), place(7, "old/history.py"));
    let log = format!(r#"{{"runs": [{{"tool": {{"driver": {{"name": "Secret Finder"}}}}, "results": [{results}]}}]}}"#);
    let sarif = folder.path().join("secrets.txt");
    fs::write(&sarif, log).expect("a file");
    for format in ["human", "json", "sarif"] {
        let mut command = Command::cargo_bin("launchlint").expect("the binary is built");
        let args = ["scan", "--exit-zero", "--format", format, "--import", "secrets.txt", "vault.py"];
        let output = command.current_dir(folder.path()).args(args).output().expect("it runs");
        let shown = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "{shown}");
        assert!(shown.contains("imported") && shown.contains("vault-login"), "{format}: {shown}");
        assert!(shown.contains("history.py"), "{format}: a place that was not scanned is told, too: {shown}");
        for start in 0..=secret.len() - PART {
            assert!(!shown.contains(&secret[start..start + PART]), "{format}: shows bytes {start}.. of the value");
        }
    }
}
