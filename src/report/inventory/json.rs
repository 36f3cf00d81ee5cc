//! The inventory as JSON: versioned, for scripts.
//!
//! Fields are added freely, but one that changes meaning or goes raises [`SCHEMA_VERSION`].

use serde::Serialize;

use crate::inventory::{Inventory, Prompt, Spot, Used};

/// The version of the format.
pub const SCHEMA_VERSION: u32 = 1;

#[derive(Serialize)]
struct Document<'i> {
    schema_version: u32,
    models: Vec<Model<'i>>,
    calls_without_model_name: usize,
    prompts: &'i [Prompt],
    tools: &'i [Used],
    data_stores: &'i [Used],
    entry_points: Vec<Entry<'i>>,
    llm_packages: &'i [String],
}

#[derive(Serialize)]
struct Model<'i> {
    name: &'i str,
    calls: Vec<&'i Spot>,
}

#[derive(Serialize)]
struct Entry<'i> {
    #[serde(flatten)]
    at: &'i Spot,
    name: &'i str,
    framework: &'i str,
    route: Option<&'i str>,
    package: &'i str,
    models: Vec<&'i str>,
}

/// The whole inventory as one JSON document; ends with a line end.
pub fn render(inventory: &Inventory) -> Result<String, serde_json::Error> {
    let calls = &inventory.table.llm_calls;
    let entry = |entry: &'_ crate::inventory::EntryPoint| -> Vec<usize> { entry.llm_calls.clone() };
    let entries = inventory.table.entry_points.iter().map(|point| {
        let mut models: Vec<&str> =
            entry(point).into_iter().filter_map(|index| calls.get(index)?.model.as_deref()).collect();
        models.sort_unstable();
        models.dedup();
        Entry {
            at: &point.at,
            name: &point.name,
            framework: &point.framework,
            route: point.route.as_deref(),
            package: inventory.package_of(&point.at.file),
            models,
        }
    });
    let document = Document {
        schema_version: SCHEMA_VERSION,
        models: inventory.models().into_iter().map(|(name, calls)| Model { name, calls }).collect(),
        calls_without_model_name: calls.iter().filter(|call| call.model.is_none()).count(),
        prompts: &inventory.prompts,
        tools: &inventory.tools,
        data_stores: &inventory.stores,
        entry_points: entries.collect(),
        llm_packages: &inventory.llm_packages,
    };
    Ok(serde_json::to_string_pretty(&document)? + "\n")
}
