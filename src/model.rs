//! What libraries do, as data: the schema of `rules/models/**.yml`, its checks, and the matcher the linker asks.
//!
//! The engine knows no library. It walks values through the program as *API paths* (`openai.OpenAI().chat.completions`)
//! and asks the [`Matcher`] which rows a path satisfies. This module resolves nothing in the audited program.

mod aliases;
mod check;
mod kinds;
mod matcher;
pub mod packages;
mod path;
mod place;
mod raw;

pub use aliases::{AliasFile, ProviderAliases};
pub use check::{CallPlaces, ModelError, ModelSet, Row, RowPlaces};
pub use kinds::{CallKind, ControlKind, Scope, Setting, SinkKind, SourceKind};
pub use matcher::{ApiId, ApiStep, Matcher, ObjectId, RowRef};
pub use path::{PathPattern, PatternStep, Root};
pub use place::{Place, PlaceRoot, PlaceStep};
pub use raw::{
    AttachRow, AttributeRow, BagRow, CallRow, ConditionRow, ControlRow, DependencyRow, EndpointFile, EntryRow, FlowRow,
    ModelFile, MountRow, OneOrMany, SinkRow, SourceRow, ValueRow,
};
