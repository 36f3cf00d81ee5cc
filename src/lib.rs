//! Audits a repository that builds on large language models against a launch checklist.
//!
//! The stages form one line, and each sees only what stands left of it (`tests/layering.rs` holds the table):
//!
//! ```text
//! walk -> lang -> project -> flow -> rules -> filter -> checklist -> report -> cli
//! ```
//!
//! Invariants, written as absences: no syntax-tree type outside `lang`; no SDK or framework name in `src/` (library
//! knowledge is data in `rules/models`); no disk, clock or environment access outside `walk` and `cli`; nothing from a
//! hash map's order in any output; no secret's value in any output.

pub mod analysis;
pub mod catalogue;
pub mod checklist;
pub mod cli;
pub mod data;
pub mod embedded;
pub mod filter;
pub mod finding;
pub mod fingerprint;
pub mod flow;
pub mod intern;
pub mod inventory;
pub mod ir;
pub mod lang;
pub mod mask;
pub mod model;
pub mod project;
pub mod report;
pub mod rules;
pub mod settings;
pub mod source;
pub mod surface;
pub mod text;
pub mod walk;
