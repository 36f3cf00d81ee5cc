//! Markdown for a job summary or a review comment: the verdict, the coverage table, the findings, what was silenced.
//!
//! A host takes a limited number of bytes, so the list of findings is cut, with the number of those that are left out. Text of
//! the audited repository is escaped: it makes no mark-up, no link and no mention.

use super::Report;
use super::surfaces::markdown as coverage;
use super::text::{clean, count};
use super::view::{Shown, View};
use crate::finding::{Location, NoticeKind, Severity};

/// Hosts take 1 MiB; the rest of the page needs room, too.
const MOST_BYTES: usize = 900_000;
/// Notices of one run beyond this many are counted.
const MOST_NOTICES: usize = 20;

/// The whole page; ends with a line end.
pub fn render(report: &Report<'_>) -> String {
    let view = View::new(report);
    let mut out = format!("## {}\n\n{}\n\n", report.tool.name, verdict(report));
    if let Some(change) = report.circumstances.change {
        out.push_str(&format!("{}.\n\n", cell(&change.sentence())));
    }
    silencing(&view, &mut out);
    if let Some(table) = report.circumstances.surfaces {
        out.push_str("### Coverage\n\n");
        out.push_str(&coverage::render(table, MOST_BYTES / 3));
        out.push('\n');
    }
    findings(&view, &mut out);
    examined(report, &mut out);
    out
}

/// One line that stands alone.
fn verdict(report: &Report<'_>) -> String {
    let findings = report.findings;
    if findings.is_empty() {
        return match report.summary.llm_calls {
            0 => "**Nothing found, but no LLM call was found either**: what depends on one was not judged. That is \
                  unknown, not a pass."
                .to_owned(),
            _ => "**Nothing found.**".to_owned(),
        };
    }
    let parts = Severity::ALL.iter().rev().filter_map(|severity| {
        let number = findings.iter().filter(|finding| finding.severity == *severity).count();
        (number > 0).then(|| format!("{number} {severity}"))
    });
    let all = count(findings.len() as u64, "finding", "findings");
    format!("**{all}**: {}", parts.collect::<Vec<_>>().join(", "))
}

/// What the change does to make the audit say less stands above everything else.
fn silencing(view: &View<'_>, out: &mut String) {
    let mut notices: Vec<_> = view.report.notices.iter().filter(|n| n.kind == NoticeKind::Silencing).collect();
    notices.sort();
    if notices.is_empty() {
        return;
    }
    out.push_str("### This change makes the audit say less\n\n");
    for notice in &notices {
        let place = match notice.span {
            Some(span) => link(view, &Location { path: notice.path.clone(), span }) + ": ",
            None if notice.path.is_empty() => String::new(),
            None => format!("{}: ", code(&notice.path)),
        };
        out.push_str(&format!("- {place}{}\n", cell(&view.prose(&notice.message))));
    }
    out.push('\n');
}

fn findings(view: &View<'_>, out: &mut String) {
    if view.report.findings.is_empty() {
        return;
    }
    out.push_str("### Findings\n\n| severity | rule | where | what |\n|---|---|---|---|\n");
    let mut all: Vec<Shown<'_>> = view.by_rule().into_iter().flat_map(|(_, group)| group).collect();
    all.sort_by_key(|shown| std::cmp::Reverse(shown.finding.severity));
    let total = all.len();
    for (shown, nth) in all.into_iter().zip(0..) {
        if out.len() > MOST_BYTES {
            let more = count((total - nth) as u64, "finding", "findings");
            out.push_str(&format!("\n{more} more: see the SARIF or JSON report.\n"));
            break;
        }
        let finding = shown.finding;
        let rule = match view.report.tool.home {
            Some(home) => {
                format!("[{}]({}/rules/{})", code(&finding.rule), home.trim_end_matches('/'), finding.rule)
            }
            None => code(&finding.rule),
        };
        let (place, what) = (link(view, &finding.at), cell(&view.prose(&finding.message)));
        out.push_str(&format!("| {} | {rule} | {place} | {what} |\n", finding.severity));
    }
    out.push('\n');
}

fn examined(report: &Report<'_>, out: &mut String) {
    let summary = report.summary;
    let files = count(summary.files(), "file", "files");
    let calls = count(summary.llm_calls, "LLM call", "LLM calls");
    let entries = count(summary.llm_entry_points, "entry point", "entry points");
    out.push_str(&format!("<sub>{files} read, {calls}, {entries} that reach one"));
    if summary.unresolved > 0 {
        let calls = count(summary.unresolved, "call", "calls");
        out.push_str(&format!("; {calls} could not be followed"));
    }
    if let Some(accepted) = report.circumstances.left_out.accepted() {
        out.push_str(&format!("; {accepted}"));
    }
    if let Some(loosened) = report.circumstances.left_out.loosened() {
        out.push_str(&format!("; settings make the audit say less: {loosened}"));
    }
    let told: Vec<_> = report.notices.iter().filter(|n| worth_telling(n.kind)).collect();
    out.push_str(&format!(". {} {}.</sub>\n", report.tool.name, report.tool.version));
    if told.is_empty() {
        return;
    }
    let number = count(told.len() as u64, "notice", "notices");
    out.push_str(&format!("\n<details><summary>{number} about the run itself</summary>\n\n"));
    for notice in told.iter().take(MOST_NOTICES) {
        let place = if notice.path.is_empty() { String::new() } else { format!("{}: ", code(&notice.path)) };
        out.push_str(&format!("- {place}{}\n", cell(&notice.message)));
    }
    if told.len() > MOST_NOTICES {
        out.push_str(&format!("- {} more are in the JSON and SARIF reports\n", told.len() - MOST_NOTICES));
    }
    out.push_str("\n</details>\n");
}

fn worth_telling(kind: NoticeKind) -> bool {
    match kind {
        NoticeKind::Unreadable | NoticeKind::Unparsed | NoticeKind::Ineffective | NoticeKind::Internal => true,
        NoticeKind::Skipped
        | NoticeKind::Outside
        | NoticeKind::Generated
        | NoticeKind::Repaired
        | NoticeKind::Silencing => false,
    }
}

/// `path:line`, as a link where the host's address of files is known.
fn link(view: &View<'_>, at: &Location) -> String {
    let circumstances = view.report.circumstances;
    let text = code(&view.spot(at));
    let (Some(base), Some(place)) = (circumstances.files_at, view.place(at)) else { return text };
    let path = super::sarif::uri(&format!("{}{}", circumstances.prefix, at.path));
    format!("[{text}]({}/{path}#L{})", base.trim_end_matches('/'), place.start.line)
}

/// Text inside a table's cell or a list's line.
pub(super) fn cell(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut in_code = false;
    // An odd number of backticks would open code that nothing closes.
    let is_balanced = text.matches('`').count().is_multiple_of(2);
    for c in clean(text).chars() {
        match c {
            '`' if is_balanced => {
                in_code = !in_code;
                out.push(c);
            }
            '|' => out.push_str("\\|"),
            _ if in_code => out.push(c),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            // No mention, no emphasis, no link, no image.
            '@' => out.push_str("&#64;"),
            '*' | '_' | '[' | ']' | '`' | '#' | '~' | '!' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out
}

/// Text as inline code, whatever backticks it holds.
pub(super) fn code(text: &str) -> String {
    let text = clean(text).replace('|', "\\|");
    let mut longest = 0;
    let mut run = 0;
    for c in text.chars() {
        run = if c == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    let fence = "`".repeat(longest + 1);
    let pad = if longest > 0 { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

#[cfg(test)]
mod tests {
    use super::{cell, code};

    #[test]
    fn text_of_others_makes_no_mark_up() {
        assert_eq!(cell("a|b <img src=x> @you *x* [y](z)"), "a\\|b &lt;img src=x&gt; &#64;you \\*x\\* \\[y\\](z)");
        assert_eq!(cell("`a<b` and <c>"), "`a<b` and &lt;c&gt;");
        assert_eq!(cell("an odd ` and <b>"), "an odd \\` and &lt;b&gt;");
        assert_eq!(code("a`b"), "`` a`b ``");
        assert_eq!(code("app/[id]/a|b.ts"), "`app/[id]/a\\|b.ts`");
    }
}
