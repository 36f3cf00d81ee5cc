//! JSON lines for coding agents: first what the run amounts to, then one finding a line with all it takes to act on it.
//!
//! Each line stands alone, so that a reader may stop anywhere. It says less than the JSON report and in an order of work:
//! the worst first. The fields are the format: they are added to freely, and one that changes meaning raises [`VERSION`].

use serde::Serialize;

use super::Report;
use super::text::clean;
use super::view::{Shown, View};
use crate::finding::{Confidence, Finding, Location, NoticeKind, Severity};

/// The version of the format.
pub const VERSION: u32 = 1;

#[derive(Serialize)]
struct Head<'r> {
    kind: &'static str,
    version: u32,
    tool: String,
    findings: usize,
    worst: Option<Severity>,
    llm_entry_points: u64,
    llm_calls: u64,
    /// Calls that were not followed: code behind them was not judged.
    unresolved_calls: u64,
    /// Packages whose calls were not seen.
    unknown_libraries: &'r [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    compared: Option<String>,
    /// What is accepted, or what settings leave out.
    #[serde(skip_serializing_if = "Option::is_none")]
    not_shown: Option<String>,
    after_a_fix: &'static str,
}

#[derive(Serialize)]
struct Line<'r> {
    kind: &'static str,
    id: &'r str,
    rule: &'r str,
    severity: Severity,
    confidence: Confidence,
    file: &'r str,
    line: Option<u32>,
    column: Option<u32>,
    subject: String,
    problem: String,
    #[serde(rename = "do")]
    action: String,
    /// What `fix` would change for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    fix: Option<Offer>,
    /// From entry to effect, `file:line what`.
    steps: Vec<String>,
    /// Other places that matter.
    see: Vec<String>,
    explain: String,
    verify: String,
}

/// A change that is safe to make.
#[derive(Serialize)]
struct Offer {
    title: String,
    then: Option<String>,
    show: String,
    make: String,
}

#[derive(Serialize)]
struct Said<'r> {
    kind: &'static str,
    about: NoticeKind,
    file: &'r str,
    message: String,
}

/// The whole report; each line ends with a line end.
pub fn render(report: &Report<'_>) -> Result<String, serde_json::Error> {
    let view = View::new(report);
    let mut out = String::new();
    let mut put = |line: String| {
        out.push_str(&line);
        out.push('\n');
    };
    put(serde_json::to_string(&head(report))?);
    for (_, findings) in view.by_rule() {
        for shown in findings {
            put(serde_json::to_string(&line(&view, shown))?);
        }
    }
    let mut notices: Vec<_> = report
        .notices
        .iter()
        .filter(|n| !matches!(n.kind, NoticeKind::Skipped | NoticeKind::Outside | NoticeKind::Generated))
        .collect();
    notices.sort();
    for notice in notices {
        let message = clean(&view.prose(&notice.message)).into_owned();
        put(serde_json::to_string(&Said { kind: "notice", about: notice.kind, file: &notice.path, message })?);
    }
    Ok(out)
}

fn head<'r>(report: &Report<'r>) -> Head<'r> {
    let summary = report.summary;
    Head {
        kind: "run",
        version: VERSION,
        tool: format!("{} {}", report.tool.name, report.tool.version),
        findings: report.findings.len(),
        worst: report.findings.iter().map(|finding| finding.severity).max(),
        llm_entry_points: summary.llm_entry_points,
        llm_calls: summary.llm_calls,
        unresolved_calls: summary.unresolved,
        unknown_libraries: &summary.unknown_libraries,
        compared: report.circumstances.change.map(super::Change::sentence),
        not_shown: report.circumstances.left_out.sentence(),
        after_a_fix: "run the finding's `verify` command: it exits with 0 when the rule finds nothing more",
    }
}

fn line<'r>(view: &'r View<'_>, shown: Shown<'r>) -> Line<'r> {
    let finding = shown.finding;
    let place = view.place(&finding.at);
    let say = |text: &str| clean(&view.prose(text)).into_owned();
    let spot = |at: &Location, note: &str| format!("{} {}", clean(&view.spot(at)), say(note));
    let remedy = finding.remedy.as_deref().or_else(|| view.card(&finding.rule).map(|card| card.remedy.as_str()));
    let name = view.report.tool.name;
    Line {
        kind: "finding",
        id: shown.fingerprint,
        rule: &finding.rule,
        severity: finding.severity,
        confidence: finding.confidence,
        file: &finding.at.path,
        line: place.map(|place| place.start.line),
        column: place.map(|place| place.start.column),
        subject: say(&finding.subject),
        problem: say(&finding.message),
        action: say(remedy.unwrap_or_default()),
        fix: offer(view, finding),
        steps: finding.flow.iter().map(|step| spot(&step.at, &step.note)).collect(),
        see: finding.related.iter().map(|step| spot(&step.at, &step.note)).collect(),
        explain: format!("{name} explain {}", finding.rule),
        verify: format!("{name} scan --rule {}", finding.rule),
    }
}

fn offer(view: &View<'_>, finding: &Finding) -> Option<Offer> {
    let fix = view.report.circumstances.fixes.iter().find(|fix| fix.mends(finding))?;
    let command = format!("{} fix --rule {}", view.report.tool.name, finding.rule);
    let say = |text: &str| clean(&view.prose(text)).into_owned();
    let then = fix.then.as_deref().map(say);
    Some(Offer { title: say(&fix.title), then, make: format!("{command} --apply"), show: command })
}
