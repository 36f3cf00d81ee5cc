//! Settings of an LLM call as written: model, output bound, time-out.

use std::collections::BTreeMap;

use crate::ir::{Expr, UnaryOp};
use crate::model::{ModelSet, PlaceRoot, Setting};
use crate::project::{ApiCall, GExpr, Project};

/// The settings a call's own arguments state.
pub(super) fn of_call(project: &Project, models: &ModelSet, call: ApiCall) -> BTreeMap<Setting, String> {
    let mut found = BTreeMap::new();
    for (setting, places) in &models.calls[call.row as usize].places.settings {
        for place in places {
            if place.root == PlaceRoot::Fixed {
                found.entry(*setting).or_insert_with(|| "library default".to_owned());
            }
            if let Some(expr) = project.place_exprs(call.site, place).first() {
                found.insert(*setting, text(project, *expr, 0));
                break;
            }
        }
    }
    found
}

/// A literal's text, or the expression as written; names are followed to a literal.
pub(super) fn text(project: &Project, at: GExpr, depth: usize) -> String {
    let facts = project.program.facts(at.file);
    match facts.expr(at.expr) {
        Expr::Str(text) => text.to_string(),
        Expr::Num(text) => text.to_string(),
        Expr::Unary { op: UnaryOp::Ref, operand } => text(project, GExpr { file: at.file, expr: *operand }, depth + 1),
        Expr::Name(_) if depth < 4 => match project.definitions(at).as_slice() {
            [one] => text(project, *one, depth + 1),
            _ => facts.show(at.expr),
        },
        _ => {
            let shown = facts.show(at.expr);
            if shown.chars().count() > 60 { shown.chars().take(59).chain(['…']).collect() } else { shown }
        }
    }
}

/// A number behind an expression, if it can be told.
pub(super) fn number(project: &Project, at: GExpr, depth: usize) -> Option<f64> {
    let facts = project.program.facts(at.file);
    match facts.expr(at.expr) {
        Expr::Num(text) => text.replace('_', "").trim_end_matches(|c: char| c.is_ascii_alphabetic()).parse().ok(),
        Expr::Name(_) if depth < 4 => project.definitions(at).iter().find_map(|d| number(project, *d, depth + 1)),
        Expr::Binary { op: crate::ir::BinaryOp::Arith, left, right } => {
            let left = number(project, GExpr { file: at.file, expr: *left }, depth + 1)?;
            let right = number(project, GExpr { file: at.file, expr: *right }, depth + 1)?;
            Some(left * right)
        }
        _ => None,
    }
}
