//! The `scan` command: discover, analyse, filter, report.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use super::args::{ColorArg, Scan};
use super::configure::{self, slashed};
use super::failure::Failure;
use super::progress::Progress;
use super::{Audit, Console, Exit, Outcome, Stages, output};
use crate::filter::{self, Audited, Filtered, Policy};
use crate::finding::Notice;
use crate::rules::card::{RuleCard, RuleSet};
use crate::settings::Settings;
use crate::source::{Language, SourceFile};
use crate::walk::{self, Discovery, Roots, SkipReason};

/// Deep nesting in audited code costs stack, not the run.
const STACK: usize = 32 << 20;

/// How long each stage took.
#[derive(Default)]
struct Timings(Vec<(&'static str, Duration)>);

impl Timings {
    fn measure<T>(&mut self, stage: &'static str, work: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        let result = work();
        self.0.push((stage, start.elapsed()));
        result
    }

    fn print(&self, err: &mut dyn Write) {
        for (stage, took) in &self.0 {
            // Timings are a courtesy; a closed stream is no reason to fail.
            drop(writeln!(err, "{stage:>10} {:>9.1} ms", took.as_secs_f64() * 1_000.0));
        }
    }
}

/// Runs a scan and writes its report.
pub(super) fn scan(options: &Scan, stages: &Stages<'_>, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let roots = configure::roots(options)?;
    let settings = configure::settings(options, &roots, stages.rules)?;
    if let Some(file) = &settings.output {
        output::check(file)?;
    }
    let mut timings = Timings::default();
    let progress = Progress::start(console.is_err_watched && !options.no_progress);
    progress.phase("Reading files".into());
    let discovery = timings.measure("walk", || walk::discover(&roots, &settings.walk));
    check_anything_read(&discovery)?;
    progress.phase(format!("Analysing {} files", discovery.files.len()));
    let outcome = timings
        .measure("analysis", || in_pool(&settings, || (stages.analyse)(&settings, stages.rules, &discovery.files)))?;
    progress.phase("Writing the report".into());
    let (filtered, notices) = timings.measure("filter", || sift(outcome, &discovery, &settings, stages.rules));
    let prefix = prefix(&roots);
    let audit = Audit {
        settings: &settings,
        rules: stages.rules,
        discovery: &discovery,
        prefix: &prefix,
        filtered: &filtered,
        notices: &notices,
    };
    let report = timings.measure("report", || (stages.render)(&audit));
    drop(progress);
    write_report(&report, options, &settings, console)?;
    warn_if_nothing_to_judge(&discovery, console);
    if options.timings {
        timings.print(console.err);
    }
    let is_failed = filtered.kept.iter().any(|finding| finding.severity >= settings.fail_at);
    Ok(if is_failed && !options.exit_zero { Exit::Findings } else { Exit::Clean })
}

/// Runs work on threads of its own, with stacks that deep nesting does not exhaust.
fn in_pool<T: Send>(settings: &Settings, work: impl FnOnce() -> T + Send) -> Result<T, Failure> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(settings.walk.jobs).stack_size(STACK).build();
    let pool = pool.map_err(|error| {
        Failure::new(format!("cannot start {} threads: {error}", settings.walk.jobs)).help("try a smaller --jobs")
    })?;
    Ok(pool.install(work))
}

/// A tree without a readable file is not a clean one.
fn check_anything_read(discovery: &Discovery) -> Result<(), Failure> {
    let unreadable = discovery.skipped.get(&SkipReason::Unreadable).copied().unwrap_or_default();
    if discovery.seen == 0 && unreadable == 0 {
        return Err(Failure::new("there is no file to scan: the given paths are empty or ignored")
            .help("give another path, or look into .gitignore and .launchlintignore"));
    }
    if discovery.files.is_empty() && unreadable > 0 {
        let first = discovery.notices.iter().find(|notice| notice.message.starts_with("not scanned"));
        let which = first.map(|notice| format!(", `{}` among them: {}", notice.path, notice.message));
        let what = format!("none of {unreadable} files could be read{}", which.unwrap_or_default());
        return Err(Failure::new(what).help("run as a user who may read them"));
    }
    Ok(())
}

/// Filters findings and gathers every stage's notices.
fn sift(outcome: Outcome, discovery: &Discovery, settings: &Settings, rules: &RuleSet) -> (Filtered, Vec<Notice>) {
    let audited = |file| {
        let comments = |file: &SourceFile| outcome.comments.get(&file.path).map(Vec::as_slice);
        Audited { file, comments: comments(file) }
    };
    let files: Vec<Audited<'_>> = discovery.files.iter().map(audited).collect();
    let policy = Policy {
        resolve: &|written| rules.resolve(written).map(|card| card.id.clone()).map_err(|unknown| unknown.nearest),
        selection: &settings.rules,
        min_severity: settings.min_severity,
        today: settings.today,
        reported_everywhere: &|rule| rules.get(rule).is_some_and(is_about_live_credentials),
    };
    let filtered = filter::apply(outcome.findings, &files, &policy);
    let mut notices = [discovery.notices.as_slice(), &outcome.notices, &filtered.notices].concat();
    notices.sort();
    notices.dedup();
    (filtered, notices)
}

/// Whether a rule finds credentials in the text itself: these harm wherever they lie.
fn is_about_live_credentials(card: &RuleCard) -> bool {
    const HARD_CODED_CREDENTIALS: u32 = 798;
    card.cwe.contains(&HARD_CODED_CREDENTIALS)
}

/// The scanned root as seen from the repository's top, or else from the working folder.
fn prefix(roots: &Roots) -> String {
    let here = std::env::current_dir().and_then(|folder| folder.canonicalize()).ok();
    let top = roots.repository().or(here.as_deref());
    let below = top.and_then(|top: &Path| roots.base().strip_prefix(top).ok());
    below.map(slashed).unwrap_or_default()
}

fn write_report(report: &str, options: &Scan, settings: &Settings, console: &mut Console<'_>) -> Result<(), Failure> {
    let is_styled = match options.color {
        ColorArg::Always => true,
        ColorArg::Never => false,
        ColorArg::Auto => console.is_out_styled && settings.output.is_none(),
    };
    match &settings.output {
        Some(file) => output::to_file(file, report, is_styled),
        None => output::to_stream(console.out, report, is_styled),
    }
}

/// Says on the error stream that a clean result means nothing where there is no code.
fn warn_if_nothing_to_judge(discovery: &Discovery, console: &mut Console<'_>) {
    let mut by_language: BTreeMap<Language, usize> = BTreeMap::new();
    for file in &discovery.files {
        *by_language.entry(file.language).or_default() += 1;
    }
    let seen = discovery.seen;
    let what = if discovery.files.is_empty() {
        format!("nothing was analysed: all of {seen} files are excluded or not text")
    } else if !by_language.keys().any(|language| language.is_code()) {
        format!("no code was analysed: {seen} files hold no Python, TypeScript, JavaScript or Rust source")
    } else {
        return;
    };
    // The report is out already; a closed error stream changes nothing.
    drop(writeln!(console.err, "warning: {what}. This is not a pass."));
}
