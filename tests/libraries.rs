//! The list of libraries by kind: each that stands there is described by a model, and the page about it is up to date.
//!
//! `UPDATE_LIBRARIES=1 cargo test --test libraries` writes the page anew.

#![expect(clippy::disallowed_methods, reason = "the test reads the list and on request writes its page")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

use launchlint::embedded::EMBEDDED;
use launchlint::model::ModelSet;
use launchlint::model::packages;
use launchlint::source::Language;
use serde::Deserialize;

/// As many as a kind shall have in each language that has so many.
const ENOUGH: usize = 10;
/// In the order of the page.
const LANGUAGES: [Language; 3] = [Language::Python, Language::TypeScript, Language::Rust];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Libraries {
    /// Repositories whose manifests were counted.
    counted: BTreeMap<Language, u32>,
    kinds: Vec<Kind>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Kind {
    kind: String,
    /// `name count`, most used first.
    python: Vec<String>,
    typescript: Vec<String>,
    rust: Vec<String>,
    /// Why there are fewer than ten in a language.
    #[serde(default)]
    fewer: Option<String>,
}

impl Kind {
    fn of(&self, language: Language) -> Vec<(&str, &str)> {
        let list = match language {
            Language::Python => &self.python,
            Language::TypeScript => &self.typescript,
            _ => &self.rust,
        };
        list.iter().map(|item| item.rsplit_once(' ').unwrap_or_else(|| panic!("`{item}` is `name count`"))).collect()
    }
}

fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read_to_string(&path).unwrap_or_default()
}

fn libraries() -> Libraries {
    serde_saphyr::from_str(&read("docs/libraries.yml")).unwrap_or_else(|error| panic!("docs/libraries.yml: {error}"))
}

fn models() -> ModelSet {
    ModelSet::load(EMBEDDED).unwrap_or_else(|errors| panic!("{}", errors[0]))
}

fn page(libraries: &Libraries) -> String {
    let mut text = String::from(
        "# Libraries by kind\n\nWhat a library does is data in `rules/models`, and each row of a model fires in the model's own fixture. \
         `launchlint models`\nlists all models, `launchlint models --missing .` the packages for language models that a repository \
         uses and no model\ndescribes.\n\n",
    );
    let counted: Vec<String> =
        LANGUAGES.iter().map(|language| format!("{} in {}", libraries.counted[language], language.label())).collect();
    writeln!(
        text,
        "The libraries below were chosen and ordered by how many public applications and libraries around language models name\n\
         them in their manifests: {} repositories were counted,\nand the number stands behind each name. \
         Those without a number follow in the order of their\nregistry's downloads (Python: the 15,000 most downloaded packages of \
         April 2026 on PyPI; TypeScript/JavaScript:\nnpm-high-impact 1.13), in Rust in the order of common knowledge.\n",
        counted.join(", "),
    )
    .expect("text grows");
    text.push_str("| kind | Python | TypeScript/JavaScript | Rust |\n|---|---|---|---|\n");
    for kind in &libraries.kinds {
        let counts: Vec<String> = LANGUAGES.iter().map(|language| kind.of(*language).len().to_string()).collect();
        writeln!(text, "| {} | {} |", kind.kind, counts.join(" | ")).expect("text grows");
    }
    for kind in &libraries.kinds {
        writeln!(text, "\n## {}", kind.kind).expect("text grows");
        for language in LANGUAGES {
            let names: Vec<String> = kind.of(language).into_iter().map(|(name, count)| item(name, count)).collect();
            writeln!(text, "\n**{}**: {}", language.label(), names.join(", ")).expect("text grows");
        }
        if let Some(why) = &kind.fewer {
            writeln!(text, "\n{why}").expect("text grows");
        }
    }
    text
}

fn item(name: &str, count: &str) -> String {
    if count == "0" { format!("`{name}`") } else { format!("`{name}` {count}") }
}

#[test]
fn every_listed_library_has_a_model() {
    let (libraries, models) = (libraries(), models());
    let mut missing = Vec::new();
    for kind in &libraries.kinds {
        for language in LANGUAGES {
            let listed = kind.of(language);
            assert!(listed.len() >= ENOUGH || kind.fewer.is_some(), "{}: why so few for {language:?}?", kind.kind);
            let unknown = listed.iter().filter(|(name, _)| packages::describing(&models, name, language).is_none());
            missing.extend(unknown.map(|(name, _)| format!("{} {language:?} {name}", kind.kind)));
        }
    }
    assert!(missing.is_empty(), "no model describes: {missing:#?}");
}

#[test]
fn the_page_is_up_to_date() {
    let text = page(&libraries());
    if env::var_os("UPDATE_LIBRARIES").is_some() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/src/libraries.md");
        fs::write(path, &text).expect("the page is writable");
    }
    assert_eq!(read("docs/src/libraries.md"), text, "write it anew: UPDATE_LIBRARIES=1 cargo test --test libraries");
}
