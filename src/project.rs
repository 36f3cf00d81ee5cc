//! The program behind the files: modules, scopes, values, calls, entry points and LLM calls.
//!
//! Linking is a whole-program inclusion analysis (see [`solver`]): it finds out which functions, classes and library
//! objects each expression can stand for, across files, through fields, returns, closures and callbacks. It judges
//! nothing; rules do.

mod applied;
mod blocks;
mod bodies;
mod builtins;
mod dispatch;
mod entry;
mod eval;
mod generate;
mod handlers;
mod link;
mod linker;
mod modules;
mod nesting;
mod places;
mod program;
mod relay;
mod scope;
mod shadow;
mod solver;
mod urls;
mod value;
mod wildcards;

pub use blocks::block_values;
pub use entry::EntryPoint;
pub(crate) use entry::globs;
pub use link::{ApiCall, Edge, EdgeKind, Project, SiteId};
pub use linker::Site;
pub use modules::{Manifest, ModuleRef, Modules};
pub use program::{FileId, GClass, GExpr, GFn, Program, ProgramFile};
pub use relay::Callers;
pub use value::Value;
