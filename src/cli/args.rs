//! Arguments as written.

use std::path::PathBuf;
use std::sync::Arc;

use clap::{Parser, Subcommand, ValueEnum, ValueHint};

use super::baseline::BaselineFile;
use super::compare::Compare;
use super::trusted::Trusted;
use super::{baseline, fix, init, lsp, merge, shell};
use crate::finding::Severity;
use crate::settings::Format;
use crate::settings::decision::Ruling;

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

/// Options of `checklist`.
#[derive(Debug, clap::Args)]
pub(super) struct Checklist {
    #[command(flatten)]
    pub(super) common: Common,
    #[command(flatten)]
    pub(super) trust: Trust,
    /// How the report is written
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(super) format: ChecklistFormat,
    /// Show all evidence, and what each item asks for
    #[arg(long, short)]
    pub(super) verbose: bool,
    /// Dated results for the trend [default: .launchlint/history.jsonl below the scanned root]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(super) history: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum ChecklistFormat {
    /// For people
    #[default]
    Human,
    /// For a wiki or a pull request
    Markdown,
    /// One self-contained page
    Html,
    /// Versioned JSON
    Json,
}

/// Subcommands of `history`.
#[derive(Debug, Subcommand)]
pub(super) enum HistoryCommand {
    /// Record today's result, or those of past SARIF files
    Add(HistoryAdd),
    /// Show all results: exposure, coverage, time to contain, blocked attacks
    Show(HistoryShow),
}

/// Options of `history add`.
#[derive(Debug, clap::Args)]
pub(super) struct HistoryAdd {
    #[command(flatten)]
    pub(super) common: Common,
    /// The file to add to [default: .launchlint/history.jsonl below the scanned root]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(super) file: Option<PathBuf>,
    /// The commit that is judged
    #[arg(long, value_name = "COMMIT")]
    pub(super) commit: Option<String>,
    /// Results of adversarial cases: CSV with a column `response`, or JSON objects with that key, one a line
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(super) cases: Option<PathBuf>,
    /// Record a past SARIF file instead (can be repeated); --today says its day where it does not
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(super) from_sarif: Vec<PathBuf>,
}

/// Options of `history show`.
#[derive(Debug, clap::Args)]
pub(super) struct HistoryShow {
    /// The scanned root [default: the current folder]
    #[arg(value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub(super) paths: Vec<PathBuf>,
    /// The file to show [default: .launchlint/history.jsonl below the scanned root]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(super) file: Option<PathBuf>,
    /// How the results are written
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(super) format: ListFormat,
}

/// Options of `inventory`.
#[derive(Debug, clap::Args)]
pub(super) struct Inventory {
    #[command(flatten)]
    pub(super) common: Common,
    /// How the list is written
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(super) format: InventoryFormat,
    /// The application's name in a bill of materials [default: the scanned folder's]
    #[arg(long, value_name = "NAME")]
    pub(super) name: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum InventoryFormat {
    /// Versioned JSON
    #[default]
    Json,
    /// A CycloneDX 1.6 bill of materials
    Cyclonedx,
}

/// Options of `check`.
#[derive(Debug, clap::Args)]
pub(super) struct Check {
    #[command(flatten)]
    pub(super) common: Common,
    #[command(flatten)]
    pub(super) trust: Trust,
    /// What must hold
    #[arg(long, value_enum, value_name = "GATE")]
    pub(super) gate: Gate,
    #[command(flatten)]
    pub(super) compare: Compare,
    #[command(flatten)]
    pub(super) baseline: BaselineFile,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Gate {
    /// No launch-blocking item has a failure that is undecided or past its date
    Launch,
    /// The same, but only failures count that neither the baseline nor the base of --diff holds
    Pr,
}

/// Options of `decide`.
#[derive(Debug, clap::Args)]
pub(super) struct Decide {
    /// What was decided
    #[arg(value_enum, value_name = "DECISION")]
    pub(super) ruling: RulingArg,
    /// The fingerprint of a finding, or its first eight characters or more
    #[arg(long, value_name = "FINGERPRINT")]
    pub(super) finding: Option<String>,
    /// A rule
    #[arg(long, value_name = "RULE")]
    pub(super) rule: Option<String>,
    /// A checklist item
    #[arg(long, value_name = "ITEM")]
    pub(super) item: Option<String>,
    /// A path pattern, counted from the project file's folder
    #[arg(long = "in", value_name = "PATTERN")]
    pub(super) path: Option<String>,
    /// The compensating control, or the reason
    #[arg(long, value_name = "TEXT")]
    pub(super) because: Option<String>,
    /// The owner of a mitigation, or who accepted the risk
    #[arg(long, value_name = "NAME")]
    pub(super) who: Option<String>,
    /// The last day it counts
    #[arg(long, value_name = "DATE")]
    pub(super) until: Option<String>,
    /// The project file to write to [default: the nearest launchlint.toml, or a new one here]
    #[arg(long, value_name = "FILE", env = "LAUNCHLINT_CONFIG", value_hint = ValueHint::FilePath)]
    pub(super) config: Option<PathBuf>,
    /// The day of the decision, such as 2026-01-31 [default: today]
    #[arg(long, value_name = "DATE")]
    pub(super) today: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum RulingArg {
    /// Fixed before launch
    Blocker,
    /// A compensating control holds until a deadline
    Mitigated,
    /// Tolerated until it expires
    Accepted,
}

impl From<RulingArg> for Ruling {
    fn from(ruling: RulingArg) -> Ruling {
        match ruling {
            RulingArg::Blocker => Ruling::Blocker,
            RulingArg::Mitigated => Ruling::Mitigated,
            RulingArg::Accepted => Ruling::Accepted,
        }
    }
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

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(super) enum FormatArg {
    /// For people
    #[default]
    Human,
    /// Versioned JSON
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Annotations of a GitHub workflow run
    Github,
    /// GitLab's Code Quality report
    Gitlab,
    /// JUnit XML
    Junit,
    /// Markdown with the coverage table, for a job summary
    Markdown,
    /// JSON lines, for coding agents
    Agent,
}

impl From<FormatArg> for Format {
    fn from(format: FormatArg) -> Format {
        match format {
            FormatArg::Human => Format::Human,
            FormatArg::Json => Format::Json,
            FormatArg::Sarif => Format::Sarif,
            FormatArg::Github => Format::Github,
            FormatArg::Gitlab => Format::Gitlab,
            FormatArg::Junit => Format::Junit,
            FormatArg::Markdown => Format::Markdown,
            FormatArg::Agent => Format::Agent,
        }
    }
}

/// Reads `sarif=out.sarif`.
fn also(written: &str) -> Result<(FormatArg, PathBuf), String> {
    let shape = "write a format and a file, such as `sarif=out.sarif`";
    let (format, file) = written.split_once('=').filter(|(_, file)| !file.is_empty()).ok_or(shape)?;
    let known: Vec<String> =
        FormatArg::value_variants().iter().filter_map(|f| Some(f.to_possible_value()?.get_name().to_owned())).collect();
    let format = FormatArg::from_str(format, false).map_err(|_| {
        let hint = crate::data::nearest(format, known.iter().map(String::as_str));
        let hint = hint.map(|name| format!("; did you mean `{name}`?")).unwrap_or_default();
        format!("there is no format `{format}`{hint} There are {}", known.join(", "))
    })?;
    Ok((format, PathBuf::from(file)))
}

/// What fails a run.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum FailOn {
    /// Nothing that is found
    Never,
    Note,
    Low,
    Medium,
    High,
    Critical,
}

impl FailOn {
    /// The mildest severity that fails; `None` if none does.
    pub(super) fn severity(self) -> Option<Severity> {
        match self {
            FailOn::Never => None,
            FailOn::Note => Some(Severity::Note),
            FailOn::Low => Some(Severity::Low),
            FailOn::Medium => Some(Severity::Medium),
            FailOn::High => Some(Severity::High),
            FailOn::Critical => Some(Severity::Critical),
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum SurfacesFormat {
    /// For people
    #[default]
    Human,
    /// Versioned JSON
    Json,
    /// A Mermaid flowchart
    Mermaid,
    /// One self-contained page
    Html,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum ListFormat {
    #[default]
    Human,
    Json,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(super) enum ColorArg {
    /// On a terminal, unless the environment says otherwise
    #[default]
    Auto,
    Always,
    Never,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum SeverityArg {
    Note,
    Low,
    Medium,
    High,
    Critical,
}

impl From<SeverityArg> for Severity {
    fn from(severity: SeverityArg) -> Severity {
        match severity {
            SeverityArg::Note => Severity::Note,
            SeverityArg::Low => Severity::Low,
            SeverityArg::Medium => Severity::Medium,
            SeverityArg::High => Severity::High,
            SeverityArg::Critical => Severity::Critical,
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_arguments_are_consistent() {
        super::Args::command().debug_assert();
    }
}
