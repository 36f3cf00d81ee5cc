//! From an import as written to the module it means: a file of the program, a package folder, or something external.

mod python;
mod rust;
mod typescript;

use rustc_hash::FxHashMap;

use super::program::{FileId, Program};
use crate::intern::Name;
use crate::ir::FnId;
use crate::model::ModelSet;
use crate::source::Language;

/// A module of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ModuleRef {
    /// A file, or an inline `mod` in it.
    Scope(FileId, FnId),
    /// A folder without code of its own (a Python namespace package).
    Folder(Name),
}

/// A manifest or compiler configuration that steers import resolution.
#[derive(Clone, Debug)]
pub struct Manifest {
    /// Path relative to the scanned root.
    pub path: String,
    /// Its text.
    pub text: String,
}

impl Manifest {
    /// Whether a file of this name steers import resolution.
    pub fn is_manifest(path: &str) -> bool {
        let name = path.rsplit('/').next().unwrap_or(path);
        matches!(name, "Cargo.toml" | "package.json" | "pyproject.toml")
            || (name.starts_with("tsconfig") || name.starts_with("jsconfig")) && name.ends_with(".json")
    }
}

/// Import resolution for all languages.
#[derive(Debug)]
pub struct Modules {
    python: python::Packages,
    typescript: typescript::Workspaces,
    rust: rust::Crates,
}

impl Modules {
    /// Indexes the program's files.
    pub fn new(program: &Program, manifests: &[Manifest], models: &ModelSet) -> Self {
        let files = Paths::new(program);
        Modules {
            python: python::Packages::new(&files, models),
            typescript: typescript::Workspaces::new(&files, manifests),
            rust: rust::Crates::new(program, &files, manifests),
        }
    }

    /// The module an import means; `None` if it is external.
    pub fn resolve(&self, program: &Program, importer: FileId, scope: FnId, specifier: &str) -> Option<ModuleRef> {
        match program.language(importer) {
            Language::Python => self.python.resolve(program, importer, specifier),
            Language::TypeScript => {
                let path = program.facts(importer).path;
                self.typescript.resolve(path.as_str(), specifier).map(|f| ModuleRef::Scope(f, FnId::MODULE))
            }
            Language::Rust => self.rust.resolve(program, importer, scope, specifier),
            Language::Config | Language::Prompt | Language::Text => None,
        }
    }

    /// The module of this name inside another one.
    pub fn submodule(&self, program: &Program, parent: ModuleRef, name: Name) -> Option<ModuleRef> {
        match parent {
            ModuleRef::Folder(_) => self.python.submodule(program, parent, name),
            ModuleRef::Scope(file, _) => match program.language(file) {
                Language::Python => self.python.submodule(program, parent, name),
                Language::Rust => self.rust.submodule(parent, name),
                _ => None,
            },
        }
    }

    /// Other modules whose names a Rust crate root shares (`main.rs` beside `lib.rs`).
    pub fn siblings(&self, module: ModuleRef) -> &[ModuleRef] {
        self.rust.siblings(module)
    }
}

/// The program's paths by language.
#[derive(Debug)]
struct Paths {
    files: FxHashMap<Language, Vec<(Name, FileId)>>,
}

impl Paths {
    fn new(program: &Program) -> Self {
        let mut files: FxHashMap<Language, Vec<(Name, FileId)>> = FxHashMap::default();
        for id in program.file_ids() {
            let path = program.facts(id).path;
            files.entry(program.language(id)).or_default().push((path, id));
        }
        Paths { files }
    }

    fn of(&self, language: Language) -> &[(Name, FileId)] {
        self.files.get(&language).map_or(&[], Vec::as_slice)
    }
}

/// The folder of a path; empty at the root.
fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// Joins and normalises `.` and `..`; `None` if it leaves the root.
fn join(base: &str, relative: &str) -> Option<String> {
    let mut parts: Vec<&str> = base.split('/').filter(|p| !p.is_empty()).collect();
    for part in relative.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}
