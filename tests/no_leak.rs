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
    (
        "analysis.ipynb",
        "{\"nbformat\": 4, \"nbformat_minor\": 5, \"metadata\": {}, \"cells\": [{\"cell_type\": \"code\", \"id\": \"a\", \"metadata\": {}, \"outputs\": [], \"execution_count\": null, \"source\": [\"api_key = \\\"SECRET\\\"\\n\", \"print(api_key)\\n\"]}]}\n",
        "{alnum:44}",
    ),
    (
        ".github/workflows/deploy.yml",
        "on: push\njobs:\n  a:\n    runs-on: x\n    env:\n      DEPLOY_TOKEN: SECRET\n    steps: []\n",
        "{alnum:38}",
    ),
    (
        "infra/main.tf",
        "variable \"api_token\" {\n  default = 1\n}\nresource \"x\" \"y\" {\n  api_token = \"SECRET\"\n}\n",
        "{alnum:42}",
    ),
    ("deploy/secret.yaml", "apiVersion: v1\nkind: Secret\nstringData:\n  api-token: SECRET\n", "{alnum:39}"),
    ("Dockerfile", "FROM scratch\nENV API_TOKEN=SECRET\n", "{alnum:37}"),
    ("scripts/call.sh", "#!/bin/sh\ncurl -u deploy:SECRET https://api.internal.net\n", "q8{alnum:20}"),
    ("prompts/answer.md", "You are the assistant. Sign in with SECRET and answer.\n", "AIza{alnum:35}"),
    (
        "app/notify.py",
        "import logging\n\nfrom openai import OpenAI\n\nlog = logging.getLogger(__name__)\n\n\ndef tell(text):\n    log.info(\"signing in with %s\", \"SECRET\")\n    client = OpenAI(api_key=\"SECRET\")\n    return client.chat.completions.create(model=\"gpt-4o\", messages=[{\"role\": \"user\", \"content\": text}])\n",
        "sk-or-v1-{hex:64}",
    ),
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

/// Everything that a command says, on both streams. Facts are kept in a folder of the test's own.
fn said(folder: &TempDir, kept: &TempDir, args: &[&str]) -> String {
    let mut command = Command::cargo_bin("launchlint").expect("the binary is built");
    let command = command.current_dir(folder.path()).env("LAUNCHLINT_CACHE_DIR", kept.path()).args(args);
    let output = command.output().expect("it runs");
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(matches!(output.status.code(), Some(0 | 1)), "{args:?}: {said}");
    said
}

/// Fails if a text holds any part of a secret.
fn spare(where_: &str, shown: &str, secrets: &[(&str, String)]) {
    for (path, secret) in secrets {
        let secret = random_part(secret);
        for start in 0..=secret.len() - PART {
            let part = &secret[start..start + PART];
            assert!(
                part == "T3BlbkFJ" || !shown.contains(part),
                "{where_}: shows bytes {start}.. of the secret in {path}"
            );
        }
    }
}

/// Every command that tells something of a repository, in every form.
const COMMANDS: &[&[&str]] = &[
    &["scan", "--exit-zero", "--timings"],
    &["scan", "--exit-zero", "--format", "json", "--include-accepted"],
    &["scan", "--exit-zero", "--format", "sarif", "--whole-sarif"],
    &["scan", "--exit-zero", "--format", "github"],
    &["scan", "--exit-zero", "--format", "gitlab"],
    &["scan", "--exit-zero", "--format", "junit"],
    &["scan", "--exit-zero", "--format", "markdown"],
    &["scan", "--exit-zero", "--format", "agent"],
    &["checklist", "--verbose"],
    &["checklist", "--format", "html"],
    &["checklist", "--format", "markdown", "--verbose"],
    &["checklist", "--format", "json"],
    &["check", "--gate", "launch"],
    &["surfaces", "--verbose"],
    &["surfaces", "--format", "json"],
    &["surfaces", "--format", "mermaid"],
    &["surfaces", "--format", "html"],
    &["inventory"],
    &["inventory", "--format", "cyclonedx"],
    &["dump", "facts"],
    &["dump", "calls"],
    &["dump", "models"],
    &["dump", "surfaces"],
    &["fix"],
    &["fix", "--dry-run"],
    &["models", "--missing", "."],
    &["baseline", "create", "--reason", "before the launch"],
    &["baseline", "update"],
    &["scan", "--exit-zero", "--sarif-include", "suppressed", "--format", "sarif"],
    &["history", "add"],
    &["history", "show"],
];

/// Files below a folder that are not those of the planted tree.
fn written(folder: &std::path::Path, planted: &[&str]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for entry in walkdir::WalkDir::new(folder).sort_by_file_name() {
        let entry = entry.expect("the folder is readable");
        let path = entry.path().strip_prefix(folder).expect("below it").to_string_lossy().into_owned();
        if entry.file_type().is_file() && !planted.contains(&path.as_str()) {
            let bytes = fs::read(entry.path()).expect("a file");
            found.push((path, String::from_utf8_lossy(&bytes).into_owned()));
        }
    }
    found
}

/// What the form of a key tells anyway, such as a vendor's prefix, is no part of the secret.
fn random_part(secret: &str) -> &str {
    let prefixes = ["sk-proj-", "sk_live_", "sk-ant-api03-", "sk-or-v1-", "ghp_", "glpat-", "AIza"];
    prefixes.iter().find_map(|prefix| secret.strip_prefix(prefix)).unwrap_or(secret)
}

#[test]
fn no_format_shows_any_part_of_a_secret() {
    let (folder, secrets) = planted();
    // A file beside them without any: facts of files that look suspect are not kept.
    fs::write(folder.path().join("clean.py"), "def add(a, b):\n    return a + b\n").expect("a file");
    let kept = tempfile::tempdir().expect("a temporary folder");
    let shown = said(&folder, &kept, &["scan", "--exit-zero", "--format", "json"]);
    for (path, _) in &secrets {
        assert!(shown.contains(path), "nothing was found in {path}");
    }
    for args in COMMANDS {
        spare(&args.join(" "), &said(&folder, &kept, args), &secrets);
    }
    // Two reports of the same, joined.
    for (report, formats) in [("json", &["human", "markdown", "json"][..]), ("sarif", &["sarif"])] {
        let file = format!("one.{report}");
        spare(&file, &said(&folder, &kept, &["scan", "--exit-zero", "--format", report, "-o", &file]), &secrets);
        for format in formats {
            let (one, other) = (format!("a={file}"), format!("b={file}"));
            let joined = said(&folder, &kept, &["merge", "--format", format, &one, &other]);
            spare(&format!("merge {format}"), &joined, &secrets);
        }
    }
    let planted: Vec<&str> = PLANTED.iter().map(|(path, ..)| *path).chain(["clean.py"]).collect();
    let left = written(folder.path(), &planted);
    assert!(
        left.iter().any(|(path, _)| path.contains("baseline")),
        "{:?}",
        left.iter().map(|l| &l.0).collect::<Vec<_>>()
    );
    let cached = written(kept.path(), &[]);
    for (path, text) in left.iter().chain(&cached) {
        spare(path, text, &secrets);
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
    for format in ["human", "json", "sarif", "github", "gitlab", "junit", "markdown", "agent"] {
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
