//! The data files that ship inside the binary: rule cards and pages, models, the checklist.
//!
//! Only look-ups live here; each kind of data is read and judged by the module that owns it.

/// Every file below `rules/` as `(path, text)`, sorted by path; paths start with `rules/` and use `/`.
pub static EMBEDDED: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/rules_embedded.rs"));

/// The data files among [`EMBEDDED`] as JSON, in the same order; empty for others.
static COMPILED: &[&str] = include!(concat!(env!("OUT_DIR"), "/rules_compiled.rs"));

/// The JSON of an embedded data file, if `text` is that file's own and not another's under its path.
pub fn compiled(path: &str, text: &str) -> Option<&'static str> {
    let at = EMBEDDED.binary_search_by(|(name, _)| (*name).cmp(path)).ok()?;
    let (_, own) = EMBEDDED.get(at)?;
    let is_it = std::ptr::eq(own.as_ptr(), text.as_ptr()) && own.len() == text.len();
    COMPILED.get(at).copied().filter(|json| is_it && !json.is_empty())
}

/// The text of one file among `files`, which must be sorted by path.
pub fn file<'a>(files: &[(&'a str, &'a str)], path: &str) -> Option<&'a str> {
    let at = files.binary_search_by(|(name, _)| (*name).cmp(path)).ok()?;
    files.get(at).map(|(_, text)| *text)
}

/// The files whose path starts with `prefix`, in order; `files` must be sorted by path.
pub fn below<'a, 'f>(files: &'f [(&'a str, &'a str)], prefix: &str) -> &'f [(&'a str, &'a str)] {
    let start = files.partition_point(|(name, _)| *name < prefix);
    let len = files[start..].iter().take_while(|(name, _)| name.starts_with(prefix)).count();
    &files[start..start + len]
}

#[cfg(test)]
mod tests {
    use super::{COMPILED, EMBEDDED, below, compiled, file};

    #[test]
    fn every_data_file_is_there_in_both_forms() {
        assert_eq!(EMBEDDED.len(), COMPILED.len());
        for (name, text) in EMBEDDED {
            assert_eq!(name.ends_with(".yml"), compiled(name, text).is_some(), "{name}");
            let copy = String::from(*text);
            assert_eq!(compiled(name, &copy), None, "{name}: another text");
        }
    }

    #[test]
    fn the_embedded_files_are_sorted_and_found_by_path_and_prefix() {
        assert!(EMBEDDED.is_sorted_by_key(|(name, _)| *name));
        assert!(file(EMBEDDED, "rules/checklist.yml").is_some());
        assert_eq!(file(EMBEDDED, "rules/absent.yml"), None);
        let files = [("a/x", "1"), ("b/x", "2"), ("b/y", "3"), ("c", "4")];
        assert_eq!(below(&files, "b/"), &files[1..3]);
        assert!(below(&files, "d").is_empty());
    }
}
