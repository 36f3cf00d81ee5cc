//! The baseline: the findings that a team had on the day it began, accepted until somebody touches them.
//!
//! Entries are told by fingerprint, which holds no line number. Rule, path and subject are written beside it for whoever
//! reviews the file. Reading and writing files is not done here.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::finding::{Finding, Notice, NoticeKind};

/// The name of the file where nobody says otherwise.
pub const FILE_NAME: &str = "launchlint-baseline.json";
/// The version of the format.
const SCHEMA_VERSION: u32 = 1;
/// So many new entries are named; the others are counted.
const NAMED: usize = 5;

/// Accepted findings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    /// By path, rule and fingerprint.
    pub entries: Vec<Entry>,
}

/// One accepted finding.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Where it is.
    pub path: String,
    /// Which rule found it.
    pub rule: String,
    /// Its name.
    pub fingerprint: String,
    /// What it is about.
    pub subject: String,
    /// The day it was accepted.
    pub since: String,
    /// Why, if somebody wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    schema_version: u32,
    findings: Vec<Entry>,
}

/// What an update did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Updated {
    /// Entries that came.
    pub added: usize,
    /// Entries that went.
    pub removed: usize,
}

impl Baseline {
    /// Reads a baseline.
    ///
    /// # Errors
    ///
    /// What is wrong with the text.
    pub fn parse(text: &str) -> Result<Baseline, String> {
        let document: Document = serde_json::from_str(text).map_err(|error| error.to_string())?;
        if document.schema_version != SCHEMA_VERSION {
            return Err(format!("it has version {}, and this program reads {SCHEMA_VERSION}", document.schema_version));
        }
        Ok(Baseline { entries: document.findings })
    }

    /// The text of the file; ends with a line end.
    ///
    /// # Errors
    ///
    /// None that can happen for entries made of text.
    pub fn to_text(&self) -> Result<String, serde_json::Error> {
        let mut findings = self.entries.clone();
        findings.sort();
        let document = Document { schema_version: SCHEMA_VERSION, findings };
        Ok(serde_json::to_string_pretty(&document)? + "\n")
    }

    /// The entry of a finding's name.
    pub fn get(&self, fingerprint: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.fingerprint == fingerprint)
    }

    /// Takes in findings that have no entry.
    pub fn add<'f>(
        &mut self,
        found: impl Iterator<Item = (&'f Finding, &'f str)>,
        since: &str,
        reason: Option<&str>,
    ) -> usize {
        let known: BTreeSet<String> = self.entries.iter().map(|entry| entry.fingerprint.clone()).collect();
        let new: Vec<Entry> = found
            .filter(|(_, name)| !known.contains(*name))
            .map(|(finding, name)| Entry {
                path: finding.at.path.clone(),
                rule: finding.rule.clone(),
                fingerprint: name.to_owned(),
                subject: finding.subject.clone(),
                since: since.to_owned(),
                reason: reason.map(str::to_owned),
            })
            .collect();
        let added = new.len();
        self.entries.extend(new);
        added
    }

    /// Takes out entries that are in scope and name nothing that is still found.
    pub fn prune(&mut self, found: &BTreeSet<&str>, in_scope: impl Fn(&Entry) -> bool) -> usize {
        let before = self.entries.len();
        self.entries.retain(|entry| found.contains(entry.fingerprint.as_str()) || !in_scope(entry));
        before - self.entries.len()
    }

    /// Entries in scope that name nothing that is still found, as notices.
    pub fn stale(&self, found: &BTreeSet<&str>, in_scope: impl Fn(&Entry) -> bool) -> Vec<Notice> {
        let stale = self.entries.iter().filter(|entry| !found.contains(entry.fingerprint.as_str()) && in_scope(entry));
        let mut by_place: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        for entry in stale {
            *by_place.entry((&entry.path, &entry.rule)).or_default() += 1;
        }
        let notice = |((path, rule), number): ((&str, &str), usize)| {
            let what = if number == 1 { "the entry".to_owned() } else { format!("{number} entries") };
            let why = format!("stale baseline: {what} of `{rule}` here match nothing any more; run `baseline prune`");
            Notice::file(NoticeKind::Ineffective, path, why)
        };
        by_place.into_iter().map(notice).collect()
    }

    /// What a change added to the baseline, as a notice.
    pub fn grown(&self, before: &Baseline, file: &str) -> Option<Notice> {
        let known: BTreeSet<&str> = before.entries.iter().map(|entry| entry.fingerprint.as_str()).collect();
        let mut new: Vec<&Entry> =
            self.entries.iter().filter(|entry| !known.contains(entry.fingerprint.as_str())).collect();
        new.sort();
        if new.is_empty() {
            return None;
        }
        let named: Vec<String> =
            new.iter().take(NAMED).map(|entry| format!("`{}` in {}", entry.rule, entry.path)).collect();
        let more = if new.len() > NAMED { format!(" and {} more", new.len() - NAMED) } else { String::new() };
        let why = format!("this change adds {} to the baseline: {}{more}", new.len(), named.join(", "));
        Some(Notice::file(NoticeKind::Silencing, file, why))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Baseline, Entry};

    fn entry(path: &str, fingerprint: &str) -> Entry {
        Entry {
            path: path.into(),
            rule: "missing-timeout".into(),
            fingerprint: fingerprint.into(),
            subject: "ask".into(),
            since: "2026-01-01".into(),
            reason: None,
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        let baseline = Baseline { entries: vec![entry("b.py", "2"), entry("a.py", "1")] };
        let text = baseline.to_text().expect("serialises");
        let read = Baseline::parse(&text).expect("is valid");
        assert_eq!(read.entries.iter().map(|entry| entry.path.as_str()).collect::<Vec<_>>(), ["a.py", "b.py"]);
        assert_eq!(read.to_text().ok(), Some(text.clone()));
        assert!(Baseline::parse(&text.replace("\"schema_version\": 1", "\"schema_version\": 9")).is_err());
        assert!(Baseline::parse("[]").is_err());
    }

    #[test]
    fn stale_entries_are_told_and_pruned_in_scope_only() {
        let mut baseline = Baseline { entries: vec![entry("a.py", "1"), entry("a.py", "2"), entry("other/b.py", "3")] };
        let found = BTreeSet::from(["1"]);
        let in_scope = |entry: &Entry| !entry.path.starts_with("other/");
        let said = baseline.stale(&found, in_scope);
        assert_eq!(said.len(), 1);
        assert!(said[0].message.contains("stale baseline: the entry of `missing-timeout`"), "{}", said[0].message);
        assert_eq!(baseline.prune(&found, in_scope), 1);
        assert_eq!(baseline.entries.len(), 2);
    }

    #[test]
    fn growth_is_told() {
        let before = Baseline { entries: vec![entry("a.py", "1")] };
        let after = Baseline { entries: vec![entry("a.py", "1"), entry("b.py", "2")] };
        let said = after.grown(&before, "launchlint-baseline.json").expect("it grew");
        assert!(said.message.contains("adds 1 to the baseline: `missing-timeout` in b.py"), "{}", said.message);
        assert_eq!(before.grown(&after, "x"), None);
    }
}
