//! Ignore files that somebody hands in, instead of those that stand in the tree.

use std::path::Path;

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use crate::settings::IgnoreFiles;

/// Compiled ignore files of another state.
pub(super) struct Given {
    prefix: String,
    /// Each with its folder and a final `/`; later ones win.
    files: Vec<(String, Gitignore)>,
}

impl Given {
    /// Compiles ignore files. A line that cannot be understood hides nothing.
    pub(super) fn new(ignores: &IgnoreFiles) -> Given {
        let compile = |(folder, text): &(String, String)| {
            let mut builder = GitignoreBuilder::new("");
            for line in text.lines() {
                drop(builder.add_line(None, line));
            }
            let folder = if folder.is_empty() { String::new() } else { format!("{folder}/") };
            (folder, builder.build().unwrap_or_else(|_| Gitignore::empty()))
        };
        Given { prefix: ignores.prefix.clone(), files: ignores.files.iter().map(compile).collect() }
    }

    /// Whether a path, counted from the scanned root, is hidden. What is hidden with a folder above it is not told.
    pub(super) fn hides(&self, relative: &str, is_folder: bool) -> bool {
        let path = format!("{}{relative}", self.prefix);
        for (folder, file) in self.files.iter().rev() {
            let Some(below) = path.strip_prefix(folder.as_str()) else { continue };
            match file.matched(Path::new(below), is_folder) {
                Match::None => {}
                Match::Ignore(_) => return true,
                Match::Whitelist(_) => return false,
            }
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::Given;
    use crate::settings::IgnoreFiles;

    #[test]
    fn the_file_nearest_to_a_path_has_the_last_word() {
        let files = [("", "*.log\nbuild/\n/top.py\n"), ("app", "!keep.log\n/own.py\n")];
        let files = files.map(|(folder, text)| (folder.to_owned(), text.to_owned())).to_vec();
        let given = Given::new(&IgnoreFiles { prefix: "app/".into(), files });
        assert!(given.hides("a.log", false) && !given.hides("keep.log", false));
        assert!(given.hides("own.py", false) && !given.hides("b/own.py", false));
        assert!(given.hides("build", true) && !given.hides("build", false));
        assert!(!given.hides("top.py", false), "it is about the top");
    }
}
