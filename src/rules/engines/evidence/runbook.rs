//! Runbooks: pages for incidents, the scenarios they cover with first steps, their dry runs, and links from alerts.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::document::{readable, sections};
use super::{Held, dates, is_prose, own_files};
use crate::finding::Location;
use crate::rules::engines::words::{Statement, Words};
use crate::rules::run::Context;
use crate::settings::Date;
use crate::source::{Language, SourceFile, Span};
use crate::surface::Evidence;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Params {
    /// What it is, as a message names it.
    what: String,
    /// Expressions for the path or title of a runbook.
    named: Words,
    /// Names that are about something else.
    #[serde(default)]
    unless: Words,
    /// The incidents that need a page or section, told by heading or path.
    scenarios: Vec<Statement>,
    /// Lines that tell of a rehearsal.
    dry_run: Words,
    /// The form of an alert rule's link.
    link: Words,
    /// What is judged.
    judge: Judge,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Judge {
    /// That the scenarios are covered.
    Coverage,
    /// That what is there was tried of late and is found from alerts.
    Freshness,
}

/// `None` where there is nothing whose freshness could be judged.
pub(super) fn judge(params: &Params, cx: &Context<'_>) -> Option<Held> {
    let pages: Vec<&SourceFile> = own_files(cx).map(|(_, file)| file).filter(|file| is_runbook(params, file)).collect();
    let steps_min = policy(cx, "first-steps-min", 3.0);
    let mut covered: BTreeMap<usize, Evidence> = BTreeMap::new();
    for page in &pages {
        for (index, scenario) in params.scenarios.iter().enumerate() {
            if let Some((at, steps)) = covers(scenario, page).filter(|(_, steps)| *steps >= steps_min as usize) {
                let what = format!("{} with {steps} steps", scenario.is);
                covered.entry(index).or_insert(Evidence { at, what, value: None });
            }
        }
    }
    match params.judge {
        Judge::Coverage => Some(coverage(params, cx, &pages, covered)),
        Judge::Freshness if covered.is_empty() => None,
        Judge::Freshness => freshness(params, cx, &pages, covered.into_values().collect()),
    }
}

fn policy(cx: &Context<'_>, name: &str, otherwise: f64) -> f64 {
    cx.catalogue.policy("IE-1", name).unwrap_or(otherwise)
}

fn is_runbook(params: &Params, file: &SourceFile) -> bool {
    if !is_prose(file) {
        return false;
    }
    let fits = |text: &str| params.named.is_match(text) && !params.unless.is_match(text);
    fits(&readable(&file.path)) || sections(&file.text).first().is_some_and(|title| fits(title.title))
}

fn coverage(params: &Params, cx: &Context<'_>, pages: &[&SourceFile], covered: BTreeMap<usize, Evidence>) -> Held {
    let wanted = policy(cx, "scenarios-min", 3.0) as usize;
    if covered.is_empty() && pages.is_empty() {
        return Held::absent(&params.what);
    }
    let missing = params.scenarios.iter().enumerate().filter(|(index, _)| !covered.contains_key(index));
    let missing: Vec<String> = missing.map(|(_, scenario)| scenario.is.clone()).collect();
    let lacks = if covered.len() >= wanted {
        Vec::new()
    } else {
        vec![format!("do not cover, with first steps: {}", super::listed(&missing))]
    };
    let mut shown: Vec<Evidence> = covered.into_values().collect();
    if shown.is_empty() {
        let page = pages[0];
        let at = Location { path: page.path.clone(), span: Span::new(0, page.text.len()) };
        shown.push(Evidence { at, what: format!("`{}`", page.path), value: None });
    }
    Held::of(&params.what, shown, lacks)
}

/// Where a page covers a scenario, and how many steps stand there.
fn covers(scenario: &Statement, page: &SourceFile) -> Option<(Location, usize)> {
    let at = |span: Span| Location { path: page.path.clone(), span };
    let sections = sections(&page.text);
    let name = readable(page.path.rsplit('/').next().unwrap_or_default());
    let of_page = scenario.any.is_match(&name) || sections.first().is_some_and(|s| scenario.any.is_match(s.title));
    if of_page {
        return Some((at(Span::new(0, page.text.len())), steps(&page.text)));
    }
    let fitting = sections.iter().filter(|section| scenario.any.is_match(section.title));
    let counted = fitting.map(|section| {
        let text = page.text.get(section.span.start as usize..section.span.end as usize).unwrap_or_default();
        (at(section.span), steps(text))
    });
    counted.max_by_key(|(_, steps)| *steps)
}

/// List items: what is done one after the other.
fn steps(text: &str) -> usize {
    let is_item = |line: &&str| {
        let line = line.trim_start();
        let digits = line.len() - line.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let is_numbered = digits > 0 && line[digits..].starts_with(['.', ')']);
        let is_marked = line.starts_with("- ") || line.starts_with("* ");
        is_numbered || is_marked || line.to_ascii_lowercase().starts_with("step ")
    };
    text.lines().filter(is_item).count()
}

fn freshness(params: &Params, cx: &Context<'_>, pages: &[&SourceFile], shown: Vec<Evidence>) -> Option<Held> {
    let today = cx.given.today?;
    let limit = policy(cx, "dry-run-days-max", 92.0);
    let mut lacks = Vec::new();
    match last_dry_run(params, cx, pages) {
        None => lacks.push("name no dry run with its date".to_owned()),
        Some(day) => {
            let age = today.unix_days() - day.unix_days();
            if age as f64 > limit {
                lacks.push(format!("were last rehearsed on {day}, {age} days ago"));
            }
        }
    }
    let links = alert_files(params, cx);
    if links.as_ref().is_some_and(|linked| !linked) {
        lacks.push("are linked from no alert rule".to_owned());
    }
    Some(Held::of(&params.what, shown, lacks))
}

/// The newest day on a line that tells of a rehearsal, in a runbook or in notes beside one. In notes of rehearsals every
/// day is one.
fn last_dry_run(params: &Params, cx: &Context<'_>, pages: &[&SourceFile]) -> Option<Date> {
    let notes = own_files(cx).map(|(_, file)| file);
    let notes = notes.filter(|file| is_prose(file) && params.dry_run.is_match(&readable(&file.path)));
    let in_notes = notes.flat_map(|file| dates::days(&file.text)).map(|(_, day)| day);
    let in_pages = pages.iter().flat_map(|page| {
        dates::days(&page.text).into_iter().filter_map(|(at, day)| {
            let start = page.text[..at].rfind('\n').map_or(0, |line| line + 1);
            let line = page.text[start..].lines().next().unwrap_or_default();
            let heading = sections(&page.text).into_iter().rfind(|section| (section.span.start as usize) < at);
            let tells = params.dry_run.is_match(line) || heading.is_some_and(|s| params.dry_run.is_match(s.title));
            tells.then_some(day)
        })
    });
    in_notes.chain(in_pages).max()
}

/// Whether any alert rule links a runbook; `None` if no alert rules are kept here.
fn alert_files(params: &Params, cx: &Context<'_>) -> Option<bool> {
    let mut alerts = own_files(cx)
        .map(|(_, file)| file)
        .filter(|file| file.language == Language::Config && file.text.contains("alert"))
        .filter(|file| ["expr:", "datadog_monitor", "for:", "condition:"].iter().any(|sign| file.text.contains(sign)))
        .peekable();
    alerts.peek()?;
    Some(alerts.any(|file| params.link.is_match(&file.text)))
}
