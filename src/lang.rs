//! Front ends: one module a language, each lowering a file's text to facts.
//!
//! Syntax trees live and die in here; nothing outside sees one. A front end never fails: what it cannot read it skips,
//! records as unreadable and tells in a notice. It resolves no name and knows no library beyond its language's own.

pub mod config;
pub mod prompt;
