//! Guards that are there and cannot be read: imports of the program's own that lead nowhere, and guards handed in from
//! outside. Whether they guard is not known, so nothing may be called absent behind them.

use super::Guards;
use super::attached::prefix_covers;
use crate::intern::Name;
use crate::ir::{Expr, ExprId, FnId};
use crate::model::{RowRef, Scope};
use crate::project::{EntryPoint, FileId, GExpr, GFn, Project, Value};
use crate::surface::apps::own_nodes;
use crate::surface::path::subtree;

impl Guards<'_> {
    /// Whether something attached to an entry point could be a guard and cannot be resolved.
    pub(super) fn has_open_guard(&self, entry: &EntryPoint) -> bool {
        self.attached_exprs(entry).into_iter().any(|at| self.is_open(at))
    }

    /// The expressions attached to an entry point: decorators, providers of parameters, arguments beside the handler, and
    /// what covers its application.
    fn attached_exprs(&self, entry: &EntryPoint) -> Vec<GExpr> {
        let mut found = Vec::new();
        if let Some(handler) = entry.handler {
            self.handler_exprs(entry, handler, &mut found);
        }
        let Some(site) = entry.site else { return found };
        for row in self.rows(self.project.callees(site)) {
            if let RowRef::AttachCall(row) | RowRef::AttachDecorator(row) = row {
                let row = &self.models.attaches[row as usize];
                let places = row.places.subject.iter().filter(|_| row.raw.scope == Scope::Handler);
                found.extend(places.flat_map(|place| self.project.place_exprs(site, place)));
            }
        }
        let start = own_nodes(self.project, site);
        let (any, later) = (self.apps.covering(&start, false), self.apps.covering(&start, true));
        for guard in &self.app_guards {
            let covering = if guard.only_earlier { &later } else { &any };
            if guard.nodes.iter().any(|node| covering.contains(node)) && prefix_covers(guard.prefix.as_deref(), entry) {
                found.extend(&guard.exprs);
            }
        }
        found
    }

    fn handler_exprs(&self, entry: &EntryPoint, handler: GFn, found: &mut Vec<GExpr>) {
        let program = &self.project.program;
        let file = program.file_of(handler);
        let function = program.function(handler);
        let owner = program.owner(handler).map(|class| program.class(class).decorators.clone()).unwrap_or_default();
        let own = entry.site.map(|site| self.project.site(site).at);
        let decorators = function.decorators.iter().chain(&owner).map(|expr| GExpr { file, expr: *expr });
        found.extend(decorators.filter(|at| Some(*at) != own));
        for param in &function.params {
            let mut exprs: Vec<GExpr> = param.default.iter().map(|expr| GExpr { file, expr: *expr }).collect();
            if let Some(ty) = &param.ty {
                self.type_exprs(file, ty, &mut exprs);
            }
            found.extend(exprs.into_iter().flat_map(|at| self.dependency_args(at)));
        }
    }

    /// What dependency markers in an expression are given.
    fn dependency_args(&self, at: GExpr) -> Vec<GExpr> {
        let mut found = Vec::new();
        for expr in subtree(self.project, at) {
            let Some(site) = self.project.site_at(GExpr { file: at.file, expr }) else { continue };
            for row in self.rows(self.project.callees(site)) {
                if let RowRef::Dependency(row) = row {
                    let places = &self.models.dependencies[row as usize].places.subject;
                    found.extend(places.iter().flat_map(|place| self.project.place_exprs(site, place)));
                }
            }
        }
        found
    }

    fn is_open(&self, at: GExpr) -> bool {
        let facts = self.project.program.facts(at.file);
        let mut head = at.expr;
        loop {
            head = match facts.expr(head) {
                Expr::Call(call) => call.callee,
                Expr::Field { base, .. } => *base,
                Expr::Name(name) => return self.is_unresolved(at.file, head, *name),
                Expr::List { items, .. } => {
                    return items.iter().any(|item| self.is_open(GExpr { file: at.file, expr: item.value }));
                }
                _ => return false,
            };
        }
    }

    fn is_unresolved(&self, file: FileId, at: ExprId, name: Name) -> bool {
        let scope = self.project.scope_of(file, at);
        if self.project.is_missing_import(file, scope, name) {
            return true;
        }
        // A declared type says what kind of thing is handed in, not which.
        let is_known = |value: &Value| !matches!(value, Value::Api(_) | Value::Declared(_));
        !self.project.values(GExpr { file, expr: at }).iter().any(is_known)
            && is_handed_in(self.project, file, scope, name)
    }
}

/// Whether a name is a parameter of a function that registers handlers.
fn is_handed_in(project: &Project, file: FileId, scope: FnId, name: Name) -> bool {
    let mut at = Some(project.program.gfn(file, scope));
    while let Some(f) = at {
        let mut is_bound = false;
        for param in &project.program.function(f).params {
            param.pattern.for_each_name(&mut |bound| is_bound |= bound == name);
        }
        if is_bound {
            return true;
        }
        at = project.program.parent(f);
    }
    false
}
