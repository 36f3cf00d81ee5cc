//! What a repository holds for a language model, as plain data: entry points, calls, models, prompts, tools, stores.
//!
//! Texts, paths and line numbers instead of ids and spans. It says what is there; whether that is enough is judged
//! elsewhere, and no prompt's text and no credential is part of it.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::model::ControlKind;
use crate::surface::Status;

/// A line of a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Spot {
    /// Path relative to the scanned root.
    pub file: String,
    /// Line, from 1.
    pub line: u32,
}

impl fmt::Display for Spot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

/// A function on the way to a model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Where it calls the next one, or the model.
    pub at: Spot,
    /// Its name.
    pub function: String,
}

/// A place where a control was seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// Where.
    pub at: Spot,
    /// What it is.
    pub what: String,
    /// Its limit, as written.
    pub value: Option<String>,
}

/// One control of one entry point.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Control {
    /// Whether it is there.
    pub status: Status,
    /// What was found.
    pub evidence: Vec<Seen>,
}

/// An entry point that reaches an LLM call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryPoint {
    /// Where it is declared.
    pub at: Spot,
    /// Its name.
    pub name: String,
    /// The framework that runs it.
    pub framework: String,
    /// HTTP method and path, command or event, as far as known.
    pub route: Option<String>,
    /// Indices into [`Table::llm_calls`], nearest first.
    pub llm_calls: Vec<usize>,
    /// The way to the nearest.
    pub path: Vec<Step>,
    /// All controls that were looked for.
    pub controls: BTreeMap<ControlKind, Control>,
}

impl EntryPoint {
    /// What callers know it by: its route, or its name. A method alone, of a path that is not known, says too little.
    pub fn title(&self) -> &str {
        let route = self.route.as_deref().map(str::trim);
        route.filter(|route| !route.chars().all(|c| c.is_ascii_uppercase())).unwrap_or(&self.name)
    }

    /// Whether a control is there; unknown if nobody looked.
    pub fn status(&self, kind: ControlKind) -> Status {
        self.controls.get(&kind).map_or(Status::Unknown, |control| control.status)
    }
}

/// An LLM call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LlmCall {
    /// Where.
    pub at: Spot,
    /// The callee as written.
    pub callee: String,
    /// The function it stands in.
    pub function: String,
    /// The model's name, as written.
    pub model: Option<String>,
    /// The bound on generated tokens, as written.
    pub max_output: Option<String>,
    /// The time-out, as written.
    pub timeout: Option<String>,
}

/// Entry points that reach a model, and the calls.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// Entry points that reach an LLM call, by place.
    pub entry_points: Vec<EntryPoint>,
    /// How many entry points reach none.
    pub other_entry_points: u64,
    /// Every LLM call of production code, by place.
    pub llm_calls: Vec<LlmCall>,
    /// Calls that could not be followed.
    pub unresolved_calls: u64,
}

impl Table {
    /// Counts a control among all entry points.
    pub fn coverage(&self, kind: ControlKind) -> Coverage {
        Coverage::of(&self.entry_points, kind)
    }
}

/// How many entry points have a control, out of those that it applies to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Coverage {
    /// Those that have it.
    pub present: usize,
    /// Those that have a part of it.
    pub partial: usize,
    /// Those of which it could not be told.
    pub unknown: usize,
    /// All that it applies to.
    pub total: usize,
}

impl Coverage {
    /// Counts a control among entry points.
    pub fn of<'e>(entries: impl IntoIterator<Item = &'e EntryPoint>, kind: ControlKind) -> Coverage {
        let mut coverage = Coverage::default();
        for entry in entries {
            match entry.status(kind) {
                Status::Present => coverage.present += 1,
                Status::Partial => coverage.partial += 1,
                Status::Unknown => coverage.unknown += 1,
                Status::Absent => {}
                Status::NotApplicable => continue,
            }
            coverage.total += 1;
        }
        coverage
    }

    /// `7 of 9 rate limited, 1 partly, 1 unknown`.
    pub fn sentence(self, done: &str) -> String {
        if self.total == 0 {
            return format!("nothing to be counted as {done}");
        }
        let mut text = format!("{} of {} {done}", self.present, self.total);
        if self.partial > 0 {
            text.push_str(&format!(", {} partly", self.partial));
        }
        if self.unknown > 0 {
            text.push_str(&format!(", {} unknown", self.unknown));
        }
        text
    }
}

/// A file or a piece of code that holds a prompt.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Prompt {
    /// Where.
    #[serde(flatten)]
    pub at: Spot,
    /// `file` or `inline`.
    pub kind: &'static str,
    /// Its name: the file's, or that of the function or variable it stands in.
    pub name: String,
    /// SHA-256 of the file's text; absent for inline prompts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
}

/// Something else that the code uses by way of a library.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Used {
    /// Where.
    #[serde(flatten)]
    pub at: Spot,
    /// What it is for, such as `retrieval`.
    pub kind: &'static str,
    /// What is called, as written.
    pub callee: String,
    /// The library, by the name of its model.
    pub library: String,
}

/// Everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inventory {
    /// Entry points and LLM calls.
    pub table: Table,
    /// The model that each of the table's calls names, if a literal says it.
    pub named_models: Vec<Option<String>>,
    /// Prompts, by place.
    pub prompts: Vec<Prompt>,
    /// Tools that are handed to a model, by place.
    pub tools: Vec<Used>,
    /// Caches, memories, searched stores, by place.
    pub stores: Vec<Used>,
    /// Folders that hold a package's manifest, sorted; the scanned root is empty.
    pub packages: Vec<String>,
    /// LLM packages that manifests name, described by a model or not.
    pub llm_packages: Vec<String>,
}

impl Inventory {
    /// The folder of the package that a file belongs to; the scanned root, written as empty, if it belongs to none.
    pub fn package_of(&self, file: &str) -> &str {
        let holds = |package: &&String| {
            package.is_empty() || file.strip_prefix(package.as_str()).is_some_and(|rest| rest.starts_with('/'))
        };
        self.packages.iter().filter(holds).max_by_key(|package| package.len()).map_or("", String::as_str)
    }

    /// The models that calls name, each with the places of the calls.
    pub fn models(&self) -> BTreeMap<&str, Vec<&Spot>> {
        let mut models: BTreeMap<&str, Vec<&Spot>> = BTreeMap::new();
        for (call, model) in self.table.llm_calls.iter().zip(&self.named_models) {
            if let Some(model) = model {
                models.entry(model).or_default().push(&call.at);
            }
        }
        models
    }

    /// The names of the models that an entry point reaches, sorted, each once.
    pub fn models_of(&self, entry: &EntryPoint) -> Vec<&str> {
        let named = entry.llm_calls.iter().filter_map(|index| self.named_models.get(*index)?.as_deref());
        let mut models: Vec<&str> = named.collect();
        models.sort_unstable();
        models.dedup();
        models
    }

    /// Whether anything says that the repository uses a language model.
    pub fn uses_llm(&self) -> bool {
        !self.table.llm_calls.is_empty() || !self.llm_packages.is_empty() || !self.tools.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::Inventory;

    #[test]
    fn a_file_belongs_to_the_nearest_package() {
        let packages = ["", "apps/web", "apps/web-admin"].map(str::to_owned).to_vec();
        let inventory = Inventory { packages, ..Inventory::default() };
        assert_eq!(inventory.package_of("apps/web/a.ts"), "apps/web");
        assert_eq!(inventory.package_of("apps/web-admin/a.ts"), "apps/web-admin");
        assert_eq!(inventory.package_of("tools/a.py"), "");
        assert_eq!(Inventory::default().package_of("a.py"), "");
    }
}
