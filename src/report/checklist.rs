//! The launch checklist as people and other tools get to see it.
//!
//! Each format is a function of a [`Page`]. Nothing here judges; every text of the repository is escaped for its format.

pub mod history;
pub mod html;
pub mod human;
pub mod json;
pub mod markdown;

#[cfg(test)]
mod tests;

use super::{LeftOut, Summary, Tool};
use crate::checklist::history::Record;
use crate::checklist::{Checklist, DecisionRow, Failure, Fault};
use crate::finding::Notice;
use crate::inventory::Inventory;
use crate::model::ControlKind;
use crate::report::surfaces::COLUMNS;
use crate::report::text::count;

/// Everything that a report is made of.
#[derive(Clone, Copy)]
pub struct Page<'a> {
    /// Who speaks.
    pub tool: Tool<'a>,
    /// The verdicts.
    pub checklist: &'a Checklist,
    /// What there is.
    pub inventory: &'a Inventory,
    /// What was examined.
    pub summary: &'a Summary,
    /// What the tool says about its own work.
    pub notices: &'a [Notice],
    /// The project file, if there is one.
    pub project_file: Option<&'a str>,
    /// Dated results, oldest first.
    pub history: &'a [Record],
    /// What was accepted, and what settings make the audit say less of.
    pub left_out: LeftOut,
}

/// What makes the audit say less, in sentences: what was accepted, and what settings do.
fn quieter(page: &Page<'_>) -> Vec<String> {
    let accepted = page.left_out.accepted().map(|accepted| format!("Findings that were accepted: {accepted}."));
    let loosened = page.left_out.loosened().map(|loosened| format!("Settings make the audit say less: {loosened}."));
    accepted.into_iter().chain(loosened).collect()
}

/// The head of a control's column.
fn head(kind: ControlKind) -> &'static str {
    COLUMNS.iter().find(|column| column.kind == kind).map_or("?", |column| column.head)
}

/// A package's folder in words.
fn folder(folder: &str) -> &str {
    if folder.is_empty() { "(root)" } else { folder }
}

/// What was decided about a failure, in a few words; nothing if nothing was.
fn decided(failure: &Failure, checklist: &Checklist) -> Option<String> {
    let decision = failure.decision.and_then(|at| checklist.decisions.get(at));
    match (decision, &failure.suppressed) {
        (Some(decision), _) => Some(format!("{}{}", decision.decision.label(), span(decision))),
        (None, Some(reason)) => Some(format!("suppressed in code: {reason}")),
        (None, None) => None,
    }
}

/// How long a decision still counts, as in `, 5 days left`.
fn span(decision: &DecisionRow) -> String {
    match (decision.until, decision.days_left) {
        (Some(until), Some(left)) if left < 0 => format!(", expired {until}"),
        (Some(_), Some(1)) => ", 1 day left".to_owned(),
        (Some(_), Some(left)) => format!(", {left} days left"),
        _ => String::new(),
    }
}

/// Whether a fault of a decision is more than a hint.
fn is_grave(fault: &Fault) -> bool {
    matches!(fault, Fault::Expired | Fault::Orphaned | Fault::OverBroad)
}

/// What was judged, in one sentence.
fn scope(checklist: &Checklist) -> String {
    let scope = &checklist.scope;
    if !scope.uses_llm {
        return "No use of a language model was found, so no item applies.".to_owned();
    }
    let number = |number: usize| number as u64;
    let mut text = format!(
        "{} and {}; {} without a way to one; {} could not be followed.",
        count(number(scope.llm_entry_points), "LLM entry point", "LLM entry points"),
        count(number(scope.llm_calls), "LLM call", "LLM calls"),
        count(scope.other_entry_points, "other entry point", "other entry points"),
        count(scope.unresolved_calls, "call", "calls"),
    );
    if !scope.unknown_packages.is_empty() {
        text.push_str(&format!(" Not seen: what goes through {}.", scope.unknown_packages.join(", ")));
    }
    text
}
