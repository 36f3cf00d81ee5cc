//! Decorators that a program applies by a call instead of writing them above a function.

use super::link::{Project, SiteId};
use super::program::GExpr;
use super::value::Value;
use crate::ir::{Expr, FileFacts};

impl Project {
    /// The site of the decorator that a call applies to a function: of `router.post("/ask")` in
    /// `router.post("/ask")(answer)`, and the call itself in `app.before_request(check)`. What stands above a function is
    /// found there and not here.
    pub fn applied_decorator(&self, id: SiteId) -> Option<SiteId> {
        let at = self.site(id).at;
        let facts = self.program.facts(at.file);
        let Expr::Call(call) = facts.expr(at.expr) else { return None };
        if self.site_at(at) != Some(id) {
            return None;
        }
        if let Expr::Call(_) = facts.expr(call.callee) {
            return self.site_at(GExpr { file: at.file, expr: call.callee });
        }
        let is_given = self.first_arg(id).iter().any(|value| matches!(value, Value::Fn(_)));
        (is_given && !is_written_above(facts, at)).then_some(id)
    }

    /// What the first argument of a call can be.
    pub(super) fn first_arg(&self, id: SiteId) -> Vec<Value> {
        self.args(id)
            .next()
            .filter(|(name, ..)| name.is_none())
            .map(|(_, values, _)| values.to_vec())
            .unwrap_or_default()
    }
}

fn is_written_above(facts: &FileFacts, at: GExpr) -> bool {
    facts.functions().any(|(_, function)| function.decorators.contains(&at.expr))
}
