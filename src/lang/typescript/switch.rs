//! `switch`: its cases as independent arms.
//!
//! An arm holds what runs when its case is taken: its own statements, those of the cases it falls through to, and no
//! `break` that only leaves the `switch`, since later stages would take it for the end of a loop.

use tree_sitter::Node;

use super::Lowerer;
use super::kind::{F, Kind};
use crate::ir::{Arm, Block, ExprId, Node as Part, Pattern, Stmt, StmtKind};

/// How many statements of a file may be copied into arms that fall through. Beyond it arms keep their own statements
/// only: generated code must not grow without bound.
pub(super) const COPIES: usize = 20_000;

struct Case {
    patterns: Vec<Pattern>,
    body: Block,
}

impl<'t> Lowerer<'t> {
    /// Lowers a `switch` statement.
    pub(super) fn switch(&mut self, node: Node<'t>) -> StmtKind {
        let subject = match self.field(node, F::Value) {
            Some(value) => self.expr(value),
            None => self.broken(node),
        };
        let cases = self.field(node, F::Body).map(|body| self.cases(body)).unwrap_or_default();
        let mut arms = Vec::with_capacity(cases.len());
        for (at, case) in cases.iter().enumerate() {
            let mut body = case.body.clone();
            for next in &cases[at + 1..] {
                if ends(&body) || !self.may_copy(&next.body) {
                    break;
                }
                body.extend_from_slice(&next.body);
            }
            let pattern = match case.patterns.as_slice() {
                [only] => only.clone(),
                several => Pattern::Or(several.to_vec()),
            };
            arms.push(Arm { pattern, guard: None, body: settle(body) });
        }
        StmtKind::Match { subject, arms }
    }

    /// The cases in order; labels that share one body are one case.
    fn cases(&mut self, body: Node<'t>) -> Vec<Case> {
        self.sweep(body);
        let mut cases = Vec::new();
        let mut patterns = Vec::new();
        for node in self.named(body) {
            match self.kind(node) {
                Kind::SwitchCase => {
                    let value: Option<ExprId> = self.field(node, F::Value).map(|value| self.expr(value));
                    patterns.push(value.map_or(Pattern::Wild, Pattern::Literal));
                }
                Kind::SwitchDefault => patterns.push(Pattern::Wild),
                _ => continue,
            }
            let block = self.case_body(node);
            if !block.is_empty() {
                cases.push(Case { patterns: std::mem::take(&mut patterns), body: block });
            }
        }
        if !patterns.is_empty() {
            cases.push(Case { patterns, body: Vec::new() });
        }
        cases
    }

    fn case_body(&mut self, node: Node<'t>) -> Block {
        let value = self.field(node, F::Value);
        let mut out = Vec::new();
        let _ = self.deeper(node, |this| {
            for child in this.named(node) {
                if Some(child) != value {
                    this.stmt(child, &mut out);
                }
            }
        });
        out
    }

    fn may_copy(&mut self, block: &Block) -> bool {
        let mut left = self.copies;
        let fits = spend(block, &mut left);
        if fits {
            self.copies = left;
        }
        fits
    }
}

/// Counts the statements of a block against an allowance.
fn spend(block: &Block, left: &mut usize) -> bool {
    block.iter().all(|stmt| {
        *left = left.saturating_sub(1);
        let mut fits = *left > 0;
        stmt.for_each_child(&mut |part| {
            if let Part::Block(inner) = part {
                fits = fits && spend(inner, left);
            }
        });
        fits
    })
}

/// Whether control never runs off the end of a block.
fn ends(block: &Block) -> bool {
    block.last().is_some_and(|last| match &last.kind {
        StmtKind::Break | StmtKind::Continue | StmtKind::Return(_) | StmtKind::Raise(_) => true,
        StmtKind::Block(inner) => ends(inner),
        StmtKind::If { then, otherwise, .. } => ends(then) && ends(otherwise),
        StmtKind::Try { body, handlers, finally } => {
            ends(finally) || ends(body) && handlers.iter().all(|handler| ends(&handler.body))
        }
        _ => false,
    })
}

/// Whether a `break` in a block leaves the `switch` around it.
fn breaks(block: &Block) -> bool {
    block.iter().any(|stmt| match &stmt.kind {
        StmtKind::Break => true,
        StmtKind::Block(inner) => breaks(inner),
        StmtKind::If { then, otherwise, .. } => breaks(then) || breaks(otherwise),
        StmtKind::Try { body, handlers, finally } => {
            breaks(body) || breaks(finally) || handlers.iter().any(|handler| breaks(&handler.body))
        }
        _ => false,
    })
}

/// Removes the `break`s of an arm: what a conditional `break` skips moves into the other branch. A `break` in a shape
/// that would need copies stays.
fn settle(block: Block) -> Block {
    let mut out = Vec::with_capacity(block.len());
    let mut rest = block.into_iter();
    while let Some(Stmt { kind, span }) = rest.next() {
        let kind = match kind {
            StmtKind::Break => return out,
            StmtKind::Block(mut inner) if breaks(&inner) => {
                inner.extend(rest.by_ref());
                StmtKind::Block(settle(inner))
            }
            StmtKind::If { test, mut then, mut otherwise } if breaks(&then) || breaks(&otherwise) => {
                if ends(&then) {
                    otherwise.extend(rest.by_ref());
                } else if ends(&otherwise) {
                    then.extend(rest.by_ref());
                }
                StmtKind::If { test, then: settle(then), otherwise: settle(otherwise) }
            }
            StmtKind::Try { body, handlers, finally } if rest.len() == 0 => {
                let mut handlers = handlers;
                handlers.iter_mut().for_each(|h| h.body = settle(std::mem::take(&mut h.body)));
                StmtKind::Try { body: settle(body), handlers, finally: settle(finally) }
            }
            other => other,
        };
        out.push(Stmt { kind, span });
    }
    out
}
