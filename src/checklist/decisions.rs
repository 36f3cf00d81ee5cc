//! Every decision of the project file: what it speaks for, how long it still counts, and what is wrong with it.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{Input, Row};
use crate::settings::Date;
use crate::settings::decision::{Decision, Ruling, SOON, Standing};

/// What is wrong with a decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fault {
    /// It ended; what it covers blocks again.
    Expired,
    /// It covers nothing.
    Orphaned,
    /// It covers more than one defect, or everything.
    OverBroad,
    /// It lasts longer than the checklist's reference.
    TooLong,
    /// It ends within days.
    EndsSoon,
}

/// One decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DecisionRow {
    /// What was decided.
    pub decision: Ruling,
    /// What it is about, in words.
    pub about: String,
    /// The compensating control, or the reason.
    pub why: Option<String>,
    /// Who answers for it.
    pub who: Option<String>,
    /// The day it was made.
    pub made: Option<Date>,
    /// The last day it counts.
    pub until: Option<Date>,
    /// Days until then; negative if it has passed.
    pub days_left: Option<i64>,
    /// How many failures it speaks for.
    pub covers: usize,
    /// The items that these bear on.
    pub items: Vec<String>,
    /// What is wrong with it.
    pub faults: Vec<Fault>,
    /// What that means, a sentence each.
    pub notes: Vec<String>,
    /// The line of the project file it starts on.
    pub line: usize,
}

/// What a decision speaks for.
#[derive(Default)]
struct Covered<'a> {
    /// Distinct failures.
    failures: BTreeSet<(&'a str, u32, &'a str)>,
    /// Distinct defects.
    defects: BTreeSet<&'a str>,
    items: BTreeSet<&'a str>,
}

/// All decisions, in the order of the file.
pub(super) fn rows(input: &Input<'_>, items: &[Row]) -> Vec<DecisionRow> {
    let mut covered: BTreeMap<usize, Covered<'_>> = BTreeMap::new();
    for row in items {
        for line in &row.evidence {
            let defect = line.rule.as_deref().or(line.control.as_deref()).unwrap_or_default();
            for failure in &line.failures {
                let Some(at) = failure.decision else { continue };
                let covered = covered.entry(at).or_default();
                covered.failures.insert((&failure.at.file, failure.at.line, defect));
                covered.defects.insert(defect);
                covered.items.insert(&row.id);
            }
        }
    }
    let none = Covered::default();
    let decisions = input.plan.decisions.iter().enumerate();
    decisions.map(|(at, decision)| row(input, decision, covered.get(&at).unwrap_or(&none))).collect()
}

fn row(input: &Input<'_>, decision: &Decision, covered: &Covered<'_>) -> DecisionRow {
    let mut row = DecisionRow {
        decision: decision.ruling,
        about: decision.scope.label(),
        why: decision.why.clone(),
        who: decision.who.clone(),
        made: decision.made,
        until: decision.until,
        days_left: decision.until.map(|until| input.today.days_until(until)),
        covers: covered.failures.len(),
        items: covered.items.iter().map(|item| (*item).to_owned()).collect(),
        faults: Vec::new(),
        notes: Vec::new(),
        line: decision.line,
    };
    for (fault, note) in faults(input, decision, covered) {
        row.faults.push(fault);
        row.notes.push(note);
    }
    row
}

fn faults(input: &Input<'_>, decision: &Decision, covered: &Covered<'_>) -> Vec<(Fault, String)> {
    let mut faults = Vec::new();
    match (decision.standing(input.today), decision.until) {
        (Standing::Expired(days), Some(until)) => {
            faults.push((Fault::Expired, format!("expired on {until}, {}: what it covers blocks again", ago(days))));
        }
        (Standing::Holds(left), Some(until)) if left <= SOON => {
            faults.push((Fault::EndsSoon, format!("ends on {until}, {}", ahead(left))));
        }
        _ => {}
    }
    if covered.failures.is_empty() {
        faults.push((
            Fault::Orphaned,
            "covers nothing: no finding and no item that fails matches it; take it out".into(),
        ));
    }
    if decision.is_over_broad(covered.defects.len()) {
        let defects: Vec<&str> = covered.defects.iter().copied().collect();
        let what = if defects.len() > 1 {
            format!("different defects at once ({})", defects.join(", "))
        } else {
            "every file".into()
        };
        faults.push((Fault::OverBroad, format!("is over-broad: it covers {what}; name a rule or a finding")));
    }
    if let (Ruling::Mitigated, Some(until), Some(days)) =
        (decision.ruling, decision.until, input.catalogue.decisions.mitigated.days)
    {
        let from = decision.made.unwrap_or(input.today);
        let lasts = from.days_until(until);
        if lasts > i64::from(days) {
            faults.push((Fault::TooLong, format!("lasts {lasts} days; the reference for a mitigation is {days}")));
        }
    }
    faults
}

fn ago(days: i64) -> String {
    if days == 1 { "yesterday".into() } else { format!("{days} days ago") }
}

fn ahead(days: i64) -> String {
    match days {
        0 => "today".into(),
        1 => "tomorrow".into(),
        days => format!("in {days} days"),
    }
}
