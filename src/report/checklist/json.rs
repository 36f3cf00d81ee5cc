//! The checklist as JSON: versioned, for scripts and for numbers over time.
//!
//! Fields are added freely, but one that changes meaning or goes raises [`SCHEMA_VERSION`].

use std::collections::BTreeMap;

use serde::Serialize;

use super::Page;
use crate::checklist::Checklist;
use crate::report::json::left_out;

/// The version of the format.
pub const SCHEMA_VERSION: u32 = 1;

#[derive(Serialize)]
struct Document<'p> {
    schema_version: u32,
    tool: Tool<'p>,
    project_file: Option<&'p str>,
    /// Whether nothing blocks the launch.
    launch_gate: &'static str,
    left_out: BTreeMap<&'static str, usize>,
    #[serde(flatten)]
    checklist: &'p Checklist,
}

#[derive(Serialize)]
struct Tool<'p> {
    name: &'p str,
    version: &'p str,
}

/// The whole checklist as one JSON document; ends with a line end.
pub fn render(page: &Page<'_>) -> Result<String, serde_json::Error> {
    let document = Document {
        schema_version: SCHEMA_VERSION,
        tool: Tool { name: page.tool.name, version: page.tool.version },
        project_file: page.project_file,
        launch_gate: if page.checklist.blockers.is_empty() { "open" } else { "closed" },
        left_out: left_out(page.left_out),
        checklist: page.checklist,
    };
    Ok(serde_json::to_string_pretty(&document)? + "\n")
}
