//! The `scan` command: audit, compare, report.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::args::{ColorArg, Common, FormatArg, Scan};
use super::audit::{Audit, Timings, audit};
use super::baseline::{self, Accepted};
use super::failure::Failure;
use super::progress::Progress;
use super::trusted::with_trust;
use super::{Console, Exit, Stages, compare, output, terminal};
use crate::filter::Suppression;
use crate::finding::{Finding, Notice, Severity};
use crate::report::{
    Change, Circumstances, LeftOut, Loosened, Report, Silenced, SilencedBy, Summary, Tool, agent, github, gitlab,
    human, json, junit, markdown, sarif,
};
use crate::settings::Format;
use crate::source::Language;
use crate::walk::{Discovery, SkipReason};

/// Deep nesting in audited code costs stack, not the run.
const STACK: usize = 32 << 20;

pub(super) const TOOL: Tool<'static> = Tool {
    name: "launchlint",
    version: env!("CARGO_PKG_VERSION"),
    // Cargo tells an empty one where there is none.
    home: match option_env!("CARGO_PKG_HOMEPAGE") {
        Some(home) if !home.is_empty() => Some(home),
        _ => None,
    },
};

/// Runs a scan and writes its reports.
pub(super) fn scan(options: &Scan, stages: &Stages<'_>, console: &mut Console<'_>) -> Result<Exit, Failure> {
    for file in options.also.iter().map(|(_, file)| file).chain(&options.common.output) {
        output::check(file)?;
    }
    let mut timings = Timings::default();
    let progress = Progress::start(console.is_err_watched && !options.common.no_progress);
    let asked = with_trust(&options.common, &options.trust)?;
    let states = compare::states(&options.compare, &asked)?;
    let common = states.as_ref().map_or(Ok(asked.clone()), |states| states.later(&asked))?;
    let mut audit = audit(&common, &options.pick, None, stages, &mut timings, &progress)?;
    let mut accepted = baseline::apply(&options.baseline, &options.pick, &mut audit)?;
    let change = match &states {
        Some(states) => {
            progress.phase(format!("Auditing the earlier state, {} files", audit.discovery.files.len()));
            let cx = (stages, &mut timings, &progress);
            Some(states.keep_the_change(&mut audit, &asked, &options.pick, cx.0, cx.1, cx.2)?)
        }
        None => None,
    };
    if let Some(shard) = options.shard {
        shard.keep(&mut audit, &mut accepted);
    }
    progress.phase("Writing the report".into());
    let style = style(&options.common, console);
    let has_links = console.is_out_styled && options.common.output.is_none() && terminal::follows_links();
    let shown = Shown::new(&audit, options, stages, &accepted, change, has_links);
    let reports = timings.measure("report", || shown.render(&audit, stages, options, style))?;
    drop(progress);
    let (main, others) = reports.split_first().map_or(("", &[][..]), |(first, rest)| (first.as_str(), rest));
    for ((_, file), text) in options.also.iter().zip(others) {
        output::to_file(file, text)?;
    }
    match &options.common.output {
        Some(file) => output::to_file(file, main)?,
        None => output::to_stream(console.out, main)?,
    }
    warn_if_nothing_to_judge(&audit.discovery, console);
    if options.timings {
        timings.print(console);
    }
    check_whole(&audit.notices, options.trust.strict)?;
    let fail_at = options.fail_on.map_or(Some(audit.settings.fail_at), super::args::FailOn::severity);
    let is_failed = fail_at.is_some_and(|mildest| audit.filtered.kept.iter().any(|f| f.severity >= mildest));
    Ok(if is_failed && !options.exit_zero { Exit::Findings } else { Exit::Clean })
}

/// What a report borrows besides the audit.
struct Shown {
    fingerprints: Vec<String>,
    /// What SARIF holds, if that is more than what is reported.
    whole: Option<Vec<Finding>>,
    silenced: Vec<Silenced>,
    left_out: LeftOut,
    prefix: String,
    files_at: Option<String>,
    links_to: Option<String>,
    change: Option<Change>,
}

impl Shown {
    fn new(
        audit: &Audit,
        options: &Scan,
        stages: &Stages<'_>,
        accepted: &[Accepted],
        change: Option<Change>,
        has_links: bool,
    ) -> Shown {
        let filtered = &audit.filtered;
        let mut silenced = Vec::new();
        if options.include_accepted || options.sarif_include.is_some() {
            let by_comment = filtered.suppressed.iter().map(|(finding, by)| by_comment(audit, finding, by));
            silenced.extend(by_comment.chain(accepted.iter().map(|one| by_baseline(audit, one))));
            silenced.extend(audit.decided.iter().map(|(finding, at)| by_decision(audit, finding, *at)));
            silenced.sort_by(|a, b| (&a.finding.at, &a.finding.rule).cmp(&(&b.finding.at, &b.finding.rule)));
        }
        Shown {
            fingerprints: audit.fingerprints(&filtered.kept),
            whole: options.compare.whole_sarif.then(|| [filtered.kept.as_slice(), &audit.older].concat()),
            silenced,
            left_out: left_out(audit, stages, options.pick.exclude_rule.len(), accepted.len()),
            prefix: audit.prefix(),
            files_at: files_at(),
            links_to: has_links.then(|| links_to(audit.roots.base())),
            change,
        }
    }

    /// The main report, then the others in the order they were asked for.
    fn render(
        &self,
        audit: &Audit,
        stages: &Stages<'_>,
        options: &Scan,
        style: human::Options,
    ) -> Result<Vec<String>, Failure> {
        let report = Report {
            tool: TOOL,
            findings: &audit.filtered.kept,
            fingerprints: &self.fingerprints,
            notices: &audit.notices,
            summary: &audit.summary,
            rules: stages.rules,
            checklist: stages.checklist,
            sources: &audit.discovery.files,
            masked: &audit.filtered.masked,
            circumstances: Circumstances {
                category: options.category.as_deref(),
                prefix: &self.prefix,
                files_at: self.files_at.as_deref(),
                links_to: self.links_to.as_deref(),
                change: self.change.as_ref(),
                surfaces: Some(&audit.table),
                silenced: &self.silenced,
                fixes: &audit.fixes,
                left_out: self.left_out,
            },
        };
        let plain = human::Options { colour: false, unicode: true, ..style };
        let wanted = [(options.format, style)].into_iter();
        let wanted = wanted.chain(options.also.iter().map(|(format, _): &(FormatArg, PathBuf)| (*format, plain)));
        let mut reports = Vec::new();
        let mut report = report;
        for (format, style) in wanted {
            let format = Format::from(format);
            reports.push(match &self.whole {
                Some(findings) if format == Format::Sarif => {
                    let fingerprints = audit.fingerprints(findings);
                    render(&Report { findings, fingerprints: &fingerprints, ..report }, format, style)?
                }
                _ => render(&report, format, style)?,
            });
            // A file is read elsewhere.
            report.circumstances.links_to = None;
        }
        Ok(reports)
    }
}

/// What a report does not hold: what was accepted, and what settings make the audit say less of. `excluded_here` of the rules
/// that are off were so by the command line, which is no setting; `baselined` findings were in the baseline.
pub(super) fn left_out(audit: &Audit, stages: &Stages<'_>, excluded_here: usize, baselined: usize) -> LeftOut {
    let (settings, walk) = (&audit.settings, &audit.settings.walk);
    let is_milder =
        |(rule, severity): (&String, &Severity)| stages.rules.get(rule).is_some_and(|card| *severity < card.severity);
    let classes = [&walk.classes.test, &walk.classes.example, &walk.classes.vendored, &walk.classes.generated];
    LeftOut {
        suppressed: audit.filtered.suppressed.len(),
        baselined,
        decided: audit.decided.len(),
        below_threshold: audit.filtered.below_threshold,
        outside_production: audit.filtered.outside_production,
        loosened: Loosened {
            rules_off: settings.rules.excluded.len().saturating_sub(excluded_here),
            files_excluded: audit.discovery.skipped.get(&SkipReason::Excluded).copied().unwrap_or_default(),
            milder_rules: settings.rules.severity.iter().filter(|entry| is_milder(*entry)).count(),
            values_changed: settings.plan.policy.values().map(BTreeMap::len).sum::<usize>()
                + settings.plan.options.values().map(BTreeMap::len).sum::<usize>(),
            paths_declared: classes.iter().map(|globs| globs.patterns().len()).sum(),
        },
    }
}

fn by_comment(audit: &Audit, finding: &Finding, by: &Suppression) -> Silenced {
    Silenced {
        finding: finding.clone(),
        fingerprint: audit.names.of(finding).to_owned(),
        by: SilencedBy::Comment,
        reason: by.reason.clone(),
        until: by.until,
    }
}

fn by_baseline(audit: &Audit, accepted: &Accepted) -> Silenced {
    let reason =
        accepted.entry.reason.clone().unwrap_or_else(|| format!("in the baseline since {}", accepted.entry.since));
    Silenced {
        finding: accepted.finding.clone(),
        fingerprint: audit.names.of(&accepted.finding).to_owned(),
        by: SilencedBy::Baseline,
        reason,
        until: None,
    }
}

fn by_decision(audit: &Audit, finding: &Finding, at: usize) -> Silenced {
    let decision = audit.settings.plan.decisions.get(at);
    let said = decision.map(|decision| {
        let said = [Some(decision.ruling.label()), decision.why.as_deref(), decision.who.as_deref()];
        said.into_iter().flatten().collect::<Vec<_>>().join(", ")
    });
    Silenced {
        finding: finding.clone(),
        fingerprint: audit.names.of(finding).to_owned(),
        by: SilencedBy::Decision,
        reason: said.unwrap_or_default(),
        until: decision.and_then(|decision| decision.until),
    }
}

/// A folder as a URL with a final `/`.
fn links_to(folder: &Path) -> String {
    let path = sarif::uri(&super::audit::slashed(folder.strip_prefix("/").unwrap_or(folder)));
    format!("file:///{path}/")
}

/// Where the host that runs the job shows files, as far as it tells.
fn files_at() -> Option<String> {
    let told = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let (server, repository) = (told("GITHUB_SERVER_URL")?, told("GITHUB_REPOSITORY")?);
    Some(format!("{server}/{repository}/blob/{}", told("GITHUB_SHA")?))
}

/// Runs work on threads of its own, with stacks that deep nesting does not exhaust.
pub(super) fn in_pool<T: Send>(jobs: usize, work: impl FnOnce() -> T + Send) -> Result<T, Failure> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(jobs).stack_size(STACK).build();
    let pool = pool
        .map_err(|error| Failure::new(format!("cannot start {jobs} threads: {error}")).help("try a smaller --jobs"))?;
    Ok(pool.install(work))
}

/// With `--strict`, what was left out fails the run; the report is out already and names it.
pub(super) fn check_whole(notices: &[Notice], is_strict: bool) -> Result<(), Failure> {
    let gaps: Vec<&Notice> = notices.iter().filter(|notice| notice.is_gap()).collect();
    let Some(first) = gaps.first().filter(|_| is_strict) else { return Ok(()) };
    let place = if first.path.is_empty() { String::new() } else { format!("{}: ", first.path) };
    let what = match gaps.len() {
        1 => "one thing was not, or not wholly, judged".to_owned(),
        many => format!("{many} things were not, or not wholly, judged, among them"),
    };
    Err(Failure::new(format!("{what}: {place}{}", first.message)).help("exclude it, mend it, or run without --strict"))
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
        Format::Github => return Ok(github::render(&timeless)),
        Format::Gitlab => gitlab::render(&timeless),
        Format::Junit => return Ok(junit::render(&timeless)),
        Format::Markdown => return Ok(markdown::render(&timeless)),
        Format::Agent => agent::render(&timeless),
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
