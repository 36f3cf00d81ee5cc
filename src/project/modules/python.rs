//! Python packages: relative imports, source roots, `src` layouts, namespace packages.
//!
//! An absolute import is looked for below every folder that can be on the path: a folder that holds modules or packages
//! and is no package itself. Where several match, the one nearest above the importing file wins. Where none does, the
//! packages that the importing file stands in are tried: programs started from inside a package have it on the path.

use rustc_hash::{FxHashMap, FxHashSet};

use super::{ModuleRef, Paths, folder, join};
use crate::intern::Name;
use crate::ir::FnId;
use crate::model::ModelSet;
use crate::project::program::{FileId, Program};
use crate::source::Language;

/// Python files by dotted name.
#[derive(Debug)]
pub(super) struct Packages {
    files: FxHashMap<&'static str, FileId>,
    folders: FxHashSet<&'static str>,
    /// First segment of every top-level module or package -> the roots it can be imported from.
    roots: FxHashMap<Name, Vec<Name>>,
    /// Names of modules here which are also those of libraries that a model describes.
    libraries: FxHashSet<Name>,
}

impl Packages {
    pub(super) fn new(paths: &Paths, models: &ModelSet) -> Self {
        let files: FxHashMap<&'static str, FileId> =
            paths.of(Language::Python).iter().map(|(path, file)| (path.as_str(), *file)).collect();
        let mut folders = FxHashSet::default();
        for (path, _) in paths.of(Language::Python) {
            let mut at = path.as_str();
            while let Some((parent, _)) = at.rsplit_once('/') {
                if !folders.insert(parent) {
                    break;
                }
                at = parent;
            }
        }
        let mut packages = Packages { files, folders, roots: FxHashMap::default(), libraries: FxHashSet::default() };
        let mut roots: FxHashMap<Name, Vec<Name>> = FxHashMap::default();
        let modules = paths.of(Language::Python).iter().map(|(path, _)| path.as_str());
        let mut candidates: Vec<&'static str> = modules.chain(packages.folders.iter().copied()).collect();
        candidates.sort_unstable();
        for path in candidates {
            let root = folder(path);
            if packages.is_package(root) && !root.is_empty() {
                continue;
            }
            let name = path.rsplit('/').next().unwrap_or(path);
            let name = Name::new(name.strip_suffix(".py").unwrap_or(name));
            let known = roots.entry(name).or_default();
            let root = Name::new(root);
            if !known.contains(&root) {
                known.push(root);
            }
        }
        packages.roots = roots;
        packages.libraries = packages.known_libraries(models);
        packages
    }

    fn known_libraries(&self, models: &ModelSet) -> FxHashSet<Name> {
        let mut matcher = models.matcher.clone();
        let stem = |path: &&'static str| {
            let last = path.rsplit('/').next().unwrap_or_default();
            Name::new(last.strip_suffix(".py").unwrap_or(last))
        };
        let mut stems: Vec<Name> = self.files.keys().chain(&self.folders).map(stem).collect();
        stems.sort_unstable();
        stems.dedup();
        stems.retain(|name| {
            let module = matcher.module(Language::Python, name);
            matcher.is_known(module)
        });
        stems.into_iter().collect()
    }

    fn is_package(&self, folder: &str) -> bool {
        self.files.contains_key(format!("{folder}/__init__.py").as_str())
    }

    fn at(&self, path: &str) -> Option<ModuleRef> {
        let file = |p: String| self.files.get(p.as_str()).map(|f| ModuleRef::Scope(*f, FnId::MODULE));
        let prefix = if path.is_empty() { String::new() } else { format!("{path}/") };
        file(format!("{prefix}__init__.py"))
            .or_else(|| file(format!("{path}.py")))
            .or_else(|| self.folders.contains(path).then(|| ModuleRef::Folder(Name::new(path))))
    }

    pub(super) fn resolve(&self, program: &Program, importer: FileId, specifier: &str) -> Option<ModuleRef> {
        let importer = program.facts(importer).path;
        let dots = specifier.len() - specifier.trim_start_matches('.').len();
        if dots > 0 {
            let up = vec![".."; dots - 1].join("/");
            let base = join(folder(&importer), &up)?;
            return self.at(&join(&base, &specifier[dots..].replace('.', "/"))?);
        }
        self.below_roots(&importer, specifier).or_else(|| self.beside_importer(&importer, specifier))
    }

    /// A script's own folder is on the path even where it is a package too: the nearest folder above the importer that
    /// holds what is asked for, unless the name is also a library's.
    fn beside_importer(&self, importer: &str, specifier: &str) -> Option<ModuleRef> {
        if self.libraries.contains(&Name::new(specifier.split('.').next().unwrap_or(specifier))) {
            return None;
        }
        let rest = specifier.replace('.', "/");
        let mut at = folder(importer);
        while !at.is_empty() {
            if let Some(found) = self.at(&join(at, &rest)?).filter(|found| !matches!(found, ModuleRef::Folder(_))) {
                return Some(found);
            }
            at = folder(at);
        }
        None
    }

    fn below_roots(&self, importer: &str, specifier: &str) -> Option<ModuleRef> {
        let first = Name::new(specifier.split('.').next().unwrap_or(specifier));
        let roots = self.roots.get(&first)?;
        let mut ranked: Vec<_> = roots.iter().map(|root| (distance(importer, root), root)).collect();
        ranked.sort();
        let rest = specifier.replace('.', "/");
        ranked.into_iter().find_map(|((above, _), root)| {
            // A root that is not above the importer counts only if the import names a package there, not a lone module.
            let found = self.at(&join(root, &rest)?)?;
            let is_lone_module = !specifier.contains('.')
                && matches!(found, ModuleRef::Scope(..))
                && !self.is_package(&join(root, &rest)?);
            (above == 0 || !is_lone_module && !matches!(found, ModuleRef::Folder(_))).then_some(found)
        })
    }

    pub(super) fn submodule(&self, program: &Program, parent: ModuleRef, name: Name) -> Option<ModuleRef> {
        let path = match parent {
            ModuleRef::Folder(path) => path.as_str(),
            ModuleRef::Scope(file, _) => {
                program.facts(file).path.as_str().strip_suffix("__init__.py")?.trim_end_matches('/')
            }
        };
        self.at(&join(path, name.as_str())?)
    }
}

/// How far a source root is from a file: first whether it stands above it, then how many folders apart they are.
fn distance(importer: &str, root: &str) -> (u8, usize) {
    let is_above = root.is_empty() || importer.strip_prefix(root).is_some_and(|rest| rest.starts_with('/'));
    let shared = importer.split('/').zip(root.split('/')).take_while(|(a, b)| a == b).count();
    let depth = importer.split('/').count() + root.split('/').count();
    (u8::from(!is_above), depth - 2 * shared)
}
