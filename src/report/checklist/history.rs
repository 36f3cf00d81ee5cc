//! Results over time as a table and as JSON.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde::Serialize;

use crate::checklist::history::{Containment, Record, Share, containment};

#[derive(Serialize)]
struct Document<'r> {
    schema_version: u32,
    records: &'r [Record],
    containment: Containment,
}

/// All records with what they say together; ends with a line end.
pub fn json(records: &[Record]) -> Result<String, serde_json::Error> {
    let document = Document { schema_version: 1, records, containment: containment(records) };
    Ok(serde_json::to_string_pretty(&document)? + "\n")
}

/// A line a record, then what they say together; ends with a line end.
pub fn human(records: &[Record]) -> String {
    if records.is_empty() {
        return "No results are recorded yet; `launchlint history add` records one.\n".to_owned();
    }
    let controls: BTreeSet<&str> =
        records.iter().flat_map(|record| record.coverage.keys()).map(String::as_str).collect();
    let mut heads = vec!["date", "commit", "findings", "exposure", "fails"];
    heads.extend(&controls);
    heads.push("attacks blocked");
    let mut rows: Vec<Vec<String>> = vec![heads.iter().map(|head| (*head).to_owned()).collect()];
    rows.extend(records.iter().map(|record| row(record, &controls)));
    let widths: Vec<usize> =
        (0..heads.len()).map(|at| rows.iter().map(|row| row[at].chars().count()).max().unwrap_or(0)).collect();
    let mut out = String::new();
    for row in rows {
        let cells: Vec<String> = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        let _ = writeln!(out, "{}", cells.join("  ").trim_end());
    }
    let said = containment(records);
    let mean = said.mean_days.map_or("not known yet".to_owned(), |days| format!("{days:.1} days"));
    let _ = writeln!(out, "\nmean time to contain: {mean} ({} contained)", said.contained);
    let oldest = said.oldest_open_days.map(|days| format!(", the oldest for {days} days")).unwrap_or_default();
    let _ = writeln!(out, "open: {}{oldest}", said.open);
    out
}

fn row(record: &Record, controls: &BTreeSet<&str>) -> Vec<String> {
    let share = |share: Option<Share>| share.map_or("-".to_owned(), |share| format!("{}/{}", share.of, share.all));
    let commit: String = record.commit.as_deref().unwrap_or("-").chars().take(12).collect();
    let fails = record.verdicts.values().filter(|verdict| *verdict == "fail").count();
    let mut cells = vec![
        record.date.to_string(),
        crate::report::text::clean(&commit).into_owned(),
        record.total().to_string(),
        record.exposure.values().sum::<u64>().to_string(),
        if record.verdicts.is_empty() { "-".to_owned() } else { fails.to_string() },
    ];
    cells.extend(controls.iter().map(|control| share(record.coverage.get(*control).copied())));
    cells.push(share(record.blocked()));
    cells
}
