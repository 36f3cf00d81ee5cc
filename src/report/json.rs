//! The tool's own JSON: versioned, for scripts that want more than SARIF carries.
//!
//! The structs here are the format: fields are added freely, but one that changes meaning or goes raises
//! [`SCHEMA_VERSION`].

use std::collections::BTreeMap;

use serde::Serialize;

use super::view::{Shown, View};
use super::{Change, LeftOut, Loosened, Report, Silenced, SilencedBy, Summary};
use crate::finding::{Confidence, Location, Notice, NoticeKind, Severity, Step};
use crate::source::Position;

/// The version of the format.
pub const SCHEMA_VERSION: u32 = 1;

#[derive(Serialize)]
struct Document<'r> {
    schema_version: u32,
    tool: Tool<'r>,
    summary: Totals<'r>,
    findings: Vec<Entry<'r>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    accepted: Vec<Accepted<'r>>,
    notices: Vec<Said<'r>>,
}

#[derive(Serialize)]
struct Tool<'r> {
    name: &'r str,
    version: &'r str,
}

#[derive(Serialize)]
struct Totals<'r> {
    files: u64,
    files_by_language: &'r BTreeMap<String, u64>,
    skipped: &'r BTreeMap<String, u64>,
    llm_calls: u64,
    entry_points: u64,
    llm_entry_points: u64,
    unresolved_calls: u64,
    unknown_libraries: &'r [String],
    findings_by_severity: BTreeMap<&'static str, u64>,
    /// Findings that are not listed, by reason.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    left_out: BTreeMap<&'static str, usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    change: Option<Compared<'r>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    elapsed_ms: Option<u64>,
}

/// What a run that reports a change only was compared with, and what it left out.
#[derive(Serialize)]
struct Compared<'r> {
    base: &'r str,
    on_changed_lines: usize,
    caused_elsewhere: usize,
    fixed: usize,
    older: usize,
}

/// A finding that somebody accepted.
#[derive(Serialize)]
struct Accepted<'r> {
    #[serde(flatten)]
    entry: Entry<'r>,
    by: &'static str,
    reason: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<String>,
}

#[derive(Serialize)]
struct Entry<'r> {
    rule: &'r str,
    severity: Severity,
    confidence: Confidence,
    message: String,
    subject: String,
    #[serde(flatten)]
    at: Spot<'r>,
    checklist: &'r [String],
    cwe: &'r [u32],
    owasp: &'r [String],
    flow: Vec<Noted<'r>>,
    related: Vec<Noted<'r>>,
    remedy: Option<String>,
    fingerprint: &'r str,
}

/// A place; columns count UTF-16 code units from 1, the end is one past the last.
#[derive(Serialize)]
struct Spot<'r> {
    path: &'r str,
    start: Option<Position>,
    end: Option<Position>,
}

#[derive(Serialize)]
struct Noted<'r> {
    #[serde(flatten)]
    at: Spot<'r>,
    note: String,
}

#[derive(Serialize)]
struct Said<'r> {
    kind: NoticeKind,
    path: &'r str,
    line: Option<u32>,
    message: String,
}

/// The whole report as one JSON document; ends with a line end.
pub fn render(report: &Report<'_>) -> Result<String, serde_json::Error> {
    let view = View::new(report);
    let document = Document {
        schema_version: SCHEMA_VERSION,
        tool: Tool { name: report.tool.name, version: report.tool.version },
        summary: totals(report.summary, &view),
        findings: view.by_place().into_iter().map(|shown| entry(&view, shown)).collect(),
        accepted: report.circumstances.silenced.iter().map(|silenced| accepted(&view, silenced)).collect(),
        notices: notices(&view),
    };
    Ok(serde_json::to_string_pretty(&document)? + "\n")
}

fn totals<'r>(summary: &'r Summary, view: &View<'r>) -> Totals<'r> {
    let mut findings_by_severity: BTreeMap<_, u64> = Severity::ALL.iter().map(|s| (s.label(), 0)).collect();
    for finding in view.report.findings {
        *findings_by_severity.entry(finding.severity.label()).or_default() += 1;
    }
    Totals {
        files: summary.files(),
        files_by_language: &summary.files_by_language,
        skipped: &summary.skipped,
        llm_calls: summary.llm_calls,
        entry_points: summary.entry_points,
        llm_entry_points: summary.llm_entry_points,
        unresolved_calls: summary.unresolved,
        unknown_libraries: &summary.unknown_libraries,
        findings_by_severity,
        left_out: left_out(view.report.circumstances.left_out),
        change: view.report.circumstances.change.map(compared),
        elapsed_ms: summary.elapsed.map(|time| u64::try_from(time.as_millis()).unwrap_or(u64::MAX)),
    }
}

/// What a report does not hold, counted by reason.
pub(in crate::report) fn left_out(left_out: LeftOut) -> BTreeMap<&'static str, usize> {
    let LeftOut { suppressed, baselined, decided, below_threshold, outside_production, loosened } = left_out;
    let Loosened { rules_off, files_excluded, milder_rules, values_changed, paths_declared } = loosened;
    let all = [
        ("suppressed", suppressed),
        ("baselined", baselined),
        ("decided", decided),
        ("below_threshold", below_threshold),
        ("outside_production", outside_production),
        ("rules_off", rules_off),
        ("files_excluded", files_excluded),
        ("milder_rules", milder_rules),
        ("values_changed", values_changed),
        ("paths_declared", paths_declared),
    ];
    all.into_iter().filter(|(_, number)| *number > 0).collect()
}

fn compared(change: &Change) -> Compared<'_> {
    let Change { base, on_changed_lines, caused_elsewhere, fixed, older } = change;
    Compared {
        base,
        on_changed_lines: *on_changed_lines,
        caused_elsewhere: *caused_elsewhere,
        fixed: *fixed,
        older: *older,
    }
}

fn accepted<'r>(view: &'r View<'_>, silenced: &'r Silenced) -> Accepted<'r> {
    let by = match silenced.by {
        SilencedBy::Comment => "comment",
        SilencedBy::Baseline => "baseline",
        SilencedBy::Decision => "decision",
    };
    let shown = Shown { finding: &silenced.finding, fingerprint: &silenced.fingerprint };
    let until = silenced.until.map(|date| date.to_string());
    Accepted { entry: entry(view, shown), by, reason: &silenced.reason, until }
}

fn entry<'r>(view: &'r View<'_>, shown: Shown<'r>) -> Entry<'r> {
    let finding = shown.finding;
    let card = view.card(&finding.rule);
    Entry {
        rule: &finding.rule,
        severity: finding.severity,
        confidence: finding.confidence,
        message: view.prose(&finding.message).into_owned(),
        subject: view.prose(&finding.subject).into_owned(),
        at: spot(view, &finding.at),
        checklist: card.map(|card| card.checklist.as_slice()).unwrap_or_default(),
        cwe: card.map(|card| card.cwe.as_slice()).unwrap_or_default(),
        owasp: card.map(|card| card.owasp.as_slice()).unwrap_or_default(),
        flow: steps(view, &finding.flow),
        related: steps(view, &finding.related),
        remedy: finding.remedy.as_deref().map(|text| view.prose(text).into_owned()),
        fingerprint: shown.fingerprint,
    }
}

fn steps<'r>(view: &View<'_>, steps: &'r [Step]) -> Vec<Noted<'r>> {
    let noted = |step: &'r Step| Noted { at: spot(view, &step.at), note: view.prose(&step.note).into_owned() };
    steps.iter().map(noted).collect()
}

fn spot<'r>(view: &View<'_>, at: &'r Location) -> Spot<'r> {
    let place = view.place(at);
    Spot { path: &at.path, start: place.map(|place| place.start), end: place.map(|place| place.end) }
}

fn notices<'r>(view: &View<'r>) -> Vec<Said<'r>> {
    let mut notices: Vec<&Notice> = view.report.notices.iter().collect();
    notices.sort();
    let said = |notice: &'r Notice| {
        let at = notice.span.map(|span| Location { path: notice.path.clone(), span });
        let line = at.and_then(|at| view.place(&at)).map(|place| place.start.line);
        Said { kind: notice.kind, path: &notice.path, line, message: view.prose(&notice.message).into_owned() }
    };
    notices.into_iter().map(said).collect()
}
