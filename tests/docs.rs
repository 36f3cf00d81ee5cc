//! Makes the source of the documentation site, and holds it together: every rule has a page, every link leads somewhere.
//!
//! `BOOK=<folder> cargo test --test docs` writes the source there for mdBook; `docs/build` does both.

#![expect(
    clippy::disallowed_methods,
    reason = "the test reads the documentation and on request writes the site's source"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use launchlint::catalogue::Catalogue;
use launchlint::embedded::EMBEDDED;
use launchlint::model::ModelSet;
use launchlint::rules::card::{RuleCard, RuleSet, Status};

/// The whole source by path.
fn book() -> BTreeMap<String, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    let mut files = BTreeMap::new();
    for entry in walkdir::WalkDir::new(&root).sort_by_file_name() {
        let entry = entry.expect("the documentation is readable");
        let path = entry.path().strip_prefix(&root).expect("below docs").to_string_lossy().replace('\\', "/");
        if entry.file_type().is_file() && (path.ends_with(".md") || path.ends_with(".toml")) {
            files.insert(path, fs::read_to_string(entry.path()).expect("the documentation is text"));
        }
    }
    let rules = RuleSet::load(EMBEDDED).unwrap_or_else(|errors| panic!("{}", errors[0]));
    let cards: Vec<&RuleCard> = rules.iter().filter(|card| card.status != Status::Removed).collect();
    for card in &cards {
        files.insert(format!("src/rules/{}.md", card.id), page(card));
    }
    let listed: String = cards.iter().map(|card| format!("  - [{0}](rules/{0}.md)\n", card.id)).collect();
    fill(&mut files, "src/SUMMARY.md", "<!-- rules -->\n", &listed);
    fill(&mut files, "src/rules.md", "<!-- rule table -->\n", &table(&cards));
    files.insert("src/checklist.md".into(), checklist(&cards));
    files.insert("src/models.md".into(), models());
    files
}

fn fill(files: &mut BTreeMap<String, String>, path: &str, mark: &str, text: &str) {
    let file = files.get_mut(path).unwrap_or_else(|| panic!("{path} is there"));
    assert!(file.contains(mark), "{path} has its mark");
    *file = file.replace(mark, text);
}

/// A rule's own page below its key facts.
fn page(card: &RuleCard) -> String {
    let body = card.page.text.trim_start();
    let (title, rest) = body.split_once('\n').expect("a page has a title");
    let cwe: Vec<String> = card.cwe.iter().map(|class| format!("CWE-{class}")).collect();
    let items: Vec<String> =
        card.checklist.iter().map(|id| format!("[{id}](../checklist.md#{})", id.to_ascii_lowercase())).collect();
    let languages: Vec<&str> = card.languages.iter().map(|language| language.label()).collect();
    format!(
        "{title}\n\n{}\n\n| | |\n|---|---|\n| severity | {} |\n| confidence | {} |\n| checklist | {} |\n| classes | {} |\n\
         | languages | {} |\n| status | {} |\n{rest}",
        card.summary,
        card.severity,
        format!("{:?}", card.confidence).to_lowercase(),
        items.join(", "),
        [cwe.as_slice(), &card.owasp].concat().join(", "),
        languages.join(", "),
        card.status.label(),
    )
}

fn table(cards: &[&RuleCard]) -> String {
    let mut cards = cards.to_vec();
    cards.sort_by(|a, b| b.severity.cmp(&a.severity).then_with(|| a.id.cmp(&b.id)));
    let mut text = String::from("| rule | finds | severity | checklist |\n|---|---|---|---|\n");
    for card in cards {
        let items = card.checklist.join(", ");
        writeln!(text, "| [{0}](rules/{0}.md) | {1} | {2} | {items} |", card.id, card.summary, card.severity)
            .expect("text grows");
    }
    text
}

fn checklist(cards: &[&RuleCard]) -> String {
    let catalogue = Catalogue::load(EMBEDDED).unwrap_or_else(|errors| panic!("{}", errors[0]));
    let mut text =
        String::from("# The checklist\n\nWhat a launch review asks, and what reading a repository can say about it.\n");
    for group in &catalogue.groups {
        writeln!(text, "\n## {}\n\nOwner: {}. Reviewer: {}.", group.title, group.owner, group.reviewer)
            .expect("text grows");
        for item in &group.items {
            writeln!(text, "\n### {}\n\n**{}** ({}, {})\n", item.id, item.title, item.track.label(), item.severity)
                .expect("text grows");
            writeln!(text, "- Risk: {}\n- Holds when: {}", item.risk.trim(), item.passes.trim()).expect("text grows");
            writeln!(text, "- Established by reading: {}", item.established.trim()).expect("text grows");
            if let Some(attest) = &item.attest {
                writeln!(text, "- Has to be stated by its owner: {}", attest.trim()).expect("text grows");
            }
            let serving = cards.iter().filter(|card| card.checklist.contains(&item.id));
            let serving: Vec<String> = serving.map(|card| format!("[{0}](rules/{0}.md)", card.id)).collect();
            if !serving.is_empty() {
                writeln!(text, "- Rules: {}", serving.join(", ")).expect("text grows");
            }
        }
    }
    text
}

fn models() -> String {
    let models = ModelSet::load(EMBEDDED).unwrap_or_else(|errors| panic!("{}", errors[0]));
    let mut by_language: BTreeMap<&str, Known> = BTreeMap::new();
    for (_, file) in &models.files {
        let known = by_language.entry(file.language.label()).or_default();
        known.models += 1;
        known.rows += file.calls.len() + file.values.len() + file.entrypoints.len() + file.mounts.len();
        known.rows += file.attach.len() + file.controls.len() + file.dependencies.len();
        known.packages.extend(file.package.as_slice().iter().map(|package| format!("`{package}`")));
    }
    let mut text = String::from(
        "# Known libraries\n\nWhat they do is data, in `rules/models`. `launchlint models --missing .` names the LLM packages of \
         a repository that\nare not among them. [By kind](libraries.md) they are listed with those that are used most first.\n\n",
    );
    text.push_str("| language | models | packages | rows |\n|---|---|---|---|\n");
    for (language, Known { models, packages, rows }) in &by_language {
        writeln!(text, "| {language} | {models} | {} | {rows} |", packages.len()).expect("text grows");
    }
    for (language, known) in by_language {
        let packages: Vec<String> = known.packages.into_iter().collect();
        writeln!(text, "\n## {language}\n\n{}", packages.join(", ")).expect("text grows");
    }
    text
}

/// What models say of a language's libraries.
#[derive(Default)]
struct Known {
    models: usize,
    packages: BTreeSet<String>,
    rows: usize,
}

/// Targets of the links of a page that lead to other pages.
fn links(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut is_code = false;
    for line in text.lines() {
        is_code ^= line.trim_start().starts_with("```");
        for (at, _) in line.match_indices("](").filter(|_| !is_code) {
            let target: String = line[at + 2..].chars().take_while(|c| *c != ')').collect();
            let path = target.split('#').next().unwrap_or_default();
            if path.ends_with(".md") && !path.contains("://") {
                found.push(path.to_owned());
            }
        }
    }
    found
}

#[test]
fn every_page_is_listed_and_every_link_leads_somewhere() {
    let book = book();
    let listed = links(&book["src/SUMMARY.md"]);
    for path in book.keys().filter_map(|path| path.strip_prefix("src/")).filter(|path| *path != "SUMMARY.md") {
        assert!(listed.iter().any(|link| link == path), "{path} is not in SUMMARY.md");
    }
    for (path, text) in book.iter().filter(|(path, _)| path.ends_with(".md")) {
        let folder = Path::new(path).parent().expect("a folder");
        for link in links(text) {
            let mut target = PathBuf::new();
            for part in folder.join(&link).components() {
                match part {
                    std::path::Component::ParentDir => drop(target.pop()),
                    part => target.push(part),
                }
            }
            let target = target.to_string_lossy().replace('\\', "/");
            assert!(book.contains_key(&target), "{path} links to {link}, which is not there");
        }
    }
    if let Some(folder) = env::var_os("BOOK").map(PathBuf::from) {
        for (path, text) in &book {
            let file = folder.join(path);
            fs::create_dir_all(file.parent().expect("a folder")).expect("folders can be made");
            fs::write(file, text).expect("the source can be written");
        }
    }
}
