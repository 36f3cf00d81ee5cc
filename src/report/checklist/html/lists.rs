//! Decisions, the inventory, and what the analysis could not see.

use std::fmt::Write as _;

use super::scrolled;
use crate::checklist::DecisionRow;
use crate::inventory::{Spot, Used};
use crate::report::checklist::{Page, is_grave, quieter};
use crate::report::markup::escape;
use crate::report::text::count;

/// Most places that are listed of one thing.
const PLACES: usize = 8;
/// Most rows of one list.
const ROWS: usize = 200;

pub(super) fn decisions(page: &Page<'_>) -> String {
    let decisions = &page.checklist.decisions;
    if decisions.is_empty() {
        return "<p class=\"soft\">The project file holds no decision.</p>\n".to_owned();
    }
    let mut table = String::from(
        "<table>\n<thead><tr><th scope=\"col\">Decision</th><th scope=\"col\">About</th><th scope=\"col\">Until</th>\
         <th scope=\"col\">Days left</th><th scope=\"col\">Covers</th><th scope=\"col\">Why, and who answers</th></tr></thead>\n<tbody>\n",
    );
    decisions.iter().for_each(|decision| row(&mut table, decision));
    table.push_str("</tbody>\n</table>\n");
    scrolled("Decisions", &table)
}

fn row(out: &mut String, decision: &DecisionRow) {
    let (class, days) = match decision.days_left {
        Some(left) if left < 0 => ("absent", format!("expired {} days ago", -left)),
        Some(left) if left <= 7 => ("above", left.to_string()),
        Some(left) => ("present", left.to_string()),
        None => ("absent", "blocks".to_owned()),
    };
    let until = decision.until.map(|until| until.to_string()).unwrap_or_default();
    let text = |text: &Option<String>| escape(text.as_deref().unwrap_or_default());
    let mut notes = String::new();
    for (fault, note) in decision.faults.iter().zip(&decision.notes) {
        let class = if is_grave(fault) { "fail" } else { "partial" };
        let _ = write!(notes, "<br><span class=\"{class}\">{}</span>", escape(note));
    }
    let items = if decision.items.is_empty() { String::new() } else { format!(" ({})", decision.items.join(", ")) };
    let _ = writeln!(
        out,
        "<tr><td>{}</td><th scope=\"row\">{}</th><td class=\"date\">{until}</td><td class=\"{class}\">{days}</td><td>{}{}</td><td>{}<br><span class=\"soft\">{}</span>{notes}</td></tr>",
        decision.decision.label(),
        escape(&decision.about),
        decision.covers,
        escape(&items),
        text(&decision.why),
        text(&decision.who),
    );
}

pub(super) fn inventory(page: &Page<'_>) -> String {
    let inventory = page.inventory;
    let mut out = String::new();
    let mut table = String::from(
        "<table>\n<thead><tr><th scope=\"col\">Model</th><th scope=\"col\">Calls</th><th scope=\"col\">Where</th></tr></thead>\n<tbody>\n",
    );
    let models = inventory.models();
    for (model, places) in models.iter().take(ROWS) {
        let _ = writeln!(
            table,
            "<tr><th scope=\"row\"><code>{}</code></th><td>{}</td><td>{}</td></tr>",
            escape(model),
            places.len(),
            spots(places)
        );
    }
    table.push_str("</tbody>\n</table>\n");
    let unnamed = inventory.named_models.iter().filter(|model| model.is_none()).count();
    if !models.is_empty() {
        out.push_str("<h3>Models</h3>\n");
        out.push_str(&scrolled("Models", &table));
    }
    if unnamed > 0 {
        let _ = writeln!(
            out,
            "<p class=\"soft small\">{unnamed} of {} LLM calls take their model from configuration or a caller.</p>",
            inventory.table.llm_calls.len()
        );
    }
    if !inventory.prompts.is_empty() {
        let _ = writeln!(
            out,
            "<h3>Prompts</h3>\n<details><summary>{}</summary>\n<ul class=\"small\">",
            count(inventory.prompts.len() as u64, "prompt", "prompts")
        );
        for prompt in inventory.prompts.iter().take(ROWS) {
            let _ = writeln!(
                out,
                "<li><code>{}</code> {} ({})</li>",
                escape(&prompt.at.to_string()),
                escape(&prompt.name),
                prompt.kind
            );
        }
        out.push_str("</ul>\n</details>\n");
    }
    used(&mut out, "Tools", "tools that are handed to a model", &inventory.tools);
    used(&mut out, "Stores", "uses of caches, memories and searched stores", &inventory.stores);
    out
}

fn used(out: &mut String, title: &str, what: &str, list: &[Used]) {
    if list.is_empty() {
        return;
    }
    let _ = writeln!(out, "<h3>{title}</h3>\n<details><summary>{} {what}</summary>\n<ul class=\"small\">", list.len());
    for one in list.iter().take(ROWS) {
        let _ = writeln!(
            out,
            "<li><code>{}</code> {} ({}, {})</li>",
            escape(&one.at.to_string()),
            escape(&one.callee),
            one.kind,
            escape(&one.library)
        );
    }
    out.push_str("</ul>\n</details>\n");
}

fn spots(places: &[&Spot]) -> String {
    let mut shown: Vec<String> =
        places.iter().take(PLACES).map(|spot| format!("<code>{}</code>", escape(&spot.to_string()))).collect();
    if places.len() > PLACES {
        shown.push(format!("and {} more", places.len() - PLACES));
    }
    shown.join("<br>")
}

pub(super) fn limits(page: &Page<'_>) -> String {
    let scope = &page.checklist.scope;
    let mut out = String::from(
        "<ul>\n<li>Code was read, no deployment: what a gateway or a console does that the repository does not configure is not seen.</li>\n",
    );
    if scope.unresolved_calls > 0 {
        let _ = writeln!(
            out,
            "<li>{} calls could not be followed; code behind them was not judged.</li>",
            scope.unresolved_calls
        );
    }
    if !scope.unknown_packages.is_empty() {
        let names: Vec<String> =
            scope.unknown_packages.iter().map(|name| format!("<code>{}</code>", escape(name))).collect();
        let _ = writeln!(out, "<li>What goes through these LLM packages was not seen: {}.</li>", names.join(", "));
    }
    for sentence in quieter(page) {
        let _ = writeln!(out, "<li>{}</li>", escape(&sentence));
    }
    for notice in page.notices.iter().take(ROWS) {
        let _ = writeln!(out, "<li><code>{}</code> {}</li>", escape(&notice.path), escape(&notice.message));
    }
    out.push_str("</ul>\n");
    out
}
