//! Rust modules: the `mod` tree by file layout, inline modules, `crate`/`self`/`super`, workspace crates.

use rustc_hash::FxHashMap;

use super::{Manifest, ModuleRef, Paths, folder};
use crate::intern::Name;
use crate::ir::{FnId, FnKind};
use crate::project::program::{FileId, Program};
use crate::source::Language;

/// The modules of all crates, by path from their crate root.
#[derive(Debug)]
pub(super) struct Crates {
    /// (crate folder, `a::b`) -> module.
    modules: FxHashMap<(Name, Name), ModuleRef>,
    /// Each module's crate folder and path.
    places: FxHashMap<ModuleRef, (Name, Name)>,
    /// Crate name -> crate folder.
    names: FxHashMap<Name, Name>,
    siblings: FxHashMap<ModuleRef, Vec<ModuleRef>>,
}

impl Crates {
    pub(super) fn new(program: &Program, paths: &Paths, manifests: &[Manifest]) -> Self {
        let mut crates = Crates {
            modules: FxHashMap::default(),
            places: FxHashMap::default(),
            names: FxHashMap::default(),
            siblings: FxHashMap::default(),
        };
        let mut homes: Vec<&str> = Vec::new();
        for manifest in manifests.iter().filter(|m| m.path.ends_with("Cargo.toml")) {
            let home = folder(&manifest.path);
            homes.push(home);
            for name in crate_names(&manifest.text, home) {
                crates.names.insert(Name::new(&name), Name::new(home));
            }
        }
        homes.sort_by_key(|h| std::cmp::Reverse(h.len()));
        let mut roots: FxHashMap<Name, Vec<ModuleRef>> = FxHashMap::default();
        for (path, file) in paths.of(Language::Rust) {
            let home = homes.iter().find(|h| h.is_empty() || path.starts_with(&format!("{h}/"))).copied().unwrap_or("");
            let (root, module) = place(path, home);
            let root = Name::new(&root);
            crates.add(root, &module, ModuleRef::Scope(*file, FnId::MODULE));
            if module.is_empty() {
                roots.entry(root).or_default().push(ModuleRef::Scope(*file, FnId::MODULE));
            }
            crates.add_inline(program, *file, root, &module);
        }
        for group in roots.into_values().filter(|g| g.len() > 1) {
            for root in &group {
                crates.siblings.insert(*root, group.iter().copied().filter(|r| r != root).collect());
            }
        }
        crates
    }

    fn add(&mut self, root: Name, path: &str, module: ModuleRef) {
        let key = (root, Name::new(path));
        self.modules.entry(key).or_insert(module);
        self.places.insert(module, key);
    }

    fn add_inline(&mut self, program: &Program, file: FileId, root: Name, module: &str) {
        let facts = program.facts(file);
        let mut paths: FxHashMap<FnId, String> = FxHashMap::from_iter([(FnId::MODULE, module.to_owned())]);
        for (id, f) in facts.functions().filter(|(id, f)| f.kind == FnKind::Module && *id != FnId::MODULE) {
            let parent = paths.get(&f.parent.unwrap_or(FnId::MODULE)).cloned().unwrap_or_default();
            let name = f.name.map_or("", Name::as_str);
            let path = if parent.is_empty() { name.to_owned() } else { format!("{parent}::{name}") };
            self.add(root, &path, ModuleRef::Scope(file, id));
            paths.insert(id, path);
        }
    }

    pub(super) fn resolve(
        &self,
        program: &Program,
        importer: FileId,
        scope: FnId,
        specifier: &str,
    ) -> Option<ModuleRef> {
        let here = self.enclosing(program, importer, scope);
        let (root, path) = *self.places.get(&here)?;
        let mut parts = specifier.split("::").filter(|p| !p.is_empty()).peekable();
        let (root, mut at): (Name, Vec<&str>) = match parts.peek().copied() {
            Some("crate") => {
                parts.next();
                (root, Vec::new())
            }
            Some("self") => {
                parts.next();
                (root, segments(&path))
            }
            Some("super") => (root, segments(&path)),
            Some(first) => match self.submodule(here, Name::new(first)) {
                Some(_) => (root, segments(&path)),
                None => {
                    let external = *self.names.get(&Name::new(first))?;
                    parts.next();
                    (external, Vec::new())
                }
            },
            None => return Some(here),
        };
        for part in parts {
            if part == "super" {
                at.pop();
            } else {
                at.push(part);
            }
        }
        self.modules.get(&(root, Name::new(&at.join("::")))).copied()
    }

    /// The innermost module around a scope.
    fn enclosing(&self, program: &Program, file: FileId, mut scope: FnId) -> ModuleRef {
        let facts = program.facts(file);
        while scope != FnId::MODULE && facts.function(scope).kind != FnKind::Module {
            scope = facts.function(scope).parent.unwrap_or(FnId::MODULE);
        }
        ModuleRef::Scope(file, scope)
    }

    pub(super) fn submodule(&self, parent: ModuleRef, name: Name) -> Option<ModuleRef> {
        let (root, path) = self.places.get(&parent)?;
        let path = if path.is_empty() { name } else { Name::new(&format!("{path}::{name}")) };
        self.modules.get(&(*root, path)).copied()
    }

    pub(super) fn siblings(&self, module: ModuleRef) -> &[ModuleRef] {
        self.siblings.get(&module).map_or(&[], Vec::as_slice)
    }
}

fn segments(path: &Name) -> Vec<&'static str> {
    path.as_str().split("::").filter(|p| !p.is_empty()).collect()
}

/// The crate root and module path of a file. Binaries and examples in their own folder are crates of their own.
fn place(path: &str, home: &str) -> (String, String) {
    let inside = path.strip_prefix(home).unwrap_or(path).trim_start_matches('/');
    let (root, rest) = match inside.strip_prefix("src/") {
        Some(rest) if !rest.starts_with("bin/") => (home.to_owned(), rest),
        _ => (format!("{home}/{}", folder(inside)), inside.rsplit('/').next().unwrap_or(inside)),
    };
    let stem = rest.strip_suffix(".rs").unwrap_or(rest);
    let stem = stem.strip_suffix("/mod").unwrap_or(stem);
    let module = if matches!(stem, "lib" | "main" | "mod") { String::new() } else { stem.replace('/', "::") };
    (root, module)
}

/// The names other crates use for the crate of this manifest.
fn crate_names(text: &str, home: &str) -> Vec<String> {
    let table: toml::Table = text.parse().unwrap_or_default();
    let name_in = |section: &str| table.get(section)?.as_table()?.get("name")?.as_str().map(str::to_owned);
    let mut names: Vec<String> = [name_in("lib"), name_in("package")].into_iter().flatten().collect();
    if names.is_empty() {
        names.extend(home.rsplit('/').next().map(str::to_owned));
    }
    names.into_iter().map(|n| n.replace('-', "_")).collect()
}
