//! One audit from paths to filtered findings, without a report: what every command that judges code begins with.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::args::{Common, Pick};
use super::failure::Failure;
use super::progress::Progress;
use super::trusted::Trusted;
use super::{Console, Outcome, Stages, configure, scan};
use crate::catalogue::Catalogue;
use crate::checklist::Shown;
use crate::filter::change::ChangedLines;
use crate::filter::{self, Audited, Filtered, Policy};
use crate::finding::{Finding, Location, Notice, NoticeKind, Severity};
use crate::fingerprint;
use crate::fix::Fix;
use crate::inventory::Inventory;
use crate::ir::Comment;
use crate::mask::Masks;
use crate::report::surfaces::Table;
use crate::report::{Sources, Summary};
use crate::rules::card::{RuleCard, RuleSet};
use crate::rules::decisions::{self, Told};
use crate::rules::run::Checked;
use crate::settings::decision::{Decision, Standing};
use crate::settings::{Settings, WalkSettings};
use crate::source::SourceFile;
use crate::walk::{self, Discovery, Roots};

/// A finished audit.
pub(super) struct Audit {
    pub(super) roots: Roots,
    pub(super) settings: Settings,
    pub(super) discovery: Discovery,
    pub(super) filtered: Filtered,
    /// Findings that a decision excuses: an index into the plan's.
    pub(super) decided: Vec<(Finding, usize)>,
    /// Findings that a change did not bring, where only the change is reported.
    pub(super) older: Vec<Finding>,
    /// All findings, whatever became of them.
    pub(super) found: Vec<Finding>,
    /// Names of all findings, whatever became of them.
    pub(super) names: Names,
    pub(super) notices: Vec<Notice>,
    pub(super) summary: Summary,
    pub(super) table: Table,
    /// Changes that mend findings.
    pub(super) fixes: Vec<Fix>,
    /// What each rule counted.
    pub(super) checked: BTreeMap<String, Checked>,
    /// What evidence rules saw.
    pub(super) shown: BTreeMap<String, Shown>,
    /// What there is besides findings, if the settings want it.
    pub(super) inventory: Option<Inventory>,
    /// All rules with the project file's values.
    pub(super) rules: RuleSet,
    /// The state whose word counts about the audit, if that is not the tree itself.
    pub(super) trusted: Option<Arc<Trusted>>,
    comments: BTreeMap<String, Vec<Comment>>,
}

/// How long each stage took.
#[derive(Default)]
pub(super) struct Timings(Vec<(String, Duration)>);

impl Timings {
    pub(super) fn measure<T>(&mut self, stage: &str, work: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        let result = work();
        self.0.push((stage.to_owned(), start.elapsed()));
        result
    }

    pub(super) fn print(&self, console: &mut Console<'_>) {
        for (stage, took) in &self.0 {
            // Timings are a courtesy; a closed stream is no reason to fail.
            drop(writeln!(console.err, "{stage:>40} {:>9.1} ms", took.as_secs_f64() * 1_000.0));
        }
    }
}

/// Text that stands in for that of a file, such as an editor's unsaved one, by path from the scanned root.
pub(super) type Overlay = BTreeMap<String, String>;

/// Runs one audit.
pub(super) fn audit(
    common: &Common,
    pick: &Pick,
    overlay: Option<&Overlay>,
    stages: &Stages<'_>,
    timings: &mut Timings,
    progress: &Progress,
) -> Result<Audit, Failure> {
    let roots = configure::roots(&common.paths)?;
    let mut settings = configure::settings(common, pick, &roots, stages)?;
    // Only an editor's server has texts of its own, and it goes on.
    settings.is_long_lived = overlay.is_some();
    run(roots, settings, common.trusted.clone(), overlay, stages, timings, progress)
}

/// Runs one audit with settings of the caller's.
pub(super) fn run(
    roots: Roots,
    settings: Settings,
    trusted: Option<Arc<Trusted>>,
    overlay: Option<&Overlay>,
    stages: &Stages<'_>,
    timings: &mut Timings,
    progress: &Progress,
) -> Result<Audit, Failure> {
    let rules = configure::rules(stages.rules, &settings.plan)?;
    let start = Instant::now();
    progress.phase("Reading files".into());
    let mut discovery = timings.measure("walk", || walk::discover(&roots, &settings.walk));
    scan::check_anything_read(&discovery)?;
    for file in &mut discovery.files {
        if let Some(text) = overlay.and_then(|overlay| overlay.get(&file.path)) {
            file.text.clone_from(text);
        }
    }
    let lines = trusted.as_ref().map(|trusted| {
        discovery.notices.extend(trusted.unheard(&roots));
        trusted.lines(&roots, &settings.walk, &mut discovery)
    });
    progress.phase(format!("Analysing {} files", discovery.files.len()));
    let mut outcome = timings.measure("analysis", || {
        scan::in_pool(settings.walk.jobs, || (stages.analyse)(&settings, &rules, &discovery.files))
    })?;
    timings.0.append(&mut outcome.timings);
    let summary = summary(&outcome, &discovery, start.elapsed());
    let mut names = Names::of_all(&outcome.findings, &discovery, |path| path.to_owned());
    let (comments, table) = (std::mem::take(&mut outcome.comments), std::mem::take(&mut outcome.table));
    let fixes = std::mem::take(&mut outcome.fixes);
    let mut found = outcome.findings.clone();
    let checked = std::mem::take(&mut outcome.checked);
    let (shown, inventory) = (std::mem::take(&mut outcome.shown), outcome.inventory.take());
    let (mut filtered, mut notices) =
        timings.measure("filter", || sift(outcome, &comments, &discovery, &settings, stages.rules, lines.as_ref()));
    let ground = (&names, found.as_slice(), &discovery);
    let Ruled { decided, faults } =
        decide(&mut filtered, &mut notices, ground, (&roots, &settings), (&rules, stages.checklist));
    names.add(Names::of_all(&faults, &discovery, |path| path.to_owned()));
    add_faults(&faults, &mut filtered, &settings);
    found.extend(faults);
    Ok(Audit {
        roots,
        settings,
        discovery,
        filtered,
        decided,
        older: Vec::new(),
        found,
        names,
        notices,
        summary,
        table,
        fixes,
        checked,
        shown,
        inventory,
        rules,
        trusted,
        comments,
    })
}

impl Audit {
    /// Every file with its comments.
    pub(super) fn audited(&self) -> Vec<Audited<'_>> {
        audited(&self.discovery, &self.comments)
    }

    /// What no output may show.
    pub(super) fn masks(&self) -> Masks {
        Masks::collect(&self.found, &[], |path| self.discovery.files.text(path))
    }

    /// Names of findings, in their order.
    pub(super) fn fingerprints(&self, findings: &[Finding]) -> Vec<String> {
        findings.iter().map(|finding| self.names.of(finding).to_owned()).collect()
    }

    /// Where the scanned root stands in its repository, with a final `/`; empty if it is its top or in none.
    pub(super) fn prefix(&self) -> String {
        let below = self.roots.repository().and_then(|top| self.roots.base().strip_prefix(top).ok());
        below.map(slashed).filter(|path| !path.is_empty()).map(|path| path + "/").unwrap_or_default()
    }
}

/// A relative path with `/`.
pub(super) fn slashed(path: &Path) -> String {
    let segments: Vec<_> = path.components().map(|segment| segment.as_os_str().to_string_lossy()).collect();
    segments.join("/")
}

fn audited<'a>(discovery: &'a Discovery, comments: &'a BTreeMap<String, Vec<Comment>>) -> Vec<Audited<'a>> {
    let one = |file: &'a SourceFile| Audited { file, comments: comments.get(&file.path).map(Vec::as_slice) };
    discovery.files.iter().map(one).collect()
}

/// Fingerprints of all findings, as the order among equal lines is part of each: leaving one out must not rename others.
#[derive(Default)]
pub(super) struct Names(BTreeMap<(String, Location, String), String>);

impl Names {
    /// Names of findings, made as if each file stood where `now_at` says.
    pub(super) fn of_all(findings: &[Finding], discovery: &Discovery, now_at: impl Fn(&str) -> String) -> Names {
        let was_at: BTreeMap<String, &str> =
            discovery.files.iter().map(|file| (now_at(&file.path), file.path.as_str())).collect();
        let text = |path: &str| was_at.get(path).and_then(|was| discovery.files.text(was));
        let moved: Vec<Finding> = findings.iter().map(|finding| moved(finding, &now_at)).collect();
        let masks = Masks::collect(&moved, &[], text);
        let fingerprints = fingerprint::fingerprints(&moved, &masks, text);
        Names(findings.iter().map(Names::key).zip(fingerprints).collect())
    }

    /// Takes over names of findings of other rules.
    fn add(&mut self, others: Names) {
        self.0.extend(others.0);
    }

    /// The name of one of them.
    pub(super) fn of(&self, finding: &Finding) -> &str {
        self.0.get(&Names::key(finding)).map_or("", String::as_str)
    }

    /// All names.
    pub(super) fn all(&self) -> impl Iterator<Item = &str> {
        self.0.values().map(String::as_str)
    }

    fn key(finding: &Finding) -> (String, Location, String) {
        (finding.rule.clone(), finding.at.clone(), finding.subject.clone())
    }
}

/// What a finding's name is made of, in other places.
fn moved(finding: &Finding, now_at: impl Fn(&str) -> String) -> Finding {
    let mut finding = finding.clone();
    finding.at.path = now_at(&finding.at.path);
    for place in &mut finding.masked {
        place.path = now_at(&place.path);
    }
    finding
}

/// Filters findings and gathers every stage's notices.
fn sift(
    outcome: Outcome,
    comments: &BTreeMap<String, Vec<Comment>>,
    discovery: &Discovery,
    settings: &Settings,
    rules: &RuleSet,
    lines: Option<&ChangedLines>,
) -> (Filtered, Vec<Notice>) {
    let policy = Policy {
        is_trusted: &|path, first, last| lines.is_none_or(|lines| !lines.touches(path, first, last)),
        resolve: &|written| rules.resolve(written).map(|card| card.id.clone()).map_err(|unknown| unknown.nearest),
        selection: &settings.rules,
        min_severity: settings.min_severity,
        today: settings.today,
        reported_everywhere: &|rule| rules.get(rule).is_some_and(is_about_live_credentials),
        gives_way: &|less, more| rules.get(less).is_some_and(|card| card.gives_way.iter().any(|id| id == more)),
    };
    let filtered = filter::apply(outcome.findings, &audited(discovery, comments), &policy);
    let mut notices = [discovery.notices.as_slice(), &outcome.notices, &filtered.notices].concat();
    notices.sort();
    notices.dedup();
    (filtered, notices)
}

/// What became of findings that the project file decides about.
struct Ruled {
    decided: Vec<(Finding, usize)>,
    /// What is wrong with the decisions.
    faults: Vec<Finding>,
}

/// Takes excused findings out of what is shown, and tells what is wrong with decisions.
fn decide(
    filtered: &mut Filtered,
    notices: &mut Vec<Notice>,
    (names, found, discovery): (&Names, &[Finding], &Discovery),
    (roots, settings): (&Roots, &Settings),
    (rules, catalogue): (&RuleSet, &Catalogue),
) -> Ruled {
    let plan = &settings.plan;
    if plan.decisions.is_empty() {
        return Ruled { decided: Vec::new(), faults: Vec::new() };
    }
    let items = |rule: &str| rules.get(rule).map(|card| card.checklist.clone()).unwrap_or_default();
    let name = |finding: &Finding| names.of(finding).to_owned();
    let unasked = found.iter().filter(|finding| !settings.rules.selects(&finding.rule));
    let besides: Vec<&Finding> = filtered.suppressed.iter().map(|(finding, _)| finding).chain(unasked).collect();
    let faults = decisions::judge(&Told {
        rules,
        catalogue,
        plan,
        today: settings.today,
        files: &discovery.files,
        reported: &filtered.kept,
        besides: &besides,
        name_of: &name,
        is_whole: settings.min_severity == Severity::Note && is_whole(roots, &settings.walk),
    });
    drop(besides);
    if !plan.is_scanned {
        notices.extend(plan.decisions.iter().filter_map(|decision| over(decision, settings)));
        notices.sort();
    }
    let split = filter::decided::split(std::mem::take(&mut filtered.kept), &name, &items, plan, settings.today);
    filtered.kept = split.open;
    filtered.masked.extend(split.decided.iter().flat_map(|(finding, _)| finding.masked.iter().cloned()));
    Ruled { decided: split.decided, faults }
}

/// Whether everything below the project file's folder was read, so that what was not found is not there.
fn is_whole(roots: &Roots, walk: &WalkSettings) -> bool {
    walk.include.is_empty() && roots.paths() == [roots.base().to_path_buf()]
}

/// An expired decision of a project file that stands outside of what was scanned: reports cannot point there.
fn over(decision: &Decision, settings: &Settings) -> Option<Notice> {
    let until = decision.until.filter(|_| matches!(decision.standing(settings.today), Standing::Expired(_)))?;
    let about = format!("the decision on {} (line {})", decision.scope.label(), decision.line);
    let text = format!("{about} expired on {until}: what it covers is reported again");
    Some(Notice::file(NoticeKind::Ineffective, settings.plan.file.as_deref().unwrap_or_default(), text))
}

/// Shows what is wrong with decisions beside the other findings. No decision, comment or baseline was asked about it.
fn add_faults(faults: &[Finding], filtered: &mut Filtered, settings: &Settings) {
    for fault in faults.iter().filter(|fault| settings.rules.selects(&fault.rule)) {
        let mut fault = fault.clone();
        if let Some(severity) = settings.rules.severity.get(&fault.rule) {
            fault.severity = *severity;
        }
        if fault.severity < settings.min_severity {
            filtered.below_threshold += 1;
            continue;
        }
        let at = filtered.kept.partition_point(|other| (&other.at, &other.rule) <= (&fault.at, &fault.rule));
        filtered.kept.insert(at, fault);
    }
}

/// Whether a rule finds credentials in the text itself: these harm wherever they lie.
pub(super) fn is_about_live_credentials(card: &RuleCard) -> bool {
    const HARD_CODED_CREDENTIALS: u32 = 798;
    card.cwe.contains(&HARD_CODED_CREDENTIALS)
}

/// What was examined, with the files that the analysis does not count.
pub(super) fn summary(outcome: &Outcome, discovery: &Discovery, elapsed: Duration) -> Summary {
    let mut summary = outcome.summary.clone();
    for file in &discovery.files {
        *summary.files_by_language.entry(file.language.label().to_owned()).or_default() += 1;
    }
    let count = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    summary.skipped = discovery.skipped.iter().map(|(why, files)| (why.label().to_owned(), count(*files))).collect();
    summary.elapsed = Some(elapsed);
    summary
}
