//! How rules look: one engine a kind of question. An engine knows no rule; cards hand it their parameters.

mod config;
mod credential;
mod decision;
mod evidence;
mod flow;
mod imported;
mod key;
mod output;
mod reach;
mod secrecy;
mod tool;
mod value;
mod words;

pub(super) use evidence::{Cases, Imports};
pub(super) use output::{Holds, Tools};
pub(crate) use value::hourly;

use super::card::{RuleCard, RuleError};
use super::run::{Context, Judged};

/// An engine: judges what one card asks about.
pub(super) type Engine = fn(&RuleCard, &Context<'_>, &mut Judged) -> Result<(), RuleError>;

/// Engines that ask for the texts of prompts, which take a while to gather: other cards are judged meanwhile.
pub(super) const ASK_FOR_TEXTS: &[&str] = &["flow", "text"];

/// All engines by the name that cards use.
pub(super) const ENGINES: &[(&str, Engine)] = &[
    ("config", config::run),
    ("credential", credential::run),
    ("decision", decision::run),
    ("evidence", evidence::run),
    ("flow", flow::run),
    ("imported", imported::run),
    ("key", key::run),
    ("output", output::run),
    ("reach", reach::run),
    ("text", secrecy::run),
    ("tool", tool::run),
    ("value", value::run),
];
