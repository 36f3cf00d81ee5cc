//! `output`: what a model wrote, in places where it does harm.
//!
//! Each harmful place is traced back. Where the way leads to a model's answer or to an argument that a model chose for a
//! tool, the verdict is *open* (a finding), *guarded* (something on the way leaves the writer no room: a rebuilt value, a
//! sanitizer, a test that holds), or *unknown* (it is made from such text by something that cannot be judged). Places and
//! what libraries do are rows of `rules/models`; words of the languages are `rules/vocabulary/output.yml`.

mod bound;
mod checks;
mod held;
mod passing;
mod sinks;
pub(super) mod sources;
mod types;
mod urls;
pub(super) mod words;

use rustc_hash::FxHashSet;
use serde::Deserialize;

pub(in crate::rules) use self::held::Holds;
pub(in crate::rules) use self::sources::Tools;

use self::passing::{Known, Passing};
use self::sinks::Sink;
use crate::finding::Location;
use crate::flow::{FlowIndex, Node, Origin, Query, Reach, Trail, Turn};
use crate::ir::Expr;
use crate::model::{SinkKind, SourceKind};
use crate::project::{GExpr, GFn};
use crate::rules::card::{RuleCard, RuleError};
use crate::rules::run::{Context, Judged, finding};
use crate::source::PathClass;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Params {
    source: Source,
    sinks: Vec<SinkKind>,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Source {
    /// Anything a model wrote, arguments of tools included.
    ModelOutput,
    /// Arguments that a model chose for a tool; one finding a tool.
    ToolArguments,
}

/// How many calls up or down a value is followed.
const DEPTH: usize = 14;
/// As above, where anything that has a part in the value counts.
const UNKNOWN_DEPTH: usize = 2;

/// Files a way leads through before it is told as unknown: callers are not kept apart, so errors add up.
const MAX_FILES: usize = 4;
/// The same, with the members that it was stored in on the way: objects of a class are not kept apart either.
const MAX_FILES_AND_MEMBERS: usize = 5;

/// What is judged about one harmful place.
enum Verdict {
    Open(Trail),
    /// Something leaves the writer no room.
    Guarded,
    Unknown,
    /// No model wrote it.
    Elsewhere,
}

struct Judge<'a, 'c> {
    cx: &'a Context<'c>,
    index: &'a FlowIndex<'a>,
    tools: &'a Tools,
    known: Known,
    source: Source,
}

pub(super) fn run(card: &RuleCard, cx: &Context<'_>, judged: &mut Judged) -> Result<(), RuleError> {
    let params: Params = card.detect.params()?;
    let tools = cx.tools();
    let is_written = match params.source {
        Source::ModelOutput => !cx.surfaces.llm_calls.is_empty() || tools.iter().next().is_some(),
        Source::ToolArguments => tools.iter().next().is_some(),
    };
    if !is_written {
        return Ok(());
    }
    let index = cx.index();
    let judge = Judge { cx, index, tools, known: Known::default(), source: params.source };
    let mut told = FxHashSet::default();
    for f in (0..cx.project.program.fn_count()).map(GFn) {
        let file = cx.project.program.file_of(f);
        let is_judged = Context::judges(card, cx.project.program.language(file));
        if !is_judged || cx.project.program.class_of_path(file) != PathClass::Production {
            continue;
        }
        // With each, the finding that tells of it.
        let mut open: Vec<(Sink, Option<usize>)> = Vec::new();
        for sink in sinks::of(cx, index, f, &params.sinks) {
            // One statement, one finding: `execute(text(x))`.
            if open.iter().any(|(o, _)| overlaps(cx, o, &sink)) {
                continue;
            }
            let verdict = judge.verdict(&sink);
            if matches!(verdict, Verdict::Elsewhere) {
                continue;
            }
            judged.checked(card).subjects += 1;
            match verdict {
                Verdict::Open(trail) => {
                    let same = open.iter().find(|(o, _)| is_same_value(cx, o, &sink)).and_then(|(_, found)| *found);
                    let mut number = same;
                    if let Some(first) = same {
                        let place = crate::surface::location(cx.project, sink.at);
                        let note = "the same value is used here, too";
                        judged.findings[first].related.push(crate::rules::run::step(place, note));
                    } else if told.insert(judge.key(&sink, &trail)) {
                        number = Some(judged.findings.len());
                        judged.findings.push(judge.finding(card, &sink, &trail));
                    }
                    open.push((sink, number));
                }
                Verdict::Guarded => judged.checked(card).satisfied += 1,
                Verdict::Unknown | Verdict::Elsewhere => judged.checked(card).unknown += 1,
            }
        }
    }
    Ok(())
}

/// Whether one harmful place stands inside another of its sort.
fn overlaps(cx: &Context<'_>, a: &Sink, b: &Sink) -> bool {
    let facts = cx.project.program.facts(a.at.file);
    let (first, second) = (facts.span(a.at.expr), facts.span(b.at.expr));
    a.kind == b.kind && (first.contains(second) || second.contains(first))
}

/// Whether two harmful places of one function use the same variable.
fn is_same_value(cx: &Context<'_>, a: &Sink, b: &Sink) -> bool {
    let facts = cx.project.program.facts(a.at.file);
    let name = |sink: &Sink| match facts.expr(sink.value.expr) {
        Expr::Name(name) => Some(*name),
        _ => None,
    };
    a.kind == b.kind
        && name(a).is_some()
        && name(a) == name(b)
        && cx.project.definitions(a.value) == cx.project.definitions(b.value)
}

impl Judge<'_, '_> {
    fn verdict(&self, sink: &Sink) -> Verdict {
        let passing = Passing::new(self.cx, self.tools, &self.known, sink.kind);
        let guarded = sink.harmless.is_some();
        if !guarded && let Some(trail) = self.trace(sink, DEPTH, Reach::Containers, &passing, true) {
            let files: FxHashSet<&str> = trail.places.iter().map(|(_, place)| place.path.as_str()).collect();
            let is_far = files.len() > MAX_FILES || files.len() + self.stored(&trail) > MAX_FILES_AND_MEMBERS;
            return if is_far { Verdict::Unknown } else { Verdict::Open(trail) };
        }
        if guarded || passing.is_guarded() {
            return match self.trace(sink, DEPTH, Reach::Containers, &passing, false) {
                Some(_) => Verdict::Guarded,
                None => Verdict::Elsewhere,
            };
        }
        match self.trace(sink, UNKNOWN_DEPTH, Reach::Everything, &passing, false) {
            Some(_) => Verdict::Unknown,
            None => Verdict::Elsewhere,
        }
    }

    fn trace(&self, sink: &Sink, depth: usize, reach: Reach, passing: &Passing<'_, '_>, guards: bool) -> Option<Trail> {
        let named = |node: Node| self.argument(node, sink.kind, guards);
        let wants = |origin: &Origin| match origin {
            Origin::Source(SourceKind::ModelOutput) => self.source == Source::ModelOutput,
            Origin::Source(SourceKind::ToolArguments) => true,
            _ => false,
        };
        let query = Query { named: &named, wants: &wants, depth, reach };
        let is_whole = reach == Reach::Everything;
        self.index.trace_past(self.cx.models, sink.value, &query, &|way| {
            if is_whole { Turn::Follow } else { passing.turn(way, guards) }
        })
    }

    /// How often a way leads through a member that was written in another function.
    fn stored(&self, trail: &Trail) -> usize {
        let is_read = |pair: &&[(Node, Location)]| {
            let (Node::Expr(from), Node::Expr(to)) = (pair[0].0, pair[1].0) else { return false };
            let program = &self.cx.project.program;
            let is_member = |at: GExpr| match program.facts(at.file).expr(at.expr) {
                Expr::Field { base, .. } => !(from.file == to.file && from.expr == *base),
                _ => false,
            };
            let scope = |at: GExpr| (at.file, self.cx.project.scope_of(at.file, at.expr));
            is_member(to) && scope(from) != scope(to)
        };
        trail.places.windows(2).filter(is_read).count()
    }

    /// The argument of a tool that a parameter is.
    fn argument(&self, node: Node, kind: SinkKind, guards: bool) -> Option<String> {
        let Node::Param(f, index, name) = node else { return None };
        let confined = self.tools.argument(self.cx, f, index, name, kind)?;
        if guards && confined.is_some() {
            return None;
        }
        let tool = self.tools.get(f)?;
        Some(format!("`{name}`, which the model chooses for the tool `{}`,", tool.name))
    }

    /// What makes two findings one: the place; for tools, the tool.
    fn key(&self, sink: &Sink, trail: &Trail) -> (GExpr, Option<GFn>) {
        match (self.source, trail.places.first()) {
            (Source::ToolArguments, Some((Node::Param(f, ..), _))) => {
                (GExpr { file: self.cx.project.program.file_of(*f), expr: crate::ir::ExprId(0) }, Some(*f))
            }
            _ => (sink.at, None),
        }
    }

    fn finding(&self, card: &RuleCard, sink: &Sink, trail: &Trail) -> crate::finding::Finding {
        let (first, _) = &trail.places[0];
        let source = match &trail.origin {
            Origin::Named(text) => text.clone(),
            Origin::Source(_) | Origin::EntryParam(..) => {
                format!("model output (`{}`)", super::flow::show(self.cx, *first))
            }
        };
        let tool = match first {
            Node::Param(f, ..) => self.tools.get(*f).map(|t| format!("`{}`", t.name)),
            Node::Expr(_) => None,
        };
        let argument = match first {
            Node::Param(_, _, name) => format!("`{name}`"),
            Node::Expr(_) => "what the model chooses".into(),
        };
        let holes = [
            ("source", if self.source == Source::ToolArguments { argument.as_str() } else { source.as_str() }),
            ("sink", sink.shown.as_str()),
            ("tool", tool.as_deref().unwrap_or("of the model")),
        ];
        let at: Location = crate::surface::location(self.cx.project, sink.at);
        let mut found = finding(card, at, super::flow::subject(self.cx, sink.at), &holes);
        found.flow = super::flow::steps(self.cx, trail);
        found
    }
}
