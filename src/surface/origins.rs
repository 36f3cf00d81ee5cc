//! Where the client and the request of a call come from: the constructor and builder calls whose settings hold for it.
//!
//! Follows expressions backwards through names, parameters, fields of classes and functions' results. Told apart: what
//! was found, and whether something on the way could not be followed.

use rustc_hash::{FxHashMap, FxHashSet};

use super::given::{is_parameter, rows};
use crate::intern::Name;
use crate::ir::{Expr, ExprId, FnId, Pattern, StmtKind, walk_block, walk_stmts};
use crate::model::ModelSet;
use crate::project::{EdgeKind, FileId, GClass, GExpr, GFn, Project, SiteId, Value};
use crate::source::Language;

/// How many steps are followed.
const DEPTH: usize = 14;
/// How many expressions are looked at for one call.
const LIMIT: usize = 300;

/// What was found on the way back.
#[derive(Debug, Default)]
pub(super) struct Origins {
    /// Call sites with settings, and the row that says so.
    pub(super) sites: Vec<(SiteId, u32)>,
    /// Whether something could not be followed.
    pub(super) is_unresolved: bool,
    /// Every expression met.
    pub(super) seen: FxHashSet<GExpr>,
}

/// What walking back needs to know about the whole program.
#[derive(Debug)]
pub(super) struct Trace<'a> {
    project: &'a Project,
    models: &'a ModelSet,
    /// What is stored in a field of a class.
    stores: FxHashMap<(GClass, Name), Vec<GExpr>>,
    /// Who calls a function, and where.
    callers: FxHashMap<GFn, Vec<GExpr>>,
}

impl<'a> Trace<'a> {
    pub(super) fn new(project: &'a Project, models: &'a ModelSet) -> Self {
        let mut trace = Trace { project, models, stores: FxHashMap::default(), callers: FxHashMap::default() };
        for index in 0..project.program.fn_count() {
            let f = GFn(index);
            let file = project.program.file_of(f);
            for edge in &project.edges[index as usize] {
                if edge.kind == EdgeKind::Call {
                    trace.callers.entry(edge.to).or_default().push(GExpr { file, expr: edge.at });
                }
            }
            trace.collect_stores(f, file);
        }
        for index in 0..project.program.class_count() {
            let class = GClass(index);
            let file = project.program.file_of_class(class);
            for field in &project.program.class(class).fields {
                if let Some(expr) = field.default {
                    trace.stores.entry((class, field.name)).or_default().push(GExpr { file, expr });
                }
            }
        }
        trace
    }

    /// Assignments to fields of `self`, and named arguments of constructions.
    fn collect_stores(&mut self, f: GFn, file: FileId) {
        let project = self.project;
        let facts = project.program.facts(file);
        let mut found = Vec::new();
        let mut made = Vec::new();
        walk_block(
            facts,
            &project.program.function(f).body,
            &mut |stmt| {
                if let StmtKind::Assign { targets, value: Some(value), .. } = &stmt.kind {
                    for target in targets {
                        if let Pattern::Place(place) = target
                            && let Expr::Field { base, name } = facts.expr(*place)
                            && matches!(facts.expr(*base), Expr::Receiver)
                        {
                            found.push((*name, *value));
                        }
                    }
                }
            },
            &mut |expr| {
                if let Expr::Call(call) = facts.expr(expr)
                    && call.args.iter().any(|a| a.name.is_some())
                {
                    made.push(expr);
                }
            },
        );
        if let Some(class) = self.class_around(f) {
            for (name, expr) in found {
                self.stores.entry((class, name)).or_default().push(GExpr { file, expr });
            }
        }
        for expr in made {
            let Expr::Call(call) = facts.expr(expr) else { continue };
            for value in project.values(GExpr { file, expr: call.callee }) {
                if let Value::Class(class) | Value::Declared(class) | Value::Instance(class) = value {
                    for arg in &call.args {
                        if let Some(name) = arg.name {
                            self.stores.entry((*class, name)).or_default().push(GExpr { file, expr: arg.value });
                        }
                    }
                }
            }
        }
    }

    fn class_around(&self, f: GFn) -> Option<GClass> {
        let mut at = Some(f);
        while let Some(f) = at {
            if let Some(class) = self.project.program.receiver_class(f) {
                return Some(class);
            }
            at = self.project.program.parent(f);
        }
        None
    }

    /// The places that call a function.
    pub(super) fn callers(&self, f: GFn) -> &[GExpr] {
        self.callers.get(&f).map_or(&[], Vec::as_slice)
    }

    /// Where the client and the request of a call come from.
    pub(super) fn of_call(&self, site: SiteId) -> Origins {
        let at = self.project.site(site).at;
        let facts = self.project.program.facts(at.file);
        let mut origins = Origins::default();
        let Expr::Call(call) = facts.expr(at.expr) else { return origins };
        self.callee(GExpr { file: at.file, expr: call.callee }, 0, &mut origins);
        for arg in &call.args {
            self.argument(GExpr { file: at.file, expr: arg.value }, 0, &mut origins);
        }
        origins
    }

    /// An argument matters if it is an object of a library; one that is not does not make the rest unknown.
    fn argument(&self, at: GExpr, depth: usize, origins: &mut Origins) {
        if Project::apis(self.project.values(at)).next().is_none() {
            return;
        }
        let before = origins.is_unresolved;
        self.walk(at, depth, origins);
        origins.is_unresolved = before;
    }

    fn callee(&self, at: GExpr, depth: usize, origins: &mut Origins) {
        match self.project.program.facts(at.file).expr(at.expr) {
            Expr::Field { base, .. } => self.walk(GExpr { file: at.file, expr: *base }, depth + 1, origins),
            // A call of what a call made: `tool.with(..)(x)`.
            Expr::Call(_) => self.walk(at, depth + 1, origins),
            _ => {}
        }
    }

    /// Follows an expression back; used for the receiver of a call.
    pub(super) fn walk(&self, at: GExpr, depth: usize, origins: &mut Origins) {
        if depth > DEPTH || origins.seen.len() > LIMIT {
            origins.is_unresolved = true;
            return;
        }
        if !origins.seen.insert(at) {
            return;
        }
        let facts = self.project.program.facts(at.file);
        let here = |expr: ExprId| GExpr { file: at.file, expr };
        match facts.expr(at.expr) {
            Expr::Call(call) => {
                let (callee, args) = (call.callee, call.args.clone());
                self.call(at, here(callee), depth, origins);
                for arg in args {
                    self.argument(here(arg.value), depth + 1, origins);
                }
            }
            Expr::Field { base, name } => self.field(at, here(*base), *name, depth, origins),
            Expr::Name(name) => self.name(at, *name, depth, origins),
            Expr::Await(e) | Expr::Try(e) | Expr::Cast { value: e, .. } | Expr::Unary { operand: e, .. } => {
                self.walk(here(*e), depth + 1, origins);
            }
            Expr::Conditional { then: a, otherwise: b, .. } | Expr::Binary { left: a, right: b, .. } => {
                self.walk(here(*a), depth + 1, origins);
                self.walk(here(*b), depth + 1, origins);
            }
            Expr::Index { base, .. } => self.walk(here(*base), depth + 1, origins),
            Expr::List { items, .. } => items.iter().for_each(|i| self.argument(here(i.value), depth + 1, origins)),
            Expr::Object(entries) => {
                entries.iter().for_each(|e| self.argument(here(e.value), depth + 1, origins));
            }
            Expr::Null | Expr::Str(_) | Expr::Num(_) | Expr::Bool(_) | Expr::Lambda(_) => {}
            _ => origins.is_unresolved = true,
        }
    }

    fn call(&self, at: GExpr, callee: GExpr, depth: usize, origins: &mut Origins) {
        let Some(site) = self.project.site_at(at) else {
            origins.is_unresolved = true;
            return;
        };
        for row in rows(self.project, self.project.callees(site)) {
            let row_at = &self.models.calls[row as usize];
            if row_at.raw.is.is_none() && !row_at.places.settings.is_empty() {
                origins.sites.push((site, row));
            }
        }
        let mut is_own = false;
        for value in self.project.callees(site) {
            match value {
                Value::Fn(f) => {
                    is_own = true;
                    self.returned(*f, depth, origins);
                }
                // A class of the program: what its constructor hands on is not followed.
                Value::Class(_) => origins.is_unresolved = true,
                _ => {}
            }
        }
        if !is_own {
            self.callee(callee, depth, origins);
        }
    }

    fn returned(&self, f: GFn, depth: usize, origins: &mut Origins) {
        let file = self.project.program.file_of(f);
        let facts = self.project.program.facts(file);
        let mut found = Vec::new();
        walk_stmts(facts, &self.project.program.function(f).body, &mut |stmt| {
            if let StmtKind::Return(Some(expr)) = &stmt.kind {
                found.push(*expr);
            }
        });
        origins.is_unresolved |= found.is_empty();
        for expr in found {
            self.walk(GExpr { file, expr }, depth + 1, origins);
        }
    }

    fn field(&self, at: GExpr, base: GExpr, name: Name, depth: usize, origins: &mut Origins) {
        let mut found = Vec::new();
        let mut is_inside = false;
        for value in self.project.values(base) {
            match value {
                Value::Instance(class) | Value::Declared(class) | Value::Class(class) => {
                    is_inside = true;
                    let below = self.project.subclasses(*class).iter().copied();
                    for class in self.project.ancestors(*class).into_iter().chain(below) {
                        found.extend(self.stores.get(&(class, name)).into_iter().flatten().copied());
                    }
                }
                Value::Module(crate::project::ModuleRef::Scope(file, scope)) => {
                    is_inside = true;
                    found.extend(self.project.definitions_of(*file, *scope, name, 0));
                }
                _ => {}
            }
        }
        let is_receiver = matches!(self.project.program.facts(at.file).expr(base.expr), Expr::Receiver);
        if !is_inside && !is_receiver {
            return self.walk(base, depth + 1, origins);
        }
        origins.is_unresolved |= found.is_empty();
        for expr in found {
            self.walk(expr, depth + 1, origins);
        }
    }

    fn name(&self, at: GExpr, name: Name, depth: usize, origins: &mut Origins) {
        let facts = self.project.program.facts(at.file);
        let definitions = self.project.definitions(at);
        if is_parameter(self.project, at) {
            self.parameter(at, name, depth, origins);
        } else if definitions.is_empty() {
            // A library itself: nothing was made that could hold settings.
            // Rust paths name libraries without importing them.
            let is_import = facts.language == Language::Rust || facts.imports.iter().any(|i| i.local == Some(name));
            let is_library = Project::apis(self.project.values(at)).next().is_some();
            origins.is_unresolved |= !(is_import && is_library);
        }
        for definition in definitions {
            self.walk(definition, depth + 1, origins);
        }
    }

    /// What callers give for a parameter.
    fn parameter(&self, at: GExpr, name: Name, depth: usize, origins: &mut Origins) {
        let program = &self.project.program;
        let facts = program.facts(at.file);
        let mut scope: Option<FnId> = Some(self.project.scope_of(at.file, at.expr));
        while let Some(id) = scope {
            let function = facts.function(id);
            if let Some(index) = function.params.iter().position(|p| p.name() == Some(name)) {
                let callers = self.callers(program.gfn(at.file, id));
                let given: Vec<GExpr> = callers.iter().filter_map(|c| self.given(*c, index, name)).collect();
                origins.is_unresolved |= given.len() < callers.len() || callers.is_empty();
                if let Some(default) = function.params[index].default {
                    self.walk(GExpr { file: at.file, expr: default }, depth + 1, origins);
                }
                given.into_iter().for_each(|expr| self.walk(expr, depth + 1, origins));
                return;
            }
            scope = function.parent;
        }
        origins.is_unresolved = true;
    }

    fn given(&self, caller: GExpr, index: usize, name: Name) -> Option<GExpr> {
        let facts = self.project.program.facts(caller.file);
        let Expr::Call(call) = facts.expr(caller.expr) else { return None };
        let named = call.args.iter().find(|a| a.name == Some(name));
        let arg = named.or_else(|| call.args.iter().filter(|a| a.name.is_none() && !a.spread).nth(index))?;
        Some(GExpr { file: caller.file, expr: arg.value })
    }
}
