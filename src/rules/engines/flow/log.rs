//! Sensitive data in logs.
//!
//! [`sinks`] tells what is logged, [`leaks`] follows it back: by what values are called ([`evidence`]), what they are used
//! for ([`uses`]), and what their classes show of themselves ([`records`]). What grants access weighs more than what
//! only tells about a person.

mod evidence;
mod leaks;
mod members;
mod records;
mod sinks;
mod types;
mod uses;
mod words;

use self::evidence::Sort;
use self::leaks::{Finder, Leak};
use self::sinks::{Sink, Via};
use super::{show, subject, with_trail};
use crate::finding::{Finding, Severity};
use crate::flow::{FlowIndex, Node};
use crate::ir::FnId;
use crate::project::GFn;
use crate::rules::card::RuleCard;
use crate::rules::run::{Context, Judged, finding};
use crate::source::{Language, PathClass};

pub(super) fn run(card: &RuleCard, cx: &Context<'_>, index: &FlowIndex<'_>, judged: &mut Judged) {
    let finder = Finder::new(cx, index);
    for f in (0..cx.project.program.fn_count()).map(GFn) {
        let file = cx.project.program.file_of(f);
        let is_judged = Context::judges(card, cx.project.program.language(file));
        if !is_judged || cx.project.program.class_of_path(file) != PathClass::Production {
            continue;
        }
        for sink in sinks::of(cx, f) {
            let checked = judged.checked(card);
            checked.subjects += 1;
            match leak(cx, &finder, &sink) {
                Some(leak) => judged.findings.push(report(card, cx, &sink, &leak)),
                None => checked.satisfied += 1,
            }
        }
    }
}

/// The worst that a sink shows.
fn leak(cx: &Context<'_>, finder: &Finder<'_>, sink: &Sink) -> Option<Leak> {
    let is_own_logger = sinks::is_own_logger(cx, sink.f);
    let followed = sink.values.iter().filter(|(node, _)| sinks::is_followed(cx, *node));
    let leaks = followed.filter_map(|(node, name)| finder.leak(*node, *name, is_own_logger));
    // Messages of exceptions name people so that the caller knows whom they are about.
    // What a person runs at a terminal tells that person whom it worked on.
    let file = cx.project.program.file_of(sink.f);
    let is_terminal = cx.project.program.local_fn(sink.f) == FnId::MODULE
        && cx.project.program.language(file) == Language::Python
        || words::WORDS.is_operators(&cx.project.program.facts(file).path);
    let counted = leaks
        .filter(|leak| sink.via != Via::Exception || leak.sort == Sort::Credential)
        .filter(|leak| leak.sort.grants_access() || !is_terminal);
    counted.reduce(|worst, leak| if leak.sort > worst.sort { leak } else { worst })
}

fn report(card: &RuleCard, cx: &Context<'_>, sink: &Sink, leak: &Leak) -> Finding {
    let place = crate::surface::location(cx.project, sink.at);
    let what = match sink.via {
        Via::Log => format!("`{}`", sink.label),
        Via::Recorded => format!("the span of `{}`", sink.label),
        Via::Exception => format!("the message of `{}`", sink.label),
    };
    let source = source(cx, leak);
    let mut found = finding(card, place, subject(cx, sink.at), &[("source", source.as_str()), ("sink", what.as_str())]);
    found.severity = match (leak.sort, sink.via) {
        (Sort::Personal | Sort::Body, _) => Severity::Low,
        (_, Via::Exception) | (Sort::Headers, _) => Severity::Medium,
        _ => found.severity,
    };
    with_trail(cx, found, &leak.trail)
}

/// The value and what it is, for messages.
fn source(cx: &Context<'_>, leak: &Leak) -> String {
    let node: Node = leak.trail.places[0].0;
    let shown = leak.entry.map_or_else(|| show(cx, node), |key| format!("{key}: …"));
    match &leak.record {
        Some((class, member)) => format!("`{shown}` (a `{class}`, whose text shows `{member}`)"),
        None => format!("`{shown}` ({})", leak.sort.label()),
    }
}
