//! Data flow, asked backwards: where can the value of an expression come from?
//!
//! A trace starts at a sink and follows definitions, fields, literals, returns and arguments until a question of the
//! caller's is answered. Calls are matched with their returns; entry points' parameters are where outside data begins.
//! What a value is called, and which origin matters, is the caller's business (see the `flow` engine of rules).

mod defs;
mod index;
mod text;
mod trace;

pub use index::FlowIndex;
pub(crate) use text::{drops_value, is_measure, masks};
pub use trace::{Node, Origin, Query, Reach, Trail};
