//! Traversal of facts: direct children of a node, and whole blocks in source order.
//!
//! Nested functions and classes are not entered: they are functions of their own.

use super::{Block, CallExpr, Entry, Expr, ExprId, FileFacts, Key, Part, Pattern, Stmt, StmtKind};
use crate::source::Language;

/// A direct child of an expression or statement.
#[derive(Clone, Copy, Debug)]
pub enum Node<'a> {
    /// A subexpression.
    Expr(ExprId),
    /// Nested statements.
    Block(&'a Block),
    /// A binding.
    Pattern(&'a Pattern),
}

/// Calls `visit` with each direct child of an expression, in evaluation order as far as it is fixed.
pub fn for_each_child<'a>(expr: &'a Expr, visit: &mut dyn FnMut(Node<'a>)) {
    match expr {
        Expr::Name(_) | Expr::Receiver | Expr::Super | Expr::Str(_) | Expr::Num(_) | Expr::Bool(_) => {}
        Expr::Null | Expr::Regex(_) | Expr::Lambda(_) | Expr::Class(_) => {}
        Expr::Template { parts, tag } => {
            tag.iter().for_each(|tag| visit(Node::Expr(*tag)));
            for part in parts {
                if let Part::Hole { value, .. } = part {
                    visit(Node::Expr(*value));
                }
            }
        }
        Expr::Field { base, .. } => visit(Node::Expr(*base)),
        Expr::Index { base, index } => [base, index].into_iter().for_each(|e| visit(Node::Expr(*e))),
        Expr::Call(call) => {
            let CallExpr { callee, args, .. } = &**call;
            visit(Node::Expr(*callee));
            args.iter().for_each(|arg| visit(Node::Expr(arg.value)));
        }
        Expr::List { items, .. } => items.iter().for_each(|item| visit(Node::Expr(item.value))),
        Expr::Object(entries) => entries.iter().for_each(|entry| visit_entry(entry, visit)),
        Expr::Binary { left, right, .. } => [left, right].into_iter().for_each(|e| visit(Node::Expr(*e))),
        Expr::Unary { operand: value, .. } | Expr::Await(value) | Expr::Try(value) | Expr::Cast { value, .. } => {
            visit(Node::Expr(*value));
        }
        Expr::Conditional { test, then, otherwise } => {
            [test, then, otherwise].into_iter().for_each(|e| visit(Node::Expr(*e)));
        }
        Expr::Yield(value) => value.iter().for_each(|e| visit(Node::Expr(*e))),
        Expr::Assign { target, value } => {
            visit(Node::Expr(*value));
            visit(Node::Pattern(target));
        }
        Expr::Comprehension { key, element, clauses, .. } => {
            for clause in clauses {
                visit(Node::Expr(clause.iter));
                visit(Node::Pattern(&clause.pattern));
                clause.tests.iter().for_each(|test| visit(Node::Expr(*test)));
            }
            key.iter().chain([element]).for_each(|e| visit(Node::Expr(*e)));
        }
        Expr::Block(block) => visit(Node::Block(block)),
        Expr::Jsx { tag, attrs, children } => {
            visit(Node::Expr(*tag));
            attrs.iter().for_each(|entry| visit_entry(entry, visit));
            children.iter().for_each(|child| visit(Node::Expr(*child)));
        }
        Expr::Opaque(parts) => parts.iter().for_each(|part| visit(Node::Expr(*part))),
    }
}

fn visit_entry<'a>(entry: &Entry, visit: &mut dyn FnMut(Node<'a>)) {
    if let Key::Computed(key) = entry.key {
        visit(Node::Expr(key));
    }
    visit(Node::Expr(entry.value));
}

impl Stmt {
    /// Calls `visit` with each direct child of the statement, in source order.
    pub fn for_each_child<'a>(&'a self, visit: &mut dyn FnMut(Node<'a>)) {
        match &self.kind {
            StmtKind::Expr(e) | StmtKind::Value(e) | StmtKind::Assert(e) | StmtKind::Delete(e) => visit(Node::Expr(*e)),
            StmtKind::Assign { targets, value, .. } => {
                value.iter().for_each(|e| visit(Node::Expr(*e)));
                targets.iter().for_each(|p| visit(Node::Pattern(p)));
            }
            StmtKind::Return(e) | StmtKind::Raise(e) => e.iter().for_each(|e| visit(Node::Expr(*e))),
            StmtKind::If { test, then, otherwise } => {
                visit(Node::Expr(*test));
                visit(Node::Block(then));
                visit(Node::Block(otherwise));
            }
            StmtKind::Loop { pattern, subject, body, .. } => {
                subject.iter().for_each(|e| visit(Node::Expr(*e)));
                pattern.iter().for_each(|p| visit(Node::Pattern(p)));
                visit(Node::Block(body));
            }
            StmtKind::Match { subject, arms } => {
                visit(Node::Expr(*subject));
                for arm in arms {
                    visit(Node::Pattern(&arm.pattern));
                    arm.guard.iter().for_each(|e| visit(Node::Expr(*e)));
                    visit(Node::Block(&arm.body));
                }
            }
            StmtKind::Try { body, handlers, finally } => {
                visit(Node::Block(body));
                for handler in handlers {
                    handler.types.iter().for_each(|e| visit(Node::Expr(*e)));
                    handler.pattern.iter().for_each(|p| visit(Node::Pattern(p)));
                    visit(Node::Block(&handler.body));
                }
                visit(Node::Block(finally));
            }
            StmtKind::With { items, body } => {
                for (value, pattern) in items {
                    visit(Node::Expr(*value));
                    pattern.iter().for_each(|p| visit(Node::Pattern(p)));
                }
                visit(Node::Block(body));
            }
            StmtKind::Block(body) => visit(Node::Block(body)),
            StmtKind::Function(_) | StmtKind::Class(_) | StmtKind::Global(_) | StmtKind::Break | StmtKind::Continue => {
            }
        }
    }
}

impl Pattern {
    /// Calls `visit` with each direct child of the pattern.
    pub fn for_each_child<'a>(&'a self, visit: &mut dyn FnMut(Node<'a>)) {
        match self {
            Pattern::Name(..) | Pattern::Wild => {}
            Pattern::Place(e) | Pattern::Literal(e) => visit(Node::Expr(*e)),
            Pattern::List(items) | Pattern::Variant { items, .. } | Pattern::Or(items) => {
                items.iter().for_each(|p| visit(Node::Pattern(p)));
            }
            Pattern::Rest(inner) | Pattern::Bind(_, inner) => visit(Node::Pattern(inner)),
            Pattern::Object { fields, .. } => fields.iter().for_each(|(_, p)| visit(Node::Pattern(p))),
            Pattern::Default(inner, e) => {
                visit(Node::Pattern(inner));
                visit(Node::Expr(*e));
            }
        }
    }

    /// Calls `visit` with each variable the pattern binds.
    pub fn for_each_name(&self, visit: &mut dyn FnMut(crate::intern::Name)) {
        if let Pattern::Name(name, _) | Pattern::Bind(name, _) = self {
            visit(*name);
        }
        self.for_each_child(&mut |node| {
            if let Node::Pattern(inner) = node {
                inner.for_each_name(visit);
            }
        });
    }
}

/// Visits every statement and expression of a block, nested ones included, each before its children.
pub fn walk_block<'a>(
    facts: &'a FileFacts,
    block: &'a Block,
    on_stmt: &mut dyn FnMut(&'a Stmt),
    on_expr: &mut dyn FnMut(ExprId),
) {
    for stmt in block {
        on_stmt(stmt);
        stmt.for_each_child(&mut |node| walk_node(facts, node, on_stmt, on_expr));
    }
}

/// Visits every statement of a block, nested ones included, each before its children.
pub fn walk_stmts<'a>(facts: &'a FileFacts, block: &'a Block, on_stmt: &mut dyn FnMut(&'a Stmt)) {
    if facts.language != Language::Python {
        return walk_block(facts, block, on_stmt, &mut |_| {});
    }
    // No statement of Python stands in an expression.
    for stmt in block {
        on_stmt(stmt);
        stmt.for_each_child(&mut |node| {
            if let Node::Block(inner) = node {
                walk_stmts(facts, inner, on_stmt);
            }
        });
    }
}

fn walk_node<'a>(
    facts: &'a FileFacts,
    node: Node<'a>,
    on_stmt: &mut dyn FnMut(&'a Stmt),
    on_expr: &mut dyn FnMut(ExprId),
) {
    match node {
        Node::Expr(id) => {
            on_expr(id);
            for_each_child(facts.expr(id), &mut |child| walk_node(facts, child, on_stmt, on_expr));
        }
        Node::Block(block) => walk_block(facts, block, on_stmt, on_expr),
        Node::Pattern(pattern) => {
            pattern.for_each_child(&mut |child| walk_node(facts, child, on_stmt, on_expr));
        }
    }
}

/// Every expression of a block in source order, nested ones included.
pub fn exprs_in_block(facts: &FileFacts, block: &Block) -> Vec<ExprId> {
    let mut found = Vec::new();
    walk_block(facts, block, &mut |_| {}, &mut |id| found.push(id));
    found
}
