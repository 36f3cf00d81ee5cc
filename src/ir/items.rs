//! Functions, classes, types, imports and exports.

use serde::{Deserialize, Serialize};

use super::{Block, ClassId, ExprId, FnId, Pattern};
use crate::intern::Name;
use crate::source::Span;

/// A function, method, closure, or a file's top-level code.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Function {
    /// Its name; closures take the name of the variable or key they are bound to, if any.
    pub name: Option<Name>,
    /// What sort of function it is.
    pub kind: FnKind,
    /// The class, trait or object type it belongs to (methods only; methods of an `impl` are found through [`Impl`]).
    pub owner: Option<ClassId>,
    /// The function whose scope encloses it.
    pub parent: Option<FnId>,
    /// Parameters in order, the receiver (`self`, `&self`) left out.
    pub params: Vec<Param>,
    /// Declared return type.
    pub returns: Option<Type>,
    /// Decorators and attributes, outermost first.
    pub decorators: Vec<ExprId>,
    /// Its statements; an expression-bodied lambda is one `Return`, a Rust tail expression is a `Return`.
    pub body: Block,
    /// The whole function with its decorators.
    pub span: Span,
    /// From the `def`/`fn`/`export` keyword to the end of the signature: where findings about the function point.
    pub head: Span,
    /// Whether it is `async`.
    pub is_async: bool,
    /// Whether it yields.
    pub is_generator: bool,
    /// Whether it is a `@staticmethod`, `static` method or associated function without receiver.
    pub is_static: bool,
    /// Whether it has no body (interface, trait or abstract method).
    pub is_abstract: bool,
}

/// Sorts of function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FnKind {
    /// A file's top-level code.
    Module,
    /// A class body's own statements (Python, static blocks).
    ClassBody,
    /// A named function.
    Function,
    /// A method.
    Method,
    /// A constructor: `__init__`, `constructor`.
    Constructor,
    /// A property getter.
    Getter,
    /// A lambda, arrow function, function expression or Rust closure.
    Closure,
    /// A Rust `async` block: called where it stands or when spawned.
    AsyncBlock,
}

/// One parameter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Param {
    /// What the argument is bound to.
    pub pattern: Pattern,
    /// Declared type.
    pub ty: Option<Type>,
    /// Default value.
    pub default: Option<ExprId>,
    /// How it takes its argument.
    pub kind: ParamKind,
    /// Parameter decorators and attributes.
    pub decorators: Vec<ExprId>,
    /// Where it stands.
    pub span: Span,
}

impl Param {
    /// The parameter's name, if it is a plain one.
    pub fn name(&self) -> Option<Name> {
        fn of(pattern: &Pattern) -> Option<Name> {
            match pattern {
                Pattern::Name(name, _) | Pattern::Bind(name, _) => Some(*name),
                Pattern::Default(inner, _) => of(inner),
                _ => None,
            }
        }
        of(&self.pattern)
    }
}

/// How a parameter takes its argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ParamKind {
    /// By position or keyword.
    Plain,
    /// By keyword only.
    Keyword,
    /// `*args`, `...args`.
    Rest,
    /// `**kwargs`.
    KeywordRest,
}

/// A class, struct, enum, trait, interface or object type alias.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Class {
    /// Its name.
    pub name: Option<Name>,
    /// What sort it is.
    pub kind: ClassKind,
    /// The function whose scope encloses it.
    pub parent: Option<FnId>,
    /// Base classes as expressions (Python bases, JavaScript `extends`).
    pub bases: Vec<ExprId>,
    /// Keyword arguments of a Python class statement (`metaclass=..`, `table=True`).
    pub keywords: Vec<(Name, ExprId)>,
    /// Implemented interfaces, supertraits, the aliased type.
    pub implements: Vec<Type>,
    /// Annotated or initialised fields, struct fields, enum variants, interface members.
    pub fields: Vec<Field>,
    /// Methods.
    pub methods: Vec<FnId>,
    /// Decorators, attributes, derives.
    pub decorators: Vec<ExprId>,
    /// Other statements of a class body.
    pub body: Option<FnId>,
    /// The whole class.
    pub span: Span,
}

/// Sorts of class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ClassKind {
    /// A class.
    Class,
    /// A Rust struct or union.
    Struct,
    /// An enum; its variants are its fields.
    Enum,
    /// A Rust trait.
    Trait,
    /// A TypeScript interface.
    Interface,
    /// A type alias.
    Alias,
}

/// A field of a class.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Field {
    /// Its name; positional struct fields are `0`, `1`, ...
    pub name: Name,
    /// Its type.
    pub ty: Option<Type>,
    /// Its initial or default value.
    pub default: Option<ExprId>,
    /// Its decorators and attributes.
    pub decorators: Vec<ExprId>,
    /// Where it stands.
    pub span: Span,
}

/// A Rust `impl` block.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Impl {
    /// The type it is for.
    pub target: Type,
    /// The trait it implements.
    pub interface: Option<Type>,
    /// Its functions.
    pub methods: Vec<FnId>,
    /// Its attributes.
    pub decorators: Vec<ExprId>,
    /// The function whose scope encloses it (the module's for top-level blocks).
    pub parent: Option<FnId>,
    /// The whole block.
    pub span: Span,
}

/// A type as written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Type {
    /// A named type with its arguments: `dict[str, int]` is `Path([dict], [str, int])`; `a.b.C` has three segments.
    /// References, `mut`, lifetimes, `dyn` and `impl` are dropped; `T[]` is `Path([Array], [T])`, `[T]` in Rust likewise.
    Path(Vec<Name>, Vec<Type>),
    /// Any of several: `A | B`, `Optional[A]` is `Union([A, Null])`.
    Union(Vec<Type>),
    /// All of several: `A & B`, `impl A + B`.
    All(Vec<Type>),
    /// A tuple.
    Tuple(Vec<Type>),
    /// A function type with its return type.
    Function(Vec<Type>, Option<Box<Type>>),
    /// An object type with its members.
    Object(Vec<(Name, Type)>),
    /// A literal type.
    Literal(Name),
    /// Python's `Annotated[T, ...]`: the type and its metadata.
    Annotated(Box<Type>, Vec<ExprId>),
    /// `None`, `null`, `undefined`, `void`, `()`.
    Null,
    /// The type of a value: TypeScript's `typeof x`, and `z.infer<typeof schema>` as an argument.
    TypeOf(ExprId),
    /// Anything else.
    Unknown,
}

/// One imported name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Import {
    /// The module as written: `..a.b`, `./x`, `@scope/pkg/sub`, Rust's `crate::a::b`.
    pub module: Name,
    /// What is imported.
    pub kind: ImportKind,
    /// The local name it is bound to; `None` for side-effect and wildcard imports.
    pub local: Option<Name>,
    /// The function whose scope it binds in.
    pub scope: FnId,
    /// Whether it is only a type (`import type`, `if TYPE_CHECKING:`).
    pub type_only: bool,
    /// Where it stands.
    pub span: Span,
}

/// What an import binds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ImportKind {
    /// The module itself: `import a.b` binds `a` (`module` is then `a`, a second import row loads `a.b`), `import * as x`, `require()`.
    Module,
    /// A member of it.
    Member(Name),
    /// Its default export.
    Default,
    /// All its members: `from a import *`, `use a::*`.
    Wildcard,
    /// Nothing: the module is only loaded.
    SideEffect,
}

/// One exported name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Export {
    /// The name others import; `default` for the default export; `*` for a wildcard re-export.
    pub name: Name,
    /// The local name behind it; `None` if it comes from `from` or from `value`.
    pub local: Option<Name>,
    /// The module it is re-exported from, and the name there (`*` for the whole module).
    pub from: Option<(Name, Name)>,
    /// The exported expression (`export default expr`, `module.exports = expr`).
    pub value: Option<ExprId>,
    /// Where it stands.
    pub span: Span,
}
