//! What a trace looks up: who calls a function, what is stored in a field, which functions outsiders call.

use std::sync::OnceLock;

use rustc_hash::{FxHashMap, FxHashSet};

use super::defs::Definitions;
use crate::intern::Name;
use crate::ir::{Expr, ExprId, FileFacts, FnId, Pattern, StmtKind, UnaryOp, walk_stmts};
use crate::project::{EntryPoint, FileId, GClass, GExpr, GFn, Project, SiteId, Value};

/// Indices over a linked program.
#[derive(Debug)]
pub struct FlowIndex<'a> {
    /// The program.
    pub project: &'a Project,
    callers: FxHashMap<GFn, Vec<SiteId>>,
    /// Calls of methods on receivers that nothing tells the class of, by the method's name.
    open_calls: FxHashMap<Name, Vec<SiteId>>,
    stores: FxHashMap<(GClass, Name), Vec<GExpr>>,
    /// What constructions spread into the fields of a class.
    spreads: FxHashMap<GClass, Vec<GExpr>>,
    /// What members are given, by name, of something of which nothing tells the class.
    given: FxHashMap<Name, Vec<GExpr>>,
    /// What members of the last element of a list are given.
    last: FxHashSet<GExpr>,
    handlers: FxHashSet<GFn>,
    /// What constructions by keywords put into fields.
    constructed: FxHashMap<(GClass, Name), Vec<GExpr>>,
    /// What a callback is called with the elements of.
    iterated: FxHashMap<GFn, GExpr>,
    /// By function, made when first asked for: most functions are on no way.
    definitions: Vec<OnceLock<Box<Definitions>>>,
    returns: Vec<OnceLock<Box<[GExpr]>>>,
}

impl<'a> FlowIndex<'a> {
    /// Builds the indices.
    pub fn new(project: &'a Project, entries: &[EntryPoint]) -> Self {
        let mut index = FlowIndex {
            project,
            callers: FxHashMap::default(),
            open_calls: FxHashMap::default(),
            stores: FxHashMap::default(),
            spreads: FxHashMap::default(),
            given: FxHashMap::default(),
            last: FxHashSet::default(),
            handlers: entries.iter().filter_map(|e| e.handler).collect(),
            constructed: FxHashMap::default(),
            iterated: FxHashMap::default(),
            definitions: (0..project.program.fn_count()).map(|_| OnceLock::new()).collect(),
            returns: (0..project.program.fn_count()).map(|_| OnceLock::new()).collect(),
        };
        for site in (0..project.sites.len()).map(|i| SiteId(u32::try_from(i).unwrap_or(u32::MAX))) {
            let is_super = index.is_super(site);
            for target in index.answering(site) {
                // What a parent's method is asked to do is not done by the child's own.
                if is_super && target == project.site(site).caller {
                    continue;
                }
                index.callers.entry(target).or_default().push(site);
            }
            index.collect_open_call(site);
            index.collect_callbacks(project.site(site).at);
            index.collect_constructed(site);
        }
        for file in project.program.file_ids() {
            index.collect_stores(file);
        }
        index.collect_constructions();
        index
    }

    /// Whether a call asks the parent class: `super().m()`.
    fn is_super(&self, site: SiteId) -> bool {
        let at = self.project.site(site).at;
        let facts = self.project.program.facts(at.file);
        let Expr::Call(call) = facts.expr(at.expr) else { return false };
        let Expr::Field { base, .. } = facts.expr(call.callee) else { return false };
        matches!(facts.expr(*base), Expr::Call(inner) if matches!(facts.expr(inner.callee), Expr::Name(n) if *n == "super"))
    }

    fn collect_open_call(&mut self, site: SiteId) {
        let at = self.project.site(site).at;
        let facts = self.project.program.facts(at.file);
        if let Expr::Call(call) = facts.expr(at.expr)
            && let Expr::Field { name, .. } = facts.expr(call.callee)
            && !self.project.callees(site).iter().any(|v| self.project.is_callable(*v))
        {
            self.open_calls.entry(*name).or_default().push(site);
        }
    }

    /// Calls that can mean a method which nothing is known to call: of that name, on receivers of unknown class. Names that
    /// many things have tell nothing.
    pub(super) fn open_callers(&self, f: GFn) -> &[SiteId] {
        let function = self.project.program.function(f);
        let name = function.name;
        let is_telling = |name: &str| (name.len() >= 8 && name.trim_matches('_').contains('_')) || name.len() >= 12;
        match name {
            Some(name) if function.owner.is_some() && is_telling(&name) => {
                self.open_calls.get(&name).map_or(&[], Vec::as_slice)
            }
            _ => &[],
        }
    }

    /// Functions written as the argument of a method that calls them with what it is called on.
    fn collect_callbacks(&mut self, at: GExpr) {
        let facts = self.project.program.facts(at.file);
        if let Expr::Call(call) = facts.expr(at.expr)
            && let Expr::Field { base, name } = facts.expr(call.callee)
            && matches!(
                name.as_str(),
                "map" | "flatMap" | "forEach" | "filter" | "find" | "then" | "for_each" | "filter_map" | "and_then"
            )
        {
            for arg in &call.args {
                if let Expr::Lambda(inner) = facts.expr(arg.value) {
                    let receiver = GExpr { file: at.file, expr: *base };
                    self.iterated.insert(self.project.program.gfn(at.file, *inner), receiver);
                }
            }
        }
    }

    /// What a construction by keywords puts into the fields of a class that declares them.
    fn collect_constructed(&mut self, site: SiteId) {
        let project = self.project;
        let at = project.site(site).at;
        let Expr::Call(call) = project.program.facts(at.file).expr(at.expr) else { return };
        for value in project.callees(site) {
            let Value::Class(class) = value else { continue };
            if !project.targets(*value).is_empty() {
                continue;
            }
            for arg in &call.args {
                if let Some(name) = arg.name {
                    let value = GExpr { file: at.file, expr: arg.value };
                    self.constructed.entry((*class, name)).or_default().push(value);
                }
            }
        }
    }

    /// What is put into a field of a class, or of its ancestors, where an instance is made.
    pub(super) fn constructed(&self, class: GClass, field: Name) -> Vec<GExpr> {
        let classes = self.project.ancestors(class).into_iter();
        classes.flat_map(|c| self.constructed.get(&(c, field)).cloned().unwrap_or_default()).collect()
    }

    /// What a callback is called with the elements of, if it is one.
    pub(super) fn iterated(&self, f: GFn) -> Option<GExpr> {
        self.iterated.get(&f).copied()
    }

    fn collect_stores(&mut self, file: FileId) {
        let facts = self.project.program.facts(file);
        for (id, class) in facts.classes() {
            let gclass = self.project.program.gclass(file, id);
            for field in &class.fields {
                if let Some(default) = field.default {
                    self.stores.entry((gclass, field.name)).or_default().push(GExpr { file, expr: default });
                }
            }
        }
        let mut found: Vec<(ExprId, Name, ExprId)> = Vec::new();
        for function in &facts.functions {
            walk_stmts(facts, &function.body, &mut |stmt| {
                if let StmtKind::Assign { targets, value: Some(value), .. } = &stmt.kind {
                    for target in targets {
                        let Pattern::Place(place) = target else { continue };
                        match facts.expr(*place) {
                            Expr::Field { base, name } => found.push((*base, *name, *value)),
                            Expr::Index { index, .. } => {
                                if let Some(key) = facts.str_value(*index) {
                                    self.given.entry(key).or_default().push(GExpr { file, expr: *value });
                                }
                            }
                            _ => {}
                        }
                    }
                }
            });
        }
        for (base, name, value) in found {
            let holders = self.holders(GExpr { file, expr: base });
            if holders.is_empty() && *facts.expr(base) != Expr::Receiver {
                self.given.entry(name).or_default().push(GExpr { file, expr: value });
            }
            if is_last(facts, base) {
                self.last.insert(GExpr { file, expr: value });
            }
            for class in holders {
                self.stores.entry((class, name)).or_default().push(GExpr { file, expr: value });
            }
        }
    }

    /// Fields that a construction sets by name where the class writes no constructor: models, data classes, structs.
    fn collect_constructions(&mut self) {
        for site in &self.project.sites {
            let facts = self.project.program.facts(site.at.file);
            let Expr::Call(call) = facts.expr(site.at.expr) else { continue };
            if call.args.iter().all(|a| a.name.is_none() && !a.spread) {
                continue;
            }
            let callee = GExpr { file: site.at.file, expr: call.callee };
            for value in self.project.values(callee) {
                let Value::Class(class) = value else { continue };
                if !self.project.targets(*value).is_empty() {
                    continue;
                }
                for arg in &call.args {
                    let given = GExpr { file: site.at.file, expr: arg.value };
                    match arg.name {
                        Some(name) => self.stores.entry((*class, name)).or_default().push(given),
                        None if arg.spread => self.spreads.entry(*class).or_default().push(given),
                        None => {}
                    }
                }
            }
        }
    }

    /// What a function defines.
    pub(super) fn definitions_in(&self, f: GFn) -> &Definitions {
        self.definitions[f.0 as usize].get_or_init(|| {
            let program = &self.project.program;
            Box::new(Definitions::new(program.facts(program.file_of(f)), program.local_fn(f)))
        })
    }

    /// What a function returns, collected once.
    pub(super) fn returns_in(&self, f: GFn, collect: impl FnOnce() -> Vec<GExpr>) -> &[GExpr] {
        self.returns[f.0 as usize].get_or_init(|| collect().into_boxed_slice())
    }

    /// The sites that call a function.
    pub fn callers(&self, f: GFn) -> &[SiteId] {
        self.callers.get(&f).map_or(&[], Vec::as_slice)
    }

    /// What is stored in a field of a class or its ancestors.
    pub fn stored(&self, class: GClass, field: Name) -> Vec<GExpr> {
        let classes = self.project.ancestors(class);
        let mut found: Vec<GExpr> =
            classes.iter().flat_map(|c| self.stores.get(&(*c, field)).cloned().unwrap_or_default()).collect();
        for class in classes {
            let is_declared = self.project.program.class(class).fields.iter().any(|f| f.name == field);
            // `Point(**values)`: of what is spread, the entry of that name.
            for spread in self.spreads.get(&class).into_iter().flatten().filter(|_| is_declared) {
                match self.members(*spread, field, &[]) {
                    Some(entries) => found.extend(entries.into_iter().map(|(at, _)| at)),
                    None => found.push(*spread),
                }
            }
        }
        found
    }

    /// What something of unknown class is given as the member of this name.
    pub(super) fn given(&self, member: Name) -> &[GExpr] {
        self.given.get(&member).map_or(&[], Vec::as_slice)
    }

    /// Whether a value is stored in a member of the last element of a list: where a conversation begins is elsewhere.
    pub(super) fn is_of_last(&self, value: GExpr) -> bool {
        self.last.contains(&value)
    }

    /// Whether outsiders call a function directly.
    pub fn is_handler(&self, f: GFn) -> bool {
        self.handlers.contains(&f)
    }

    /// The function that binds a name used at an expression, if the file binds it at all.
    pub fn binder(&self, at: GExpr, name: Name) -> Option<(FnId, FnId)> {
        let scope = self.project.scope_of(at.file, at.expr);
        self.project.binder(at.file, scope, name).map(|owner| (scope, owner))
    }
}

/// Whether an expression is the last element of a list: `list[-1]`, `list.at(-1)`.
fn is_last(facts: &FileFacts, at: ExprId) -> bool {
    let is_negative = |e: ExprId| match facts.expr(e) {
        Expr::Unary { op: UnaryOp::Arith, .. } => true,
        Expr::Num(number) => number.starts_with('-'),
        _ => false,
    };
    match facts.expr(at) {
        Expr::Index { index, .. } => is_negative(*index),
        Expr::Call(call) => {
            matches!(facts.expr(call.callee), Expr::Field { name, .. } if *name == "at")
                && call.args.first().is_some_and(|a| is_negative(a.value))
        }
        _ => false,
    }
}
