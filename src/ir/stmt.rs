//! Statements and patterns.

use serde::{Deserialize, Serialize};

use super::{BinaryOp, ClassId, ExprId, FnId, Type};
use crate::intern::Name;
use crate::source::Span;

/// Statements in order.
pub type Block = Vec<Stmt>;

/// One statement.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stmt {
    /// What it does.
    pub kind: StmtKind,
    /// Where it stands.
    pub span: Span,
}

/// What a statement does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum StmtKind {
    /// An expression for its effect.
    Expr(ExprId),
    /// The value of the innermost [`super::Expr::Block`] (a Rust tail expression, `break value`).
    Value(ExprId),
    /// A declaration or assignment. `a = b = v` has two targets.
    Assign {
        /// What is bound.
        targets: Vec<Pattern>,
        /// The value; `None` for a bare declaration.
        value: Option<ExprId>,
        /// The declared type.
        ty: Option<Type>,
        /// The operator of `+=` and the like.
        op: Option<BinaryOp>,
        /// How it was declared.
        decl: Decl,
    },
    /// `return`.
    Return(Option<ExprId>),
    /// `raise`, `throw`, and Rust macros that diverge (`panic!`, `bail!`).
    Raise(Option<ExprId>),
    /// `if`; `elif` chains nest in `otherwise`. A Rust `if let` has an [`super::Expr::Assign`] as test.
    If {
        /// Condition.
        test: ExprId,
        /// Taken if true.
        then: Block,
        /// Taken if false.
        otherwise: Block,
    },
    /// Any loop.
    Loop {
        /// Which loop.
        kind: LoopKind,
        /// What each element is bound to (`for` loops).
        pattern: Option<Pattern>,
        /// What is iterated, or the condition of a `while`.
        subject: Option<ExprId>,
        /// Its body (a Python `else` block stands after it).
        body: Block,
    },
    /// `match`, `switch`.
    Match {
        /// What is matched.
        subject: ExprId,
        /// Its arms; a `switch` arm that falls through holds its successors' statements too.
        arms: Vec<Arm>,
    },
    /// `try`.
    Try {
        /// Guarded statements (a Python `else` block is appended).
        body: Block,
        /// `except` / `catch` clauses.
        handlers: Vec<Handler>,
        /// `finally`.
        finally: Block,
    },
    /// `with`, `using`.
    With {
        /// Context managers and what they are bound to.
        items: Vec<(ExprId, Option<Pattern>)>,
        /// Its body.
        body: Block,
    },
    /// A nested function's definition.
    Function(FnId),
    /// A nested class's definition.
    Class(ClassId),
    /// A bare block.
    Block(Block),
    /// `assert`.
    Assert(ExprId),
    /// `del x`, `delete x`.
    Delete(ExprId),
    /// `global` / `nonlocal`.
    Global(Vec<Name>),
    /// `break`.
    Break,
    /// `continue`.
    Continue,
}

/// How a variable was declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Decl {
    /// Not at all: Python names, assignments to existing variables and fields.
    None,
    /// Block-scoped: `let`, `const`, Rust's `let`.
    Let,
    /// Function-scoped: `var`.
    Var,
    /// A Rust `const` or `static`.
    Static,
}

/// Kinds of loop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LoopKind {
    /// Over the elements of a collection or stream (`for`, `for of`, `async for`, `for await`).
    For,
    /// Over keys (`for in` of JavaScript).
    ForIn,
    /// While a condition holds; C-style `for` loops too, with their initialiser before the loop.
    While,
    /// Without a condition (`loop`, `while True`).
    Forever,
}

/// One arm of a `match`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Arm {
    /// What it matches.
    pub pattern: Pattern,
    /// Its `if` guard.
    pub guard: Option<ExprId>,
    /// Its body.
    pub body: Block,
}

/// One `except` / `catch` clause.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Handler {
    /// Exception types; empty catches all.
    pub types: Vec<ExprId>,
    /// What the exception is bound to.
    pub pattern: Option<Pattern>,
    /// Its body.
    pub body: Block,
}

/// What a value is bound to or matched against.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Pattern {
    /// A variable.
    Name(Name, Span),
    /// An existing place: `obj.field`, `xs[i]`.
    Place(ExprId),
    /// `a, b`, `[a, b]`, `(a, b)`: by position.
    List(Vec<Pattern>),
    /// `*rest`, `...rest` inside a list or object pattern.
    Rest(Box<Pattern>),
    /// `{a, b: c}`: by key. A Rust struct pattern has its path in `path`.
    Object {
        /// The constructor's path, outermost first; empty for plain objects.
        path: Vec<Name>,
        /// Key and what its value is bound to; a `Rest` pattern has an empty key.
        fields: Vec<(Name, Pattern)>,
    },
    /// `Some(x)`, `Point(x, y)`: constructor with positional parts.
    Variant {
        /// The constructor's path, outermost first.
        path: Vec<Name>,
        /// Its parts.
        items: Vec<Pattern>,
    },
    /// `pattern = default` of JavaScript.
    Default(Box<Pattern>, ExprId),
    /// `name @ pattern`, `pattern as name`.
    Bind(Name, Box<Pattern>),
    /// `a | b`.
    Or(Vec<Pattern>),
    /// A literal or path to compare with (`case`, Rust constants).
    Literal(ExprId),
    /// Anything (`_`, `default:`).
    Wild,
}
