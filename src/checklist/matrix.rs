//! Control coverage: entry points by controls, package by package, with the values that were seen against policy.

use serde::Serialize;

use super::{Input, lines};
use crate::inventory::{Control, Coverage, EntryPoint, Spot};
use crate::model::ControlKind;
use crate::rules::hourly;
use crate::surface::Status;

/// One control of one entry point.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Cell {
    /// The control.
    pub control: ControlKind,
    /// Whether it is there.
    #[serde(serialize_with = "status")]
    pub status: Status,
    /// Its limit, as written.
    pub value: Option<String>,
    /// How the limit compares with policy: `within`, `above`, or nothing where it cannot be told.
    pub policy: Option<&'static str>,
    /// Where it was seen.
    pub at: Vec<Spot>,
}

/// One entry point.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EntryRow {
    /// Where it is declared.
    #[serde(flatten)]
    pub at: Spot,
    /// Its route, or its name.
    pub title: String,
    /// The framework that runs it.
    pub framework: String,
    /// Its controls, in order.
    pub cells: Vec<Cell>,
}

/// How many entry points have a control.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CoverageRow {
    /// The control.
    pub control: ControlKind,
    /// What an entry point with it is.
    pub done: String,
    /// The counts.
    #[serde(flatten)]
    pub counts: Coverage,
}

/// One package, or the whole repository where it has none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PackageRow {
    /// Its folder; empty for the scanned root.
    pub folder: String,
    /// Coverage by control.
    pub coverage: Vec<CoverageRow>,
    /// Its LLM entry points.
    pub entry_points: Vec<EntryRow>,
}

fn status<S: serde::Serializer>(status: &Status, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(status.label())
}

/// The packages that hold LLM entry points, in order of their folders.
pub(super) fn packages(input: &Input<'_>) -> Vec<PackageRow> {
    let controls = controls(input);
    let table = &input.inventory.table;
    let mut folders: Vec<&str> =
        table.entry_points.iter().map(|entry| input.inventory.package_of(&entry.at.file)).collect();
    folders.sort_unstable();
    folders.dedup();
    let row = |folder: &str| {
        let own: Vec<&EntryPoint> =
            table.entry_points.iter().filter(|entry| input.inventory.package_of(&entry.at.file) == folder).collect();
        let coverage = controls.iter().map(|(kind, done)| CoverageRow {
            control: *kind,
            done: done.clone(),
            counts: Coverage::of(own.iter().copied(), *kind),
        });
        PackageRow {
            folder: folder.to_owned(),
            coverage: coverage.collect(),
            entry_points: own.iter().map(|entry| entry_row(input, entry, &controls)).collect(),
        }
    };
    folders.into_iter().map(row).collect()
}

/// The controls that the checklist asks of entry points, in report order, with what an entry point with each is.
fn controls(input: &Input<'_>) -> Vec<(ControlKind, String)> {
    let asked: Vec<(ControlKind, String)> = input
        .catalogue
        .items()
        .flat_map(|item| &item.coverage)
        .filter_map(|covered| Some((lines::control(&covered.control)?, covered.done.clone())))
        .collect();
    let in_order = ControlKind::ALL.iter().filter_map(|kind| asked.iter().find(|(asked, _)| asked == kind));
    in_order.cloned().collect()
}

fn entry_row(input: &Input<'_>, entry: &EntryPoint, controls: &[(ControlKind, String)]) -> EntryRow {
    EntryRow {
        at: entry.at.clone(),
        title: entry.title().to_owned(),
        framework: entry.framework.clone(),
        cells: controls.iter().map(|(kind, _)| cell(input, *kind, entry)).collect(),
    }
}

fn cell(input: &Input<'_>, kind: ControlKind, entry: &EntryPoint) -> Cell {
    let Some(control) = entry.controls.get(&kind) else {
        return Cell { control: kind, status: Status::Unknown, value: None, policy: None, at: Vec::new() };
    };
    let mut values: Vec<&str> = control.evidence.iter().filter_map(|seen| seen.value.as_deref()).collect();
    values.dedup();
    Cell {
        control: kind,
        status: control.status,
        value: (!values.is_empty()).then(|| values.join("; ")),
        policy: against_policy(input, kind, control),
        at: control.evidence.iter().map(|seen| seen.at.clone()).collect(),
    }
}

/// How the lowest limit compares with policy; nothing if any of them cannot be read, because it may be the one that binds.
fn against_policy(input: &Input<'_>, kind: ControlKind, control: &Control) -> Option<&'static str> {
    let most = match kind {
        ControlKind::RateLimit => input.catalogue.policy("MI-3", "requests-per-user-per-hour-max")?,
        ControlKind::InputLimit => input.catalogue.policy("IO-1", "tokens-per-request-max")?,
        _ => return None,
    };
    let mut lowest: Option<f64> = None;
    for seen in &control.evidence {
        let value = seen.value.as_deref()?;
        let value = if kind == ControlKind::RateLimit { hourly(value)? } else { tokens(input, value, &seen.what)? };
        lowest = Some(lowest.map_or(value, |known| known.min(value)));
    }
    lowest.map(|value| if value <= most { "within" } else { "above" })
}

/// The tokens that an input limit allows.
fn tokens(input: &Input<'_>, value: &str, what: &str) -> Option<f64> {
    let number: f64 = value.trim().replace('_', "").parse().ok()?;
    let is_tokens = what.to_ascii_lowercase().contains("token");
    Some(if is_tokens { number } else { number / input.catalogue.policy("IO-1", "characters-per-token")? })
}
