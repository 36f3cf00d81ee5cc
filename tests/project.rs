//! Ways from entry points to LLM calls, one folder a case: every way found must be expected, and the reverse.

#![expect(clippy::disallowed_methods, reason = "tests read their own fixtures")]

use std::fmt::Write as _;
use std::path::Path;

use launchlint::model::{ControlKind, ModelSet};
use launchlint::settings::WalkSettings;
use launchlint::surface::{Status, Surface};
use launchlint::walk::{Roots, discover};

/// `entry [framework] route: functions on the way | controls that turn callers away`, with `?` where that is not known.
fn line(surface: &Surface) -> String {
    let entry = &surface.entry;
    let mut line = format!("{} [{}]", entry.name, entry.framework);
    if let Some(route) = &entry.route {
        let _ = write!(line, " {route}");
    }
    let way: Vec<&str> = surface.path.iter().map(|step| step.name.as_str()).collect();
    let _ = write!(line, ": {}", way.join(" > "));
    let named = [(ControlKind::Authentication, "authentication"), (ControlKind::RateLimit, "rate limit")];
    let held: Vec<String> = named
        .iter()
        .filter_map(|(kind, name)| match surface.controls[kind].status {
            Status::Unknown => Some(format!("{name}?")),
            _ => (!surface.controls[kind].evidence.is_empty()).then(|| (*name).to_owned()),
        })
        .collect();
    if !held.is_empty() {
        let _ = write!(line, " | {}", held.join(", "));
    }
    line
}

fn check(folder: &Path) {
    let models = ModelSet::load(launchlint::embedded::EMBEDDED).expect("models");
    let roots = Roots::resolve(&[folder.to_path_buf()]).expect("roots");
    let found = discover(&roots, &WalkSettings::default());
    let linked = launchlint::analysis::link(&found.files, &models, launchlint::analysis::Extent::Shipping);
    let mut lines: Vec<String> = linked.surfaces.surfaces.iter().map(line).collect();
    lines.sort();
    let expected = std::fs::read_to_string(folder.join("expected.txt")).expect("expected.txt");
    assert_eq!(lines.join("\n"), expected.trim_end(), "{}", folder.display());
}

#[test]
fn ways_to_models() {
    let home = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/project");
    let mut folders: Vec<_> =
        std::fs::read_dir(home).expect("fixtures").map(|entry| entry.expect("entry").path()).collect();
    folders.sort();
    assert!(folders.len() > 3, "no fixtures");
    folders.iter().for_each(|folder| check(folder));
}
