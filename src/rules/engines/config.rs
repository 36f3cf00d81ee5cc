//! `config`: settings in configuration files, and settings of one call in code that are dangerous together.
//!
//! A card says which files and which places in them are subjects, and what must not be said there. The engine knows no
//! key: it selects, compares texts with expressions and numbers with policies. What is computed at run time is unknown
//! and left alone.

mod call;
mod measure;
mod query;

use std::collections::BTreeMap;

use serde::Deserialize;

pub(super) use query::{Query, Subject};

use crate::finding::{Finding, Location};
use crate::rules::card::{RuleCard, RuleError};
use crate::rules::run::{Context, Judged, Proof, finding, step};
use crate::source::PathClass;
use crate::surface::{Evidence, Status};

use query::{Condition, Verdict};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Params {
    /// Places in configuration files.
    #[serde(default)]
    checks: Vec<Check>,
    /// Settings of one call or object in code.
    #[serde(default)]
    calls: Vec<call::Together>,
    /// Whether only repositories with an LLM call are asked.
    #[serde(default)]
    applications_only: bool,
    /// Whether a repository gets one finding, with the other places beside it.
    #[serde(default)]
    once: bool,
    /// What is judged, for the checklist.
    what: String,
}

/// Subjects and what must not be said about them.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Check {
    of: Query,
    faults: Vec<Fault>,
}

/// Something that must not be.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Fault {
    /// What holds if it is so; the first condition with a place is where the finding points.
    when: Vec<Condition>,
    problem: String,
    advice: String,
    /// Whether the message may show the value; never where it could be a secret.
    #[serde(default)]
    show: bool,
}

/// One problem at one place.
struct Problem {
    at: Location,
    subject: String,
    problem: String,
    advice: String,
}

pub(super) fn run(card: &RuleCard, cx: &Context<'_>, judged: &mut Judged) -> Result<(), RuleError> {
    let params: Params = card.detect.params()?;
    if params.applications_only && cx.surfaces.llm_calls.is_empty() {
        return Ok(());
    }
    let mut problems = Vec::new();
    let mut sound = Vec::new();
    for check in &params.checks {
        check_files(card, cx, check, judged, (&mut problems, &mut sound)).map_err(|error| card.detect.error(error))?;
    }
    for together in &params.calls {
        call::check(card, cx, together, judged, &mut problems);
    }
    problems.sort_by(|a, b| (&a.at, &a.problem).cmp(&(&b.at, &b.problem)));
    problems.dedup_by(|a, b| a.at == b.at && a.problem == b.problem);
    prove(card, &params, &problems, sound, judged);
    let mut findings: Vec<Finding> = problems.iter().map(|problem| report(card, problem)).collect();
    if params.once && findings.len() > 1 {
        let rest = findings.split_off(1);
        findings[0].related = rest.into_iter().map(|other| step(other.at, other.message)).collect();
    }
    judged.findings.extend(findings);
    Ok(())
}

fn check_files(
    card: &RuleCard,
    cx: &Context<'_>,
    check: &Check,
    judged: &mut Judged,
    (problems, sound): (&mut Vec<Problem>, &mut Vec<Evidence>),
) -> Result<(), String> {
    for (index, file) in cx.files.iter().enumerate() {
        if file.class != PathClass::Production || !check.of.is_file(file) {
            continue;
        }
        let Some(facts) = cx.configs.of(index, file) else { continue };
        for subject in check.of.subjects(facts) {
            judged.checked(card).subjects += 1;
            let (mut is_sound, mut is_known) = (true, true);
            for fault in &check.faults {
                match query::all_hold(&fault.when, &subject, cx.catalogue)? {
                    Verdict::Holds(span) => {
                        is_sound = false;
                        let at = Location { path: file.path.clone(), span: span.unwrap_or(subject.place()) };
                        problems.push(problem(fault, &subject, at, &file.text));
                    }
                    Verdict::Unknown => is_known = false,
                    Verdict::Fails => {}
                }
            }
            let checked = judged.checked(card);
            checked.satisfied += u64::from(is_sound && is_known);
            checked.unknown += u64::from(is_sound && !is_known);
            if is_sound && is_known {
                let at = Location { path: file.path.clone(), span: subject.place() };
                sound.push(Evidence { at, what: format!("`{}`", subject.name()), value: None });
            }
        }
    }
    Ok(())
}

fn problem(fault: &Fault, subject: &Subject<'_>, at: Location, text: &str) -> Problem {
    let written = text.get(at.span.start as usize..at.span.end as usize).unwrap_or_default();
    let written = written.trim_matches(['"', '\'']);
    let problem = if fault.show && written.len() <= 80 {
        fault.problem.replace("{value}", written)
    } else {
        fault.problem.replace("`{value}`", "a value").replace("{value}", "a value")
    };
    Problem { at, subject: subject.name().to_owned(), problem, advice: fault.advice.clone() }
}

fn report(card: &RuleCard, one: &Problem) -> Finding {
    let name = format!("`{}`", one.subject);
    let holes = [("subject", name.as_str()), ("problem", one.problem.as_str()), ("advice", one.advice.as_str())];
    let mut found = finding(card, one.at.clone(), format!("{} {}", one.subject, one.problem), &holes);
    found.remedy = Some(one.advice.clone());
    found
}

/// What the checklist shows: the sound places, and each faulty one by its problem.
fn prove(card: &RuleCard, params: &Params, problems: &[Problem], mut sound: Vec<Evidence>, judged: &mut Judged) {
    if judged.checked.get(&card.id).is_none_or(|checked| checked.subjects == 0) {
        return;
    }
    sound.sort();
    sound.truncate(20);
    let mut lacks: BTreeMap<&str, usize> = BTreeMap::new();
    for problem in problems {
        *lacks.entry(problem.problem.as_str()).or_default() += 1;
    }
    let status = match (problems.is_empty(), sound.is_empty()) {
        (true, false) => Status::Present,
        (true, true) => Status::Unknown,
        (false, false) => Status::Partial,
        (false, true) => Status::Absent,
    };
    let lacks = lacks.into_iter().map(|(what, count)| format!("{count} {what}")).collect();
    judged.proofs.push(Proof { rule: card.id.clone(), what: params.what.clone(), status, evidence: sound, lacks });
}
