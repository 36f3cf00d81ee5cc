//! Whether the ignore files of a tree can be handed to the walk, which reads them whole and wherever they lead.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use super::{IGNORE_FILE, Roots, kind};

/// The largest ignore file that is used. Those that people write have a few KiB.
const MOST_BYTES: u64 = 256 << 10;
/// The longest line: a pattern is compiled, and takes many times its length.
const LONGEST_LINE: usize = 2048;

/// An ignore file that must not be read, and why.
///
/// A pipe would stop the walk for good, a link to a device would fill the memory. The tree is searched without any
/// ignore file, so that none hides another.
pub(super) fn unfit(roots: &Roots) -> Option<(PathBuf, &'static str)> {
    let repository = roots.repository();
    let above =
        roots.base().ancestors().skip(1).take_while(|folder| repository.is_some_and(|top| folder.starts_with(top)));
    let mut files: Vec<PathBuf> =
        above.flat_map(|folder| [".gitignore", IGNORE_FILE].map(|name| folder.join(name))).collect();
    files.extend(repository.map(|top| top.join(".git/info/exclude")));
    if let Some(found) = files.into_iter().find_map(|file| why(&file).map(|why| (file, why))) {
        return Some(found);
    }
    let mut folders: Vec<PathBuf> = roots.paths().to_vec();
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        for entry in entries.flatten() {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            if name == ".gitignore" || name == IGNORE_FILE {
                let file = entry.path();
                if let Some(why) = why(&file) {
                    return Some((file, why));
                }
            } else if entry.file_type().is_ok_and(|kind| kind.is_dir()) && !passes(&name) {
                folders.push(entry.path());
            }
        }
    }
    None
}

/// Folders that the walk leaves out by their name.
fn passes(name: &str) -> bool {
    kind::is_bookkeeping(name) || kind::holds_packages(name)
}

fn why(file: &Path) -> Option<&'static str> {
    let about = fs::metadata(file).ok()?;
    if about.is_dir() {
        return None;
    }
    if !about.is_file() {
        return Some("it is a pipe, socket or device");
    }
    if about.len() > MOST_BYTES {
        return Some("it is far too large");
    }
    let mut bytes = Vec::new();
    File::open(file).ok()?.take(MOST_BYTES).read_to_end(&mut bytes).ok()?;
    let is_long = bytes.split(|byte| *byte == b'\n').any(|line| line.len() > LONGEST_LINE);
    is_long.then_some("a line of it is far too long")
}
