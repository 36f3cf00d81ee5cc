//! Expressions.

use serde::{Deserialize, Serialize};

use super::{Block, ClassId, ExprId, FnId, Pattern, Type};
use crate::intern::Name;

/// One expression. Children are ids into the same file's arena.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Expr {
    /// A plain identifier.
    Name(Name),
    /// `self`, `this`, `cls` used as a method's own receiver.
    Receiver,
    /// `super` / `super()`.
    Super,
    /// A string literal, with escapes resolved.
    Str(Name),
    /// A number, as written.
    Num(Name),
    /// A truth value.
    Bool(bool),
    /// `None`, `null`, `undefined`, `()`.
    Null,
    /// A regular-expression literal.
    Regex(Name),
    /// An interpolated string: f-string, template literal, `format!`, `%` and `.format` stay what they are (binary, call).
    Template {
        /// Texts and holes in order.
        parts: Box<[Part]>,
        /// The function in front of a tagged template literal.
        tag: Option<ExprId>,
    },
    /// `base.name`, `base?.name`, `base::name`.
    Field {
        /// What is accessed.
        base: ExprId,
        /// The member's name.
        name: Name,
    },
    /// `base[index]`; slices have an [`Expr::Opaque`] index.
    Index {
        /// What is accessed.
        base: ExprId,
        /// Key or position.
        index: ExprId,
    },
    /// A call, construction or macro invocation. Struct literals are constructions with named arguments.
    Call(Box<CallExpr>),
    /// List, tuple, set, array literals.
    List {
        /// Which literal it was.
        kind: ListKind,
        /// Elements in order.
        items: Box<[Element]>,
    },
    /// Dictionary and object literals.
    Object(Box<[Entry]>),
    /// A binary operation, comparisons and logical operators included.
    Binary {
        /// The operator.
        op: BinaryOp,
        /// Left operand.
        left: ExprId,
        /// Right operand.
        right: ExprId,
    },
    /// A unary operation.
    Unary {
        /// The operator.
        op: UnaryOp,
        /// Operand.
        operand: ExprId,
    },
    /// `a if c else b`, `c ? a : b`.
    Conditional {
        /// Condition.
        test: ExprId,
        /// Value if true.
        then: ExprId,
        /// Value if false.
        otherwise: ExprId,
    },
    /// An anonymous function.
    Lambda(FnId),
    /// An anonymous class.
    Class(ClassId),
    /// `await x`, `x.await`.
    Await(ExprId),
    /// `yield x`, `yield* x`, `yield from x`.
    Yield(Option<ExprId>),
    /// `x?` of Rust: the value, or an early return.
    Try(ExprId),
    /// Assignment used as an expression: walrus, JavaScript's `a = b`, Rust's `if let`.
    Assign {
        /// What is bound.
        target: Box<Pattern>,
        /// The value.
        value: ExprId,
    },
    /// List, set, dict and generator comprehensions.
    Comprehension {
        /// Which collection it makes.
        kind: ListKind,
        /// The key of a dict comprehension.
        key: Option<ExprId>,
        /// The element (or value).
        element: ExprId,
        /// Its `for` and `if` parts.
        clauses: Box<[Clause]>,
    },
    /// A block with a value: Rust's `{ .. }`, `if`, `match`, `loop` in expression position. Its values are the
    /// [`super::StmtKind::Value`] statements in it.
    Block(Box<Block>),
    /// `x as T`, `<T>x`, `x!`, `cast(T, x)` of the language itself.
    Cast {
        /// The value.
        value: ExprId,
        /// The type it is taken for.
        ty: Box<Type>,
    },
    /// A JSX element; fragments have a `Null` tag.
    Jsx {
        /// Element or component: a `Str` for intrinsic elements, else an expression.
        tag: ExprId,
        /// Attributes, spreads included.
        attrs: Box<[Entry]>,
        /// Children that are expressions, elements or text.
        children: Box<[ExprId]>,
    },
    /// Anything else; only its parts matter.
    Opaque(Box<[ExprId]>),
}

/// The parts of a call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CallExpr {
    /// What is called; a `Field` chain for methods and paths.
    pub callee: ExprId,
    /// Arguments in order.
    pub args: Vec<Arg>,
    /// How it is called.
    pub kind: CallKind,
    /// Explicit type arguments (`f::<T>()`, `f<T>()`).
    pub types: Vec<Type>,
}

/// How a call is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CallKind {
    /// `f(x)`.
    Plain,
    /// `new F(x)`, and Rust struct literals `F { x: 1 }`.
    New,
    /// `f!(x)`; arguments of known macros are expressions, a format string is a [`Expr::Template`] with its holes.
    Macro,
}

/// One argument.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Arg {
    /// Keyword, struct field or macro field name.
    pub name: Option<Name>,
    /// The value.
    pub value: ExprId,
    /// `*args`, `**kwargs`, `...args`, `..rest`.
    pub spread: bool,
}

/// A piece of an interpolated string.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Part {
    /// Literal text.
    Text(Name),
    /// An inserted value; `spec` is what follows the colon or `!` (`?`, `r`, `.2f`).
    Hole {
        /// The inserted value.
        value: ExprId,
        /// Format specification, where there is one.
        spec: Option<Name>,
    },
}

/// An element of a list literal.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Element {
    /// The value.
    pub value: ExprId,
    /// Whether it is spread into the list.
    pub spread: bool,
}

/// A key of an object literal.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Key {
    /// A literal key.
    Name(Name),
    /// A computed key.
    Computed(ExprId),
    /// `...value` / `**value`.
    Spread,
}

/// An entry of an object literal. Methods are entries whose value is a [`Expr::Lambda`].
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Its key.
    pub key: Key,
    /// Its value.
    pub value: ExprId,
}

/// Which literal or comprehension made a collection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ListKind {
    /// Lists, arrays, vectors.
    List,
    /// Tuples.
    Tuple,
    /// Sets.
    Set,
    /// Dict comprehensions.
    Dict,
    /// Generator expressions.
    Generator,
}

/// A `for .. in .. if ..` part of a comprehension.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Clause {
    /// What each element is bound to.
    pub pattern: Pattern,
    /// What is iterated.
    pub iter: ExprId,
    /// Filters.
    pub tests: Vec<ExprId>,
}

/// Binary operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum BinaryOp {
    /// `+`: addition and concatenation.
    Add,
    /// `%`: remainder and Python string formatting.
    Rem,
    /// `|`: bitwise or, union types, pipelines.
    BitOr,
    /// `>>`, which some frameworks use for chaining.
    Shift,
    /// Any other arithmetic or bit operation.
    Arith,
    /// `==`, `===`, `is`.
    Eq,
    /// `!=`, `!==`, `is not`.
    NotEq,
    /// `<`.
    Less,
    /// `<=`.
    LessEq,
    /// `>`.
    Greater,
    /// `>=`.
    GreaterEq,
    /// `in`, and JavaScript's `in`.
    In,
    /// `not in`.
    NotIn,
    /// `and`, `&&`.
    And,
    /// `or`, `||`.
    Or,
    /// `??`.
    Coalesce,
    /// `instanceof`.
    InstanceOf,
    /// A range.
    Range,
}

/// Unary operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum UnaryOp {
    /// `not`, `!`.
    Not,
    /// `-`, `+`, `~`.
    Arith,
    /// `&x`, `&mut x`.
    Ref,
    /// `*x`.
    Deref,
    /// `typeof x`.
    TypeOf,
    /// `delete x`, `void x`.
    Discard,
}
