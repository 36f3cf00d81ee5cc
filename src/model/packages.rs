//! Packages that manifests name: which of them are for language models and yet described by no model file.
//!
//! A library nobody modelled is a blind spot, so it is told. What a name has to look like is data
//! (`rules/llm-packages.yml`); manifests are read for names only, never for versions, and a broken one names nothing.

mod manifests;

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
    /// Names of packages around models that ask none.
    #[serde(default)]
    aside: Vec<String>,
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
        ![&self.except, &self.aside].iter().any(|names| names.contains(&name))
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
    packages.retain(|package| known.stem(&package.name, package.language).is_none());
    packages
}

/// Packages for language models that manifests of production code name, sorted, each once.
pub fn for_llms(files: &[SourceFile], names: &LlmNames) -> Vec<Package> {
    let mut found: BTreeMap<(String, Language), String> = BTreeMap::new();
    let mut own: BTreeSet<(String, Language)> = BTreeSet::new();
    for file in files.iter().filter(|file| file.class == PathClass::Production) {
        let Some(manifest) = manifests::read(file) else { continue };
        let language = manifest.language;
        own.extend(manifest.own.map(|name| (canonical(&name, language), language)));
        for name in manifest.needs {
            let name = canonical(&name, language);
            if names.matches(&name) {
                found.entry((name, language)).or_insert_with(|| file.path.clone());
            }
        }
    }
    // What the tree itself holds is read, whatever its manifests say of where it comes from.
    found.retain(|package, _| !own.contains(package));
    found.into_iter().map(|((name, language), manifest)| Package { name, language, manifest }).collect()
}

/// The model that describes a package, by its stem: `python/openai`.
pub fn describing<'m>(models: &'m ModelSet, name: &str, language: Language) -> Option<&'m str> {
    Known::new(models).stem(&canonical(name, language), language)
}

/// What models describe, and which model does.
struct Known<'m> {
    names: BTreeMap<(Language, String), &'m str>,
    /// Beginnings of scopes that a model describes whole.
    scopes: Vec<(Language, String, &'m str)>,
}

impl<'m> Known<'m> {
    fn new(models: &'m ModelSet) -> Known<'m> {
        let mut known = Known { names: BTreeMap::new(), scopes: Vec::new() };
        for (stem, file) in &models.files {
            let modules = file.modules.values().flat_map(|modules| modules.as_slice());
            for name in file.package.as_slice().iter().chain(modules) {
                match name.strip_suffix('*') {
                    Some(scope) => known.scopes.push((file.language, scope.to_ascii_lowercase(), stem)),
                    None => {
                        known.names.entry((file.language, canonical(name, file.language))).or_insert(stem);
                    }
                }
            }
        }
        known
    }

    fn stem(&self, name: &str, language: Language) -> Option<&'m str> {
        let whole = self.names.get(&(language, name.to_owned())).copied();
        let is_within = |of: &Language, scope: &str| *of == language && name.starts_with(scope);
        whole.or_else(|| self.scopes.iter().find(|(of, scope, _)| is_within(of, scope)).map(|(_, _, stem)| *stem))
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
            (
                "web/package.json",
                r#"{"devDependencies":{"acme-llm":"1","@types/own-llm":"1","eslint-plugin-llm":"1"}}"#,
            ),
            ("Cargo.toml", "[workspace.dependencies]\nacme-llm='1'\nopenai-llm={path='x'}\n"),
            ("pyproject.toml", "[dependency-groups]\nllm=['acme-llm']\ndev=['other-llm']\n"),
            ("pyproject.toml", "[tool.poetry.group.ml.dependencies]\nacme-llm='1'\n"),
            (
                "pyproject.toml",
                "[project]\ndependencies=['acme-llm','own-llm']\n[tool.uv.sources]\nown-llm={workspace=true}\n",
            ),
            ("Pipfile", "[packages]\nacme-llm='*'\n[dev-packages]\nother-llm='*'\n"),
            (
                "setup.py",
                "setup(name='own-llm', install_requires=[\n 'acme-llm>=1', # x\n 'openai',\n], url='other-llm')\n",
            ),
            ("setup.cfg", "[options]\ninstall_requires =\n  acme-llm\n  openai\n[x]\n  other-llm\n"),
            ("setup.cfg", "[options.extras_require]\nfast =\n  acme-llm\ndev =\n  other-llm\n"),
            ("requirements/base.txt", "acme-llm\n"),
            ("api/api_requirements.in", "acme-llm\n"),
        ];
        for (path, text) in cases {
            assert_eq!(found(path, text, PathClass::Production), ["acme-llm"], "{path}: {text}");
            assert!(found(path, text, PathClass::Test).is_empty(), "{path}");
        }
        assert!(found("Cargo.toml", "[dependencies", PathClass::Production).is_empty());
        assert!(found("notes.txt", "acme-llm", PathClass::Production).is_empty());
    }

    #[test]
    fn what_the_tree_itself_holds_is_no_library() {
        let names = LlmNames::load(EMBEDDED).expect("the names are valid");
        let file = |path: &str, text: &str| SourceFile {
            path: path.into(),
            language: Language::Config,
            class: PathClass::Production,
            text: text.into(),
        };
        let files = [
            file("app/package.json", r#"{"dependencies":{"@acme/llm":"^1.0.0","acme-llm":"1"}}"#),
            file("packages/llm/package.json", r#"{"name":"@acme/llm"}"#),
        ];
        let packages: Vec<String> = super::for_llms(&files, &names).into_iter().map(|package| package.name).collect();
        assert_eq!(packages, ["acme-llm"]);
    }
}
