//! The `decide` command: writes a decision into the project file, after everything that stands there.
//!
//! The file is checked as a whole before it is written, so that a decision that would not be read is not written.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use super::args::{Decide, RulingArg};
use super::failure::Failure;
use super::{Console, Stages, configure, output};
use crate::settings::config::{Config, FILE_NAMES, Origin};
use crate::settings::decision::Ruling;
use crate::settings::{Date, Plan};

/// Adds one decision.
pub(super) fn decide(options: &Decide, stages: &Stages<'_>, console: &mut Console<'_>) -> Result<(), Failure> {
    let today = configure::today(options.today.as_deref())?;
    let file = project_file(options)?;
    let before = match fs::read_to_string(&file) {
        Ok(text) => text,
        Err(_) if !file.exists() => String::new(),
        Err(error) => {
            let what = format!("cannot read the project file `{}`: {error}", file.display());
            return Err(Failure::new(what).help("name a readable TOML file with --config"));
        }
    };
    if let Some(rule) = &options.rule {
        configure::resolve_rule(rule, stages.rules, "--rule")?;
    }
    let entry = entry(options, today, stages)?;
    let gap = if before.is_empty() || before.ends_with("\n\n") {
        ""
    } else if before.ends_with('\n') {
        "\n"
    } else {
        "\n\n"
    };
    let after = format!("{before}{gap}{entry}");
    validate(&before, &file, stages, "is not valid as it stands")?;
    validate(&after, &file, stages, "would not be valid with this decision")?;
    output::to_file(&file, &after)?;
    output::to_stream(console.out, &format!("wrote to {}:\n\n{entry}", file.display()))
}

/// The file to write to: the one that is named, or the nearest, or a new one in the current folder.
fn project_file(options: &Decide) -> Result<PathBuf, Failure> {
    if let Some(file) = &options.config {
        return Ok(file.clone());
    }
    let roots = configure::roots(&[])?;
    Ok(configure::nearest(&roots).unwrap_or_else(|| PathBuf::from(FILE_NAMES[0])))
}

fn entry(options: &Decide, today: Date, stages: &Stages<'_>) -> Result<String, Failure> {
    let until = until(options, today, stages)?;
    let mut out = String::from("[[decisions]]\n");
    let mut text = |key: &str, value: Option<&String>| {
        if let Some(value) = value {
            let _ = writeln!(out, "{key} = {}", toml::Value::String(value.clone()));
        }
    };
    let ruling = Ruling::from(options.ruling).label().to_owned();
    text("decision", Some(&ruling));
    text("finding", options.finding.as_ref());
    text("rule", options.rule.as_ref());
    text("item", options.item.as_ref());
    text("path", options.path.as_ref());
    let (why, who, end) = match options.ruling {
        RulingArg::Blocker => ("reason", "owner", None),
        RulingArg::Mitigated => ("control", "owner", Some("deadline")),
        RulingArg::Accepted => ("reason", "approver", Some("expires")),
    };
    text(why, options.because.as_ref());
    text(who, options.who.as_ref());
    let _ = writeln!(out, "made = {today}");
    if let (Some(key), Some(until)) = (end, until) {
        let _ = writeln!(out, "{key} = {until}");
    }
    Ok(out)
}

/// The last day: as asked for, or as the checklist says for a decision of this kind.
fn until(options: &Decide, today: Date, stages: &Stages<'_>) -> Result<Option<Date>, Failure> {
    let decisions = &stages.checklist.decisions;
    let usual = match options.ruling {
        RulingArg::Blocker => decisions.blocker.days,
        RulingArg::Mitigated => decisions.mitigated.days,
        RulingArg::Accepted => decisions.accepted.days,
    };
    match &options.until {
        Some(day) => day
            .parse()
            .map(Some)
            .map_err(|()| Failure::new(format!("--until: `{day}` is no day")).help("write it as 2026-01-31")),
        None => Ok(usual.map(|days| today.plus(i64::from(days)))),
    }
}

fn validate(text: &str, file: &Path, stages: &Stages<'_>, what: &str) -> Result<(), Failure> {
    let read = Config::parse(text).and_then(|config| Plan::new(&config, Origin { text, root: "" }, stages.checklist));
    read.map(drop).map_err(|error| {
        let message = format!("`{}` {what}: {}; nothing was written", file.display(), error.message);
        Failure::new(message).maybe_help(error.hint)
    })
}
