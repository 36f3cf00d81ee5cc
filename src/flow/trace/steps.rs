//! Where the value of a place can come from in one step.

use super::{Node, Reach, Visit};
use crate::flow::defs;
use crate::flow::index::FlowIndex;
use crate::flow::text;
use crate::intern::Name;
use crate::ir::{BinaryOp, Expr, ExprId, Key, Part, StmtKind, UnaryOp, walk_block};
use crate::model::{ModelSet, RowRef};
use crate::project::{GExpr, GFn, Project, SiteId, Value};
use crate::source::Language;

/// Callers followed of a function that many call.
pub(super) const MAX_CALLERS: usize = 10;

/// The same for walks that look for all texts of a prompt: one function sends what the whole program writes.
pub(super) const MAX_CALLERS_OF_TEXTS: usize = 80;

impl FlowIndex<'_> {
    /// Where the value of a place can come from in one step, with the price in calls.
    pub(in crate::flow) fn contributors(
        &self,
        models: &ModelSet,
        visit: &Visit,
        reach: Reach,
    ) -> Vec<(Node, Vec<SiteId>, usize)> {
        match visit.node {
            Node::Param(f, index, name) => self.arguments(f, index, name, visit, reach),
            Node::Expr(at) => {
                let facts = self.project.program.facts(at.file);
                let here = |expr: ExprId| (Node::Expr(GExpr { file: at.file, expr }), visit.stack.clone(), 0);
                if reach == Reach::Everything
                    && let Some(parts) = self.parts(at)
                {
                    return parts.into_iter().map(|e| (Node::Expr(e), visit.stack.clone(), 0)).collect();
                }
                match facts.expr(at.expr) {
                    Expr::Name(name) => self.definitions(at, *name, visit, reach),
                    Expr::Field { base, name } => self.field(at, *base, *name, visit, reach),
                    Expr::Index { base, index } => {
                        let is_lookup = facts.str_value(*index).is_some();
                        if reach == Reach::Exact && is_lookup { Vec::new() } else { vec![here(*base)] }
                    }
                    Expr::Call(_) => self.call(models, at, visit, reach),
                    Expr::Template { parts, .. } => {
                        let holes = parts
                            .iter()
                            .filter_map(|p| if let Part::Hole { value, .. } = p { Some(*value) } else { None });
                        holes.map(here).collect()
                    }
                    Expr::Binary { op, left, right } => match op {
                        BinaryOp::Add | BinaryOp::Rem | BinaryOp::Or | BinaryOp::Coalesce | BinaryOp::BitOr => {
                            vec![here(*left), here(*right)]
                        }
                        BinaryOp::And => vec![here(*right)],
                        _ => Vec::new(),
                    },
                    Expr::Conditional { then, otherwise, .. } => vec![here(*then), here(*otherwise)],
                    Expr::List { items, .. } => items.iter().map(|i| here(i.value)).collect(),
                    Expr::Object(entries) => {
                        entries.iter().filter(|e| !matches!(e.key, Key::Computed(_))).map(|e| here(e.value)).collect()
                    }
                    Expr::Await(e) | Expr::Try(e) | Expr::Cast { value: e, .. } | Expr::Assign { value: e, .. } => {
                        vec![here(*e)]
                    }
                    Expr::Unary { op: UnaryOp::Ref | UnaryOp::Deref, operand } => vec![here(*operand)],
                    Expr::Comprehension { element, .. } => vec![here(*element)],
                    Expr::Lambda(inner) if reach == Reach::Texts => {
                        let returned = self.returned(self.project.program.gfn(at.file, *inner)).into_iter();
                        returned.map(|e| (Node::Expr(e), visit.stack.clone(), 0)).collect()
                    }
                    Expr::Block(block) => crate::project::block_values(block).into_iter().map(here).collect(),
                    _ => Vec::new(),
                }
            }
        }
    }

    /// What an expression is put together from, where all of it counts: conditions compare, and functions return.
    pub(super) fn parts(&self, at: GExpr) -> Option<Vec<GExpr>> {
        let facts = self.project.program.facts(at.file);
        match facts.expr(at.expr) {
            Expr::Lambda(id) => Some(self.returned(self.project.program.gfn(at.file, *id))),
            expr @ (Expr::Binary { .. } | Expr::Object(_) | Expr::Comprehension { .. } | Expr::Opaque(_)) => {
                let mut found = Vec::new();
                crate::ir::for_each_child(expr, &mut |node| {
                    if let crate::ir::Node::Expr(expr) = node {
                        found.push(GExpr { file: at.file, expr });
                    }
                });
                Some(found)
            }
            _ => None,
        }
    }

    pub(super) fn definitions(
        &self,
        at: GExpr,
        name: Name,
        visit: &Visit,
        reach: Reach,
    ) -> Vec<(Node, Vec<SiteId>, usize)> {
        let facts = self.project.program.facts(at.file);
        let Some((_, owner)) = self.binder(at, name) else { return Vec::new() };
        let mut found: Vec<_> = Vec::new();
        let f = self.project.program.gfn(at.file, owner);
        let around = facts.function(owner).span;
        let (definitions, is_settled) = self.definitions_in(f).reaching(name, facts.span(at.expr), around);
        let is_member = |key: &Name| defs::is_named(key);
        if reach == Reach::Exact && definitions.iter().any(|d| d.keys.iter().any(is_member)) {
            // Bound to a member, and to nothing else that could be the whole.
            return definitions
                .into_iter()
                .flat_map(|d| self.part(GExpr { file: at.file, expr: d.value }, &d.keys, visit, reach))
                .collect();
        }
        for definition in definitions {
            found.extend(self.part(GExpr { file: at.file, expr: definition.value }, &definition.keys, visit, reach));
        }
        // A name that is defined on some ways only keeps what it was given on the others.
        if !is_settled {
            let params = &facts.function(owner).params;
            if let Some(index) = params.iter().position(|p| !defs::ways(&p.pattern, name).is_empty()) {
                found.push((Node::Param(f, index, name), visit.stack.clone(), 0));
            }
        }
        if found.is_empty() {
            let imported = self.project.definitions_of(at.file, owner, name, 0);
            found.extend(imported.into_iter().map(|d| (Node::Expr(d), visit.stack.clone(), 0)));
        }
        found
    }

    /// A part of a value: the entries of literals where they are known, else the value as a whole.
    pub(super) fn part(
        &self,
        value: GExpr,
        keys: &[Name],
        visit: &Visit,
        reach: Reach,
    ) -> Vec<(Node, Vec<SiteId>, usize)> {
        let mut parts = vec![(value, visit.stack.clone())];
        let mut wholes = Vec::new();
        for key in keys {
            let mut inner = Vec::new();
            for (part, stack) in parts {
                let entries = self.project.entry_exprs(part, Some(*key), 0);
                match self.members(part, *key, &stack) {
                    Some(found) => inner.extend(found),
                    None if !entries.is_empty() => inner.extend(entries.into_iter().map(|e| (e, stack.clone()))),
                    // What went wrong is not what was asked for.
                    None if *key == defs::ERROR => {}
                    // A member of an object that nobody knows is not the whole.
                    None if reach == Reach::Exact && defs::is_named(key) => {}
                    None => wholes.push((part, stack)),
                }
            }
            parts = inner;
        }
        // Looked up in another function, it is as far away as a call.
        let home = self.function_of(Node::Expr(value));
        let cost = |p: GExpr| usize::from(reach == Reach::Exact && self.function_of(Node::Expr(p)) != home);
        parts.into_iter().chain(wholes).map(|(p, stack)| (Node::Expr(p), stack, cost(p))).collect()
    }

    pub(super) fn field(
        &self,
        at: GExpr,
        base: ExprId,
        name: Name,
        visit: &Visit,
        reach: Reach,
    ) -> Vec<(Node, Vec<SiteId>, usize)> {
        if text::is_measure(&name) {
            return Vec::new();
        }
        let base = GExpr { file: at.file, expr: base };
        if let Some(found) = self.members(base, name, &visit.stack) {
            return found.into_iter().map(|(e, stack)| (Node::Expr(e), stack, 1)).collect();
        }
        let mut stored = Vec::new();
        for class in self.holders(base) {
            stored.extend(self.stored(class, name));
        }
        for value in self.project.values(base) {
            if let Value::Literal(literal) = value {
                stored.extend(self.project.entry_exprs(*literal, Some(name), 0));
            }
        }
        stored.truncate(MAX_CALLERS);
        let mut found: Vec<_> = stored.into_iter().map(|e| (Node::Expr(e), Vec::new(), 1)).collect();
        // What was assigned in the program is not all: requests are parsed into objects, too.
        if reach != Reach::Exact {
            found.push((Node::Expr(base), visit.stack.clone(), 0));
        }
        found
    }

    /// The arguments that a parameter can receive.
    pub(super) fn arguments(
        &self,
        f: GFn,
        index: usize,
        name: Name,
        visit: &Visit,
        reach: Reach,
    ) -> Vec<(Node, Vec<SiteId>, usize)> {
        let most = if reach == Reach::Texts { MAX_CALLERS_OF_TEXTS } else { MAX_CALLERS };
        let function = self.project.program.function(f);
        let param = &function.params[index];
        let mut stack = visit.stack.clone();
        let sites: Vec<SiteId> = match stack.pop() {
            Some(site) if self.callers(f).contains(&site) => vec![site],
            _ if self.callers(f).is_empty() && reach == Reach::Texts => {
                self.open_callers(f).iter().copied().take(MAX_CALLERS).collect()
            }
            _ => self.callers(f).iter().copied().take(most).collect(),
        };
        let mut found = Vec::new();
        if sites.is_empty() && reach == Reach::Texts {
            found.extend(self.iterated(f).into_iter().map(|e| (Node::Expr(e), visit.stack.clone(), 0)));
        }
        for site in sites {
            let at = self.project.site(site).at;
            let call = match self.project.program.facts(at.file).expr(at.expr) {
                Expr::Call(call) => call,
                Expr::Jsx { attrs, .. } if index == 0 => {
                    let keys = defs::ways(&param.pattern, name).into_iter().next().unwrap_or_default();
                    let given = attrs.iter().filter(|a| matches!(a.key, Key::Name(n) if Some(&n) == keys.first()));
                    found.extend(given.map(|a| (Node::Expr(GExpr { file: at.file, expr: a.value }), stack.clone(), 1)));
                    continue;
                }
                _ => continue,
            };
            let named = call.args.iter().find(|a| a.name.is_some() && a.name == param.name());
            let positional = call.args.iter().filter(|a| a.name.is_none() && !a.spread).nth(index);
            // `f(**arguments)`: any parameter that is not given otherwise and means nothing of its own.
            let home = self.project.program.facts(self.project.program.file_of(f));
            let has_own = param.default.is_some_and(|d| match home.expr(d) {
                Expr::Null | Expr::Bool(_) => false,
                Expr::Str(text) => !text.is_empty(),
                _ => true,
            });
            let spread = call.args.iter().find(|a| a.spread && !has_own);
            if let Some(arg) = named.or(positional).or(spread) {
                let mut keys = defs::ways(&param.pattern, name).into_iter().next().unwrap_or_default();
                if arg.spread
                    && let Some(name) = param.name()
                {
                    // Of a dictionary that is handed on whole, the parameter gets the entry of its name.
                    keys.insert(0, name);
                }
                let outer = Visit { node: visit.node, stack: stack.clone(), from: None, depth: 0 };
                let parts = self.part(GExpr { file: at.file, expr: arg.value }, &keys, &outer, reach);
                found.extend(parts.into_iter().map(|(node, stack, _)| (node, stack, 1)));
            }
        }
        if let Some(default) = param.default {
            found.push((Node::Expr(GExpr { file: self.project.program.file_of(f), expr: default }), Vec::new(), 0));
        }
        found
    }

    pub(super) fn call(
        &self,
        models: &ModelSet,
        at: GExpr,
        visit: &Visit,
        reach: Reach,
    ) -> Vec<(Node, Vec<SiteId>, usize)> {
        let facts = self.project.program.facts(at.file);
        let Expr::Call(call) = facts.expr(at.expr) else { return Vec::new() };
        let Some(site) = self.project.site_at(at) else { return Vec::new() };
        let (name, receiver) = match facts.expr(call.callee) {
            Expr::Name(name) => (name.as_str(), None),
            Expr::Field { base, name } => (name.as_str(), Some(*base)),
            _ => ("", None),
        };
        let is_everything = reach == Reach::Everything;
        let is_lookup = matches!(name, "get" | "pop" | "getAll" | "values" | "items") && reach == Reach::Exact;
        let here = |expr: ExprId| (Node::Expr(GExpr { file: at.file, expr }), visit.stack.clone(), 0);
        // Errors tell of what went wrong; they are not what was asked for.
        let is_error_type = |name: &str| {
            name.starts_with(char::is_uppercase) && (name.ends_with("Error") || name.ends_with("Exception"))
        };
        // `AskError::Unreadable(..)` is named by its type.
        let is_error = matches!(name, "Err" | "ok_or" | "ok_or_else" | "anyhow" | "bail")
            || is_error_type(name)
            || receiver.is_some_and(|base| matches!(facts.expr(base), Expr::Name(ty) if is_error_type(ty)));
        if reach == Reach::Texts && is_error {
            return if name.starts_with("ok_or") { receiver.map(here).into_iter().collect() } else { Vec::new() };
        }
        if reach == Reach::Texts && name == "map_err" {
            return receiver.map(here).into_iter().collect();
        }
        if text::drops_value(name) || (text::masks(name) && !is_everything) || is_lookup {
            return Vec::new();
        }
        let mut found = Vec::new();
        for f in self.answering(site) {
            let mut stack = visit.stack.clone();
            stack.push(site);
            found.extend(self.returned(f).into_iter().map(|e| (Node::Expr(e), stack.clone(), 1)));
        }
        if is_everything {
            found.extend(receiver.map(here));
            found.extend(call.args.iter().map(|a| here(a.value)));
        }
        if !found.is_empty() {
            return found;
        }
        let mut is_modelled = false;
        for api in Project::apis(self.project.callees(site)) {
            for row in self.project.matcher.rows(api) {
                if let RowRef::Call(row) = row {
                    let places = &models.calls[*row as usize].places;
                    is_modelled |= models.calls[*row as usize].raw.is.is_some();
                    for (from, _, sanitizes) in &places.flows {
                        if sanitizes.is_empty() {
                            found.extend(
                                self.project
                                    .place_exprs(site, from)
                                    .into_iter()
                                    .map(|e| (Node::Expr(e), visit.stack.clone(), 0)),
                            );
                        }
                    }
                }
            }
        }
        // A library's note about what went wrong: `ask().await.context("asking")?`.
        let is_noted = name == "context" && facts.language == Language::Rust;
        if found.is_empty() && !is_modelled && is_noted {
            found.extend(receiver.map(here));
        }
        if found.is_empty() && !is_modelled && text::keeps_text(name) {
            found.extend(receiver.map(here));
            let is_part = receiver.is_some() && text::takes_part(name);
            found.extend(call.args.iter().filter(|_| !is_part).map(|a| here(a.value)));
        }
        if found.is_empty() && !is_modelled && reach == Reach::Texts {
            // What is constructed holds its arguments; a method gives what its callback makes.
            let is_constructed = call.kind == crate::ir::CallKind::New || name.starts_with(char::is_uppercase);
            let is_method = receiver.is_some() && !is_constructed;
            // What a wrapper hands on to the function that it wraps is no text of its own.
            let is_kept = |a: &crate::ir::Arg| {
                (is_constructed || !a.spread) && (!is_method || matches!(facts.expr(a.value), Expr::Lambda(_)))
            };
            found.extend(call.args.iter().filter(|a| is_kept(a)).map(|a| here(a.value)));
        }
        found
    }

    /// The expressions a function returns or yields.
    pub fn returned(&self, f: GFn) -> Vec<GExpr> {
        self.returns_in(f, || self.collect_returned(f)).to_vec()
    }

    pub(super) fn collect_returned(&self, f: GFn) -> Vec<GExpr> {
        let file = self.project.program.file_of(f);
        let facts = self.project.program.facts(file);
        let mut found = Vec::new();
        let mut yields = Vec::new();
        walk_block(
            facts,
            &self.project.program.function(f).body,
            &mut |stmt| {
                if let StmtKind::Return(Some(e)) = stmt.kind {
                    found.push(GExpr { file, expr: e });
                }
            },
            &mut |e| {
                if let Expr::Yield(Some(inner)) = facts.expr(e) {
                    yields.push(GExpr { file, expr: *inner });
                }
            },
        );
        found.extend(yields);
        found.truncate(MAX_CALLERS);
        found
    }
}
