//! The classes that a value is declared to have.
//!
//! What the linker infers for a value can be more than it ever holds. A class's string form is believed only of values
//! that are annotated with the class, made by it, or returned by a function that says so.

use crate::flow::{FlowIndex, Node};
use crate::intern::Name;
use crate::ir::{Expr, FnId, Pattern, StmtKind, Type, walk_stmts};
use crate::project::{FileId, GExpr, GFn, Project, Value};
use crate::rules::vocabulary::words_of;

/// How many steps of names, calls and fields lead to a declaration.
const DEPTH: usize = 3;

/// The names of the innermost types that a place is declared to hold.
pub(super) fn declared(index: &FlowIndex<'_>, node: Node) -> Vec<Name> {
    let mut found = Vec::new();
    match node {
        Node::Param(f, at, _) => {
            let param = &index.project.program.function(f).params[at];
            param.ty.iter().filter(|_| param.name().is_some()).for_each(|ty| leaves(ty, &mut found));
        }
        Node::Expr(at) => of_expr(index.project, at, 0, &mut found),
    }
    found.sort_unstable();
    found.dedup();
    found
}

fn of_expr(project: &Project, at: GExpr, depth: usize, found: &mut Vec<Name>) {
    if depth > DEPTH {
        return;
    }
    let facts = project.program.facts(at.file);
    let inner = |expr, found: &mut Vec<Name>| of_expr(project, GExpr { file: at.file, expr }, depth + 1, found);
    match facts.expr(at.expr) {
        Expr::Name(name) if !is_error(name) => of_name(project, at, *name, depth, found),
        Expr::Field { base, name } => {
            for value in project.values(GExpr { file: at.file, expr: *base }) {
                let (Value::Instance(class) | Value::Declared(class)) = value else { continue };
                for owner in project.ancestors(*class) {
                    let fields = project.program.class(owner).fields.iter().filter(|f| f.name == *name);
                    fields.filter_map(|f| f.ty.as_ref()).for_each(|ty| leaves(ty, found));
                }
            }
        }
        Expr::Call(_) => {
            let Some(site) = project.site_at(at) else { return };
            // One function, not whatever is called the same.
            for callee in project.callees(site).iter().filter(|_| project.callees(site).len() == 1) {
                match callee {
                    Value::Class(class) => found.extend(project.program.class(*class).name),
                    Value::Fn(f) => project.program.function(*f).returns.iter().for_each(|ty| leaves(ty, found)),
                    _ => {}
                }
            }
        }
        Expr::Cast { value, ty } => {
            leaves(ty, found);
            inner(*value, found);
        }
        Expr::Await(e) | Expr::Try(e) | Expr::Unary { operand: e, .. } => inner(*e, found),
        _ => {}
    }
}

fn of_name(project: &Project, at: GExpr, name: Name, depth: usize, found: &mut Vec<Name>) {
    let scope = project.scope_of(at.file, at.expr);
    if let Some(owner) = project.binder(at.file, scope, name) {
        annotations(project, at.file, owner, name, found);
    }
    if found.is_empty() {
        project.definitions(at).into_iter().for_each(|d| of_expr(project, d, depth + 1, found));
    }
}

/// Annotations of a name where a function binds it.
fn annotations(project: &Project, file: FileId, owner: FnId, name: Name, found: &mut Vec<Name>) {
    let facts = project.program.facts(file);
    let function = facts.function(owner);
    let params = function.params.iter().filter(|p| p.name() == Some(name));
    params.filter_map(|p| p.ty.as_ref()).for_each(|ty| leaves(ty, found));
    let f: GFn = project.program.gfn(file, owner);
    walk_stmts(facts, &project.program.function(f).body, &mut |stmt| {
        if let StmtKind::Assign { targets, ty: Some(ty), .. } = &stmt.kind
            && targets.iter().any(|t| matches!(t, Pattern::Name(bound, _) if *bound == name))
        {
            leaves(ty, found);
        }
    });
}

/// Whether a name is that of an error, which a pattern takes out of a result of another type.
fn is_error(name: &str) -> bool {
    words_of(name).last().is_some_and(|w| matches!(w.as_str(), "e" | "err" | "error" | "ex" | "exc" | "exception"))
}

/// The innermost named types of a type: `Vec<Option<User>>` has `User`.
pub(super) fn leaves(ty: &Type, found: &mut Vec<Name>) {
    match ty {
        Type::Path(path, args) if args.is_empty() => found.extend(path.last().copied()),
        Type::Path(_, args) => args.iter().for_each(|a| leaves(a, found)),
        Type::Union(types) | Type::All(types) | Type::Tuple(types) => types.iter().for_each(|t| leaves(t, found)),
        Type::Annotated(inner, _) => leaves(inner, found),
        _ => {}
    }
}
