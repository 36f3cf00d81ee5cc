//! The evidence for one item: coverage of its controls, and what the rules that serve it found.
//!
//! Which rules serve an item stands on their cards, which controls it asks for in the catalogue; nothing here names one.

use std::collections::BTreeSet;

use super::{Counts, Failure, Input, Line, Proof, State};
use crate::catalogue::{Covered, Item, Role};
use crate::finding::Severity;
use crate::inventory::{Coverage, EntryPoint};
use crate::model::ControlKind;
use crate::rules::card::{RuleCard, Status as CardStatus};
use crate::settings::decision::{self, Subject};
use crate::surface::Status;

/// The engine whose rules look for things that a team may keep elsewhere.
const EVIDENCE: &str = "evidence";
/// The engine whose rules report entry points without a control.
const REACH: &str = "reach";

/// All evidence for an item.
pub(super) fn lines(input: &Input<'_>, item: &Item, is_attested: bool) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut told = BTreeSet::new();
    for covered in &item.coverage {
        let twin = twin(input, covered);
        told.extend(twin.map(|card| card.id.as_str()));
        lines.extend(coverage(input, item, covered, twin));
    }
    let serving = input.rules.iter().filter(|card| card.checklist.contains(&item.id));
    for card in serving.filter(|card| card.status != CardStatus::Removed && !told.contains(card.id.as_str())) {
        lines.push(rule(input, item, card, is_attested));
    }
    lines
}

/// The rule that reports gaps of a control.
fn twin<'a>(input: &Input<'a>, covered: &Covered) -> Option<&'a RuleCard> {
    let asks = |card: &&RuleCard| {
        card.detect.engine == REACH
            && card.detect.params.get("control").and_then(|kind| kind.as_str()) == Some(&covered.control)
    };
    input.rules.iter().find(asks)
}

/// The control that a word of the catalogue means.
pub(super) fn control(word: &str) -> Option<ControlKind> {
    serde_json::from_value(serde_json::Value::String(word.to_owned())).ok()
}

fn coverage(input: &Input<'_>, item: &Item, covered: &Covered, twin: Option<&RuleCard>) -> Option<Line> {
    let kind = control(&covered.control)?;
    let entries = &input.inventory.table.entry_points;
    let coverage = Coverage::of(entries, kind);
    let mut failures: Vec<Failure> = twin.map(|card| found(input, item, card)).unwrap_or_default();
    let absent: Vec<&EntryPoint> = entries.iter().filter(|entry| entry.status(kind) == Status::Absent).collect();
    for entry in &absent {
        if !failures.iter().any(|failure| failure.at == entry.at) {
            failures.push(gap(input, item, covered, entry));
        }
    }
    let is_excused = |entry: &&&EntryPoint| failures.iter().any(|failure| failure.at == entry.at && failure.is_excused);
    let counts = Counts {
        subjects: number(coverage.total),
        exempt: 0,
        satisfied: number(coverage.present),
        partial: number(coverage.partial),
        unknown: number(coverage.unknown),
        failed: number(absent.len()),
        excused: number(absent.iter().filter(is_excused).count()),
    };
    let is_off = twin.is_some_and(|card| input.selection.excluded.contains(&card.id));
    let state = match () {
        () if is_off => State::Off,
        () if counts.subjects == 0 && failures.is_empty() => State::Nothing,
        () if !failures.is_empty() => failed(covered.role, false),
        () if counts.partial > 0 => State::Weak,
        () if counts.unknown > 0 => State::Unclear,
        () => State::Holds,
    };
    let says = match state {
        State::Off => format!("{}: switched off in the project file", covered.done),
        State::Nothing => format!("no LLM entry point to be {}", covered.done),
        _ => {
            let what = if coverage.total == 1 { "LLM entry point" } else { "LLM entry points" };
            coverage.sentence(&format!("{what} {}", covered.done))
        }
    };
    Some(Line {
        control: Some(covered.control.clone()),
        rule: twin.map(|card| card.id.clone()),
        role: covered.role,
        state,
        counts,
        says,
        failures,
        proofs: seen(entries, kind),
    })
}

/// Where a control was seen, each place once.
fn seen(entries: &[EntryPoint], kind: ControlKind) -> Vec<Proof> {
    let all = entries.iter().filter_map(|entry| entry.controls.get(&kind)).flat_map(|control| &control.evidence);
    let proofs = all.map(|seen| {
        let value = seen.value.as_ref().map(|value| format!(" ({value})")).unwrap_or_default();
        Proof { at: seen.at.clone(), what: format!("{}{value}", seen.what) }
    });
    proofs.collect::<BTreeSet<_>>().into_iter().collect()
}

/// An entry point without a control that no rule reports.
fn gap(input: &Input<'_>, item: &Item, covered: &Covered, entry: &EntryPoint) -> Failure {
    let mut failure = Failure {
        rule: None,
        at: entry.at.clone(),
        message: match covered.done.strip_prefix("with ") {
            Some(what) => format!("`{}` is without {what}", entry.title()),
            None => format!("`{}` is not {}", entry.title(), covered.done),
        },
        severity: item.severity,
        fingerprint: None,
        suppressed: None,
        decision: None,
        is_excused: false,
    };
    decide(input, &mut failure, std::slice::from_ref(&item.id));
    failure.is_excused |= input.only_findings;
    failure
}

/// What a rule found, with the decisions that speak for it. One about another item that the rule serves does not: what is
/// tolerable there need not be so here.
fn found(input: &Input<'_>, item: &Item, card: &RuleCard) -> Vec<Failure> {
    let own = input.failures.iter().filter(|failure| failure.rule.as_deref() == Some(&card.id));
    let decided = own.cloned().map(|mut failure| {
        decide(input, &mut failure, std::slice::from_ref(&item.id));
        failure
    });
    decided.collect()
}

fn decide(input: &Input<'_>, failure: &mut Failure, items: &[String]) {
    let subject = Subject {
        fingerprint: failure.fingerprint.as_deref(),
        rule: failure.rule.as_deref(),
        items,
        path: &failure.at.file,
    };
    let decisions = &input.plan.decisions;
    failure.decision = decision::decide(decisions, subject);
    let excuses = failure.decision.is_some_and(|at| decisions[at].excuses(input.today));
    let is_closed = failure.suppressed.is_some() && (input.only_findings || failure.decision.is_none());
    failure.is_excused = excuses || is_closed;
}

fn rule(input: &Input<'_>, item: &Item, card: &RuleCard, is_attested: bool) -> Line {
    let role = role(input, item, card);
    let failures = found(input, item, card);
    let checked = input.checked.get(&card.id).copied().unwrap_or_default();
    let shown = input.shown.get(&card.id);
    let lacks = shown.map(|shown| shown.lacks.as_slice()).unwrap_or_default();
    let wrong = number(failures.len());
    let counts = Counts {
        subjects: checked.subjects.saturating_sub(checked.exempt).max(wrong),
        exempt: checked.exempt,
        satisfied: checked.satisfied,
        partial: 0,
        unknown: checked.unknown,
        failed: wrong,
        excused: number(failures.iter().filter(|failure| failure.is_excused).count()),
    };
    let state = match () {
        () if input.selection.excluded.contains(&card.id) => State::Off,
        () if wrong > 0 => failed(role, is_attested),
        () if counts.subjects == 0 => State::Nothing,
        () if !lacks.is_empty() => State::Weak,
        () if counts.unknown > 0 => State::Unclear,
        () => State::Holds,
    };
    Line {
        control: None,
        rule: Some(card.id.clone()),
        role,
        state,
        counts,
        says: sentence(card, state, counts, lacks),
        failures,
        proofs: shown.map(|shown| shown.proofs.clone()).unwrap_or_default(),
    }
}

/// What a rule's findings mean for an item.
fn role(input: &Input<'_>, item: &Item, card: &RuleCard) -> Role {
    if let Some(role) = item.roles.get(&card.id) {
        return *role;
    }
    let severity = input.selection.severity.get(&card.id).copied().unwrap_or(card.severity);
    match severity {
        _ if card.detect.engine == EVIDENCE => Role::Artefact,
        Severity::Critical | Severity::High | Severity::Medium => Role::Decides,
        Severity::Low => Role::Weakens,
        Severity::Note => Role::Informs,
    }
}

fn failed(role: Role, is_attested: bool) -> State {
    match role {
        Role::Decides => State::Fails,
        Role::Artefact if is_attested => State::Attested,
        Role::Artefact => State::Fails,
        Role::Weakens => State::Weak,
        Role::Informs => State::Holds,
    }
}

fn sentence(card: &RuleCard, state: State, counts: Counts, lacks: &[String]) -> String {
    let Counts { subjects, exempt, satisfied, unknown, failed, .. } = counts;
    let what = noun(card, subjects);
    let doubt = if unknown > 0 { format!(", {unknown} could not be judged") } else { String::new() };
    match state {
        State::Off => format!("`{}` is switched off in the project file", card.id),
        State::Nothing if exempt > 0 => format!("`{}` asks nothing of {exempt} {}", card.id, noun(card, exempt)),
        State::Nothing => format!("`{}` had nothing to judge", card.id),
        State::Attested => format!("`{}`: attested to lie elsewhere", card.id),
        _ if card.detect.engine == EVIDENCE => match (failed, lacks) {
            (0, []) => format!("`{}` has nothing to object", card.id),
            (0, lacks) => format!("`{}` misses {}", card.id, lacks.join(", ")),
            _ => card.summary.clone(),
        },
        _ if failed > 0 => format!("{}: {failed} found in {subjects} {what}{doubt}", card.summary),
        _ => format!("{satisfied} of {subjects} {what} in order by `{}`{doubt}", card.id),
    }
}

/// What a rule's engine counts, for so many.
fn noun(card: &RuleCard, number: u64) -> &'static str {
    let param = |key: &str| card.detect.params.get(key).and_then(|value| value.as_str()).unwrap_or_default();
    let (one, many) = match (card.detect.engine.as_str(), param("of")) {
        (REACH, _) => ("LLM entry point", "LLM entry points"),
        ("credential" | "config", _) => ("file", "files"),
        ("key", _) => ("access of a store", "accesses of stores"),
        (_, "llm-call") => ("LLM call", "LLM calls"),
        (_, "agent-loop") => ("loop around LLM calls", "loops around LLM calls"),
        (_, "rate-limit") => ("rate limit", "rate limits"),
        (_, "input-limit") => ("input limit", "input limits"),
        _ => ("place", "places"),
    };
    if number == 1 { one } else { many }
}

fn number(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
