//! Diagrams of the way from each entry point to its nearest LLM call.

use std::fmt::Write as _;

use crate::inventory::{EntryPoint, Table};
use crate::report::checklist::Page;
use crate::report::markup::escape;
use crate::report::text::clean;

/// Most characters of a line in a box.
const CHARACTERS: usize = 52;
const WIDTH: usize = 470;
const BOX: usize = 46;
const GAP: usize = 24;
/// Most calls that are named besides the nearest.
const OTHERS: usize = 12;

pub(super) fn render(page: &Page<'_>) -> String {
    let table = &page.inventory.table;
    let mut out = String::new();
    for entry in &table.entry_points {
        let steps = entry.path.len();
        let _ = write!(
            out,
            "<details class=\"way\">\n<summary><strong>{}</strong> <span class=\"soft small\">{} · {} · {} on the way · {} in reach</span></summary>\n",
            escape(entry.title()),
            escape(&entry.framework),
            escape(&entry.at.to_string()),
            count(steps, "function"),
            count(entry.llm_calls.len(), "LLM call"),
        );
        out.push_str(&diagram(entry, table));
        others(&mut out, entry, table);
        out.push_str("</details>\n");
    }
    out
}

fn count(number: usize, word: &str) -> String {
    format!("{number} {word}{}", if number == 1 { "" } else { "s" })
}

/// Boxes from top to bottom: the entry point, the functions on the way, the call.
fn diagram(entry: &EntryPoint, table: &Table) -> String {
    let mut boxes = vec![("entry", entry.title().to_owned(), entry.at.to_string())];
    boxes.extend(entry.path.iter().map(|step| ("step", step.function.clone(), step.at.to_string())));
    if let Some(call) = entry.llm_calls.first().and_then(|index| table.llm_calls.get(*index)) {
        let model = call.model.as_ref().map(|model| format!(" ({model})")).unwrap_or_default();
        boxes.push(("model", format!("{}{model}", call.callee), call.at.to_string()));
    }
    let height = boxes.len() * (BOX + GAP) - GAP + 4;
    let label = format!("The way from {} to the model in {} steps", entry.title(), boxes.len() - 1);
    let mut out = format!(
        "<svg viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" height=\"{height}\" role=\"img\" aria-label=\"{}\">\n",
        escape(&label)
    );
    for ((class, name, spot), nth) in boxes.iter().zip(0usize..) {
        let top = nth * (BOX + GAP) + 2;
        if nth > 0 {
            let (from, to) = (top - GAP, top);
            let middle = WIDTH / 2;
            let _ = writeln!(
                out,
                "<path class=\"edge\" d=\"M{middle} {from}V{}\"/><path class=\"tip\" d=\"M{} {}L{middle} {to}L{} {}Z\"/>",
                to - 6,
                middle - 5,
                to - 8,
                middle + 5,
                to - 8,
            );
        }
        let (x, width) = (2, WIDTH - 4);
        let _ = writeln!(
            out,
            "<rect class=\"node {class}\" x=\"{x}\" y=\"{top}\" width=\"{width}\" height=\"{BOX}\" rx=\"6\"/>\
             <text x=\"14\" y=\"{}\">{}</text><text class=\"note\" x=\"14\" y=\"{}\">{}</text>",
            top + 20,
            escape(&cut(name, CHARACTERS)),
            top + 37,
            escape(&cut_front(spot, CHARACTERS + 8)),
        );
    }
    out.push_str("</svg>\n");
    out
}

fn others(out: &mut String, entry: &EntryPoint, table: &Table) {
    let calls: Vec<_> = entry.llm_calls.iter().skip(1).filter_map(|index| table.llm_calls.get(*index)).collect();
    if calls.is_empty() {
        return;
    }
    out.push_str("<p class=\"small soft\">Also in reach:</p>\n<ul class=\"small\">\n");
    for call in calls.iter().take(OTHERS) {
        let model = call.model.as_ref().map(|model| format!(" ({})", escape(model))).unwrap_or_default();
        let _ = writeln!(out, "<li><code>{}</code>{model} {}</li>", escape(&call.callee), escape(&call.at.to_string()));
    }
    if calls.len() > OTHERS {
        let _ = writeln!(out, "<li>and {} more</li>", calls.len() - OTHERS);
    }
    out.push_str("</ul>\n");
}

/// The beginning of a text.
fn cut(text: &str, most: usize) -> String {
    let text = clean(text);
    if text.chars().count() <= most {
        return text.into_owned();
    }
    text.chars().take(most - 1).chain(['…']).collect()
}

/// The end of a text: of a path, that says more.
fn cut_front(text: &str, most: usize) -> String {
    let text = clean(text);
    let all = text.chars().count();
    if all <= most {
        return text.into_owned();
    }
    ['…'].into_iter().chain(text.chars().skip(all - most + 1)).collect()
}
