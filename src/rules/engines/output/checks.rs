//! What a test that holds says about a value: is it one of a list, does it stay below a folder, is its host allowed?

use rustc_hash::FxHashSet;

use super::held::{Held, Holds, names};
use super::words::WORDS;
use crate::intern::Name;
use crate::ir::{BinaryOp, CallExpr, Expr, ExprId, FileFacts, StmtKind, UnaryOp, walk_stmts};
use crate::model::SinkKind;
use crate::project::{GExpr, GFn};
use crate::rules::run::Context;
use crate::source::Span;

/// How many functions deep checks are looked into.
const DEPTH: usize = 3;

/// A question: does what holds at a place confine a variable for a sort of sink?
pub(super) struct Asked<'a, 'c> {
    pub(super) cx: &'a Context<'c>,
    pub(super) holds: &'a Holds,
    pub(super) kind: SinkKind,
}

/// The variable in question: its function, and all local names that derive from it or that it derives from.
struct Subject<'f> {
    facts: &'f FileFacts,
    f: GFn,
    name: Name,
    kin: FxHashSet<Name>,
}

impl Subject<'_> {
    /// Whether an expression speaks of the variable.
    fn in_(&self, expr: ExprId) -> bool {
        let mut all = Vec::new();
        names(self.facts, expr, &mut all);
        all.contains(&self.name) || all.iter().any(|n| self.kin.contains(n))
    }
}

impl<'a> Asked<'a, '_> {
    /// What confines a variable where it is used in a function.
    pub(super) fn guard(&mut self, f: GFn, name: Name, used: Span) -> Option<String> {
        self.guard_at(f, name, used, 0)
    }

    fn guard_at(&mut self, f: GFn, name: Name, used: Span, depth: usize) -> Option<String> {
        let program = &self.cx.project.program;
        let holds = self.holds;
        let mut relevant = holds.of(program, f).iter().filter(|h| h.region.contains(used)).peekable();
        relevant.peek()?;
        let subject = self.subject(f, name);
        relevant.find_map(|h| self.says(&subject, h, depth))
    }

    fn subject(&self, f: GFn, name: Name) -> Subject<'a> {
        let program = &self.cx.project.program;
        let kin = self.holds.bound(program, f).kin(name);
        Subject { facts: program.facts(program.file_of(f)), f, name, kin }
    }

    /// The only expression that a local name is bound to.
    fn definition(&self, f: GFn, name: Name) -> Option<ExprId> {
        self.holds.bound(&self.cx.project.program, f).definition(name)
    }

    fn says(&mut self, subject: &Subject<'_>, held: &Held, depth: usize) -> Option<String> {
        if held.is_call {
            let Expr::Call(call) = subject.facts.expr(held.test) else { return None };
            return self.came_back(subject, held.test, call, depth);
        }
        self.condition(subject, held.test, held.truth, depth)
    }

    /// What a condition of a known truth says.
    fn condition(&mut self, subject: &Subject<'_>, test: ExprId, truth: bool, depth: usize) -> Option<String> {
        let facts = subject.facts;
        match facts.expr(test) {
            Expr::Unary { op: UnaryOp::Not, operand } => self.condition(subject, *operand, !truth, depth),
            Expr::Binary { op: op @ (BinaryOp::And | BinaryOp::Or), left, right } => {
                let left = self.condition(subject, *left, truth, depth);
                let is_each = (*op == BinaryOp::And) == truth;
                if is_each {
                    left.or_else(|| self.condition(subject, *right, truth, depth))
                } else {
                    left.and_then(|_| self.condition(subject, *right, truth, depth))
                }
            }
            Expr::Binary { op: op @ (BinaryOp::In | BinaryOp::NotIn), left, right } => {
                self.membership(subject, *left, *right, (*op == BinaryOp::In) == truth)
            }
            Expr::Binary { op: op @ (BinaryOp::Eq | BinaryOp::NotEq), left, right } => {
                if (*op == BinaryOp::Eq) == truth { self.equality(subject, *left, *right) } else { None }
            }
            Expr::Await(inner) | Expr::Try(inner) | Expr::Cast { value: inner, .. } => {
                self.condition(subject, *inner, truth, depth)
            }
            Expr::Call(call) => self.call(subject, test, call, truth, depth),
            Expr::Field { name, .. } if WORDS.is_private(name) => {
                (self.kind == SinkKind::Url && subject.in_(test) && truth == (name == "is_global"))
                    .then(|| "private addresses are refused".into())
            }
            Expr::Name(name) => {
                let value = self.definition(subject.f, *name)?;
                if depth > DEPTH { None } else { self.condition(subject, value, truth, depth + 1) }
            }
            _ => None,
        }
    }

    fn membership(&self, subject: &Subject<'_>, left: ExprId, right: ExprId, is_in: bool) -> Option<String> {
        let facts = subject.facts;
        if !is_in {
            // `".." not in path`: weak, but the way out of a folder is closed.
            let is_dots = facts.str_value(left).is_some_and(|t| t.starts_with(".."));
            return (self.kind == SinkKind::FilePath && is_dots && subject.in_(right))
                .then(|| "`..` is refused".into());
        }
        let is_text = matches!(facts.expr(right), Expr::Str(_) | Expr::Template { .. });
        (!is_text && subject.in_(left) && !subject.in_(right) && self.is_whole(subject, left))
            .then(|| format!("it is checked against `{}`", short(facts, right)))
    }

    fn equality(&self, subject: &Subject<'_>, left: ExprId, right: ExprId) -> Option<String> {
        let facts = subject.facts;
        for (a, b) in [(left, right), (right, left)] {
            if !subject.in_(a) || subject.in_(b) {
                continue;
            }
            let below = self.kind == SinkKind::FilePath && mentions(facts, a, &WORDS.below);
            let is_fixed = matches!(facts.expr(b), Expr::Str(text) if !text.is_empty());
            let is_host = self.kind == SinkKind::Url && mentions(facts, a, &WORDS.hosts);
            if below || (is_fixed && self.is_whole(subject, a)) || is_host {
                return Some("it is compared with a fixed value".into());
            }
        }
        None
    }

    /// Whether what is checked is the value as far as it matters: of a URL, its host.
    fn is_whole(&self, subject: &Subject<'_>, expr: ExprId) -> bool {
        let facts = subject.facts;
        if self.kind == SinkKind::Url {
            let is_host = |e: ExprId| mentions(facts, e, &WORDS.hosts);
            return match facts.expr(expr) {
                Expr::Name(name) => *name == subject.name || self.definition(subject.f, *name).is_some_and(is_host),
                _ => is_host(expr),
            };
        }
        match facts.expr(expr) {
            Expr::Field { name, .. } => name != "length",
            Expr::Call(call) => !matches!(facts.expr(call.callee), Expr::Name(n) if n == "len" || n == "type"),
            Expr::Unary { .. } => false,
            _ => true,
        }
    }

    fn call(
        &mut self,
        subject: &Subject<'_>,
        at: ExprId,
        call: &CallExpr,
        truth: bool,
        depth: usize,
    ) -> Option<String> {
        let facts = subject.facts;
        let (name, receiver) = match facts.expr(call.callee) {
            Expr::Name(name) => (name.as_str(), None),
            Expr::Field { base, name } => (name.as_str(), Some(*base)),
            _ => return None,
        };
        let in_args = call.args.iter().any(|a| subject.in_(a.value));
        let in_receiver = receiver.is_some_and(|r| subject.in_(r));
        if !in_args && !in_receiver {
            return None;
        }
        if let Some(found) = self.checker(subject, at, call, Some(truth), depth) {
            return Some(found);
        }
        if truth && (WORDS.contains.contains(name) || WORDS.lookups.contains(name)) && in_args && !in_receiver {
            let is_text = receiver.is_some_and(|r| matches!(facts.expr(r), Expr::Str(_)));
            let is_whole = call.args.iter().any(|a| subject.in_(a.value) && self.is_whole(subject, a.value));
            return (receiver.is_some() && !is_text && is_whole)
                .then(|| format!("it is checked against `{}`", receiver.map(|r| short(facts, r)).unwrap_or_default()));
        }
        if truth && WORDS.begins.contains(name) && in_receiver {
            return self.prefix(subject, receiver?, call);
        }
        if self.kind == SinkKind::FilePath && WORDS.below.contains(name) {
            return Some("it is kept below a folder".into());
        }
        if self.kind == SinkKind::FilePath
            && !truth
            && WORDS.begins.contains(name)
            && call.args.iter().any(|a| facts.str_value(a.value).is_some_and(|t| t.starts_with("..")))
        {
            return Some("it is kept below a folder".into());
        }
        if truth && WORDS.harmless.contains(name) {
            return Some(format!("`{name}` leaves harmless characters only"));
        }
        if truth && name == "isinstance" {
            let is_closed = call.args.get(1).is_some_and(|a| {
                let shown = facts.show(a.value);
                shown
                    .split(|c: char| !c.is_alphanumeric())
                    .filter(|w| !w.is_empty())
                    .all(|w| WORDS.closed_types.contains(w))
            });
            return is_closed.then(|| "it is a number".into());
        }
        if truth && WORDS.matches.contains(name) {
            return self.pattern(subject, name, receiver, call);
        }
        if self.kind == SinkKind::Url && WORDS.is_private(name) {
            return (!truth).then(|| "private addresses are refused".into());
        }
        None
    }

    fn prefix(&self, subject: &Subject<'_>, receiver: ExprId, call: &CallExpr) -> Option<String> {
        let facts = subject.facts;
        let arg = call.args.first()?.value;
        let texts: Vec<Name> = match facts.expr(arg) {
            Expr::Str(text) => vec![*text],
            Expr::List { items, .. } => items.iter().filter_map(|i| facts.str_value(i.value)).collect(),
            _ => Vec::new(),
        };
        match self.kind {
            SinkKind::Url => {
                let fixes = |t: &Name| t.split_once("://").is_some_and(|(_, rest)| rest.contains('/'));
                (!texts.is_empty() && texts.iter().all(fixes)).then(|| "its host is fixed".into())
            }
            SinkKind::FilePath => {
                let is_resolved = mentions(facts, receiver, &WORDS.resolves)
                    || self
                        .definition(subject.f, root_name(facts, receiver)?)
                        .is_some_and(|d| mentions(facts, d, &WORDS.resolves));
                (is_resolved && !subject.in_(arg)).then(|| "it is kept below a folder".into())
            }
            _ => None,
        }
    }

    /// A regular expression that the whole text must match and that allows few characters.
    fn pattern(&self, subject: &Subject<'_>, name: &str, receiver: Option<ExprId>, call: &CallExpr) -> Option<String> {
        let facts = subject.facts;
        let candidates = receiver.into_iter().chain(call.args.iter().map(|a| a.value)).collect::<Vec<_>>();
        let text = candidates.into_iter().find_map(|c| self.regex(subject, c, 0))?;
        let _ = facts;
        let is_anchored = name == "fullmatch"
            || (text.ends_with('$') || text.ends_with("\\Z"))
                && (name == "match" || text.starts_with('^') || text.starts_with("\\A"));
        let has_dots =
            text.replace("\\.", "").replace("[.", "[").contains(".*") || text.contains(".+") || text.contains("\\S");
        let fixes_host = self.kind == SinkKind::Url
            && text.starts_with('^')
            && text.split_once("//").is_some_and(|(_, rest)| rest.chars().next().is_some_and(char::is_alphanumeric));
        ((is_anchored && !has_dots) || fixes_host).then(|| "it is matched against a pattern".into())
    }

    fn regex(&self, subject: &Subject<'_>, at: ExprId, depth: usize) -> Option<Name> {
        let facts = subject.facts;
        match facts.expr(at) {
            Expr::Str(text) | Expr::Regex(text) => Some(Name::new(text.trim_matches('/'))),
            Expr::Name(name) if depth < 3 => {
                let file = self.cx.project.program.file_of(subject.f);
                let _ = name;
                let found = self.cx.project.definitions(GExpr { file, expr: at });
                found.into_iter().filter(|d| d.file == file).find_map(|d| self.regex(subject, d.expr, depth + 1))
            }
            Expr::Call(call) => call.args.first().and_then(|a| self.regex(subject, a.value, depth + 1)),
            _ => None,
        }
    }

    fn came_back(&mut self, subject: &Subject<'_>, at: ExprId, call: &CallExpr, depth: usize) -> Option<String> {
        let facts = subject.facts;
        let is_about = call.args.iter().any(|a| subject.in_(a.value));
        let receiver = match facts.expr(call.callee) {
            Expr::Field { base, name } => Some((*base, name.as_str())),
            _ => None,
        };
        if self.kind == SinkKind::FilePath
            && receiver.is_some_and(|(base, name)| name == "relative_to" && subject.in_(base))
        {
            return Some("it is kept below a folder".into());
        }
        if is_about { self.checker(subject, at, call, None, depth) } else { None }
    }

    /// A function of the program that checks its argument: what it says when it answers `truth`, or comes back at all.
    fn checker(
        &mut self,
        subject: &Subject<'_>,
        at: ExprId,
        call: &CallExpr,
        truth: Option<bool>,
        depth: usize,
    ) -> Option<String> {
        if depth >= DEPTH {
            return None;
        }
        let program = &self.cx.project.program;
        let site = self.cx.project.site_at(GExpr { file: program.file_of(subject.f), expr: at })?;
        let targets: Vec<GFn> =
            self.cx.project.callees(site).iter().flat_map(|v| self.cx.project.targets(*v)).take(3).collect();
        for target in targets {
            let function = program.function(target);
            let given = call.args.iter().enumerate().filter(|(_, a)| subject.in_(a.value));
            let names: Vec<Name> = given
                .filter_map(|(i, a)| match a.name {
                    Some(name) => Some(name),
                    None => function.params.get(i).and_then(|p| p.name()),
                })
                .collect();
            for name in names {
                if let Some(found) = self.answers(target, name, truth, depth + 1) {
                    return Some(found);
                }
            }
        }
        None
    }

    /// What a function's own tests say about a parameter when it answers `truth`, or when it comes back at all.
    fn answers(&mut self, f: GFn, name: Name, truth: Option<bool>, depth: usize) -> Option<String> {
        let program = &self.cx.project.program;
        let facts = program.facts(program.file_of(f));
        let function = program.function(f);
        let subject = self.subject(f, name);
        let Some(truth) = truth else {
            let holds = self.holds;
            let mut raised = holds.of(program, f).iter().filter(|h| h.by_raise);
            return raised.find_map(|h| self.says(&subject, h, depth));
        };
        let mut returns = Vec::new();
        let on_stmt = &mut |stmt: &crate::ir::Stmt| {
            if let StmtKind::Return(Some(e)) = stmt.kind {
                returns.push((e, stmt.span));
            }
        };
        walk_stmts(facts, &function.body, on_stmt);
        let mut found = None;
        let mut is_any = false;
        for (value, at) in returns {
            let constant = match facts.expr(value) {
                Expr::Bool(value) => Some(*value),
                Expr::Null => Some(false),
                _ => None,
            };
            if constant == Some(!truth) {
                continue;
            }
            is_any = true;
            let said = match constant {
                Some(_) => None,
                None => self.condition(&subject, value, truth, depth),
            };
            let said =
                said.or_else(|| self.guard_at(f, name, at, depth)).or_else(|| self.refuses_private(&subject, truth));
            found = Some(said?);
        }
        if is_any { found } else { None }
    }

    /// Whether a function answers the other way where it meets a private address, on some way.
    fn refuses_private(&self, subject: &Subject<'_>, truth: bool) -> Option<String> {
        if self.kind != SinkKind::Url {
            return None;
        }
        let mut is_refused = false;
        let on_stmt = &mut |stmt: &crate::ir::Stmt| match &stmt.kind {
            StmtKind::If { test, then, .. } if private(subject.facts, *test) => {
                is_refused |= then.iter().any(|s| match &s.kind {
                    StmtKind::Return(Some(e)) => matches!(subject.facts.expr(*e), Expr::Bool(b) if *b != truth),
                    StmtKind::Raise(_) => true,
                    _ => false,
                });
            }
            StmtKind::Return(Some(e)) if private(subject.facts, *e) => {
                let is_not = matches!(subject.facts.expr(*e), Expr::Unary { op: UnaryOp::Not, .. });
                is_refused |= is_not == truth;
            }
            _ => {}
        };
        let body = &self.cx.project.program.function(subject.f).body;
        walk_stmts(subject.facts, body, on_stmt);
        is_refused.then(|| "private addresses are refused".into())
    }
}

/// Whether an expression speaks of private networks.
fn private(facts: &FileFacts, expr: ExprId) -> bool {
    let own = match facts.expr(expr) {
        Expr::Name(n) | Expr::Field { name: n, .. } | Expr::Str(n) | Expr::Regex(n) => WORDS.is_private(n),
        _ => false,
    };
    own || {
        let mut inner = Vec::new();
        crate::ir::for_each_child(facts.expr(expr), &mut |node| {
            if let crate::ir::Node::Expr(e) = node {
                inner.push(e);
            }
        });
        inner.into_iter().any(|e| private(facts, e))
    }
}

/// Whether a member or function of some names is used in an expression.
fn mentions(facts: &FileFacts, expr: ExprId, words: &std::collections::BTreeSet<String>) -> bool {
    if let Expr::Field { name, .. } | Expr::Name(name) = facts.expr(expr)
        && words.contains(name.as_str())
    {
        return true;
    }
    let mut inner = Vec::new();
    crate::ir::for_each_child(facts.expr(expr), &mut |node| {
        if let crate::ir::Node::Expr(e) = node {
            inner.push(e);
        }
    });
    inner.into_iter().any(|e| mentions(facts, e, words))
}

fn root_name(facts: &FileFacts, expr: ExprId) -> Option<Name> {
    match facts.expr(expr) {
        Expr::Name(name) => Some(*name),
        Expr::Field { base, .. } | Expr::Index { base, .. } => root_name(facts, *base),
        Expr::Call(call) => {
            call.args.first().and_then(|a| root_name(facts, a.value)).or_else(|| root_name(facts, call.callee))
        }
        _ => None,
    }
}

fn short(facts: &FileFacts, expr: ExprId) -> String {
    match facts.expr(expr) {
        Expr::Name(_) | Expr::Field { .. } => super::super::flow::short(&facts.show(expr)),
        _ => "a list".into(),
    }
}
