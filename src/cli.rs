//! The command line: arguments, configuration files, progress, output, exit codes.
//!
//! Besides `walk` the only part that touches disk, clock and environment, and the only one that prints. It knows no
//! engine: [`Stages`] hands the analysis in, so that tests run the command line with one of their own.
//!
//! Exit codes: 0 nothing at or above the threshold, 1 findings, 2 could not do the job. A run that analysed nothing
//! says so and never looks like a clean one.

#![expect(clippy::disallowed_methods, reason = "the command line is where disk, clock and environment are met")]

mod answers;
mod args;
mod audit;
mod baseline;
mod cache;
mod catalogue;
mod check;
mod checklist;
mod compare;
mod configure;
mod decide;
mod failure;
mod fix;
mod git;
mod history;
mod init;
mod inventory;
mod judgement;
mod lsp;
mod merge;
mod models;
mod output;
mod progress;
mod scan;
mod shard;
mod shell;
mod surfaces;
mod terminal;
mod tree;
mod trusted;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::{IsTerminal, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use anstream::{AutoStream, ColorChoice};
use clap::Parser;
use serde::{Deserialize, Serialize};

use crate::catalogue::Catalogue;
use crate::checklist::Shown;
use crate::finding::{Finding, Notice};
use crate::fix::Fix;
use crate::inventory::Inventory;
use crate::ir::Comment;
use crate::report::Summary;
use crate::report::surfaces::Table;
use crate::rules::card::RuleSet;
use crate::rules::run::Checked;
use crate::settings::Settings;
use crate::source::SourceFile;

pub use answers::{Answers, question};
use args::{Args, Command, HistoryCommand};
pub use cache::Pack;
use failure::Failure;

/// From files to findings.
pub type Analyse<'a> = &'a (dyn Fn(&Settings, &RuleSet, &[SourceFile]) -> Outcome + Sync);

/// What a command line runs on.
#[derive(Clone, Copy)]
pub struct Stages<'a> {
    /// Every rule.
    pub rules: &'a RuleSet,
    /// The checklist.
    pub checklist: &'a Catalogue,
    /// From files to findings.
    pub analyse: Analyse<'a>,
}

/// What an analysis brings back.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Outcome {
    /// Everything that was found, ordered as it shall be shown.
    pub findings: Vec<Finding>,
    /// What the analysis says about itself.
    pub notices: Vec<Notice>,
    /// What was examined; the files are counted by the command line.
    pub summary: Summary,
    /// The coverage table.
    pub table: Table,
    /// Changes that mend findings.
    pub fixes: Vec<Fix>,
    /// By path, for every file whose comments were told from its text: those that hold the tool's name.
    pub comments: BTreeMap<String, Vec<Comment>>,
    /// How long the parts of the analysis took.
    #[serde(skip)]
    pub timings: Vec<(String, Duration)>,
    /// What each rule counted.
    pub checked: BTreeMap<String, Checked>,
    /// What evidence rules saw, by rule.
    pub shown: BTreeMap<String, Shown>,
    /// What there is besides findings, if the settings want it.
    #[serde(skip)]
    pub inventory: Option<Inventory>,
}

/// Tells the time since the first question.
pub fn clock() -> Duration {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    START.elapsed()
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Nothing at or above the threshold.
    Clean,
    /// Findings at or above the threshold.
    Findings,
    /// The job could not be done.
    Failed,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(match exit {
            Exit::Clean => 0,
            Exit::Findings => 1,
            Exit::Failed => 2,
        })
    }
}

/// Where a command writes, and whether people watch.
pub struct Console<'a> {
    /// Reports.
    pub out: &'a mut dyn Write,
    /// Whether `out` shows colours unless told otherwise.
    pub is_out_styled: bool,
    /// Whether `out` shows box-drawing characters.
    pub is_out_unicode: bool,
    /// Columns that `out` shows.
    pub width: usize,
    /// Errors, warnings and timings.
    pub err: &'a mut dyn Write,
    /// Whether somebody watches `err`, so that progress may be shown there.
    pub is_err_watched: bool,
}

/// Runs the process's own command line, with rules and checklist from data files sorted by path.
///
/// A defect of the tool ends with [`Exit::Failed`], too, never with another code.
pub fn main(data: &[(&str, &str)], analyse: Analyse<'_>) -> ExitCode {
    let mut err = std::io::stderr();
    let stdout = std::io::stdout();
    let is_out_styled = AutoStream::choice(&stdout) != ColorChoice::Never;
    let is_err_watched = std::io::stderr().is_terminal() && terminal::can_redraw();
    let mut out = std::io::BufWriter::new(stdout);
    if let Err(error) = Args::try_parse_from(std::env::args_os()) {
        // Help, the version and mistakes need no rules, and shall not wait for them.
        let (is_out_unicode, width) = (false, 0);
        let console =
            &mut Console { is_out_styled, is_out_unicode, width, out: &mut out, err: &mut err, is_err_watched };
        return usage(&error, console).into();
    }
    let (rules, checklist) = match (RuleSet::load(data), Catalogue::load(data)) {
        (Ok(rules), Ok(checklist)) => (rules, checklist),
        (rules, checklist) => {
            let errors = [rules.err(), checklist.err()].into_iter().flatten().flatten();
            let lines: Vec<String> = errors.map(|error| error.to_string()).collect();
            Failure::new(format!("the rules are broken: {}", lines.join("; "))).help(DEFECT).print(&mut err);
            return Exit::Failed.into();
        }
    };
    let stages = Stages { rules: &rules, checklist: &checklist, analyse };
    let mut console = Console {
        is_out_styled,
        is_out_unicode: terminal::shows_unicode(),
        width: terminal::width(),
        out: &mut out,
        err: &mut err,
        is_err_watched,
    };
    let done = catch_unwind(AssertUnwindSafe(|| run(std::env::args_os(), &stages, &mut console)));
    let exit = done.unwrap_or_else(|_| {
        Failure::new("the run broke off").help(DEFECT).print(&mut std::io::stderr());
        Exit::Failed
    });
    exit.into()
}

const DEFECT: &str = "this is a defect of launchlint; please report it with the lines above";

/// Runs one command line; `args` starts with the program's name.
pub fn run<I, A>(args: I, stages: &Stages<'_>, console: &mut Console<'_>) -> Exit
where
    I: IntoIterator<Item = A>,
    A: Into<OsString> + Clone,
{
    let args = match Args::try_parse_from(args) {
        Ok(args) => args,
        Err(error) => return usage(&error, console),
    };
    let done = match &args.command {
        Command::Scan(options) => scan::scan(options, stages, console),
        Command::Surfaces(options) => surfaces::surfaces(options, stages, console).map(|()| Exit::Clean),
        Command::Dump(options) => surfaces::dump(options, stages, console).map(|()| Exit::Clean),
        Command::Checklist(options) => checklist::checklist(options, stages, console).map(|()| Exit::Clean),
        Command::Check(options) => check::check(options, stages, console),
        Command::Decide(options) => decide::decide(options, stages, console).map(|()| Exit::Clean),
        Command::Inventory(options) => inventory::inventory(options, stages, console).map(|()| Exit::Clean),
        Command::History(HistoryCommand::Add(options)) => history::add(options, stages, console).map(|()| Exit::Clean),
        Command::History(HistoryCommand::Show(options)) => history::show(options, console).map(|()| Exit::Clean),
        Command::Schema => configure::schema(console).map(|()| Exit::Clean),
        Command::Models(options) => models::models(options, console).map(|()| Exit::Clean),
        Command::Baseline(options) => baseline::baseline(options, stages, console).map(|()| Exit::Clean),
        Command::Fix(options) => fix::fix(options, stages, console),
        Command::Init(options) => init::init(options, console).map(|()| Exit::Clean),
        Command::Merge(options) => merge::merge(options, console),
        Command::Lsp(options) => lsp::serve(options, stages).map(|()| Exit::Clean),
        Command::Completions(options) => shell::completions(options, console).map(|()| Exit::Clean),
        Command::Man(options) => shell::man(options, console).map(|()| Exit::Clean),
        Command::Rules(options) => catalogue::list(options, stages.rules, console).map(|()| Exit::Clean),
        Command::Explain(options) => catalogue::explain(&options.rule, stages.rules, console).map(|()| Exit::Clean),
    };
    done.unwrap_or_else(|failure| {
        failure.print(console.err);
        Exit::Failed
    })
}

/// Prints help, the version, or what is wrong with the arguments.
fn usage(error: &clap::Error, console: &mut Console<'_>) -> Exit {
    let text = error.render();
    if error.use_stderr() {
        // Nothing is left to say if even this cannot be written.
        drop(write!(console.err, "{text}"));
        return Exit::Failed;
    }
    let shown = if console.is_out_styled { text.ansi().to_string() } else { text.to_string() };
    drop(console.out.write_all(shown.as_bytes()).and_then(|()| console.out.flush()));
    Exit::Clean
}
