//! Local definitions: the expressions a variable can hold at a place in its function.

use crate::intern::Name;
use crate::ir::{Block, Expr, ExprId, FileFacts, FnId, Pattern, StmtKind, exprs_in_block};
use crate::source::Span;

/// One definition of a variable.
#[derive(Clone, Debug)]
pub(super) struct Definition {
    /// What is bound.
    pub(super) value: ExprId,
    /// The way into the value, for destructuring: keys, outermost first.
    pub(super) keys: Vec<Name>,
    at: Span,
    /// The block it stands in: it holds for all that comes after it in there.
    reach: Span,
}

/// The definitions of a name in a function that can hold at `use_at`, and whether one of them holds on every way there: if
/// not, a parameter of that name still can.
pub(super) fn reaching(facts: &FileFacts, scope: FnId, name: Name, use_at: Span) -> (Vec<Definition>, bool) {
    let function = facts.function(scope);
    let mut all = Vec::new();
    collect(facts, &function.body, function.span, name, &mut all);
    comprehensions(facts, &function.body, name, use_at, &mut all);
    all.sort_by_key(|d| d.at);
    if !function.span.contains(use_at) || all.iter().all(|d| d.at.start >= use_at.start) {
        return (all, false);
    }
    // Walk back from the use to the last definition that holds on every way here.
    let mut found = Vec::new();
    // A use inside its own definition (`let x = f(x)`) means what the name held before.
    for definition in all.into_iter().rev().filter(|d| d.at.start < use_at.start && !d.at.contains(use_at)) {
        let is_certain = definition.reach.contains(use_at) && definition.at.end <= use_at.start;
        found.push(definition);
        if is_certain {
            return (found, true);
        }
    }
    (found, false)
}

fn collect(facts: &FileFacts, block: &Block, reach: Span, name: Name, found: &mut Vec<Definition>) {
    for stmt in block {
        let mut bind = |pattern: &Pattern, value: ExprId, reach: Span| {
            for keys in ways(pattern, name) {
                let at = Span { start: stmt.span.start, end: facts.span(value).end.max(stmt.span.start) };
                found.push(Definition { value, keys, at, reach });
            }
        };
        match &stmt.kind {
            StmtKind::Assign { targets, value: Some(value), op, .. } => {
                // An augmented assignment keeps what was there.
                let reach = if op.is_some() { Span::default() } else { reach };
                targets.iter().for_each(|t| bind(t, *value, reach));
            }
            StmtKind::Loop { pattern: Some(pattern), subject: Some(subject), .. } => {
                bind(pattern, *subject, Span::default())
            }
            StmtKind::With { items, .. } => {
                items.iter().for_each(|(value, p)| p.iter().for_each(|p| bind(p, *value, reach)));
            }
            StmtKind::Match { subject, arms } => {
                arms.iter().for_each(|arm| bind(&arm.pattern, *subject, Span::default()))
            }
            StmtKind::If { test, .. } => {
                if let Expr::Assign { target, value } = facts.expr(*test) {
                    bind(target, *value, Span::default());
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
                collect(facts, inner, span, name, found);
            }
        });
    }
}

fn comprehensions(facts: &FileFacts, block: &Block, name: Name, use_at: Span, found: &mut Vec<Definition>) {
    for expr in exprs_in_block(facts, block) {
        let span = facts.span(expr);
        match facts.expr(expr) {
            Expr::Comprehension { clauses, .. } if span.contains(use_at) => {
                for clause in clauses {
                    for keys in ways(&clause.pattern, name) {
                        found.push(Definition {
                            value: clause.iter,
                            keys,
                            at: Span { start: span.start, end: span.start },
                            reach: span,
                        });
                    }
                }
            }
            // What is appended to a collection is part of it.
            Expr::Call(call) => {
                if let Expr::Field { base, name: method } = facts.expr(call.callee)
                    && matches!(method.as_str(), "append" | "push" | "insert" | "unshift" | "extend" | "push_back")
                    && matches!(facts.expr(*base), Expr::Name(n) if *n == name)
                {
                    for arg in &call.args {
                        found.push(Definition { value: arg.value, keys: Vec::new(), at: span, reach: Span::default() });
                    }
                }
            }
            Expr::Assign { target, value } => {
                for keys in ways(target, name) {
                    found.push(Definition { value: *value, keys, at: span, reach: Span::default() });
                }
            }
            _ => {}
        }
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
        Pattern::List(items) | Pattern::Variant { items, .. } | Pattern::Or(items) => {
            items.iter().flat_map(|p| ways(p, name)).collect()
        }
        Pattern::Rest(inner) | Pattern::Default(inner, _) => ways(inner, name),
        Pattern::Place(_) | Pattern::Literal(_) | Pattern::Wild => Vec::new(),
    }
}
