//! Reading manifests: which packages they name, and which name they give to what they describe.
//!
//! Only names are read, never versions. Text that is no manifest of its kind names nothing.

use std::collections::BTreeSet;

use toml::{Table, Value};

use crate::source::{Language, SourceFile};

/// Groups of development tools, by the words that teams use for them.
const TOOLS: [&str; 8] = ["dev", "develop", "development", "docs", "lint", "linting", "test", "tests"];
/// Packages of tools for an editor or a build, which front ends keep among those for development.
const BESIDE: [&str; 4] = ["@types/", "eslint", "prettier", "vite-plugin"];

/// A manifest.
pub(super) struct Manifest {
    /// The language it is for.
    pub(super) language: Language,
    /// What it needs.
    pub(super) needs: Vec<String>,
    /// What it describes.
    pub(super) own: Option<String>,
}

/// Reads a manifest; `None` for other files.
pub(super) fn read(file: &SourceFile) -> Option<Manifest> {
    let (folder, name) = file.path.rsplit_once('/').unwrap_or(("", &file.path));
    let text = &file.text;
    let (language, (needs, own)) = match name {
        "package.json" => (Language::TypeScript, package_json(text)),
        "Cargo.toml" => (Language::Rust, cargo(text)),
        "pyproject.toml" => (Language::Python, pyproject(text)),
        "Pipfile" => (Language::Python, (pipfile(text), None)),
        "setup.cfg" => (Language::Python, (setup_cfg(text), None)),
        "setup.py" => (Language::Python, setup_py(text)),
        _ if is_requirements(folder, name) => {
            (Language::Python, (text.lines().filter_map(requirement).collect(), None))
        }
        _ => return None,
    };
    Some(Manifest { language, needs, own })
}

/// `requirements.txt`, `requirements-gpu.in`, `api_requirements.txt`, `requirements/base.txt`.
fn is_requirements(folder: &str, name: &str) -> bool {
    let Some((stem, "txt" | "in")) = name.rsplit_once('.') else { return false };
    stem.starts_with("requirements")
        || stem.ends_with("requirements")
        || folder.rsplit('/').next() == Some("requirements")
}

type Read = (Vec<String>, Option<String>);

fn package_json(text: &str) -> Read {
    let Ok(document) = serde_json::from_str::<serde_json::Value>(text) else { return Read::default() };
    let groups = ["dependencies", "optionalDependencies", "peerDependencies", "devDependencies"];
    let tables = groups.iter().filter_map(|group| document.get(group)?.as_object());
    // A package of the same workspace is no library.
    let is_foreign = |version: &serde_json::Value| {
        let version = version.as_str().unwrap_or_default();
        !["workspace:", "file:", "link:", "portal:"].iter().any(|local| version.starts_with(local))
    };
    let is_tool = |name: &str| BESIDE.iter().any(|start| name.starts_with(start));
    let needed = tables.flatten().filter(|(name, version)| is_foreign(version) && !is_tool(name));
    let own = document.get("name").and_then(serde_json::Value::as_str).map(str::to_owned);
    (needed.map(|(name, _)| name.clone()).collect(), own)
}

fn cargo(text: &str) -> Read {
    let Ok(document) = text.parse::<Table>() else { return Read::default() };
    let mut tables: Vec<&Value> = Vec::new();
    tables.extend(document.get("dependencies"));
    tables.extend(at(&document, &["workspace", "dependencies"]));
    let targets = document.get("target").and_then(Value::as_table);
    tables.extend(targets.into_iter().flat_map(Table::values).filter_map(|target| target.get("dependencies")));
    let entries = tables.into_iter().filter_map(Value::as_table).flatten();
    let is_foreign = |about: &Value| about.get("path").is_none() && about.get("workspace").is_none();
    let name = |(key, about): (&String, &Value)| about.get("package").and_then(Value::as_str).unwrap_or(key).to_owned();
    let own = at(&document, &["package", "name"]).and_then(Value::as_str).map(str::to_owned);
    (entries.filter(|(_, about)| is_foreign(about)).map(name).collect(), own)
}

/// `project`, dependency groups, and the tables of Poetry, uv and PDM.
fn pyproject(text: &str) -> Read {
    let Ok(document) = text.parse::<Table>() else { return Read::default() };
    let mut lists: Vec<&Value> = Vec::new();
    lists.extend(at(&document, &["project", "dependencies"]));
    lists.extend(groups(at(&document, &["project", "optional-dependencies"])));
    lists.extend(groups(document.get("dependency-groups")));
    lists.extend(at(&document, &["tool", "uv", "dependencies"]));
    let lines = lists.into_iter().filter_map(Value::as_array).flatten().filter_map(Value::as_str);
    let mut names: Vec<String> = lines.filter_map(requirement).collect();
    let mut tables: Vec<&Value> = at(&document, &["tool", "poetry", "dependencies"]).into_iter().collect();
    tables.extend(groups(at(&document, &["tool", "poetry", "group"])).filter_map(|group| group.get("dependencies")));
    let entries = tables.into_iter().filter_map(Value::as_table).flatten();
    names.extend(entries.filter(|(_, about)| about.get("path").is_none()).map(|(name, _)| name.clone()));
    // Where a package comes from stands apart: those of the same workspace are no libraries.
    let is_local = |about: &Value| ["path", "workspace"].iter().any(|key| about.get(key).is_some());
    let sources = at(&document, &["tool", "uv", "sources"]).and_then(Value::as_table);
    let local: BTreeSet<&String> =
        sources.into_iter().flatten().filter(|(_, about)| is_local(about)).map(|(name, _)| name).collect();
    names.retain(|name| !local.contains(name));
    let own = at(&document, &["project", "name"]).or_else(|| at(&document, &["tool", "poetry", "name"]));
    (names, own.and_then(Value::as_str).map(str::to_owned))
}

/// What a table of groups holds that is not for development alone.
fn groups(table: Option<&Value>) -> impl Iterator<Item = &Value> {
    let entries = table.and_then(Value::as_table).into_iter().flatten();
    entries.filter(|(name, _)| !TOOLS.contains(&name.to_ascii_lowercase().as_str())).map(|(_, group)| group)
}

fn at<'a>(document: &'a Table, path: &[&str]) -> Option<&'a Value> {
    let (first, rest) = path.split_first()?;
    rest.iter().try_fold(document.get(*first)?, |value, key| value.get(key))
}

fn pipfile(text: &str) -> Vec<String> {
    let Ok(document) = text.parse::<Table>() else { return Vec::new() };
    let entries = document.get("packages").and_then(Value::as_table).into_iter().flatten();
    entries.filter(|(_, about)| about.get("path").is_none()).map(|(name, _)| name.clone()).collect()
}

/// The lines below `install_requires =`, and those of the extras.
fn setup_cfg(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    let (mut is_extras, mut is_listing) = (false, false);
    for line in text.lines() {
        let is_indented = line.starts_with([' ', '\t']);
        if line.starts_with('[') {
            (is_extras, is_listing) = (line.contains("extras_require"), false);
        } else if let Some((key, first)) = line.split_once('=').filter(|_| !is_indented) {
            let is_tool = TOOLS.contains(&key.trim());
            is_listing = key.trim() == "install_requires" || (is_extras && !is_tool);
            names.extend(requirement(first).filter(|_| is_listing));
        } else if is_listing {
            names.extend(requirement(line));
        }
    }
    names
}

/// The texts in the lists of `install_requires` and `extras_require`, and the name.
fn setup_py(text: &str) -> Read {
    let mut names = Vec::new();
    for key in ["install_requires", "extras_require"] {
        let list = text.split_once(key).map(|(_, rest)| rest.trim_start()).and_then(|rest| rest.strip_prefix('='));
        names.extend(list.map(bracketed).unwrap_or_default().iter().filter_map(|line| requirement(line)));
    }
    let own = text.split_once("name=").and_then(|(_, rest)| {
        let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        rest[1..].split_once(quote).map(|(name, _)| name.to_owned())
    });
    (names, own)
}

/// The string literals of the bracket that a text starts with.
fn bracketed(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let (mut depth, mut rest) = (0u32, text.trim_start());
    while let Some(c) = rest.chars().next() {
        let after = &rest[c.len_utf8()..];
        rest = match c {
            '"' | '\'' => {
                let Some((literal, tail)) = after.split_once(c) else { break };
                found.push(literal);
                tail
            }
            '#' => after.split_once('\n').map_or("", |(_, tail)| tail),
            '[' | '{' | '(' => {
                depth += 1;
                after
            }
            ']' | '}' | ')' => {
                depth = depth.saturating_sub(1);
                after
            }
            _ => after,
        };
        if depth == 0 {
            break;
        }
    }
    found
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
