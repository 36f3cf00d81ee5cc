//! Runs rules: each card names an engine, and the engine judges what the card asks about.
//!
//! An engine tells what it judged satisfied, too, because a verdict needs the denominator.

use std::collections::BTreeMap;
use std::sync::OnceLock;
use std::time::Duration;

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::card::{RuleCard, RuleError, RuleSet};
use super::configs::Configs;
use super::credentials::Credentials;
use super::engines::{ASK_FOR_TEXTS, Cases, ENGINES, Holds, Imports, Tools};
use super::prompts::Prompts;
use crate::catalogue::Catalogue;
use crate::finding::{Finding, Location, Notice, Step};
use crate::flow::{FlowIndex, Region};
use crate::intern::Name;
use crate::model::ModelSet;
use crate::project::{GClass, Project};
use crate::settings::{Date, Imported};
use crate::source::{Language, SourceFile};
use crate::surface::{Evidence, Status, Surfaces};

/// What engines look at.
pub struct Context<'a> {
    /// Every file read, sorted by path.
    pub files: &'a [SourceFile],
    /// Library models.
    pub models: &'a ModelSet,
    /// The linked program.
    pub project: &'a Project,
    /// Entry points, LLM calls and controls.
    pub surfaces: &'a Surfaces,
    /// Every credential found.
    pub credentials: &'a Credentials,
    /// The checklist with its reference values.
    pub catalogue: &'a Catalogue,
    /// The prompt inventory.
    pub prompts: &'a Prompts,
    /// Configuration files as trees, read when first asked for.
    pub configs: &'a Configs,
    /// What the run was told besides the repository.
    pub given: &'a Given,
    index: FlowIndex<'a>,
    region: OnceLock<Region>,
    tools: OnceLock<Tools>,
    holds: OnceLock<Holds>,
    classes: OnceLock<FxHashMap<Name, GClass>>,
    /// Attack cases, found when the first card asks.
    pub(super) cases: Cases,
    /// Modules that files import, told from their text.
    pub(super) imports: Imports,
    clock: Option<Clock<'a>>,
}

/// What a run is told besides the repository.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// The day that dates are judged against; without one, no date is too old.
    pub today: Option<Date>,
    /// Credentials that other tools found.
    pub imported: Vec<Imported>,
}

/// What the repository shows for the thing that a rule asks for, whether that is enough or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// The rule that asked.
    pub rule: String,
    /// What was asked for, in a few words.
    pub what: String,
    /// Whether it is there.
    pub status: Status,
    /// Where it was seen and what it is, in order of place.
    pub evidence: Vec<Evidence>,
    /// What a reviewer would still miss.
    pub lacks: Vec<String>,
}

/// What was read out of files besides the program.
#[derive(Clone, Copy)]
pub struct Read<'a> {
    /// Every credential found.
    pub credentials: &'a Credentials,
    /// The prompt inventory.
    pub prompts: &'a Prompts,
    /// Configuration files as trees.
    pub configs: &'a Configs,
}

/// Tells the time since some moment.
pub type Clock<'a> = &'a (dyn Fn() -> Duration + Sync);

/// How many subjects a rule judged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checked {
    /// Subjects judged: entry points, calls, files.
    pub subjects: u64,
    /// Those found in order.
    pub satisfied: u64,
    /// Those that could not be judged.
    pub unknown: u64,
    /// Those that the rule has nothing to ask of: a store in which nobody's data lies.
    pub exempt: u64,
}

/// What was judged about one subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// In order.
    Satisfied,
    /// Not in order: there is a finding.
    Violated,
    /// The rule has nothing to ask of it.
    Exempt,
    /// It could not be judged.
    Unknown,
}

/// One subject with its outcome, for coverage: findings tell the violations only.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Verdict {
    /// Where the subject stands.
    pub at: Location,
    /// The rule that judged it.
    pub rule: String,
    /// What came out.
    pub outcome: Outcome,
    /// Why, in a few words.
    pub why: String,
}

/// What engines bring back.
#[derive(Clone, Debug, Default)]
pub struct Judged {
    /// Findings, sorted by place and rule.
    pub findings: Vec<Finding>,
    /// What was judged about single subjects, by engines that tell; sorted by place and rule.
    pub verdicts: Vec<Verdict>,
    /// Denominators by rule id.
    pub checked: BTreeMap<String, Checked>,
    /// What was found for items that live in files, passes included.
    pub proofs: Vec<Proof>,
    /// What the engines say about themselves.
    pub notices: Vec<Notice>,
    /// How long each rule took, if a clock was given. The texts of prompts are told on their own; what else rules share is
    /// built, and told, with the first that asks.
    pub timings: Vec<(String, Duration)>,
}

/// Runs every rule.
///
/// # Errors
///
/// A card that names no known engine, or whose parameters its engine does not understand.
pub fn run(rules: &RuleSet, cx: &Context<'_>) -> Result<Judged, Vec<RuleError>> {
    let mut judged = Judged::default();
    let mut errors = Vec::new();
    let (done, gathering) = judge_all(rules.iter().collect(), cx);
    judged.timings.extend(gathering.map(|took| ("(texts of prompts)".to_owned(), took)));
    for result in done {
        match result {
            Ok(own) => judged.absorb(own),
            Err(error) => errors.push(error),
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    judged.verdicts.sort();
    judged.verdicts.dedup();
    judged.findings.sort_by(|a, b| (&a.at, &a.rule, &a.subject).cmp(&(&b.at, &b.rule, &b.subject)));
    judged.findings.dedup_by(|a, b| a.at == b.at && a.rule == b.rule && a.subject == b.subject);
    Ok(judged)
}

/// What each card's engine brings back, in the cards' order: each has its own result, so threads decide nothing. Also tells
/// how long the texts of prompts took.
fn judge_all(cards: Vec<&RuleCard>, cx: &Context<'_>) -> (Vec<Result<Judged, RuleError>>, Option<Duration>) {
    let all = |cards: Vec<(usize, &RuleCard)>| -> Vec<(usize, Result<Judged, RuleError>)> {
        cards.into_par_iter().map(|(at, card)| (at, judge(card, cx))).collect()
    };
    let asks = |card: &RuleCard| ASK_FOR_TEXTS.contains(&card.detect.engine.as_str());
    let (late, early): (Vec<_>, Vec<_>) = cards.into_iter().enumerate().partition(|(_, card)| asks(card));
    let gather = || {
        let start = cx.clock.filter(|_| !late.is_empty()).map(|clock| (clock, clock()));
        if !late.is_empty() {
            cx.region();
        }
        start.map(|(clock, start)| clock().saturating_sub(start))
    };
    let (gathering, mut done) = rayon::join(gather, || all(early));
    done.extend(all(late));
    done.sort_by_key(|(at, _)| *at);
    (done.into_iter().map(|(_, result)| result).collect(), gathering)
}

fn judge(card: &RuleCard, cx: &Context<'_>) -> Result<Judged, RuleError> {
    let Some((_, engine)) = ENGINES.iter().find(|(name, _)| *name == card.detect.engine) else {
        let known: Vec<&str> = ENGINES.iter().map(|(name, _)| *name).collect();
        return Err(card.detect.error(format!("no engine `{}`; there are {}", card.detect.engine, known.join(", "))));
    };
    let mut judged = Judged::default();
    let start = cx.clock.map(|clock| clock());
    engine(card, cx, &mut judged)?;
    if let (Some(clock), Some(start)) = (cx.clock, start) {
        judged.timings.push((card.id.clone(), clock().saturating_sub(start)));
    }
    Ok(judged)
}

impl Judged {
    /// Takes over what another card's engine brought back.
    fn absorb(&mut self, other: Judged) {
        let Judged { findings, verdicts, checked, proofs, notices, timings } = other;
        self.verdicts.extend(verdicts);
        self.proofs.extend(proofs);
        self.findings.extend(findings);
        self.checked.extend(checked);
        self.notices.extend(notices);
        self.timings.extend(timings);
    }

    /// Counts a subject and keeps its verdict.
    pub(super) fn record(&mut self, card: &RuleCard, at: Location, outcome: Outcome, why: impl Into<String>) {
        let checked = self.checked(card);
        checked.subjects += 1;
        match outcome {
            Outcome::Satisfied => checked.satisfied += 1,
            Outcome::Exempt => checked.exempt += 1,
            Outcome::Unknown => checked.unknown += 1,
            Outcome::Violated => {}
        }
        self.verdicts.push(Verdict { at, rule: card.id.clone(), outcome, why: why.into() });
    }

    /// The denominators of a rule, to count in.
    pub fn checked(&mut self, card: &RuleCard) -> &mut Checked {
        self.checked.entry(card.id.clone()).or_default()
    }
}

/// A finding under construction: the card's own parts filled in.
pub(super) fn finding(card: &RuleCard, at: Location, subject: String, holes: &[(&str, &str)]) -> Finding {
    let message = card.message.fill(|name| holes.iter().find(|(hole, _)| *hole == name).map(|(_, text)| *text));
    Finding {
        rule: card.id.clone(),
        message,
        severity: card.severity,
        confidence: card.confidence,
        at,
        subject,
        flow: Vec::new(),
        related: Vec::new(),
        remedy: None,
        masked: Vec::new(),
    }
}

/// A step of a path.
pub(super) fn step(at: Location, note: impl Into<String>) -> Step {
    Step { at, note: note.into() }
}

impl<'a> Context<'a> {
    /// Of what a run found out before its rules.
    pub fn new(
        files: &'a [SourceFile],
        models: &'a ModelSet,
        (project, surfaces): (&'a Project, &'a Surfaces),
        read: Read<'a>,
        catalogue: &'a Catalogue,
        given: &'a Given,
    ) -> Self {
        let Read { credentials, prompts, configs } = read;
        let index = FlowIndex::new(project, &surfaces.entries);
        Context {
            files,
            models,
            project,
            surfaces,
            credentials,
            prompts,
            configs,
            catalogue,
            given,
            index,
            region: OnceLock::new(),
            tools: OnceLock::new(),
            holds: OnceLock::new(),
            classes: OnceLock::new(),
            cases: Cases::default(),
            imports: Imports::new(files.len()),
            clock: None,
        }
    }

    /// With a clock that rules are timed by.
    pub fn with_clock(self, clock: Option<Clock<'a>>) -> Self {
        Context { clock, ..self }
    }

    /// The indices that traces look things up in.
    pub fn index(&self) -> &FlowIndex<'a> {
        &self.index
    }

    /// All that becomes text of a prompt: grown when the first engine asks, and shared by all.
    pub(super) fn region(&self) -> &Region {
        self.region.get_or_init(|| Region::of(self.index(), self.models))
    }

    /// The functions that models call as tools: found when the first engine asks.
    pub(super) fn tools(&self) -> &Tools {
        self.tools.get_or_init(|| Tools::find(self))
    }

    /// What tests hold where, by function.
    pub(super) fn holds(&self) -> &Holds {
        self.holds.get_or_init(|| Holds::new(&self.project.program))
    }

    /// The first class of the program that has a name.
    pub(super) fn class_named(&self, name: Name) -> Option<GClass> {
        let program = &self.project.program;
        let by_name = self.classes.get_or_init(|| {
            let mut by_name = FxHashMap::default();
            for class in (0..program.class_count()).map(GClass) {
                if let Some(name) = program.class(class).name {
                    by_name.entry(name).or_insert(class);
                }
            }
            by_name
        });
        by_name.get(&name).copied()
    }

    /// Whether a card judges code of this language.
    pub(super) fn judges(card: &RuleCard, language: Language) -> bool {
        card.languages.contains(&language)
    }
}
