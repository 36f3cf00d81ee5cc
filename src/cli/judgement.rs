//! One audit as the checklist needs it: everything that was found, decided or not, and what there is besides.

use std::collections::{BTreeMap, BTreeSet};

use super::args::{Common, Pick};
use super::audit::{self, Audit, Timings};
use super::baseline::{self, BaselineFile};
use super::compare::{self, Compare};
use super::failure::Failure;
use super::progress::Progress;
use super::{Console, Stages, configure, output};
use crate::checklist::{self, Checklist, Failure as Failed, Input};
use crate::finding::Finding;
use crate::inventory::{Inventory, Spot};
use crate::report::Sources;
use crate::source::LineIndex;

/// A judged repository.
pub(super) struct Judgement {
    /// A verdict per item.
    pub(super) checklist: Checklist,
    /// What there is.
    pub(super) inventory: Inventory,
    /// What was found.
    pub(super) audit: Audit,
    /// The scanned folder's name.
    pub(super) name: String,
    /// How many findings the baseline holds, where only new ones are judged.
    pub(super) baselined: usize,
}

/// Judges a tree.
pub(super) fn judge(common: &Common, stages: &Stages<'_>, console: &Console<'_>) -> Result<Judgement, Failure> {
    let progress = Progress::start(console.is_err_watched && !common.no_progress);
    let audit = whole(common, stages, &progress)?;
    Ok(conclude(audit, stages, &BTreeSet::new(), "", false))
}

/// Judges what is new in a tree: neither in the baseline nor in the state that it is compared with.
pub(super) fn judge_new(
    common: &Common,
    compare: &Compare,
    baseline: &BaselineFile,
    stages: &Stages<'_>,
    console: &Console<'_>,
) -> Result<Judgement, Failure> {
    let progress = Progress::start(console.is_err_watched && !common.no_progress);
    let states = compare::states(compare, common)?;
    let later = states.as_ref().map_or(Ok(common.clone()), |states| states.later(common))?;
    let mut audit = whole(&later, stages, &progress)?;
    let all: Vec<Finding> = audit.filtered.kept.clone();
    let pick = Pick::default();
    let baselined = baseline::apply(baseline, &pick, &mut audit)?.len();
    if let Some(states) = &states {
        states.keep_the_change(&mut audit, common, &pick, stages, &mut Timings::default(), &progress)?;
    }
    let new: BTreeSet<String> = audit.filtered.kept.iter().map(|finding| audit.names.of(finding).to_owned()).collect();
    let old: BTreeSet<String> =
        all.iter().map(|finding| audit.names.of(finding).to_owned()).filter(|name| !new.contains(name)).collect();
    audit.filtered.kept = all;
    Ok(Judgement { baselined, ..conclude(audit, stages, &old, "not new", true) })
}

/// Everything that can be found in a tree.
fn whole(common: &Common, stages: &Stages<'_>, progress: &Progress) -> Result<Audit, Failure> {
    let roots = configure::roots(&common.paths)?;
    let settings = configure::whole(common, &roots, stages)?;
    if let Some(file) = &settings.output {
        output::check(file)?;
    }
    audit::run(roots, settings, common.trusted.clone(), None, stages, &mut Timings::default(), progress)
}

/// Judges an audit; findings that are named in `old` are excused for the reason given. With `only_findings`, entry points
/// that lack a control and that no rule reports are excused as well.
fn conclude(
    mut audit: Audit,
    stages: &Stages<'_>,
    old: &BTreeSet<String>,
    why: &str,
    only_findings: bool,
) -> Judgement {
    let inventory = audit.inventory.take().unwrap_or_default();
    let failures = failures(&audit, old, why);
    let settings = &audit.settings;
    let catalogue = stages.checklist.clone().with_policy(&settings.plan.policy);
    let checklist = checklist::judge(&Input {
        catalogue: &catalogue,
        plan: &settings.plan,
        rules: &audit.rules,
        selection: &settings.rules,
        checked: &audit.checked,
        failures: &failures,
        shown: &audit.shown,
        inventory: &inventory,
        unknown_packages: &audit.summary.unknown_libraries,
        today: settings.today,
        only_findings,
    });
    let name = audit.roots.base().file_name().map_or("application".into(), |name| name.to_string_lossy().into_owned());
    Judgement { checklist, inventory, audit, name, baselined: 0 }
}

/// Findings as the checklist takes them, by place.
fn failures(audit: &Audit, old: &BTreeSet<String>, why: &str) -> Vec<Failed> {
    let (masks, files) = (audit.masks(), &audit.discovery.files);
    let mut lines: BTreeMap<&str, LineIndex> = BTreeMap::new();
    let kept = audit.filtered.kept.iter().chain(audit.decided.iter().map(|(finding, _)| finding));
    let kept = kept.map(|finding| (finding, None));
    let suppressed = audit.filtered.suppressed.iter().map(|(finding, by)| (finding, Some(by.reason.clone())));
    let mut failures = Vec::new();
    for (finding, suppressed) in kept.chain(suppressed) {
        let path = finding.at.path.as_str();
        let index = lines.entry(path).or_insert_with(|| LineIndex::new(files.text(path).unwrap_or_default()));
        let name = audit.names.of(finding).to_owned();
        failures.push(Failed {
            rule: Some(finding.rule.clone()),
            at: Spot { file: path.to_owned(), line: index.line(finding.at.span.start) },
            message: masks.redact(&finding.message).into_owned(),
            severity: finding.severity,
            suppressed: suppressed.or_else(|| old.contains(&name).then(|| why.to_owned())),
            fingerprint: Some(name),
            decision: None,
            is_excused: false,
        });
    }
    failures.sort_by(|a, b| (&a.at, &a.rule, &a.fingerprint).cmp(&(&b.at, &b.rule, &b.fingerprint)));
    failures
}
