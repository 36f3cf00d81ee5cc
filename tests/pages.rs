//! Every rule's page is true: what it says is found is found, on that line, and nothing else is.

use std::collections::BTreeSet;
use std::fmt::Write;

use launchlint::analysis;
use launchlint::catalogue::Catalogue;
use launchlint::embedded::EMBEDDED;
use launchlint::finding::Finding;
use launchlint::model::ModelSet;
use launchlint::rules::card::{RuleCard, RuleSet};
use launchlint::rules::decisions::{self, Told};
use launchlint::rules::imported;
use launchlint::rules::page::PageCase;
use launchlint::rules::run::Given;
use launchlint::settings::Plan;
use launchlint::settings::config::{Config, Origin};
use launchlint::source::{LineIndex, PathClass, SourceFile};
use launchlint::text::Patterns;
use launchlint::walk;

/// Logs of other scanners, which are handed over instead of scanned.
const IMPORTED: &str = ".sarif";

struct Data {
    rules: RuleSet,
    catalogue: Catalogue,
    models: ModelSet,
    patterns: Patterns,
    given: Given,
}

impl Data {
    fn load() -> Data {
        Data {
            rules: RuleSet::load(EMBEDDED).expect("the rules are valid"),
            catalogue: Catalogue::load(EMBEDDED).expect("the checklist is valid"),
            models: ModelSet::load(EMBEDDED).expect("the models are valid"),
            patterns: Patterns::embedded().expect("the patterns are valid"),
            given: Given { today: "2026-06-30".parse().ok(), imported: Vec::new() },
        }
    }

    /// The `(path, line)` of each finding of one rule.
    fn found(&self, rule: &str, case: &PageCase) -> BTreeSet<(String, u32)> {
        let files = &files(case);
        let logs = case.files.iter().filter(|(path, _)| path.ends_with(IMPORTED));
        let imported = logs.flat_map(|(_, text)| imported::parse(text).expect("pages show valid logs").0).collect();
        let given = Given { imported, ..self.given.clone() };
        let audit = analysis::audit(files, &self.rules, &self.models, &self.patterns, &given)
            .expect("the cards are understood");
        let mut findings = audit.judged.findings;
        findings.extend(self.faults(files, &findings));
        let findings = findings.iter().filter(|finding| finding.rule == rule);
        let place = |finding: &Finding| {
            let file = files.iter().find(|file| file.path == finding.at.path).expect("findings are in files");
            (file.path.clone(), LineIndex::new(&file.text).line(finding.at.span.start))
        };
        findings.map(place).collect()
    }
}

impl Data {
    /// What is wrong with the decisions of a case's project file.
    fn faults(&self, files: &[SourceFile], reported: &[Finding]) -> Vec<Finding> {
        let Some(file) = files.iter().find(|file| file.path == "launchlint.toml") else { return Vec::new() };
        let config = Config::parse(&file.text).expect("pages show valid project files");
        let origin = Origin { text: &file.text, root: "" };
        let plan = Plan::new(&config, origin, &self.catalogue).expect("pages show valid decisions");
        let plan = Plan { file: Some(file.path.clone()), is_scanned: true, ..plan };
        decisions::judge(&Told {
            rules: &self.rules,
            catalogue: &self.catalogue,
            plan: &plan,
            today: self.given.today.expect("pages have a day"),
            files,
            reported,
            besides: &[],
            name_of: &|_| String::new(),
            is_whole: true,
        })
    }
}

/// The files of a case, as a walk would read them from a tree whose every file ships.
fn files(case: &PageCase) -> Vec<SourceFile> {
    let read = |(path, text): &(String, String)| SourceFile {
        path: path.clone(),
        language: walk::language_of(path, text).expect("pages show files that are read"),
        class: PathClass::Production,
        text: text.clone(),
    };
    let mut files: Vec<SourceFile> =
        case.files.iter().filter(|(path, _)| !path.ends_with(IMPORTED)).map(read).collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

fn check(data: &Data, card: &RuleCard, wrong: &mut String) -> usize {
    let cases = card.page.cases(&card.id).unwrap_or_else(|errors| panic!("{errors:?}"));
    for case in &cases {
        let found = data.found(&card.id, case);
        let expected: BTreeSet<(String, u32)> = case.expected.iter().cloned().collect();
        for (what, places) in [("missing", expected.difference(&found)), ("noisy", found.difference(&expected))] {
            for (path, line) in places {
                writeln!(wrong, "{}:{} [{}] {what}: {path}:{line}", card.page.path, case.line, case.group)
                    .expect("a string takes all text");
            }
        }
    }
    cases.len()
}

#[test]
fn pages_say_what_their_rules_find() {
    let data = Data::load();
    let mut wrong = String::new();
    let cases: usize = data.rules.iter().map(|card| check(&data, card, &mut wrong)).sum();
    assert!(wrong.is_empty(), "pages and rules disagree:\n{wrong}");
    assert!(cases > data.rules.len(), "every page has cases");
}
