//! How rules look: one engine a kind of question. An engine knows no rule; cards hand it their parameters.

mod credential;
mod flow;
mod key;
mod reach;
mod value;

pub(crate) use value::hourly;

use super::card::{RuleCard, RuleError};
use super::run::{Context, Judged};

/// An engine: judges what one card asks about.
pub(super) type Engine = fn(&RuleCard, &Context<'_>, &mut Judged) -> Result<(), RuleError>;

/// All engines by the name that cards use.
pub(super) const ENGINES: &[(&str, Engine)] = &[
    ("credential", credential::run),
    ("flow", flow::run),
    ("key", key::run),
    ("reach", reach::run),
    ("value", value::run),
];
