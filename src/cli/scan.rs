//! The `scan` command: discover, analyse, filter, report.

use std::collections::BTreeMap;
use std::io::Write;
use std::time::{Duration, Instant};

use super::args::{ColorArg, Common, Scan};
use super::configure;
use super::failure::Failure;
use super::progress::Progress;
use super::{Console, Exit, Outcome, Stages, output};
use crate::filter::{self, Audited, Filtered, Policy};
use crate::finding::{Finding, Location, Notice};
use crate::fingerprint;
use crate::mask::Masks;
use crate::report::{Report, Sources, Summary, Tool, human, json, sarif};
use crate::rules::card::{RuleCard, RuleSet};
use crate::settings::{Format, Settings};
use crate::source::{Language, SourceFile};
use crate::walk::{self, Discovery, SkipReason};

/// Deep nesting in audited code costs stack, not the run.
const STACK: usize = 32 << 20;

pub(super) const TOOL: Tool<'static> =
    Tool { name: "launchlint", version: env!("CARGO_PKG_VERSION"), home: option_env!("CARGO_PKG_HOMEPAGE") };

/// How long each stage took.
#[derive(Default)]
struct Timings(Vec<(String, Duration)>);

impl Timings {
    fn measure<T>(&mut self, stage: &str, work: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        let result = work();
        self.0.push((stage.to_owned(), start.elapsed()));
        result
    }

    fn print(&self, err: &mut dyn Write) {
        for (stage, took) in &self.0 {
            // Timings are a courtesy; a closed stream is no reason to fail.
            drop(writeln!(err, "{stage:>40} {:>9.1} ms", took.as_secs_f64() * 1_000.0));
        }
    }
}

/// Runs a scan and writes its report.
pub(super) fn scan(options: &Scan, stages: &Stages<'_>, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let roots = configure::roots(&options.common.paths)?;
    let settings = configure::settings(options, &roots, stages)?;
    let rules = configure::rules(stages.rules, &settings.plan)?;
    if let Some(file) = &settings.output {
        output::check(file)?;
    }
    let start = Instant::now();
    let mut timings = Timings::default();
    let progress = Progress::start(console.is_err_watched && !options.common.no_progress);
    progress.phase("Reading files".into());
    let discovery = timings.measure("walk", || walk::discover(&roots, &settings.walk));
    check_anything_read(&discovery)?;
    progress.phase(format!("Analysing {} files", discovery.files.len()));
    let outcome = timings.measure("analysis", || {
        in_pool(settings.walk.jobs, || (stages.analyse)(&settings, &rules, &discovery.files))
    })?;
    timings.0.extend(outcome.timings.iter().cloned());
    progress.phase("Writing the report".into());
    let summary = summary(&outcome, &discovery, start.elapsed());
    let names = Names::of_all(&outcome.findings, &discovery);
    let (filtered, notices) = timings.measure("filter", || sift(outcome, &discovery, &settings, stages.rules));
    let fingerprints = names.of(&filtered.kept);
    let report = Report {
        tool: TOOL,
        findings: &filtered.kept,
        fingerprints: &fingerprints,
        notices: &notices,
        summary: &summary,
        rules: stages.rules,
        checklist: stages.checklist,
        sources: &discovery.files,
        masked: &filtered.masked,
    };
    let style = style(&options.common, console);
    let text = timings.measure("report", || render(&report, settings.format, style))?;
    drop(progress);
    match &settings.output {
        Some(file) => output::to_file(file, &text)?,
        None => output::to_stream(console.out, &text)?,
    }
    warn_if_nothing_to_judge(&discovery, console);
    if options.timings {
        timings.print(console.err);
    }
    let is_failed = filtered.kept.iter().any(|finding| finding.severity >= settings.fail_at);
    Ok(if is_failed && !options.exit_zero { Exit::Findings } else { Exit::Clean })
}

/// Runs work on threads of its own, with stacks that deep nesting does not exhaust.
pub(super) fn in_pool<T: Send>(jobs: usize, work: impl FnOnce() -> T + Send) -> Result<T, Failure> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(jobs).stack_size(STACK).build();
    let pool = pool
        .map_err(|error| Failure::new(format!("cannot start {jobs} threads: {error}")).help("try a smaller --jobs"))?;
    Ok(pool.install(work))
}

/// A tree without a readable file is not a clean one.
pub(super) fn check_anything_read(discovery: &Discovery) -> Result<(), Failure> {
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

/// Fingerprints of all findings, as the order among equal lines is part of each: leaving one out must not rename others.
struct Names(Vec<((String, Location, String), String)>);

impl Names {
    fn of_all(findings: &[Finding], discovery: &Discovery) -> Names {
        let text = |path: &str| discovery.files.text(path);
        let masks = Masks::collect(findings, &[], text);
        let fingerprints = fingerprint::fingerprints(findings, &masks, text);
        Names(findings.iter().map(Names::key).zip(fingerprints).collect())
    }

    /// Those of the findings that are left, which stand in the order that all stood in.
    fn of(self, kept: &[Finding]) -> Vec<String> {
        let mut all = self.0.into_iter();
        let name = |finding: &Finding| {
            let key = Names::key(finding);
            all.by_ref().find_map(|(of, name)| (of == key).then_some(name))
        };
        kept.iter().map_while(name).collect()
    }

    fn key(finding: &Finding) -> (String, Location, String) {
        (finding.rule.clone(), finding.at.clone(), finding.subject.clone())
    }
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

/// How to write for people, unless the report goes to a file.
pub(super) fn style(options: &Common, console: &Console<'_>) -> human::Options {
    let is_file = options.output.is_some();
    let colour = match options.color {
        ColorArg::Always => true,
        ColorArg::Never => false,
        ColorArg::Auto => console.is_out_styled && !is_file,
    };
    human::Options { width: console.width, colour, unicode: console.is_out_unicode || is_file }
}

fn render(report: &Report<'_>, format: Format, style: human::Options) -> Result<String, Failure> {
    // What tools read is the same for the same tree, so it holds no duration.
    let summary = Summary { elapsed: None, ..report.summary.clone() };
    let timeless = Report { summary: &summary, ..*report };
    let text = match format {
        Format::Human => return Ok(human::render(report, style)),
        Format::Json => json::render(&timeless),
        Format::Sarif => sarif::render(&timeless),
    };
    text.map_err(|error| Failure::new(format!("cannot write the report: {error}")).help(super::DEFECT))
}

/// Says on the error stream that a clean result means nothing where there is no code.
pub(super) fn warn_if_nothing_to_judge(discovery: &Discovery, console: &mut Console<'_>) {
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
