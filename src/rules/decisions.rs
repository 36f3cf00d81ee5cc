//! What is wrong with decisions of the project file: they expired, cover nothing, or cover too much.
//!
//! These rules speak about what other rules found, so their engine finds nothing by itself: they are judged here, once the
//! run knows all findings. Nothing that is found here can be decided away.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::card::{RuleCard, RuleError, RuleSet};
use super::run::finding;
use crate::catalogue::Catalogue;
use crate::finding::{Finding, Location};
use crate::settings::decision::{self, Decision, Standing, Subject};
use crate::settings::{Date, Plan};
use crate::source::{LineIndex, SourceFile};

/// The engine of these rules.
pub const ENGINE: &str = "decision";

/// What a card of this engine is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Fault {
    /// It ended.
    Expired,
    /// It covers nothing.
    Orphaned,
    /// It covers more than one defect, or everything.
    OverBroad,
}

/// A card's parameters.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Params {
    pub(super) fault: Fault,
}

/// What a run knows when it judges its decisions.
pub struct Told<'a> {
    /// All rules.
    pub rules: &'a RuleSet,
    /// The checklist.
    pub catalogue: &'a Catalogue,
    /// The decisions, and the file that they stand in.
    pub plan: &'a Plan,
    /// The day that they are judged for.
    pub today: Date,
    /// Every file read.
    pub files: &'a [SourceFile],
    /// What is reported unless a decision excuses it.
    pub reported: &'a [Finding],
    /// What was found besides: accepted by a comment, or by rules that feed the checklist only.
    pub besides: &'a [&'a Finding],
    /// Names of findings.
    pub name_of: &'a dyn Fn(&Finding) -> String,
    /// Whether everything was looked at that decisions can be about.
    pub is_whole: bool,
}

/// What is wrong, in the order of the project file; nothing if that file was not read with the others.
pub fn judge(told: &Told<'_>) -> Vec<Finding> {
    let own = told.plan.file.as_deref().filter(|_| told.plan.is_scanned);
    let Some(file) = own.and_then(|path| told.files.iter().find(|file| file.path == path)) else { return Vec::new() };
    let cards: Vec<(Fault, &RuleCard)> = told.rules.iter().filter_map(|card| Some((fault_of(card)?, card))).collect();
    let spoken = spoken(told);
    let lines = LineIndex::new(&file.text);
    let mut found = Vec::new();
    for (decision, defects) in told.plan.decisions.iter().zip(&spoken) {
        let Some((fault, what)) = fault(told, decision, defects) else { continue };
        let line = u32::try_from(decision.line).unwrap_or(u32::MAX).min(lines.len());
        let span = lines.line_span(&file.text, line).unwrap_or_default();
        let at = Location { path: file.path.clone(), span };
        let about = decision.scope.label();
        let holes = [("about", about.as_str()), ("what", what.as_str())];
        let cards = cards.iter().filter(|(about, _)| *about == fault);
        found.extend(cards.map(|(_, card)| finding(card, at.clone(), about.clone(), &holes)));
    }
    found
}

/// Whether a rule judges decisions.
pub fn is_about_decisions(card: &RuleCard) -> bool {
    card.detect.engine == ENGINE
}

fn fault_of(card: &RuleCard) -> Option<Fault> {
    // Cards were checked by the engine, which the run comes before.
    is_about_decisions(card).then(|| card.detect.params::<Params>().ok().map(|params| params.fault)).flatten()
}

/// The engine: checks the card. What it is about can be told only when all rules have spoken.
pub(super) fn check(card: &RuleCard) -> Result<(), RuleError> {
    card.detect.params::<Params>().map(drop)
}

/// By decision, the rules of those findings that it speaks for.
fn spoken<'a>(told: &Told<'a>) -> Vec<BTreeSet<&'a str>> {
    let mut spoken = vec![BTreeSet::new(); told.plan.decisions.len()];
    for finding in told.reported {
        let decision = with_subject(told, finding, |subject| decision::decide(&told.plan.decisions, subject));
        if let Some(at) = decision {
            spoken[at].insert(finding.rule.as_str());
        }
    }
    spoken
}

fn with_subject<T>(told: &Told<'_>, finding: &Finding, ask: impl FnOnce(Subject<'_>) -> T) -> T {
    let name = (told.name_of)(finding);
    let items = told.rules.get(&finding.rule).map(|card| card.checklist.as_slice()).unwrap_or_default();
    ask(Subject { fingerprint: Some(&name), rule: Some(&finding.rule), items, path: &finding.at.path })
}

/// The worst that is wrong with one decision, and what it says about it.
fn fault(told: &Told<'_>, decision: &Decision, defects: &BTreeSet<&str>) -> Option<(Fault, String)> {
    if told.is_whole && is_orphaned(told, decision) {
        return Some((Fault::Orphaned, String::new()));
    }
    if let (Standing::Expired(days), Some(until)) = (decision.standing(told.today), decision.until) {
        let ago = if days == 1 { "yesterday".to_owned() } else { format!("{days} days ago") };
        return Some((Fault::Expired, format!("{until}, {ago}")));
    }
    let is_broad = decision.is_over_broad(defects.len());
    let covered: Vec<&str> = defects.iter().copied().collect();
    is_broad.then(|| match covered.as_slice() {
        [] | [_] => (Fault::OverBroad, "every file".to_owned()),
        many => (Fault::OverBroad, format!("different defects at once ({})", many.join(", "))),
    })
}

/// Whether nothing in the repository is what a decision is about. An item can fail for entry points that no rule reports,
/// so that one about such an item has a subject wherever there is a file.
fn is_orphaned(told: &Told<'_>, decision: &Decision) -> bool {
    let scope = &decision.scope;
    let covers = |finding: &Finding| with_subject(told, finding, |subject| scope.covers(subject));
    if told.reported.iter().any(covers) || told.besides.iter().any(|finding| covers(finding)) {
        return false;
    }
    let is_about_findings = scope.finding.is_some() || scope.rule.is_some();
    let item = scope.item.as_deref().and_then(|id| told.catalogue.item(id));
    let has_gaps = !is_about_findings && item.is_none_or(|item| !item.coverage.is_empty());
    let is_somewhere =
        || scope.path.as_ref().is_none_or(|path| told.files.iter().any(|file| path.is_match(&file.path)));
    !(has_gaps && is_somewhere())
}
