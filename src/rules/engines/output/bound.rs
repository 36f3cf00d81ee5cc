//! What the names of one function are bound to, which loops number the elements of what they go through, and what the
//! function writes to besides.

use rustc_hash::FxHashSet;

use super::held::names;
use crate::intern::Name;
use crate::ir::{Block, Expr, ExprId, FileFacts, Pattern, StmtKind, walk_block, walk_stmts};
use crate::source::Span;

/// The bindings of a function, in the order of its text.
#[derive(Debug)]
pub(super) struct Bound {
    pairs: Box<[Pair]>,
    /// Loops over pairs: the whole loop, the first of the pair, and what is gone through.
    pub(super) numbered: Box<[(Span, Name, ExprId)]>,
}

#[derive(Debug)]
struct Pair {
    name: Name,
    value: ExprId,
    /// The names in the value.
    from: Box<[Name]>,
}

impl Bound {
    /// Of a function's body.
    pub(super) fn new(facts: &FileFacts, body: &Block) -> Self {
        let mut pairs = Vec::new();
        let mut numbered = Vec::new();
        let mut bind = |pattern: &Pattern, value: ExprId| {
            let mut from = Vec::new();
            names(facts, value, &mut from);
            from.sort_unstable_by_key(|name| name.address());
            from.dedup();
            pattern.for_each_name(&mut |name| pairs.push(Pair { name, value, from: from.as_slice().into() }));
        };
        let on_stmt = &mut |stmt: &crate::ir::Stmt| match &stmt.kind {
            StmtKind::Assign { targets, value: Some(value), .. } => targets.iter().for_each(|t| bind(t, *value)),
            StmtKind::Loop { pattern: Some(pattern), subject: Some(subject), .. } => {
                bind(pattern, *subject);
                if let Pattern::List(items) = pattern
                    && let [Pattern::Name(first, _), _] = items[..]
                {
                    numbered.push((stmt.span, first, *subject));
                }
            }
            StmtKind::If { test, .. } => {
                if let Expr::Assign { target, value } = facts.expr(*test) {
                    bind(target, *value);
                }
            }
            _ => {}
        };
        walk_stmts(facts, body, on_stmt);
        Bound { pairs: pairs.into(), numbered: numbered.into() }
    }

    /// The only expression that a name is bound to.
    pub(super) fn definition(&self, name: Name) -> Option<ExprId> {
        let mut found = self.pairs.iter().filter(|pair| pair.name == name);
        let only = found.next()?;
        found.next().is_none().then_some(only.value)
    }

    /// Names that are made from a variable, a few steps on: checks often look at a part of it.
    pub(super) fn kin(&self, name: Name) -> FxHashSet<Name> {
        let mut kin = FxHashSet::default();
        for _ in 0..4 {
            let before = kin.len();
            for pair in &self.pairs {
                if pair.name != name
                    && !kin.contains(&pair.name)
                    && pair.from.iter().any(|n| *n == name || kin.contains(n))
                {
                    kin.insert(pair.name);
                }
            }
            if kin.len() == before {
                break;
            }
        }
        kin
    }
}

/// What a function writes to besides its own names.
#[derive(Debug)]
pub(super) struct Written {
    /// Members and elements with what is assigned to them: by statements first, then within expressions.
    pub(super) places: Vec<(ExprId, ExprId)>,
    /// Elements of a page.
    pub(super) elements: Vec<ExprId>,
}

impl Written {
    /// Of a function's body.
    pub(super) fn new(facts: &FileFacts, body: &Block) -> Self {
        let (mut places, mut within, mut elements) = (Vec::new(), Vec::new(), Vec::new());
        let on_stmt = &mut |stmt: &crate::ir::Stmt| {
            if let StmtKind::Assign { targets, value: Some(value), .. } = &stmt.kind {
                let assigned = |t: &Pattern| if let Pattern::Place(place) = t { Some((*place, *value)) } else { None };
                places.extend(targets.iter().filter_map(assigned));
            }
        };
        let on_expr = &mut |expr: ExprId| match facts.expr(expr) {
            Expr::Assign { target, value } => {
                if let Pattern::Place(place) = **target {
                    within.push((place, *value));
                }
            }
            Expr::Jsx { .. } => elements.push(expr),
            _ => {}
        };
        walk_block(facts, body, on_stmt, on_expr);
        places.extend(within);
        Written { places, elements }
    }
}
