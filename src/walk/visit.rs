//! One thread's work while a tree is walked: which entries are read, and what becomes of the others.

use std::collections::{BTreeMap, BTreeSet};
use std::mem;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use ignore::{DirEntry, Error, ParallelVisitor, ParallelVisitorBuilder, WalkState};

use super::kind::{self, Kind};
use super::open::Opener;
use super::read::{self, Outcome};
use super::{Roots, SkipReason, class, given};
use crate::finding::{Notice, NoticeKind};
use crate::settings::WalkSettings;
use crate::source::SourceFile;

/// What every thread needs to know.
pub(super) struct Context<'a> {
    pub(super) roots: &'a Roots,
    pub(super) settings: &'a WalkSettings,
    pub(super) merged: &'a Mutex<Batch>,
    pub(super) ignores: Option<&'a given::Given>,
    pub(super) opener: &'a Opener,
}

/// What threads found so far.
#[derive(Default)]
pub(super) struct Batch {
    pub(super) files: Vec<Found>,
    pub(super) notices: Vec<Notice>,
    pub(super) skipped: BTreeMap<SkipReason, usize>,
    pub(super) seen: usize,
    pub(super) used_excludes: BTreeSet<usize>,
}

/// A file with the path it was read from, which stays unique where the readable one does not.
pub(super) struct Found {
    pub(super) file: SourceFile,
    pub(super) raw_path: PathBuf,
}

impl Batch {
    fn append(&mut self, mut other: Batch) {
        self.files.append(&mut other.files);
        self.notices.append(&mut other.notices);
        self.used_excludes.append(&mut other.used_excludes);
        self.seen += other.seen;
        for (reason, count) in other.skipped {
            *self.skipped.entry(reason).or_default() += count;
        }
    }

    fn skip(&mut self, reason: SkipReason) {
        *self.skipped.entry(reason).or_default() += 1;
    }

    fn skip_and_tell(&mut self, reason: SkipReason, path: &str, why: impl Into<String>) {
        self.skip(reason);
        let kind = match reason {
            SkipReason::Unreadable => NoticeKind::Unreadable,
            SkipReason::Link | SkipReason::Special => NoticeKind::Outside,
            _ => NoticeKind::Skipped,
        };
        self.notices.push(Notice::file(kind, path, why));
    }
}

/// Makes a [`Visitor`] for each thread.
pub(super) struct Visitors<'a> {
    pub(super) cx: &'a Context<'a>,
}

impl<'a> ParallelVisitorBuilder<'a> for Visitors<'a> {
    fn build(&mut self) -> Box<dyn ParallelVisitor + 'a> {
        Box::new(Visitor { cx: self.cx, batch: Batch::default() })
    }
}

struct Visitor<'a> {
    cx: &'a Context<'a>,
    batch: Batch,
}

impl Drop for Visitor<'_> {
    fn drop(&mut self) {
        let batch = mem::take(&mut self.batch);
        self.cx.merged.lock().unwrap_or_else(PoisonError::into_inner).append(batch);
    }
}

impl ParallelVisitor for Visitor<'_> {
    fn visit(&mut self, entry: Result<DirEntry, Error>) -> WalkState {
        match entry {
            Ok(entry) => self.entry(&entry),
            Err(error) => {
                self.failure(&error, None);
                WalkState::Continue
            }
        }
    }
}

impl Visitor<'_> {
    fn entry(&mut self, entry: &DirEntry) -> WalkState {
        let path = entry.path();
        let (relative, is_repaired) = self.cx.roots.relative(path);
        if let Some(error) = entry.error() {
            self.ignore_file_failure(error, &relative);
        }
        let Some(kind) = entry.file_type() else {
            return WalkState::Continue;
        };
        if entry.depth() > 0 && self.cx.ignores.is_some_and(|given| given.hides(&relative, kind.is_dir())) {
            return WalkState::Skip;
        }
        if kind.is_dir() {
            return if entry.depth() > 0 && self.prunes(&relative) { WalkState::Skip } else { WalkState::Continue };
        }
        self.batch.seen += 1;
        if self.is_excluded(&relative) {
            self.batch.skip(SkipReason::Excluded);
        } else if kind.is_symlink() {
            self.link(path, &relative);
        } else if kind.is_file() {
            self.file(path, relative, is_repaired);
        } else {
            self.batch.skip_and_tell(SkipReason::Special, &relative, "skipped: it is a pipe, socket or device");
        }
        WalkState::Continue
    }

    /// Whether a folder is left out as a whole.
    fn prunes(&mut self, relative: &str) -> bool {
        let name = relative.rsplit('/').next().unwrap_or_default();
        if kind::is_bookkeeping(name) {
            return true;
        }
        // Patterns of `include` name files as a rule, so folders pass.
        if self.matches_exclude(relative) {
            return true;
        }
        if kind::holds_packages(name) && !self.cx.settings.classes.production.is_match(relative) {
            let why = "skipped: a folder of installed packages";
            self.batch.notices.push(Notice::file(NoticeKind::Outside, relative, why));
            return true;
        }
        false
    }

    fn is_excluded(&mut self, relative: &str) -> bool {
        let include = &self.cx.settings.include;
        self.matches_exclude(relative) || (!include.is_empty() && !include.is_match(relative))
    }

    fn matches_exclude(&mut self, relative: &str) -> bool {
        let matching = self.cx.settings.exclude.matching(relative);
        self.batch.used_excludes.extend(&matching);
        !matching.is_empty()
    }

    /// Links are never followed: what they point to is read where it stands, or is not part of what is audited.
    fn link(&mut self, path: &Path, relative: &str) {
        match path.canonicalize() {
            Ok(target) if target.starts_with(self.cx.roots.base()) => self.batch.skip(SkipReason::Link),
            Ok(_) => {
                let why = "skipped: it is a link to outside of the scanned folder";
                self.batch.skip_and_tell(SkipReason::Link, relative, why);
            }
            Err(_) => self.batch.skip_and_tell(SkipReason::Link, relative, "skipped: it is a link to nothing"),
        }
    }

    fn file(&mut self, path: &Path, relative: String, is_name_repaired: bool) {
        let (language, bulk) = match kind::of(&relative) {
            Kind::Skip(reason) => return self.batch.skip(reason),
            Kind::Read(language) => (Some(language), false),
            Kind::Bulk => (None, true),
            Kind::Sniff => (None, false),
        };
        let wanted = read::Wanted { language, is_bulk: bulk, limits: self.cx.settings.limits };
        let (language, text) = match read::read(self.cx.opener, path, wanted) {
            Outcome::Text { language, text, repair } => {
                if let Some(repair) = repair {
                    self.batch.notices.push(Notice::file(NoticeKind::Repaired, &relative, repair));
                }
                (language, text)
            }
            Outcome::Skip(reason, None) => return self.batch.skip(reason),
            Outcome::Skip(reason, Some(why)) => return self.batch.skip_and_tell(reason, &relative, why),
        };
        if is_name_repaired {
            let why = "its name is not valid UTF-8 and is shown with replacement characters";
            self.batch.notices.push(Notice::file(NoticeKind::Repaired, &relative, why));
        }
        let (class, why) = class::of(&relative, language, &text, &self.cx.settings.classes);
        if let Some(why) = why {
            let why = format!("only searched for credentials: {why}; `paths.production` has it analysed");
            self.batch.notices.push(Notice::file(NoticeKind::Generated, &relative, why));
        }
        let file = SourceFile { path: relative, language, class, text };
        self.batch.files.push(Found { file, raw_path: path.to_path_buf() });
    }

    /// An entry that could not be looked at.
    fn failure(&mut self, error: &Error, path: Option<&Path>) {
        match error {
            Error::WithPath { path, err } => self.failure(err, Some(path)),
            Error::WithDepth { err, .. } | Error::WithLineNumber { err, .. } => self.failure(err, path),
            Error::Partial(errors) => errors.iter().for_each(|error| self.failure(error, path)),
            error => {
                let relative = path.map(|path| self.cx.roots.relative(path).0).unwrap_or_default();
                let why = format!("not scanned: {}", reason(error));
                self.batch.skip_and_tell(SkipReason::Unreadable, &relative, why);
            }
        }
    }

    /// A line of an ignore file that cannot be understood hides nothing.
    fn ignore_file_failure(&mut self, error: &Error, folder: &str) {
        let why = format!("an ignore file is not fully understood and may hide less than meant: {}", reason(error));
        self.batch.notices.push(Notice::file(NoticeKind::Ineffective, folder, why));
    }
}

/// The innermost reason, without paths of this machine.
fn reason(error: &Error) -> String {
    match error {
        Error::WithPath { err, .. } | Error::WithDepth { err, .. } => reason(err),
        Error::WithLineNumber { line, err } => format!("line {line}: {}", reason(err)),
        Error::Partial(errors) => errors.iter().map(reason).collect::<Vec<_>>().join("; "),
        Error::Io(error) => read::explain(error),
        other => other.to_string(),
    }
}
