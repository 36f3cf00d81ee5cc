//! What evidence rules saw, as the checklist takes it: paths and line numbers instead of spans.

use std::collections::BTreeMap;

use crate::checklist;
use crate::inventory::Spot;
use crate::report::Sources;
use crate::rules::run::Proof;
use crate::source::{LineIndex, SourceFile};

/// By rule: what its proofs show and lack.
pub fn shown(proofs: &[Proof], files: &[SourceFile]) -> BTreeMap<String, checklist::Shown> {
    let mut lines: BTreeMap<&str, Option<LineIndex>> = BTreeMap::new();
    let mut by_rule: BTreeMap<String, checklist::Shown> = BTreeMap::new();
    for proof in proofs {
        let shown = by_rule.entry(proof.rule.clone()).or_default();
        shown.lacks.extend(proof.lacks.iter().cloned());
        for evidence in &proof.evidence {
            let path = evidence.at.path.as_str();
            let index = lines.entry(path).or_insert_with(|| files.text(path).map(LineIndex::new));
            let line = index.as_ref().map_or(1, |index| index.line(evidence.at.span.start));
            let at = Spot { file: path.to_owned(), line };
            shown.proofs.push(checklist::Proof { at, what: evidence.what.clone() });
        }
    }
    by_rule
}
