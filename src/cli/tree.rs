//! An earlier or staged state of a repository as files in a temporary folder, so that it is read like any other tree.

use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::args::Common;
use super::failure::Failure;
use super::git::{Blob, Git};
use crate::filter::baseline;
use crate::settings::config::FILE_NAMES;
use crate::walk::{self, IGNORE_FILE};

/// A state of a repository. The folder goes when this is dropped.
#[derive(Debug)]
pub(super) struct Tree {
    folder: TempDir,
    files: Vec<String>,
}

impl Tree {
    /// The state of a commit.
    pub(super) fn of_commit(git: &Git, commit: &str) -> Result<Tree, Failure> {
        Tree::write(git, git.tree(commit)?)
    }

    /// The state that the next commit would have.
    pub(super) fn of_index(git: &Git) -> Result<Tree, Failure> {
        Tree::write(git, git.index()?)
    }

    /// A state without files.
    pub(super) fn of_nothing() -> Result<Tree, Failure> {
        let failed = |error: std::io::Error| Failure::new(format!("cannot make a temporary folder: {error}"));
        let folder = tempfile::Builder::new().prefix("launchlint-").tempdir().map_err(failed)?;
        // Marks the top, as configuration and ignore files are looked for up to it.
        std::fs::create_dir(folder.path().join(".git")).map_err(failed)?;
        Ok(Tree { folder, files: Vec::new() })
    }

    fn write(git: &Git, mut blobs: Vec<Blob>) -> Result<Tree, Failure> {
        blobs.retain(|blob| is_wanted(&blob.path));
        let tree = Tree::of_nothing()?;
        git.write_out(&blobs, tree.folder.path())?;
        Ok(Tree { files: blobs.into_iter().map(|blob| blob.path).collect(), ..tree })
    }

    /// Where a path of the repository stands in this state; `None` if it is not there.
    pub(super) fn place(&self, git: &Git, path: &Path) -> Option<PathBuf> {
        let real = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
        let below = real.strip_prefix(git.top()).ok()?;
        let there = self.folder.path().join(below);
        there.exists().then_some(there)
    }

    /// The options that read this state; `None` if none of the paths is there.
    pub(super) fn within(&self, git: &Git, common: &Common) -> Option<Common> {
        let here = [PathBuf::from(".")];
        let paths = if common.paths.is_empty() { &here[..] } else { &common.paths };
        let paths: Vec<PathBuf> = paths.iter().filter_map(|path| self.place(git, path)).collect();
        // A configuration that lies outside of the repository is the same for all states.
        let config = common.config.as_ref().map(|file| self.place(git, file).unwrap_or_else(|| file.clone()));
        let copied_from = Some(common.paths.clone());
        (!paths.is_empty()).then(|| Common { paths, copied_from, config, ..common.clone() })
    }

    /// All files, told from the top.
    pub(super) fn files(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(String::as_str)
    }

    /// Where a file, told from the top, lies.
    pub(super) fn file(&self, path: &str) -> Option<PathBuf> {
        self.has(path).then(|| self.folder.path().join(path)).filter(|file| file.is_file())
    }

    /// Whether a file, told from the top, is part of this state.
    pub(super) fn has(&self, path: &str) -> bool {
        self.files.iter().any(|file| file == path)
    }

    /// A file's text, told from the top; `None` if it is not there or no text.
    pub(super) fn text(&self, path: &str) -> Option<String> {
        std::fs::read_to_string(self.folder.path().join(path)).ok()
    }
}

/// Whether the audit would look at a file: by name, or because it says how to audit.
fn is_wanted(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let is_control =
        FILE_NAMES.contains(&name) || [".gitignore", ".ignore", IGNORE_FILE, baseline::FILE_NAME].contains(&name);
    is_control || walk::language_of(path, "").is_some()
}
