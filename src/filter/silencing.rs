//! What a change does to make the audit say less: new suppressions, looser settings, files that are no longer read.
//!
//! A review must see these, so each becomes a notice. Nothing here decides whether one is justified.

use std::collections::{BTreeMap, BTreeSet};

use toml::{Table, Value};

use super::Audited;
use super::directive::{self, Directive};
use super::lines;
use crate::finding::{Notice, NoticeKind, Severity};
use crate::source::Span;

/// Lists of the configuration to which an addition makes the audit say less.
const GROWING: [&str; 6] =
    ["rules.disable", "scan.exclude", "paths.test", "paths.example", "paths.vendored", "paths.generated"];
/// Lists of the configuration from which a removal makes the audit say less.
const SHRINKING: [&str; 1] = ["paths.production"];

/// A suppression as it stands in a file, whether or not it does anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declared {
    path: String,
    span: Span,
    directive: Directive,
}

/// Every well-formed suppression of some files.
pub fn declared(files: &[Audited<'_>]) -> Vec<Declared> {
    let mut found = Vec::new();
    for audited in files {
        for (span, after_mark) in lines::marks(*audited).unwrap_or_default() {
            if let Some(Ok(directive)) = directive::parse(after_mark) {
                found.push(Declared { path: audited.file.path.clone(), span, directive });
            }
        }
    }
    found
}

/// Suppressions that a change adds, widens or prolongs. `was_at` tells where a file was before.
pub fn new_suppressions(before: &[Declared], after: &[Declared], was_at: impl Fn(&str) -> String) -> Vec<Notice> {
    type Key = (String, Vec<String>, bool, Option<String>);
    let key = |declared: &Declared, path: String| -> Key {
        let Directive { rules, is_file_wide, until, .. } = &declared.directive;
        let mut rules = rules.clone();
        rules.sort();
        (path, rules, *is_file_wide, until.map(|date| date.to_string()))
    };
    let mut known: BTreeMap<Key, usize> = BTreeMap::new();
    for declared in before {
        *known.entry(key(declared, declared.path.clone())).or_default() += 1;
    }
    let mut notices = Vec::new();
    for declared in after {
        if let Some(left) = known.get_mut(&key(declared, was_at(&declared.path))).filter(|left| **left > 0) {
            *left -= 1;
            continue;
        }
        let Directive { rules, is_file_wide, until, reason } = &declared.directive;
        let scope = if *is_file_wide { " for the whole file" } else { "" };
        let until = until.map(|date| format!(" until {date}")).unwrap_or_default();
        let rules = rules.join("`, `");
        let message = format!("this change suppresses `{rules}`{scope}{until}: \"{reason}\"");
        let (path, span) = (declared.path.clone(), Some(declared.span));
        notices.push(Notice { kind: NoticeKind::Silencing, path, span, message });
    }
    notices
}

/// What a change of the configuration makes the audit say less of; texts that are no valid TOML are not compared.
pub fn looser_settings(file: &str, before: &str, after: &str) -> Vec<Notice> {
    let (Ok(old), Ok(new)) = (before.parse::<Table>(), after.parse::<Table>()) else { return Vec::new() };
    let (mut was, mut is) = (BTreeMap::new(), BTreeMap::new());
    flatten("", &Value::Table(old), &mut was);
    flatten("", &Value::Table(new), &mut is);
    let keys: BTreeSet<&String> = was.keys().chain(is.keys()).collect();
    let none = BTreeSet::new();
    let mut notices = Vec::new();
    for key in keys {
        let (old, new) = (was.get(key).unwrap_or(&none), is.get(key).unwrap_or(&none));
        for message in said(key, old, new) {
            let span = new.difference(old).next().and_then(|value| find(after, value));
            notices.push(Notice { kind: NoticeKind::Silencing, path: file.to_owned(), span, message });
        }
    }
    notices
}

/// Lines that a change adds to a list of paths that are not read.
pub fn longer_ignore_file(file: &str, before: &str, after: &str) -> Vec<Notice> {
    let lines = |text: &str| -> BTreeSet<String> {
        text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')).map(Into::into).collect()
    };
    let new: Vec<String> = lines(after).difference(&lines(before)).map(|line| format!("`{line}`")).collect();
    if new.is_empty() {
        return Vec::new();
    }
    let message = format!("this change hides more paths from the audit: {}", new.join(", "));
    vec![Notice::file(NoticeKind::Silencing, file, message)]
}

/// Files that were read before, are still there and are read no more.
pub fn no_longer_read(files: &[String]) -> Vec<Notice> {
    let why = "this change hides the file from the audit: it was read before, is still there and is read no more";
    files.iter().map(|path| Notice::file(NoticeKind::Silencing, path, why)).collect()
}

/// Files that Git holds though an ignore file names them, from the day that they come.
pub fn ignored_from_the_start<'p>(files: impl Iterator<Item = &'p str>) -> Vec<Notice> {
    let why = "this change brings a file that is hidden from the audit: Git holds it, and an ignore file names it";
    files.map(|path| Notice::file(NoticeKind::Silencing, path, why)).collect()
}

/// Files that shipped before and count as generated now, or that come with the change and count so: by what they say or look
/// like alone. `before` tells whether a path shipped, if it was there.
pub fn no_longer_analysed(notices: &[Notice], before: impl Fn(&str) -> Option<bool>) -> Vec<Notice> {
    let told = notices.iter().filter(|notice| notice.kind == NoticeKind::Generated);
    let said = told.filter_map(|notice| {
        let what = match before(&notice.path) {
            Some(true) => "this change takes the file out of the analysis",
            Some(false) => return None,
            None => "this change brings a file that is not analysed",
        };
        Some(Notice::file(NoticeKind::Silencing, &notice.path, format!("{what}: {}", notice.message)))
    });
    said.collect()
}

/// Every value with its dotted key; the items of a list stand below one key.
fn flatten(key: &str, value: &Value, out: &mut BTreeMap<String, BTreeSet<String>>) {
    match value {
        Value::Table(table) => {
            for (name, value) in table {
                let key = if key.is_empty() { name.clone() } else { format!("{key}.{name}") };
                flatten(&key, value, out);
            }
        }
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(plain).collect();
            out.entry(key.to_owned()).or_default().extend(items);
        }
        value => {
            out.entry(key.to_owned()).or_default().insert(plain(value));
        }
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        value => value.to_string(),
    }
}

fn said(key: &str, old: &BTreeSet<String>, new: &BTreeSet<String>) -> Vec<String> {
    let list = |values: Vec<&String>| values.iter().map(|value| format!("`{value}`")).collect::<Vec<_>>().join(", ");
    let (came, went): (Vec<_>, Vec<_>) = (new.difference(old).collect(), old.difference(new).collect());
    if came.is_empty() && went.is_empty() {
        return Vec::new();
    }
    if GROWING.contains(&key) {
        return if came.is_empty() { Vec::new() } else { vec![format!("this change adds {} to `{key}`", list(came))] };
    }
    if SHRINKING.contains(&key) {
        return if went.is_empty() {
            Vec::new()
        } else {
            vec![format!("this change takes {} from `{key}`", list(went))]
        };
    }
    let one = |values: &BTreeSet<String>| values.iter().next().cloned();
    if let (true, Some(new)) = (key.starts_with("rules.severity."), one(new)) {
        let (was, is) = (one(old).as_deref().and_then(severity), severity(&new));
        if was.is_some() && is >= was {
            return Vec::new();
        }
        return vec![format!("this change sets `{key}` to `{new}`")];
    }
    // What a key means to the audit is not known here, so that every change of it is told.
    let from = one(old).map_or_else(String::new, |_| format!(" from {}", list(old.iter().collect())));
    let to = one(new).map_or_else(|| " to nothing".to_owned(), |_| format!(" to {}", list(new.iter().collect())));
    vec![format!("this change sets `{key}`{from}{to}")]
}

fn severity(word: &str) -> Option<Severity> {
    Severity::ALL.into_iter().find(|severity| severity.label() == word)
}

fn find(text: &str, word: &str) -> Option<Span> {
    text.find(word).map(|at| Span::new(at, at + word.len()))
}

#[cfg(test)]
mod tests {
    use super::{longer_ignore_file, looser_settings, no_longer_analysed};
    use crate::finding::{Notice, NoticeKind};

    fn said(before: &str, after: &str) -> Vec<String> {
        looser_settings("launchlint.toml", before, after).into_iter().map(|notice| notice.message).collect()
    }

    #[test]
    fn looser_settings_are_told_and_stricter_ones_are_not() {
        let base = "[rules]\ndisable = [\"a\"]\nseverity = { b = \"high\" }\n[paths]\nproduction = [\"x\"]\n";
        assert_eq!(said(base, base), [""; 0]);
        assert_eq!(said(base, &base.replace("[\"a\"]", "[\"a\", \"c\"]")), ["this change adds `c` to `rules.disable`"]);
        assert_eq!(said(base, &base.replace("[\"a\"]", "[]")), [""; 0]);
        assert_eq!(said(base, &base.replace("high", "low")), ["this change sets `rules.severity.b` to `low`"]);
        assert_eq!(said(base, &base.replace("high", "critical")), [""; 0]);
        assert_eq!(said(base, &base.replace("[\"x\"]", "[]")), ["this change takes `x` from `paths.production`"]);
        assert_eq!(said("", "[scan]\nexclude = [\"api\"]\n"), ["this change adds `api` to `scan.exclude`"]);
        assert_eq!(said("", "[new.thing]\nvalue = 3\n"), ["this change sets `new.thing.value` to `3`"]);
    }

    #[test]
    fn files_that_turn_into_generated_ones_are_told() {
        let all = ["a", "b", "c"].map(|path| Notice::file(NoticeKind::Generated, path, "why"));
        let said = no_longer_analysed(&all, |path| match path {
            "a" => Some(true),
            "b" => Some(false),
            _ => None,
        });
        let said: Vec<_> = said.iter().map(|notice| (notice.path.as_str(), notice.message.as_str())).collect();
        assert_eq!(
            said,
            [
                ("a", "this change takes the file out of the analysis: why"),
                ("c", "this change brings a file that is not analysed: why")
            ]
        );
    }

    #[test]
    fn ignore_files_that_grow_are_told() {
        assert_eq!(longer_ignore_file("f", "a\n", "# why\na\n\n").len(), 0);
        let said = longer_ignore_file("f", "a\n", "a\nb\n");
        assert_eq!(said[0].message, "this change hides more paths from the audit: `b`");
    }
}
