//! Whole answers of earlier runs: what an analysis said about exactly the same files, asked in the same way.
//!
//! An answer is found by a digest of this build, of every file's path, purpose and text, and of all that the analysis is told
//! besides. So it is right for any branch that has the same content, and nothing has to be judged about times of change.
//! It holds what an [`Outcome`] holds, which is what reports show: places and names, no file's text and no credential.

use std::fs;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use sha2::{Digest, Sha256};

use super::{Outcome, cache};
use crate::analysis::Key;
use crate::settings::Settings;
use crate::source::SourceFile;

/// Starts every file of this form.
const MAGIC: &[u8; 16] = b"launchlint said1";
/// Answers kept of a tree: its branches and the states between two edits.
const MOST: usize = 4;
/// Tells this build from others: rules, models and code.
const BUILD: &str = concat!(env!("CARGO_PKG_VERSION"), " ", env!("LAUNCHLINT_BUILD"));

/// The kept answers about one tree.
pub struct Answers {
    file: PathBuf,
    bytes: Vec<u8>,
}

/// What an answer is found by.
pub fn question(settings: &Settings, files: &[SourceFile]) -> Key {
    let told = format!(
        "{:?} {:?} {:?} {:?} {}",
        settings.today, settings.imported, settings.plan.policy, settings.plan.options, settings.wants_inventory
    );
    about(&told, files)
}

/// The question about files, asked with what the analysis is told besides.
fn about(told: &str, files: &[SourceFile]) -> Key {
    let digests: Vec<[u8; 32]> = files.par_iter().map(digest).collect();
    let mut hash = Sha256::new();
    for part in [BUILD, told] {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part.as_bytes());
    }
    for digest in digests {
        hash.update(digest);
    }
    hash.finalize().into()
}

fn digest(file: &SourceFile) -> [u8; 32] {
    let mut hash = Sha256::new();
    let SourceFile { path, language, class, text } = file;
    for part in [path, language.label(), &format!("{class:?}"), text] {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part.as_bytes());
    }
    hash.finalize().into()
}

impl Answers {
    /// Opens the answers about a tree. `None` if the folder lies in the tree, which could otherwise answer for itself.
    pub fn open(folder: &Path, tree: &Path) -> Option<Answers> {
        let file = cache::place(folder, tree, "answers")?;
        let bytes = fs::read(&file).unwrap_or_default();
        Some(Answers { file, bytes })
    }

    /// What an earlier run answered. What is damaged is no answer.
    pub fn get(&self, question: &Key) -> Option<Outcome> {
        let (key, at) = cache::entries(&self.bytes, MAGIC)?.into_iter().find(|(key, _)| key == question)?;
        let entry = self.bytes.get(at.0..at.0 + at.1).filter(|_| cache::is_whole(&self.bytes, &key, at))?;
        serde_json::from_slice(entry).ok()
    }

    /// Keeps an answer before the others. Failing costs the next run its head start and nothing else.
    pub fn put(&self, question: &Key, answer: &Outcome) {
        let Ok(entry) = serde_json::to_vec(answer) else { return };
        let others = cache::entries(&self.bytes, MAGIC).unwrap_or_default();
        let others: Vec<_> = others.into_iter().filter(|(key, _)| key != question).take(MOST - 1).collect();
        let old = others.iter().filter_map(|(key, at)| Some((key, self.bytes.get(at.0..at.0 + at.1)?)));
        drop(cache::write(&self.file, MAGIC, std::iter::once((question, entry.as_slice())).chain(old)));
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{Answers, MOST, Outcome, about};
    use crate::finding::{Notice, NoticeKind};
    use crate::source::{Language, PathClass, SourceFile};

    fn answer(text: &str) -> Outcome {
        Outcome { notices: vec![Notice::file(NoticeKind::Internal, "a", text)], ..Outcome::default() }
    }

    #[test]
    fn answers_come_back_newest_first_and_damaged_ones_do_not() {
        let (home, tree) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
        let open = || Answers::open(home.path(), tree.path()).expect("a place outside of the tree");
        let said = |key: u8| open().get(&[key; 32]).map(|outcome| outcome.notices[0].message.clone());
        assert_eq!(said(0), None);
        let last = u8::try_from(MOST).expect("few");
        (0..=last).for_each(|key| open().put(&[key; 32], &answer(&key.to_string())));
        assert_eq!(said(0), None, "the oldest made room");
        assert_eq!((said(1).as_deref(), said(last)), (Some("1"), Some(last.to_string())));

        let mut bytes = fs::read(&open().file).expect("the file");
        *bytes.last_mut().expect("a byte") ^= 1;
        fs::write(&open().file, &bytes).expect("the file");
        assert_eq!((said(1), said(last)), (None, Some(last.to_string())), "damage costs the answer it hit");
        fs::write(&open().file, &bytes[..bytes.len() - 3]).expect("the file");
        assert_eq!(said(last), None);
        open().put(&[9; 32], &answer("9"));
        assert_eq!(said(9).as_deref(), Some("9"), "and the file is made anew");
    }

    #[test]
    fn whatever_an_answer_depends_on_makes_another_question() {
        let file = |path: &str, language, class, text: &str| SourceFile {
            path: path.into(),
            language,
            class,
            text: text.into(),
        };
        let one = || file("a.py", Language::Python, PathClass::Production, "x");
        let asked = about("today", &[one()]);
        assert_eq!(asked, about("today", &[one()]));
        let others = [
            about("tomorrow", &[one()]),
            about("today", &[]),
            about("today", &[one(), one()]),
            about("today", &[file("b.py", Language::Python, PathClass::Production, "x")]),
            about("today", &[file("a.py", Language::TypeScript, PathClass::Production, "x")]),
            about("today", &[file("a.py", Language::Python, PathClass::Test, "x")]),
            about("today", &[file("a.py", Language::Python, PathClass::Production, "y")]),
            about("today", &[file("a.pyx", Language::Python, PathClass::Production, "")]),
        ];
        assert!(!others.contains(&asked));
    }

    #[test]
    fn a_folder_in_the_tree_is_not_asked() {
        let tree = tempfile::tempdir().expect("a folder");
        assert!(Answers::open(&tree.path().join("cache"), tree.path()).is_none());
    }
}
