//! Credentials: every pattern's own examples, and whole files with the verdict of each place beside it.
//!
//! A case in `fixtures/text/credentials/` is one file. Its first line is `path: <path> class: <class>`; a line that holds
//! `expect:` names the verdicts of the values on it, and every other line must stay silent.

#![expect(clippy::disallowed_methods, reason = "tests read their own fixtures")]

#[path = "support/template.rs"]
mod template;

use std::collections::BTreeMap;
use std::fs;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use launchlint::finding::Confidence;
use launchlint::source::{LineIndex, PathClass};
use launchlint::text::{Context, Credential, Patterns, Site, Verdict, judge, scan};
use template::expand;

static PATTERNS: LazyLock<Patterns> = LazyLock::new(|| Patterns::embedded().expect("the embedded patterns load"));

fn find(text: &str, path: &str) -> Vec<Credential> {
    scan(text, path, PathClass::Production, &PATTERNS)
}

#[test]
fn every_expression_compiles() {
    let errors: Vec<String> = PATTERNS.check().iter().map(ToString::to_string).collect();
    assert_eq!(errors, Vec::<String>::new());
}

#[test]
fn every_pattern_finds_its_examples_and_spares_the_others() {
    let mut wrong = Vec::new();
    for examples in PATTERNS.examples() {
        if examples.positive.is_empty() || examples.negative.is_empty() {
            wrong.push(format!("{}: needs an example of each direction", examples.id));
        }
        for template in &examples.positive {
            let path = example_path(template);
            let found = find(&expand(template), path);
            let is_seen =
                |one: &Credential| one.verdict == Verdict::LiveLooking || !examples_are_reported(&examples.id);
            if !found.iter().any(|one| one.pattern == examples.id && is_seen(one)) {
                wrong.push(format!("{} missing: {template} {found:?}", examples.id));
            }
        }
        for template in &examples.negative {
            let found = find(&expand(template), example_path(template));
            if let Some(noisy) = found.iter().find(|one| one.verdict.is_reported()) {
                wrong.push(format!("{} noisy: {template} {noisy:?}", examples.id));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Public and sandbox keys are recognised in order to be spared.
fn examples_are_reported(id: &str) -> bool {
    !["posthog-project-key", "sentry-dsn", "stripe-publishable-key", "stripe-test-key"].contains(&id)
}

/// `NAME=value` is read as dotenv, anything else as code.
fn example_path(template: &str) -> &'static str {
    let is_dotenv = template.split('=').next().is_some_and(|name| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_' || byte.is_ascii_digit())
    });
    if is_dotenv || template.contains("= AKIA") || template.contains("= pypi") {
        "deploy/prod.env"
    } else {
        "src/app.py"
    }
}

#[test]
fn files_hold_what_they_say() {
    let mut wrong = Vec::new();
    let mut cases = 0;
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/text/credentials");
    let mut files: Vec<_> = fs::read_dir(folder).expect("fixtures exist").map(|e| e.expect("entry").path()).collect();
    files.sort();
    for file in files {
        let text = fs::read_to_string(&file).expect("a fixture is text");
        let (head, body) = text.split_once('\n').expect("a fixture has a head");
        let (path, class) = head_of(head);
        let body: String = body.split_inclusive('\n').map(expand).collect();
        let index = LineIndex::new(&body);
        let mut seen: BTreeMap<u32, Vec<Verdict>> = BTreeMap::new();
        for one in scan(&body, path, class, &PATTERNS) {
            seen.entry(index.line(one.span.start)).or_default().push(one.verdict);
        }
        for (line, number) in body.lines().zip(1..) {
            let reported: Vec<String> = seen
                .remove(&number)
                .unwrap_or_default()
                .iter()
                .filter(|v| v.is_reported())
                .map(|v| format!("{v:?}"))
                .collect();
            let expected: Vec<String> = line
                .split_once("expect:")
                .map(|(_, marks)| marks.split_whitespace().map(str::to_owned).collect())
                .unwrap_or_default();
            cases += 1;
            if reported != expected {
                wrong.push(format!(
                    "{} line {}: expected {expected:?}, found {reported:?}",
                    file.display(),
                    number + 1
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(cases > 80, "only {cases} lines were checked");
}

fn head_of(head: &str) -> (&str, PathClass) {
    let words: Vec<&str> = head.split_whitespace().collect();
    let after = |key: &str| words.iter().position(|word| *word == key).and_then(|at| words.get(at + 1)).copied();
    let class = match after("class:") {
        Some("test") => PathClass::Test,
        Some("example") => PathClass::Example,
        _ => PathClass::Production,
    };
    (after("path:").expect("a fixture has a path"), class)
}

#[test]
fn a_credential_never_shows_its_value() {
    let secret = expand("{alnum:40}");
    let found = find(&format!("API_TOKEN={secret}\n"), ".env");
    let shown = format!("{found:?} {}", serde_json::to_string(&found).expect("credentials serialise"));
    assert_eq!(found.len(), 1);
    assert!(!shown.contains(&secret[..8]), "a part of the value is shown");
    assert_eq!(found[0].name.as_deref(), Some("API_TOKEN"));
}

#[test]
fn fingerprints_tell_values_apart_but_not_guessable_ones() {
    let one = find(&expand("API_TOKEN={alnum:40}\n"), ".env").remove(0);
    let same = find(&expand("API_TOKEN={alnum:40}\n"), "deploy/.env").remove(0);
    let other = find(&expand("API_TOKEN={alnum:41}\n"), ".env").remove(0);
    assert_eq!(one.fingerprint, same.fingerprint);
    assert_ne!(one.fingerprint, other.fingerprint);
    let weak = |value: &str| find(&format!("DB_PASSWORD={value}\n"), "docker-compose.yml").remove(0).fingerprint;
    assert_eq!(weak("postgres"), weak("admin"), "a guessable value must not be found by trying words");
}

#[test]
fn literals_from_code_are_judged_by_name_and_value() {
    let context = Context { patterns: &PATTERNS, path: "src/app.py", class: PathClass::Production, site: Site::Code };
    let verdict = |name: Option<&str>, value: &str| judge(name, value, &context).verdict;
    assert_eq!(verdict(None, &expand("ghp_{alnum:30}{crc32}")), Verdict::LiveLooking);
    assert_eq!(verdict(Some("db_password"), &expand("{alnum:20}")), Verdict::LiveLooking);
    assert_eq!(verdict(Some("db_password"), "${DB_PASSWORD}"), Verdict::Placeholder);
    assert_eq!(verdict(Some("title"), "Reset your password"), Verdict::HashOrId);
    assert_eq!(verdict(None, "hello"), Verdict::HashOrId);
    let fallback = Context { site: Site::Fallback, ..context };
    let found = judge(Some("SESSION_SECRET"), "!secret", &fallback);
    assert_eq!((found.verdict, found.confidence), (Verdict::WeakDefault, Confidence::Medium));
}

#[test]
fn hostile_text_is_read_in_linear_time() {
    let start = Instant::now();
    for unit in
        ["sk-", "token=", "password=\"", "eyJ", "://a:", "-----BEGIN PRIVATE KEY-----", "secret:'", "é\u{10348}key=\""]
    {
        let text = unit.repeat(300_000 / unit.len());
        find(&text, "deploy/.env");
        find(&text, "src/app.min.js");
    }
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
}

#[test]
fn a_misspelt_field_is_an_error_that_names_the_file() {
    let text = "patterns:\n  - {id: a, kind: b, category: generic, regex: c, keyword: [d]}\n";
    let error = Patterns::load([("team.yml", text)]).err().expect("an unknown field is refused").to_string();
    assert!(error.contains("team.yml") && error.contains("keyword"), "{error}");
}
