//! The launch checklist of one repository: a verdict per item with its evidence and what was counted.
//!
//! Judges nothing in code: it joins what rules found, what they found in order, which entry points have which controls,
//! what the team attested and what it decided. No score and no grade come out, and where nothing could be judged the
//! verdict is unknown, never a pass.

mod decisions;
pub mod history;
mod judge;
mod lines;
mod matrix;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use decisions::{DecisionRow, Fault};
pub use judge::judge;
pub use matrix::{Cell, CoverageRow, EntryRow, PackageRow};

use crate::catalogue::{Catalogue, Role, Track};
use crate::finding::Severity;
use crate::inventory::{Inventory, Spot};
use crate::rules::card::RuleSet;
use crate::rules::run::Checked;
use crate::settings::{Date, Plan, RuleSelection};

/// How an item stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Something that it needs is missing or wrong.
    Fail,
    /// Nothing fails, but part of it is weak or could not be judged.
    Partial,
    /// Nothing could be judged.
    Unknown,
    /// Nothing fails; what reading cannot show has not been attested.
    NeedsAttestation,
    /// Everything that was judged is in order.
    Pass,
    /// The repository has nothing that it asks about.
    NotApplicable,
}

impl Verdict {
    /// All, in the order of summaries.
    pub const ALL: [Verdict; 6] = [
        Verdict::Pass,
        Verdict::Fail,
        Verdict::Partial,
        Verdict::Unknown,
        Verdict::NeedsAttestation,
        Verdict::NotApplicable,
    ];

    /// The words in reports.
    pub fn label(self) -> &'static str {
        match self {
            Verdict::Fail => "fail",
            Verdict::Partial => "partial",
            Verdict::Unknown => "unknown",
            Verdict::NeedsAttestation => "needs attestation",
            Verdict::Pass => "pass",
            Verdict::NotApplicable => "not applicable",
        }
    }
}

/// One thing that is wrong, as the checklist takes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Failure {
    /// The rule that found it; none for an entry point without a control that no rule reports.
    pub rule: Option<String>,
    /// Where.
    #[serde(flatten)]
    pub at: Spot,
    /// What, with nothing in it that must not be shown.
    pub message: String,
    /// How bad.
    pub severity: Severity,
    /// Its name, if a rule found it.
    pub fingerprint: Option<String>,
    /// Why a comment in the code says that it is accepted.
    pub suppressed: Option<String>,
    /// The decision that speaks for it: an index into the plan's.
    pub decision: Option<usize>,
    /// Whether it needs no action now: decided and not yet due, or accepted by a comment.
    pub is_excused: bool,
}

/// Something that was found in order, or in part.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Proof {
    /// Where.
    #[serde(flatten)]
    pub at: Spot,
    /// What, in a few words.
    pub what: String,
}

/// What an evidence rule saw, whether that is enough or not.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    /// Places and what stands there.
    pub proofs: Vec<Proof>,
    /// What a reviewer would still miss.
    pub lacks: Vec<String>,
}

/// What was counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Everything that was judged.
    pub subjects: u64,
    /// What was looked at besides, and of which nothing is asked.
    pub exempt: u64,
    /// What is in order.
    pub satisfied: u64,
    /// What holds in part.
    pub partial: u64,
    /// What could not be judged.
    pub unknown: u64,
    /// What is wrong.
    pub failed: u64,
    /// What is wrong and excused by a decision or a comment.
    pub excused: u64,
}

/// What a piece of evidence says about its item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// In order.
    Holds,
    /// Wrong.
    Fails,
    /// Weak, or in part.
    Weak,
    /// Some of it could not be judged.
    Unclear,
    /// There was nothing to judge.
    Nothing,
    /// The project file switches it off.
    Off,
    /// Missing here, and attested to lie elsewhere.
    Attested,
}

/// One piece of evidence for an item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// The control whose coverage it is, if it is one.
    pub control: Option<String>,
    /// The rule behind it, if there is one.
    pub rule: Option<String>,
    /// What its failures mean for the item.
    pub role: Role,
    /// How it stands.
    pub state: State,
    /// What was counted.
    pub counts: Counts,
    /// It in one sentence, with numbers.
    pub says: String,
    /// What is wrong.
    pub failures: Vec<Failure>,
    /// What was found in order.
    pub proofs: Vec<Proof>,
}

/// How a statement stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Attested {
    /// Who said so.
    pub who: String,
    /// When.
    pub when: Date,
    /// What the team can show.
    pub artefact: String,
    /// What is stated.
    pub statement: Option<String>,
    /// The last day it counts.
    pub review_by: Date,
    /// Days until then; negative if it has passed.
    pub days_left: i64,
}

/// One item of the checklist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Row {
    /// Its id.
    pub id: String,
    /// Its name.
    pub title: String,
    /// The name of its group.
    pub group: String,
    /// When it must hold.
    #[serde(serialize_with = "track")]
    pub track: Track,
    /// How bad it is if it does not hold.
    pub severity: Severity,
    /// Who makes it hold.
    pub owner: String,
    /// Who confirms it.
    pub reviewer: String,
    /// How it stands.
    pub verdict: Verdict,
    /// Why, in one sentence with numbers.
    pub reason: String,
    /// Whether it keeps the product from launching: on the blocking track, with a failure that nothing excuses.
    pub blocks: bool,
    /// Failures, and those that a decision or a comment excuses.
    pub failures: u64,
    /// Of these, how many are excused.
    pub excused: u64,
    /// Evidence.
    pub evidence: Vec<Line>,
    /// What only a statement can establish, if anything.
    pub attest: Option<String>,
    /// The latest statement, if there is one.
    pub attestation: Option<Attested>,
    /// What happens where it does not hold.
    pub risk: String,
    /// What is true when it holds.
    pub passes: String,
    /// What a team can show for it.
    pub artefact: String,
}

fn track<S: serde::Serializer>(track: &Track, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(track.label())
}

/// How much language model there is to judge.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Scope {
    /// Whether the repository uses a language model, as far as it was seen.
    pub uses_llm: bool,
    /// LLM calls.
    pub llm_calls: usize,
    /// Entry points that reach one.
    pub llm_entry_points: usize,
    /// Entry points that reach none.
    pub other_entry_points: u64,
    /// Calls that could not be followed.
    pub unresolved_calls: u64,
    /// LLM packages that manifests name.
    pub llm_packages: Vec<String>,
    /// Of these, those that no model describes.
    pub unknown_packages: Vec<String>,
}

/// The whole checklist of a repository.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Checklist {
    /// The day it was judged for.
    pub today: Date,
    /// The kind of product.
    pub profile: Option<String>,
    /// How much there was to judge.
    pub scope: Scope,
    /// Verdicts by how many items have them.
    pub totals: BTreeMap<&'static str, u64>,
    /// Ids of the items that block the launch.
    pub blockers: Vec<String>,
    /// Every item, in the catalogue's order.
    pub items: Vec<Row>,
    /// Control coverage by package.
    pub packages: Vec<PackageRow>,
    /// Every decision of the project file.
    pub decisions: Vec<DecisionRow>,
}

/// Everything that verdicts are made of.
#[derive(Clone, Copy)]
pub struct Input<'a> {
    /// The checklist, with the project's thresholds.
    pub catalogue: &'a Catalogue,
    /// What the team wrote down.
    pub plan: &'a Plan,
    /// All rules.
    pub rules: &'a RuleSet,
    /// Which of them spoke.
    pub selection: &'a RuleSelection,
    /// What each counted.
    pub checked: &'a BTreeMap<String, Checked>,
    /// What each found, decisions not yet applied.
    pub failures: &'a [Failure],
    /// What evidence rules saw, by rule.
    pub shown: &'a BTreeMap<String, Shown>,
    /// Entry points, calls, packages.
    pub inventory: &'a Inventory,
    /// LLM packages that no model describes.
    pub unknown_packages: &'a [String],
    /// The day.
    pub today: Date,
    /// Whether entry points that lack a control count only where a rule reports them.
    pub only_findings: bool,
}
