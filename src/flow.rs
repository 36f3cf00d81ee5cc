//! Data flow, asked backwards: where can the value of an expression come from?
//!
//! A trace starts at a sink and follows definitions, fields, literals, returns and arguments until a question of the
//! caller's is answered. Calls are matched with their returns; entry points' parameters are where outside data begins.
//! What a value is called, and which origin matters, is the caller's business (see the `flow` engine of rules).
//!
//! Prompts are asked about often and by many, so all that becomes text of one is kept as a graph: [`Region`].

mod defs;
mod guard;
mod holders;
mod index;
mod members;
mod message;
mod pieces;
mod prompt;
mod region;
mod text;
mod trace;

pub use index::FlowIndex;
pub use message::message;
pub use pieces::{Piece, named_holes};
pub use prompt::{Slot, is_builder};
pub use region::{Reached, Region, Spot};
pub(crate) use text::{drops_value, is_measure, keeps_text, masks};
pub use trace::{Node, Origin, Query, Reach, Trail, Turn, Way};
