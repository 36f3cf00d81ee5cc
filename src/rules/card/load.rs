//! Reading cards from data files: everything that is wrong is collected, with file, line and the nearest valid word.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::template::is_kebab;
use super::{Activation, Detect, RuleCard, RuleError, RuleSet, Status, Template};
use crate::catalogue::{Catalogue, Taxonomies};
use crate::data::{self, DataError, Placed};
use crate::embedded;
use crate::finding::{Confidence, Severity};
use crate::rules::decisions;
use crate::rules::page::Page;
use crate::source::Language;

/// Files directly below `rules/` that are data of another kind.
const NOT_CARDS: [&str; 3] = ["checklist", "llm-packages", "taxonomies"];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCard {
    id: Placed<String>,
    summary: Placed<String>,
    status: Status,
    since: String,
    severity: Severity,
    confidence: Confidence,
    checklist: Vec<Placed<String>>,
    #[serde(default)]
    cwe: Vec<Placed<u32>>,
    #[serde(default)]
    owasp: Vec<Placed<String>>,
    languages: Vec<Language>,
    detect: Placed<BTreeMap<String, serde_json::Value>>,
    message: Placed<String>,
    remedy: String,
    #[serde(default)]
    aliases: Vec<Placed<String>>,
    #[serde(default, rename = "gives-way")]
    gives_way: Vec<String>,
    #[serde(default, rename = "default")]
    activation: Activation,
}

struct Loader<'a> {
    files: &'a [(&'a str, &'a str)],
    items: Vec<String>,
    taxonomies: Taxonomies,
    errors: Vec<RuleError>,
}

pub(super) fn load(files: &[(&str, &str)]) -> Result<RuleSet, Vec<RuleError>> {
    let catalogue = Catalogue::load(files)?;
    let taxonomies = Taxonomies::load(files).map_err(|error| vec![error])?;
    let items = catalogue.items().map(|item| item.id.clone()).collect();
    let mut loader = Loader { files, items, taxonomies, errors: Vec::new() };
    let mut cards = BTreeMap::new();
    let mut aliases = BTreeMap::new();
    for (path, text) in embedded::below(files, "rules/") {
        let Some(stem) = top_level_stem(path, ".yml").filter(|stem| !NOT_CARDS.contains(stem)) else { continue };
        if let Some((card, old)) = loader.card(path, stem, text) {
            aliases.extend(old.into_iter().map(|alias| (alias.value.clone(), (card.id.clone(), alias))));
            cards.insert(card.id.clone(), card);
        }
    }
    loader.orphan_pages(&cards);
    loader.shadowing_aliases(&cards, &aliases);
    if !loader.errors.is_empty() {
        loader.errors.sort();
        return Err(loader.errors);
    }
    let aliases = aliases.into_iter().map(|(alias, (id, _))| (alias, id)).collect();
    Ok(RuleSet { cards, aliases, taxonomies: loader.taxonomies })
}

/// The file's stem if it stands directly below `rules/`.
fn top_level_stem<'p>(path: &'p str, extension: &str) -> Option<&'p str> {
    path.strip_prefix("rules/")?.strip_suffix(extension).filter(|stem| !stem.contains('/'))
}

impl Loader<'_> {
    /// Reads one card; `None` if anything in it is wrong, which is then among the errors.
    fn card(&mut self, path: &str, stem: &str, text: &str) -> Option<(RuleCard, Vec<Placed<String>>)> {
        let before = self.errors.len();
        if let Some(card) = data::quick(path, text).and_then(|raw| self.checked(path, stem, raw)) {
            return Some(card);
        }
        // What is wrong is said once more, with lines.
        self.errors.truncate(before);
        let raw = data::placed(path, text).map_err(|error| self.errors.push(error)).ok()?;
        self.checked(path, stem, raw)
    }

    fn checked(&mut self, path: &str, stem: &str, raw: RawCard) -> Option<(RuleCard, Vec<Placed<String>>)> {
        let before = self.errors.len();
        self.identity(path, stem, &raw);
        self.references(path, &raw);
        let message = self.message(path, &raw.message);
        let detect = self.detect(path, raw.detect);
        let page = self.page(path, stem);
        let (message, detect, page) = (message?, detect?, page?);
        if self.errors.len() > before {
            return None;
        }
        let values = |list: Vec<Placed<String>>| list.into_iter().map(|word| word.value).collect();
        let card = RuleCard {
            id: raw.id.value,
            summary: raw.summary.value,
            status: raw.status,
            since: raw.since,
            severity: raw.severity,
            confidence: raw.confidence,
            checklist: values(raw.checklist),
            cwe: raw.cwe.into_iter().map(|number| number.value).collect(),
            owasp: values(raw.owasp),
            languages: raw.languages,
            detect,
            message,
            remedy: raw.remedy.trim().to_owned(),
            aliases: raw.aliases.iter().map(|alias| alias.value.clone()).collect(),
            gives_way: raw.gives_way,
            activation: raw.activation,
            page,
        };
        Some((card, raw.aliases))
    }

    fn identity(&mut self, path: &str, stem: &str, raw: &RawCard) {
        if raw.id.value != stem {
            let message = format!("the id `{}` differs from the file's name `{stem}`", raw.id.value);
            self.errors.push(DataError::line(path, line(&raw.id), message));
        }
        if !is_kebab(&raw.id.value) {
            let message = format!("the id `{}` is not kebab-case", raw.id.value);
            self.errors.push(DataError::line(path, line(&raw.id), message));
        }
        if raw.summary.value.contains('\n') || raw.summary.value.trim().is_empty() {
            self.errors.push(DataError::line(path, line(&raw.summary), "the summary must be one line"));
        }
        // What is wrong with a decision bears on whatever the decision is about.
        let is_about_decisions = raw.detect.value.get("engine").is_some_and(|engine| engine == decisions::ENGINE);
        if raw.checklist.is_empty() && !is_about_decisions {
            self.errors.push(DataError::file(path, "the rule serves no checklist item"));
        }
    }

    fn references(&mut self, path: &str, raw: &RawCard) {
        for item in raw.checklist.iter().filter(|item| !self.items.contains(&item.value)) {
            let known = self.items.iter().map(String::as_str);
            self.errors.push(DataError::unknown(path, line(item), "checklist item", &item.value, known));
        }
        for risk in raw.owasp.iter().filter(|risk| !self.taxonomies.owasp_llm.contains_key(&risk.value)) {
            let known = self.taxonomies.owasp_llm.keys().map(String::as_str);
            self.errors.push(DataError::unknown(path, line(risk), "OWASP entry", &risk.value, known));
        }
        for number in raw.cwe.iter().filter(|number| !self.taxonomies.cwe.contains_key(&number.value)) {
            let message = format!("CWE-{} does not stand in rules/taxonomies.yml", number.value);
            self.errors.push(DataError::line(path, line(number), message));
        }
    }

    fn message(&mut self, path: &str, raw: &Placed<String>) -> Option<Template> {
        let parsed = Template::parse(raw.value.trim());
        parsed.map_err(|error| self.errors.push(DataError::line(path, line(raw), error))).ok()
    }

    fn detect(&mut self, path: &str, raw: Placed<BTreeMap<String, serde_json::Value>>) -> Option<Detect> {
        let at = line(&raw);
        let mut params: serde_json::Map<_, _> = raw.value.into_iter().collect();
        match params.remove("engine") {
            Some(serde_json::Value::String(engine)) if is_kebab(&engine) => {
                Some(Detect { engine, params, file: path.to_owned(), line: at })
            }
            Some(_) => {
                self.errors.push(DataError::line(path, at, "`detect.engine` must be a kebab-case name"));
                None
            }
            None => {
                let nearest = data::nearest("engine", params.keys().map(String::as_str));
                let missing = DataError::line(path, at, "the key `engine` is missing in `detect`");
                let advice = nearest.map(|wrong| DataError {
                    nearest: Some("engine".to_owned()),
                    ..DataError::line(path, at, format!("unknown key `{wrong}` in `detect`"))
                });
                self.errors.push(advice.unwrap_or(missing));
                None
            }
        }
    }

    fn page(&mut self, path: &str, stem: &str) -> Option<Page> {
        let file = format!("rules/{stem}.md");
        let Some(text) = embedded::file(self.files, &file) else {
            self.errors.push(DataError::file(path, format!("the rule has no page: write `{file}`")));
            return None;
        };
        Page::parse(stem, &file, text).map_err(|errors| self.errors.extend(errors)).ok()
    }

    fn orphan_pages(&mut self, cards: &BTreeMap<String, RuleCard>) {
        for (path, _) in embedded::below(self.files, "rules/") {
            let Some(stem) = top_level_stem(path, ".md") else { continue };
            let has_card = embedded::file(self.files, &format!("rules/{stem}.yml")).is_some();
            if !has_card {
                let nearest = data::nearest(stem, cards.keys().map(String::as_str));
                let orphan = DataError::file(path, format!("the page has no card: write `rules/{stem}.yml`"));
                self.errors.push(DataError { nearest, ..orphan });
            }
        }
    }

    fn shadowing_aliases(
        &mut self,
        cards: &BTreeMap<String, RuleCard>,
        aliases: &BTreeMap<String, (String, Placed<String>)>,
    ) {
        for (alias, (id, place)) in aliases.iter().filter(|(alias, _)| cards.contains_key(*alias)) {
            let message = format!("the alias `{alias}` is another rule's id");
            self.errors.push(DataError::line(&format!("rules/{id}.yml"), line(place), message));
        }
    }
}

fn line<T>(word: &Placed<T>) -> u32 {
    word.line
}
