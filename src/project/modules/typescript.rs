//! TypeScript and JavaScript modules: relative paths, index files, `tsconfig` paths, workspace packages.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use serde_json::Value;

use super::{Manifest, Paths, folder, join};
use crate::project::program::FileId;
use crate::source::Language;

/// Endings tried for a specifier without one, in the order compilers try them.
const ENDINGS: [&str; 20] = [
    "",
    ".ts",
    ".tsx",
    ".d.ts",
    ".mts",
    ".cts",
    ".js",
    ".jsx",
    ".mjs",
    ".cjs",
    ".vue",
    ".svelte",
    "/index.ts",
    "/index.tsx",
    "/index.mts",
    "/index.js",
    "/index.jsx",
    "/index.mjs",
    "/index.cjs",
    "/index.vue",
];

/// `paths` of one compiler configuration.
#[derive(Debug)]
struct Config {
    folder: String,
    base: Option<String>,
    paths: Vec<(String, Vec<String>)>,
}

/// Script files, compiler configurations and workspace packages.
#[derive(Debug)]
pub(super) struct Workspaces {
    files: FxHashMap<&'static str, FileId>,
    configs: Vec<Config>,
    packages: BTreeMap<String, Package>,
}

#[derive(Debug)]
struct Package {
    folder: String,
    /// Subpath -> file, out of `exports`, `main` and the like.
    entries: Vec<(String, String)>,
}

impl Workspaces {
    pub(super) fn new(paths: &Paths, manifests: &[Manifest]) -> Self {
        let files = paths.of(Language::TypeScript).iter().map(|(path, file)| (path.as_str(), *file)).collect();
        let mut workspaces = Workspaces { files, configs: Vec::new(), packages: BTreeMap::new() };
        for manifest in manifests {
            let Some(json) = parse_lenient(&manifest.text) else { continue };
            let home = folder(&manifest.path);
            if manifest.path.ends_with("package.json") {
                workspaces.add_package(home, &json);
            } else if manifest.path.ends_with(".json") {
                workspaces.add_config(home, &json);
            }
        }
        // The innermost configuration is asked first.
        workspaces.configs.sort_by_key(|c| (std::cmp::Reverse(c.folder.len()), c.folder.clone()));
        workspaces
    }

    fn add_package(&mut self, home: &str, json: &Value) {
        let Some(name) = json.get("name").and_then(Value::as_str) else { return };
        let mut entries = Vec::new();
        if let Some(exports) = json.get("exports") {
            collect_exports(".", exports, &mut entries);
        }
        for key in ["source", "types", "module", "main"] {
            if let Some(path) = json.get(key).and_then(Value::as_str) {
                entries.push((".".into(), path.into()));
            }
        }
        self.packages.insert(name.to_owned(), Package { folder: home.to_owned(), entries });
    }

    fn add_config(&mut self, home: &str, json: &Value) {
        let options = json.get("compilerOptions");
        let base = options.and_then(|o| o.get("baseUrl")).and_then(Value::as_str);
        let base_folder = base.and_then(|b| join(home, b));
        let mut paths = Vec::new();
        let from = base_folder.clone().unwrap_or_else(|| home.to_owned());
        for (pattern, targets) in options.and_then(|o| o.get("paths")).and_then(Value::as_object).into_iter().flatten()
        {
            let targets = targets.as_array().into_iter().flatten().filter_map(Value::as_str);
            let targets = targets.filter_map(|t| join(&from, t)).collect();
            paths.push((pattern.clone(), targets));
        }
        if base.is_some() || !paths.is_empty() {
            self.configs.push(Config { folder: home.to_owned(), base: base_folder, paths });
        }
    }

    pub(super) fn resolve(&self, importer: &str, specifier: &str) -> Option<FileId> {
        let specifier = specifier.split(['?', '#']).next().filter(|s| !s.is_empty()).unwrap_or(specifier);
        if specifier.starts_with('.') {
            return self.file(&join(folder(importer), specifier)?);
        }
        self.by_config(importer, specifier)
            .or_else(|| self.by_package(specifier))
            .or_else(|| self.by_convention(importer, specifier))
    }

    fn file(&self, path: &str) -> Option<FileId> {
        let mut tried = String::with_capacity(path.len() + 12);
        let mut with = |stem: &str, ending: &str| {
            tried.clear();
            tried.push_str(stem);
            tried.push_str(ending);
            self.files.get(tried.as_str()).copied()
        };
        // `./x.js` means `./x.ts` in TypeScript sources.
        let stem = [".js", ".jsx", ".mjs", ".cjs"].iter().find_map(|e| path.strip_suffix(e));
        let exact = ENDINGS.iter().find_map(|ending| with(path, ending));
        exact.or_else(|| ENDINGS[1..4].iter().find_map(|ending| with(stem?, ending)))
    }

    fn by_config(&self, importer: &str, specifier: &str) -> Option<FileId> {
        let above = |c: &&Config| c.folder.is_empty() || importer.starts_with(&format!("{}/", c.folder));
        self.configs.iter().filter(above).find_map(|config| {
            let by_pattern = config.paths.iter().find_map(|(pattern, targets)| {
                let rest = match pattern.split_once('*') {
                    Some((head, tail)) => specifier.strip_prefix(head)?.strip_suffix(tail)?,
                    None => (pattern == specifier).then_some("")?,
                };
                targets.iter().find_map(|t| self.file(&t.replacen('*', rest, 1)))
            });
            by_pattern.or_else(|| self.file(&join(config.base.as_deref()?, specifier)?))
        })
    }

    fn by_package(&self, specifier: &str) -> Option<FileId> {
        let parts = if specifier.starts_with('@') { 2 } else { 1 };
        let end = specifier.match_indices('/').nth(parts - 1).map_or(specifier.len(), |(at, _)| at);
        let (name, rest) = specifier.split_at(end);
        let package = self.packages.get(name)?;
        let subpath = format!(".{rest}");
        let declared = package.entries.iter().filter(|(key, _)| *key == subpath).find_map(|(_, target)| {
            // A build output stands for the source of the same name.
            let source = target.replacen("dist/", "src/", 1).replacen("lib/", "src/", 1);
            [target, &source].iter().find_map(|t| self.built(&join(&package.folder, t)?))
        });
        let tail = rest.trim_start_matches('/');
        let guesses = [format!("src/{tail}"), tail.to_owned(), format!("lib/{tail}")];
        declared.or_else(|| guesses.iter().find_map(|g| self.file(&join(&package.folder, g)?)))
    }

    /// A file, or the source a built file's name stands for.
    fn built(&self, path: &str) -> Option<FileId> {
        let stem = path.strip_suffix(".d.ts").or_else(|| path.rsplit_once('.').map(|(stem, _)| stem)).unwrap_or(path);
        self.file(path).or_else(|| self.file(stem))
    }

    /// `@/x`, `~/x`, `$lib/x`, `src/x`: aliases that frameworks set up outside `tsconfig.json`.
    fn by_convention(&self, importer: &str, specifier: &str) -> Option<FileId> {
        let (alias, rest) = specifier.split_once('/')?;
        let bases: &[&str] = match alias {
            "@" | "~" | "@@" | "~~" | "#" => &["src", "app", ""],
            "$lib" => &["src/lib"],
            "src" => &["src"],
            _ => return None,
        };
        let mut home = folder(importer);
        loop {
            let found = bases.iter().find_map(|base| self.file(&join(home, &format!("{base}/{rest}"))?));
            if found.is_some() || home.is_empty() {
                return found;
            }
            home = folder(home);
        }
    }
}

/// Flattens `exports` conditions: every string below a subpath is a candidate.
fn collect_exports(subpath: &str, value: &Value, entries: &mut Vec<(String, String)>) {
    match value {
        Value::String(path) => entries.push((subpath.to_owned(), path.clone())),
        Value::Object(map) => {
            for (key, inner) in map {
                let subpath = if key.starts_with('.') { key } else { subpath };
                collect_exports(subpath, inner, entries);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect_exports(subpath, item, entries)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// JSON with comments and trailing commas, as compilers accept it in their configuration.
fn parse_lenient(text: &str) -> Option<Value> {
    if let Ok(value) = serde_json::from_str(text) {
        return Some(value);
    }
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.char_indices().peekable();
    let mut in_string = false;
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' if in_string => {
                plain.push(c);
                plain.extend(chars.next().map(|(_, c)| c));
            }
            '"' => {
                in_string = !in_string;
                plain.push(c);
            }
            '/' if !in_string && text[at..].starts_with("//") => while chars.next_if(|(_, c)| *c != '\n').is_some() {},
            '/' if !in_string && text[at..].starts_with("/*") => {
                let end = text[at..].find("*/").map_or(text.len(), |e| at + e + 2);
                while chars.next_if(|(i, _)| *i < end).is_some() {}
            }
            ']' | '}' if !in_string => {
                let kept = plain.trim_end().trim_end_matches(',').len();
                if plain.trim_end().ends_with(',') {
                    plain.truncate(kept);
                }
                plain.push(c);
            }
            _ => plain.push(c),
        }
    }
    serde_json::from_str(&plain).ok()
}

#[cfg(test)]
mod tests {
    use super::parse_lenient;

    #[test]
    fn comments_and_trailing_commas_are_accepted_and_urls_survive() {
        let json = parse_lenient("{ // x\n \"a\": \"http://b/*\", /* c */ \"d\": [1,],\n}").expect("lenient");
        assert_eq!(json["a"], "http://b/*");
        assert_eq!(json["d"][0], 1);
        assert!(parse_lenient("{ nope").is_none());
    }
}
