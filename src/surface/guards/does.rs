//! What a guard does: known by models, or by the code it runs.

use super::{GUARD_DEPTH, Guards, Kinds, MAX_SERVICES, PATH_DEPTH};
use crate::ir::{Expr, ExprId, exprs_in_block};
use crate::model::{ApiId, ControlKind, RowRef};
use crate::project::{GClass, GExpr, GFn, SiteId, Value};
use crate::source::Span;

use crate::surface::path::{Found, is_direct, subtree};
use crate::surface::{Evidence, LlmCall, behaviour, location, rates};
use rustc_hash::FxHashSet;
use std::collections::BTreeSet;

impl Guards<'_> {
    /// What runs in each function of the path before it leads on.
    pub(super) fn on_path(&self, found: &Found, calls: &[LlmCall], kinds: &mut Kinds) {
        for (f, via) in &found.hops {
            let file = self.project.program.file_of(*f);
            let facts = self.project.program.facts(file);
            let limit = if via.0 == u32::MAX { calls[found.call].at.span } else { facts.span(*via) };
            let is_before = |span: Span| span.start < limit.start && !span.contains(limit);
            let limiters: Vec<Span> = self.limiters_in(*f);
            for rejection in behaviour::rejections(self.project, *f) {
                // What is answered once a limiter said no is that limiter's answer, and no other limit.
                let is_told = rejection.kind == ControlKind::RateLimit
                    && limiters.iter().any(|limiter| limiter.start < rejection.span.start);
                if is_before(rejection.span) && !is_told {
                    let at = location(self.project, GExpr { file, expr: rejection.expr });
                    kinds.entry(rejection.kind).or_default().insert(Evidence { at, what: rejection.what, value: None });
                }
            }
            for (row, site) in self.control_calls.get(f).into_iter().flatten() {
                let at = self.project.site(*site).at;
                if facts.span(at.expr).start < limit.start
                    || self.models.controls[*row as usize].raw.is != ControlKind::RateLimit
                {
                    self.control_row(*row, *site, kinds);
                }
            }
            for edge in &self.project.edges[f.0 as usize] {
                let on_way = found.hops.iter().any(|(hop, _)| *hop == edge.to);
                if !is_direct(edge.kind) || on_way {
                    continue;
                }
                let at = location(self.project, GExpr { file, expr: edge.at });
                if is_before(facts.span(edge.at)) {
                    self.function(edge.to, &at, PATH_DEPTH, None, kinds);
                } else {
                    let mut after = Kinds::new();
                    self.function(edge.to, &at, PATH_DEPTH, None, &mut after);
                    after.retain(|kind, _| works_after(*kind));
                    for (kind, evidence) in after {
                        kinds.entry(kind).or_default().extend(evidence);
                    }
                }
            }
        }
    }

    /// A guard as written: control rows called in it, what its values are, and what functions named in it do.
    pub(super) fn expression(&self, at: GExpr, handler: Option<GFn>, kinds: &mut Kinds) {
        let exprs = subtree(self.project, at);
        let facts = self.project.program.facts(at.file);
        let base = |expr: &ExprId| if let Expr::Field { base, .. } = facts.expr(*expr) { Some(*base) } else { None };
        let bases: FxHashSet<ExprId> = exprs.iter().filter_map(base).collect();
        for expr in exprs {
            let here = GExpr { file: at.file, expr };
            if !bases.contains(&expr) {
                rates::makers_of(self.project, here).into_iter().for_each(|made| self.control_calls_at(made, kinds));
            }
            if let Some(site) = self.project.site_at(here) {
                self.control_calls_at(site, kinds);
                for value in self.project.callees(site) {
                    self.value(*value, here, handler, kinds);
                }
            }
            if matches!(
                self.project.program.facts(at.file).expr(expr),
                Expr::Name(_) | Expr::Field { .. } | Expr::Lambda(_)
            ) {
                for value in self.project.values(here) {
                    self.value(*value, here, handler, kinds);
                }
            }
        }
    }

    /// Where a function asks a library's limiter.
    fn limiters_in(&self, f: GFn) -> Vec<Span> {
        let calls = self.control_calls.get(&f).into_iter().flatten();
        let limiters = calls.filter(|(row, _)| self.models.controls[*row as usize].raw.is == ControlKind::RateLimit);
        limiters
            .map(|(_, site)| {
                let at = self.project.site(*site).at;
                self.project.program.facts(at.file).span(at.expr)
            })
            .collect()
    }

    /// What a call is as a control, by its rows.
    fn control_calls_at(&self, site: SiteId, kinds: &mut Kinds) {
        for row in self.rows(self.project.callees(site)) {
            if let RowRef::ControlCall(row) = row {
                self.control_row(row, site, kinds);
            }
        }
    }

    pub(super) fn control_row(&self, row: u32, site: SiteId, kinds: &mut Kinds) {
        if !self.project.is_limited(self.models, row, site) {
            return;
        }
        let row = &self.models.controls[row as usize];
        let at = self.project.site(site).at;
        // What switches a tracer on is no value that policies speak of.
        let has_value = row.raw.is != ControlKind::Tracing;
        let value = has_value.then(|| rates::limit(self.project, row, site)).flatten();
        let counts_things = |value: &String| crate::surface::limits::counts_things(value);
        if row.raw.is == ControlKind::InputLimit && value.as_ref().is_some_and(counts_things) {
            return;
        }
        let what = format!("`{}`", crate::surface::callee_text(self.project, at));
        kinds.entry(row.raw.is).or_default().insert(Evidence { at: location(self.project, at), what, value });
    }

    pub(super) fn value(&self, value: Value, at: GExpr, handler: Option<GFn>, kinds: &mut Kinds) {
        let here = location(self.project, at);
        match value {
            Value::Api(api) | Value::Made(api, _) => {
                self.control_value(api, &here, &crate::surface::callee_text(self.project, at), kinds);
            }
            Value::Fn(f) => self.function(f, &here, GUARD_DEPTH, handler, kinds),
            Value::Class(class) | Value::Instance(class) | Value::Declared(class) => {
                self.class(class, &here, handler, kinds)
            }
            Value::Literal(_) => {
                for f in self.project.functions_in(&[value]) {
                    self.function(f, &here, GUARD_DEPTH, handler, kinds);
                }
            }
            Value::Module(_) | Value::Text(_) => {}
        }
    }

    /// A library value that is a control.
    pub(super) fn control_value(&self, api: ApiId, at: &crate::finding::Location, name: &str, kinds: &mut Kinds) {
        for row in self.project.matcher.rows(api) {
            if let RowRef::ControlValue(row) = row {
                let kind = self.models.controls[*row as usize].raw.is;
                let found = Evidence { at: at.clone(), what: format!("`{name}`"), value: None };
                kinds.entry(kind).or_default().insert(found);
            }
        }
    }

    /// A guard class: what any of its methods does. Where methods stand apart from the class, only those count that a
    /// library calls, also on objects which these make: a value may merely be what a guard works with.
    pub(super) fn class(&self, class: GClass, at: &crate::finding::Location, handler: Option<GFn>, kinds: &mut Kinds) {
        self.inherited(class, at, kinds);
        for class in self.project.ancestors(class) {
            let file = self.project.program.file_of_class(class);
            let methods: Vec<GFn> =
                self.project.program.class(class).methods.iter().map(|m| self.project.program.gfn(file, *m)).collect();
            for method in methods {
                self.function(method, at, GUARD_DEPTH, handler, kinds);
            }
        }
        let mut classes = vec![class];
        let mut next = 0;
        while let Some(class) = classes.get(next).copied() {
            next += 1;
            for method in self.called_by_library(class) {
                self.function(method, at, GUARD_DEPTH, handler, kinds);
                for made in self.made_in(method) {
                    if !classes.contains(&made) && classes.len() < MAX_SERVICES {
                        classes.push(made);
                    }
                }
            }
        }
    }

    /// What a guard class is because a library's class that turns callers away is its base.
    pub(super) fn inherited(&self, class: GClass, at: &crate::finding::Location, kinds: &mut Kinds) {
        let name = self.project.program.class(class).name.map_or("a guard", |name| name.as_str());
        let mut own = Kinds::new();
        for api in self.project.library_bases(class) {
            self.control_value(api, at, name, &mut own);
        }
        own.retain(|kind, _| super::turns_away(*kind));
        for (kind, evidence) in own {
            kinds.entry(kind).or_default().extend(evidence);
        }
    }

    /// Classes of the program whose instances a function makes.
    pub(super) fn made_in(&self, f: GFn) -> Vec<GClass> {
        let file = self.project.program.file_of(f);
        let facts = self.project.program.facts(file);
        let exprs = exprs_in_block(facts, &self.project.program.function(f).body);
        let calls = exprs.into_iter().filter(|e| matches!(facts.expr(*e), Expr::Call(_)));
        let values = calls.flat_map(|expr| self.project.values(GExpr { file, expr }));
        values.filter_map(|v| if let Value::Instance(class) = v { Some(*class) } else { None }).collect()
    }

    /// What a function does as a guard, told at the place where it is attached or called.
    pub(super) fn function(
        &self,
        f: GFn,
        at: &crate::finding::Location,
        depth: usize,
        handler: Option<GFn>,
        kinds: &mut Kinds,
    ) {
        if Some(f) == handler {
            return;
        }
        let key = (f, depth);
        let known = self.memo.borrow().get(&key).cloned();
        let list = known.unwrap_or_else(|| {
            let list = self.search(f, depth, handler);
            self.memo.borrow_mut().insert(key, list.clone());
            list
        });
        let name = self.project.program.fn_name(f);
        for (kind, found) in list {
            let what = format!("`{name}` {}", found.what.trim_start_matches('`'));
            let what = if found.what.starts_with('`') { format!("`{name}` through {}", found.what) } else { what };
            kinds.entry(kind).or_default().insert(Evidence { at: at.clone(), what, value: found.value });
        }
    }

    pub(super) fn search(&self, f: GFn, depth: usize, handler: Option<GFn>) -> Vec<(ControlKind, Evidence)> {
        let mut kinds = Kinds::new();
        let mut seen = FxHashSet::from_iter([f]);
        let mut layer = vec![f];
        for _ in 0..=depth {
            let mut next = Vec::new();
            for f in layer {
                let file = self.project.program.file_of(f);
                for rejection in behaviour::rejections(self.project, f) {
                    let at = location(self.project, GExpr { file, expr: rejection.expr });
                    kinds.entry(rejection.kind).or_default().insert(Evidence { at, what: rejection.what, value: None });
                }
                for (row, site) in self.control_calls.get(&f).into_iter().flatten() {
                    self.control_row(*row, *site, &mut kinds);
                }
                let called = self.project.edges[f.0 as usize].iter().filter(|e| is_direct(e.kind)).map(|e| e.to);
                let inside = self.nested.get(&f).into_iter().flatten().copied();
                next.extend(called.chain(inside).filter(|g| Some(*g) != handler && seen.insert(*g)));
            }
            layer = next;
        }
        let first = |list: BTreeSet<Evidence>| list.into_iter().next();
        kinds.into_iter().filter_map(|(kind, list)| Some((kind, first(list)?))).collect()
    }
}

/// Whether a control does its work when the model has answered, too.
fn works_after(kind: ControlKind) -> bool {
    matches!(kind, ControlKind::OutputCheck | ControlKind::PiiRedaction | ControlKind::AuditLog | ControlKind::Tracing)
}
