//! From arguments, a configuration file and the clock to run settings.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::thread::available_parallelism;
use std::time::{SystemTime, UNIX_EPOCH};

use super::args::{Common, Pick};
use super::failure::Failure;
use super::trusted::ControlFile;
use super::{Console, Stages, output};
use crate::finding::Severity;
use crate::rules::card::{Activation, RuleSet, Status};
use crate::rules::imported;
use crate::settings::config::{Config, ConfigError, FILE_NAMES, Origin};
use crate::settings::{Date, Format, Imported, Plan, RuleSelection, Settings, WalkSettings};
use crate::walk::{RootError, Roots};

/// Checks the paths of a command line.
pub(super) fn roots(paths: &[PathBuf]) -> Result<Roots, Failure> {
    Roots::resolve(paths).map_err(|error| {
        let help = match &error {
            RootError::Missing(_) => "check the path; it counts from the current folder",
            RootError::Unreadable(..) => "run as a user who may read it",
            RootError::Special(_) => "give a folder or a regular file",
            RootError::Apart(..) => "scan them in two runs",
        };
        Failure::new(error.to_string()).help(help)
    })
}

/// Merges arguments and configuration; arguments win.
pub(super) fn settings(common: &Common, pick: &Pick, roots: &Roots, stages: &Stages<'_>) -> Result<Settings, Failure> {
    let rules = stages.rules;
    let mut selection = RuleSelection {
        only: resolve_all(&pick.rule, rules, "--rule")?,
        excluded: resolve_all(&pick.exclude_rule, rules, "--exclude-rule")?,
        quiet: rules
            .iter()
            .filter(|card| card.activation == Activation::Coverage)
            .map(|card| card.id.clone())
            .collect(),
        ..RuleSelection::default()
    };
    let (walk, plan) = walk(common, roots, stages, &mut selection)?;
    let min_severity = pick.min_severity.map(Severity::from);
    Ok(Settings {
        roots: common.copied_from.as_ref().unwrap_or(&common.paths).clone(),
        walk,
        rules: selection,
        min_severity: min_severity.unwrap_or(Severity::Note),
        fail_at: min_severity.unwrap_or(Severity::Low),
        format: Format::default(),
        output: common.output.clone(),
        today: today(common.today.as_deref())?,
        imported: imported(&common.import)?,
        plan,
        wants_inventory: false,
        cache: if common.no_cache { None } else { super::cache::folder() },
        is_long_lived: false,
    })
}

/// The settings of a run that judges the checklist: every rule speaks that the project file does not switch off, also
/// those that only feed the checklist.
pub(super) fn whole(options: &Common, roots: &Roots, stages: &Stages<'_>) -> Result<Settings, Failure> {
    let mut selection = RuleSelection::default();
    let (walk, plan) = walk(options, roots, stages, &mut selection)?;
    Ok(Settings {
        roots: options.copied_from.as_ref().unwrap_or(&options.paths).clone(),
        walk,
        rules: selection,
        min_severity: Severity::Note,
        fail_at: Severity::Low,
        format: Format::Human,
        output: options.output.clone(),
        cache: if options.no_cache { None } else { super::cache::folder() },
        today: today(options.today.as_deref())?,
        imported: imported(&options.import)?,
        plan,
        wants_inventory: true,
        is_long_lived: false,
    })
}

/// The rules with the project file's values.
pub(super) fn rules(rules: &RuleSet, plan: &Plan) -> Result<RuleSet, Failure> {
    rules.with_options(&plan.options).map_err(|unknown| {
        let what = format!("the project file: the rule `{}` has no option `{}`", unknown.rule, unknown.key);
        let help = unknown.nearest.map(|key| format!("did you mean `{key}`?"));
        Failure::new(what)
            .maybe_help(help.or(Some(format!("`launchlint explain {}` tells what it does", unknown.rule))))
    })
}

/// Writes the JSON Schema of the project file.
pub(super) fn schema(console: &mut Console<'_>) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(&Config::json_schema())
        .map_err(|error| Failure::new(format!("cannot write the schema: {error}")).help(super::DEFECT))?;
    output::to_stream(console.out, &(text + "\n"))
}

/// What other scanners report.
fn imported(files: &[PathBuf]) -> Result<Vec<Imported>, Failure> {
    let mut found = Vec::new();
    for file in files {
        let failure = |error: String| {
            let help = "name a SARIF file that a scanner for secrets wrote";
            Failure::new(format!("cannot import `{}`: {error}", file.display())).help(help)
        };
        let text = fs::read_to_string(file).map_err(|error| failure(error.to_string()))?;
        found.extend(imported::parse(&text).map_err(failure)?.0);
    }
    found.sort();
    found.dedup();
    Ok(found)
}

/// How to read files; what the configuration says about rules goes into `selection`.
pub(super) fn walk(
    options: &Common,
    roots: &Roots,
    stages: &Stages<'_>,
    selection: &mut RuleSelection,
) -> Result<(WalkSettings, Plan), Failure> {
    let jobs = options.jobs.map_or_else(|| available_parallelism().map_or(1, usize::from), usize::from);
    let mut walk = WalkSettings { jobs, ..WalkSettings::default() };
    walk.ignores = options.trusted.as_ref().map(|trusted| trusted.ignores(roots));
    let plan = match config_file(options, roots)? {
        Some(file) => configure(&file, stages, &mut walk, selection)?,
        None => Plan::default(),
    };
    Ok((walk, plan))
}

/// The configuration file to use: the one that is named, or the nearest from the root up to the repository's top.
fn config_file(options: &Common, roots: &Roots) -> Result<Option<ControlFile>, Failure> {
    if options.no_config {
        return Ok(None);
    }
    if let Some(trusted) = &options.trusted {
        return trusted.config(options.config.as_deref(), roots);
    }
    let file = match &options.config {
        Some(file) => file.clone(),
        None => match nearest(roots) {
            Some(file) => file,
            None => return Ok(None),
        },
    };
    // Reports must not depend on where the tree lies.
    let real = file.canonicalize().unwrap_or_else(|_| file.clone());
    let seen = real.strip_prefix(roots.base()).map(slashed);
    let is_scanned = seen.is_ok();
    let seen = seen.unwrap_or_else(|_| file.file_name().unwrap_or_default().to_string_lossy().into_owned());
    let (root, at) = (root_seen_from(&file, roots), file.display().to_string());
    Ok(Some(ControlFile { file, at, shown: seen, root, is_scanned }))
}

/// The nearest configuration file from the root up to the repository's top.
pub(super) fn nearest(roots: &Roots) -> Option<PathBuf> {
    let top = roots.repository().unwrap_or(roots.base());
    let folders = roots.base().ancestors().take_while(|folder| folder.starts_with(top));
    let mut candidates = folders.flat_map(|folder| FILE_NAMES.map(|name| folder.join(name)));
    candidates.find(|file| file.is_file())
}

fn configure(
    control: &ControlFile,
    stages: &Stages<'_>,
    walk: &mut WalkSettings,
    selection: &mut RuleSelection,
) -> Result<Plan, Failure> {
    let rules = stages.rules;
    let ControlFile { file, at: name, shown, root, is_scanned } = control;
    let text = fs::read_to_string(file).map_err(|error| {
        let help = "name a readable TOML file with --config, or run with --no-config";
        Failure::new(format!("cannot read the configuration `{name}`: {error}")).help(help)
    })?;
    let at = |line: Option<usize>| match line {
        Some(line) => format!("{name}:{line}"),
        None => name.clone(),
    };
    let origin = Origin { text: &text, root };
    let mut config = Config::parse(&text)
        .map_err(|error| Failure::new(format!("{}: {}", at(error.line), error.message)).maybe_help(error.hint))?;
    let resolve = |written: &String| resolve_rule(written, rules, &at(origin.line_of(written)));
    config.rules.disable = config.rules.disable.iter().map(resolve).collect::<Result<_, _>>()?;
    let severities = config.rules.severity.iter().map(|(rule, severity)| Ok((resolve(rule)?, *severity)));
    config.rules.severity = severities.collect::<Result<_, Failure>>()?;
    let options = config.rules.options.iter().map(|(rule, values)| Ok((resolve(rule)?, values.clone())));
    config.rules.options = options.collect::<Result<_, Failure>>()?;
    let wrong =
        |error: ConfigError| Failure::new(format!("{}: {}", at(error.line), error.message)).maybe_help(error.hint);
    let mut plan = Plan::new(&config, origin, stages.checklist).map_err(wrong)?;
    for decision in &mut plan.decisions {
        let place = at(Some(decision.line));
        let rule = decision.scope.rule.as_ref().map(|rule| resolve_rule(rule, rules, &place)).transpose()?;
        decision.scope.rule = rule;
    }
    plan.is_scanned = *is_scanned;
    plan.file = Some(shown.clone());
    config.apply(origin, walk, selection).map_err(wrong)?;
    Ok(plan)
}

/// The scanned root as seen from a configuration's folder; empty if it does not lie below it.
fn root_seen_from(file: &Path, roots: &Roots) -> String {
    let folder = file.canonicalize().ok().and_then(|file| file.parent().map(Path::to_path_buf));
    let below = folder.as_deref().and_then(|folder| roots.base().strip_prefix(folder).ok());
    below.map(slashed).unwrap_or_default()
}

/// A relative path with `/`.
fn slashed(path: &Path) -> String {
    let segments: Vec<_> = path.components().map(|segment| segment.as_os_str().to_string_lossy()).collect();
    segments.join("/")
}

fn resolve_all(written: &[String], rules: &RuleSet, option: &str) -> Result<BTreeSet<String>, Failure> {
    written.iter().map(|rule| resolve_rule(rule, rules, option)).collect()
}

/// The id of a rule that exists.
pub(super) fn resolve_rule(written: &str, rules: &RuleSet, place: &str) -> Result<String, Failure> {
    match rules.resolve(written) {
        Ok(card) if card.status == Status::Removed => {
            Err(Failure::new(format!("{place}: rule `{written}` was removed")).help("take it out"))
        }
        Ok(card) => Ok(card.id.clone()),
        Err(unknown) => {
            let help = match unknown.nearest {
                Some(id) => format!("did you mean `{id}`?"),
                None => "`launchlint rules` lists every rule".to_owned(),
            };
            Err(Failure::new(format!("{place}: there is no rule `{written}`")).help(help))
        }
    }
}

/// The day to judge for: the one that is asked for, or the clock's.
pub(super) fn today(asked: Option<&str>) -> Result<Date, Failure> {
    if let Some(day) = asked {
        return day
            .parse()
            .map_err(|()| Failure::new(format!("--today: `{day}` is no day")).help("write it as 2026-01-31"));
    }
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    Ok(Date::from_unix_days(i64::try_from(seconds / 86_400).unwrap_or_default()))
}
