//! The state whose word counts about an audit: `--trusted-config` takes it from the base of a change, or from a file.
//!
//! What a tree says about its own audit (configuration with decisions, baseline, ignore files, comments that suppress) is then
//! not heard where it differs from that state, and each difference that would have made the audit say less is told.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::args::{Common, Trust};
use super::compare;
use super::failure::Failure;
use super::git::Git;
use super::tree::Tree;
use crate::filter::baseline::{self, Baseline};
use crate::filter::change::ChangedLines;
use crate::filter::silencing;
use crate::finding::{Notice, NoticeKind};
use crate::settings::config::FILE_NAMES;
use crate::settings::{IgnoreFiles, WalkSettings};
use crate::source::PathClass;
use crate::walk::{self, Discovery, IGNORE_FILE, Roots};

/// A state that only trusted people write.
#[derive(Debug)]
pub(super) struct Trusted {
    /// What the user calls it.
    name: String,
    source: Source,
}

#[derive(Debug)]
enum Source {
    /// A commit. Lines are compared with where the present state parted from it.
    Commit { git: Git, settings: Tree, parted: Option<Tree> },
    /// A configuration file alone.
    File(PathBuf),
}

/// A configuration or a baseline of the trusted state.
pub(super) struct ControlFile {
    /// Where its text lies now.
    pub(super) file: PathBuf,
    /// Its name as errors write it.
    pub(super) at: String,
    /// Its path as reports write it.
    pub(super) shown: String,
    /// The scanned root as seen from its folder; empty if they are one.
    pub(super) root: String,
    /// Whether it is the file that the audit reads at that path.
    pub(super) is_scanned: bool,
}

/// Options with the trusted state looked up, if one is named.
pub(super) fn with_trust(common: &Common, trust: &Trust) -> Result<Common, Failure> {
    let Some(name) = &trust.trusted_config else { return Ok(common.clone()) };
    let trusted = Trusted::resolve(name, &super::configure::roots(&common.paths)?)?;
    Ok(Common { trusted: Some(Arc::new(trusted)), ..common.clone() })
}

impl Trusted {
    /// Looks up what the user named: a commit of the repository, else a file outside of it.
    pub(super) fn resolve(name: &str, roots: &Roots) -> Result<Trusted, Failure> {
        let source = match Git::open(roots.base()) {
            Ok(git) => match git.commit(name) {
                Ok(commit) => {
                    let parted = git.merge_base(&commit, "HEAD").filter(|base| *base != commit);
                    let parted = parted.map(|base| Tree::of_commit(&git, &base)).transpose()?;
                    let settings = Tree::of_commit(&git, &commit)?;
                    Source::Commit { git, settings, parted }
                }
                Err(_) => Source::File(outside(name, roots)?),
            },
            Err(_) => Source::File(outside(name, roots)?),
        };
        Ok(Trusted { name: name.to_owned(), source })
    }

    /// The configuration that counts; a named one is taken from the trusted state if it lies in the repository.
    pub(super) fn config(&self, named: Option<&Path>, roots: &Roots) -> Result<Option<ControlFile>, Failure> {
        match (&self.source, named) {
            (Source::File(file), None) => {
                let shown = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
                Ok(Some(ControlFile {
                    file: file.clone(),
                    at: self.name.clone(),
                    shown,
                    root: String::new(),
                    is_scanned: false,
                }))
            }
            (Source::File(_), Some(_)) => {
                Err(Failure::new("--trusted-config and --config both name a configuration file")
                    .help("name one of them, or a commit with --trusted-config"))
            }
            (Source::Commit { .. }, Some(named)) => self.named(named, roots).map(Some),
            (Source::Commit { .. }, None) => Ok(self.nearest(roots, &FILE_NAMES)),
        }
    }

    /// The baseline that counts; a named one as with [`Trusted::config`].
    pub(super) fn baseline(&self, named: Option<&Path>, roots: &Roots) -> Result<Option<ControlFile>, Failure> {
        match named {
            Some(named) => self.named(named, roots).map(Some),
            None => Ok(self.nearest(roots, &[baseline::FILE_NAME])),
        }
    }

    /// A file that the user names: as it is in the trusted state, or where it lies outside of the repository.
    fn named(&self, named: &Path, roots: &Roots) -> Result<ControlFile, Failure> {
        let real = named.canonicalize().unwrap_or_else(|_| {
            let folder = named.parent().and_then(|folder| folder.canonicalize().ok());
            folder.map_or_else(|| roots.base().join(named), |folder| folder.join(named.file_name().unwrap_or_default()))
        });
        let shown = named.display().to_string();
        let Ok(below) = real.strip_prefix(top(roots)) else {
            return Ok(ControlFile { file: real, at: shown.clone(), shown, root: String::new(), is_scanned: false });
        };
        let found = self.settings().and_then(|tree| self.control(tree, &super::audit::slashed(below), roots));
        found.ok_or_else(|| {
            Failure::new(format!("`{shown}` is not part of `{}`, which --trusted-config names", self.name))
                .help("name a file that lies there, or outside of the repository")
        })
    }

    /// The ignore files that count.
    pub(super) fn ignores(&self, roots: &Roots) -> IgnoreFiles {
        let mut files = Vec::new();
        if let Some(tree) = self.settings() {
            let mut named: Vec<(usize, &str, &str)> = tree
                .files()
                .filter_map(|path| {
                    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
                    let depth = if folder.is_empty() { 0 } else { folder.matches('/').count() + 1 };
                    // Of two in one folder, the tool's own wins.
                    [".gitignore", IGNORE_FILE].contains(&name).then_some((
                        depth * 2 + usize::from(name == IGNORE_FILE),
                        folder,
                        path,
                    ))
                })
                .collect();
            named.sort_unstable();
            files.extend(named.into_iter().filter_map(|(_, folder, path)| Some((folder.to_owned(), tree.text(path)?))));
        }
        IgnoreFiles { prefix: prefix(roots), files }
    }

    /// Compares what was read with the trusted state: which lines were there. A file that the trusted state takes for code
    /// that ships is taken for that, whatever it says of itself now.
    pub(super) fn lines(&self, roots: &Roots, settings: &WalkSettings, discovery: &mut Discovery) -> ChangedLines {
        let before = self.read(roots, settings);
        let ships = |path: &str| {
            let at = before.binary_search_by(|file| file.path.as_str().cmp(path)).ok()?;
            Some(before[at].class == PathClass::Production)
        };
        for file in &mut discovery.files {
            if file.class != PathClass::Production && ships(&file.path) == Some(true) {
                let why = format!(
                    "this file says now that it does not ship, which does not count: it did in `{}`",
                    self.name
                );
                discovery.notices.retain(|told| told.kind != NoticeKind::Generated || told.path != file.path);
                discovery.notices.push(Notice::file(NoticeKind::Silencing, &file.path, why));
                file.class = PathClass::Production;
            }
        }
        let said = silencing::no_longer_analysed(&discovery.notices, ships);
        discovery.notices.extend(said);
        ChangedLines::between(&before, &discovery.files)
    }

    /// What the audited tree says about its audit and the trusted state does not.
    pub(super) fn unheard(&self, roots: &Roots) -> Vec<Notice> {
        let prefix = prefix(roots);
        let mut notices = Vec::new();
        for path in compare::control_files(&prefix) {
            let now = std::fs::read_to_string(top(roots).join(&path)).unwrap_or_default();
            let was = match &self.source {
                Source::Commit { settings, .. } => settings.text(&path).unwrap_or_default(),
                Source::File(file)
                    if FILE_NAMES.contains(&path.rsplit('/').next().unwrap_or(&path)) && !now.is_empty() =>
                {
                    std::fs::read_to_string(file).unwrap_or_default()
                }
                Source::File(_) => String::new(),
            };
            // Reports count paths from the scanned root.
            notices.extend(told(&path, path.strip_prefix(&prefix).unwrap_or(&path), &was, &now));
        }
        for notice in &mut notices {
            notice.message += &format!("; this does not count, the word of `{}` does", self.name);
        }
        notices
    }

    fn settings(&self) -> Option<&Tree> {
        match &self.source {
            Source::Commit { settings, .. } => Some(settings),
            Source::File(_) => None,
        }
    }

    /// The files of the state that lines are compared with, read as the audited ones are.
    fn read(&self, roots: &Roots, settings: &WalkSettings) -> Vec<crate::source::SourceFile> {
        let Source::Commit { settings: tip, parted, git } = &self.source else { return Vec::new() };
        let tree = parted.as_ref().unwrap_or(tip);
        let root = git.top().join(prefix(roots));
        let there = tree.place(git, &root).into_iter().collect::<Vec<_>>();
        let Some(roots) = Roots::resolve(&there).ok().filter(|_| !there.is_empty()) else { return Vec::new() };
        walk::discover(&roots, settings).files
    }

    /// The nearest file of one of these names from the scanned root up to the repository's top.
    fn nearest(&self, roots: &Roots, names: &[&str]) -> Option<ControlFile> {
        let tree = self.settings()?;
        let wanted = compare::folders(&prefix(roots));
        let paths = wanted.iter().flat_map(|folder| names.iter().map(move |name| compare::join(folder, name)));
        paths.into_iter().find_map(|path| self.control(tree, &path, roots))
    }

    fn control(&self, tree: &Tree, path: &str, roots: &Roots) -> Option<ControlFile> {
        let file = tree.file(path)?;
        let folder = path.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
        let root = prefix(roots).strip_prefix(&folder).unwrap_or_default().trim_end_matches('/').to_owned();
        let name = format!("{}:{path}", self.name);
        Some(ControlFile { file, at: name.clone(), shown: name, root, is_scanned: false })
    }
}

fn told(path: &str, shown: &str, was: &str, now: &str) -> Vec<Notice> {
    match path.rsplit('/').next().unwrap_or(path) {
        IGNORE_FILE => silencing::longer_ignore_file(shown, was, now),
        baseline::FILE_NAME => {
            let before = Baseline::parse(was).unwrap_or_default();
            Baseline::parse(now).ok().and_then(|now| now.grown(&before, shown)).into_iter().collect()
        }
        _ => silencing::looser_settings(shown, was, now),
    }
}

/// A file that no change of the audited tree can edit.
fn outside(name: &str, roots: &Roots) -> Result<PathBuf, Failure> {
    let failed =
        |why: &str, help: &str| Err(Failure::new(format!("--trusted-config: `{name}` {why}")).help(help.to_owned()));
    let Ok(file) = Path::new(name).canonicalize() else {
        return failed(
            "is neither a commit of this repository nor a file",
            "fetch it first; in CI the checkout must hold its history (`fetch-depth: 0`)",
        );
    };
    if !file.is_file() {
        return failed("is no regular file", "name a commit or branch, or a file");
    }
    if file.starts_with(top(roots)) {
        return failed(
            "lies in the audited repository, so that a change can edit it",
            "name the commit or branch that it shall be taken from",
        );
    }
    Ok(file)
}

fn top(roots: &Roots) -> &Path {
    roots.repository().unwrap_or(roots.base())
}

/// Where the scanned root stands in its repository, with a final `/`; empty if it is its top.
fn prefix(roots: &Roots) -> String {
    let below = roots.base().strip_prefix(top(roots)).ok().map(super::audit::slashed);
    below.filter(|path| !path.is_empty()).map(|path| path + "/").unwrap_or_default()
}
