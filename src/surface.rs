//! Entry points, the LLM calls they reach, and the controls on the way: the table that everything else stands on.
//!
//! A control is known by a library model or by what code does (see [`behaviour`]). It counts for an entry point where
//! it is attached to the handler, its router or application, or runs on the path before the LLM call. This module
//! states what is there; whether that is enough is judged by rules.

mod apps;
mod behaviour;
mod gateways;
mod given;
mod guards;
mod keys;
mod limits;
mod origins;
mod path;
mod rates;
mod routes;
mod settings;

use std::cell::OnceCell;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::finding::Location;
use crate::ir::{CallKind as SyntaxKind, Expr, ExprId, FileFacts};
use crate::model::{CallKind, ControlKind, ModelSet, Setting};
use crate::project::{ApiCall, EntryPoint, GExpr, GFn, Project};
use crate::source::Span;

pub use gateways::{Gateways, guard};
pub use given::{Given, Written};
pub(crate) use keys::LimiterKeys;
pub use path::PathStep;

/// Whether a control guards an entry point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Status {
    /// It does.
    Present,
    /// It does for a part of what it should cover.
    Partial,
    /// It was looked for everywhere it can be and is not there.
    Absent,
    /// Something on the way could not be resolved.
    Unknown,
    /// There is nothing for it to guard.
    NotApplicable,
}

impl Status {
    /// The word in reports.
    pub fn label(self) -> &'static str {
        match self {
            Status::Present => "present",
            Status::Partial => "partial",
            Status::Absent => "absent",
            Status::Unknown => "unknown",
            Status::NotApplicable => "not applicable",
        }
    }
}

/// Where a control was seen and what it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Evidence {
    /// Where.
    pub at: Location,
    /// What it is, in a few words.
    pub what: String,
    /// Its limit, as written.
    pub value: Option<String>,
}

/// One control of one entry point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Control {
    /// Whether it is there.
    pub status: Status,
    /// What was found, in order of place.
    pub evidence: Vec<Evidence>,
}

/// A call that sends text to a model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LlmCall {
    /// The model row and site.
    pub call: ApiCall,
    /// The function it stands in.
    pub function: GFn,
    /// Where.
    pub at: Location,
    /// The callee as written.
    pub callee: String,
    /// Where its address is decided, if it stands in a helper that is handed one: ways to it, outermost first.
    pub asked_by: Vec<Vec<(GFn, ExprId)>>,
    /// What is known about each setting that it, its client or its request can state.
    pub settings: BTreeMap<Setting, Given>,
}

/// An entry point that reaches at least one LLM call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Surface {
    /// The entry point.
    pub entry: EntryPoint,
    /// Indices into [`Surfaces::llm_calls`], nearest first.
    pub llm_calls: Vec<usize>,
    /// The way to the nearest one.
    pub path: Vec<PathStep>,
    /// All controls.
    pub controls: BTreeMap<ControlKind, Control>,
}

/// The whole table.
#[derive(Clone, Debug, Default)]
pub struct Surfaces {
    /// Every entry point, also those that reach no LLM call.
    pub entries: Vec<EntryPoint>,
    /// Entry points that reach an LLM call.
    pub surfaces: Vec<Surface>,
    /// Every LLM call of production code.
    pub llm_calls: Vec<LlmCall>,
}

/// Builds the table.
pub fn survey(project: &Project, models: &ModelSet) -> Surfaces {
    let mut entries = project.entry_points(models);
    let routes = routes::Routes::new(project, models);
    for entry in &mut entries {
        entry.prefix = routes.prefix(project, entry);
    }
    let (llm_calls, guards) =
        rayon::join(|| inventory(project, models), || guards::Guards::new(project, models, &entries));
    let reach = path::Reach::new(&llm_calls);
    let mut surfaces = Vec::new();
    for entry in &entries {
        let found = reach.calls_behind(project, entry);
        let Some(nearest) = found.first() else { continue };
        let controls = guards.controls(entry, &found, &llm_calls);
        let path = path::steps(project, nearest, &llm_calls);
        let calls = found.iter().map(|f| f.call).collect();
        surfaces.push(Surface { entry: entry.clone(), llm_calls: calls, path, controls });
    }
    Surfaces { entries, surfaces, llm_calls }
}

fn inventory(project: &Project, models: &ModelSet) -> Vec<LlmCall> {
    let mut calls = Vec::new();
    let reader = settings::Reader::new(project, models);
    let callers = OnceCell::new();
    for index in 0..project.program.fn_count() {
        let function = GFn(index);
        let file = project.program.file_of(function);
        if project.program.class_of_path(file) != crate::source::PathClass::Production {
            continue;
        }
        let mut seen = Vec::new();
        for call in project.llm_calls(models, function) {
            let site = project.site(call.site);
            if seen.contains(&call.site) {
                continue;
            }
            seen.push(call.site);
            let settings = reader.of_call(call, function);
            let is_http = project.call_kind(models, function, call) == Some(CallKind::Http);
            let asked_by = if is_http {
                let callers = callers.get_or_init(|| project.callers());
                project.asked_by(models, callers, function, call)
            } else {
                Vec::new()
            };
            calls.push(LlmCall {
                asked_by,
                call,
                function,
                at: location(project, site.at),
                callee: callee_text(project, site.at),
                settings,
            });
        }
    }
    calls.sort_by(|a, b| a.at.cmp(&b.at));
    calls
}

/// The callee of a call as written, without any call's arguments: these may hold secrets, whole or in part.
pub(crate) fn callee_text(project: &Project, at: GExpr) -> String {
    let facts = project.program.facts(at.file);
    let text = match facts.expr(at.expr) {
        Expr::Call(call) => {
            let bang = if call.kind == SyntaxKind::Macro { "!" } else { "" };
            format!("{}{bang}", callee_path(facts, call.callee))
        }
        _ => callee_path(facts, at.expr),
    };
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().count() > 80 {
        // The end of a fluent chain says what is called.
        let tail: Vec<char> = text.chars().rev().take(60).collect();
        return format!("…{}", tail.into_iter().rev().collect::<String>());
    }
    text
}

/// Names, members and calls; anything else is left out.
fn callee_path(facts: &FileFacts, id: ExprId) -> String {
    match facts.expr(id) {
        Expr::Name(_) | Expr::Receiver | Expr::Super => facts.show(id),
        Expr::Field { base, name } => format!("{}.{name}", callee_path(facts, *base)),
        Expr::Index { base, .. } => format!("{}[…]", callee_path(facts, *base)),
        Expr::Call(call) => {
            let args = if call.args.is_empty() { "" } else { "…" };
            format!("{}({args})", callee_path(facts, call.callee))
        }
        Expr::Await(inner) | Expr::Try(inner) | Expr::Cast { value: inner, .. } => callee_path(facts, *inner),
        _ => "…".into(),
    }
}

/// Where an expression stands.
pub(crate) fn location(project: &Project, at: GExpr) -> Location {
    let facts = project.program.facts(at.file);
    Location { path: facts.path.to_string(), span: facts.span(at.expr) }
}

/// A place in a file.
pub(crate) fn place(project: &Project, file: crate::project::FileId, span: Span) -> Location {
    Location { path: project.program.facts(file).path.to_string(), span }
}
