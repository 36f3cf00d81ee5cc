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
    let entries = inventory.table.entry_points.iter().map(|point| Entry {
        at: &point.at,
        name: &point.name,
        framework: &point.framework,
        route: point.route.as_deref(),
        package: inventory.package_of(&point.at.file),
        models: inventory.models_of(point),
    });
    let document = Document {
        schema_version: SCHEMA_VERSION,
        models: inventory.models().into_iter().map(|(name, calls)| Model { name, calls }).collect(),
        calls_without_model_name: inventory.named_models.iter().filter(|model| model.is_none()).count(),
        prompts: &inventory.prompts,
        tools: &inventory.tools,
        data_stores: &inventory.stores,
        entry_points: entries.collect(),
        llm_packages: &inventory.llm_packages,
    };
    Ok(serde_json::to_string_pretty(&document)? + "\n")
}
