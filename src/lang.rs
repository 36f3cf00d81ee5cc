//! Front ends: one a language, each lowering a file's text to [`crate::ir::FileFacts`].
//!
//! Syntax trees live and die here. A front end knows its language and that language's standard library, no other
//! library, and resolves no name across files. It never fails: what it cannot read becomes a notice.

pub mod rust;
