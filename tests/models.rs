//! Every library model against its fixture: each row fires there, and marks and facts agree both ways.
//!
//! A fixture is linked alone, with all models, as a program of its own. A line's comment `expect: llm, sink(messages)`
//! says what stands there. Known gaps are listed in `models_known_gaps.txt`, one a line; a listed gap that passes fails
//! the test, so the list only shrinks.

#![expect(clippy::disallowed_methods, reason = "tests read their own fixtures and tell numbers")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use launchlint::analysis::{Extent, link};
use launchlint::model::ModelSet;
use launchlint::source::{Language, PathClass, SourceFile};
use walkdir::WalkDir;

#[path = "models/facts.rs"]
mod facts;
#[path = "models/rows.rs"]
mod rows;

/// A line of a fixture and what stands on it: `rules/models/python/openai.py:12 llm`.
type Mark = (String, u32, String);

/// What checking one model against its fixture said.
#[derive(Default)]
struct Checked {
    gaps: BTreeSet<String>,
    rows: usize,
    fired: usize,
    marks: usize,
    agreeing: usize,
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn relative(path: &Path) -> String {
    path.strip_prefix(root()).expect("below the root").to_string_lossy().replace('\\', "/")
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).expect("readable")
}

fn models() -> ModelSet {
    let files: Vec<(String, String)> = WalkDir::new(root().join("rules/models"))
        .sort_by_file_name()
        .into_iter()
        .filter_map(Result::ok)
        .filter(|e| e.path().extension().is_some_and(|e| e == "yml"))
        .map(|e| (relative(e.path()), read(e.path())))
        .collect();
    let pairs: Vec<_> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    ModelSet::load(&pairs).expect("models load")
}

fn language(path: &str) -> Option<Language> {
    match path.rsplit('.').next()? {
        "py" => Some(Language::Python),
        "ts" | "tsx" | "js" => Some(Language::TypeScript),
        "rs" => Some(Language::Rust),
        _ => None,
    }
}

/// A model's fixture: files as they lie in the program, by the path they have in the repository. Single files take a
/// name that no library has; files in a folder keep their place in it, because frameworks read it.
fn fixture(stem: &str) -> BTreeMap<String, SourceFile> {
    let base = root().join("rules/models").join(stem);
    let mut found = BTreeMap::new();
    for entry in WalkDir::new(base.parent().expect("a folder")).sort_by_file_name().into_iter().filter_map(Result::ok) {
        let path = entry.path();
        let Some(language) = language(&path.to_string_lossy()).filter(|_| path.is_file()) else { continue };
        let place = if let Ok(inside) = path.strip_prefix(&base) {
            inside.to_string_lossy().replace('\\', "/")
        } else if path.with_extension("") == base {
            format!("src/fixture_main.{}", path.extension().unwrap_or_default().to_string_lossy())
        } else {
            continue;
        };
        let file = SourceFile { path: place, language, class: PathClass::Production, text: read(path) };
        found.insert(relative(path), file);
    }
    found
}

/// The marks of a file's comments.
fn marks(path: &str, text: &str) -> BTreeSet<Mark> {
    let mut found = BTreeSet::new();
    for (line, number) in text.lines().zip(1..) {
        let Some((_, listed)) = line.split_once("# expect: ").or_else(|| line.split_once("// expect: ")) else {
            continue;
        };
        for mark in listed.trim_end_matches(['*', '/', '}', ' ']).split(',') {
            found.insert((path.to_owned(), number, mark.trim().to_owned()));
        }
    }
    found
}

fn check(models: &ModelSet, index: usize) -> Checked {
    let (stem, _) = &models.files[index];
    let files = fixture(stem);
    let sources: Vec<SourceFile> = files.values().cloned().collect();
    let linked = link(&sources, models, Extent::Shipping);
    let paths: BTreeMap<&str, &str> = files.iter().map(|(path, f)| (f.path.as_str(), path.as_str())).collect();
    let texts: BTreeMap<&str, &str> = files.values().map(|f| (f.path.as_str(), f.text.as_str())).collect();

    let mut checked = Checked::default();
    let fired = rows::fired(&linked, models);
    for (row, name) in rows::of_file(models, index) {
        checked.rows += 1;
        if fired.contains(&row) {
            checked.fired += 1;
        } else {
            checked.gaps.insert(format!("rules/models/{stem}.yml: {name}"));
        }
    }

    let expected: BTreeSet<Mark> = files.iter().flat_map(|(path, f)| marks(path, &f.text)).collect();
    let facts = facts::collect(&linked, models, &texts, &paths);
    for (path, line, mark) in &expected {
        checked.marks += 1;
        if facts.possible.contains(&(path.clone(), *line, mark.clone())) {
            checked.agreeing += 1;
        } else {
            checked.gaps.insert(format!("{path}:{line} {mark}"));
        }
    }
    for (path, line, mark) in facts.certain.difference(&expected) {
        checked.gaps.insert(format!("{path}:{line} {mark} (without a mark)"));
    }
    checked
}

#[test]
fn every_row_fires_and_marks_agree() {
    let models = models();
    let mut total = Checked::default();
    for index in 0..models.files.len() {
        let checked = check(&models, index);
        total.rows += checked.rows;
        total.fired += checked.fired;
        total.marks += checked.marks;
        total.agreeing += checked.agreeing;
        total.gaps.extend(checked.gaps);
    }
    let list = root().join("tests/models_known_gaps.txt");
    if std::env::var_os("MODELS_WRITE_GAPS").is_some() {
        let text: String = total.gaps.iter().map(|gap| format!("{gap}\n")).collect();
        std::fs::write(&list, text).expect("writable");
    }
    let known = read(&list);
    let listed: Vec<&str> = known.lines().collect();
    assert!(listed.is_sorted(), "models_known_gaps.txt is not sorted");
    let listed: BTreeSet<String> = listed.into_iter().map(str::to_owned).collect();
    println!(
        "rows: {} of {} fire; marks: {} of {} agree; known gaps: {}",
        total.fired,
        total.rows,
        total.agreeing,
        total.marks,
        listed.len()
    );
    for gap in &listed {
        println!("known gap: {gap}");
    }
    let new: Vec<&String> = total.gaps.difference(&listed).collect();
    let gone: Vec<&String> = listed.difference(&total.gaps).collect();
    assert!(new.is_empty(), "models and fixtures disagree:\n{new:#?}");
    assert!(gone.is_empty(), "known gaps that are none any more; remove them from the list:\n{gone:#?}");
}
