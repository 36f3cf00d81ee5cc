//! Which string literals become prompt text.
//!
//! From each place of a call that a model row says is prompt text, expressions are followed backwards: through
//! concatenation, templates, collections, names, members and the returns of the program's own functions. Parameters
//! are not followed to their callers, and of library calls only those that carry text on: methods of a text, and calls
//! of one argument.

mod names;

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashSet;

use crate::finding::Location;
use crate::intern::Name;
use crate::ir::{BinaryOp, CallExpr, Expr, ExprId, FnId, Key, Part, Pattern, StmtKind, walk_stmts};
use crate::model::{CallKind, ModelSet, SinkKind};
use crate::project::{FileId, GClass, GExpr, GFn, ModuleRef, Project, Value};
use crate::source::Span;

/// How far an expression is followed.
const DEEPEST: usize = 24;

/// Pieces of literal text by file, each with the call whose prompt it reaches.
#[derive(Clone, Debug, Default)]
pub(in crate::rules) struct PromptLiterals {
    by_path: BTreeMap<String, Vec<(Span, Location)>>,
    /// Literals that look like the name of a file, among them those that are arguments on the way.
    pub(super) file_names: BTreeSet<FileName>,
}

/// A literal that looks like the name of a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct FileName {
    /// As written; a `*` stands for a part that is filled in.
    pub(super) text: String,
    /// The file it stands in.
    pub(super) file: String,
    /// The call whose prompt it reaches.
    pub(super) call: Location,
}

impl PromptLiterals {
    pub(in crate::rules) fn of(project: &Project, models: &ModelSet) -> PromptLiterals {
        let mut search = Search {
            project,
            seen: FxHashSet::default(),
            names: FxHashSet::default(),
            call: None,
            found: PromptLiterals::default(),
        };
        for call in project.api_calls.iter().flatten() {
            if models.calls[call.row as usize].raw.is == Some(CallKind::PromptLoad) {
                search.loaded_by(project.site(call.site).at);
            }
            for (place, kind) in &models.calls[call.row as usize].places.sinks {
                if !is_prompt(*kind) {
                    continue;
                }
                search.call = Some(location(project, project.site(call.site).at));
                for expr in project.place_exprs(call.site, place) {
                    search.follow(expr, 0);
                }
            }
        }
        search.found
    }

    /// The call whose prompt holds a place.
    pub(in crate::rules) fn around(&self, path: &str, span: Span) -> Option<&Location> {
        let literals = self.by_path.get(path)?;
        literals.iter().find(|(literal, _)| literal.contains(span)).map(|(_, call)| call)
    }

    /// The literals of a file.
    pub(super) fn in_file(&self, path: &str) -> &[(Span, Location)] {
        self.by_path.get(path).map_or(&[], Vec::as_slice)
    }
}

fn is_prompt(kind: SinkKind) -> bool {
    matches!(kind, SinkKind::SystemPrompt | SinkKind::UserPrompt | SinkKind::AssistantPrompt | SinkKind::Messages)
}

fn location(project: &Project, at: GExpr) -> Location {
    let facts = project.program.facts(at.file);
    Location { path: facts.path.to_string(), span: facts.span(at.expr) }
}

struct Search<'a> {
    project: &'a Project,
    seen: FxHashSet<GExpr>,
    /// Names whose definitions were followed, by file and scope: to look them up reads the whole function.
    names: FxHashSet<(FileId, FnId, Name)>,
    call: Option<Location>,
    found: PromptLiterals,
}

impl Search<'_> {
    fn follow(&mut self, at: GExpr, depth: usize) {
        if depth > DEEPEST || !self.seen.insert(at) {
            return;
        }
        let project = self.project;
        let facts = project.program.facts(at.file);
        let next = |expr: ExprId| GExpr { file: at.file, expr };
        let parts: Vec<GExpr> = match facts.expr(at.expr) {
            Expr::Str(_) => {
                self.names_at(at, 0);
                return self.record(at.file, facts.span(at.expr));
            }
            Expr::Template { parts, .. } => return self.template(at, parts, depth),
            Expr::Name(name) => {
                let scope = project.scope_of(at.file, at.expr);
                let is_new = self.names.insert((at.file, scope, *name));
                if is_new { project.definitions_of(at.file, scope, *name, 0) } else { Vec::new() }
            }
            Expr::Field { base, name } => {
                let mut found = project.entry_exprs(next(*base), Some(*name), 0);
                found.extend(self.members(next(*base), *name));
                found
            }
            Expr::Index { base, index } => {
                // What a file of many texts was read into.
                self.names_at(next(*base), 1);
                project.entry_exprs(next(*base), facts.str_value(*index), 0)
            }
            Expr::Binary { op, left, right } if carries_text(*op) => vec![next(*left), next(*right)],
            Expr::Conditional { then, otherwise, .. } => vec![next(*then), next(*otherwise)],
            Expr::Await(inner) | Expr::Try(inner) | Expr::Cast { value: inner, .. } => vec![next(*inner)],
            Expr::Unary { operand: inner, .. } | Expr::Assign { value: inner, .. } => vec![next(*inner)],
            Expr::List { items, .. } => items.iter().map(|item| next(item.value)).collect(),
            Expr::Object(entries) => {
                entries.iter().filter(|e| !matches!(e.key, Key::Computed(_))).map(|e| next(e.value)).collect()
            }
            Expr::Comprehension { element, .. } => vec![next(*element)],
            Expr::Block(block) => values(facts, block).into_iter().map(next).collect(),
            Expr::Call(call) => {
                self.names_in(at.file, call, 0);
                self.call_parts(at, call)
            }
            _ => Vec::new(),
        };
        for part in parts {
            self.follow(part, depth + 1);
        }
    }

    /// The texts of a template, and what fills its holes.
    fn template(&mut self, at: GExpr, parts: &[Part], depth: usize) {
        let facts = self.project.program.facts(at.file);
        let whole = facts.span(at.expr);
        let holes = parts.iter().filter_map(|p| if let Part::Hole { value, .. } = p { Some(*value) } else { None });
        let holes: Vec<ExprId> = holes.collect();
        let mut start = whole.start;
        for hole in holes.iter().map(|hole| facts.span(*hole)).filter(|hole| whole.contains(*hole)) {
            // Arguments of a format macro stand behind its text, in any order.
            if hole.start >= start {
                self.record(at.file, Span { start, end: hole.start });
                start = hole.end;
            }
        }
        self.record(at.file, Span { start, end: whole.end });
        for expr in holes {
            self.follow(GExpr { file: at.file, expr }, depth + 1);
        }
    }

    /// What a call's result holds: what its function returns, or the text that a library call carries on.
    fn call_parts(&self, at: GExpr, call: &CallExpr) -> Vec<GExpr> {
        let next = |expr: ExprId| GExpr { file: at.file, expr };
        let facts = self.project.program.facts(at.file);
        let called = self.project.values(next(call.callee));
        let own: Vec<GFn> = called.iter().filter_map(|v| if let Value::Fn(f) = v { Some(*f) } else { None }).collect();
        if !own.is_empty() {
            return own.into_iter().flat_map(|function| self.returns(function)).collect();
        }
        let mut parts = Vec::new();
        let receiver = match facts.expr(call.callee) {
            Expr::Field { base, .. } => Some(next(*base)),
            _ => None,
        };
        let is_text = receiver.is_some_and(|receiver| self.is_text(receiver, 0));
        parts.extend(receiver.filter(|_| is_text || call.args.is_empty()));
        if is_text || call.args.len() == 1 {
            parts.extend(call.args.iter().map(|arg| next(arg.value)));
        }
        parts
    }

    /// Whether an expression is text as written, or a name for it.
    fn is_text(&self, at: GExpr, depth: usize) -> bool {
        let facts = self.project.program.facts(at.file);
        match facts.expr(at.expr) {
            Expr::Str(_) | Expr::Template { .. } => true,
            Expr::Binary { op, left, .. } if carries_text(*op) => {
                self.is_text(GExpr { file: at.file, expr: *left }, depth + 1)
            }
            Expr::Name(_) if depth < 4 => self.project.definitions(at).iter().any(|e| self.is_text(*e, depth + 1)),
            Expr::Field { base, name } if depth < 4 => {
                let members = self.members(GExpr { file: at.file, expr: *base }, *name);
                members.iter().any(|e| self.is_text(*e, depth + 1))
            }
            _ => false,
        }
    }

    /// What a module or a class gives a member's name.
    fn members(&self, base: GExpr, name: crate::intern::Name) -> Vec<GExpr> {
        let mut found = Vec::new();
        for value in self.project.values(base) {
            match value {
                Value::Module(ModuleRef::Scope(file, scope)) => {
                    found.extend(self.project.definitions_of(*file, *scope, name, 0));
                }
                Value::Class(class) | Value::Instance(class) | Value::Declared(class) => {
                    for class in self.project.ancestors(*class) {
                        let file = self.project.program.file_of_class(class);
                        let fields = self.project.program.class(class).fields.iter().filter(|f| f.name == name);
                        found.extend(fields.filter_map(|f| f.default).map(|expr| GExpr { file, expr }));
                        found.extend(self.assigned(class, name));
                    }
                }
                _ => {}
            }
        }
        found
    }

    /// What the methods of a class assign to a field of the receiver.
    fn assigned(&self, class: GClass, name: Name) -> Vec<GExpr> {
        let program = &self.project.program;
        let file = program.file_of_class(class);
        let facts = program.facts(file);
        let is_it = |target: &Pattern| match target {
            Pattern::Place(at) => match facts.expr(*at) {
                Expr::Field { base, name: field } => *field == name && matches!(facts.expr(*base), Expr::Receiver),
                _ => false,
            },
            _ => false,
        };
        let mut found = Vec::new();
        for method in &program.class(class).methods {
            let mut on_stmt = |stmt: &crate::ir::Stmt| match &stmt.kind {
                StmtKind::Assign { targets, value: Some(value), .. } if targets.iter().any(is_it) => found.push(*value),
                _ => {}
            };
            walk_stmts(facts, &program.function(program.gfn(file, *method)).body, &mut on_stmt);
        }
        found.into_iter().map(|expr| GExpr { file, expr }).collect()
    }

    fn returns(&self, function: GFn) -> Vec<GExpr> {
        let program = &self.project.program;
        let file = program.file_of(function);
        let found = values(program.facts(file), &program.function(function).body);
        found.into_iter().map(|expr| GExpr { file, expr }).collect()
    }

    fn record(&mut self, file: FileId, span: Span) {
        let Some(call) = &self.call else { return };
        let path = self.project.program.facts(file).path.to_string();
        self.found.by_path.entry(path).or_default().push((span, call.clone()));
    }
}

/// What a block returns or stands for.
fn values(facts: &crate::ir::FileFacts, block: &crate::ir::Block) -> Vec<ExprId> {
    let mut found = Vec::new();
    let mut on_stmt = |stmt: &crate::ir::Stmt| match &stmt.kind {
        StmtKind::Return(Some(value)) | StmtKind::Value(value) => found.push(*value),
        _ => {}
    };
    walk_stmts(facts, block, &mut on_stmt);
    found
}

fn carries_text(op: BinaryOp) -> bool {
    matches!(op, BinaryOp::Add | BinaryOp::Rem | BinaryOp::BitOr | BinaryOp::And | BinaryOp::Or | BinaryOp::Coalesce)
}
