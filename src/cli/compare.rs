//! Reports a change only: what stands on changed lines, and what the change causes elsewhere.
//!
//! The earlier state is audited like the present one, with the configuration that it had, so that a finding whose cause lies
//! in another file shows as new. What the change does to make the audit say less is told, too.

use std::collections::BTreeSet;
use std::path::Path;

use super::args::{Common, Pick};
use super::audit::{Audit, Names, Timings, audit};
use super::failure::Failure;
use super::git::Git;
use super::progress::Progress;
use super::tree::Tree;
use super::{Stages, configure};
use crate::filter::baseline::{self, Baseline};
use crate::filter::change::{Cause, ChangedLines};
use crate::filter::silencing;
use crate::finding::{Notice, NoticeKind};
use crate::report::{Change, Sources};
use crate::settings::config::FILE_NAMES;
use crate::source::PathClass;
use crate::walk::IGNORE_FILE;

/// Which change to report.
#[derive(Clone, Debug, Default, clap::Args)]
pub(super) struct Compare {
    /// Report only what changed since a commit or branch, and what that change causes elsewhere
    #[arg(long, value_name = "BASE", conflicts_with = "staged")]
    pub(super) diff: Option<String>,
    /// Report only what the staged changes bring; reads the index, not the working tree
    #[arg(long)]
    pub(super) staged: bool,
    /// Keep every finding in SARIF: code scanning itself compares with the base, and takes what is absent for fixed
    #[arg(long)]
    pub(super) whole_sarif: bool,
}

impl Compare {
    /// Whether only a change is to be reported.
    pub(super) fn is_asked(&self) -> bool {
        self.diff.is_some() || self.staged
    }
}

/// The two states of a comparison.
pub(super) struct States {
    git: Git,
    /// What the user calls the earlier state.
    name: String,
    before: Tree,
    /// The index; `None` if the later state is the working tree.
    index: Option<Tree>,
}

/// Reads the earlier state, and the index if that is asked for; `None` if the whole tree is reported.
pub(super) fn states(options: &Compare, common: &Common) -> Result<Option<States>, Failure> {
    // In a run over a range of commits, what is "staged" is what the range brings.
    let range = std::env::var("PRE_COMMIT_FROM_REF").ok().filter(|name| options.staged && !name.is_empty());
    let Some(name) = options.diff.clone().or(range).or_else(|| options.staged.then(|| "HEAD".to_owned())) else {
        return Ok(None);
    };
    let roots = configure::roots(&common.paths)?;
    let git = Git::open(roots.base())?;
    let is_staged = options.staged && name == "HEAD";
    // Before the first commit everything is new.
    let commit = match git.commit(&name) {
        Err(_) if is_staged => return empty_start(git, name),
        commit => commit?,
    };
    // What the other branch got since it parted is not part of this change.
    let base = if is_staged { None } else { git.merge_base(&commit, "HEAD") };
    let before = Tree::of_commit(&git, base.as_deref().unwrap_or(&commit))?;
    let index = if is_staged { Some(Tree::of_index(&git)?) } else { None };
    let name = if is_staged { "the last commit".to_owned() } else { name };
    Ok(Some(States { git, name, before, index }))
}

fn empty_start(git: Git, name: String) -> Result<Option<States>, Failure> {
    let (before, index) = (Tree::of_nothing()?, Some(Tree::of_index(&git)?));
    Ok(Some(States { git, name, before, index }))
}

impl States {
    /// The options that read the later state.
    pub(super) fn later(&self, common: &Common) -> Result<Common, Failure> {
        let Some(index) = &self.index else { return Ok(common.clone()) };
        index.within(&self.git, common).ok_or_else(|| {
            Failure::new("none of the paths is staged").help("stage files with `git add`, or leave --staged out")
        })
    }

    /// Audits the earlier state and keeps of `audit` what the change brings.
    pub(super) fn keep_the_change(
        &self,
        after: &mut Audit,
        common: &Common,
        pick: &Pick,
        stages: &Stages<'_>,
        timings: &mut Timings,
        progress: &Progress,
    ) -> Result<Change, Failure> {
        let earlier = self.before.within(&self.git, common);
        let before = match earlier {
            Some(common) => match audit(&common, pick, None, stages, timings, progress) {
                Ok(audit) => Some(audit),
                Err(failure) => {
                    after.notices.push(Notice::file(NoticeKind::Ineffective, "", failure.told(&self.name)));
                    None
                }
            },
            None => None,
        };
        let none = Vec::new();
        let files = before.as_ref().map_or(&none, |audit| &audit.discovery.files);
        let lines = ChangedLines::between(files, &after.discovery.files);
        let known: BTreeSet<String> = before.as_ref().map(|before| names(before, &lines)).unwrap_or_default();
        let mut change = Change { base: self.name.clone(), ..Change::default() };
        let still: BTreeSet<&str> = after.names.all().collect();
        change.fixed = known.iter().filter(|name| !still.contains(name.as_str())).count();
        let (discovery, names) = (&after.discovery, &after.names);
        let mut older = Vec::new();
        let (kept, masked) = (std::mem::take(&mut after.filtered.kept), &mut after.filtered.masked);
        for finding in kept {
            match lines.cause(&finding, names.of(&finding), discovery.files.text(&finding.at.path), &known) {
                Cause::ChangedLine => change.on_changed_lines += 1,
                Cause::Elsewhere => change.caused_elsewhere += 1,
                Cause::Older => {
                    change.older += 1;
                    masked.extend_from_slice(&finding.masked);
                    older.push(finding);
                    continue;
                }
            }
            after.filtered.kept.push(finding);
        }
        after.older = older;
        // What a trusted state has the last word on cannot silence anything, and was told with it.
        if after.trusted.is_none() {
            let said = self.silencing(before.as_ref(), after, &lines);
            after.notices.extend(said);
        }
        after.notices.sort();
        after.notices.dedup();
        Ok(change)
    }

    /// What the change does to make the audit say less.
    fn silencing(&self, before: Option<&Audit>, after: &Audit, lines: &ChangedLines) -> Vec<Notice> {
        let prefix = after.prefix();
        let declared = |audit: &Audit| silencing::declared(&audit.audited());
        let (old, new) = (before.map(declared).unwrap_or_default(), declared(after));
        let mut notices = silencing::new_suppressions(&old, &new, |path| lines.was_at(path).to_owned());
        for file in control_files(&prefix) {
            let name = file.rsplit('/').next().unwrap_or(&file);
            let (old, new) = (self.before.text(&file).unwrap_or_default(), self.later_text(&file).unwrap_or_default());
            // Reports count paths from the scanned root.
            let shown = file.strip_prefix(&prefix).unwrap_or(&file);
            match name {
                IGNORE_FILE => notices.extend(silencing::longer_ignore_file(shown, &old, &new)),
                baseline::FILE_NAME => notices.extend(grown(shown, &old, &new)),
                _ => notices.extend(silencing::looser_settings(shown, &old, &new)),
            }
        }
        let read: BTreeSet<&str> = after.discovery.files.iter().map(|file| file.path.as_str()).collect();
        let ignored = self.git.ignored().unwrap_or_default();
        let new = ignored.iter().filter(|path| !self.before.has(path)).filter_map(|path| path.strip_prefix(&prefix));
        notices.extend(silencing::ignored_from_the_start(new.filter(|path| !read.contains(path))));
        if let Some(before) = before {
            let was_read = before.discovery.files.iter().map(|file| lines.now_at(&file.path));
            let hidden = was_read.filter(|path| !read.contains(path) && self.is_there(&format!("{prefix}{path}")));
            notices.extend(silencing::no_longer_read(&hidden.map(str::to_owned).collect::<Vec<_>>()));
            let shipped = |path: &str| {
                let was = before.discovery.files.iter().find(|file| file.path == lines.was_at(path))?;
                Some(was.class == PathClass::Production)
            };
            notices.extend(silencing::no_longer_analysed(&after.notices, shipped));
        }
        notices
    }

    /// A file's text in the later state, told from the top.
    fn later_text(&self, file: &str) -> Option<String> {
        match &self.index {
            Some(index) => index.text(file),
            None => std::fs::read_to_string(self.git.top().join(file)).ok(),
        }
    }

    fn is_there(&self, file: &str) -> bool {
        match &self.index {
            Some(index) => index.has(file),
            None => self.git.top().join(Path::new(file)).is_file(),
        }
    }
}

/// Names of what the earlier state showed, made with the present paths.
fn names(before: &Audit, lines: &ChangedLines) -> BTreeSet<String> {
    let names = Names::of_all(&before.found, &before.discovery, |path| lines.now_at(path).to_owned());
    before.filtered.kept.iter().map(|finding| names.of(finding).to_owned()).collect()
}

/// Files that say how to audit, from the scanned root up to the repository's top.
pub(super) fn control_files(prefix: &str) -> Vec<String> {
    let names = FILE_NAMES.iter().chain([&IGNORE_FILE, &baseline::FILE_NAME]);
    let names: Vec<&str> = names.copied().collect();
    folders(prefix).iter().flat_map(|folder| names.iter().map(move |name| join(folder, name))).collect()
}

/// The folders from the scanned root up to the repository's top.
pub(super) fn folders(prefix: &str) -> Vec<String> {
    let mut folders = vec![prefix.trim_end_matches('/').to_owned()];
    while let Some((parent, _)) = folders.last().and_then(|folder| folder.rsplit_once('/')) {
        folders.push(parent.to_owned());
    }
    if folders.last().is_some_and(|folder| !folder.is_empty()) {
        folders.push(String::new());
    }
    folders
}

/// A file of a folder, told from the top.
pub(super) fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

fn grown(file: &str, before: &str, after: &str) -> Option<Notice> {
    let after = Baseline::parse(after).ok()?;
    after.grown(&Baseline::parse(before).unwrap_or_default(), file)
}
