//! The `launchlint` binary: joins the command line and the analysis.

use std::process::ExitCode;

use launchlint::cli::{self, Outcome};
use launchlint::embedded::EMBEDDED;
use launchlint::finding::{Notice, NoticeKind};
use launchlint::rules::card::RuleSet;
use launchlint::settings::Settings;
use launchlint::source::SourceFile;

fn main() -> ExitCode {
    cli::main(EMBEDDED, &analyse)
}

fn analyse(_: &Settings, _: &RuleSet, _: &[SourceFile]) -> Outcome {
    let why = "this build holds no analysis: nothing was judged";
    Outcome { notices: vec![Notice::file(NoticeKind::Internal, "", why)], ..Outcome::default() }
}
