//! The inventory as a CycloneDX 1.6 bill of materials for machine learning.
//!
//! Models are components with the places that call them, prompts are files with their hashes, stores are data, entry
//! points are services that depend on the models they reach. The same tree gives the same serial number.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::inventory::{EntryPoint, Inventory, Spot, Used};
use crate::model::ControlKind;
use crate::report::Tool;
use crate::surface::Status;

/// The whole document; ends with a line end.
pub fn render(inventory: &Inventory, tool: Tool<'_>, name: &str) -> Result<String, serde_json::Error> {
    let mut components = models(inventory);
    components.extend(inventory.prompts.iter().map(prompt));
    components.extend(grouped("tool", "application", &inventory.tools));
    components.extend(grouped("store", "data", &inventory.stores));
    let services: Vec<Value> = inventory.table.entry_points.iter().zip(0usize..).map(service).collect();
    let mut document = json!({
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "tools": {"components": [{"type": "application", "name": tool.name, "version": tool.version}]},
            "component": {"type": "application", "bom-ref": "application", "name": name},
        },
        "components": components,
        "services": services,
        "dependencies": dependencies(inventory),
    });
    document["serialNumber"] = json!(serial(&serde_json::to_vec(&document)?));
    Ok(serde_json::to_string_pretty(&document)? + "\n")
}

fn occurrence(spot: &Spot) -> Value {
    json!({"location": spot.file, "line": spot.line})
}

fn models(inventory: &Inventory) -> Vec<Value> {
    let models = inventory.models().into_iter();
    let component = |(name, places): (&str, Vec<&Spot>)| {
        json!({
            "type": "machine-learning-model",
            "bom-ref": format!("model:{name}"),
            "name": name,
            "evidence": {"occurrences": places.into_iter().map(occurrence).collect::<Vec<_>>()},
        })
    };
    models.map(component).collect()
}

fn prompt(prompt: &crate::inventory::Prompt) -> Value {
    let mut component = json!({
        "type": "file",
        "bom-ref": format!("prompt:{}", prompt.at),
        "name": prompt.name,
        "evidence": {"occurrences": [occurrence(&prompt.at)]},
        "properties": [{"name": "launchlint:kind", "value": format!("prompt ({})", prompt.kind)}],
    });
    if let Some(hash) = &prompt.sha256 {
        component["hashes"] = json!([{"alg": "SHA-256", "content": hash}]);
    }
    component
}

/// One component for each thing that is called, with all of its places.
fn grouped(what: &str, kind: &str, list: &[Used]) -> Vec<Value> {
    let mut groups: BTreeMap<(&str, &str, &str), Vec<&Spot>> = BTreeMap::new();
    for used in list {
        groups.entry((used.kind, &used.library, &used.callee)).or_default().push(&used.at);
    }
    let component = |((sort, library, callee), places): ((&str, &str, &str), Vec<&Spot>)| {
        json!({
            "type": kind,
            "bom-ref": format!("{what}:{sort}:{library}:{callee}"),
            "name": callee,
            "evidence": {"occurrences": places.into_iter().map(occurrence).collect::<Vec<_>>()},
            "properties": [
                {"name": "launchlint:kind", "value": sort},
                {"name": "launchlint:library", "value": library},
            ],
        })
    };
    groups.into_iter().map(component).collect()
}

fn reference(nth: usize) -> String {
    format!("entry-point:{nth}")
}

fn service((entry, nth): (&EntryPoint, usize)) -> Value {
    let mut service = json!({
        "bom-ref": reference(nth),
        "name": entry.title(),
        "properties": [
            {"name": "launchlint:framework", "value": entry.framework},
            {"name": "launchlint:declared", "value": entry.at.to_string()},
        ],
        "x-trust-boundary": true,
    });
    match entry.status(ControlKind::Authentication) {
        Status::Present => service["authenticated"] = json!(true),
        Status::Absent => service["authenticated"] = json!(false),
        Status::Partial | Status::Unknown | Status::NotApplicable => {}
    }
    service
}

/// Entry points depend on the models that they reach; the application depends on all of its entry points.
fn dependencies(inventory: &Inventory) -> Vec<Value> {
    let entries = &inventory.table.entry_points;
    let all: Vec<String> = (0..entries.len()).map(reference).collect();
    let mut dependencies = vec![json!({"ref": "application", "dependsOn": all})];
    for (entry, nth) in entries.iter().zip(0usize..) {
        let models: Vec<String> =
            inventory.models_of(entry).into_iter().map(|model| format!("model:{model}")).collect();
        dependencies.push(json!({"ref": reference(nth), "dependsOn": models}));
    }
    dependencies
}

/// A UUID (version 8: made by a rule of one's own) of the document's content.
fn serial(content: &[u8]) -> String {
    let mut bytes: [u8; 32] = Sha256::digest(content).into();
    bytes[6] = bytes[6] & 0x0f | 0x80;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex: String = bytes[..16].iter().map(|byte| format!("{byte:02x}")).collect();
    format!("urn:uuid:{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}
