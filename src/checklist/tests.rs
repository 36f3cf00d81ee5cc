//! Verdicts over hand-made counts: what passes, what does not, and what is never called a pass.

use std::collections::BTreeMap;

use super::{Failure, Input, Shown, Verdict, judge};
use crate::catalogue::Catalogue;
use crate::embedded::EMBEDDED;
use crate::finding::Severity;
use crate::inventory::{Control, EntryPoint, Inventory, LlmCall, Spot, Table};
use crate::model::ControlKind;
use crate::rules::card::RuleSet;
use crate::rules::run::Checked;
use crate::settings::{Date, Plan, RuleSelection};
use crate::surface::Status;

fn spot(line: u32) -> Spot {
    Spot { file: "a.py".into(), line }
}

/// One entry point a status, each with a rate limit of that status.
fn inventory(statuses: &[Status]) -> Inventory {
    let entry = |(nth, status): (u32, &Status)| EntryPoint {
        at: spot(nth + 1),
        name: format!("f{nth}"),
        framework: "web".into(),
        route: None,
        llm_calls: vec![0],
        path: Vec::new(),
        controls: BTreeMap::from([(ControlKind::RateLimit, Control { status: *status, evidence: Vec::new() })]),
    };
    let call = LlmCall {
        at: spot(99),
        callee: "llm".into(),
        function: "f".into(),
        model: None,
        max_output: None,
        timeout: None,
    };
    let table =
        Table { entry_points: (0..).zip(statuses).map(entry).collect(), llm_calls: vec![call], ..Table::default() };
    Inventory { table, ..Inventory::default() }
}

/// Verdict and reason of one item.
fn verdict(
    id: &str,
    statuses: &[Status],
    checked: &[(&str, Checked)],
    failures: &[Failure],
    off: &[&str],
) -> (Verdict, String) {
    let catalogue = Catalogue::load(EMBEDDED).expect("loads");
    let rules = RuleSet::load(EMBEDDED).expect("loads");
    let checked: BTreeMap<String, Checked> =
        checked.iter().map(|(rule, counts)| ((*rule).to_owned(), *counts)).collect();
    let mut selection = RuleSelection::default();
    selection.excluded.extend(off.iter().map(|rule| (*rule).to_owned()));
    let checklist = judge(&Input {
        catalogue: &catalogue,
        plan: &Plan::default(),
        rules: &rules,
        selection: &selection,
        checked: &checked,
        failures,
        shown: &BTreeMap::<String, Shown>::new(),
        inventory: &inventory(statuses),
        unknown_packages: &[],
        today: Date::default(),
        only_findings: false,
    });
    let row = checklist.items.into_iter().find(|row| row.id == id).expect("the item");
    (row.verdict, row.reason)
}

fn counts(subjects: u64, satisfied: u64, unknown: u64) -> Checked {
    Checked { subjects, satisfied, unknown, ..Checked::default() }
}

fn found(rule: &str) -> Failure {
    Failure {
        rule: Some(rule.into()),
        at: spot(50),
        message: "m".into(),
        severity: Severity::Low,
        fingerprint: Some("0123456789".into()),
        suppressed: None,
        decision: None,
        is_excused: false,
    }
}

#[test]
fn coverage_decides_with_its_denominator() {
    let of = |statuses: &[Status]| verdict("MI-3", statuses, &[("missing-timeout", counts(1, 1, 0))], &[], &[]);
    assert_eq!(of(&[Status::Present, Status::Present]).0, Verdict::Pass);
    let (said, why) = of(&[Status::Present, Status::Absent]);
    assert_eq!((said, why.as_str()), (Verdict::Fail, "1 of 2 LLM entry points rate limited"));
    assert_eq!(of(&[Status::Present, Status::Partial]).0, Verdict::Partial);
    assert_eq!(of(&[Status::Present, Status::Unknown]).0, Verdict::Partial);
    assert_eq!(of(&[Status::Unknown]).0, Verdict::Unknown);
    assert_eq!(of(&[]).0, Verdict::Unknown, "no entry point is no pass, whatever else is in order");
    assert_eq!(of(&[Status::NotApplicable]).0, Verdict::Unknown);
}

#[test]
fn a_mild_finding_weakens_and_a_rule_that_is_off_hides_nothing() {
    let present = [Status::Present];
    let (said, why) =
        verdict("MI-3", &present, &[("missing-timeout", counts(3, 2, 0))], &[found("missing-timeout")], &[]);
    assert_eq!(said, Verdict::Partial);
    assert!(why.contains("1 found in 3 LLM calls"), "{why}");
    let (said, why) = verdict("MI-3", &present, &[("missing-timeout", counts(1, 1, 0))], &[], &["missing-rate-limit"]);
    assert_eq!(said, Verdict::Unknown);
    assert!(why.contains("switched off"), "{why}");
}

#[test]
fn what_is_covered_is_told_beside_what_could_not_be_judged() {
    let (said, why) = verdict("MI-3", &[Status::Present], &[("weak-rate-limit", counts(1, 0, 1))], &[], &[]);
    assert_eq!(said, Verdict::Unknown);
    assert!(why.starts_with("1 of 1 LLM entry point rate limited; 0 of 1 rate limit in order"), "{why}");
}

#[test]
fn nothing_judged_is_unknown() {
    let (said, why) = verdict("DC-2", &[Status::Present], &[], &[], &[]);
    assert_eq!(said, Verdict::Unknown);
    assert!(why.contains("had nothing to judge"), "{why}");
    assert_eq!(verdict("DC-2", &[], &[("unscoped-cache-key", counts(2, 2, 0))], &[], &[]).0, Verdict::Pass);
    assert_eq!(verdict("DC-2", &[], &[("unscoped-cache-key", counts(2, 0, 2))], &[], &[]).0, Verdict::Unknown);
    let exempt = Checked { subjects: 3, exempt: 3, ..Checked::default() };
    let (said, why) = verdict("DC-2", &[], &[("unscoped-cache-key", exempt)], &[], &[]);
    assert!(said == Verdict::Unknown && why.contains("asks nothing of 3 accesses of stores"), "{why}");
}

#[test]
fn the_checklist_names_rules_and_controls_that_exist() {
    let catalogue = Catalogue::load(EMBEDDED).expect("loads");
    let rules = RuleSet::load(EMBEDDED).expect("loads");
    for item in catalogue.items() {
        for rule in item.roles.keys() {
            let card = rules.get(rule).unwrap_or_else(|| panic!("{}: there is no rule `{rule}`", item.id));
            assert!(card.checklist.contains(&item.id), "{}: `{rule}` does not serve it", item.id);
        }
        for covered in &item.coverage {
            assert!(super::lines::control(&covered.control).is_some(), "{}: no control `{}`", item.id, covered.control);
        }
    }
}
