//! The language-neutral facts of one source file: what every later stage sees instead of syntax trees.
//!
//! A front end in `lang` lowers a file to [`FileFacts`]: arenas of expressions, functions and classes that refer to
//! each other by index. It keeps what flow-sensitive questions need (statement order, branches, early exits, string
//! templates, literal shapes) and drops the rest. It knows no library and resolves no name: linking is `project`'s work.

mod build;
mod dump;
mod expr;
mod items;
mod stmt;
mod walk;

pub use build::{Builder, MAX_DEPTH};
pub use expr::{Arg, BinaryOp, CallExpr, CallKind, Clause, Element, Entry, Expr, Key, ListKind, Part, UnaryOp};
pub use items::{Class, ClassKind, Export, Field, FnKind, Function, Impl, Import, ImportKind, Param, ParamKind, Type};
pub use stmt::{Arm, Block, Decl, Handler, LoopKind, Pattern, Stmt, StmtKind};
pub use walk::{Node, exprs_in_block, for_each_child, walk_block, walk_stmts};

use serde::{Deserialize, Serialize};

use crate::intern::Name;
use crate::source::{Language, Span};

/// Index of an expression in its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ExprId(pub u32);

/// Index of a function in its file; [`FnId::MODULE`] is the top-level code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct FnId(pub u32);

impl FnId {
    /// The function that stands for a file's top-level statements.
    pub const MODULE: FnId = FnId(0);
}

/// Index of a class in its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ClassId(pub u32);

/// A comment that speaks to this tool (a suppression).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Comment {
    /// The comment's text without its markers.
    pub text: Name,
    /// Where it stands, markers included.
    pub span: Span,
}

/// Everything later stages know of one source file.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FileFacts {
    /// Path relative to the scanned root.
    pub path: Name,
    /// Source language.
    pub language: Language,
    /// Expressions; children are always at lower or higher indices of the same arena, never cyclic.
    pub exprs: Vec<Expr>,
    /// Where each expression stands; same length as `exprs`.
    pub spans: Vec<Span>,
    /// Functions; the first is the top-level code.
    pub functions: Vec<Function>,
    /// Classes, structs, enums, traits, interfaces and object types.
    pub classes: Vec<Class>,
    /// Rust `impl` blocks.
    pub impls: Vec<Impl>,
    /// Imports in source order, also those inside functions.
    pub imports: Vec<Import>,
    /// Names other files can import from this one (re-exports included).
    pub exports: Vec<Export>,
    /// Directives that stand first in a file or function body, such as `"use server"`, with the function they stand in.
    pub directives: Vec<(FnId, Name)>,
    /// Comments that hold the tool's name.
    pub comments: Vec<Comment>,
    /// Parts that the front end could not read and skipped.
    pub unreadable: Vec<Span>,
}

impl FileFacts {
    /// The expression behind an id.
    pub fn expr(&self, id: ExprId) -> &Expr {
        &self.exprs[id.0 as usize]
    }

    /// The expression inside of casts.
    pub fn uncast(&self, mut id: ExprId) -> ExprId {
        while let Expr::Cast { value, .. } = self.expr(id) {
            id = *value;
        }
        id
    }

    /// Where an expression stands.
    pub fn span(&self, id: ExprId) -> Span {
        self.spans[id.0 as usize]
    }

    /// The function behind an id.
    pub fn function(&self, id: FnId) -> &Function {
        &self.functions[id.0 as usize]
    }

    /// The class behind an id.
    pub fn class(&self, id: ClassId) -> &Class {
        &self.classes[id.0 as usize]
    }

    /// All functions with their ids.
    pub fn functions(&self) -> impl Iterator<Item = (FnId, &Function)> {
        self.functions.iter().zip(0..).map(|(f, i)| (FnId(i), f))
    }

    /// All classes with their ids.
    pub fn classes(&self) -> impl Iterator<Item = (ClassId, &Class)> {
        self.classes.iter().zip(0..).map(|(c, i)| (ClassId(i), c))
    }

    /// The text of a plain string literal.
    pub fn str_value(&self, id: ExprId) -> Option<Name> {
        match self.expr(id) {
            Expr::Str(text) => Some(*text),
            _ => None,
        }
    }
}
