//! The checklist as Markdown, for a wiki page or a pull request.

use std::fmt::Write as _;

use super::{Page, decided, folder, head, quieter, scope, span};
use crate::checklist::{Line, PackageRow, Row, State, Verdict};
use crate::report::text::clean;
use crate::surface::Status;

/// Most failures that are listed for one piece of evidence.
const SHOWN: usize = 10;

/// The whole checklist; ends with a line end.
pub fn render(page: &Page<'_>) -> String {
    let checklist = page.checklist;
    let mut out =
        format!("# Launch checklist\n\nJudged for {} by {} {}", checklist.today, page.tool.name, page.tool.version);
    if let Some(profile) = &checklist.profile {
        let _ = write!(out, ", profile `{}`", plain(profile));
    }
    let _ = writeln!(out, ".\n\n{}\n", plain(&scope(checklist)));
    let gate = match checklist.blockers.as_slice() {
        [] if checklist.scope.uses_llm => "**Nothing blocks the launch.**".to_owned(),
        [] => "**Nothing to judge.**".to_owned(),
        ids => format!("**The launch is blocked by {}.**", ids.join(", ")),
    };
    let _ = writeln!(out, "{gate}\n\n| item | | verdict | track | owner | why |\n|---|---|---|---|---|---|");
    for row in &checklist.items {
        let _ = writeln!(
            out,
            "| {} | {} | {} {} | {} | {} | {} |",
            row.id,
            row.title,
            sign(row.verdict),
            row.verdict.label(),
            row.track.label(),
            plain(&row.owner),
            plain(&row.reason)
        );
    }
    for row in checklist.items.iter().filter(|row| !matches!(row.verdict, Verdict::Pass | Verdict::NotApplicable)) {
        details(&mut out, row, page);
    }
    for package in &checklist.packages {
        coverage(&mut out, package);
    }
    decisions(&mut out, page);
    for sentence in quieter(page) {
        let _ = writeln!(out, "\n{sentence}");
    }
    out
}

fn sign(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "✅",
        Verdict::Fail => "❌",
        Verdict::Partial => "🟡",
        Verdict::Unknown => "❔",
        Verdict::NeedsAttestation => "✍️",
        Verdict::NotApplicable => "➖",
    }
}

fn details(out: &mut String, row: &Row, page: &Page<'_>) {
    let told: Vec<&Line> = row
        .evidence
        .iter()
        .filter(|line| matches!(line.state, State::Fails | State::Weak) && !line.failures.is_empty())
        .collect();
    if told.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n## {} {}\n\n{}\n", row.id, row.title, plain(&row.risk));
    for line in told {
        let _ = writeln!(out, "- {}", plain(&line.says));
        for failure in line.failures.iter().take(SHOWN) {
            let aside =
                decided(failure, page.checklist).map(|said| format!(" *({})*", plain(&said))).unwrap_or_default();
            let _ = writeln!(out, "  - {}: {}{aside}", code(&failure.at.to_string()), plain(&failure.message));
        }
        if line.failures.len() > SHOWN {
            let _ = writeln!(out, "  - and {} more", line.failures.len() - SHOWN);
        }
    }
}

fn coverage(out: &mut String, package: &PackageRow) {
    let heads: Vec<&str> = package.coverage.iter().map(|row| head(row.control)).collect();
    let _ = writeln!(out, "\n## Control coverage: {}\n", plain(folder(&package.folder)));
    let _ = writeln!(out, "| entry point | {} |\n|---|{}", heads.join(" | "), "---|".repeat(heads.len()));
    for entry in &package.entry_points {
        let cells: Vec<String> = entry
            .cells
            .iter()
            .map(|cell| {
                let value = cell.value.as_ref().map(|value| format!(" {}", plain(value))).unwrap_or_default();
                let high = if cell.policy == Some("above") { " (above policy)" } else { "" };
                format!("{}{value}{high}", status(cell.status))
            })
            .collect();
        let _ = writeln!(out, "| {} {} | {} |", plain(&entry.title), code(&entry.at.to_string()), cells.join(" | "));
    }
    let totals: Vec<String> =
        package.coverage.iter().map(|row| format!("**{}/{}**", row.counts.present, row.counts.total)).collect();
    let _ = writeln!(out, "| **covered** | {} |", totals.join(" | "));
}

fn status(status: Status) -> &'static str {
    match status {
        Status::Present => "✓",
        Status::Partial => "partly",
        Status::Absent => "✗",
        Status::Unknown => "?",
        Status::NotApplicable => "–",
    }
}

fn decisions(out: &mut String, page: &Page<'_>) {
    if page.checklist.decisions.is_empty() {
        return;
    }
    out.push_str(
        "\n## Decisions\n\n| decision | about | until | covers | why | who | note |\n|---|---|---|---|---|---|---|\n",
    );
    for decision in &page.checklist.decisions {
        let text = |text: &Option<String>| plain(text.as_deref().unwrap_or_default());
        let until = decision.until.map(|until| format!("{until}{}", span(decision))).unwrap_or_default();
        let _ = writeln!(
            out,
            "| {} | {} | {until} | {} | {} | {} | {} |",
            decision.decision.label(),
            plain(&decision.about),
            decision.covers,
            text(&decision.why),
            text(&decision.who),
            plain(&decision.notes.join("; "))
        );
    }
}

/// Text as text: nothing in it means anything to Markdown or HTML.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in clean(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '!' | '~' | '@' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out
}

/// Text as code, also where it holds backticks.
fn code(text: &str) -> String {
    format!("`{}`", clean(text).replace('`', "'").replace('|', "\\|"))
}
