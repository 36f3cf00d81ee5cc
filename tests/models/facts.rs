//! What the linked program says of each line of a fixture, in the words of marks.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use launchlint::analysis::Linked;
use launchlint::ir::{Expr, ExprId, Pattern, StmtKind};
use launchlint::model::{ModelSet, Place, PlaceRoot, PlaceStep, RowRef};
use launchlint::project::{FileId, GExpr, GFn, Project, SiteId, Value};
use launchlint::source::{LineIndex, Span};
use serde::Serialize;

use super::Mark;
use super::rows::{expressions, rows_at};

/// Marks that facts justify.
#[derive(Default)]
pub(super) struct Facts {
    /// What must be marked where it stands.
    pub(super) certain: BTreeSet<Mark>,
    /// What may be marked: also every name that still holds the value.
    pub(super) possible: BTreeSet<Mark>,
}

struct Collector<'a> {
    project: &'a Project,
    models: &'a ModelSet,
    lines: BTreeMap<&'a str, LineIndex>,
    paths: &'a BTreeMap<&'a str, &'a str>,
    facts: Facts,
}

/// Collects the facts of a fixture.
pub(super) fn collect<'a>(
    linked: &'a Linked,
    models: &'a ModelSet,
    texts: &BTreeMap<&'a str, &'a str>,
    paths: &'a BTreeMap<&'a str, &'a str>,
) -> Facts {
    let lines = texts.iter().map(|(path, text)| (*path, LineIndex::new(text))).collect();
    let mut collector = Collector { project: &linked.project, models, lines, paths, facts: Facts::default() };
    for entry in &linked.surfaces.entries {
        collector.add(entry.file, entry.span, "entry".to_owned(), true);
    }
    collector.calls();
    collector.controls();
    collector.values();
    collector.facts
}

/// The kind's word.
fn word(kind: impl Serialize) -> String {
    serde_json::to_value(kind).ok().and_then(|v| v.as_str().map(str::to_owned)).expect("a word")
}

impl Collector<'_> {
    fn add(&mut self, file: FileId, span: Span, mark: String, is_certain: bool) {
        let path = self.project.program.facts(file).path;
        let line = self.lines[path.as_str()].line(span.start);
        let mark = (self.paths[path.as_str()].to_owned(), line, mark);
        if is_certain {
            self.facts.certain.insert(mark.clone());
        }
        self.facts.possible.insert(mark);
    }

    fn add_at(&mut self, at: GExpr, mark: String, is_certain: bool) {
        let span = self.project.program.facts(at.file).span(at.expr);
        self.add(at.file, span, mark, is_certain);
    }

    /// Call kinds, and the sinks and sources of calls.
    fn calls(&mut self) {
        let calls = self.project.api_calls.iter().zip(0u32..);
        for (f, call) in calls.flat_map(|(calls, f)| calls.iter().map(move |call| (GFn(f), call))) {
            let row = &self.models.calls[call.row as usize];
            let at = self.project.site(call.site).at;
            if let Some(kind) = self.project.call_kind(self.models, f, *call) {
                self.add_at(at, word(kind), true);
            }
            for (place, kind) in &row.places.sinks {
                for expr in self.project.place_exprs(call.site, place) {
                    self.add_at(expr, format!("sink({})", word(kind)), true);
                }
            }
            for (place, kind) in &row.places.sources {
                let mark = format!("source({})", word(kind));
                if place.root == PlaceRoot::Return {
                    self.add_at(at, mark, true);
                } else {
                    self.callback(call.site, place, &mark);
                }
            }
        }
    }

    /// A source at a callback's parameter.
    fn callback(&mut self, site: SiteId, place: &Place, mark: &str) {
        let Some(PlaceStep::Param(index)) = place.steps.iter().find(|s| matches!(s, PlaceStep::Param(_))) else {
            for expr in self.project.place_exprs(site, place) {
                self.add_at(expr, mark.to_owned(), true);
            }
            return;
        };
        for value in self.project.place_values(site, std::slice::from_ref(place)) {
            if let Value::Fn(f) = value
                && let Some(param) = self.project.program.function(f).params.get(*index)
            {
                self.add(self.project.program.file_of(f), param.span, mark.to_owned(), true);
            }
        }
    }

    fn controls(&mut self) {
        for index in 0..self.project.sites.len() {
            let id = SiteId(u32::try_from(index).expect("few sites"));
            let at = self.project.site(id).at;
            for row in Project::apis(self.project.callees(id)).flat_map(|api| self.project.matcher.rows(api).to_vec()) {
                match row {
                    RowRef::ControlCall(row) if self.project.is_limited(self.models, row, id) => {
                        let kind = self.models.controls[row as usize].raw.is;
                        self.add_at(at, format!("control({})", word(kind)), true);
                    }
                    RowRef::AttachCall(row) => {
                        for place in &self.models.attaches[row as usize].places.subject {
                            for expr in self.project.place_exprs(id, place) {
                                self.guard(expr);
                            }
                        }
                    }
                    _ => {}
                }
            }
        }
        for file in self.project.program.file_ids() {
            for (_, function) in self.project.program.facts(file).functions() {
                for decorator in &function.decorators {
                    self.guard(GExpr { file, expr: *decorator });
                }
            }
        }
    }

    /// Library values that are controls, where they are attached.
    fn guard(&mut self, at: GExpr) {
        for row in rows_at(self.project, at) {
            if let RowRef::ControlValue(row) = row {
                let kind = self.models.controls[row as usize].raw.is;
                self.add_at(at, format!("control({})", word(kind)), true);
            }
        }
    }

    /// Values with a meaning, wherever they stand; certain where a member access first yields them.
    fn values(&mut self) {
        for file in self.project.program.file_ids() {
            let facts = self.project.program.facts(file);
            for (expr, node) in expressions(facts) {
                let at = GExpr { file, expr };
                let before = match node {
                    Expr::Field { base, .. } | Expr::Index { base, .. } => {
                        Some(rows_at(self.project, GExpr { file, expr: *base }))
                    }
                    _ => None,
                };
                for row in rows_at(self.project, at) {
                    match row {
                        RowRef::Value(row) => {
                            let is_new = before.as_ref().is_some_and(|b| !b.contains(&RowRef::Value(row)));
                            self.value(at, row, is_new);
                        }
                        RowRef::ControlValue(row) => {
                            let kind = self.models.controls[row as usize].raw.is;
                            self.add_at(at, format!("control({})", word(kind)), false);
                        }
                        _ => {}
                    }
                }
            }
            for (id, function) in facts.functions() {
                let holder = self.project.program.gfn(file, id);
                for param in &function.params {
                    let mut rows = Vec::new();
                    param.pattern.for_each_name(&mut |name| {
                        for api in Project::apis(self.project.variable(holder, name)) {
                            rows.extend(self.project.matcher.rows(api).iter().copied());
                        }
                    });
                    for row in rows {
                        let mark = match row {
                            RowRef::Value(row) => {
                                let source = self.models.values[row as usize].raw.source;
                                source.map(|kind| format!("source({})", word(kind)))
                            }
                            RowRef::ControlValue(row) => {
                                Some(format!("control({})", word(self.models.controls[row as usize].raw.is)))
                            }
                            _ => None,
                        };
                        if let Some(mark) = mark {
                            self.add(file, param.span, mark, false);
                        }
                    }
                }
                self.assignments(file, &function.body);
            }
        }
    }

    fn value(&mut self, at: GExpr, row: u32, is_new: bool) {
        if let Some(kind) = self.models.values[row as usize].raw.source {
            self.add_at(at, format!("source({})", word(kind)), is_new);
        }
    }

    /// Assignments to values that are sinks.
    fn assignments(&mut self, file: FileId, body: &launchlint::ir::Block) {
        let facts = self.project.program.facts(file);
        let found: RefCell<Vec<(ExprId, ExprId)>> = RefCell::default();
        launchlint::ir::walk_block(
            facts,
            body,
            &mut |stmt| {
                if let StmtKind::Assign { targets, value: Some(value), .. } = &stmt.kind {
                    let places = targets.iter().filter_map(|t| if let Pattern::Place(p) = t { Some(*p) } else { None });
                    found.borrow_mut().extend(places.map(|place| (place, *value)));
                }
            },
            &mut |expr| {
                if let Expr::Assign { target, value } = facts.expr(expr)
                    && let Pattern::Place(place) = &**target
                {
                    found.borrow_mut().push((*place, *value));
                }
            },
        );
        for (place, value) in found.into_inner() {
            for row in rows_at(self.project, GExpr { file, expr: place }) {
                if let RowRef::Value(row) = row
                    && let Some(kind) = self.models.values[row as usize].raw.sink
                {
                    self.add_at(GExpr { file, expr: value }, format!("sink({})", word(kind)), true);
                }
            }
        }
    }
}
