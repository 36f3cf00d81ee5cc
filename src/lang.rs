//! Front ends: source text in, [`crate::ir::FileFacts`] out. Syntax trees live and die inside this module.
//!
//! A front end reads one file at a time and resolves nothing beyond it; it touches no disk and knows no library.

pub mod typescript;
