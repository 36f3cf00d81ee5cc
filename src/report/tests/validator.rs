//! The SARIF validator, where it is installed: `SARIF_MULTITOOL` names its binary.

#![expect(clippy::disallowed_methods, reason = "the test runs an external validator where there is one")]

use std::path::PathBuf;
use std::process::Command;
use std::{env, fs};

use super::sample::Sample;
use crate::embedded::EMBEDDED;
use crate::report::sarif;
use crate::rules::card::RuleSet;

const NAME: &str = "Sarif.Multitool";
const PACKAGE: &str = "node_modules/@microsoft/sarif-multitool-linux";

/// The validator's binary: named by the environment, installed beside the project, or on the path.
fn binary() -> Option<PathBuf> {
    let named = env::var_os("SARIF_MULTITOOL").map(PathBuf::from);
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(PACKAGE).join(NAME);
    let path = env::var_os("PATH").unwrap_or_default();
    let on_path: Vec<_> = env::split_paths(&path).map(|dir| dir.join(NAME)).collect();
    named.into_iter().chain([beside]).chain(on_path).find(|file| file.is_file())
}

/// What the validator says about a document, one line a message.
fn messages(tool: &PathBuf, document: &str) -> Vec<String> {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let (input, output) = (dir.path().join("in.sarif"), dir.path().join("out.sarif"));
    fs::write(&input, document).expect("the document is written");
    let run = Command::new(tool)
        .arg("validate")
        .arg(&input)
        .args(["--rule-kind", "Sarif;Ghas", "--log", "ForceOverwrite", "--quiet", "true", "-o"])
        .arg(&output)
        .env("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "1")
        .output()
        .expect("the validator runs");
    let said = fs::read_to_string(&output).unwrap_or_else(|_| panic!("the validator wrote nothing: {run:?}"));
    let said: serde_json::Value = serde_json::from_str(said.trim_start_matches('\u{feff}')).expect("is JSON");
    let results = said["runs"][0]["results"].as_array().cloned().unwrap_or_default();
    let notes = said["runs"][0]["invocations"][0]["toolExecutionNotifications"].as_array().cloned().unwrap_or_default();
    results.iter().chain(&notes).map(ToString::to_string).collect()
}

#[test]
#[allow(clippy::print_stderr, reason = "a skipped check must be seen")]
fn the_validator_has_nothing_to_say() {
    let Some(tool) = binary() else {
        eprintln!("skipped: set SARIF_MULTITOOL to the binary of @microsoft/sarif-multitool to validate SARIF");
        return;
    };
    let mut shipped = Sample::new();
    shipped.rules = RuleSet::load(EMBEDDED).unwrap_or_else(|errors| panic!("{}", errors[0]));
    for sample in [Sample::new(), Sample::empty(), shipped] {
        let said = messages(&tool, &sarif::render(&sample.report()).expect("serialises"));
        assert!(said.is_empty(), "{}", said.join("\n"));
    }
}
