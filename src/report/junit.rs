//! JUnit XML, which nearly every build server shows: a suite a rule that found something, a failed case a finding.
//!
//! Rules without findings are no passed cases, because nothing here says whether they had anything to judge; one case of
//! its own tells whether code was analysed at all.

use super::Report;
use super::text::{clean, count};
use super::view::{Shown, View};
use crate::finding::NoticeKind;

/// The whole report; ends with a line end.
pub fn render(report: &Report<'_>) -> String {
    let view = View::new(report);
    let rules = view.by_rule();
    let failures: usize = rules.iter().map(|(_, findings)| findings.len()).sum();
    let name = escape(report.tool.name);
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let tests = failures + 1;
    out.push_str(&format!(
        "<testsuites name=\"{name}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\" time=\"0\">\n"
    ));
    examined(report, &mut out);
    for (rule, findings) in &rules {
        suite(&view, rule, findings, &mut out);
    }
    out.push_str("</testsuites>\n");
    out
}

/// Whether there was anything to judge.
fn examined(report: &Report<'_>, out: &mut String) {
    let summary = report.summary;
    let files = count(summary.files(), "file", "files");
    let entries = count(summary.llm_entry_points, "LLM entry point", "LLM entry points");
    let skipped = summary.files() == 0 || summary.llm_calls == 0;
    let name = escape(report.tool.name);
    out.push_str(&format!(
        "  <testsuite name=\"{name}\" tests=\"1\" failures=\"0\" errors=\"0\" skipped=\"{}\" time=\"0\">\n",
        usize::from(skipped)
    ));
    out.push_str(&format!("    <testcase name=\"{files} analysed, {entries}\" classname=\"{name}\" time=\"0\""));
    let less = report.circumstances.left_out.sentence().into_iter();
    let less = less.chain(silencing(report)).map(|text| escape(&text)).collect::<Vec<_>>().join("\n");
    let said = if less.is_empty() { String::new() } else { format!("      <system-out>{less}</system-out>\n") };
    if skipped {
        let why = "no LLM call was found, so what depends on one was not judged: that is unknown, not a pass";
        out.push_str(&format!(">\n      <skipped message=\"{}\"/>\n{said}    </testcase>\n", escape(why)));
    } else if said.is_empty() {
        out.push_str("/>\n");
    } else {
        out.push_str(&format!(">\n{said}    </testcase>\n"));
    }
    out.push_str("  </testsuite>\n");
}

/// What a change does to make the audit say less.
fn silencing<'r>(report: &'r Report<'_>) -> impl Iterator<Item = String> + 'r {
    let notices = report.notices.iter().filter(|notice| notice.kind == NoticeKind::Silencing);
    notices.map(|notice| format!("{}: {}", notice.path, notice.message))
}

fn suite(view: &View<'_>, rule: &str, findings: &[Shown<'_>], out: &mut String) {
    let number = findings.len();
    out.push_str(&format!(
        "  <testsuite name=\"{}\" tests=\"{number}\" failures=\"{number}\" errors=\"0\" skipped=\"0\" time=\"0\">\n",
        escape(rule)
    ));
    for shown in findings {
        case(view, shown, out);
    }
    out.push_str("  </testsuite>\n");
}

fn case(view: &View<'_>, shown: &Shown<'_>, out: &mut String) {
    let finding = shown.finding;
    let prefix = view.report.circumstances.prefix;
    let spot = escape(&format!("{prefix}{}", view.spot(&finding.at)));
    let message = view.prose(&finding.message);
    let mut body = vec![format!("{prefix}{}: {message}", view.spot(&finding.at))];
    for (step, nth) in finding.flow.iter().zip(1..) {
        body.push(format!("  {nth}. {prefix}{} {}", view.spot(&step.at), view.prose(&step.note)));
    }
    if let Some(card) = view.card(&finding.rule) {
        body.push(format!("fix: {}", view.prose(finding.remedy.as_deref().unwrap_or(&card.remedy))));
    }
    let body: Vec<String> = body.iter().map(|line| escape(line)).collect();
    let class = escape(&format!("{prefix}{}", finding.at.path));
    out.push_str(&format!("    <testcase name=\"{spot}\" classname=\"{class}\" time=\"0\">\n"));
    out.push_str(&format!(
        "      <failure message=\"{}\" type=\"{}\">{}</failure>\n    </testcase>\n",
        escape(&message),
        finding.severity,
        body.join("\n")
    ));
}

/// Text for an element or an attribute: no mark-up, and no character that XML 1.0 forbids.
fn escape(text: &str) -> String {
    let text = clean(text);
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}
