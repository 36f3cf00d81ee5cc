//! The members of its receiver that a string-form method puts into the text.

use crate::flow::{drops_value, masks};
use crate::intern::Name;
use crate::ir::{BinaryOp, Expr, ExprId, FileFacts, Node, StmtKind, UnaryOp, for_each_child, walk_stmts};
use crate::project::{GFn, Project};
use crate::source::Language;

/// The members in what a method returns, or writes where the language writes.
pub(super) fn shown_by(project: &Project, f: GFn) -> Vec<Name> {
    let facts = project.program.facts(project.program.file_of(f));
    let writes = facts.language == Language::Rust;
    let mut found = Vec::new();
    let mut roots: Vec<ExprId> = Vec::new();
    walk_stmts(facts, &project.program.function(f).body, &mut |stmt| match stmt.kind {
        StmtKind::Return(Some(e)) => roots.push(e),
        StmtKind::Expr(e) if writes => roots.push(e),
        _ => {}
    });
    roots.into_iter().for_each(|root| collect(facts, root, &mut found));
    found
}

fn collect(facts: &FileFacts, at: ExprId, found: &mut Vec<Name>) {
    match facts.expr(at) {
        Expr::Field { base, name } if matches!(facts.expr(*base), Expr::Receiver) => found.push(*name),
        Expr::Unary { op: UnaryOp::Not, .. } => {}
        Expr::Binary { op, .. } if is_comparison(*op) => {}
        Expr::Conditional { then, otherwise, .. } => {
            collect(facts, *then, found);
            collect(facts, *otherwise, found);
        }
        Expr::Call(call) if says_little(facts, call.callee) => {}
        expr => for_each_child(expr, &mut |node| {
            if let Node::Expr(child) = node {
                collect(facts, child, found);
            }
        }),
    }
}

fn says_little(facts: &FileFacts, callee: ExprId) -> bool {
    match facts.expr(callee) {
        Expr::Name(name) | Expr::Field { name, .. } => drops_value(name) || masks(name),
        _ => false,
    }
}

/// Whether an operator answers a question about its operands.
pub(super) fn is_comparison(op: BinaryOp) -> bool {
    use BinaryOp::{Eq, Greater, GreaterEq, In, InstanceOf, Less, LessEq, NotEq, NotIn};
    matches!(op, Eq | NotEq | Less | LessEq | Greater | GreaterEq | In | NotIn | InstanceOf)
}
