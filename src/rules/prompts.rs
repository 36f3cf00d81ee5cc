//! All that becomes text of a prompt, grown once a run and only if a card asks.

use std::sync::OnceLock;

use crate::flow::{FlowIndex, Region};
use crate::model::ModelSet;

/// The region of a run.
#[derive(Debug, Default)]
pub struct Prompts {
    region: OnceLock<Region>,
}

impl Prompts {
    /// The region of the program that an index stands for.
    pub(super) fn region(&self, index: &FlowIndex<'_>, models: &ModelSet) -> &Region {
        self.region.get_or_init(|| Region::of(index, models))
    }
}
