//! Both formats over one inventory with hostile names.

use serde_json::Value;

use super::{cyclonedx, json};
use crate::inventory::{EntryPoint, Inventory, LlmCall, Prompt, Spot, Table, Used};
use crate::report::Tool;

fn spot(file: &str, line: u32) -> Spot {
    Spot { file: file.to_owned(), line }
}

fn inventory() -> Inventory {
    let call = |line, model: Option<&str>| LlmCall {
        at: spot("app/a.py", line),
        callee: "client.complete".to_owned(),
        function: "answer".to_owned(),
        model: model.map(str::to_owned),
        max_output: None,
        timeout: None,
    };
    let entry = EntryPoint {
        at: spot("app/main.py", 3),
        name: "ask".to_owned(),
        framework: "web".to_owned(),
        route: Some("POST /ask".to_owned()),
        llm_calls: vec![0, 1, 2],
        path: Vec::new(),
        controls: std::collections::BTreeMap::default(),
    };
    let used = |kind, line| Used {
        at: spot("app/s.py", line),
        kind,
        callee: "store.get".to_owned(),
        library: "store".to_owned(),
    };
    Inventory {
        table: Table {
            entry_points: vec![entry],
            other_entry_points: 0,
            llm_calls: vec![call(1, Some("large \"\n")), call(2, None), call(3, Some("large \"\n"))],
            unresolved_calls: 0,
        },
        named_models: vec![Some("large \"\n".to_owned()), None, Some("large \"\n".to_owned())],
        prompts: vec![Prompt {
            at: spot("p/x.prompt", 1),
            kind: "file",
            name: "x.prompt".to_owned(),
            sha256: Some("0".repeat(64)),
        }],
        tools: vec![used("tool", 1)],
        stores: vec![used("cache", 2), used("cache", 3)],
        packages: vec![String::new()],
        llm_packages: Vec::new(),
    }
}

const TOOL: Tool<'static> = Tool { name: "launchlint", version: "0.0.0", home: None };

#[test]
fn the_bill_of_materials_is_consistent_and_repeatable() {
    let text = cyclonedx::render(&inventory(), TOOL, "shop").expect("serialises");
    assert_eq!(text, cyclonedx::render(&inventory(), TOOL, "shop").expect("serialises"));
    let document: Value = serde_json::from_str(&text).expect("valid JSON");
    let references: Vec<&str> = ["components", "services"]
        .iter()
        .flat_map(|list| document[*list].as_array().expect("a list"))
        .filter_map(|one| one["bom-ref"].as_str())
        .collect();
    let mut distinct = references.clone();
    distinct.sort_unstable();
    distinct.dedup();
    assert_eq!(distinct.len(), references.len(), "references name one thing each");
    for dependency in document["dependencies"].as_array().expect("a list") {
        for on in dependency["dependsOn"].as_array().expect("a list") {
            assert!(references.contains(&on.as_str().expect("a name")), "{on}");
        }
    }
    let models: Vec<&Value> = document["components"]
        .as_array()
        .expect("a list")
        .iter()
        .filter(|one| one["type"] == "machine-learning-model")
        .collect();
    assert_eq!(models.len(), 1);
    assert_eq!(models[0]["evidence"]["occurrences"].as_array().map(Vec::len), Some(2));
}

#[test]
fn json_lists_everything() {
    let document: Value = serde_json::from_str(&json::render(&inventory()).expect("serialises")).expect("valid JSON");
    assert_eq!(document["calls_without_model_name"], 1);
    assert_eq!(document["entry_points"][0]["models"][0], "large \"\n");
    assert_eq!(document["data_stores"].as_array().map(Vec::len), Some(2));
}
