//! The table as JSON: versioned, for scripts.
//!
//! The structs here are the format: fields are added freely, but one that changes meaning or goes raises
//! [`SCHEMA_VERSION`].

use std::collections::BTreeMap;

use serde::Serialize;

use super::{COLUMNS, Control, EntryPoint, LlmCall, Spot, Step, Table};
use crate::surface::Status;

/// The version of the format.
pub const SCHEMA_VERSION: u32 = 1;

#[derive(Serialize)]
struct Document<'t> {
    schema_version: u32,
    entry_points: Vec<Entry<'t>>,
    other_entry_points: u64,
    llm_calls: Vec<Call<'t>>,
    unresolved: Unresolved,
}

#[derive(Serialize)]
struct Unresolved {
    calls: u64,
}

#[derive(Serialize)]
struct Entry<'t> {
    #[serde(flatten)]
    at: Place<'t>,
    name: &'t str,
    framework: &'t str,
    route: Option<&'t str>,
    llm_calls: Vec<Reached<'t>>,
    path: Vec<Hop<'t>>,
    controls: BTreeMap<&'static str, Guard<'t>>,
}

#[derive(Serialize)]
struct Place<'t> {
    file: &'t str,
    line: u32,
}

#[derive(Serialize)]
struct Reached<'t> {
    #[serde(flatten)]
    at: Place<'t>,
    callee: &'t str,
    model: Option<&'t str>,
}

#[derive(Serialize)]
struct Hop<'t> {
    #[serde(flatten)]
    at: Place<'t>,
    function: &'t str,
}

#[derive(Serialize)]
struct Guard<'t> {
    status: &'static str,
    r#where: Vec<Place<'t>>,
    what: Option<String>,
    value: Option<String>,
}

#[derive(Serialize)]
struct Call<'t> {
    #[serde(flatten)]
    reached: Reached<'t>,
    max_output: Option<&'t str>,
    timeout: Option<&'t str>,
    function: &'t str,
}

/// The whole table as one JSON document; ends with a line end.
pub fn render(table: &Table) -> Result<String, serde_json::Error> {
    let document = Document {
        schema_version: SCHEMA_VERSION,
        entry_points: table.entry_points.iter().map(|point| entry(point, table)).collect(),
        other_entry_points: table.other_entry_points,
        llm_calls: table.llm_calls.iter().map(call).collect(),
        unresolved: Unresolved { calls: table.unresolved_calls },
    };
    Ok(serde_json::to_string_pretty(&document)? + "\n")
}

fn entry<'t>(point: &'t EntryPoint, table: &'t Table) -> Entry<'t> {
    let calls = point.llm_calls.iter().filter_map(|index| table.llm_calls.get(*index));
    let hop = |step: &'t Step| Hop { at: place(&step.at), function: &step.function };
    Entry {
        at: place(&point.at),
        name: &point.name,
        framework: &point.framework,
        route: point.route.as_deref(),
        llm_calls: calls.map(reached).collect(),
        path: point.path.iter().map(hop).collect(),
        controls: COLUMNS.iter().map(|column| (column.key, guard(point.controls.get(&column.kind)))).collect(),
    }
}

fn call(call: &LlmCall) -> Call<'_> {
    Call {
        reached: reached(call),
        max_output: call.max_output.as_deref(),
        timeout: call.timeout.as_deref(),
        function: &call.function,
    }
}

fn reached(call: &LlmCall) -> Reached<'_> {
    Reached { at: place(&call.at), callee: &call.callee, model: call.model.as_deref() }
}

fn place(at: &Spot) -> Place<'_> {
    Place { file: &at.file, line: at.line }
}

/// What several places are is told once each, in order.
fn guard(control: Option<&Control>) -> Guard<'_> {
    let Some(control) = control else {
        return Guard { status: word(Status::Unknown), r#where: Vec::new(), what: None, value: None };
    };
    let what = control.evidence.iter().map(|seen| seen.what.as_str());
    let values = control.evidence.iter().filter_map(|seen| seen.value.as_deref());
    Guard {
        status: word(control.status),
        r#where: control.evidence.iter().map(|seen| place(&seen.at)).collect(),
        what: joined(what),
        value: joined(values),
    }
}

fn joined<'t>(texts: impl Iterator<Item = &'t str>) -> Option<String> {
    let mut distinct: Vec<&str> = Vec::new();
    for text in texts {
        if !distinct.contains(&text) {
            distinct.push(text);
        }
    }
    (!distinct.is_empty()).then(|| distinct.join("; "))
}

fn word(status: Status) -> &'static str {
    match status {
        Status::NotApplicable => "not_applicable",
        Status::Present | Status::Partial | Status::Absent | Status::Unknown => status.label(),
    }
}
