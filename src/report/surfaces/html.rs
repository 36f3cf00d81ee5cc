//! The table as one page that needs nothing else: no script, no font, no request, light or dark as the reader likes.
//!
//! Its content security policy allows its own style sheet, by hash, and nothing besides, so even text that slipped
//! through escaping could not act.

use std::fmt::Write as _;

use super::{COLUMNS, Control, Coverage, EntryPoint, NOTHING, Table};
use crate::report::markup::{escape, hash};
use crate::report::text::count;
use crate::surface::Status;

const STYLE: &str = include_str!("page.css");

/// The whole page; ends with a line end.
pub fn render(table: &Table) -> String {
    let mut body = String::new();
    let mut file = "";
    for entry in &table.entry_points {
        if entry.at.file != file {
            file = &entry.at.file;
            let heads: String = COLUMNS.iter().map(|column| format!("<span>{}</span>", column.head)).collect();
            let _ = writeln!(body, "<h2>{}</h2>\n<div class=\"row head\"><span></span>{heads}</div>", escape(file));
        }
        row(&mut body, entry, table);
    }
    if table.entry_points.is_empty() {
        let _ = writeln!(body, "<p>{NOTHING}</p>");
    }
    let coverage: String = COLUMNS
        .iter()
        .map(|column| format!("<li>{}</li>\n", Coverage::of(&table.entry_points, column.kind).sentence(column.done)))
        .collect();
    let policy = format!("default-src 'none'; style-src 'sha256-{}'; base-uri 'none'; form-action 'none'", hash(STYLE));
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<meta name=\"referrer\" content=\"no-referrer\">\n\
         <title>LLM entry points and their controls</title>\n<style>{STYLE}</style>\n</head>\n<body>\n\
         <h1>LLM entry points and their controls</h1>\n<ul>\n{coverage}</ul>\n<p class=\"soft\">{}</p>\n{body}</body>\n</html>\n",
        totals(table)
    )
}

fn totals(table: &Table) -> String {
    let calls = count(table.llm_calls.len() as u64, "LLM call", "LLM calls");
    let others = count(table.other_entry_points, "other entry point", "other entry points");
    let unresolved = count(table.unresolved_calls, "call", "calls");
    format!("{calls} in all; {others} without one in reach; {unresolved} could not be followed")
}

fn row(out: &mut String, entry: &EntryPoint, table: &Table) {
    let name = if entry.route.is_some() { format!(" <code>{}</code>", escape(&entry.name)) } else { String::new() };
    let _ = write!(
        out,
        "<details>\n<summary class=\"row\"><span><strong>{}</strong>{name} <span class=\"soft\">line {}</span></span>",
        escape(entry.title()),
        entry.at.line
    );
    for column in &COLUMNS {
        let status = entry.status(column.kind);
        let label = status.label();
        let class = label.replace(' ', "-");
        let head = column.head;
        let _ = write!(out, "<span class=\"{class}\" title=\"{head}: {label}\">{}</span>", sign(status));
    }
    let _ = writeln!(out, "</summary>\n<div>\n<p class=\"soft\">{}</p>\n<ol>", escape(&entry.framework));
    for step in &entry.path {
        let _ = writeln!(out, "<li><code>{}</code> {}</li>", escape(&step.function), escape(&step.at.to_string()));
    }
    out.push_str("</ol>\n<dl>\n");
    for call in entry.llm_calls.iter().filter_map(|index| table.llm_calls.get(*index)) {
        let model = call.model.as_ref().map(|model| format!(" ({})", escape(model))).unwrap_or_default();
        let (callee, at) = (escape(&call.callee), escape(&call.at.to_string()));
        let _ = writeln!(out, "<dt>LLM call</dt><dd><code>{callee}</code>{model} {at}</dd>");
    }
    for column in &COLUMNS {
        if let Some(control) = entry.controls.get(&column.kind) {
            evidence(out, column.head, control);
        }
    }
    out.push_str("</dl>\n</div>\n</details>\n");
}

fn evidence(out: &mut String, head: &str, control: &Control) {
    let _ = write!(out, "<dt>{head}: {}</dt>", control.status.label());
    for seen in &control.evidence {
        let value = seen.value.as_ref().map(|value| format!(" <code>{}</code>", escape(value))).unwrap_or_default();
        let _ = write!(out, "<dd>{}{value} {}</dd>", escape(&seen.what), escape(&seen.at.to_string()));
    }
    out.push('\n');
}

fn sign(status: Status) -> &'static str {
    match status {
        Status::Present => "✓",
        Status::Partial => "partly",
        Status::Absent => "✗",
        Status::Unknown => "?",
        Status::NotApplicable => "–",
    }
}
