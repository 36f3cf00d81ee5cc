//! Where facts are kept between runs: one file a scanned tree, in the user's own cache folder.
//!
//! The file can be deleted at any time, and other runs may replace it at any time: it appears whole or not at all. What is
//! damaged in it, or was written by another version, is passed over. Nothing in a scanned tree can place entries: a cache
//! folder inside the tree is not used.

use std::env;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use rustc_hash::{FxHashMap, FxHashSet};
use sha2::{Digest, Sha256};

use crate::analysis::{FactStore, Key};

/// Starts every file of this form.
const MAGIC: &[u8; 16] = b"launchlint fact1";
/// Key, check and length of an entry.
const HEAD: usize = 32 + 8 + 4;

/// The kept facts of one tree.
pub struct Pack {
    file: PathBuf,
    bytes: Vec<u8>,
    /// Where each entry stands.
    index: FxHashMap<Key, (usize, usize)>,
    state: Mutex<State>,
    is_damaged: bool,
}

#[derive(Default)]
struct State {
    used: FxHashSet<Key>,
    fresh: Vec<(Key, Vec<u8>)>,
    is_damaged: bool,
}

/// The folder for kept facts, as the system and the user want it; `None` if there is no place for it.
pub(super) fn folder() -> Option<PathBuf> {
    let set = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    if let Some(own) = set("LAUNCHLINT_CACHE_DIR") {
        return Some(own);
    }
    let shared = if cfg!(windows) {
        set("LOCALAPPDATA")
    } else {
        set("XDG_CACHE_HOME").or_else(|| set("HOME").map(|home| home.join(".cache")))
    };
    shared.filter(|folder| folder.is_absolute()).map(|folder| folder.join("launchlint"))
}

/// Where something is kept about a tree. `None` if the folder lies in the tree.
pub(super) fn place(folder: &Path, tree: &Path, ending: &str) -> Option<PathBuf> {
    let tree = tree.canonicalize().ok()?;
    // The folder may not exist yet: the nearest one that does says where it will be.
    let home = folder.ancestors().find_map(|folder| folder.canonicalize().ok())?;
    if home.starts_with(&tree) {
        return None;
    }
    let name = Sha256::digest(tree.as_os_str().as_encoded_bytes());
    let name: String = name.iter().take(12).map(|byte| format!("{byte:02x}")).collect();
    Some(folder.join(format!("{name}.{ending}")))
}

/// Writes entries to a file, which appears whole or not at all.
pub(super) fn write<'e>(
    file: &Path,
    magic: &[u8; 16],
    entries: impl Iterator<Item = (&'e Key, &'e [u8])>,
) -> io::Result<()> {
    let folder = file.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut temporary = tempfile::Builder::new().prefix(".facts-").tempfile_in(folder)?;
    {
        let mut out = io::BufWriter::new(temporary.as_file_mut());
        out.write_all(magic)?;
        for (key, entry) in entries {
            let Ok(len) = u32::try_from(entry.len()) else { continue };
            out.write_all(key)?;
            out.write_all(&check(key, entry))?;
            out.write_all(&len.to_le_bytes())?;
            out.write_all(entry)?;
        }
        out.flush()?;
    }
    temporary.persist(file).map_err(|error| error.error)?;
    Ok(())
}

impl Pack {
    /// Opens the pack of a tree; an empty one if there is none that can be read. `None` if the folder lies in the tree.
    pub fn open(folder: &Path, tree: &Path) -> Option<Pack> {
        let file = place(folder, tree, "facts")?;
        let bytes = fs::read(&file).unwrap_or_default();
        let index = entries(&bytes, MAGIC).map(|all| all.into_iter().collect());
        let is_damaged = index.is_none() && !bytes.is_empty();
        Some(Pack { file, index: index.unwrap_or_default(), bytes, state: Mutex::default(), is_damaged })
    }

    /// Whether something in the pack could not be used.
    pub fn is_damaged(&self) -> bool {
        self.is_damaged || self.state().is_damaged
    }

    /// Keeps what this run used and made. Failing costs the next run its head start and nothing else.
    pub fn save(&self) {
        let state = self.state();
        if state.fresh.is_empty() && state.used.len() == self.index.len() && !self.is_damaged {
            return;
        }
        // Nothing is said: a cache that cannot be written, on a full or read-only disk, is no concern of the user's.
        drop(self.write(&state));
    }

    fn write(&self, state: &State) -> io::Result<()> {
        let mut used: Vec<&Key> = state.used.iter().collect();
        used.sort_unstable();
        let old = used.into_iter().filter_map(|key| Some((key, self.bytes.get(range(self.index.get(key)?))?)));
        let mut fresh: Vec<&(Key, Vec<u8>)> = state.fresh.iter().collect();
        fresh.sort_unstable();
        write(&self.file, MAGIC, old.chain(fresh.into_iter().map(|(key, entry)| (key, entry.as_slice()))))
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl FactStore for Pack {
    fn get(&self, key: &Key) -> Option<&[u8]> {
        let at = self.index.get(key)?;
        let entry = self.bytes.get(range(at))?;
        let is_whole = is_whole(&self.bytes, key, *at);
        let mut state = self.state();
        if is_whole {
            state.used.insert(*key);
        } else {
            state.is_damaged = true;
        }
        is_whole.then_some(entry)
    }

    fn put(&self, key: Key, entry: Vec<u8>) {
        let mut state = self.state();
        state.used.remove(&key);
        state.fresh.push((key, entry));
    }
}

fn range(at: &(usize, usize)) -> std::ops::Range<usize> {
    at.0..at.0 + at.1
}

/// Whether an entry is as it was written.
pub(super) fn is_whole(bytes: &[u8], key: &Key, at: (usize, usize)) -> bool {
    let told = bytes.get(at.0 - 12..at.0 - 4);
    bytes.get(range(&at)).is_some_and(|entry| told == Some(&check(key, entry)[..]))
}

/// Tells damage by chance: whoever can write here can do all that the user can.
fn check(key: &Key, entry: &[u8]) -> [u8; 8] {
    let mut hash = Sha256::new();
    hash.update(key);
    hash.update(entry);
    let hash: [u8; 32] = hash.finalize().into();
    hash.first_chunk().copied().unwrap_or_default()
}

/// The entries of a file and where they stand; `None` if it is no such file, or only a part of one.
pub(super) fn entries(bytes: &[u8], magic: &[u8; 16]) -> Option<Vec<(Key, (usize, usize))>> {
    let mut index = Vec::new();
    let mut at = magic.len();
    (bytes.get(..at)? == magic).then_some(())?;
    while at < bytes.len() {
        let key: Key = bytes.get(at..at + 32)?.try_into().ok()?;
        let len = u32::from_le_bytes(bytes.get(at + 40..at + HEAD)?.try_into().ok()?) as usize;
        at += HEAD;
        (len <= bytes.len() - at).then_some(())?;
        index.push((key, (at, len)));
        at += len;
    }
    Some(index)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::Pack;
    use crate::analysis::FactStore;

    #[test]
    fn entries_come_back_and_damaged_ones_do_not() {
        let (home, tree) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
        let open = || Pack::open(home.path(), tree.path()).expect("a place outside of the tree");
        let first = open();
        assert_eq!(first.get(&[1; 32]), None);
        first.put([1; 32], b"one".to_vec());
        first.put([2; 32], b"two".to_vec());
        first.save();

        let second = open();
        assert_eq!(second.get(&[1; 32]), Some(&b"one"[..]));
        assert!(!second.is_damaged());
        second.save();
        assert_eq!(open().get(&[2; 32]), None, "what a run did not use is not kept");

        let third = open();
        let mut bytes = fs::read(&third.file).expect("the pack");
        *bytes.last_mut().expect("a byte") ^= 1;
        fs::write(&third.file, &bytes).expect("the pack");
        let damaged = open();
        assert_eq!(damaged.get(&[1; 32]), None);
        assert!(damaged.is_damaged());
        fs::write(&third.file, &bytes[..bytes.len() - 2]).expect("the pack");
        let cut = open();
        assert!(cut.is_damaged() && cut.get(&[1; 32]).is_none());
        fs::write(&third.file, b"something else").expect("the pack");
        assert!(open().is_damaged());
    }

    #[test]
    fn a_folder_in_the_tree_is_not_used() {
        let tree = tempfile::tempdir().expect("a folder");
        assert!(Pack::open(&tree.path().join("cache"), tree.path()).is_none());
        assert!(Pack::open(tree.path(), tree.path()).is_none());
    }
}
