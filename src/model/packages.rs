//! Packages that manifests name: which of them are for language models and yet described by no model file.
//!
//! A library nobody modelled is a blind spot, so it is told. What a name has to look like is data
//! (`rules/llm-packages.yml`); manifests are read for names only, never for versions, and a broken one names nothing.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::ModelSet;
use crate::data::{self, DataError};
use crate::embedded;
use crate::source::{Language, PathClass, SourceFile};

const FILE: &str = "rules/llm-packages.yml";

/// What names of packages for language models look like.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LlmNames {
    /// Texts anywhere in a name.
    parts: Vec<String>,
    /// Whole words of a name.
    words: Vec<String>,
    /// Names that match and mean something else.
    #[serde(default)]
    except: Vec<String>,
}

impl LlmNames {
    /// Loads them out of (name, text) pairs that are sorted by name.
    ///
    /// # Errors
    ///
    /// The file is missing or says something else.
    pub fn load(files: &[(&str, &str)]) -> Result<LlmNames, DataError> {
        let text = embedded::file(files, FILE).ok_or_else(|| DataError::file(FILE, "the file is missing"))?;
        data::parse(FILE, text)
    }

    fn matches(&self, name: &str) -> bool {
        let name = name.to_ascii_lowercase();
        let mut words = name.split(['-', '_', '.', '/', '@']);
        !self.except.contains(&name)
            && (self.parts.iter().any(|part| name.contains(part.as_str()))
                || words.any(|word| self.words.iter().any(|known| known == word)))
    }
}

/// A package in a manifest.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Package {
    /// Its name, as its registry writes it.
    pub name: String,
    /// The language it is for.
    pub language: Language,
    /// The manifest that names it.
    pub manifest: String,
}

/// Packages for language models that manifests of production code name and no model describes, sorted, each once.
pub fn unknown(files: &[SourceFile], models: &ModelSet, names: &LlmNames) -> Vec<Package> {
    let known = Known::new(models);
    let mut packages = for_llms(files, names);
    packages.retain(|package| !known.has(&package.name, package.language));
    packages
}

/// Packages for language models that manifests of production code name, sorted, each once.
pub fn for_llms(files: &[SourceFile], names: &LlmNames) -> Vec<Package> {
    let mut found: BTreeMap<(String, Language), String> = BTreeMap::new();
    for file in files.iter().filter(|file| file.class == PathClass::Production) {
        let Some((language, packages)) = named(file) else { continue };
        for name in packages {
            let name = canonical(&name, language);
            if names.matches(&name) {
                found.entry((name, language)).or_insert_with(|| file.path.clone());
            }
        }
    }
    found.into_iter().map(|((name, language), manifest)| Package { name, language, manifest }).collect()
}

/// What models describe.
struct Known {
    names: BTreeSet<(Language, String)>,
    /// Beginnings of scopes that a model describes whole.
    scopes: Vec<(Language, String)>,
}

impl Known {
    fn new(models: &ModelSet) -> Known {
        let mut known = Known { names: BTreeSet::new(), scopes: Vec::new() };
        for (_, file) in &models.files {
            let modules = file.modules.values().flat_map(|modules| modules.as_slice());
            for name in file.package.as_slice().iter().chain(modules) {
                match name.strip_suffix('*') {
                    Some(scope) => known.scopes.push((file.language, scope.to_ascii_lowercase())),
                    None => drop(known.names.insert((file.language, canonical(name, file.language)))),
                }
            }
        }
        known
    }

    fn has(&self, name: &str, language: Language) -> bool {
        self.names.contains(&(language, name.to_owned()))
            || self.scopes.iter().any(|(of, scope)| *of == language && name.starts_with(scope.as_str()))
    }
}

/// A name as its registry compares it.
fn canonical(name: &str, language: Language) -> String {
    let name = name.trim().to_ascii_lowercase();
    match language {
        Language::Python => name.split(['-', '_', '.']).filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-"),
        Language::Rust => name.replace('_', "-"),
        Language::TypeScript | Language::Config | Language::Prompt | Language::Text => name,
    }
}

/// The language of a manifest and the packages it names; `None` for other files.
fn named(file: &SourceFile) -> Option<(Language, Vec<String>)> {
    let name = file.path.rsplit('/').next().unwrap_or_default();
    let text = &file.text;
    Some(match name {
        "package.json" => (Language::TypeScript, package_json(text)),
        "Cargo.toml" => (Language::Rust, cargo(text)),
        "pyproject.toml" => (Language::Python, pyproject(text)),
        "setup.cfg" => (Language::Python, setup_cfg(text)),
        _ if name.starts_with("requirements") && name.ends_with(".txt") => {
            (Language::Python, text.lines().filter_map(requirement).collect())
        }
        _ => return None,
    })
}

fn package_json(text: &str) -> Vec<String> {
    let Ok(document) = serde_json::from_str::<serde_json::Value>(text) else { return Vec::new() };
    let groups = ["dependencies", "optionalDependencies", "peerDependencies"];
    let tables = groups.iter().filter_map(|group| document.get(group)?.as_object());
    // A package of the same workspace is no library.
    let is_foreign = |version: &serde_json::Value| {
        let version = version.as_str().unwrap_or_default();
        !["workspace:", "file:", "link:"].iter().any(|local| version.starts_with(local))
    };
    tables.flatten().filter(|(_, version)| is_foreign(version)).map(|(name, _)| name.clone()).collect()
}

fn cargo(text: &str) -> Vec<String> {
    let Ok(document) = text.parse::<toml::Table>() else { return Vec::new() };
    let mut tables: Vec<&toml::Value> = Vec::new();
    tables.extend(document.get("dependencies"));
    tables.extend(document.get("workspace").and_then(|workspace| workspace.get("dependencies")));
    let targets = document.get("target").and_then(toml::Value::as_table);
    tables.extend(targets.into_iter().flat_map(toml::Table::values).filter_map(|target| target.get("dependencies")));
    let entries = tables.into_iter().filter_map(toml::Value::as_table).flatten();
    let is_foreign = |about: &toml::Value| about.get("path").is_none() && about.get("workspace").is_none();
    let name = |(key, about): (&String, &toml::Value)| {
        about.get("package").and_then(toml::Value::as_str).unwrap_or(key).to_owned()
    };
    entries.filter(|(_, about)| is_foreign(about)).map(name).collect()
}

fn pyproject(text: &str) -> Vec<String> {
    let Ok(document) = text.parse::<toml::Table>() else { return Vec::new() };
    let project = document.get("project");
    let mut lists: Vec<&toml::Value> = project.and_then(|project| project.get("dependencies")).into_iter().collect();
    let optional = project.and_then(|project| project.get("optional-dependencies")).and_then(toml::Value::as_table);
    lists.extend(optional.into_iter().flat_map(toml::Table::values));
    let lines = lists.into_iter().filter_map(toml::Value::as_array).flatten().filter_map(toml::Value::as_str);
    let mut names: Vec<String> = lines.filter_map(requirement).collect();
    let poetry = document.get("tool").and_then(|tool| tool.get("poetry"));
    let table = poetry.and_then(|poetry| poetry.get("dependencies")).and_then(toml::Value::as_table);
    let foreign = table.into_iter().flatten().filter(|(_, about)| about.get("path").is_none());
    names.extend(foreign.map(|(name, _)| name.clone()));
    names
}

/// The indented lines below `install_requires =`.
fn setup_cfg(text: &str) -> Vec<String> {
    let lines = text.lines().skip_while(|line| !line.trim_start().starts_with("install_requires")).skip(1);
    lines.take_while(|line| line.is_empty() || line.starts_with([' ', '\t'])).filter_map(requirement).collect()
}

/// The name that a requirement line starts with; options, addresses and comments have none.
fn requirement(line: &str) -> Option<String> {
    let line = line.trim();
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let end = line.find(|c| !is_name(c)).unwrap_or(line.len());
    let (name, rest) = line.split_at(end);
    let is_requirement = name.starts_with(|c: char| c.is_ascii_alphanumeric()) && !rest.starts_with([':', '/', '+']);
    is_requirement.then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{LlmNames, Package, unknown};
    use crate::embedded::EMBEDDED;
    use crate::model::ModelSet;
    use crate::source::{Language, PathClass, SourceFile};

    fn found(path: &str, text: &str, class: PathClass) -> Vec<String> {
        let models = ModelSet::load(EMBEDDED).expect("the models are valid");
        let names = LlmNames::load(EMBEDDED).expect("the names are valid");
        let file = SourceFile { path: path.into(), language: Language::Config, class, text: text.into() };
        let packages = unknown(&[file], &models, &names);
        packages.into_iter().map(|Package { name, .. }| name).collect()
    }

    #[test]
    fn manifests_name_packages_that_no_model_knows() {
        let cases = [
            ("requirements-dev.txt", "acme_LLM[x]>=1 # c\n-r openai.txt\nhttps://openai.example\nopenai\nflask\n"),
            ("web/package.json", r#"{"dependencies":{"acme-llm":"1","openai":"4","own-llm":"workspace:*"}}"#),
            ("Cargo.toml", "[dependencies]\nx = {package='acme-llm'}\nasync-openai='1'\nown-llm={path='.'}\n"),
            ("pyproject.toml", "[project]\ndependencies=['acme.llm>1', 'openai']\n"),
            ("pyproject.toml", "[tool.poetry.dependencies]\nacme-llm='1'\nopenai='1'\n"),
            ("setup.cfg", "[options]\ninstall_requires =\n  acme-llm\n  openai\n[x]\n  other-llm\n"),
        ];
        for (path, text) in cases {
            assert_eq!(found(path, text, PathClass::Production), ["acme-llm"], "{path}: {text}");
            assert!(found(path, text, PathClass::Test).is_empty(), "{path}");
        }
        assert!(found("Cargo.toml", "[dependencies", PathClass::Production).is_empty());
        assert!(found("notes.txt", "acme-llm", PathClass::Production).is_empty());
    }
}
