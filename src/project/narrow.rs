//! What a test says about a parameter: inside of `if (typeof x === "string")`, `x` is a text and no function.
//!
//! Parameters that take either a name or a function are common where functions are wrapped, and without this the function
//! would go wherever the name goes.

use rustc_hash::FxHashMap;

use crate::intern::Name;
use crate::ir::{BinaryOp, Block, Expr, ExprId, FileFacts, FnId, StmtKind, UnaryOp, walk_block};
use crate::source::Span;

/// Where parameters are known to be texts.
#[derive(Debug, Default)]
pub(super) struct Narrowing {
    spans: FxHashMap<(FnId, Name), Vec<Span>>,
}

impl Narrowing {
    /// Reads every test of a file's functions.
    pub(super) fn new(facts: &FileFacts) -> Self {
        let mut narrowing = Narrowing::default();
        for (id, function) in facts.functions() {
            if function.params.is_empty() {
                continue;
            }
            let mut tests: Vec<(ExprId, Option<Span>, Option<Span>)> = Vec::new();
            let mut conditionals = Vec::new();
            walk_block(
                facts,
                &function.body,
                &mut |stmt| {
                    if let StmtKind::If { test, then, otherwise } = &stmt.kind {
                        tests.push((*test, span_of(then), span_of(otherwise)));
                    }
                },
                &mut |expr| conditionals.push(expr),
            );
            tests.extend(conditionals.into_iter().filter_map(|expr| match facts.expr(expr) {
                Expr::Conditional { test, then, otherwise } => {
                    Some((*test, Some(facts.span(*then)), Some(facts.span(*otherwise))))
                }
                _ => None,
            }));
            for (test, then, otherwise) in tests {
                narrowing.test(facts, id, test, then, otherwise);
            }
        }
        narrowing
    }

    fn test(&mut self, facts: &FileFacts, f: FnId, test: ExprId, then: Option<Span>, otherwise: Option<Span>) {
        match facts.expr(test) {
            Expr::Binary { op: BinaryOp::And, left, right } => {
                self.test(facts, f, *left, then, None);
                self.test(facts, f, *right, then, None);
            }
            Expr::Binary { op: op @ (BinaryOp::Eq | BinaryOp::NotEq), left, right } => {
                let (Some(name), Expr::Str(kind)) = (type_of(facts, *left), facts.expr(*right)) else { return };
                let place = if *op == BinaryOp::Eq { then } else { otherwise };
                self.keep(facts, f, name, place.filter(|_| kind.as_str() == "string"));
            }
            Expr::Call(call) => {
                if let ([value, ty], Expr::Name(callee)) = (&call.args[..], facts.expr(call.callee))
                    && let (Expr::Name(name), Expr::Name(ty)) = (facts.expr(value.value), facts.expr(ty.value))
                    && (callee.as_str(), ty.as_str()) == ("isinstance", "str")
                {
                    self.keep(facts, f, *name, then);
                }
            }
            _ => {}
        }
    }

    fn keep(&mut self, facts: &FileFacts, f: FnId, name: Name, place: Option<Span>) {
        let is_parameter = facts.function(f).params.iter().any(|param| param.name() == Some(name));
        if let Some(place) = place.filter(|_| is_parameter) {
            self.spans.entry((f, name)).or_default().push(place);
        }
    }

    /// The variable that holds what a parameter can be at a place, if a test narrows it there.
    pub(super) fn used(&self, owner: FnId, name: Name, at: u32) -> Option<Name> {
        let spans = self.spans.get(&(owner, name))?;
        spans.iter().any(|span| span.start <= at && at < span.end).then(|| narrowed(name))
    }

    /// The parameters of a function that are narrowed somewhere, in order, each with the variable for it.
    pub(super) fn of(&self, f: FnId) -> Vec<(Name, Name)> {
        let mut names: Vec<Name> = self.spans.keys().filter(|(owner, _)| *owner == f).map(|(_, name)| *name).collect();
        names.sort_unstable();
        names.into_iter().map(|name| (name, narrowed(name))).collect()
    }
}

/// A name that no source can spell.
fn narrowed(name: Name) -> Name {
    Name::new(&format!("{name}:text"))
}

fn span_of(block: &Block) -> Option<Span> {
    Some(Span::new(block.first()?.span.start as usize, block.last()?.span.end as usize))
}

/// The name in `typeof name`.
fn type_of(facts: &FileFacts, at: ExprId) -> Option<Name> {
    match facts.expr(at) {
        Expr::Unary { op: UnaryOp::TypeOf, operand } => match facts.expr(*operand) {
            Expr::Name(name) => Some(*name),
            _ => None,
        },
        _ => None,
    }
}
