//! Handlers that a dispatcher hands its request on to.
//!
//! A server without a router of its own calls one function for every request; that function looks at the path and
//! returns what another one makes of the same request. Those are the ways in that people know, so they are the entry
//! points. A call counts if the dispatcher returns its result and gives it the request itself, not a reference to it:
//! helpers look at a request, handlers take it over.

use super::link::Project;
use super::program::{FileId, GExpr, GFn};
use super::value::Value;
use crate::intern::Name;
use crate::ir::{Block, Expr, ExprId, FnKind, StmtKind, walk_stmts};

/// How many dispatchers may stand behind each other.
const MAX_DEPTH: usize = 3;

impl Project {
    /// The functions a dispatcher hands its request on to, through further dispatchers; itself if it does not.
    pub(super) fn dispatched(&self, handler: GFn) -> Vec<GFn> {
        let mut found = Vec::new();
        self.follow(handler, 0, &mut found);
        found.sort_unstable();
        found.dedup();
        found
    }

    fn follow(&self, f: GFn, depth: usize, found: &mut Vec<GFn>) {
        let mut next = Vec::new();
        if depth < MAX_DEPTH {
            let mut requests = Vec::new();
            for param in &self.program.function(f).params {
                param.pattern.for_each_name(&mut |name| requests.push(name));
            }
            self.returned(self.program.file_of(f), &self.program.function(f).body, &requests, &mut next);
        }
        next.retain(|to| *to != f);
        if next.is_empty() {
            found.push(f);
        }
        for to in next {
            self.follow(to, depth + 1, found);
        }
    }

    /// Handlers whose results a block's `return`s and values are.
    fn returned(&self, file: FileId, block: &Block, requests: &[Name], found: &mut Vec<GFn>) {
        let mut values = Vec::new();
        super::blocks::values(block, &mut values);
        walk_stmts(self.program.facts(file), block, &mut |stmt| {
            if let StmtKind::Return(Some(e)) = stmt.kind {
                values.push(e);
            }
        });
        for value in values {
            self.result(file, value, requests, found);
        }
    }

    fn result(&self, file: FileId, at: ExprId, requests: &[Name], found: &mut Vec<GFn>) {
        let facts = self.program.facts(file);
        match facts.expr(at) {
            Expr::Await(e) | Expr::Try(e) | Expr::Cast { value: e, .. } => self.result(file, *e, requests, found),
            Expr::Block(block) => self.returned(file, block, requests, found),
            Expr::Conditional { then, otherwise, .. } => {
                self.result(file, *then, requests, found);
                self.result(file, *otherwise, requests, found);
            }
            Expr::Lambda(f) if facts.function(*f).kind == FnKind::AsyncBlock => {
                self.returned(file, &facts.function(*f).body, requests, found);
            }
            Expr::Call(call) => {
                let takes =
                    call.args.iter().any(|a| matches!(facts.expr(a.value), Expr::Name(n) if requests.contains(n)));
                let handlers = self.named_callees(GExpr { file, expr: at });
                if takes && !handlers.is_empty() {
                    found.extend(handlers);
                    return;
                }
                // What wraps the result: `Ok(handle(request).await)`, `handle(request).instrument(span)`.
                if let Expr::Field { base, .. } = facts.expr(call.callee) {
                    self.result(file, *base, requests, found);
                }
                for arg in &call.args {
                    self.result(file, arg.value, requests, found);
                }
            }
            _ => {}
        }
    }

    /// The program's own functions that a call may run.
    fn named_callees(&self, at: GExpr) -> Vec<GFn> {
        let callees = self.site_at(at).map_or(&[][..], |site| self.callees(site));
        let functions = callees.iter().filter_map(|v| if let Value::Fn(f) = v { Some(*f) } else { None });
        functions.filter(|f| self.program.function(*f).name.is_some()).collect()
    }
}
