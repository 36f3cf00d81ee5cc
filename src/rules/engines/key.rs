//! `key`: stores that callers share, and whether what one of them reads or writes there depends on who it is.
//!
//! One analysis for caches, conversation memory and retrieval: find the store, find what its keys or filters are made
//! from, and ask whether a part of that is the caller's. Every store gets a verdict, the ones in order too.

mod cache;
mod guard;
mod look;
mod memory;
mod retrieval;
mod shared;

use serde::Deserialize;

use crate::rules::card::{RuleCard, RuleError};
use crate::rules::run::{Context, Judged};
use look::Looker;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Params {
    store: Store,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Store {
    Cache,
    Memory,
    Retrieval,
}

pub(super) fn run(card: &RuleCard, cx: &Context<'_>, judged: &mut Judged) -> Result<(), RuleError> {
    let Params { store } = card.detect.params()?;
    let looker = Looker::new(cx);
    match store {
        Store::Cache => cache::run(card, &looker, judged),
        Store::Memory => memory::run(card, &looker, judged),
        Store::Retrieval => retrieval::run(card, &looker, judged),
    }
    Ok(())
}
