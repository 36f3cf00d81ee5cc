//! Where a walk back from a harmful place goes on, and where something has taken the harm out of the value.

use std::cell::{Cell, RefCell};

use rustc_hash::FxHashMap;

use super::checks::Asked;
use super::sources::{Tools, function_at};
use super::words::WORDS;
use super::{types, urls};
use crate::flow::{Node, Turn, Way};
use crate::intern::Name;
use crate::ir::{BinaryOp, CallExpr, Expr, ExprId, Key, Pattern};
use crate::model::{ControlKind, RowRef, SinkKind};
use crate::project::{GExpr, GFn, Project, SiteId, Value};
use crate::rules::run::Context;
use crate::source::Span;

/// Whether a variable of a function is confined where it is used, for a sort of sink: many ways lead through one place.
pub(super) type Known = RefCell<FxHashMap<(GFn, Name, Span, SinkKind), bool>>;

/// The judgement of one harmful place's ways.
pub(super) struct Passing<'a, 'c> {
    cx: &'a Context<'c>,
    tools: &'a Tools,
    known: &'a Known,
    kind: SinkKind,
    guarded: Cell<bool>,
}

impl<'a, 'c> Passing<'a, 'c> {
    pub(super) fn new(cx: &'a Context<'c>, tools: &'a Tools, known: &'a Known, kind: SinkKind) -> Self {
        Passing { cx, tools, known, kind, guarded: Cell::new(false) }
    }

    /// Whether any way met a guard.
    pub(super) fn is_guarded(&self) -> bool {
        self.guarded.get()
    }

    fn stop(&self, guards: bool, otherwise: Turn) -> Turn {
        self.guarded.set(true);
        if guards { Turn::Stop } else { otherwise }
    }

    /// What the walk does at a place. Without `guards`, it passes what would stop it.
    pub(super) fn turn(&self, way: Way<'_>, guards: bool) -> Turn {
        let places: Vec<Node> = way.take(40).collect();
        match places.first() {
            Some(Node::Expr(at)) => self.expr(*at, &places, guards),
            Some(Node::Param(f, index, name)) => self.param(*f, *index, *name, &places, guards),
            None => Turn::Follow,
        }
    }

    fn param(&self, f: GFn, index: usize, name: Name, places: &[Node], guards: bool) -> Turn {
        let is_confined = self.tools.argument(self.cx, f, index, name, self.kind).is_some_and(|c| c.is_some());
        let closed = || {
            let param = &self.cx.project.program.function(f).params[index];
            let file = self.cx.project.program.file_of(f);
            param.name() == Some(name) && param.ty.as_ref().is_some_and(|ty| types::closed(self.cx, file, ty).is_some())
        };
        if is_confined || closed() || self.is_checked(f, name, places) {
            return self.stop(guards, Turn::Follow);
        }
        Turn::Follow
    }

    fn expr(&self, at: GExpr, places: &[Node], guards: bool) -> Turn {
        let facts = self.cx.project.program.facts(at.file);
        let here = |expr: ExprId| GExpr { file: at.file, expr };
        match facts.expr(at.expr) {
            Expr::Name(name) => {
                let (f, _) = function_at(self.cx, at);
                if self.is_key(at, f, *name) {
                    return Turn::Stop;
                }
                if self.is_checked(f, *name, places) { self.stop(guards, Turn::Follow) } else { Turn::Follow }
            }
            Expr::Field { base, name } => self.field(at, *base, *name, places, guards),
            Expr::Index { base, index } => match facts.str_value(*index) {
                Some(key) => self.field(at, *base, key, places, guards),
                None => Turn::Follow,
            },
            Expr::Template { .. } | Expr::Binary { op: BinaryOp::Add | BinaryOp::Rem, .. }
                if self.kind == SinkKind::Url =>
            {
                match urls::host_parts(self.cx, at) {
                    Some((parts, true)) if parts.is_empty() && guards => self.stop(true, Turn::Stop),
                    Some((parts, is_fixed)) => {
                        if is_fixed {
                            self.guarded.set(true);
                        }
                        if guards { Turn::Only(parts) } else { Turn::Follow }
                    }
                    None => Turn::Follow,
                }
            }
            Expr::Binary { op: BinaryOp::Arith, left, right } if self.kind == SinkKind::FilePath => {
                Turn::Only(vec![here(*left), here(*right)])
            }
            Expr::Call(call) => self.call(at, call, guards),
            Expr::Object(entries) => {
                let is_open = entries.iter().any(|e| !matches!(e.key, Key::Name(_)));
                match self.asked(places).filter(|_| !is_open) {
                    Some(key) => Turn::Only(self.cx.project.entry_exprs(at, Some(key), 0)),
                    None => Turn::Follow,
                }
            }
            _ => Turn::Follow,
        }
    }

    /// The member of an object literal that the way to the sink takes, if it takes one right after names and parameters.
    fn asked(&self, places: &[Node]) -> Option<Name> {
        for pair in places.windows(2) {
            let (Node::Expr(before), Node::Expr(at)) = (pair[0], pair[1]) else { continue };
            match self.cx.project.program.facts(at.file).expr(at.expr) {
                Expr::Name(_) | Expr::Await(_) | Expr::Cast { .. } => {}
                Expr::Field { base, name } => return (*base == before.expr && at.file == before.file).then_some(*name),
                _ => return None,
            }
        }
        None
    }

    /// Whether a name is the key or number of an element, and not the element, in a loop over what the program wrote out.
    fn is_key(&self, at: GExpr, f: GFn, name: Name) -> bool {
        let facts = self.cx.project.program.facts(at.file);
        let span = facts.span(at.expr);
        let loops = self.cx.holds().bound(&self.cx.project.program, f).numbered.iter();
        // The innermost comes last.
        let mut around = loops.rev().filter(|(whole, first, _)| *first == name && whole.contains(span));
        let subject = around.find_map(|(_, _, subject)| match facts.expr(*subject) {
            Expr::Call(call) => Some(call),
            _ => None,
        });
        let Some(call) = subject else { return false };
        match facts.expr(call.callee) {
            Expr::Name(function) => function == "enumerate",
            Expr::Field { base, name: method } => {
                let of = match (method.as_str(), call.args.first()) {
                    ("items", _) => Some(*base),
                    ("entries", Some(arg)) => Some(arg.value),
                    _ => None,
                };
                let values = of.map(|e| self.cx.project.values(GExpr { file: at.file, expr: e }));
                values.is_some_and(|v| v.iter().any(|v| matches!(v, Value::Literal(_))))
            }
            _ => false,
        }
    }

    /// Whether a test that holds where the value is used, here or nearer to the sink in the same function, confines it.
    fn is_checked(&self, f: GFn, name: Name, places: &[Node]) -> bool {
        let program = &self.cx.project.program;
        let file = program.file_of(f);
        let span = program.function(f).span;
        for node in places {
            let Node::Expr(at) = node else { break };
            let here = program.facts(at.file).span(at.expr);
            let is_inside = at.file == file && (span.contains(here) || program.local_fn(f) == crate::ir::FnId::MODULE);
            if !is_inside {
                break;
            }
            if self.is_confined(f, name, here) {
                return true;
            }
        }
        false
    }

    fn is_confined(&self, f: GFn, name: Name, used: Span) -> bool {
        let key = (f, name, used, self.kind);
        if let Some(known) = self.known.borrow().get(&key) {
            return *known;
        }
        let mut asked = Asked { cx: self.cx, holds: self.cx.holds(), kind: self.kind };
        let is_confined = asked.guard(f, name, used).is_some();
        self.known.borrow_mut().insert(key, is_confined);
        is_confined
    }

    fn field(&self, at: GExpr, base: ExprId, name: Name, places: &[Node], guards: bool) -> Turn {
        let base = GExpr { file: at.file, expr: base };
        let facts = self.cx.project.program.facts(at.file);
        if WORDS.metadata.contains(name.as_str()) && self.is_answer(base) {
            return Turn::Stop;
        }
        for api in Project::apis(self.cx.project.values(at)) {
            for row in self.cx.project.matcher.rows(api) {
                if let RowRef::Value(row) = row
                    && self.cx.models.values[*row as usize].raw.sanitizes.contains(&self.kind)
                {
                    return self.stop(guards, Turn::Follow);
                }
            }
        }
        let mut known = Vec::new();
        for value in self.cx.project.values(base) {
            match value {
                Value::Instance(class) | Value::Declared(class) => {
                    let file = self.cx.project.program.file_of_class(*class);
                    let fields = &self.cx.project.program.class(*class).fields;
                    let ty = fields.iter().find(|f| f.name == name).and_then(|f| f.ty.as_ref());
                    if ty.is_some_and(|ty| types::closed(self.cx, file, ty).is_some()) {
                        return self.stop(guards, Turn::Follow);
                    }
                }
                Value::Literal(literal) => known.extend(self.cx.project.entry_exprs(*literal, Some(name), 0)),
                _ => {}
            }
        }
        // `arguments.path` of a tool whose schema confines `path`.
        if let Expr::Name(variable) = facts.expr(base.expr) {
            let (f, scope) = function_at(self.cx, base);
            let whole = self.tools.get(f).and_then(|t| t.whole);
            let is_whole =
                whole.and_then(|w| facts.function(scope).params.get(w)).is_some_and(|p| p.name() == Some(*variable));
            if is_whole && self.tools.field(self.cx, f, name, self.kind).is_some() {
                return self.stop(guards, Turn::Follow);
            }
            if self.is_checked(f, *variable, places) {
                return self.stop(guards, Turn::Follow);
            }
        }
        if known.is_empty() { Turn::Follow } else { Turn::Only(known) }
    }

    /// Whether an expression is a library's own answer object, whose members are described by the library.
    fn is_answer(&self, base: GExpr) -> bool {
        Project::apis(self.cx.project.values(base)).next().is_some()
    }

    fn call(&self, at: GExpr, call: &CallExpr, guards: bool) -> Turn {
        let facts = self.cx.project.program.facts(at.file);
        let Some(site) = self.cx.project.site_at(at) else { return Turn::Follow };
        let here = |expr: ExprId| GExpr { file: at.file, expr };
        let (name, receiver) = match facts.expr(call.callee) {
            Expr::Name(name) => (*name, None),
            Expr::Field { base, name } => (*name, Some(*base)),
            _ => return Turn::Follow,
        };
        let everything =
            || -> Vec<GExpr> { receiver.into_iter().chain(call.args.iter().map(|a| a.value)).map(here).collect() };
        if let Some(turn) = self.modelled(site, guards) {
            return turn;
        }
        let callees = self.cx.project.callees(site);
        let is_enum = callees.iter().any(|v| matches!(v, Value::Class(class) if types::is_enum_class(self.cx, *class)));
        if is_enum || (WORDS.rebuilds.contains(name.as_str()) && !self.is_program(site)) {
            return self.stop(guards, Turn::Only(everything()));
        }
        if self.is_program(site) {
            return Turn::Follow;
        }
        if WORDS.lookups.contains(name.as_str()) {
            let values = receiver.into_iter().chain(call.args.iter().skip(1).map(|a| a.value));
            return Turn::Only(values.map(here).collect());
        }
        if matches!(name.as_str(), "replace" | "replaceAll" | "sub")
            && (self.keeps_few_characters(facts, call) || self.drops_separators(at, call))
        {
            return self.stop(guards, Turn::Only(everything()));
        }
        if self.kind == SinkKind::Url
            && name == "format"
            && let Some((parts, is_fixed)) = urls::format_parts(self.cx, at)
        {
            if is_fixed {
                self.guarded.set(true);
            }
            return if guards { Turn::Only(parts) } else { Turn::Only(everything()) };
        }
        if matches!(name.as_str(), "replace" | "replaceAll" | "sub") {
            // A function that makes the replacements.
            let made: Vec<GExpr> = call.args.iter().flat_map(|a| answers(facts, a.value)).map(here).collect();
            if !made.is_empty() {
                return Turn::Only(receiver.map(here).into_iter().chain(made).collect());
            }
        }
        if name == "map" || name == "filter" || name == "flatMap" {
            // What comes out is what the function makes of the elements.
            let made: Vec<GExpr> = call.args.iter().filter_map(|a| lambda_result(facts, a.value)).map(here).collect();
            let mut parts = if made.is_empty() || name == "filter" { everything() } else { made };
            parts.dedup();
            return Turn::Only(parts);
        }
        let is_modelled = Project::apis(callees).any(|api| {
            self.cx
                .project
                .matcher
                .rows(api)
                .iter()
                .any(|r| matches!(r, RowRef::Call(row) if self.cx.models.calls[*row as usize].raw.is.is_some()))
        });
        if WORDS.extracts.contains(name.as_str()) && !is_modelled {
            return Turn::Only(everything());
        }
        Turn::Follow
    }

    /// Whether a call runs a function of the program.
    fn is_program(&self, site: SiteId) -> bool {
        self.cx.project.callees(site).iter().any(|v| self.cx.project.is_callable(*v))
    }

    /// What models say of a call: a sanitizer, a sandbox, a propagator that cleans for other sinks only.
    fn modelled(&self, site: SiteId, guards: bool) -> Option<Turn> {
        let mut passed = Vec::new();
        let mut is_clean = false;
        for api in Project::apis(self.cx.project.callees(site)) {
            for row in self.cx.project.matcher.rows(api) {
                match row {
                    RowRef::Call(row) => {
                        for (from, _, sanitizes) in &self.cx.models.calls[*row as usize].places.flows {
                            is_clean |= sanitizes.contains(&self.kind);
                            if !sanitizes.is_empty() {
                                passed.extend(self.cx.project.place_exprs(site, from));
                            }
                        }
                    }
                    RowRef::ControlCall(row) => {
                        is_clean |= self.cx.models.controls[*row as usize].raw.is == ControlKind::Sandbox;
                    }
                    _ => {}
                }
            }
        }
        if is_clean {
            let otherwise = if passed.is_empty() { Turn::Follow } else { Turn::Only(passed) };
            return Some(self.stop(guards, otherwise));
        }
        (!passed.is_empty()).then_some(Turn::Only(passed))
    }

    /// `INVALID.sub("", x)`, `x.replace(/[\/\\:]/g, "_")`: no way into another folder is left.
    fn drops_separators(&self, at: GExpr, call: &CallExpr) -> bool {
        if self.kind != SinkKind::FilePath {
            return false;
        }
        let facts = self.cx.project.program.facts(at.file);
        let receiver = match facts.expr(call.callee) {
            Expr::Field { base, .. } => Some(*base),
            _ => None,
        };
        let first = call.args.first().map(|a| a.value);
        let is_empty_way = call
            .args
            .iter()
            .skip(usize::from(first.is_some()))
            .any(|a| facts.str_value(a.value).is_some_and(|text| text.contains('/')));
        let mut patterns = receiver.into_iter().chain(first).filter_map(|expr| self.pattern(at, expr, 0));
        !is_empty_way
            && patterns.any(|pattern| {
                let is_class = pattern.starts_with('[') && !pattern.starts_with("[^") && pattern.contains('/');
                pattern == "/" || is_class
            })
    }

    /// The text of a pattern, written here or compiled elsewhere.
    fn pattern(&self, at: GExpr, expr: ExprId, depth: usize) -> Option<String> {
        let facts = self.cx.project.program.facts(at.file);
        match facts.expr(expr) {
            Expr::Str(text) => Some(text.to_string()),
            Expr::Regex(text) => {
                let body = text.strip_prefix('/')?;
                Some(body.rsplit_once('/').map_or(body, |(body, _)| body).to_owned())
            }
            Expr::Call(call) => self.pattern(at, call.args.first()?.value, depth + 1),
            Expr::Name(_) if depth < 3 => {
                let bound = self.cx.project.definitions(GExpr { file: at.file, expr });
                bound.into_iter().find_map(|d| self.pattern(d, d.expr, depth + 1))
            }
            _ => None,
        }
    }

    /// `re.sub("[^a-z]", "", x)`, `x.replace(/[^\w]/g, "")`: only the characters of a class are left.
    fn keeps_few_characters(&self, facts: &crate::ir::FileFacts, call: &CallExpr) -> bool {
        let Some(first) = call.args.first() else { return false };
        let pattern = match facts.expr(first.value) {
            Expr::Str(text) => text.as_str(),
            Expr::Regex(text) => text.trim_start_matches('/'),
            _ => return false,
        };
        let is_class = pattern.starts_with("[^") || pattern.starts_with("\\W");
        let keeps_dots = pattern.starts_with("[^") && pattern.contains('/');
        is_class && !(self.kind == SinkKind::FilePath && keeps_dots)
    }
}

/// What a function literal answers with.
fn answers(facts: &crate::ir::FileFacts, at: ExprId) -> Vec<ExprId> {
    let Expr::Lambda(id) = facts.expr(at) else { return Vec::new() };
    let mut found = Vec::new();
    let on_stmt = &mut |stmt: &crate::ir::Stmt| {
        if let crate::ir::StmtKind::Return(Some(e)) = stmt.kind {
            found.push(e);
        }
    };
    crate::ir::walk_stmts(facts, &facts.function(*id).body, on_stmt);
    found
}

/// The expression that a function literal answers with, if it is one.
fn lambda_result(facts: &crate::ir::FileFacts, at: ExprId) -> Option<ExprId> {
    let Expr::Lambda(id) = facts.expr(at) else { return None };
    match facts.function(*id).body.as_slice() {
        [stmt] => match stmt.kind {
            crate::ir::StmtKind::Return(Some(e)) => {
                let is_plain = facts.function(*id).params.iter().all(|p| matches!(p.pattern, Pattern::Name(..)));
                is_plain.then_some(e)
            }
            _ => None,
        },
        _ => None,
    }
}
