//! Arguments as written.

mod launch;
mod values;

pub(super) use launch::*;
pub(super) use values::*;

use std::path::PathBuf;
use std::sync::Arc;

use clap::{Parser, Subcommand, ValueEnum, ValueHint};

use super::baseline::BaselineFile;
use super::compare::Compare;
use super::shard::Shard;
use super::trusted::Trusted;
use super::{baseline, fix, init, lsp, merge, shell};

/// Is this LLM feature ready to ship? Audits a repository against a launch checklist.
#[derive(Debug, Parser)]
#[command(name = "launchlint", version, max_term_width = 100, after_help = EXIT_CODES)]
pub(super) struct Args {
    #[command(subcommand)]
    pub(super) command: Command,
}

const EXIT_CODES: &str = "\
Exit codes: 0 nothing at or above the threshold, 1 findings, 2 could not do the job.";

const SCAN_EXAMPLES: &str = "\
Examples:
  launchlint scan                                    audit the current folder
  launchlint scan services/api web                   audit two folders as one product
  launchlint scan --min-severity high                show and fail on high and critical findings only
  launchlint scan --format sarif --output out.sarif  write a SARIF file for code scanning
  launchlint scan --rule missing-rate-limit          run one rule
  launchlint scan --diff main                        report only what changed since `main`, and what that causes
  launchlint scan --staged                           the same for what is about to be committed
  launchlint scan --also sarif=out.sarif --also markdown=summary.md
                                                     write more reports in the same run
  launchlint scan --import secrets.sarif             judge credential management with another scanner's results, too

Exit codes: 0 nothing at or above the threshold, 1 findings, 2 could not do the job, or with --strict not all of it.
Notes fail a run only with --min-severity note.";

const SURFACES_NOTES: &str = "\
Examples:
  launchlint surfaces                                      a table of the current folder
  launchlint surfaces --verbose services/api               with the way to the model and the evidence
  launchlint surfaces --format html --output surfaces.html a page to send around

Exit codes: 0 the table was made, whatever it shows; 2 could not do the job.";

const CHECKLIST_NOTES: &str = "\
Examples:
  launchlint checklist                                        every item of the current folder
  launchlint checklist --verbose services/api                 with all the evidence
  launchlint checklist --format html --output checklist.html  a page to send around

Exit codes: 0 the report was made, whatever it says; 2 could not do the job.";

const CHECK_NOTES: &str = "\
Examples:
  launchlint check --gate launch                        fail if anything blocks the launch
  launchlint check --gate launch --today 2026-03-01     as it will be on that day
  launchlint check --gate pr --diff origin/main         fail if a change brings something that blocks

Exit codes: 0 nothing blocks, 1 something does, 2 could not do the job.
Unknown items and missing attestations do not block; they are named.";

const DECIDE_NOTES: &str = "\
Examples:
  launchlint decide mitigated --item MI-3 --because 'the gateway limits requests' --who 'platform team'
  launchlint decide accepted --finding 5c1f0a9b22d4e801 --because 'internal tool' --who 'Ada' --until 2026-06-30
  launchlint decide blocker --rule secret-in-prompt

Without --until, a mitigation lasts as long as the checklist's reference says. Fingerprints stand in the JSON report.";

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Audit folders or files
    #[command(after_help = SCAN_EXAMPLES)]
    Scan(Scan),
    /// Show every entry point that reaches an LLM call, and which controls guard it
    #[command(after_help = SURFACES_NOTES)]
    Surfaces(Surfaces),
    /// Judge every item of the launch checklist, with its evidence
    #[command(after_help = CHECKLIST_NOTES)]
    Checklist(Checklist),
    /// Say whether a launch is blocked
    #[command(after_help = CHECK_NOTES)]
    Check(Check),
    /// Write a decision about a failure into the project file
    #[command(after_help = DECIDE_NOTES)]
    Decide(Decide),
    /// Keep dated results, and show them over time
    #[command(subcommand)]
    History(HistoryCommand),
    /// List models, prompts, tools, data stores and entry points for other tools
    Inventory(Inventory),
    /// Print the JSON Schema of launchlint.toml
    Schema,
    /// Print what a stage of the analysis makes of the code, for people who look into a surprising result
    #[command(hide = true)]
    Dump(Dump),
    /// Accept the findings of today, and report new ones only
    #[command(after_help = baseline::EXAMPLES)]
    Baseline(baseline::Options),
    /// Show or make the changes that are safe to make
    #[command(after_help = fix::EXAMPLES)]
    Fix(fix::Options),
    /// Set a repository up: configuration, commit hook, workflow
    #[command(after_help = init::EXAMPLES)]
    Init(init::Options),
    /// Join reports of several repositories or parts, as a table or one file
    #[command(after_help = merge::EXAMPLES)]
    Merge(merge::Options),
    /// Speak the language server protocol on standard input and output, for editors
    Lsp(lsp::Options),
    /// Print completions for a shell
    #[command(after_help = shell::EXAMPLES)]
    Completions(shell::Completions),
    /// Print the manual page, or write one for each command to a folder
    Man(shell::Man),
    /// List every rule
    Rules(Rules),
    /// List the libraries that are known, or those of a repository that are not
    Models(Models),
    /// Show a rule's page: what it finds, why it matters, what to do
    Explain(Explain),
}

/// Options of `scan`.
#[derive(Debug, clap::Args)]
pub(super) struct Scan {
    #[command(flatten)]
    pub(super) common: Common,
    #[command(flatten)]
    pub(super) trust: Trust,
    /// How the report is written
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(super) format: FormatArg,
    /// Write another report to a file, too (can be repeated)
    #[arg(long, value_name = "FORMAT=FILE", value_parser = also)]
    pub(super) also: Vec<(FormatArg, PathBuf)>,
    #[command(flatten)]
    pub(super) pick: Pick,
    #[command(flatten)]
    pub(super) compare: Compare,
    #[command(flatten)]
    pub(super) baseline: BaselineFile,
    /// The mildest severity that fails the run [default: low, or --min-severity]
    #[arg(long, value_enum, value_name = "SEVERITY")]
    pub(super) fail_on: Option<FailOn>,
    /// Report the findings of one share of the files only, as the first of four jobs with 1/4; all is analysed
    #[arg(long, value_name = "I/N")]
    pub(super) shard: Option<Shard>,
    /// Tells results of several parts of one repository apart in code scanning
    #[arg(long, value_name = "NAME")]
    pub(super) category: Option<String>,
    /// Keep accepted findings in JSON and SARIF reports, marked as such; code scanning shows them as open
    #[arg(long)]
    pub(super) include_accepted: bool,
    /// The same, for SARIF: keep suppressed, baselined and decided findings as suppressions with their justification
    #[arg(long, value_enum, value_name = "WHAT")]
    pub(super) sarif_include: Option<SarifInclude>,
    /// Exit with 0 also when there are findings
    #[arg(long)]
    pub(super) exit_zero: bool,
    /// Tell how long each stage took
    #[arg(long)]
    pub(super) timings: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum SarifInclude {
    /// Findings that somebody accepted
    Suppressed,
}

/// Which findings count.
#[derive(Clone, Debug, Default, clap::Args)]
pub(super) struct Pick {
    /// Leave out findings below this severity
    #[arg(long, value_enum, value_name = "SEVERITY")]
    pub(super) min_severity: Option<SeverityArg>,
    /// Show only this rule's findings (can be repeated, or a list with commas)
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub(super) rule: Vec<String>,
    /// Leave out this rule's findings (can be repeated, or a list with commas)
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub(super) exclude_rule: Vec<String>,
}

/// Options of every command that reads a repository.
#[derive(Clone, Debug, Default, clap::Args)]
pub(super) struct Common {
    /// Folders and files to read together [default: the current folder]
    #[arg(value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub(super) paths: Vec<PathBuf>,
    /// Where these lie in the user's own tree, if they are a copy of it: what is kept of a state is found by that
    #[arg(skip)]
    pub(super) copied_from: Option<Vec<PathBuf>>,
    /// Write the report to a file, whole or not at all
    #[arg(long, short, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(super) output: Option<PathBuf>,
    /// Threads to work with [default: one a processor]
    #[arg(long, short, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(super) jobs: Option<u16>,
    /// The day to judge dates by, such as 2026-01-31 [default: today]
    #[arg(long, value_name = "DATE")]
    pub(super) today: Option<String>,
    /// Neither use nor keep facts of files between runs
    #[arg(long)]
    pub(super) no_cache: bool,
    /// Take credentials that another scanner reports in this SARIF file as evidence, too (can be repeated)
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(super) import: Vec<PathBuf>,
    /// Show no progress
    #[arg(long)]
    pub(super) no_progress: bool,
    /// When to use colours
    #[arg(long, value_enum, default_value_t, value_name = "WHEN")]
    pub(super) color: ColorArg,
    /// Configuration file [default: the nearest launchlint.toml up to the repository's top]
    #[arg(long, value_name = "FILE", env = "LAUNCHLINT_CONFIG", value_hint = ValueHint::FilePath)]
    pub(super) config: Option<PathBuf>,
    /// Use no configuration file
    #[arg(long, conflicts_with = "config")]
    pub(super) no_config: bool,
    /// The state whose word counts about the audit; set once `--trusted-config` was looked up.
    #[arg(skip)]
    pub(super) trusted: Option<Arc<Trusted>>,
}

/// Whose word counts about the audit.
#[derive(Clone, Debug, Default, clap::Args)]
pub(super) struct Trust {
    /// Take configuration, decisions, baseline, ignore files and suppressions from this commit or branch, or the
    /// configuration from this file, and none of them from the audited tree: a change cannot silence its own audit
    #[arg(long, value_name = "REF|FILE")]
    pub(super) trusted_config: Option<String>,
    /// Exit with 2 if something could not be read or judged
    #[arg(long)]
    pub(super) strict: bool,
}

/// Options of `surfaces`.
#[derive(Debug, clap::Args)]
pub(super) struct Surfaces {
    #[command(flatten)]
    pub(super) common: Common,
    /// How the table is written
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(super) format: SurfacesFormat,
    /// Show the way to the model and where each control was seen, too
    #[arg(long, short)]
    pub(super) verbose: bool,
}

/// Options of `dump`. The texts are for people and may change at any time, but for the surfaces' JSON.
#[derive(Debug, clap::Args)]
pub(super) struct Dump {
    /// The stage
    #[arg(value_enum)]
    pub(super) stage: DumpStage,
    #[command(flatten)]
    pub(super) common: Common,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum DumpStage {
    /// Each file as the analysis reads it
    Facts,
    /// Edges of the call graph: caller, place, kind, callee
    Calls,
    /// Library models with rows that apply, with the number of places
    Models,
    /// The coverage table as JSON
    Surfaces,
}

/// Options of `rules`.
#[derive(Debug, clap::Args)]
pub(super) struct Rules {
    /// How the list is written
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(super) format: ListFormat,
}

/// Options of `models`.
#[derive(Debug, clap::Args)]
pub(super) struct Models {
    /// List the LLM packages that the manifests below a path name and that no model knows
    #[arg(long, value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub(super) missing: Option<PathBuf>,
}

/// Options of `explain`.
#[derive(Debug, clap::Args)]
pub(super) struct Explain {
    /// The rule's id
    pub(super) rule: String,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_arguments_are_consistent() {
        super::Args::command().debug_assert();
    }
}
