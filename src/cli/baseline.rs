//! The `baseline` command, and what a scan does with the file that it writes.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use clap::ValueHint;

use super::args::{Common, Pick};
use super::audit::{Audit, Timings, audit};
use super::failure::Failure;
use super::progress::Progress;
use super::trusted::ControlFile;
use super::{Console, Stages, audit as auditing, output};
use crate::filter::baseline::{Baseline, Entry, FILE_NAME};
use crate::finding::Finding;
use crate::report::text::count;

pub(super) const EXAMPLES: &str = "\
Examples:
  launchlint baseline create                       accept what is found today, in launchlint-baseline.json
  launchlint baseline create --reason \"before v2\"  with a reason for every entry
  launchlint baseline update                       accept what is new, forget what is gone
  launchlint baseline prune                        forget what is gone only
  launchlint scan                                  reports what is not in the baseline

An entry is told by rule, path, subject and the text of its line, not by line number. A change that adds entries is
itself reported by `scan --diff`.";

/// Options of `baseline`.
#[derive(Debug, clap::Args)]
pub(super) struct Options {
    /// What to do
    #[arg(value_enum)]
    action: Action,
    #[command(flatten)]
    common: Common,
    #[command(flatten)]
    pick: Pick,
    /// The file [default: launchlint-baseline.json in the scanned folder, or the nearest above it in the repository]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    baseline: Option<PathBuf>,
    /// Why new entries are accepted
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    /// Replace a baseline that is there
    #[arg(long)]
    force: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Action {
    /// Accept all that is found
    Create,
    /// Accept what is new and forget what is gone
    Update,
    /// Forget what is gone
    Prune,
}

/// Which baseline a scan reads.
#[derive(Clone, Debug, Default, clap::Args)]
pub(super) struct BaselineFile {
    /// Leave out the findings that this file accepts [default: the nearest launchlint-baseline.json]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    baseline: Option<PathBuf>,
    /// Report what the baseline accepts, too
    #[arg(long, conflicts_with = "baseline")]
    no_baseline: bool,
}

/// A finding that the baseline accepts.
pub(super) struct Accepted {
    pub(super) finding: Finding,
    pub(super) entry: Entry,
}

/// A baseline with where it counts paths from.
struct Opened {
    file: PathBuf,
    baseline: Baseline,
    /// The scanned root as seen from the baseline's folder, with a final `/`; empty if they are one.
    prefix: String,
}

/// Takes the accepted findings out of an audit, and tells of entries that accept nothing.
pub(super) fn apply(options: &BaselineFile, pick: &Pick, audit: &mut Audit) -> Result<Vec<Accepted>, Failure> {
    if options.no_baseline {
        return Ok(Vec::new());
    }
    let opened = match (&audit.trusted, &options.baseline) {
        (Some(trusted), named) => match trusted.baseline(named.as_deref(), &audit.roots)? {
            Some(control) => Opened::of(control)?,
            None => return Ok(Vec::new()),
        },
        (None, Some(file)) => Opened::read(file.clone(), audit)?,
        (None, None) => match nearest(audit) {
            Some(file) => Opened::read(file, audit)?,
            None => return Ok(Vec::new()),
        },
    };
    let names = opened.names(audit);
    let scope = Scope::new(pick, audit, &opened.prefix);
    let found: BTreeSet<&str> = names.all().collect();
    audit.notices.extend(opened.baseline.stale(&found, |entry| scope.holds(entry)));
    audit.notices.sort();
    let mut accepted = Vec::new();
    for finding in std::mem::take(&mut audit.filtered.kept) {
        match opened.baseline.get(names.of(&finding)) {
            Some(entry) => {
                audit.filtered.masked.extend_from_slice(&finding.masked);
                accepted.push(Accepted { finding, entry: entry.clone() });
            }
            None => audit.filtered.kept.push(finding),
        }
    }
    Ok(accepted)
}

/// Writes or updates the baseline.
pub(super) fn baseline(options: &Options, stages: &Stages<'_>, console: &mut Console<'_>) -> Result<(), Failure> {
    let progress = Progress::start(console.is_err_watched && !options.common.no_progress);
    let audit = audit(&options.common, &options.pick, None, stages, &mut Timings::default(), &progress)?;
    drop(progress);
    let at = options.baseline.clone().or_else(|| nearest(&audit)).unwrap_or_else(|| audit.roots.base().join(FILE_NAME));
    let is_there = at.is_file();
    if options.action == Action::Create && is_there && !options.force {
        let help = "run `launchlint baseline update`, or replace it with --force";
        return Err(Failure::new(format!("there is a baseline already: `{}`", at.display())).help(help));
    }
    if options.action != Action::Create && !is_there {
        let help = "run `launchlint baseline create` first";
        return Err(Failure::new(format!("there is no baseline `{}`", at.display())).help(help));
    }
    let mut opened = match options.action {
        Action::Create => Opened { prefix: prefix(&at, &audit), file: at, baseline: Baseline::default() },
        Action::Update | Action::Prune => Opened::read(at, &audit)?,
    };
    let names = opened.names(&audit);
    let scope = Scope::new(&options.pick, &audit, &opened.prefix);
    let found: BTreeSet<&str> = names.all().collect();
    let removed = opened.baseline.prune(&found, |entry| scope.holds(entry));
    let added =
        if options.action == Action::Prune { 0 } else { opened.accept(&audit, &names, options.reason.as_deref()) };
    let failed = |error| Failure::new(format!("cannot write the baseline: {error}")).help(super::DEFECT);
    output::to_file(&opened.file, &opened.baseline.to_text().map_err(failed)?)?;
    let total = count(opened.baseline.entries.len() as u64, "finding", "findings");
    let said = format!("{}: {total} accepted ({added} added, {removed} removed)\n", opened.file.display());
    output::to_stream(console.out, &said)
}

impl Opened {
    fn read(file: PathBuf, audit: &Audit) -> Result<Opened, Failure> {
        let baseline = parsed(&file, &file.display().to_string())?;
        Ok(Opened { prefix: prefix(&file, audit), file, baseline })
    }

    fn of(control: ControlFile) -> Result<Opened, Failure> {
        let baseline = parsed(&control.file, &control.at)?;
        let prefix = if control.root.is_empty() { String::new() } else { control.root + "/" };
        Ok(Opened { file: control.file, baseline, prefix })
    }

    /// Names of all findings, with paths as seen from the baseline.
    fn names(&self, audit: &Audit) -> auditing::Names {
        auditing::Names::of_all(&audit.found, &audit.discovery, |path| format!("{}{path}", self.prefix))
    }

    fn accept(&mut self, audit: &Audit, names: &auditing::Names, reason: Option<&str>) -> usize {
        let placed: Vec<Finding> = audit.filtered.kept.clone();
        let named: Vec<(Finding, String)> = placed
            .into_iter()
            .map(|mut finding| {
                let name = names.of(&finding).to_owned();
                finding.at.path = format!("{}{}", self.prefix, finding.at.path);
                (finding, name)
            })
            .collect();
        let today = audit.settings.today.to_string();
        self.baseline.add(named.iter().map(|(finding, name)| (finding, name.as_str())), &today, reason)
    }
}

fn parsed(file: &Path, name: &str) -> Result<Baseline, Failure> {
    let failed = |why: String| {
        let help = "name a file that `launchlint baseline create` wrote, or run with --no-baseline";
        Failure::new(format!("cannot read the baseline `{name}`: {why}")).help(help)
    };
    let text = fs::read_to_string(file).map_err(|error| failed(error.to_string()))?;
    Baseline::parse(&text).map_err(failed)
}

/// What a run could have found: an entry outside of it says nothing about whether it is stale.
struct Scope<'a> {
    audit: &'a Audit,
    prefix: &'a str,
    has_threshold: bool,
}

impl<'a> Scope<'a> {
    fn new(pick: &Pick, audit: &'a Audit, prefix: &'a str) -> Scope<'a> {
        Scope { audit, prefix, has_threshold: pick.min_severity.is_some() }
    }

    fn holds(&self, entry: &Entry) -> bool {
        let Some(path) = entry.path.strip_prefix(self.prefix) else { return false };
        let base = self.audit.roots.base();
        let is_below = self.audit.roots.paths().iter().any(|root| base.join(path).starts_with(root));
        is_below && !self.has_threshold && self.audit.settings.rules.selects(&entry.rule)
    }
}

/// The nearest baseline from the scanned root up to the repository's top.
fn nearest(audit: &Audit) -> Option<PathBuf> {
    let top = audit.roots.repository().unwrap_or(audit.roots.base());
    let folders = audit.roots.base().ancestors().take_while(|folder| folder.starts_with(top));
    folders.map(|folder| folder.join(FILE_NAME)).find(|file| file.is_file())
}

fn prefix(file: &Path, audit: &Audit) -> String {
    let folder = match file.parent() {
        Some(folder) if folder != Path::new("") => folder.to_path_buf(),
        _ => PathBuf::from("."),
    };
    let folder = folder.canonicalize().ok();
    let below = folder.as_deref().and_then(|folder| audit.roots.base().strip_prefix(folder).ok());
    below.map(auditing::slashed).filter(|path| !path.is_empty()).map(|path| path + "/").unwrap_or_default()
}
