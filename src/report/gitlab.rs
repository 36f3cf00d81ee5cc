//! GitLab's Code Quality report: an array of issues that a merge request shows beside the lines.
//!
//! The host drops issues whose fingerprint came before, so each finding's own, which tells equal lines apart, is used. Paths
//! count from the repository's top and have no `./`.

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::Report;
use super::text::clean;
use super::view::{Shown, View};
use crate::finding::{Location, NoticeKind, Severity};
use crate::settings::config::FILE_NAMES;

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
    let less = less(&view);
    let mut issues: Vec<Issue<'_>> = less.iter().map(|one| one.issue()).collect();
    issues.extend(view.by_place().into_iter().map(|shown| issue(&view, shown)));
    Ok(serde_json::to_string_pretty(&issues)? + "\n")
}

/// Something that makes the audit say less. The host has no place for what is said about a run, so that it becomes an issue.
struct Less {
    path: String,
    line: u32,
    text: String,
    fingerprint: String,
}

fn less(view: &View<'_>) -> Vec<Less> {
    let report = view.report;
    let mut found: Vec<Less> = Vec::new();
    let mut add = |path: &str, line: u32, text: String| {
        let text = clean(&view.prose(&text)).into_owned();
        let digest = Sha256::digest(format!("{path}\0{text}"));
        let fingerprint = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        found.push(Less { path: format!("{}{path}", report.circumstances.prefix), line, text, fingerprint });
    };
    if let Some(sentence) = report.circumstances.left_out.sentence() {
        add(FILE_NAMES[0], 1, sentence);
    }
    let mut notices: Vec<_> = report.notices.iter().filter(|notice| notice.kind == NoticeKind::Silencing).collect();
    notices.sort();
    for notice in notices {
        let at = notice.span.map(|span| Location { path: notice.path.clone(), span });
        let line = at.and_then(|at| view.place(&at)).map_or(1, |place| place.start.line);
        add(&notice.path, line, notice.message.clone());
    }
    found
}

impl Less {
    fn issue(&self) -> Issue<'_> {
        Issue {
            sort: "issue",
            check_name: "audit-says-less",
            description: self.text.clone(),
            content: Content { body: "See whether that is meant.".to_owned() },
            categories: ["Security"],
            severity: "info",
            fingerprint: &self.fingerprint,
            location: Place { path: self.path.clone(), lines: Lines { begin: self.line, end: self.line } },
        }
    }
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
