//! Functions that wrap others: `withUser(handler)` gives back a function that calls the handler later.
//!
//! Calling contexts are not told apart, so what a wrapper calls would be every function that was ever wrapped. Instead the
//! result of the call that wraps is told to be what that call is given as well, place by place; the call graph leaves out the
//! call of the parameter (see `link`). A function that returns what a wrapper makes of its own parameter wraps as well.

use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::{Linker, Site};
use crate::intern::Name;
use crate::ir::{CallExpr, Expr, ExprId, FnId};
use crate::project::program::{FileId, GExpr, GFn, Program};
use crate::project::solver::{NodeId, Op};
use crate::project::value::Value;

/// How deep wrappers around wrappers are looked for in what is returned.
const MAX_DEPTH: usize = 6;

/// What is known before anything is linked.
#[derive(Debug)]
pub(super) struct Wrappers {
    /// Functions with functions inside, and those that return what a call makes of their parameters.
    factories: FxHashSet<GFn>,
    /// These calls.
    forwarding: FxHashSet<GExpr>,
}

impl Wrappers {
    pub(super) fn new(program: &Program) -> Self {
        let factories = (0..program.fn_count()).filter_map(|f| program.parent(GFn(f))).collect();
        Wrappers { factories, forwarding: FxHashSet::default() }
    }
}

impl Linker<'_> {
    /// Takes note of what a function returns: `return withError(handler)` makes a wrapper of what it is given itself.
    pub(in crate::project) fn note_returned(&mut self, file: FileId, scope: FnId, value: ExprId) {
        let of = self.program.gfn(file, scope);
        let mut calls = Vec::new();
        self.forwarding_calls(file, scope, value, MAX_DEPTH, &mut calls);
        if !calls.is_empty() {
            self.wrappers.factories.insert(of);
            self.wrappers.forwarding.extend(calls.into_iter().map(|expr| GExpr { file, expr }));
        }
    }

    /// The calls in what is returned that are given a parameter of the function.
    fn forwarding_calls(&self, file: FileId, scope: FnId, at: ExprId, depth: usize, found: &mut Vec<ExprId>) {
        let Some(depth) = depth.checked_sub(1) else { return };
        let facts = self.program.facts(file);
        let mut inner = |expr| self.forwarding_calls(file, scope, expr, depth, found);
        match facts.expr(at) {
            Expr::Await(value) | Expr::Cast { value, .. } | Expr::Try(value) => inner(*value),
            Expr::Conditional { then, otherwise, .. } => {
                inner(*then);
                inner(*otherwise);
            }
            Expr::Call(call) => {
                call.args.iter().for_each(|arg| inner(arg.value));
                if self.gives_parameter(file, scope, call) {
                    found.push(at);
                }
            }
            _ => {}
        }
    }

    fn gives_parameter(&self, file: FileId, scope: FnId, call: &CallExpr) -> bool {
        let facts = self.program.facts(file);
        call.args.iter().any(|arg| match facts.expr(facts.uncast(arg.value)) {
            Expr::Name(name) => self.is_parameter_of(file, scope, *name),
            _ => false,
        })
    }

    fn is_parameter_of(&self, file: FileId, scope: FnId, name: Name) -> bool {
        let mut is_bound = false;
        for param in &self.program.facts(file).function(scope).params {
            param.pattern.for_each_name(&mut |bound| is_bound |= bound == name);
        }
        is_bound
    }

    /// Has a call's result take on what the call is given, if what it calls turns out to make wrappers.
    pub(super) fn watch_wrappers(&mut self, site: u32, f: GFn) {
        if self.wrappers.factories.contains(&f) {
            let wraps = self.wraps(f);
            self.watch(wraps, Op::Wraps { site });
        }
    }

    /// Asks whether what a function returns was made inside of it.
    pub(in crate::project) fn watch_returned(&mut self, f: GFn, returns: NodeId) {
        if self.wrappers.factories.contains(&f) {
            self.watch(returns, Op::Returned { of: f });
        }
    }

    pub(super) fn apply_returned(&mut self, of: GFn, value: Value) {
        let is_made_inside = match value {
            Value::Fn(f) => std::iter::successors(self.program.parent(f), |f| self.program.parent(*f)).any(|f| f == of),
            // An object of closures, as far as can be told here.
            Value::Literal(_) => true,
            _ => false,
        };
        if is_made_inside {
            let wraps = self.wraps(of);
            self.graph.add(wraps, Value::Fn(of));
        }
    }

    /// Holds the function itself once it is known to make wrappers.
    fn wraps(&mut self, f: GFn) -> NodeId {
        self.graph.variable(f, Name::new("<wraps>"))
    }

    /// The result may be any function that the call is given, and holds the texts written in it: `urljoin(base, "/v1")`. A
    /// text that merely flows in is data to a function nobody described.
    ///
    /// What is handed on from a parameter in what a function returns is told where that function is called.
    pub(in crate::project) fn pass_args(&mut self, index: u32) {
        let Site { at, args, caller, result, written, .. } = &self.sites[index as usize];
        let (at, args, caller, result, written) = (*at, Arc::clone(args), *caller, *result, *written);
        for (position, (_, node, _)) in args.iter().enumerate() {
            if self.hands_on(at, caller, position, args.len()) {
                let wraps = self.wraps(caller);
                self.graph.add(wraps, Value::Fn(caller));
                continue;
            }
            let is_written = position < 32 && written & (1 << position) != 0;
            self.watch(*node, if is_written { Op::Passing { to: result } } else { Op::Callbacks { to: result } });
        }
    }

    /// Whether an argument of a forwarding call is a parameter of the function around it.
    fn hands_on(&self, at: GExpr, caller: GFn, position: usize, given: usize) -> bool {
        let facts = self.program.facts(at.file);
        let Expr::Call(call) = facts.expr(at.expr) else { return false };
        let arg =
            call.args.get(position).filter(|_| call.args.len() == given && self.wrappers.forwarding.contains(&at));
        arg.is_some_and(|arg| match facts.expr(facts.uncast(arg.value)) {
            Expr::Name(name) => self.is_parameter_of(at.file, self.program.local_fn(caller), *name),
            _ => false,
        })
    }
}
