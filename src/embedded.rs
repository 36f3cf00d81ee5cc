//! The rule data compiled into the binary: every `.yml` and `.md` below `rules/`, as (path, text), sorted by path.

/// All embedded files.
pub static EMBEDDED: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/rules_embedded.rs"));

/// The embedded files below a folder such as `rules/credentials/`.
pub fn below(folder: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    EMBEDDED.iter().copied().filter(move |(name, _)| name.starts_with(folder))
}
