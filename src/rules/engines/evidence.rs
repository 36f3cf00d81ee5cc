//! `evidence`: what a repository shows for items that live in files: cases, documents, workflows, wiring.
//!
//! A repository without an LLM call is not asked. One that is gets one verdict and at most one finding a card, at the
//! evidence that is not enough, or at the repository's front page where there is none. What counts as evidence is data of
//! the card: names say where to look, and the content decides.

mod attacks;
mod code;
mod dates;
mod document;
mod inventory;
mod pipeline;
mod practice;
mod provenance;
mod runbook;
mod settings;
mod suite;
mod table;
mod wiring;

use serde::Deserialize;

use crate::finding::Location;
use crate::rules::card::{RuleCard, RuleError};
use crate::rules::run::{Context, Judged, Proof, finding, step};
use crate::source::{Language, PathClass, SourceFile, Span};
use crate::surface::{Evidence, Status};

#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
enum Params {
    /// A library of attack cases.
    Attacks(attacks::Params),
    /// A written document.
    Document(document::Params),
    /// Pages for incidents.
    Runbooks(runbook::Params),
    /// Tests of the model's answers.
    Suite(suite::Params),
    /// A step of a workflow.
    Pipeline(pipeline::Params),
    /// Where stored texts come from.
    Provenance(provenance::Params),
    /// Library objects in use.
    Wiring(wiring::Params),
    /// Configuration of a form.
    Settings(settings::Params),
    /// Prompts in files against prompts in code.
    Inventory(inventory::Params),
}

/// What was found for a card.
struct Held {
    /// What was asked for, in a few words.
    what: String,
    status: Status,
    shown: Vec<Evidence>,
    /// What a reviewer would still miss.
    lacks: Vec<String>,
}

impl Held {
    fn absent(what: &str) -> Held {
        Held { what: what.to_owned(), status: Status::Absent, shown: Vec::new(), lacks: Vec::new() }
    }

    /// Present if nothing is missing, partial otherwise.
    fn of(what: &str, mut shown: Vec<Evidence>, lacks: Vec<String>) -> Held {
        shown.sort();
        let status = if lacks.is_empty() { Status::Present } else { Status::Partial };
        Held { what: what.to_owned(), status, shown, lacks }
    }
}

pub(super) fn run(card: &RuleCard, cx: &Context<'_>, judged: &mut Judged) -> Result<(), RuleError> {
    let params: Params = card.detect.params()?;
    if cx.surfaces.llm_calls.is_empty() {
        return Ok(());
    }
    let held = match params {
        Params::Attacks(params) => attacks::judge(&params, cx),
        Params::Document(params) => document::judge(&params, cx),
        Params::Runbooks(params) => runbook::judge(&params, cx),
        Params::Suite(params) => Some(suite::judge(&params, cx)),
        Params::Pipeline(params) => Some(pipeline::judge(&params, cx)),
        Params::Provenance(params) => provenance::judge(&params, cx),
        Params::Wiring(params) => Some(wiring::judge(&params, cx)),
        Params::Settings(params) => Some(settings::judge(&params, cx).map_err(|error| card.detect.error(error))?),
        Params::Inventory(params) => inventory::judge(&params, cx),
    };
    let Some(held) = held else { return Ok(()) };
    let checked = judged.checked(card);
    checked.subjects += 1;
    if held.status == Status::Present {
        checked.satisfied += 1;
    } else {
        let found = report(card, cx, &held);
        judged.findings.push(found);
    }
    let Held { what, status, shown, lacks } = held;
    judged.proofs.push(Proof { rule: card.id.clone(), what, status, evidence: shown, lacks });
    Ok(())
}

fn report(card: &RuleCard, cx: &Context<'_>, held: &Held) -> crate::finding::Finding {
    let gap = match held.shown.first() {
        None => format!("not found: {}", held.what),
        Some(first) => format!("{} ({}) {}", held.what, first.what, listed(&held.lacks)),
    };
    let at = held.shown.first().map_or_else(|| front_page(cx), |first| first_line(cx, &first.at));
    let mut found = finding(card, at, held.what.clone(), &[("gap", gap.as_str())]);
    let others = held.shown.iter().skip(1).take(8);
    found.related = others.map(|evidence| step(evidence.at.clone(), evidence.what.clone())).collect();
    found
}

/// `a, b and c`.
fn listed(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [head @ .., last] => format!("{} and {last}", head.join(", ")),
    }
}

/// Where a repository is spoken about as a whole: its front page, its manifest, or else its first LLM call.
fn front_page(cx: &Context<'_>) -> Location {
    const MANIFESTS: [&str; 4] = ["pyproject.toml", "package.json", "cargo.toml", "requirements.txt"];
    let rank = |file: &SourceFile| {
        let lower = file.path.to_ascii_lowercase();
        let name = lower.rsplit('/').next().unwrap_or_default();
        // `README.md` before `README-ja.md`: translations follow it.
        let sort = match name.strip_prefix("readme") {
            Some(rest) if rest.is_empty() || rest.starts_with('.') && rest.matches('.').count() == 1 => 0,
            Some(_) => 1,
            None => 2 + MANIFESTS.iter().position(|manifest| *manifest == name)?,
        };
        let ships = matches!(file.class, PathClass::Production) && !file.language.is_code();
        ships.then(|| (file.path.matches('/').count(), sort, file.path.clone()))
    };
    let page = cx.files.iter().filter_map(|file| Some((rank(file)?, file))).min_by(|a, b| a.0.cmp(&b.0));
    let call = || cx.surfaces.llm_calls.first().map(|call| call.at.clone());
    page.map(|(_, file)| head(file)).or_else(call).unwrap_or(Location { path: String::new(), span: Span::default() })
}

/// A file's first line.
fn head(file: &SourceFile) -> Location {
    let length = file.text.lines().next().map_or(0, str::len);
    Location { path: file.path.clone(), span: Span::new(0, length) }
}

/// The line on which a place starts.
fn first_line(cx: &Context<'_>, at: &Location) -> Location {
    let Some(file) = cx.files.iter().find(|file| file.path == at.path) else { return at.clone() };
    let start = (at.span.start as usize).min(file.text.len());
    let length = file.text[start..].lines().next().map_or(0, str::len);
    Location { path: at.path.clone(), span: Span::new(start, start + length) }
}

/// Files that people of this product wrote, tests among them.
fn own_files<'a>(cx: &Context<'a>) -> impl Iterator<Item = (usize, &'a SourceFile)> {
    let is_own = |file: &SourceFile| !matches!(file.class, PathClass::Vendored | PathClass::Generated);
    cx.files.iter().enumerate().filter(move |(_, file)| is_own(file))
}

/// Prose of the product: documents count, tests' and examples' texts do not.
fn is_prose(file: &SourceFile) -> bool {
    let is_text = matches!(file.extension().as_str(), "md" | "mdx" | "rst" | "adoc" | "txt" | "markdown" | "");
    is_text && file.language == Language::Text && file.class != PathClass::Test && !is_showcase(&file.path)
}

/// Folders whose content shows how others could use the product, or tells of it.
fn is_showcase(path: &str) -> bool {
    const NAMES: [&str; 11] =
        ["blog", "cookbook", "demo", "demos", "example", "examples", "news", "posts", "sample", "samples", "tutorials"];
    path.split('/').any(|segment| NAMES.contains(&segment.to_ascii_lowercase().as_str()))
}
