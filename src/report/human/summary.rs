//! The end of the terminal report: notices, and what was examined.

use std::collections::BTreeMap;

use super::Writer;
use crate::finding::{NoticeKind, Severity};
use crate::report::text::{clean, count};

/// Notices of one kind beyond this many are counted, not listed.
const LISTED: usize = 10;

impl Writer<'_, '_> {
    /// What the tool says about its own work; skipped files are counted in the summary instead.
    pub(super) fn notices(&mut self) {
        let mut notices: Vec<_> = self
            .view
            .report
            .notices
            .iter()
            .filter(|n| !matches!(n.kind, NoticeKind::Skipped | NoticeKind::Outside | NoticeKind::Generated))
            .collect();
        // What makes the audit say less must not be among those that are counted only.
        notices.sort_by_key(|notice| (notice.kind != NoticeKind::Silencing, *notice));
        for notice in notices.iter().take(LISTED) {
            let place = match (notice.path.is_empty(), notice.span) {
                (true, _) => String::new(),
                (false, Some(span)) => {
                    let at = crate::finding::Location { path: notice.path.clone(), span };
                    format!("{}: ", self.view.spot(&at))
                }
                (false, None) => format!("{}: ", notice.path),
            };
            self.prose(0, "notice: ", &format!("{place}{}", notice.message));
        }
        if notices.len() > LISTED {
            let more = notices.len() - LISTED;
            self.prose(0, "notice: ", &format!("{more} more are in the JSON and SARIF reports"));
        }
        if !notices.is_empty() {
            self.out.push('\n');
        }
    }

    pub(super) fn summary(&mut self) {
        let summary = self.view.report.summary;
        let time = summary.elapsed.map(|time| format!(" in {:.2} s", time.as_secs_f64())).unwrap_or_default();
        let read = count(summary.files(), "file", "files");
        self.row("scanned", &format!("{read}{time}{}", parts(&summary.files_by_language)));
        if !summary.skipped.is_empty() {
            let skipped = count(summary.skipped.values().sum(), "file", "files");
            self.row("skipped", &format!("{skipped}{}", parts(&summary.skipped)));
        }
        let generated = self.view.report.notices.iter().filter(|n| n.kind == NoticeKind::Generated).count();
        if generated > 0 {
            let files = count(generated as u64, "file", "files");
            self.row("generated", &format!("{files} by what they say or look like: only searched for credentials"));
        }
        let calls = count(summary.llm_calls, "LLM call", "LLM calls");
        let entries = count(summary.entry_points, "entry point", "entry points");
        let reach = match summary.llm_entry_points {
            1 => "1 reaches".to_owned(),
            many => format!("{many} reach"),
        };
        self.row("examined", &format!("{calls}, {entries} of which {reach} an LLM call"));
        if summary.unresolved > 0 {
            let calls = count(summary.unresolved, "call", "calls");
            self.row("unresolved", &format!("{calls} that could not be followed"));
        }
        if !summary.unknown_libraries.is_empty() {
            let names = summary.unknown_libraries.join(", ");
            self.prose(
                0,
                "unknown    ",
                &format!("{names}: no model describes these packages, so calls of them were not seen"),
            );
        }
        self.findings_row();
        let circumstances = self.view.report.circumstances;
        if let Some(accepted) = circumstances.left_out.accepted() {
            self.row("accepted", &accepted);
        }
        if let Some(loosened) = circumstances.left_out.loosened() {
            self.row("loosened", &loosened);
        }
        if let Some(change) = circumstances.change {
            let text = change.sentence();
            self.prose(0, "change     ", &text);
        }
        if summary.llm_calls == 0 {
            let text = "no LLM call was found, so what depends on one was not judged: that is unknown, not a pass";
            self.prose(0, "notice: ", text);
        }
    }

    fn findings_row(&mut self) {
        let findings = self.view.report.findings;
        let by_severity = Severity::ALL.iter().rev().filter_map(|severity| {
            let number = findings.iter().filter(|finding| finding.severity == *severity).count();
            (number > 0).then(|| self.paint.severity(*severity, &format!("{number} {severity}")))
        });
        let by_severity = by_severity.collect::<Vec<_>>().join(", ");
        let said = if findings.is_empty() { "none".to_owned() } else { by_severity };
        self.row("findings", &said);
    }

    fn row(&mut self, label: &str, text: &str) {
        let label = self.paint.dim(&format!("{label:<11}"));
        self.line(&format!("{label}{text}"));
    }
}

/// `: 8 Python, 1 Rust`, the most frequent first.
fn parts(counts: &BTreeMap<String, u64>) -> String {
    let mut parts: Vec<_> = counts.iter().filter(|(_, number)| **number > 0).collect();
    parts.sort_by_key(|(label, number)| (std::cmp::Reverse(**number), *label));
    let parts: Vec<_> = parts.iter().map(|(label, number)| format!("{number} {}", clean(label))).collect();
    if parts.is_empty() { String::new() } else { format!(": {}", parts.join(", ")) }
}
