//! Whole applications: each `vulnerable` one holds marked defects, and its `hardened` twin is to stay silent.
//!
//! A line of an application says in a comment what is found on it: `error: [<rule>, ..]`. What the analysis is known to get
//! wrong is recorded beside it, `missing: [<rule>, ..]` for a defect that it does not see yet and `noisy: [<rule>, ..]` for
//! a finding that should not be; either fails the test on the day it stops being true.

#![expect(clippy::disallowed_methods, reason = "the test lists the applications")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use launchlint::analysis;
use launchlint::embedded::EMBEDDED;
use launchlint::finding::Severity;
use launchlint::model::ModelSet;
use launchlint::rules::card::{Activation, RuleSet};
use launchlint::rules::run::Given;
use launchlint::settings::WalkSettings;
use launchlint::source::{LineIndex, SourceFile};
use launchlint::text::Patterns;
use launchlint::walk::{self, Roots};
use regex::Regex;

/// Every language's vulnerable application holds each of these.
const PLANTED: &[&str] = &[
    "hardcoded-credential",
    "missing-input-limit",
    "missing-rate-limit",
    "secret-in-prompt",
    "sensitive-data-logged",
    "unauthenticated-llm-endpoint",
    "unscoped-cache-key",
    "untrusted-system-prompt",
];

static RULES: LazyLock<RuleSet> = LazyLock::new(|| RuleSet::load(EMBEDDED).expect("the rules load"));

/// What a mark says about a rule on its line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Claim {
    Error,
    Missing,
    Noisy,
}

/// One rule named by a mark.
struct Mark {
    claim: Claim,
    rule: String,
    place: String,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/apps")
}

/// The applications of one kind, by language.
fn apps(kind: &str) -> Vec<PathBuf> {
    let languages = fs::read_dir(root()).expect("the applications");
    let mut found: Vec<PathBuf> = languages.map(|entry| entry.expect("an entry").path().join(kind)).collect();
    found.retain(|app| app.is_dir());
    found.sort();
    assert!(!found.is_empty(), "there is no `{kind}` application");
    found
}

fn name(app: &Path) -> String {
    app.strip_prefix(root()).expect("an application's path").to_string_lossy().replace('\\', "/")
}

fn read(app: &Path) -> Vec<SourceFile> {
    let roots = Roots::resolve(&[app.to_owned()]).expect("the application is there");
    walk::discover(&roots, &WalkSettings { jobs: 1, ..WalkSettings::default() }).files
}

fn marks(files: &[SourceFile]) -> Vec<Mark> {
    let form = Regex::new(r"\b(error|missing|noisy): \[([a-z, -]+)\]").expect("a valid expression");
    let mut found = Vec::new();
    for file in files {
        for (line, number) in file.text.lines().zip(1u32..) {
            for mark in form.captures_iter(line) {
                let claim = match &mark[1] {
                    "error" => Claim::Error,
                    "missing" => Claim::Missing,
                    _ => Claim::Noisy,
                };
                let place = format!("{}:{number}", file.path);
                found.extend(mark[2].split(", ").map(|rule| Mark { claim, rule: rule.into(), place: place.clone() }));
            }
        }
    }
    found
}

/// `(place, rule)` of every finding that a run shows by default, notes aside.
fn findings(files: &[SourceFile]) -> BTreeSet<(String, String)> {
    let models = ModelSet::load(EMBEDDED).expect("the models load");
    let patterns = Patterns::embedded().expect("the patterns load");
    let audit =
        analysis::audit(files, &RULES, &models, &patterns, &Given::default()).expect("the cards are understood");
    let shown = audit.judged.findings.iter().filter(|finding| {
        finding.severity >= Severity::Low
            && RULES.get(&finding.rule).is_some_and(|card| card.activation == Activation::On)
    });
    shown
        .map(|finding| {
            let file = files.iter().find(|file| file.path == finding.at.path).expect("the finding's file");
            let line = LineIndex::new(&file.text).line(finding.at.span.start);
            (format!("{}:{line}", file.path), finding.rule.clone())
        })
        .collect()
}

/// What an application's findings and marks disagree in.
fn disagreements(app: &Path) -> Vec<String> {
    let files = read(app);
    let found = findings(&files);
    let mut wrong = Vec::new();
    let mut claimed = BTreeSet::new();
    for mark in marks(&files) {
        let key = (mark.place.clone(), mark.rule.clone());
        let say = match (mark.claim, found.contains(&key)) {
            (Claim::Error, true) | (Claim::Missing, false) | (Claim::Noisy, true) => None,
            (Claim::Error, false) => Some("is not found"),
            (Claim::Missing, true) => Some("is found now: write `error:` instead of `missing:`"),
            (Claim::Noisy, false) => Some("is gone: remove it from `noisy:`"),
        };
        wrong.extend(say.map(|say| format!("{}/{}: `{}` {say}", name(app), mark.place, mark.rule)));
        claimed.insert(key);
    }
    let unclaimed = found.difference(&claimed);
    wrong.extend(unclaimed.map(|(place, rule)| format!("{}/{place}: `{rule}` is found and not marked", name(app))));
    wrong
}

#[test]
fn vulnerable_applications_have_the_marked_findings_and_no_others() {
    let wrong: Vec<String> = apps("vulnerable").iter().flat_map(|app| disagreements(app)).collect();
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn hardened_twins_are_clean() {
    let wrong: Vec<String> = apps("hardened").iter().flat_map(|app| disagreements(app)).collect();
    assert_eq!(wrong, Vec::<String>::new());
    let claims =
        apps("hardened").into_iter().flat_map(|app| marks(&read(&app))).filter(|mark| mark.claim != Claim::Noisy);
    assert_eq!(claims.count(), 0, "a hardened application holds a defect");
}

#[test]
fn each_language_has_every_planted_defect_and_a_twin() {
    for app in apps("vulnerable") {
        let marks = marks(&read(&app));
        let marked: BTreeSet<&str> =
            marks.iter().filter(|mark| mark.claim != Claim::Noisy).map(|mark| mark.rule.as_str()).collect();
        let missing: Vec<&&str> = PLANTED.iter().filter(|rule| !marked.contains(**rule)).collect();
        assert!(missing.is_empty(), "{} has no mark for {missing:?}", name(&app));
        assert!(app.with_file_name("hardened").is_dir(), "{} has no hardened twin", name(&app));
    }
}

#[test]
fn marks_name_rules_that_exist() {
    for app in apps("vulnerable").into_iter().chain(apps("hardened")) {
        for mark in marks(&read(&app)) {
            assert!(RULES.get(&mark.rule).is_some(), "{}/{}: there is no rule `{}`", name(&app), mark.place, mark.rule);
        }
    }
}

#[test]
fn the_program_tells_them_apart_by_its_exit_code() {
    for (kind, code) in [("vulnerable", 1), ("hardened", 0)] {
        for app in apps(kind) {
            let mut command = assert_cmd::Command::cargo_bin("launchlint").expect("the program is built");
            command.args(["scan", "--no-config", "--no-progress"]).arg(&app).assert().code(code);
        }
    }
}
