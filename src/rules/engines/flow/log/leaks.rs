//! Follows a logged value back to what makes it sensitive.

use std::cell::Cell;

use super::evidence::{Reader, Sort};
use super::records::{Form, Records};
use super::types;
use super::uses::Uses;
use super::words::WORDS;
use crate::flow::{FlowIndex, Node, Origin, Query, Reach, Trail};
use crate::intern::Name;
use crate::ir::{BinaryOp, Expr, Key, Part};
use crate::model::SourceKind;
use crate::project::{GClass, GExpr, Value};
use crate::rules::run::Context;
use crate::rules::vocabulary::{Sensitive, sensitive};
use crate::source::Language;

/// How many calls up or down a value is followed.
const DEPTH: usize = 2;
/// The same for objects: what one is made of far away says less about it.
const RECORD_DEPTH: usize = 1;

/// How many changes of form a value is followed through.
const MAX_NESTING: usize = 3;

/// How far an object is followed.
#[derive(Clone, Copy)]
struct Limits {
    depth: usize,
    nesting: usize,
}

/// A sensitive value that reaches a log.
#[derive(Clone, Debug)]
pub(super) struct Leak {
    pub(super) sort: Sort,
    /// What an object shows: its class and the member.
    pub(super) record: Option<(String, String)>,
    /// The entry of an object literal that it is.
    pub(super) entry: Option<Name>,
    pub(super) trail: Trail,
}

/// Finds leaks.
pub(super) struct Finder<'a> {
    cx: &'a Context<'a>,
    index: &'a FlowIndex<'a>,
    reader: Reader<'a>,
    records: Records<'a>,
    uses: Uses,
}

impl<'a> Finder<'a> {
    pub(super) fn new(cx: &'a Context<'a>, index: &'a FlowIndex<'a>) -> Self {
        let uses = Uses::new(cx, index);
        Finder { cx, index, reader: Reader { cx, index }, records: Records::new(cx), uses }
    }

    /// What leaks through a value: what grants access first.
    pub(super) fn leak(&self, start: Node, name: Option<Name>, is_own_logger: bool) -> Option<Leak> {
        let depth = if is_own_logger { 0 } else { DEPTH };
        // A field of a structured record: its name tells what the value is.
        if let (Some(name), Node::Expr(at)) = (name, start)
            && let Some(sort) = self.reader.labelled(&name, at)
        {
            let places = vec![(start, self.index.place(start))];
            let trail = Trail { origin: Origin::Named(sort.label().into()), places };
            return Some(Leak { sort, record: None, entry: Some(name), trail });
        }
        let by = |wanted: &dyn Fn(Sort) -> bool| {
            self.value(start, depth, wanted).or_else(|| self.record(start, depth.min(RECORD_DEPTH), wanted))
        };
        // Most of what is logged shows nothing of either kind, which one walk tells.
        by(&|_| true)?;
        by(&Sort::grants_access).or_else(|| by(&|sort| !sort.grants_access()))
    }

    /// A value that its name, its use or a library tells of.
    fn value(&self, start: Node, depth: usize, wanted: &dyn Fn(Sort) -> bool) -> Option<Leak> {
        let found = Cell::new(None);
        let named = |node: Node| {
            let used = self.uses.contains(self.cx.project, node).then_some(Sort::Credential);
            let sort = self.reader.sort(node).max(used).filter(|sort| wanted(*sort))?;
            if self.is_short_cut(node) {
                return None;
            }
            found.set(Some(sort));
            Some(sort.label().to_owned())
        };
        let wants = |origin: &Origin| match origin {
            Origin::Source(SourceKind::Headers) => wanted(Sort::Headers),
            Origin::Source(SourceKind::Personal) => wanted(Sort::Personal),
            _ => false,
        };
        let query = Query { named: &named, wants: &wants, depth, reach: Reach::Exact };
        let through = |node: Node| !self.is_short_cut(node) && !self.is_redacted(node) && !self.reader.is_other(node);
        let trail = self.index.trace_through(self.cx.models, start, &query, &through)?;
        let sort = match trail.origin {
            Origin::Source(SourceKind::Headers) => Sort::Headers,
            Origin::Source(_) | Origin::EntryParam(..) => Sort::Personal,
            Origin::Named(_) => found.get()?,
        };
        let entry = match trail.places[0].0 {
            Node::Expr(at) => self.reader.entry(at, sort),
            Node::Param(..) => None,
        };
        Some(Leak { sort, record: None, entry, trail })
    }

    /// A copy of an object whose secret entry is replaced by a text: `{...headers, Authorization: "hidden"}`.
    fn is_redacted(&self, node: Node) -> bool {
        let Node::Expr(at) = node else { return false };
        let facts = self.cx.project.program.facts(at.file);
        let Expr::Object(entries) = facts.expr(at.expr) else { return false };
        entries.iter().any(|e| e.key == Key::Spread)
            && entries.iter().any(|e| match e.key {
                Key::Name(key) => sensitive(&key) == Some(Sensitive::Credential) && facts.str_value(e.value).is_some(),
                _ => false,
            })
    }

    /// A slice of few characters, which is how masks by hand are written: `key[-4:]`.
    fn is_short_cut(&self, node: Node) -> bool {
        const FEW: usize = 4;
        let Node::Expr(at) = node else { return false };
        let facts = self.cx.project.program.facts(at.file);
        let number = |text: &str| text.parse::<usize>().is_ok_and(|n| n <= FEW);
        let mut bounds = Vec::new();
        match facts.expr(at.expr) {
            Expr::Index { index, .. } => match facts.expr(*index) {
                Expr::Opaque(parts) => bounds.extend(parts.iter().copied()),
                Expr::Binary { op: BinaryOp::Range, left, right } => bounds.extend([*left, *right]),
                _ => return false,
            },
            Expr::Call(call) => match facts.expr(call.callee) {
                Expr::Field { name, .. } if matches!(name.as_str(), "slice" | "substring" | "substr") => {
                    bounds.extend(call.args.iter().map(|a| a.value));
                }
                _ => return false,
            },
            _ => return false,
        }
        let is_few = |expr: &crate::ir::ExprId| match facts.expr(*expr) {
            Expr::Num(text) => number(text),
            Expr::Unary { operand, .. } => matches!(facts.expr(*operand), Expr::Num(text) if number(text)),
            Expr::Null => true,
            _ => false,
        };
        !bounds.is_empty() && bounds.iter().all(is_few)
    }

    /// An object whose text shows something.
    fn record(&self, start: Node, depth: usize, wanted: &dyn Fn(Sort) -> bool) -> Option<Leak> {
        let file = match start {
            Node::Expr(at) => at.file,
            Node::Param(f, ..) => self.cx.project.program.file_of(f),
        };
        let language = self.cx.project.program.language(file);
        // What is handed to a log as it is, is shown with its members where the language's loggers do so.
        let form = if language == Language::TypeScript { Form::Whole } else { Form::Text };
        let form = if matches!(start, Node::Param(..)) { Form::Whole } else { form };
        self.record_as(start, form, Limits { depth, nesting: 0 }, wanted)
    }

    fn record_as(&self, start: Node, form: Form, limits: Limits, wanted: &dyn Fn(Sort) -> bool) -> Option<Leak> {
        let found: std::cell::RefCell<Option<Leak>> = std::cell::RefCell::new(None);
        let named = |node: Node| {
            let leak = self.record_at(node, form, limits, wanted)?;
            let label = leak.sort.label().to_owned();
            *found.borrow_mut() = Some(leak);
            Some(label)
        };
        let query = Query { named: &named, wants: &|_| false, depth: limits.depth, reach: Reach::Exact };
        let through = |node: Node| !self.changes_form(node) && !self.makes_anew(node);
        let outer = self.index.trace_through(self.cx.models, start, &query, &through)?;
        let mut leak = found.into_inner()?;
        // The inner way ends where the outer one begins.
        leak.trail.places.extend(outer.places.into_iter().skip(1));
        leak.trail.origin = outer.origin;
        Some(leak)
    }

    fn record_at(&self, node: Node, form: Form, limits: Limits, wanted: &dyn Fn(Sort) -> bool) -> Option<Leak> {
        if let Node::Expr(at) = node
            && self.changes_form(node)
        {
            let inner = Limits { nesting: limits.nesting + 1, ..limits };
            if inner.nesting > MAX_NESTING {
                return None;
            }
            let mut leak = self.reformed(at, form).into_iter().find_map(|(expr, form)| {
                self.record_as(Node::Expr(GExpr { file: at.file, expr }), form, inner, wanted)
            })?;
            leak.trail.places.push((node, self.index.place(node)));
            return Some(leak);
        }
        for class in self.classes(node) {
            if let Some((sort, member)) = self.records.shown(class, form)
                && wanted(sort)
            {
                let name = self.cx.project.program.class(class).name.map_or_else(|| "object".into(), |n| n.to_string());
                let places = vec![(node, self.index.place(node))];
                let trail = Trail { origin: Origin::Named(sort.label().into()), places };
                return Some(Leak { sort, record: Some((name, member)), entry: None, trail });
            }
        }
        None
    }

    /// Whether an expression turns its parts into text of another form.
    fn changes_form(&self, node: Node) -> bool {
        let Node::Expr(at) = node else { return false };
        let facts = self.cx.project.program.facts(at.file);
        match facts.expr(at.expr) {
            Expr::Template { .. } | Expr::Binary { op: BinaryOp::Add, .. } => facts.language != Language::Python,
            Expr::Call(call) => match facts.expr(call.callee) {
                Expr::Name(name) | Expr::Field { name, .. } => WORDS.inspectors.contains(name.as_str()),
                _ => false,
            },
            _ => false,
        }
    }

    /// Whether a call makes something else of each element, as `users.map(u => u.id)` does.
    fn makes_anew(&self, node: Node) -> bool {
        let Node::Expr(at) = node else { return false };
        let facts = self.cx.project.program.facts(at.file);
        match facts.expr(at.expr) {
            // A function that says what it returns was asked already.
            Expr::Call(_) if self.states_its_type(at) => true,
            Expr::Call(call) => {
                let filters = matches!(facts.expr(call.callee), Expr::Field { name, .. } if *name == "filter");
                !filters && call.args.iter().any(|a| matches!(facts.expr(a.value), Expr::Lambda(_)))
            }
            _ => false,
        }
    }

    fn states_its_type(&self, at: GExpr) -> bool {
        let Some(site) = self.cx.project.site_at(at) else { return false };
        let functions = self.cx.project.callees(site).iter();
        let mut functions = functions.filter_map(|v| if let Value::Fn(f) = v { Some(*f) } else { None });
        functions.any(|f| self.cx.project.program.function(f).returns.is_some())
    }

    /// The parts of such an expression, with the form they take.
    fn reformed(&self, at: GExpr, form: Form) -> Vec<(crate::ir::ExprId, Form)> {
        let facts = self.cx.project.program.facts(at.file);
        match facts.expr(at.expr) {
            Expr::Template { parts, .. } => parts
                .iter()
                .filter_map(|part| match part {
                    Part::Hole { value, spec } => {
                        let is_debug = spec.is_some_and(|s| s.as_str().contains('?'));
                        Some((*value, if is_debug { Form::Whole } else { Form::Text }))
                    }
                    Part::Text(_) => None,
                })
                .collect(),
            Expr::Binary { left, right, .. } => vec![(*left, Form::Text), (*right, Form::Text)],
            Expr::Call(call) => call.args.iter().map(|a| (a.value, Form::Whole)).collect(),
            _ => vec![(at.expr, form)],
        }
    }

    /// The classes that a value is declared to have.
    fn classes(&self, node: Node) -> Vec<GClass> {
        let names = types::declared(self.index, node);
        if names.is_empty() {
            return Vec::new();
        }
        let program = &self.cx.project.program;
        let (values, file) = match node {
            Node::Expr(at) => (self.cx.project.values(at), at.file),
            Node::Param(f, _, name) => (self.cx.project.variable(f, name), program.file_of(f)),
        };
        let inferred = values.iter().filter_map(|v| match v {
            Value::Instance(class) | Value::Declared(class) => Some(*class),
            _ => None,
        });
        let is_named = |class: &GClass| program.class(*class).name.is_some_and(|n| names.contains(&n));
        let mut classes: Vec<GClass> = inferred.filter(is_named).collect();
        if classes.is_empty() {
            let language = program.language(file);
            classes.extend(names.iter().filter_map(|n| self.records.class_named(language, *n)));
        }
        classes
    }
}
