//! Every library model loads, and its fixture stands beside it.

#![expect(clippy::disallowed_methods, reason = "tests read their own fixtures")]

use std::path::Path;

use launchlint::model::ModelSet;
use walkdir::WalkDir;

fn model_files() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    for entry in WalkDir::new(root.join("rules/models")).sort_by_file_name().into_iter().filter_map(Result::ok) {
        if entry.path().extension().is_some_and(|e| e == "yml") {
            let name = entry.path().strip_prefix(root).expect("below the root").to_string_lossy().replace('\\', "/");
            files.push((name, std::fs::read_to_string(entry.path()).expect("readable")));
        }
    }
    files
}

#[test]
fn every_model_file_loads() {
    let files = model_files();
    assert!(!files.is_empty(), "no model files found");
    let pairs: Vec<_> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    if let Err(errors) = ModelSet::load(&pairs) {
        let lines: Vec<_> = errors.iter().map(ToString::to_string).collect();
        panic!("{}", lines.join("\n"));
    }
}

#[test]
fn every_model_has_a_fixture() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let missing: Vec<_> = model_files()
        .into_iter()
        .map(|(name, _)| name)
        .filter(|name| !name.ends_with("/endpoints.yml") && !name.ends_with("/aliases.yml"))
        .filter(|name| {
            let stem = root.join(name.trim_end_matches(".yml"));
            let beside = ["py", "ts", "tsx", "js", "rs"].iter().any(|e| stem.with_extension(e).is_file());
            !beside && !stem.is_dir()
        })
        .collect();
    assert!(missing.is_empty(), "models without a fixture: {missing:?}");
}
