//! `decision`: what is wrong with decisions of the project file.
//!
//! Decisions are about what other rules find, so nothing can be judged while rules run: this engine only checks its cards,
//! and [`crate::rules::decisions`] judges afterwards.

use crate::rules::card::{RuleCard, RuleError};
use crate::rules::decisions;
use crate::rules::run::{Context, Judged};

pub(super) fn run(card: &RuleCard, _: &Context<'_>, _: &mut Judged) -> Result<(), RuleError> {
    decisions::check(card)
}
