//! The `merge` command: reports of many repositories, or of the parts of one, as a table or one file.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use clap::ValueHint;

use super::args::FailOn;
use super::failure::Failure;
use super::{Console, Exit, output};
use crate::report::fleet::{self, Line, Member};

pub(super) const EXAMPLES: &str = "\
Examples:
  launchlint merge shop.json search.json chat.sarif          a table, the worst first
  launchlint merge shop=reports/1.json search=reports/2.json  with names of your own
  launchlint merge --format markdown *.json --output fleet.md
  launchlint merge --format sarif api.sarif web.sarif --output all.sarif

Reads JSON and SARIF that `scan` wrote. Code scanning takes 20 runs in one file, each with a category of its own.";

/// Options of `merge`.
#[derive(Debug, clap::Args)]
pub(super) struct Options {
    /// Reports; each is named by its file, or as `NAME=FILE`
    #[arg(required = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    files: Vec<PathBuf>,
    /// How the result is written
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: MergeFormat,
    /// Write the result to a file, whole or not at all
    #[arg(long, short, value_name = "FILE", value_hint = ValueHint::FilePath)]
    output: Option<PathBuf>,
    /// The mildest severity of any report that fails the run
    #[arg(long, value_enum, default_value = "never", value_name = "SEVERITY")]
    fail_on: FailOn,
}

#[derive(Clone, Copy, Debug, Default, clap::ValueEnum)]
enum MergeFormat {
    /// A table for people
    #[default]
    Human,
    /// A table in Markdown
    Markdown,
    /// The table and all reports as JSON
    Json,
    /// One SARIF file
    Sarif,
}

/// Joins reports.
pub(super) fn merge(options: &Options, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let mut members = Vec::new();
    let mut taken = BTreeSet::new();
    for written in &options.files {
        let member = read(written)?;
        if !taken.insert(member.name.clone()) {
            let help = "name them apart, as in `api=reports/1.json`";
            return Err(Failure::new(format!("two reports are called `{}`", member.name)).help(help));
        }
        members.push(member);
    }
    let lines = members.iter().map(|member| {
        let line = member.line().map_err(|why| Failure::new(format!("cannot read `{}`: {why}", member.name)))?;
        Ok((member.name.clone(), line))
    });
    let lines: Vec<(String, Line)> = lines.collect::<Result<_, Failure>>()?;
    let failed = |error| Failure::new(format!("cannot write the result: {error}")).help(super::DEFECT);
    let text = match options.format {
        MergeFormat::Human => fleet::human(&lines),
        MergeFormat::Markdown => fleet::markdown(&lines),
        MergeFormat::Json => fleet::json(&members, &lines).map_err(failed)?,
        MergeFormat::Sarif => {
            check_sarif(&members)?;
            fleet::sarif(&members).map_err(failed)?
        }
    };
    match &options.output {
        Some(file) => {
            output::check(file)?;
            output::to_file(file, &text)?;
        }
        None => output::to_stream(console.out, &text)?,
    }
    let worst = lines.iter().filter_map(|(_, line)| line.worst()).max();
    let is_failed = options.fail_on.severity().is_some_and(|mildest| worst.is_some_and(|worst| worst >= mildest));
    Ok(if is_failed { Exit::Findings } else { Exit::Clean })
}

fn check_sarif(members: &[Member]) -> Result<(), Failure> {
    if let Some(other) = members.iter().find(|member| !member.is_sarif()) {
        let help = "write it with `launchlint scan --format sarif`";
        return Err(Failure::new(format!("`{}` is no SARIF file", other.name)).help(help));
    }
    let runs: usize = members.iter().map(|one| one.document["runs"].as_array().map_or(0, Vec::len)).sum();
    if runs > fleet::MOST_RUNS {
        let most = fleet::MOST_RUNS;
        let help = "merge and upload them in groups";
        return Err(Failure::new(format!("{runs} runs are more than the {most} that code scanning takes")).help(help));
    }
    Ok(())
}

fn read(written: &Path) -> Result<Member, Failure> {
    let text = written.to_string_lossy();
    let (name, file) = match text.split_once('=').filter(|_| !written.exists()) {
        Some((name, file)) => (name.to_owned(), PathBuf::from(file)),
        None => (written.file_stem().unwrap_or_default().to_string_lossy().into_owned(), written.to_path_buf()),
    };
    let failed = |why: String| Failure::new(format!("cannot read `{}`: {why}", file.display()));
    let bytes = fs::read(&file).map_err(|error| failed(error.to_string()))?;
    let document = serde_json::from_slice(&bytes).map_err(|error| failed(error.to_string()))?;
    Ok(Member { name, document })
}
