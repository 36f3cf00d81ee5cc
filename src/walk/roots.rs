//! The folders and files that a run was pointed at, checked and brought under one base.

use std::io;
use std::path::{Path, PathBuf};

/// Why a path cannot be scanned.
#[derive(Debug, thiserror::Error)]
pub enum RootError {
    /// Nothing is there.
    #[error("`{}` does not exist", .0.display())]
    Missing(PathBuf),
    /// It is there but cannot be looked at.
    #[error("`{}` cannot be read: {}", .0.display(), .1)]
    Unreadable(PathBuf, io::Error),
    /// A pipe, socket or device.
    #[error("`{}` is neither a file nor a folder", .0.display())]
    Special(PathBuf),
    /// Roots on different volumes.
    #[error("`{}` and `{}` share no parent folder", .0.display(), .1.display())]
    Apart(PathBuf, PathBuf),
}

/// Existing folders and files with the folder that all paths are relative to.
#[derive(Clone, Debug)]
pub struct Roots {
    base: PathBuf,
    paths: Vec<PathBuf>,
}

impl Roots {
    /// Checks paths as a user wrote them; the current folder stands in for an empty list.
    ///
    /// One folder is its own base, one file's base is its folder, and several roots share their closest common folder.
    pub fn resolve(written: &[PathBuf]) -> Result<Self, RootError> {
        let here = [PathBuf::from(".")];
        let written = if written.is_empty() { &here } else { written };
        let mut base: Option<PathBuf> = None;
        let mut paths = Vec::new();
        for path in written {
            let (path, folder) = check(path)?;
            base = Some(match base {
                None => folder,
                Some(known) => common(&known, &folder).ok_or(RootError::Apart(known, folder))?,
            });
            paths.push(path);
        }
        paths.sort();
        paths.dedup();
        Ok(Roots { base: base.unwrap_or_default(), paths })
    }

    /// The folder that the paths of all files are relative to, without links.
    pub fn base(&self) -> &Path {
        &self.base
    }

    /// The roots themselves, without links, ordered.
    pub fn paths(&self) -> &[PathBuf] {
        &self.paths
    }

    /// The innermost folder at or above the base that holds a Git repository.
    pub fn repository(&self) -> Option<&Path> {
        self.base.ancestors().find(|folder| folder.join(".git").exists())
    }

    /// Whether the base lies in a Git repository.
    pub fn is_in_repository(&self) -> bool {
        self.repository().is_some()
    }

    /// A path below the base as reports write it, and whether its name had to be made readable.
    pub(super) fn relative(&self, path: &Path) -> (String, bool) {
        let below = path.strip_prefix(&self.base).unwrap_or(path);
        let mut is_repaired = false;
        let mut segments = Vec::new();
        for segment in below.components() {
            let text = segment.as_os_str().to_string_lossy();
            is_repaired |= segment.as_os_str().to_str().is_none();
            segments.push(text);
        }
        (segments.join("/"), is_repaired)
    }
}

/// A root without links, and the folder it counts from.
fn check(path: &Path) -> Result<(PathBuf, PathBuf), RootError> {
    let refused = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => RootError::Missing(path.into()),
        _ => RootError::Unreadable(path.into(), error),
    };
    let real = path.canonicalize().map_err(refused)?;
    let kind = real.metadata().map_err(refused)?.file_type();
    if kind.is_dir() {
        real.read_dir().map_err(refused)?;
        return Ok((real.clone(), real));
    }
    if !kind.is_file() {
        return Err(RootError::Special(path.into()));
    }
    let folder = real.parent().map(Path::to_path_buf).unwrap_or_default();
    Ok((real, folder))
}

/// The closest folder above or at both.
fn common(a: &Path, b: &Path) -> Option<PathBuf> {
    a.ancestors().find(|folder| b.starts_with(folder)).map(Path::to_path_buf)
}
