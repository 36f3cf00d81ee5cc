//! Settings of an LLM call: model, output bound, time-out, as its arguments, its client or its request state them.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;

use super::given::{self, Given, rows};
use super::origins::{Origins, Trace};
use crate::ir::{Expr, ExprId, StmtKind, UnaryOp, walk_stmts};
use crate::model::{CallKind, ModelSet, Place, PlaceRoot, Setting};
use crate::project::{ApiCall, GExpr, GFn, Project, SiteId};
use crate::source::{Language, Span};

/// Reads settings; made once for a program.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    project: &'a Project,
    models: &'a ModelSet,
    trace: Trace<'a>,
    /// Sites outside LLM calls that bound the time of what is in them.
    time_bounds: FxHashMap<GFn, Vec<(SiteId, u32)>>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(project: &'a Project, models: &'a ModelSet) -> Self {
        let mut time_bounds: FxHashMap<GFn, Vec<(SiteId, u32)>> = FxHashMap::default();
        for (site, index) in project.sites.iter().zip(0..) {
            let id = SiteId(index);
            for row in rows(project, project.callees(id)) {
                let at = &models.calls[row as usize];
                if at.raw.is.is_none() && at.places.settings.iter().any(|(s, _)| *s == Setting::Timeout) {
                    time_bounds.entry(site.caller).or_default().push((id, row));
                }
            }
        }
        Reader { project, models, trace: Trace::new(project, models), time_bounds }
    }

    /// What is known about every setting that the call, its client or its request can state.
    pub(super) fn of_call(&self, call: ApiCall, function: GFn) -> BTreeMap<Setting, Given> {
        let origins = self.trace.of_call(call.site);
        let mut known: BTreeMap<Setting, Vec<Given>> = BTreeMap::new();
        let own: BTreeSet<Setting> = self.settings(call.row).map(|(s, _)| *s).collect();
        for (site, row) in [(call.site, call.row)].into_iter().chain(origins.sites.iter().copied()) {
            for (setting, places) in self.settings(row) {
                known.entry(*setting).or_default().push(self.at_site(site, *setting, places));
            }
        }
        // Clients of web requests can state a time-out that neither the call nor its client's row names.
        if self.models.calls[call.row as usize].raw.is == Some(CallKind::Http) {
            known.entry(Setting::Timeout).or_default().push(Given::Absent);
        }
        // A client that cannot be followed may state what its library lets clients state.
        if origins.is_unresolved {
            let file = self.models.calls[call.row as usize].file;
            for row in self.models.calls.iter().filter(|r| r.file == file && r.raw.is.is_none()) {
                for (setting, _) in &row.places.settings {
                    known.entry(*setting).or_default().push(Given::Unknown);
                }
            }
        }
        if own.contains(&Setting::Timeout) || known.contains_key(&Setting::Timeout) {
            known.entry(Setting::Timeout).or_default().extend(self.time_around(call.site, function));
        }
        known.into_iter().map(|(setting, given)| (setting, strongest(given))).collect()
    }

    fn settings(&self, row: u32) -> impl Iterator<Item = &'a (Setting, Vec<Place>)> + use<'a> {
        self.models.calls[row as usize].places.settings.iter()
    }

    /// What one call site says.
    fn at_site(&self, site: SiteId, setting: Setting, places: &[Place]) -> Given {
        let mut is_default = false;
        for place in places {
            is_default |= place.root == PlaceRoot::Fixed;
            if let Some(expr) = self.project.place_exprs(site, place).first() {
                return given::read(self.project, self.models, setting, *expr, 0);
            }
        }
        if is_default {
            Given::Default
        } else if self.is_site_open(site, places) {
            Given::Unknown
        } else {
            Given::Absent
        }
    }

    /// Whether arguments at these places may exist unseen.
    fn is_site_open(&self, site: SiteId, places: &[Place]) -> bool {
        let at = self.project.site(site).at;
        let facts = self.project.program.facts(at.file);
        let Expr::Call(call) = facts.expr(at.expr) else { return true };
        let is_open = |expr| given::is_open(self.project, GExpr { file: at.file, expr }, 0);
        if call.args.iter().any(|a| a.spread && is_open(a.value)) {
            return true;
        }
        let by_key =
            facts.language == Language::TypeScript && places.iter().any(|p| matches!(p.root, PlaceRoot::Named(_)));
        let positional = call.args.iter().filter(|a| a.name.is_none());
        let last = positional.clone().next_back();
        let is_literal = |expr: ExprId| matches!(facts.expr(expr), Expr::Object(_));
        if by_key && positional.filter(|a| is_literal(a.value)).chain(last).any(|a| is_open(a.value)) {
            return true;
        }
        places.iter().filter(|p| !p.steps.is_empty()).any(|place| {
            let mut outer = place.clone();
            outer.steps.pop();
            self.project.place_exprs(site, &outer).into_iter().any(|e| given::is_open(self.project, e, 0))
        })
    }

    /// Time bounds around a call: a wrapper it is an argument of, a block it stands in, a later step of its request.
    fn time_around(&self, site: SiteId, function: GFn) -> Vec<Given> {
        let at = self.project.site(site).at;
        let mut found = self.bounds_in(at, function);
        for caller in self.trace.callers(function) {
            let scope = self.project.scope_of(caller.file, caller.expr);
            found.extend(self.bounds_in(*caller, self.project.program.gfn(caller.file, scope)));
        }
        found.retain(Given::is_stated);
        found
    }

    fn bounds_in(&self, at: GExpr, function: GFn) -> Vec<Given> {
        let facts = self.project.program.facts(at.file);
        let span = facts.span(at.expr);
        let mut found = Vec::new();
        for (site, row) in self.time_bounds.get(&function).into_iter().flatten() {
            let bound = self.project.site(*site).at;
            if bound == at || !(self.holds(*site, span) || self.continues(*site, at)) {
                continue;
            }
            for (setting, places) in self.settings(*row).filter(|(s, _)| *s == Setting::Timeout) {
                found.push(self.at_site(*site, *setting, places));
            }
        }
        found
    }

    /// Whether a place stands in a call, or in the block that the call opens.
    fn holds(&self, site: SiteId, span: Span) -> bool {
        let site = self.project.site(site);
        let facts = self.project.program.facts(site.at.file);
        let own = facts.span(site.at.expr);
        let mut is_in_block = false;
        walk_stmts(facts, &self.project.program.function(site.caller).body, &mut |stmt| {
            if let StmtKind::With { items, body } = &stmt.kind
                && items.iter().any(|(item, _)| facts.span(*item).contains(own))
            {
                is_in_block |= body.iter().any(|s| s.span.contains(span));
            }
        });
        own.contains(span) || is_in_block
    }

    /// Whether a call is a later step on what the call at `at` made.
    fn continues(&self, site: SiteId, at: GExpr) -> bool {
        let step = self.project.site(site).at;
        let facts = self.project.program.facts(step.file);
        let Expr::Call(call) = facts.expr(step.expr) else { return false };
        let Expr::Field { base, .. } = facts.expr(call.callee) else { return false };
        let mut origins = Origins::default();
        self.trace.walk(GExpr { file: step.file, expr: *base }, 0, &mut origins);
        origins.seen.contains(&at)
    }
}

/// The one that counts: what is stated, then what is switched off, then defaults; absence only if nothing is unknown.
fn strongest(given: Vec<Given>) -> Given {
    let rank = |g: &Given| match g {
        Given::Literal(_) => 0,
        Given::Configured(_) => 1,
        Given::Off(_) => 2,
        Given::Default => 3,
        Given::Unknown => 4,
        Given::Absent => 5,
    };
    given.into_iter().min_by_key(rank).unwrap_or(Given::Unknown)
}

/// A literal's text, or the expression as written; names are followed to a literal.
pub(super) fn text(project: &Project, at: GExpr, depth: usize) -> String {
    let facts = project.program.facts(at.file);
    match facts.expr(at.expr) {
        Expr::Str(text) => text.to_string(),
        Expr::Num(text) => text.to_string(),
        Expr::Unary { op: UnaryOp::Ref, operand } => text(project, GExpr { file: at.file, expr: *operand }, depth + 1),
        Expr::Name(_) if depth < 4 => match project.definitions(at).as_slice() {
            [one] => text(project, *one, depth + 1),
            _ => facts.show(at.expr),
        },
        _ => {
            let shown = facts.show(at.expr);
            if shown.chars().count() > 60 { shown.chars().take(59).chain(['…']).collect() } else { shown }
        }
    }
}

/// A number behind an expression, if it can be told.
pub(super) fn number(project: &Project, at: GExpr, depth: usize) -> Option<f64> {
    let facts = project.program.facts(at.file);
    match facts.expr(at.expr) {
        Expr::Num(text) => text.replace('_', "").trim_end_matches(|c: char| c.is_ascii_alphabetic()).parse().ok(),
        Expr::Name(_) if depth < 4 => project.definitions(at).iter().find_map(|d| number(project, *d, depth + 1)),
        Expr::Binary { op: crate::ir::BinaryOp::Arith, left, right } => {
            let left = number(project, GExpr { file: at.file, expr: *left }, depth + 1)?;
            let right = number(project, GExpr { file: at.file, expr: *right }, depth + 1)?;
            Some(left * right)
        }
        _ => None,
    }
}
