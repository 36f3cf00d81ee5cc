//! The data files that ship inside the binary: rule cards and pages, models, the checklist.
//!
//! Only look-ups live here; each kind of data is read and judged by the module that owns it.

/// Every file below `rules/` as `(path, text)`, sorted by path; paths start with `rules/` and use `/`.
pub static EMBEDDED: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/rules_embedded.rs"));

/// The files whose path starts with `prefix`, in order; `files` must be sorted by path.
pub fn below<'a, 'f>(files: &'f [(&'a str, &'a str)], prefix: &str) -> &'f [(&'a str, &'a str)] {
    let start = files.partition_point(|(name, _)| *name < prefix);
    let len = files[start..].iter().take_while(|(name, _)| name.starts_with(prefix)).count();
    &files[start..start + len]
}
