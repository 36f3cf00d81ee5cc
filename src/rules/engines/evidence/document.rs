//! Documents: a file, or a section of one, that is named for its subject and says what a reviewer looks for.

use serde::Deserialize;

use super::{Held, dates, is_prose, own_files, practice};
use crate::finding::Location;
use crate::rules::engines::words::{Statement, Words};
use crate::rules::run::Context;
use crate::source::{SourceFile, Span};
use crate::surface::Evidence;

/// Shorter texts announce a document rather than being one.
const WORDS_MIN: usize = 30;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Params {
    /// What it is, as a message names it.
    what: String,
    /// Expressions for the path, or for the heading above it.
    named: Words,
    /// Names that are about something else.
    #[serde(default)]
    unless: Words,
    /// What it must say.
    states: Vec<Statement>,
    /// How many of these make it worth a reviewer's time.
    least: usize,
    /// If given, not the document but the date of its review is judged.
    #[serde(default)]
    review: Option<Review>,
    /// What code does about it, which counts in part where no document speaks of it.
    #[serde(default)]
    practice: Option<practice::Params>,
}

/// Lines that name the day of a review.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Review {
    /// Lines that name the next one.
    next: Words,
    /// Lines that name the last one.
    last: Words,
    /// Days after which the last one is too long ago.
    days: i64,
}

/// A text that may be the document.
struct Candidate<'a> {
    at: Location,
    title: String,
    text: &'a str,
    /// Indices of the statements it makes.
    says: Vec<usize>,
}

/// `None` where there is no document whose review could be judged.
pub(super) fn judge(params: &Params, cx: &Context<'_>) -> Option<Held> {
    let candidates = own_files(cx).filter(|(_, file)| is_prose(file)).flat_map(|(_, file)| candidates(params, file));
    let best = candidates.max_by_key(|one| (one.says.len(), std::cmp::Reverse(one.at.clone())));
    let enough = best.filter(|one| one.says.len() * 2 >= params.least);
    match (&params.review, enough) {
        (None, None) => Some(practised(params, cx)),
        (None, Some(one)) => Some(contents(params, &one)),
        (Some(_), None) => None,
        (Some(review), Some(one)) => review_of(params, review, &one, cx),
    }
}

/// What code shows where no document does.
fn practised(params: &Params, cx: &Context<'_>) -> Held {
    let shown = params.practice.as_ref().map(|practice| practice::judge(practice, cx)).unwrap_or_default();
    match shown.is_empty() {
        true => Held::absent(&params.what),
        false => Held::of(&params.what, shown, vec!["is what code does and no document states".to_owned()]),
    }
}

fn contents(params: &Params, one: &Candidate<'_>) -> Held {
    let count = one.says.len();
    let lacks = if count >= params.least {
        Vec::new()
    } else {
        let missing = params.states.iter().enumerate().filter(|(index, _)| !one.says.contains(index));
        vec![format!("does not state {}", super::listed(&missing.map(|(_, s)| s.is.clone()).collect::<Vec<_>>()))]
    };
    let what = format!("`{}`, which states {count} of {}", one.title, params.states.len());
    let evidence = Evidence { at: one.at.clone(), what, value: None };
    Held::of(&params.what, vec![evidence], lacks)
}

fn review_of(params: &Params, review: &Review, one: &Candidate<'_>, cx: &Context<'_>) -> Option<Held> {
    let today = cx.given.today?;
    let (mut next, mut last) = (None, None);
    for (at, day) in dates::days(one.text) {
        let start = one.text[..at].rfind('\n').map_or(0, |line| line + 1);
        let line = one.text[start..].lines().next().unwrap_or_default();
        if review.next.is_match(line) {
            next = next.max(Some(day));
        } else if review.last.is_match(line) {
            last = last.max(Some(day));
        }
    }
    let (value, lack) = match (next, last) {
        (Some(day), _) => (Some(day), (day < today).then(|| format!("was to be reviewed by {day}"))),
        (None, Some(day)) => {
            let age = today.unix_days() - day.unix_days();
            (Some(day), (age > review.days).then(|| format!("was last reviewed on {day}, {age} days ago")))
        }
        (None, None) => (None, Some("names no date of review".to_owned())),
    };
    let what = format!("`{}`", one.title);
    let evidence = Evidence { at: one.at.clone(), what, value: value.map(|day| day.to_string()) };
    Some(Held::of(&params.what, vec![evidence], lack.into_iter().collect()))
}

/// The whole file if its name or title fits, otherwise each section whose heading does.
fn candidates<'a>(params: &Params, file: &'a SourceFile) -> Vec<Candidate<'a>> {
    let names = |text: &str| params.named.is_match(text) && !params.unless.is_match(text);
    let sections = sections(&file.text);
    let title = sections.first().map_or_else(|| stem(&file.path), |first| first.title.to_owned());
    let of_file = names(&readable(&file.path)) || sections.first().is_some_and(|s| s.level == 1 && names(s.title));
    if of_file {
        return candidate(params, file, title, Span::new(0, file.text.len())).into_iter().collect();
    }
    let fitting = sections.iter().filter(|section| names(section.title));
    fitting.filter_map(|section| candidate(params, file, section.title.to_owned(), section.span)).collect()
}

fn candidate<'a>(params: &Params, file: &'a SourceFile, title: String, span: Span) -> Option<Candidate<'a>> {
    let text = file.text.get(span.start as usize..span.end as usize)?;
    if text.split_whitespace().count() < WORDS_MIN {
        return None;
    }
    let says = params.states.iter().enumerate().filter(|(_, s)| s.any.is_match(text)).map(|(index, _)| index);
    let at = Location { path: file.path.clone(), span };
    Some(Candidate { at, title, text, says: says.collect() })
}

/// A heading with all that stands below it.
pub(super) struct Section<'a> {
    pub(super) level: usize,
    pub(super) title: &'a str,
    pub(super) span: Span,
}

/// The sections of a text, outer ones before inner ones. Headings inside fenced blocks are none.
pub(super) fn sections(text: &str) -> Vec<Section<'_>> {
    let mut found: Vec<Section<'_>> = Vec::new();
    let (mut at, mut is_fenced) = (0, false);
    let mut previous: (usize, &str) = (0, "");
    for line in text.split_inclusive('\n') {
        let bare = line.trim();
        is_fenced ^= bare.starts_with("```") || bare.starts_with("~~~");
        let is_rule = |mark: char| bare.len() >= 3 && bare.chars().all(|c| c == mark);
        if !is_fenced && bare.starts_with(['#', '=']) && bare.trim_start_matches(['#', '=']).starts_with(' ') {
            let title = bare.trim_start_matches(['#', '=']);
            let section =
                Section { level: bare.len() - title.len(), title: title.trim(), span: Span::new(at, text.len()) };
            found.push(section);
        } else if !is_fenced && (is_rule('=') || is_rule('-')) && !previous.1.is_empty() && at > 0 {
            let level = if is_rule('=') { 1 } else { 2 };
            found.push(Section { level, title: previous.1, span: Span::new(previous.0, text.len()) });
        }
        previous = (at, bare);
        at += line.len();
    }
    for index in 0..found.len() {
        let next = found[index + 1..].iter().find(|later| later.level <= found[index].level);
        if let Some(end) = next.map(|later| later.span.start) {
            found[index].span.end = end;
        }
    }
    found
}

fn stem(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or_default();
    name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_owned()
}

/// A path as words: separators become blanks.
pub(super) fn readable(path: &str) -> String {
    let path =
        path.rsplit_once('.').map_or(path, |(stem, extension)| if extension.contains('/') { path } else { stem });
    path.replace(['-', '_', '.'], " ")
}
