//! What evidence rules saw, placed by line for reports.

use std::collections::BTreeMap;

use super::table::Lines;
use crate::checklist::{Proof, Shown};
use crate::rules::run;
use crate::source::SourceFile;
use crate::surface::Status;

/// By rule: places and what stands there, and what a reviewer would still miss.
pub fn shown(proofs: &[run::Proof], files: &[SourceFile]) -> BTreeMap<String, Shown> {
    let mut lines = Lines::new(files);
    let mut by_rule: BTreeMap<String, Shown> = BTreeMap::new();
    for proof in proofs {
        let shown = by_rule.entry(proof.rule.clone()).or_default();
        if matches!(proof.status, Status::Present | Status::Partial) {
            let seen = proof.evidence.iter().map(|one| Proof { at: lines.spot(&one.at), what: one.what.clone() });
            shown.proofs.extend(seen);
        }
        shown.lacks.extend(proof.lacks.iter().cloned());
    }
    by_rule
}
