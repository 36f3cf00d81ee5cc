//! From evidence to a verdict per item.

use std::collections::BTreeMap;

use super::{Attested, Checklist, Input, Line, Row, Scope, State, Verdict, decisions, lines, matrix};
use crate::catalogue::{Group, Item, Role, Track};
use crate::settings::decision::Ruling;

/// Judges every item of the checklist.
pub fn judge(input: &Input<'_>) -> Checklist {
    let scope = scope(input);
    let mut items = Vec::new();
    for group in &input.catalogue.groups {
        items.extend(group.items.iter().map(|item| row(input, group, item, &scope)));
    }
    let mut totals: BTreeMap<&'static str, u64> = Verdict::ALL.iter().map(|verdict| (verdict.label(), 0)).collect();
    for row in &items {
        *totals.entry(row.verdict.label()).or_default() += 1;
    }
    Checklist {
        today: input.today,
        profile: input.plan.profile.clone(),
        scope,
        totals,
        blockers: items.iter().filter(|row| row.blocks).map(|row| row.id.clone()).collect(),
        packages: matrix::packages(input),
        decisions: decisions::rows(input, &items),
        items,
    }
}

fn scope(input: &Input<'_>) -> Scope {
    let table = &input.inventory.table;
    Scope {
        uses_llm: input.inventory.uses_llm(),
        llm_calls: table.llm_calls.len(),
        llm_entry_points: table.entry_points.len(),
        other_entry_points: table.other_entry_points,
        unresolved_calls: table.unresolved_calls,
        llm_packages: input.inventory.llm_packages.clone(),
        unknown_packages: input.unknown_packages.to_vec(),
    }
}

fn row(input: &Input<'_>, group: &Group, item: &Item, scope: &Scope) -> Row {
    let standard = input.plan.standard(item, input.catalogue);
    let attestation = attestation(input, item);
    let is_attested = attestation.as_ref().is_some_and(|attested| attested.days_left >= 0);
    let evidence = lines::lines(input, item, is_attested);
    let (verdict, reason) = if scope.uses_llm {
        verdict(item, &evidence, attestation.as_ref(), scope)
    } else {
        (Verdict::NotApplicable, no_llm(&evidence))
    };
    let deciding = || evidence.iter().filter(|line| line.state == State::Fails).flat_map(|line| &line.failures);
    let is_open = deciding().any(|failure| !failure.is_excused);
    let is_blocker =
        deciding().filter_map(|failure| failure.decision).any(|at| input.plan.decisions[at].ruling == Ruling::Blocker);
    let failed: Vec<_> = evidence.iter().filter(|line| is_told(line)).flat_map(|line| &line.failures).collect();
    Row {
        id: item.id.clone(),
        title: item.title.clone(),
        group: group.title.clone(),
        track: standard.emphasis.track,
        severity: standard.emphasis.severity,
        owner: standard.owner,
        reviewer: standard.reviewer,
        verdict,
        reason,
        blocks: verdict == Verdict::Fail && (is_blocker || (standard.emphasis.track == Track::Blocking && is_open)),
        failures: failed.len() as u64,
        excused: failed.iter().filter(|failure| failure.is_excused).count() as u64,
        attest: item.attest.clone(),
        attestation,
        risk: item.risk.clone(),
        passes: item.passes.clone(),
        artefact: item.artefact.clone(),
        evidence,
    }
}

/// Whether a line's failures count for its item.
fn is_told(line: &Line) -> bool {
    !matches!(line.state, State::Off | State::Attested) && line.role != Role::Informs
}

fn no_llm(evidence: &[Line]) -> String {
    let found: usize = evidence.iter().filter(|line| is_told(line)).map(|line| line.failures.len()).sum();
    let mut reason =
        "no use of a language model was found: no LLM call, and no manifest names an LLM library".to_owned();
    if found > 0 {
        reason.push_str(&format!("; `launchlint scan` still reports {found} of its findings"));
    }
    reason
}

/// The latest statement about an item.
fn attestation(input: &Input<'_>, item: &Item) -> Option<Attested> {
    let own = input.plan.attestations.iter().filter(|attestation| attestation.item == item.id);
    let latest = own.max_by_key(|attestation| (attestation.review_by, attestation.when))?;
    Some(Attested {
        who: latest.who.clone(),
        when: latest.when,
        artefact: latest.artefact.clone(),
        statement: latest.statement.clone(),
        review_by: latest.review_by,
        days_left: input.today.days_until(latest.review_by),
    })
}

fn verdict(item: &Item, evidence: &[Line], attested: Option<&Attested>, scope: &Scope) -> (Verdict, String) {
    let of = |states: &[State]| -> Vec<&Line> {
        evidence.iter().filter(|line| line.role != Role::Informs && states.contains(&line.state)).collect()
    };
    let say = |lines: &[&Line]| lines.iter().map(|line| line.says.as_str()).collect::<Vec<_>>().join("; ");
    let failing = of(&[State::Fails]);
    if !failing.is_empty() {
        return (Verdict::Fail, say(&failing));
    }
    let weak = of(&[State::Weak]);
    if !weak.is_empty() {
        return (Verdict::Partial, say(&weak));
    }
    let blind: Vec<&Line> = evidence.iter().filter(|line| line.role == Role::Decides && is_blind(line)).collect();
    let unclear = of(&[State::Unclear]);
    let good = of(&[State::Holds, State::Attested]);
    let is_current = attested.is_some_and(|attested| attested.days_left >= 0);
    match () {
        () if !blind.is_empty() => (Verdict::Unknown, say(&blind)),
        () if !unclear.is_empty() => {
            let is_partial = unclear.iter().any(|line| line.counts.satisfied > 0);
            // What is known of the control stands before what could not be judged of it.
            let known = good.iter().copied().filter(|line| line.role == Role::Decides && line.control.is_some());
            let told: Vec<&Line> = known.chain(unclear.iter().copied()).collect();
            (if is_partial { Verdict::Partial } else { Verdict::Unknown }, say(&told))
        }
        () if good.is_empty() && is_current && is_by_statement(evidence) => {
            (Verdict::Pass, format!("attested{}", by(attested)))
        }
        () if good.is_empty() && evidence.is_empty() && item.attest.is_some() => {
            (Verdict::NeedsAttestation, format!("reading cannot show it; {}", missing(item, attested)))
        }
        () if good.is_empty() => (Verdict::Unknown, nothing(evidence, scope)),
        () if item.attest.is_some() && !is_current => {
            (Verdict::NeedsAttestation, format!("{}; {}", say(&good), missing(item, attested)))
        }
        () => (
            Verdict::Pass,
            format!(
                "{}{}",
                say(&good),
                if item.attest.is_some() { format!("; attested{}", by(attested)) } else { String::new() }
            ),
        ),
    }
}

/// Whether what decides an item could not be looked at: a control without an entry point, or a rule that is off.
fn is_blind(line: &Line) -> bool {
    line.state == State::Off || (line.state == State::Nothing && line.control.is_some())
}

/// Whether nothing but a statement can establish an item.
fn is_by_statement(evidence: &[Line]) -> bool {
    evidence.iter().all(|line| line.role == Role::Artefact)
}

fn by(attested: Option<&Attested>) -> String {
    attested
        .map(|attested| format!(" by {} on {}, {} days left", attested.who, attested.when, attested.days_left))
        .unwrap_or_default()
}

fn missing(item: &Item, attested: Option<&Attested>) -> String {
    match attested {
        Some(attested) => format!("the attestation of {} was to be reviewed by {}", attested.who, attested.review_by),
        None => format!("nobody attested {}", item.attest.as_deref().unwrap_or("it")),
    }
}

fn nothing(evidence: &[Line], scope: &Scope) -> String {
    let what = match evidence {
        [] => "no rule judges it yet".to_owned(),
        lines => lines.iter().map(|line| line.says.as_str()).collect::<Vec<_>>().join("; "),
    };
    if scope.llm_calls == 0 {
        return format!("no LLM call was seen, although manifests name {}: {what}", scope.llm_packages.join(", "));
    }
    what
}
