//! Front ends: from the text of a file to facts. Syntax trees live and die here.
//!
//! One module a language lowers code to [`crate::ir::FileFacts`]; `config` reads structured data and `prompt` reads
//! prompts and templates, each into a tree of its own with byte spans. Nothing here resolves a name.

pub mod config;
pub mod prompt;
pub mod python;
pub mod rust;
pub mod typescript;
