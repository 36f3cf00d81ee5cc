//! Construction of [`FileFacts`] by the front ends: allocation in the arenas and the bound on nesting.

use super::{Class, ClassId, Expr, ExprId, FileFacts, FnId, FnKind, Function, Stmt};
use crate::intern::Name;
use crate::source::{Language, Span};

/// How deep expressions and blocks may nest before a front end lowers the rest as [`Expr::Opaque`] and records the span
/// as unreadable. Later stages recurse over facts, so this bounds their stack too.
pub const MAX_DEPTH: usize = 250;

/// Collects the facts of one file.
#[derive(Debug)]
pub struct Builder {
    /// What was collected so far.
    pub facts: FileFacts,
}

impl Builder {
    /// An empty file whose top-level function spans `whole`.
    pub fn new(path: &str, language: Language, whole: Span) -> Self {
        let module = Function::empty(FnKind::Module, None, whole);
        let facts = FileFacts {
            path: Name::new(path),
            language,
            exprs: Vec::new(),
            spans: Vec::new(),
            functions: vec![module],
            classes: Vec::new(),
            impls: Vec::new(),
            imports: Vec::new(),
            exports: Vec::new(),
            directives: Vec::new(),
            comments: Vec::new(),
            unreadable: Vec::new(),
        };
        Builder { facts }
    }

    /// Adds an expression.
    pub fn expr(&mut self, expr: Expr, span: Span) -> ExprId {
        let id = ExprId(u32::try_from(self.facts.exprs.len()).unwrap_or(u32::MAX));
        self.facts.exprs.push(expr);
        self.facts.spans.push(span);
        id
    }

    /// Reserves a function so that its id is known while its body is lowered.
    pub fn function(&mut self, function: Function) -> FnId {
        let id = FnId(u32::try_from(self.facts.functions.len()).unwrap_or(u32::MAX));
        self.facts.functions.push(function);
        id
    }

    /// A reserved function, to complete it.
    pub fn function_mut(&mut self, id: FnId) -> &mut Function {
        &mut self.facts.functions[id.0 as usize]
    }

    /// Reserves a class so that its id is known while its body is lowered.
    pub fn class(&mut self, class: Class) -> ClassId {
        let id = ClassId(u32::try_from(self.facts.classes.len()).unwrap_or(u32::MAX));
        self.facts.classes.push(class);
        id
    }

    /// A reserved class, to complete it.
    pub fn class_mut(&mut self, id: ClassId) -> &mut Class {
        &mut self.facts.classes[id.0 as usize]
    }

    /// Records a part that could not be read and stands for it as an opaque expression.
    pub fn unreadable(&mut self, span: Span) -> ExprId {
        self.facts.unreadable.push(span);
        self.expr(Expr::Opaque(Box::default()), span)
    }

    /// The finished facts, with the top-level statements.
    pub fn finish(mut self, top_level: Vec<Stmt>) -> FileFacts {
        self.facts.functions[0].body = top_level;
        self.facts
    }
}

impl Function {
    /// A function with nothing in it yet.
    pub fn empty(kind: FnKind, parent: Option<FnId>, span: Span) -> Self {
        Function {
            name: None,
            kind,
            owner: None,
            parent,
            params: Vec::new(),
            returns: None,
            decorators: Vec::new(),
            body: Vec::new(),
            span,
            head: span,
            is_async: false,
            is_generator: false,
            is_static: false,
            is_abstract: false,
        }
    }
}
