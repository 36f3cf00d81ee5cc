//! What a member of a value can be, where the program writes down every value that it is a member of.
//!
//! Records are built in one function and taken apart in another: of `{locals, id}`, what is read as `locals` is not the
//! id. Looked up through names, arguments, results and spreads; where one of the values is not written down, nothing is
//! told, and the record counts as a whole.

use super::defs::{ELEMENT, ERROR, place_of};
use super::index::FlowIndex;
use crate::intern::Name;
use crate::ir::{BinaryOp, CallExpr, Expr, ExprId, Key, ParamKind};
use crate::project::{GExpr, GFn, SiteId, Value};

/// Steps from one value to the next.
const DEEPEST: usize = 14;
/// Values looked at for one question.
const MOST: usize = 120;
/// Members of one name, given to something that no class describes, that are all looked at.
const MAX_GIVEN: usize = 4;
/// Callers followed of one function.
const MAX_CALLERS: usize = 12;

/// An expression, with the calls entered on the way to it.
pub(super) type Found = (GExpr, Vec<SiteId>);

impl FlowIndex<'_> {
    /// The expressions that a member of a value can be; `None` where that is not known. `stack` are the calls by which the
    /// value's function was entered.
    pub(super) fn members(&self, at: GExpr, key: Name, stack: &[SiteId]) -> Option<Vec<Found>> {
        // Something that no class describes is given such a member somewhere: it may be this.
        let given = self.given(key);
        if given.len() > MAX_GIVEN {
            return None;
        }
        let mut search = Search { index: self, seen: Vec::new(), found: Vec::new() };
        search.member(at, key, stack, 0)?;
        search.found.extend(given.iter().map(|value| (*value, Vec::new())));
        Some(search.found)
    }
}

struct Search<'i, 'a> {
    index: &'i FlowIndex<'a>,
    seen: Vec<(GExpr, Name)>,
    found: Vec<Found>,
}

impl Search<'_, '_> {
    /// Collects a member of a value; `None` if the value is not written down.
    fn member(&mut self, at: GExpr, key: Name, stack: &[SiteId], depth: usize) -> Option<()> {
        if depth > DEEPEST || self.seen.len() > MOST {
            return None;
        }
        if self.seen.contains(&(at, key)) {
            return Some(());
        }
        self.seen.push((at, key));
        let facts = self.index.project.program.facts(at.file);
        let here = |expr: ExprId| GExpr { file: at.file, expr };
        match facts.expr(at.expr) {
            Expr::Null => Some(()),
            Expr::Object(entries) => self.entry(at, entries, key, stack, depth),
            Expr::List { items, .. } => match place_of(&key) {
                Some(place) => {
                    let before = items.get(..=place)?;
                    if before.iter().any(|item| item.spread) {
                        return None;
                    }
                    self.found.push((here(before.last()?.value), stack.to_vec()));
                    Some(())
                }
                // An empty list is filled later.
                None if items.is_empty() => None,
                None if key == ELEMENT => {
                    if items.iter().any(|item| item.spread) {
                        return None;
                    }
                    self.found.extend(items.iter().map(|item| (here(item.value), stack.to_vec())));
                    Some(())
                }
                // Otherwise what stands in a list and the list are not told apart.
                None => items.iter().try_for_each(|item| self.member(here(item.value), key, stack, depth + 1)),
            },
            Expr::Name(name) => self.name(at, *name, key, stack, depth),
            Expr::Field { base, name } => self.nested(here(*base), *name, key, stack, depth),
            Expr::Index { base, index } => {
                let name = facts.str_value(*index)?;
                self.nested(here(*base), name, key, stack, depth)
            }
            Expr::Call(call) => self.call(at, call, key, stack, depth),
            Expr::Await(e) | Expr::Try(e) | Expr::Cast { value: e, .. } | Expr::Assign { value: e, .. } => {
                self.member(here(*e), key, stack, depth + 1)
            }
            Expr::Unary { op: crate::ir::UnaryOp::Ref | crate::ir::UnaryOp::Deref, operand } => {
                self.member(here(*operand), key, stack, depth + 1)
            }
            Expr::Conditional { then, otherwise, .. } => {
                self.member(here(*then), key, stack, depth + 1)?;
                self.member(here(*otherwise), key, stack, depth + 1)
            }
            Expr::Binary { op: BinaryOp::Or | BinaryOp::Coalesce, left, right } => {
                self.member(here(*left), key, stack, depth + 1)?;
                self.member(here(*right), key, stack, depth + 1)
            }
            Expr::Binary { op: BinaryOp::And, right, .. } => self.member(here(*right), key, stack, depth + 1),
            Expr::Comprehension { element, .. } if key == ELEMENT => {
                self.found.push((here(*element), stack.to_vec()));
                Some(())
            }
            Expr::Block(block) => {
                let values = crate::project::block_values(block);
                if values.is_empty() {
                    return None;
                }
                values.into_iter().try_for_each(|e| self.member(here(e), key, stack, depth + 1))
            }
            Expr::Comprehension { element, .. } if place_of(&key).is_none() => {
                self.member(here(*element), key, stack, depth + 1)
            }
            _ => None,
        }
    }

    fn entry(
        &mut self,
        at: GExpr,
        entries: &[crate::ir::Entry],
        key: Name,
        stack: &[SiteId],
        depth: usize,
    ) -> Option<()> {
        let here = |expr: ExprId| GExpr { file: at.file, expr };
        let mut named = entries.iter().filter(|e| matches!(e.key, Key::Name(name) if name == key)).peekable();
        if named.peek().is_some() {
            self.found.extend(named.map(|e| (here(e.value), stack.to_vec())));
            return Some(());
        }
        // What is filled in later, or under keys that are computed.
        let is_other = place_of(&key).is_some() || key == ELEMENT;
        if entries.is_empty() || is_other || entries.iter().any(|e| matches!(e.key, Key::Computed(_))) {
            return None;
        }
        let spreads = entries.iter().filter(|e| e.key == Key::Spread).map(|e| e.value).collect::<Vec<_>>();
        spreads.into_iter().try_for_each(|e| self.member(here(e), key, stack, depth + 1))
    }

    /// A member of a member.
    fn nested(&mut self, base: GExpr, name: Name, key: Name, stack: &[SiteId], depth: usize) -> Option<()> {
        let from = self.found.len();
        self.member(base, name, stack, depth + 1)?;
        let inner = self.found.split_off(from);
        inner.into_iter().try_for_each(|(at, stack)| self.member(at, key, &stack, depth + 1))
    }

    /// A member of what stands at the end of a way into a value.
    fn along(&mut self, value: GExpr, way: &[Name], key: Name, stack: &[SiteId], depth: usize) -> Option<()> {
        let Some((first, rest)) = way.split_first() else { return self.member(value, key, stack, depth + 1) };
        let from = self.found.len();
        self.member(value, *first, stack, depth + 1)?;
        let inner = self.found.split_off(from);
        inner.into_iter().try_for_each(|(at, stack)| self.along(at, rest, key, &stack, depth + 1))
    }

    fn name(&mut self, at: GExpr, name: Name, key: Name, stack: &[SiteId], depth: usize) -> Option<()> {
        let project = self.index.project;
        let facts = project.program.facts(at.file);
        let (scope, owner) = self.index.binder(at, name)?;
        let f = project.program.gfn(at.file, owner);
        let around = facts.function(owner).span;
        let (definitions, is_settled) = self.index.definitions_in(f).reaching(name, facts.span(at.expr), around);
        let mut is_known = false;
        for definition in definitions {
            if definition.is_added && place_of(&key).is_some() {
                return None;
            }
            is_known = true;
            let value = GExpr { file: at.file, expr: definition.value };
            if definition.is_added && key == ELEMENT {
                self.found.push((value, stack.to_vec()));
                continue;
            }
            self.along(value, &definition.keys, key, stack, depth)?;
        }
        if !is_settled {
            let params = &facts.function(owner).params;
            if let Some(index) = params.iter().position(|p| !super::defs::ways(&p.pattern, name).is_empty()) {
                // What a function inside of another reads was not given by the call that entered it.
                let stack = if scope == owner { stack } else { &[] };
                return self.argument(f, index, name, key, stack, depth);
            }
        }
        if !is_known {
            let imported = project.definitions_of(at.file, owner, name, 0);
            is_known = !imported.is_empty();
            imported.into_iter().try_for_each(|e| self.member(e, key, &[], depth + 1))?;
        }
        is_known.then_some(())
    }

    /// A member of what a parameter receives.
    fn argument(&mut self, f: GFn, index: usize, name: Name, key: Name, stack: &[SiteId], depth: usize) -> Option<()> {
        let program = &self.index.project.program;
        let param = &program.function(f).params[index];
        let callers = self.index.callers(f);
        if !matches!(param.kind, ParamKind::Plain | ParamKind::Keyword)
            || callers.is_empty()
            || self.index.is_handler(f)
            || self.index.iterated(f).is_some()
        {
            return None;
        }
        let (sites, rest) = match stack.split_last() {
            Some((last, rest)) if callers.contains(last) => (std::slice::from_ref(last), rest),
            _ => (callers, &[][..]),
        };
        if sites.len() > MAX_CALLERS {
            return None;
        }
        let way = super::defs::ways(&param.pattern, name).into_iter().next().unwrap_or_default();
        let mut all: Vec<Found> = Vec::new();
        for site in sites {
            let at = self.index.project.site(*site).at;
            let Expr::Call(call) = program.facts(at.file).expr(at.expr) else { return None };
            if call.args.iter().any(|a| a.spread) {
                return None;
            }
            let named = call.args.iter().find(|a| a.name.is_some() && a.name == param.name());
            let given = named.or_else(|| call.args.iter().filter(|a| a.name.is_none()).nth(index));
            all.extend(given.map(|a| (GExpr { file: at.file, expr: a.value }, rest.to_vec())));
        }
        all.extend(param.default.map(|e| (GExpr { file: program.file_of(f), expr: e }, Vec::new())));
        for (value, stack) in all {
            self.along(value, &way, key, &stack, depth)?;
        }
        Some(())
    }

    fn call(&mut self, at: GExpr, call: &CallExpr, key: Name, stack: &[SiteId], depth: usize) -> Option<()> {
        let project = self.index.project;
        let facts = project.program.facts(at.file);
        let here = |expr: ExprId| GExpr { file: at.file, expr };
        let callee = match facts.expr(call.callee) {
            Expr::Name(name) | Expr::Field { name, .. } => *name,
            _ => return None,
        };
        let site = project.site_at(at)?;
        let callees = project.callees(site);
        if callees.iter().any(|v| matches!(v, Value::Class(_))) {
            return None;
        }
        let targets = self.index.answering(site);
        if !targets.is_empty() {
            // What a library's wrapper answers with is not what the function does.
            if callees.iter().any(|v| !matches!(v, Value::Fn(_))) {
                return None;
            }
            let mut inner = stack.to_vec();
            inner.push(site);
            return targets.into_iter().try_for_each(|f| {
                let function = project.program.function(f);
                if function.is_generator || function.is_abstract {
                    return None;
                }
                let returned = self.index.returned(f);
                if returned.is_empty() {
                    return None;
                }
                returned.into_iter().try_for_each(|e| self.member(e, key, &inner, depth + 1))
            });
        }
        match (callee.as_str(), place_of(&key)) {
            ("Err", _) => {
                if key == ERROR {
                    self.found.push((here(call.args.first()?.value), stack.to_vec()));
                }
                Some(())
            }
            ("Ok", _) if key == ERROR => Some(()),
            ("Ok" | "Some", _) => self.member(here(call.args.first()?.value), key, stack, depth + 1),
            // `[a, b] = await Promise.all([f(), g()])`, `a, b = await asyncio.gather(f(), g())`.
            ("all" | "allSettled", Some(_)) => self.member(here(call.args.first()?.value), key, stack, depth + 1),
            ("gather", Some(place)) if call.args.iter().all(|a| !a.spread) => {
                self.found.push((here(call.args.get(place)?.value), stack.to_vec()));
                Some(())
            }
            _ => None,
        }
    }
}
