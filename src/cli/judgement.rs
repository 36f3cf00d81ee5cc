//! One run as the checklist needs it: everything that was found, decided or not, and what there is besides.

use std::collections::BTreeMap;

use super::args::Common;
use super::failure::Failure;
use super::progress::Progress;
use super::{Console, Outcome, Stages, configure, output, scan};
use crate::catalogue::Catalogue;
use crate::checklist::{self, Checklist, Failure as Failed, Input};
use crate::filter::{self, Audited, Filtered, Policy};
use crate::finding::{Finding, Location, Notice};
use crate::fingerprint;
use crate::inventory::{Inventory, Spot};
use crate::mask::Masks;
use crate::report::{Sources, Summary};
use crate::rules::card::RuleSet;
use crate::settings::Settings;
use crate::source::{LineIndex, SourceFile};
use crate::walk::{self, Discovery};

/// A judged repository.
pub(super) struct Judgement {
    /// A verdict per item.
    pub(super) checklist: Checklist,
    /// What there is.
    pub(super) inventory: Inventory,
    /// What was examined.
    pub(super) summary: Summary,
    /// What the run says about itself.
    pub(super) notices: Vec<Notice>,
    /// What was asked for.
    pub(super) settings: Settings,
    /// What was read.
    pub(super) discovery: Discovery,
    /// The scanned folder's name.
    pub(super) name: String,
}

/// Reads, analyses and judges a tree.
pub(super) fn judge(common: &Common, stages: &Stages<'_>, console: &Console<'_>) -> Result<Judgement, Failure> {
    let roots = configure::roots(&common.paths)?;
    let settings = configure::whole(common, &roots, stages)?;
    let rules = configure::rules(stages.rules, &settings.plan)?;
    if let Some(file) = &settings.output {
        output::check(file)?;
    }
    let progress = Progress::start(console.is_err_watched && !common.no_progress);
    progress.phase("Reading files".into());
    let discovery = walk::discover(&roots, &settings.walk);
    scan::check_anything_read(&discovery)?;
    progress.phase(format!("Analysing {} files", discovery.files.len()));
    let outcome = scan::in_pool(settings.walk.jobs, || (stages.analyse)(&settings, &rules, &discovery.files))?;
    drop(progress);
    let summary = scan::summary(&outcome, &discovery, std::time::Duration::ZERO);
    let name = roots.base().file_name().map_or("application".into(), |name| name.to_string_lossy().into_owned());
    Ok(Judgement { name, ..conclude(outcome, summary, discovery, settings, &rules, stages.checklist) })
}

fn conclude(
    outcome: Outcome,
    summary: Summary,
    discovery: Discovery,
    settings: Settings,
    rules: &RuleSet,
    catalogue: &Catalogue,
) -> Judgement {
    let names = Names::of_all(&outcome.findings, &discovery.files);
    let inventory = outcome.inventory.clone().unwrap_or_default();
    let (checked, shown) = (outcome.checked.clone(), outcome.shown.clone());
    let mut notices = [discovery.notices.as_slice(), &outcome.notices].concat();
    let filtered = sift(outcome, &discovery, &settings, rules);
    notices.extend(filtered.notices.iter().cloned());
    notices.sort();
    notices.dedup();
    let failures = names.failures(&filtered, &discovery.files);
    let catalogue = catalogue.clone().with_policy(&settings.plan.policy);
    let checklist = checklist::judge(&Input {
        catalogue: &catalogue,
        plan: &settings.plan,
        rules,
        selection: &settings.rules,
        checked: &checked,
        failures: &failures,
        shown: &shown,
        inventory: &inventory,
        unknown_packages: &summary.unknown_libraries,
        today: settings.today,
    });
    Judgement { checklist, inventory, summary, notices, settings, discovery, name: String::new() }
}

fn sift(outcome: Outcome, discovery: &Discovery, settings: &Settings, rules: &RuleSet) -> Filtered {
    let comments = |file: &SourceFile| outcome.comments.get(&file.path).map(Vec::as_slice);
    let files: Vec<Audited<'_>> =
        discovery.files.iter().map(|file| Audited { file, comments: comments(file) }).collect();
    let policy = Policy {
        resolve: &|written| rules.resolve(written).map(|card| card.id.clone()).map_err(|unknown| unknown.nearest),
        selection: &settings.rules,
        min_severity: settings.min_severity,
        today: settings.today,
        reported_everywhere: &|rule| rules.get(rule).is_some_and(scan::is_about_live_credentials),
    };
    filter::apply(outcome.findings, &files, &policy)
}

/// Fingerprints and masks of all findings of a run.
struct Names {
    fingerprints: BTreeMap<(Location, String, String), String>,
    masks: Masks,
}

impl Names {
    fn of_all(findings: &[Finding], files: &[SourceFile]) -> Names {
        let masks = Masks::collect(findings, &[], |path| files.text(path));
        let all = fingerprint::fingerprints(findings, &masks, |path| files.text(path));
        Names { fingerprints: findings.iter().map(key).zip(all).collect(), masks }
    }

    /// Findings as the checklist takes them, by place.
    fn failures(&self, filtered: &Filtered, files: &[SourceFile]) -> Vec<Failed> {
        let mut lines: BTreeMap<&str, LineIndex> = BTreeMap::new();
        let kept = filtered.kept.iter().map(|finding| (finding, None));
        let suppressed = filtered.suppressed.iter().map(|(finding, why)| (finding, Some(why.reason.clone())));
        let mut failures = Vec::new();
        for (finding, suppressed) in kept.chain(suppressed) {
            let path = finding.at.path.as_str();
            let index = lines.entry(path).or_insert_with(|| LineIndex::new(files.text(path).unwrap_or_default()));
            failures.push(Failed {
                rule: Some(finding.rule.clone()),
                at: Spot { file: path.to_owned(), line: index.line(finding.at.span.start) },
                message: self.masks.redact(&finding.message).into_owned(),
                severity: finding.severity,
                fingerprint: self.fingerprints.get(&key(finding)).cloned(),
                suppressed,
                decision: None,
                is_excused: false,
            });
        }
        failures.sort_by(|a, b| (&a.at, &a.rule, &a.fingerprint).cmp(&(&b.at, &b.rule, &b.fingerprint)));
        failures
    }
}

fn key(finding: &Finding) -> (Location, String, String) {
    (finding.at.clone(), finding.rule.clone(), finding.subject.clone())
}
