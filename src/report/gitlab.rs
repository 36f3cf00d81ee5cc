//! GitLab's Code Quality report: an array of issues that a merge request shows beside the lines.
//!
//! The host drops issues whose fingerprint came before, so each finding's own, which tells equal lines apart, is used. Paths
//! count from the repository's top and have no `./`.

use serde::Serialize;

use super::Report;
use super::text::clean;
use super::view::{Shown, View};
use crate::finding::Severity;

#[derive(Serialize)]
struct Issue<'r> {
    #[serde(rename = "type")]
    sort: &'static str,
    check_name: &'r str,
    description: String,
    content: Content,
    categories: [&'static str; 1],
    severity: &'static str,
    fingerprint: &'r str,
    location: Place,
}

#[derive(Serialize)]
struct Content {
    body: String,
}

#[derive(Serialize)]
struct Place {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
    end: u32,
}

/// The whole report as one JSON array; ends with a line end.
pub fn render(report: &Report<'_>) -> Result<String, serde_json::Error> {
    let view = View::new(report);
    let issues: Vec<Issue<'_>> = view.by_place().into_iter().map(|shown| issue(&view, shown)).collect();
    Ok(serde_json::to_string_pretty(&issues)? + "\n")
}

fn issue<'r>(view: &'r View<'_>, shown: Shown<'r>) -> Issue<'r> {
    let finding = shown.finding;
    let line = view.place(&finding.at).map_or(1, |place| place.start.line);
    let remedy = finding.remedy.as_deref().or_else(|| view.card(&finding.rule).map(|card| card.remedy.as_str()));
    Issue {
        sort: "issue",
        check_name: &finding.rule,
        description: clean(&view.prose(&finding.message)).into_owned(),
        content: Content { body: clean(&view.prose(remedy.unwrap_or_default())).into_owned() },
        categories: ["Security"],
        severity: severity(finding.severity),
        fingerprint: shown.fingerprint,
        location: Place {
            path: format!("{}{}", view.report.circumstances.prefix, finding.at.path),
            lines: Lines { begin: line, end: line },
        },
    }
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "blocker",
        Severity::High => "critical",
        Severity::Medium => "major",
        Severity::Low => "minor",
        Severity::Note => "info",
    }
}
