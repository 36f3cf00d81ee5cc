//! The coverage matrix: entry points by controls, package by package.

use std::fmt::Write as _;

use super::scrolled;
use crate::checklist::{Cell, CoverageRow, PackageRow};
use crate::model::ControlKind;
use crate::report::checklist::{Page, folder};
use crate::report::markup::escape;
use crate::surface::Status;

pub(super) fn render(page: &Page<'_>) -> String {
    let mut out = String::new();
    for package in &page.checklist.packages {
        let name = folder(&package.folder);
        let _ = writeln!(out, "<h3><code>{}</code></h3>", escape(name));
        out.push_str(&scrolled(&format!("Control coverage of {name}"), &table(package)));
    }
    if out.is_empty() && page.checklist.scope.uses_llm {
        out.push_str("<p>No entry point reaches an LLM call, as far as calls could be followed: that is unknown, not a pass.</p>\n");
    }
    out
}

fn table(package: &PackageRow) -> String {
    let mut out = String::from("<table class=\"matrix\">\n<thead><tr><th scope=\"col\">Entry point</th>");
    for row in &package.coverage {
        let _ = write!(out, "<th scope=\"col\">{}</th>", name(row.control));
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    for entry in &package.entry_points {
        let _ = write!(
            out,
            "<tr><th scope=\"row\">{}<br><code class=\"soft\">{}</code></th>",
            escape(&entry.title),
            escape(&entry.at.to_string())
        );
        entry.cells.iter().for_each(|one| cell(&mut out, one));
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody>\n<tfoot><tr><th scope=\"row\">Covered</th>");
    package.coverage.iter().for_each(|row| total(&mut out, row));
    out.push_str("</tr></tfoot>\n</table>\n");
    out
}

fn cell(out: &mut String, cell: &Cell) {
    let (class, sign) = match cell.status {
        Status::Present => ("present", "✓"),
        Status::Partial => ("partial", "◐"),
        Status::Absent => ("absent", "✗"),
        Status::Unknown => ("unknown", "?"),
        Status::NotApplicable => ("not-applicable", "–"),
    };
    let class = if cell.policy == Some("above") { "above" } else { class };
    let _ = write!(
        out,
        "<td class=\"{class}\"><span aria-hidden=\"true\">{sign}</span><span class=\"hidden\">{}</span>",
        cell.status.label()
    );
    if let Some(value) = &cell.value {
        let policy = match cell.policy {
            Some("above") => ", above policy",
            Some(_) => ", within policy",
            None => "",
        };
        let _ = write!(out, "<span class=\"value\">{}{policy}</span>", escape(value));
    }
    out.push_str("</td>");
}

/// A count with a bar below it.
fn total(out: &mut String, row: &CoverageRow) {
    let (present, total) = (row.counts.present, row.counts.total);
    let filled = (present * 60).checked_div(total).unwrap_or(0);
    let class = if total > 0 && present == total { "full" } else { "low" };
    let _ = write!(
        out,
        "<td>{present}/{total}<svg viewBox=\"0 0 60 6\" width=\"60\" height=\"6\" aria-hidden=\"true\">\
         <rect class=\"bar\" width=\"60\" height=\"6\"/><rect class=\"bar {class}\" width=\"{filled}\" height=\"6\"/></svg></td>"
    );
}

/// A control in words.
fn name(kind: ControlKind) -> &'static str {
    match kind {
        ControlKind::RateLimit => "Rate limit",
        ControlKind::InputLimit => "Input limit",
        ControlKind::RequestValidation => "Validation",
        ControlKind::Authentication => "Caller known",
        ControlKind::OutputCheck => "Output check",
        ControlKind::PiiRedaction => "PII redaction",
        ControlKind::AuditLog => "Audit log",
        ControlKind::Tracing => "Tracing",
        ControlKind::Approval => "Approval",
        ControlKind::Sandbox => "Sandbox",
    }
}
