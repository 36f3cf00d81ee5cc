//! HTTP calls told apart by what they send, where their address stands in configuration alone.
//!
//! Only bodies that are written down count, and only where no path is: an application's pages send the same keys to its
//! own server. Addresses are the business of [`super::urls`].

use super::link::{Project, SiteId};
use super::program::GExpr;
use crate::intern::Name;
use crate::ir::{CallExpr, Expr, ExprId, FileFacts, Key};
use crate::model::ModelSet;

/// Names and wrapping calls followed to the literal.
const MAX_DEPTH: usize = 4;
/// Ends of files that run in a browser: what they ask is their own server.
const PAGES: [&str; 4] = [".tsx", ".jsx", ".vue", ".svelte"];

impl Project {
    /// Whether a request's body holds what asks a model to generate.
    pub(super) fn has_model_body(&self, models: &ModelSet, site: SiteId, call: &CallExpr) -> bool {
        let rows = &models.endpoints.bodies;
        let at = self.site(site).at;
        let path = self.program.facts(at.file).path;
        if rows.is_empty() || PAGES.iter().any(|end| path.as_str().ends_with(end)) {
            return false;
        }
        let facts = self.program.facts(at.file);
        let chained = chained_args(facts, at.expr);
        let mut bodies = Vec::new();
        for expr in call.args.iter().map(|arg| arg.value).chain(chained) {
            self.literals(GExpr { file: at.file, expr }, 0, &mut bodies);
        }
        bodies.into_iter().any(|body| {
            let holds = |key: &String| !self.entry_exprs(body, Some(Name::new(key)), 0).is_empty();
            rows.iter().any(|row| holds(&row.key) && row.with.iter().any(holds))
        })
    }

    /// Literals that an argument is or carries: by name, as an option, or through the call that writes it as text.
    fn literals(&self, at: GExpr, depth: usize, found: &mut Vec<GExpr>) {
        if depth > MAX_DEPTH {
            return;
        }
        let here = |expr: ExprId| GExpr { file: at.file, expr };
        match self.program.facts(at.file).expr(at.expr) {
            Expr::Object(entries) => {
                found.push(at);
                let options = entries.iter().filter(|entry| matches!(entry.key, Key::Name(_)));
                options.for_each(|entry| self.literals(here(entry.value), depth + 2, found));
            }
            Expr::Name(_) => self.definitions(at).into_iter().for_each(|d| self.literals(d, depth + 1, found)),
            Expr::Call(call) => {
                found.push(at);
                call.args.iter().for_each(|arg| self.literals(here(arg.value), depth + 1, found));
                if let Expr::Field { base, .. } = self.program.facts(at.file).expr(call.callee) {
                    self.literals(here(*base), depth + 1, found);
                }
            }
            Expr::Await(inner)
            | Expr::Try(inner)
            | Expr::Cast { value: inner, .. }
            | Expr::Unary { operand: inner, .. } => self.literals(here(*inner), depth, found),
            _ => {}
        }
    }
}

/// Arguments of the calls that a builder chain goes on with behind an expression.
fn chained_args(facts: &FileFacts, from: ExprId) -> Vec<ExprId> {
    let start = facts.span(from).start;
    let end = facts.span(from).end;
    let behind = facts.exprs.iter().zip(0u32..).filter_map(|(expr, index)| {
        let Expr::Call(call) = expr else { return None };
        let span = facts.span(ExprId(index));
        let is_behind = span.start == start && span.end > end && matches!(facts.expr(call.callee), Expr::Field { .. });
        is_behind.then(|| call.args.iter().map(|arg| arg.value))
    });
    behind.flatten().collect()
}
