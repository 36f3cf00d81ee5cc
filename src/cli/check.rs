//! The `check` command: whether a gate is open, and if not, what closes it.

use std::fmt::Write as _;

use super::args::{Check, Gate};
use super::failure::Failure;
use super::judgement::{judge, judge_new};
use super::trusted::with_trust;
use super::{Console, Exit, Stages, output, scan};
use crate::checklist::{Checklist, Fault, Line, Row, State, Verdict};
use crate::report::LeftOut;
use crate::settings::decision::Ruling;

/// Most failures that are named for one item.
const NAMED: usize = 5;

/// Says whether a gate is open.
pub(super) fn check(options: &Check, stages: &Stages<'_>, console: &mut Console<'_>) -> Result<Exit, Failure> {
    if options.gate == Gate::Launch && options.compare.is_asked() {
        return Err(
            Failure::new("the launch gate judges everything, not a change").help("use --gate pr to judge a change")
        );
    }
    let common = with_trust(&options.common, &options.trust)?;
    let judged = match options.gate {
        Gate::Launch => judge(&common, stages, console)?,
        Gate::Pr => judge_new(&common, &options.compare, &options.baseline, stages, console)?,
    };
    let text = gate(&judged.checklist, if options.gate == Gate::Launch { "launch" } else { "pull request" });
    let text = quieter(scan::left_out(&judged.audit, stages, 0, judged.baselined)) + &text;
    match &judged.audit.settings.output {
        Some(file) => output::to_file(file, &text)?,
        None => output::to_stream(console.out, &text)?,
    }
    scan::warn_if_nothing_to_judge(&judged.audit.discovery, console);
    scan::check_whole(&judged.audit.notices, options.trust.strict)?;
    Ok(if judged.checklist.blockers.is_empty() { Exit::Clean } else { Exit::Findings })
}

/// What makes the audit say less, a line for what was accepted and one for settings.
fn quieter(left_out: LeftOut) -> String {
    let accepted = left_out.accepted().map(|accepted| format!("accepted: {accepted}\n"));
    let loosened = left_out.loosened().map(|loosened| format!("loosened: {loosened}\n"));
    accepted.into_iter().chain(loosened).collect()
}

fn gate(checklist: &Checklist, name: &str) -> String {
    let mut out = String::new();
    let rows = checklist.items.iter();
    for row in rows.clone().filter(|row| row.blocks) {
        blocked(&mut out, row, checklist);
    }
    for decision in &checklist.decisions {
        for (fault, note) in decision.faults.iter().zip(&decision.notes) {
            let word = if *fault == Fault::Expired { "expired" } else { "warning" };
            let _ = writeln!(out, "{word}: the decision on {} (line {}) {note}", decision.about, decision.line);
        }
    }
    let excused: Vec<&str> =
        rows.clone().filter(|row| row.verdict == Verdict::Fail && !row.blocks).map(|row| row.id.as_str()).collect();
    if !excused.is_empty() {
        let _ = writeln!(out, "fails without blocking (follow-up or decided): {}", excused.join(", "));
    }
    for verdict in [Verdict::Unknown, Verdict::NeedsAttestation] {
        let ids: Vec<&str> = rows.clone().filter(|row| row.verdict == verdict).map(|row| row.id.as_str()).collect();
        if !ids.is_empty() {
            let _ = writeln!(out, "{}: {}", verdict.label(), ids.join(", "));
        }
    }
    if !checklist.scope.uses_llm {
        out.push_str("no use of a language model was found: nothing to judge\n");
    }
    match checklist.blockers.as_slice() {
        [] => drop(writeln!(out, "{name} gate: open")),
        ids => {
            let _ = writeln!(out, "{name} gate: closed by {}", ids.join(", "));
        }
    }
    out
}

fn blocked(out: &mut String, row: &Row, checklist: &Checklist) {
    let _ = writeln!(out, "{} {}: {} (owner: {})", row.id, row.title, row.reason, row.owner);
    let failing: Vec<&Line> = row.evidence.iter().filter(|line| line.state == State::Fails).collect();
    let open: Vec<_> = failing.iter().flat_map(|line| &line.failures).filter(|failure| !failure.is_excused).collect();
    for failure in open.iter().take(NAMED) {
        let why = failure.decision.map(|at| &checklist.decisions[at]).map(|decision| match decision.until {
            _ if decision.decision == Ruling::Blocker => " [decided: blocker]".to_owned(),
            Some(until) => format!(" [{} until {until}, expired]", decision.decision.label()),
            None => String::new(),
        });
        let name = failure.fingerprint.as_deref().unwrap_or_default();
        let _ = writeln!(out, "  {} {} {}{}", failure.at, failure.message, name, why.unwrap_or_default());
    }
    if open.len() > NAMED {
        let _ = writeln!(out, "  and {} more", open.len() - NAMED);
    }
}
