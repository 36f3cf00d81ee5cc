//! The checklist as one page that needs nothing else: no script, no font, no request, light or dark as the reader likes.
//!
//! Its content security policy allows its own style sheet, by hash, and nothing besides, so even text that slipped
//! through escaping could not act. Plots and diagrams are drawn into the page.

mod coverage;
mod items;
mod lists;
mod paths;
mod trend;

use std::fmt::Write as _;

use super::{Page, scope};
use crate::checklist::Verdict;
use crate::report::markup::{escape, hash};

const STYLE: &str = include_str!("page.css");

/// A part of the page: its anchor, its name, its content.
type Part = (&'static str, &'static str, String);

/// The whole page; ends with a line end.
pub fn render(page: &Page<'_>) -> String {
    let parts: Vec<Part> = vec![
        ("items", "Items", items::render(page)),
        ("coverage", "Control coverage", coverage::render(page)),
        ("paths", "Ways to the model", paths::render(page)),
        ("decisions", "Decisions", lists::decisions(page)),
        ("inventory", "Models, prompts, tools and stores", lists::inventory(page)),
        ("trend", "Trend", trend::render(page.history)),
        ("limits", "What was not seen", lists::limits(page)),
    ];
    let parts: Vec<Part> = parts.into_iter().filter(|(_, _, content)| !content.is_empty()).collect();
    let links: String = parts.iter().map(|(id, name, _)| format!("<li><a href=\"#{id}\">{name}</a></li>")).collect();
    let mut body = String::new();
    for (id, name, content) in &parts {
        let _ = write!(body, "<section id=\"{id}\">\n<h2>{name}</h2>\n{content}</section>\n");
    }
    let checklist = page.checklist;
    let profile = checklist.profile.as_ref().map(|id| format!(", profile {}", escape(id))).unwrap_or_default();
    let policy = format!("default-src 'none'; style-src 'sha256-{}'; base-uri 'none'; form-action 'none'", hash(STYLE));
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n<title>Launch checklist</title>\n<style>{STYLE}</style>\n</head>\n\
         <body>\n<a class=\"skip\" href=\"#items\">Skip to the items</a>\n<header><div>\n<h1>Launch checklist</h1>\n\
         <p class=\"soft\">Judged for {}{profile}</p>\n<nav aria-label=\"Parts of this page\"><ul>{links}</ul></nav>\n\
         </div></header>\n<main>\n{}{}{body}<footer>Made by {} {} from the code alone. A pass says that what was read is in \
         order; it is no proof of safety.</footer>\n</main>\n</body>\n</html>\n",
        checklist.today,
        gate(page),
        tiles(page),
        escape(page.tool.name),
        escape(page.tool.version),
    )
}

fn gate(page: &Page<'_>) -> String {
    let checklist = page.checklist;
    let (class, text) = match checklist.blockers.as_slice() {
        [] if checklist.scope.uses_llm => ("open", "Nothing blocks the launch.".to_owned()),
        [] => ("none", "Nothing to judge.".to_owned()),
        ids => {
            let links: Vec<String> = ids.iter().map(|id| format!("<a href=\"#{id}\">{id}</a>")).collect();
            ("closed", format!("The launch is blocked by {}.", links.join(", ")))
        }
    };
    format!("<div class=\"gate {class}\">{text}<p>{}</p></div>\n", escape(&scope(checklist)))
}

fn tiles(page: &Page<'_>) -> String {
    let tile = |verdict: &Verdict| {
        let items = page.checklist.totals.get(verdict.label()).copied().unwrap_or(0);
        format!("<li><b class=\"{}\">{items}</b>{}</li>", class(*verdict), verdict.label())
    };
    let tiles: String = Verdict::ALL.iter().map(tile).collect();
    format!("<ul class=\"tiles\" aria-label=\"Items by verdict\">{tiles}</ul>\n")
}

/// A verdict's class in the style sheet.
fn class(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Fail => "fail",
        Verdict::Partial => "partial",
        Verdict::Unknown => "unknown",
        Verdict::NeedsAttestation => "needs-attestation",
        Verdict::Pass => "pass",
        Verdict::NotApplicable => "not-applicable",
    }
}

/// A table that can be scrolled with the keyboard where it is wider than the page.
fn scrolled(name: &str, table: &str) -> String {
    format!("<div class=\"scroll\" role=\"region\" aria-label=\"{}\" tabindex=\"0\">\n{table}</div>\n", escape(name))
}
