//! Dated results, and what they say together: exposure, coverage, time to contain, attacks by response.
//!
//! A record holds numbers and fingerprints, no text of the repository. Records are added, never changed.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::Checklist;
use crate::rules::card::{Activation, RuleSet};
use crate::rules::decisions;
use crate::settings::Date;

/// The version of the format of a record.
pub const VERSION: u32 = 1;

/// The risk class whose rules tell of exposed data.
const DISCLOSURE: &str = "LLM02:2025";

/// How many of how many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// Those that have it.
    pub of: u64,
    /// All.
    pub all: u64,
}

/// One dated result.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The version of this format.
    pub version: u32,
    /// The day.
    pub date: Date,
    /// The commit that was judged, if told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// Verdicts by item; empty for records out of other reports.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub verdicts: BTreeMap<String, String>,
    /// Entry points with a control, by control.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub coverage: BTreeMap<String, Share>,
    /// Open findings by rule.
    #[serde(default)]
    pub findings: BTreeMap<String, u64>,
    /// Findings about exposed data by class, which is the rule that tells of it.
    #[serde(default)]
    pub exposure: BTreeMap<String, u64>,
    /// Names of all findings, sorted.
    #[serde(default)]
    pub fingerprints: Vec<String>,
    /// Adversarial cases by response, if their results were given.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attacks: BTreeMap<String, u64>,
}

/// A finding of a past report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Past {
    /// Its rule.
    pub rule: String,
    /// Its name, if the report held it.
    pub fingerprint: Option<String>,
}

impl Record {
    /// A record of a judged checklist. Like a SARIF file it holds the findings that are reported by default and that
    /// nothing excuses, so that records of either origin can be compared: a decision contains a finding, too.
    pub fn of(checklist: &Checklist, rules: &RuleSet, commit: Option<String>) -> Record {
        let mut past: BTreeSet<(String, String)> = BTreeSet::new();
        for failure in checklist.items.iter().flat_map(|row| &row.evidence).flat_map(|line| &line.failures) {
            let (Some(rule), Some(name)) = (&failure.rule, &failure.fingerprint) else { continue };
            let is_reported = rules.get(rule).is_some_and(|card| card.activation == Activation::On);
            if is_reported && !failure.is_excused {
                past.insert((rule.clone(), name.clone()));
            }
        }
        let past: Vec<Past> = past.into_iter().map(|(rule, name)| Past { rule, fingerprint: Some(name) }).collect();
        let mut coverage: BTreeMap<String, Share> = BTreeMap::new();
        for row in checklist.packages.iter().flat_map(|package| &package.coverage) {
            let name = serde_json::to_value(row.control).ok().and_then(|name| name.as_str().map(str::to_owned));
            let share = coverage.entry(name.unwrap_or_default()).or_default();
            share.of += row.counts.present as u64;
            share.all += row.counts.total as u64;
        }
        let verdicts = checklist.items.iter().map(|row| (row.id.clone(), row.verdict.label().to_owned()));
        Record {
            commit,
            verdicts: verdicts.collect(),
            coverage,
            ..Record::from_findings(checklist.today, &past, rules)
        }
    }

    /// A record of the findings of a past report.
    pub fn from_findings(date: Date, past: &[Past], rules: &RuleSet) -> Record {
        let mut record = Record { version: VERSION, date, ..Record::default() };
        for finding in past {
            // They tell of the team's notes, not of the product, and verdicts do not rest on them.
            if rules.resolve(&finding.rule).is_ok_and(decisions::is_about_decisions) {
                continue;
            }
            *record.findings.entry(finding.rule.clone()).or_default() += 1;
            let is_exposure =
                rules.resolve(&finding.rule).is_ok_and(|card| card.owasp.iter().any(|class| class == DISCLOSURE));
            if is_exposure {
                *record.exposure.entry(finding.rule.clone()).or_default() += 1;
            }
            record.fingerprints.extend(finding.fingerprint.clone());
        }
        record.fingerprints.sort();
        record.fingerprints.dedup();
        record
    }

    /// All findings.
    pub fn total(&self) -> u64 {
        self.findings.values().sum()
    }

    /// The share of adversarial cases that were blocked or mitigated, if there were any.
    pub fn blocked(&self) -> Option<Share> {
        let all: u64 = self.attacks.values().sum();
        let of = ["blocked", "mitigated"].iter().filter_map(|response| self.attacks.get(*response)).sum();
        (all > 0).then_some(Share { of, all })
    }
}

/// How fast findings went away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Containment {
    /// Findings that appeared and went away.
    pub contained: u64,
    /// Mean days from a finding's first record to the first record without it.
    pub mean_days: Option<f64>,
    /// Findings of the last record.
    pub open: u64,
    /// Days since the oldest of these was first recorded.
    pub oldest_open_days: Option<i64>,
}

/// How fast findings went away over some records, oldest first. What the first record holds may be older than it.
pub fn containment(records: &[Record]) -> Containment {
    let mut since: BTreeMap<&str, Date> = BTreeMap::new();
    let (mut contained, mut days) = (0u64, 0i64);
    for record in records {
        let now: BTreeSet<&str> = record.fingerprints.iter().map(String::as_str).collect();
        let gone: Vec<&str> = since.keys().copied().filter(|name| !now.contains(name)).collect();
        for name in gone {
            if let Some(first) = since.remove(name) {
                contained += 1;
                days += first.days_until(record.date);
            }
        }
        for name in now {
            since.entry(name).or_insert(record.date);
        }
    }
    let last = records.last().map(|record| record.date);
    let oldest = since.values().min().zip(last).map(|(first, last)| first.days_until(last));
    #[expect(clippy::cast_precision_loss, reason = "a mean of days needs no more precision")]
    let mean = (contained > 0).then(|| days as f64 / contained as f64);
    Containment { contained, mean_days: mean, open: since.len() as u64, oldest_open_days: oldest }
}

/// Reads records, one JSON object a line; empty lines are passed.
///
/// # Errors
///
/// The line, from 1, that is no record, and why.
pub fn read(text: &str) -> Result<Vec<Record>, (usize, String)> {
    let lines = text.lines().zip(1..).filter(|(line, _)| !line.trim().is_empty());
    let record = |(line, number): (&str, usize)| {
        let record: Record = serde_json::from_str(line).map_err(|error| (number, error.to_string()))?;
        match record.version {
            VERSION => Ok(record),
            other => Err((number, format!("it is of version {other}, and this program knows {VERSION}"))),
        }
    };
    let mut records: Vec<Record> = lines.map(record).collect::<Result<_, _>>()?;
    records.sort_by_key(|record| record.date);
    Ok(records)
}

#[cfg(test)]
mod tests {
    use super::{Record, VERSION, containment, read};

    fn record(date: &str, names: &[&str]) -> Record {
        Record {
            version: VERSION,
            date: date.parse().expect("a day"),
            fingerprints: names.iter().map(|name| (*name).to_owned()).collect(),
            ..Record::default()
        }
    }

    #[test]
    fn time_to_contain_counts_from_first_sight_to_absence() {
        let records =
            [record("2026-01-01", &["a", "b"]), record("2026-01-05", &["b", "c"]), record("2026-01-11", &["c"])];
        let said = containment(&records);
        assert_eq!((said.contained, said.mean_days), (2, Some(7.0)), "a after 4 days, b after 10");
        assert_eq!((said.open, said.oldest_open_days), (1, Some(6)));
        assert_eq!(containment(&[]).mean_days, None);
    }

    #[test]
    fn records_are_read_back_in_order_of_time() {
        let lines: Vec<String> = [record("2026-02-01", &["a"]), record("2026-01-01", &[])]
            .iter()
            .map(|record| serde_json::to_string(record).expect("serialises"))
            .collect();
        let records = read(&format!("{}\n\n{}\n", lines[0], lines[1])).expect("valid");
        assert_eq!(
            records.iter().map(|record| record.date.to_string()).collect::<Vec<_>>(),
            ["2026-01-01", "2026-02-01"]
        );
        assert_eq!(read("{}\n").expect_err("no version").0, 1);
    }
}
