//! Local definitions: the expressions a variable can hold at a place in its function.

use rustc_hash::FxHashMap;

use crate::intern::Name;
use crate::ir::{Arg, Block, Expr, ExprId, FileFacts, FnId, Pattern, StmtKind, walk_block};
use crate::source::Span;

/// One definition of a variable.
#[derive(Clone, Debug)]
pub(super) struct Definition {
    /// What is bound.
    pub(super) value: ExprId,
    /// The way into the value, for destructuring: keys, outermost first.
    pub(super) keys: Box<[Name]>,
    at: Span,
    /// The block it stands in: it holds for all that comes after it in there.
    reach: Span,
    /// Whether it holds within its reach only, as the variable of a comprehension does.
    is_inner: bool,
    /// Whether it is put into what the variable holds.
    pub(super) is_added: bool,
}

/// The key of a place in a list or tuple.
fn place(number: usize) -> Name {
    Name::new(&format!("#{number}"))
}

/// Whether a key is the name of a member.
pub(super) fn is_named(key: &str) -> bool {
    key != ELEMENT && key != ERROR && place_of(key).is_none()
}

/// The key of an element of a collection.
pub(super) const ELEMENT: &str = "*";
/// The key of what went wrong, in a result.
pub(super) const ERROR: &str = "!";

fn is_error(path: &[Name]) -> bool {
    path.last().is_some_and(|name| *name == "Err")
}

/// The place that a key stands for, if it stands for one.
pub(super) fn place_of(key: &str) -> Option<usize> {
    key.strip_prefix('#')?.parse().ok()
}

/// The definitions in one function, by name and in order of place: collected once, as names are asked for at every use.
#[derive(Debug, Default)]
pub(super) struct Definitions(FxHashMap<Name, Vec<Definition>>);

impl Definitions {
    /// All definitions of a function.
    pub(super) fn new(facts: &FileFacts, scope: FnId) -> Definitions {
        let function = facts.function(scope);
        let mut all = Definitions::default();
        all.collect(facts, &function.body, function.span);
        all.within_expressions(facts, &function.body);
        all.0.values_mut().for_each(|list| {
            list.sort_by_key(|d| d.at);
            list.shrink_to_fit();
        });
        all
    }

    /// The definitions of a name that can hold at `use_at`, and whether one of them holds on every way there: if not, a
    /// parameter of that name still can. `around` is the function's own span.
    pub(super) fn reaching(&self, name: Name, use_at: Span, around: Span) -> (Vec<&Definition>, bool) {
        let own = self.0.get(&name).map_or(&[][..], Vec::as_slice);
        let all = own.iter().filter(|d| !d.is_inner || d.reach.contains(use_at));
        if !around.contains(use_at) || all.clone().all(|d| d.at.start >= use_at.start) {
            return (all.collect(), false);
        }
        // Walk back from the use to the last definition that holds on every way here.
        let mut found = Vec::new();
        // A use inside its own definition (`let x = f(x)`) means what the name held before.
        for definition in all.rev().filter(|d| d.at.start < use_at.start && !d.at.contains(use_at)) {
            found.push(definition);
            if definition.reach.contains(use_at) && definition.at.end <= use_at.start {
                return (found, true);
            }
        }
        (found, false)
    }

    fn bind(&mut self, pattern: &Pattern, value: ExprId, at: Span, reach: Span) {
        self.bind_as(pattern, value, at, reach, false);
    }

    fn bind_as(&mut self, pattern: &Pattern, value: ExprId, at: Span, reach: Span, is_inner: bool) {
        each_way(pattern, &mut Vec::new(), &mut |name, keys| {
            let definition = Definition { value, keys: keys.into(), at, reach, is_inner, is_added: false };
            self.0.entry(name).or_default().push(definition);
        });
    }

    /// Binds what elements of a collection are taken apart into: their places are not the collection's.
    fn bind_elements(&mut self, pattern: &Pattern, value: ExprId, at: Span, reach: Span, is_inner: bool) {
        each_way(pattern, &mut Vec::new(), &mut |name, keys| {
            // The places of an element are not the collection's.
            let is_placed = keys.first().is_some_and(|key| place_of(key).is_some());
            let keys = is_placed.then(|| Name::new(ELEMENT)).into_iter().chain(keys.iter().copied()).collect();
            let definition = Definition { value, keys, at, reach, is_inner, is_added: false };
            self.0.entry(name).or_default().push(definition);
        });
    }

    fn collect(&mut self, facts: &FileFacts, block: &Block, reach: Span) {
        for stmt in block {
            let at = |value: ExprId| Span { start: stmt.span.start, end: facts.span(value).end.max(stmt.span.start) };
            match &stmt.kind {
                StmtKind::Assign { targets, value: Some(value), op, .. } => {
                    // An augmented assignment keeps what was there.
                    let reach = if op.is_some() { Span::default() } else { reach };
                    targets.iter().for_each(|t| self.bind(t, *value, at(*value), reach));
                    targets.iter().for_each(|t| self.put(facts, t, *value, at(*value)));
                }
                StmtKind::Loop { pattern: Some(pattern), subject: Some(subject), .. } => {
                    self.bind_elements(pattern, *subject, at(*subject), Span::default(), false);
                }
                StmtKind::With { items, .. } => {
                    let bound = items.iter().filter_map(|(value, p)| Some((value, p.as_ref()?)));
                    bound.for_each(|(value, p)| self.bind(p, *value, at(*value), reach));
                }
                StmtKind::Match { subject, arms } => {
                    arms.iter().for_each(|arm| self.bind(&arm.pattern, *subject, at(*subject), Span::default()));
                }
                StmtKind::If { test, .. } => {
                    if let Expr::Assign { target, value } = facts.expr(*test) {
                        self.bind(target, *value, at(*value), Span::default());
                    }
                }
                _ => {}
            }
            stmt.for_each_child(&mut |node| {
                if let crate::ir::Node::Block(inner) = node {
                    let span = inner
                        .first()
                        .zip(inner.last())
                        .map_or(stmt.span, |(a, b)| Span { start: a.span.start, end: b.span.end });
                    self.collect(facts, inner, span);
                }
            });
        }
    }

    /// What is assigned to an element is part of the collection.
    fn put(&mut self, facts: &FileFacts, target: &Pattern, value: ExprId, at: Span) {
        if let Pattern::Place(place) = target
            && let Expr::Index { base, index } = facts.expr(*place)
            && let Expr::Name(name) = facts.expr(*base)
            && facts.str_value(*index).is_none()
        {
            let reach = Span::default();
            let definition = Definition { value, keys: Box::default(), at, reach, is_inner: false, is_added: true };
            self.0.entry(*name).or_default().push(definition);
        }
    }

    /// What expressions bind, and what they put into collections.
    fn within_expressions(&mut self, facts: &FileFacts, block: &Block) {
        let mut visit = |expr: ExprId| {
            let span = facts.span(expr);
            match facts.expr(expr) {
                Expr::Comprehension { clauses, .. } => {
                    let at = Span { start: span.start, end: span.start };
                    clauses.iter().for_each(|c| self.bind_elements(&c.pattern, c.iter, at, span, true));
                }
                // What is appended to a collection is part of it.
                Expr::Call(call) => {
                    if let Expr::Field { base, name: method } = facts.expr(call.callee)
                        && matches!(
                            method.as_str(),
                            "append" | "push" | "push_str" | "insert" | "unshift" | "extend" | "push_back"
                        )
                        && let Expr::Name(name) = facts.expr(*base)
                    {
                        let part = |arg: &Arg| Definition {
                            value: arg.value,
                            keys: Box::default(),
                            at: span,
                            reach: Span::default(),
                            is_inner: false,
                            is_added: true,
                        };
                        self.0.entry(*name).or_default().extend(call.args.iter().map(part));
                    }
                }
                Expr::Assign { target, value } => self.bind(target, *value, span, Span::default()),
                _ => {}
            }
        };
        walk_block(facts, block, &mut |_| {}, &mut visit);
    }
}

/// The ways through a pattern to a name; empty if it does not bind it.
pub(super) fn ways(pattern: &Pattern, name: Name) -> Vec<Vec<Name>> {
    match pattern {
        Pattern::Name(bound, _) => (*bound == name).then(Vec::new).into_iter().collect(),
        Pattern::Bind(bound, inner) => {
            let mut found = ways(inner, name);
            found.extend((*bound == name).then(Vec::new));
            found
        }
        Pattern::Object { fields, .. } => {
            let inner = fields.iter().flat_map(|(key, p)| {
                ways(p, name).into_iter().map(move |mut way| {
                    if !key.is_empty() {
                        way.insert(0, *key);
                    }
                    way
                })
            });
            inner.collect()
        }
        Pattern::List(items) => {
            let inner = items.iter().enumerate().flat_map(|(number, p)| {
                let is_fixed = !items[..=number].iter().any(|p| matches!(p, Pattern::Rest(_)));
                ways(p, name).into_iter().map(move |mut way| {
                    if is_fixed {
                        way.insert(0, place(number));
                    }
                    way
                })
            });
            inner.collect()
        }
        Pattern::Variant { path, items } => {
            let inner = items.iter().flat_map(|p| ways(p, name)).map(|mut way| {
                if is_error(path) {
                    way.insert(0, Name::new(ERROR));
                }
                way
            });
            inner.collect()
        }
        Pattern::Or(items) => items.iter().flat_map(|p| ways(p, name)).collect(),
        Pattern::Rest(inner) | Pattern::Default(inner, _) => ways(inner, name),
        Pattern::Place(_) | Pattern::Literal(_) | Pattern::Wild => Vec::new(),
    }
}

/// Every name that a pattern binds, with the way to it, in the order of [`ways`].
fn each_way(pattern: &Pattern, keys: &mut Vec<Name>, visit: &mut dyn FnMut(Name, &[Name])) {
    match pattern {
        Pattern::Name(bound, _) => visit(*bound, keys),
        Pattern::Bind(bound, inner) => {
            each_way(inner, keys, visit);
            visit(*bound, keys);
        }
        Pattern::Object { fields, .. } => {
            for (key, inner) in fields {
                let is_keyed = !key.is_empty();
                keys.extend(is_keyed.then_some(*key));
                each_way(inner, keys, visit);
                keys.truncate(keys.len() - usize::from(is_keyed));
            }
        }
        Pattern::List(items) => {
            for (number, item) in items.iter().enumerate() {
                let is_fixed = !items[..=number].iter().any(|p| matches!(p, Pattern::Rest(_)));
                keys.extend(is_fixed.then(|| place(number)));
                each_way(item, keys, visit);
                keys.truncate(keys.len() - usize::from(is_fixed));
            }
        }
        Pattern::Variant { path, items } => {
            let is_error = is_error(path);
            keys.extend(is_error.then(|| Name::new(ERROR)));
            items.iter().for_each(|item| each_way(item, keys, visit));
            keys.truncate(keys.len() - usize::from(is_error));
        }
        Pattern::Or(items) => items.iter().for_each(|item| each_way(item, keys, visit)),
        Pattern::Rest(inner) | Pattern::Default(inner, _) => each_way(inner, keys, visit),
        Pattern::Place(_) | Pattern::Literal(_) | Pattern::Wild => {}
    }
}
