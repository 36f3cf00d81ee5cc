//! Arguments of the commands about a launch: checklist, gate, decisions, history, inventory.

use std::path::PathBuf;

use clap::{Subcommand, ValueEnum, ValueHint};

use super::{Common, ListFormat, Trust};
use crate::cli::baseline::BaselineFile;
use crate::cli::compare::Compare;
use crate::settings::decision::Ruling;

/// Options of `checklist`.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Checklist {
    #[command(flatten)]
    pub(in crate::cli) common: Common,
    #[command(flatten)]
    pub(in crate::cli) trust: Trust,
    /// How the report is written
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(in crate::cli) format: ChecklistFormat,
    /// Show all evidence, and what each item asks for
    #[arg(long, short)]
    pub(in crate::cli) verbose: bool,
    /// Dated results for the trend [default: .launchlint/history.jsonl below the scanned root]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(in crate::cli) history: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum ChecklistFormat {
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
pub(in crate::cli) enum HistoryCommand {
    /// Record today's result, or those of past SARIF files or commits
    Add(Box<HistoryAdd>),
    /// Show all results: exposure, coverage, time to contain, blocked attacks
    Show(HistoryShow),
}

/// Options of `history add`.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct HistoryAdd {
    #[command(flatten)]
    pub(in crate::cli) common: Common,
    /// The file to add to [default: .launchlint/history.jsonl below the scanned root]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(in crate::cli) file: Option<PathBuf>,
    /// The commit that is judged
    #[arg(long, value_name = "COMMIT")]
    pub(in crate::cli) commit: Option<String>,
    /// Results of adversarial cases: CSV with a column `response`, or JSON objects with that key, one a line
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(in crate::cli) cases: Option<PathBuf>,
    /// Record a past SARIF file instead (can be repeated); --today says its day where it does not
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(in crate::cli) from_sarif: Vec<PathBuf>,
    /// Judge a past commit or tag instead, on its own day and with its own configuration (can be repeated)
    #[arg(long, value_name = "COMMIT", conflicts_with_all = ["from_sarif", "commit"])]
    pub(in crate::cli) from_commit: Vec<String>,
}

/// Options of `history show`.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct HistoryShow {
    /// The scanned root [default: the current folder]
    #[arg(value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub(in crate::cli) paths: Vec<PathBuf>,
    /// The file to show [default: .launchlint/history.jsonl below the scanned root]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(in crate::cli) file: Option<PathBuf>,
    /// How the results are written
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(in crate::cli) format: ListFormat,
}

/// Options of `inventory`.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Inventory {
    #[command(flatten)]
    pub(in crate::cli) common: Common,
    /// How the list is written
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(in crate::cli) format: InventoryFormat,
    /// The application's name in a bill of materials [default: the scanned folder's]
    #[arg(long, value_name = "NAME")]
    pub(in crate::cli) name: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum InventoryFormat {
    /// Versioned JSON
    #[default]
    Json,
    /// A CycloneDX 1.6 bill of materials
    Cyclonedx,
}

/// Options of `check`.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Check {
    #[command(flatten)]
    pub(in crate::cli) common: Common,
    #[command(flatten)]
    pub(in crate::cli) trust: Trust,
    /// What must hold
    #[arg(long, value_enum, value_name = "GATE")]
    pub(in crate::cli) gate: Gate,
    #[command(flatten)]
    pub(in crate::cli) compare: Compare,
    #[command(flatten)]
    pub(in crate::cli) baseline: BaselineFile,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Gate {
    /// No launch-blocking item has a failure that is undecided or past its date
    Launch,
    /// The same, but only failures count that neither the baseline nor the base of --diff holds
    Pr,
}

/// Options of `decide`.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Decide {
    /// What was decided
    #[arg(value_enum, value_name = "DECISION")]
    pub(in crate::cli) ruling: RulingArg,
    /// The fingerprint of a finding, or its first eight characters or more
    #[arg(long, value_name = "FINGERPRINT")]
    pub(in crate::cli) finding: Option<String>,
    /// A rule
    #[arg(long, value_name = "RULE")]
    pub(in crate::cli) rule: Option<String>,
    /// A checklist item
    #[arg(long, value_name = "ITEM")]
    pub(in crate::cli) item: Option<String>,
    /// A path pattern, counted from the project file's folder
    #[arg(long = "in", value_name = "PATTERN")]
    pub(in crate::cli) path: Option<String>,
    /// The compensating control, or the reason
    #[arg(long, value_name = "TEXT")]
    pub(in crate::cli) because: Option<String>,
    /// The owner of a mitigation, or who accepted the risk
    #[arg(long, value_name = "NAME")]
    pub(in crate::cli) who: Option<String>,
    /// The last day it counts
    #[arg(long, value_name = "DATE")]
    pub(in crate::cli) until: Option<String>,
    /// The project file to write to [default: the nearest launchlint.toml, or a new one here]
    #[arg(long, value_name = "FILE", env = "LAUNCHLINT_CONFIG", value_hint = ValueHint::FilePath)]
    pub(in crate::cli) config: Option<PathBuf>,
    /// The day of the decision, such as 2026-01-31 [default: today]
    #[arg(long, value_name = "DATE")]
    pub(in crate::cli) today: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum RulingArg {
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
