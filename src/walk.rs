//! Finds, reads and classifies the files of the audited repository: the only reader of it.
//!
//! It decides what a file is written in and what it is for, from its path, name and first lines. It parses nothing and
//! judges nothing. Whatever a hostile tree holds (links, pipes, broken encodings, huge or vanishing files) becomes a
//! notice that names the file and says why it was left out; discovery itself never fails once its roots exist.

#![expect(clippy::disallowed_methods, reason = "the walk is the one reader of the audited repository")]

mod class;
mod decode;
mod given;
mod ignores;
mod kind;
mod open;
mod read;
mod roots;
mod visit;

use std::collections::BTreeMap;
use std::sync::Mutex;

use ignore::WalkBuilder;

pub use roots::{RootError, Roots};

use crate::finding::{Notice, NoticeKind};
use crate::settings::WalkSettings;
use crate::source::{Language, SourceFile};

/// A project's own list of paths to leave out, written like a `.gitignore`.
pub const IGNORE_FILE: &str = ".launchlintignore";

/// What a tree holds.
#[derive(Clone, Debug, Default)]
pub struct Discovery {
    /// The files that were read, ordered by path; no two have the same path.
    pub files: Vec<SourceFile>,
    /// What was left out or repaired and is worth knowing, ordered.
    pub notices: Vec<Notice>,
    /// How many files were left out, by reason; also those that no notice names.
    pub skipped: BTreeMap<SkipReason, usize>,
    /// How many files were met that no ignore file hides.
    pub seen: usize,
}

/// Why a file was left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SkipReason {
    /// A setting excludes it.
    Excluded,
    /// A lock file: names and checksums only.
    LockFile,
    /// Media, archives, fonts, styles and anything that is not text.
    NotText,
    /// Declares types of code that is read anyway.
    Stub,
    /// Larger than the limit.
    TooBig,
    /// A symbolic link; what it points to is read where it stands, or lies outside the root.
    Link,
    /// A pipe, socket or device.
    Special,
    /// Could not be opened or read.
    Unreadable,
}

impl SkipReason {
    /// The word used in reports.
    pub fn label(self) -> &'static str {
        match self {
            SkipReason::Excluded => "excluded",
            SkipReason::LockFile => "lock file",
            SkipReason::NotText => "not text",
            SkipReason::Stub => "type stub",
            SkipReason::TooBig => "too big",
            SkipReason::Link => "link",
            SkipReason::Special => "not a regular file",
            SkipReason::Unreadable => "unreadable",
        }
    }
}

/// Reads everything below the roots that the settings and the ignore files leave in.
///
/// Paths are relative to [`Roots::base`], and so is the judgement of what a file is for: a checkout that itself lies
/// below a folder named `tests` is not a test. Of ignore files only those of the enclosing Git repository count, and
/// [`IGNORE_FILE`]; a user's global ones do not, so that a tree gives the same result on every machine.
pub fn discover(roots: &Roots, settings: &WalkSettings) -> Discovery {
    let merged = Mutex::new(visit::Batch::default());
    let ignores = settings.ignores.as_ref().map(given::Given::new);
    let opener = open::Opener::new(roots.base());
    let cx = visit::Context { roots, settings, merged: &merged, ignores: ignores.as_ref(), opener: &opener };
    let mut paths = roots.paths().iter();
    if let Some(first) = paths.next() {
        let mut builder = WalkBuilder::new(first);
        for path in paths {
            builder.add(path);
        }
        let in_repository = roots.is_in_repository();
        builder
            .hidden(false)
            .ignore(false)
            .git_global(false)
            .parents(in_repository)
            .require_git(in_repository)
            .follow_links(false)
            .threads(settings.jobs.max(1));
        let unfit = if ignores.is_some() { None } else { ignores::unfit(roots) };
        match unfit {
            None if ignores.is_some() => {
                builder.git_ignore(false).git_exclude(false).parents(false);
            }
            None => {
                builder.add_custom_ignore_filename(IGNORE_FILE);
            }
            Some((file, why)) => {
                builder.git_ignore(false).git_exclude(false).parents(false);
                let (path, _) = roots.relative(&file);
                let why = format!("no ignore file of this tree is used, because of this one: {why}");
                let notice = Notice::file(NoticeKind::Ineffective, &path, why);
                merged.lock().unwrap_or_else(std::sync::PoisonError::into_inner).notices.push(notice);
            }
        }
        builder.build_parallel().visit(&mut visit::Visitors { cx: &cx });
    }
    let batch = merged.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    finish(batch, settings)
}

/// What a file of this path and text would be read as; `None` if it would be left out.
pub fn language_of(path: &str, text: &str) -> Option<Language> {
    match kind::of(path) {
        kind::Kind::Read(language) => Some(kind::settle(Some(language), false, text)),
        kind::Kind::Bulk => Some(kind::settle(None, true, text)),
        kind::Kind::Sniff => Some(kind::settle(None, false, text)),
        kind::Kind::Skip(_) => None,
    }
}

/// Orders what the threads found and makes paths unique.
fn finish(batch: visit::Batch, settings: &WalkSettings) -> Discovery {
    let visit::Batch { mut files, mut notices, skipped, seen, used_excludes } = batch;
    files.sort_by(|a, b| (&a.file.path, &a.raw_path).cmp(&(&b.file.path, &b.raw_path)));
    // One file reached through two roots is met twice.
    files.dedup_by(|a, b| a.raw_path == b.raw_path);
    let mut unique: Vec<SourceFile> = Vec::with_capacity(files.len());
    for found in files {
        if unique.last().is_some_and(|last| last.path == found.file.path) {
            let why = "skipped: once its name is made readable, another file has the same path";
            notices.push(Notice::file(NoticeKind::Skipped, &found.file.path, why));
        } else {
            unique.push(found.file);
        }
    }
    for (index, pattern) in settings.exclude.patterns().iter().enumerate() {
        if !used_excludes.contains(&index) {
            let why = format!("the exclude pattern `{pattern}` matched nothing; remove it or correct it");
            notices.push(Notice::file(NoticeKind::Ineffective, "", why));
        }
    }
    notices.sort();
    notices.dedup();
    Discovery { files: unique, notices, skipped, seen }
}

#[cfg(test)]
mod tests;
