//! Which controls guard an entry point: on its handler, its parameters, its application, its files, or on the path.

mod attached;
mod does;
mod handler;
mod open;
mod textless;

use super::apps::Apps;
use super::path::Found;
use super::{Control, Evidence, LlmCall, Status, limits, place};
use crate::ir::Expr;
use crate::model::{ControlKind, ModelSet, RowRef};
use crate::project::{EntryPoint, FileId, GExpr, GFn, Project, SiteId, Value};
use crate::source::{PathClass, Span};
use rustc_hash::{FxHashMap, FxHashSet};
use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

/// How many calls deep a guard's own code is searched for what it does.
const GUARD_DEPTH: usize = 5;
/// How many classes a guard may be made of.
const MAX_SERVICES: usize = 8;
/// How many calls deep code on the path before the LLM call is searched.
const PATH_DEPTH: usize = 3;

/// A guard around all handlers of some applications.
#[derive(Debug)]
struct AppGuard {
    nodes: Vec<u32>,
    only_earlier: bool,
    prefix: Option<String>,
    at: GExpr,
    exprs: Vec<GExpr>,
    values: Vec<Value>,
}

/// What is known about guards before any entry point is looked at.
pub(super) struct Guards<'a> {
    project: &'a Project,
    models: &'a ModelSet,
    apps: Apps,
    app_guards: Vec<AppGuard>,
    file_guards: Vec<(FileId, Span, Vec<Value>)>,
    /// Control rows by the function that calls them.
    control_calls: FxHashMap<GFn, Vec<(u32, SiteId)>>,
    /// Sites that are given a function directly.
    passed_to: FxHashMap<GFn, Vec<SiteId>>,
    nested: FxHashMap<GFn, Vec<GFn>>,
    memo: RefCell<Memo>,
}

type Kinds = BTreeMap<ControlKind, BTreeSet<Evidence>>;

/// What a function does as a guard, by the depth to which it was searched.
type Memo = FxHashMap<(GFn, usize), Vec<(ControlKind, Evidence)>>;

impl<'a> Guards<'a> {
    pub(super) fn new(project: &'a Project, models: &'a ModelSet, entries: &[EntryPoint]) -> Self {
        let mut guards = Guards {
            project,
            models,
            apps: Apps::new(project, models),
            app_guards: Vec::new(),
            file_guards: Vec::new(),
            control_calls: FxHashMap::default(),
            passed_to: FxHashMap::default(),
            nested: FxHashMap::default(),
            memo: RefCell::default(),
        };
        let handlers: FxHashSet<GFn> = entries.iter().filter_map(|e| e.handler).collect();
        for index in 0..project.program.fn_count() {
            if let Some(parent) = project.program.parent(GFn(index)) {
                guards.nested.entry(parent).or_default().push(GFn(index));
            }
        }
        guards.collect_sites(&handlers);
        guards.collect_decorated();
        guards.collect_files();
        guards.collect_provided();
        guards
    }

    fn rows(&self, values: &[Value]) -> Vec<RowRef> {
        let mut rows: Vec<RowRef> =
            Project::apis(values).flat_map(|api| self.project.matcher.rows(api).to_vec()).collect();
        rows.sort_unstable();
        rows.dedup();
        rows
    }

    fn callee_values(&self, at: GExpr) -> Vec<Value> {
        let callee = match self.project.program.facts(at.file).expr(at.expr) {
            Expr::Call(call) => GExpr { file: at.file, expr: call.callee },
            _ => at,
        };
        self.project.values(callee).to_vec()
    }

    /// All controls of an entry point.
    pub(super) fn controls(
        &self,
        entry: &EntryPoint,
        found: &[Found],
        calls: &[LlmCall],
    ) -> BTreeMap<ControlKind, Control> {
        let mut kinds = Kinds::new();
        for kind in &self.models.entries[entry.row as usize].raw.controls {
            let what = format!("{} platform", entry.framework);
            let at = place(self.project, entry.file, entry.span);
            kinds.entry(*kind).or_default().insert(Evidence { at, what, value: None });
        }
        if let Some(handler) = entry.handler {
            self.on_handler(entry, handler, &mut kinds);
            self.on_params(handler, handler, 0, &mut kinds);
        }
        if let Some(object) = entry.object {
            self.expression(object, None, &mut kinds);
        }
        self.on_app(entry, &mut kinds);
        self.on_files(entry, &mut kinds);
        if let Some(nearest) = found.first() {
            self.on_path(nearest, calls, &mut kinds);
        }
        limits::add(self.project, self.models, entry, found, calls, &mut kinds);
        let is_open = OnceCell::new();
        ControlKind::ALL
            .into_iter()
            .map(|kind| {
                let evidence: Vec<Evidence> = kinds.remove(&kind).unwrap_or_default().into_iter().collect();
                let status = match evidence.is_empty() {
                    false => Status::Present,
                    true if self.is_needless(entry, kind) => Status::NotApplicable,
                    true if turns_away(kind) && *is_open.get_or_init(|| self.has_open_guard(entry)) => Status::Unknown,
                    true => Status::Absent,
                };
                (kind, Control { status, evidence })
            })
            .collect()
    }

    /// Whether there is nothing that a control could act on.
    fn is_needless(&self, entry: &EntryPoint, kind: ControlKind) -> bool {
        match kind {
            ControlKind::Authentication => self.has_no_caller(entry),
            ControlKind::InputLimit | ControlKind::RequestValidation => self.takes_no_text(entry),
            _ => false,
        }
    }

    /// Whether an entry point is started by the application itself: what puts a job into a queue, or on a clock, is asked who
    /// it is where that happens.
    fn has_no_caller(&self, entry: &EntryPoint) -> bool {
        matches!(self.models.entries[entry.row as usize].raw.channel.as_deref(), Some("queue" | "schedule"))
    }
}

/// Whether a control is what a guard attached to a handler mostly is for.
fn turns_away(kind: ControlKind) -> bool {
    matches!(kind, ControlKind::RateLimit | ControlKind::Authentication)
}

fn is_production(project: &Project, file: FileId) -> bool {
    project.program.class_of_path(file) == PathClass::Production
}
