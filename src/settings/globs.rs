//! Path patterns as users write them in options and configuration.

use std::borrow::Cow;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

/// A pattern that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{pattern}` is not a path pattern: {reason}")]
pub struct GlobError {
    /// As written.
    pub pattern: String,
    /// What is wrong with it.
    pub reason: String,
}

/// A list of path patterns, matched against paths relative to the scanned root.
///
/// As in `.gitignore`, a pattern without a slash matches at any depth, one with a slash from the root, and a match on a
/// folder covers everything below it. `*` stays within one path segment; `**` crosses them.
#[derive(Clone, Debug, Default)]
pub struct PathGlobs {
    patterns: Vec<String>,
    /// The scanned root as seen from the folder that the patterns count from; empty, or ends in a slash.
    prefix: String,
    /// Two globs a pattern: the thing itself and what lies below it.
    set: GlobSet,
}

impl PathGlobs {
    /// Reads a list of patterns that count from the scanned root.
    pub fn new<I, S>(patterns: I) -> Result<Self, GlobError>
    where
        I: IntoIterator<Item = S>,
        S: Into<String>,
    {
        let patterns: Vec<String> = patterns.into_iter().map(Into::into).collect();
        let mut set = GlobSetBuilder::new();
        for pattern in &patterns {
            let failed = |reason: String| GlobError { pattern: pattern.clone(), reason };
            let anchored = anchor(pattern).ok_or_else(|| failed("it is empty".into()))?;
            for glob in [anchored.clone(), format!("{anchored}/**")] {
                let glob = GlobBuilder::new(&glob).literal_separator(true).build();
                set.add(glob.map_err(|error| failed(error.kind().to_string()))?);
            }
        }
        let failed =
            |error: globset::Error| GlobError { pattern: patterns.join(", "), reason: error.kind().to_string() };
        let set = set.build().map_err(failed)?;
        Ok(PathGlobs { patterns, prefix: String::new(), set })
    }

    /// The same patterns, counted from a folder above the scanned root: `root` is the root as seen from there.
    pub fn counted_from(mut self, root: &str) -> Self {
        self.prefix = if root.is_empty() { String::new() } else { format!("{}/", root.trim_end_matches('/')) };
        self
    }

    /// Whether there is no pattern.
    pub fn is_empty(&self) -> bool {
        self.patterns.is_empty()
    }

    /// The patterns as written.
    pub fn patterns(&self) -> &[String] {
        &self.patterns
    }

    /// Whether any pattern matches a path or a folder above it.
    pub fn is_match(&self, path: &str) -> bool {
        !self.is_empty() && self.set.is_match(&*self.counted(path))
    }

    /// Indices into [`PathGlobs::patterns`] of those that match, with repeats.
    pub fn matching(&self, path: &str) -> Vec<usize> {
        if self.is_empty() {
            return Vec::new();
        }
        self.set.matches(&*self.counted(path)).into_iter().map(|glob| glob / 2).collect()
    }

    fn counted<'p>(&self, path: &'p str) -> Cow<'p, str> {
        if self.prefix.is_empty() { Cow::Borrowed(path) } else { Cow::Owned(format!("{}{path}", self.prefix)) }
    }
}

/// The glob, from the root, that a pattern stands for.
fn anchor(pattern: &str) -> Option<String> {
    let body = pattern.trim().trim_end_matches('/');
    let body = body.strip_prefix("./").unwrap_or(body);
    let rooted = body.strip_prefix('/');
    match rooted.unwrap_or(body) {
        "" => None,
        body if rooted.is_none() && !body.contains('/') => Some(format!("**/{body}")),
        body => Some(body.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::PathGlobs;

    #[test]
    fn patterns_match_as_in_gitignore() {
        let cases = [
            ("docs", "a/docs/b.md", true),
            ("docs", "docs", true),
            ("/docs", "a/docs/b.md", false),
            ("docs/", "docs/b.md", true),
            ("./src/*.py", "src/a.py", true),
            ("src/*.py", "src/a/b.py", false),
            ("src/**/*.py", "src/a/b.py", true),
            ("*.min.js", "web/a.min.js", true),
            ("*.{yml,yaml}", "k8s/app.yaml", true),
            ("docs", "mydocs/x", false),
        ];
        for (pattern, path, wanted) in cases {
            let globs = PathGlobs::new([pattern]).expect("the pattern is valid");
            assert_eq!(globs.is_match(path), wanted, "{pattern} on {path}");
        }
    }

    #[test]
    fn patterns_can_count_from_above_the_root() {
        let globs = PathGlobs::new(["backend/legacy", "docs"]).expect("valid patterns").counted_from("backend");
        assert!(globs.is_match("legacy/a.py"));
        assert!(globs.is_match("docs/a.md"));
        assert_eq!(globs.matching("legacy/a.py"), [0]);
        assert!(!globs.is_match("backend/legacy/a.py"));
    }

    #[test]
    fn broken_patterns_are_named() {
        let error = PathGlobs::new(["ok", "a[", ""]).expect_err("an open class is no pattern");
        assert_eq!(error.pattern, "a[");
        assert!(PathGlobs::new([" / "]).is_err());
        assert!(!PathGlobs::default().is_match("a"));
    }
}
