//! Rules: what the tool claims about a repository.
//!
//! A rule is a card (`rules/<id>.yml`) and a page (`rules/<id>.md`); both are data. The page is what users read and what
//! tests run. This module knows no library: what a library does stands in models.

pub mod card;
pub mod configs;
pub mod credentials;
pub mod decisions;
mod engines;
pub mod imported;
pub mod page;
pub mod prompts;
pub mod run;
mod vocabulary;

pub(crate) use engines::hourly;
