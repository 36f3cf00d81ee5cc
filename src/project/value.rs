//! What an expression's value can be, as far as linking needs to know.

use super::modules::ModuleRef;
use super::program::{GClass, GExpr, GFn};
use crate::intern::Name;
use crate::model::ApiId;

/// An abstract value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Value {
    /// A function of the program.
    Fn(GFn),
    /// A class of the program, as a value.
    Class(GClass),
    /// An instance of exactly this class.
    Instance(GClass),
    /// An instance of this class or any of its subclasses or implementors (declared types, receivers).
    Declared(GClass),
    /// A collection or object literal, by the place that makes it.
    Literal(GExpr),
    /// A module of the program.
    Module(ModuleRef),
    /// Something of a library.
    Api(ApiId),
    /// A library object told apart by the call that made it, because routers and applications must be.
    Made(ApiId, u32),
    /// A string of interest: it holds (part of) a URL of a model endpoint.
    Text(Name),
}
