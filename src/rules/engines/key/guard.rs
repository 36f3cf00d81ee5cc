//! Whether somebody checks that a record is the caller's, on the way to it or after it was read.
//!
//! Looked for by what code does: a comparison with somebody's id, a function whose name says that it admits, or a call
//! that is given the caller and the same id together. It need not be on every way: a check anywhere on the way keeps the
//! rule silent, so that an unusual one costs a miss and not a false alarm.

use super::look::Looker;
use crate::intern::Name;
use crate::ir::{BinaryOp, Expr, ExprId, FileFacts, exprs_in_block};
use crate::project::{GExpr, GFn};
use crate::rules::vocabulary::{is_admission, is_caller};

/// Whether functions from the handler to the look-up, or what they call, check whose record it is.
pub(super) fn is_guarded(looker: &Looker<'_, '_>, reader: GFn, ids: &[Name]) -> bool {
    let mut seen = Vec::new();
    for (f, _) in looker.way(reader) {
        for checked in looker.with_callees(f) {
            if !seen.contains(&checked) {
                seen.push(checked);
                if checks(looker, checked, ids) {
                    return true;
                }
            }
        }
    }
    false
}

fn checks(looker: &Looker<'_, '_>, f: GFn, ids: &[Name]) -> bool {
    let program = &looker.project().program;
    let file = program.file_of(f);
    let facts = program.facts(file);
    exprs_in_block(facts, &program.function(f).body).into_iter().any(|expr| match facts.expr(expr) {
        Expr::Binary { op: BinaryOp::Eq | BinaryOp::NotEq, left, right } => {
            let is_owner = |e: ExprId| matches!(facts.expr(e), Expr::Field { name, .. } if is_caller(name));
            (is_owner(*left) && is_value(facts, *right)) || (is_owner(*right) && is_value(facts, *left))
        }
        Expr::Call(call) => {
            let name = match facts.expr(call.callee) {
                Expr::Name(name) | Expr::Field { name, .. } => *name,
                _ => return false,
            };
            if is_admission(&name) && !call.args.is_empty() && is_check(&name) {
                return true;
            }
            let mut exprs: Vec<ExprId> = call.args.iter().map(|a| a.value).collect();
            for arg in &call.args {
                exprs.extend(entries(facts, arg.value));
            }
            let has_id = exprs.iter().any(|e| last_name(facts, *e).is_some_and(|n| ids.contains(&n)));
            let has_caller = call.args.iter().any(|a| a.name.is_some_and(|n| is_caller(&n)))
                || exprs.iter().any(|e| is_callers(looker, GExpr { file, expr: *e }));
            has_id && has_caller
        }
        _ => false,
    })
}

/// Reading something is no check; a check says so.
fn is_check(name: &str) -> bool {
    let words = crate::rules::vocabulary::words(name);
    let has = |wanted: &[&str]| words.iter().any(|w| wanted.contains(&w.as_str()));
    !has(&["read"])
        || has(&["check", "can", "ensure", "verify", "assert", "require", "authorize", "allowed", "permission", "may"])
}

fn entries(facts: &FileFacts, expr: ExprId) -> Vec<ExprId> {
    match facts.expr(expr) {
        Expr::Object(entries) => entries.iter().map(|e| e.value).collect(),
        _ => Vec::new(),
    }
}

fn is_value(facts: &FileFacts, expr: ExprId) -> bool {
    !matches!(facts.expr(expr), Expr::Str(_) | Expr::Num(_) | Expr::Null | Expr::Bool(_))
}

fn last_name(facts: &FileFacts, expr: ExprId) -> Option<Name> {
    match facts.expr(expr) {
        Expr::Name(name) | Expr::Field { name, .. } => Some(*name),
        Expr::Unary { operand: e, .. } | Expr::Await(e) | Expr::Try(e) | Expr::Cast { value: e, .. } => {
            last_name(facts, *e)
        }
        _ => None,
    }
}

/// Whether an expression is the caller, or something of theirs: `user`, `user.id`, `session.user.id`.
fn is_callers(looker: &Looker<'_, '_>, at: GExpr) -> bool {
    let facts = looker.project().program.facts(at.file);
    match facts.expr(at.expr) {
        Expr::Name(name) => is_caller(name),
        Expr::Field { base, name } => is_caller(name) || is_callers(looker, GExpr { file: at.file, expr: *base }),
        Expr::Unary { operand: e, .. } | Expr::Cast { value: e, .. } => {
            is_callers(looker, GExpr { file: at.file, expr: *e })
        }
        _ => false,
    }
}
