//! Data flow through small programs: each folder of `fixtures/flow` shows one way that values take, and a way beside it that
//! they do not.
//!
//! A program says which rules are judged on it (`judged: [<rule>, ..]`), and in a comment on a line what is found there
//! (`error: [<rule>, ..]`). Everything else that the judged rules report fails the test.

#![expect(clippy::disallowed_methods, reason = "the test lists the programs")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use launchlint::analysis;
use launchlint::embedded::EMBEDDED;
use launchlint::model::ModelSet;
use launchlint::rules::card::RuleSet;
use launchlint::rules::run::Given;
use launchlint::settings::WalkSettings;
use launchlint::source::{LineIndex, SourceFile};
use launchlint::text::Patterns;
use launchlint::walk::{self, Roots};
use regex::Regex;

fn programs() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/flow");
    let mut found: Vec<PathBuf> =
        fs::read_dir(root).expect("the programs").map(|entry| entry.expect("an entry").path()).collect();
    found.sort();
    found
}

/// What comments of one form say: the rules, each with its place.
fn marks(files: &[SourceFile], word: &str) -> BTreeSet<(String, String)> {
    let form = Regex::new(&format!(r"\b{word}: \[([a-z, -]+)\]")).expect("a valid expression");
    let mut found = BTreeSet::new();
    for file in files {
        for (line, number) in file.text.lines().zip(1u32..) {
            for mark in form.captures_iter(line) {
                let rules = mark[1].split(',').map(str::trim);
                found.extend(rules.map(|rule| (rule.to_owned(), format!("{}:{number}", file.path))));
            }
        }
    }
    found
}

/// What the judged rules report, each with its place.
fn findings(files: &[SourceFile], judged: &BTreeSet<String>) -> BTreeSet<(String, String)> {
    let rules = RuleSet::load(EMBEDDED).expect("the rules load");
    let models = ModelSet::load(EMBEDDED).expect("the models load");
    let patterns = Patterns::embedded().expect("the patterns load");
    let audit =
        analysis::audit(files, &rules, &models, &patterns, &Given::default()).expect("the cards are understood");
    let asked = audit.judged.findings.iter().filter(|finding| judged.contains(&finding.rule));
    asked
        .map(|finding| {
            let file = files.iter().find(|file| file.path == finding.at.path).expect("the finding's file");
            let line = LineIndex::new(&file.text).line(finding.at.span.start);
            (finding.rule.clone(), format!("{}:{line}", file.path))
        })
        .collect()
}

#[test]
fn values_take_the_marked_ways_and_no_others() {
    for program in programs() {
        let roots = Roots::resolve(std::slice::from_ref(&program)).expect("the program is there");
        let files = walk::discover(&roots, &WalkSettings { jobs: 1, ..WalkSettings::default() }).files;
        let judged: BTreeSet<String> = marks(&files, "judged").into_iter().map(|(rule, _)| rule).collect();
        let expected = marks(&files, "error");
        assert!(!expected.is_empty(), "{}: nothing is marked, so nothing shows that the rule runs", program.display());
        assert_eq!(findings(&files, &judged), expected, "{}", program.display());
    }
}
