//! Many reports as one: a table over repositories or parts, or one SARIF or JSON file.
//!
//! Reads the tool's own JSON and SARIF of any tool. Nothing is judged anew: a fleet is what its reports say.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::markdown::{cell, code};
use super::text::clean;
use crate::finding::Severity;

/// Runs that code scanning takes in one file.
pub const MOST_RUNS: usize = 20;

/// One report with the name of what it is about.
#[derive(Clone, Debug)]
pub struct Member {
    /// A repository or a part of one.
    pub name: String,
    /// The report.
    pub document: Value,
}

/// What a report amounts to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// Findings by severity.
    pub by_severity: BTreeMap<Severity, u64>,
    /// LLM entry points, as far as the report tells.
    pub entry_points: Option<u64>,
    /// LLM calls, as far as the report tells.
    pub llm_calls: Option<u64>,
    /// Findings by rule.
    pub by_rule: BTreeMap<String, u64>,
}

/// Why a document is no report.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it is neither SARIF 2.1.0 nor a JSON report of this program")]
pub struct NoReport;

impl Member {
    /// What the report amounts to.
    ///
    /// # Errors
    ///
    /// The document is no report.
    pub fn line(&self) -> Result<Line, NoReport> {
        if self.is_sarif() {
            return Ok(of_sarif(&self.document));
        }
        let findings = self.document["findings"].as_array().filter(|_| self.document["schema_version"].is_u64());
        let mut line = Line::default();
        for finding in findings.ok_or(NoReport)? {
            line.count(severity(finding["severity"].as_str()), finding["rule"].as_str());
        }
        line.entry_points = self.document["summary"]["llm_entry_points"].as_u64();
        line.llm_calls = self.document["summary"]["llm_calls"].as_u64();
        Ok(line)
    }

    /// Whether it is SARIF.
    pub fn is_sarif(&self) -> bool {
        self.document["version"] == "2.1.0" && self.document["runs"].is_array()
    }
}

impl Line {
    fn count(&mut self, severity: Severity, rule: Option<&str>) {
        *self.by_severity.entry(severity).or_default() += 1;
        *self.by_rule.entry(rule.unwrap_or("unknown").to_owned()).or_default() += 1;
    }

    fn number(&self, severity: Severity) -> u64 {
        self.by_severity.get(&severity).copied().unwrap_or(0)
    }

    /// The gravest finding.
    pub fn worst(&self) -> Option<Severity> {
        self.by_severity.keys().next_back().copied()
    }
}

fn of_sarif(document: &Value) -> Line {
    let mut line = Line::default();
    for run in document["runs"].as_array().into_iter().flatten() {
        for result in run["results"].as_array().into_iter().flatten() {
            let is_accepted = result["suppressions"].as_array().is_some_and(|list| !list.is_empty());
            let is_pass = result["kind"].as_str().is_some_and(|kind| kind != "fail");
            if is_accepted || is_pass {
                continue;
            }
            let own = result["properties"]["severity"].as_str();
            let severity = own.map_or_else(|| of_level(result["level"].as_str()), |word| severity(Some(word)));
            line.count(severity, result["ruleId"].as_str());
        }
    }
    line
}

fn severity(word: Option<&str>) -> Severity {
    Severity::ALL.into_iter().find(|severity| Some(severity.label()) == word).unwrap_or(Severity::Note)
}

fn of_level(level: Option<&str>) -> Severity {
    match level {
        Some("error") => Severity::High,
        Some("note" | "none") => Severity::Low,
        _ => Severity::Medium,
    }
}

/// A table for people, the worst first.
pub fn human(lines: &[(String, Line)]) -> String {
    let width = lines.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0).max(10);
    let mut out = format!("{:width$}  critical  high  medium  low  note  LLM entry points\n", "repository");
    for (name, line) in ordered(lines) {
        let [critical, high, medium, low, note] = numbers(line);
        let entries = line.entry_points.map_or_else(|| "?".to_owned(), |number| number.to_string());
        let name = clean(name);
        out.push_str(&format!(
            "{name:width$}  {critical:>8}  {high:>4}  {medium:>6}  {low:>3}  {note:>4}  {entries:>16}\n"
        ));
    }
    out.push_str(&format!(
        "\n{}\n",
        rules(lines)
            .iter()
            .take(5)
            .map(|(rule, all, of)| format!("{rule}: {all} in {of}"))
            .collect::<Vec<_>>()
            .join("; ")
    ));
    out
}

/// The table as Markdown.
pub fn markdown(lines: &[(String, Line)]) -> String {
    let mut out = String::from(
        "| repository | critical | high | medium | low | note | LLM entry points |\n|---|---|---|---|---|---|---|\n",
    );
    for (name, line) in ordered(lines) {
        let cells: String = numbers(line).iter().map(|number| format!(" {number} |")).collect();
        let entries = line.entry_points.map_or_else(|| "?".to_owned(), |number| number.to_string());
        out.push_str(&format!("| {} |{cells} {entries} |\n", cell(name)));
    }
    out.push_str("\n| rule | findings | repositories |\n|---|---|---|\n");
    for (rule, all, of) in rules(lines) {
        out.push_str(&format!("| {} | {all} | {of} |\n", code(&rule)));
    }
    out
}

/// All reports as one JSON document.
///
/// # Errors
///
/// None that can happen for documents that were read.
pub fn json(members: &[Member], lines: &[(String, Line)]) -> Result<String, serde_json::Error> {
    let table: Vec<Value> = lines
        .iter()
        .map(|(name, line)| {
            let by_severity: BTreeMap<&str, u64> = line.by_severity.iter().map(|(s, n)| (s.label(), *n)).collect();
            json!({
                "name": name, "findings_by_severity": by_severity, "findings_by_rule": line.by_rule,
                "llm_entry_points": line.entry_points, "llm_calls": line.llm_calls,
            })
        })
        .collect();
    let reports: BTreeMap<&str, &Value> = members.iter().map(|one| (one.name.as_str(), &one.document)).collect();
    let document = json!({ "schema_version": 1, "fleet": table, "reports": reports });
    Ok(serde_json::to_string_pretty(&document)? + "\n")
}

/// All runs in one SARIF document, each with a category of its own so that hosts keep them apart.
///
/// # Errors
///
/// None that can happen for documents that were read.
pub fn sarif(members: &[Member]) -> Result<String, serde_json::Error> {
    let mut runs = Vec::new();
    for member in members {
        for run in member.document["runs"].as_array().into_iter().flatten() {
            let mut run = run.clone();
            if run["automationDetails"]["id"].as_str().is_none_or(str::is_empty) {
                run["automationDetails"] = json!({ "id": format!("{}/", member.name.trim_end_matches('/')) });
            }
            runs.push(run);
        }
    }
    let schema = "https://json.schemastore.org/sarif-2.1.0.json";
    let document = json!({ "$schema": schema, "version": "2.1.0", "runs": runs });
    Ok(serde_json::to_string_pretty(&document)? + "\n")
}

fn ordered(lines: &[(String, Line)]) -> Vec<(&str, &Line)> {
    let mut all: Vec<(&str, &Line)> = lines.iter().map(|(name, line)| (name.as_str(), line)).collect();
    all.sort_by(|a, b| (numbers(b.1), a.0).cmp(&(numbers(a.1), b.0)));
    all
}

/// From critical to note.
fn numbers(line: &Line) -> [u64; 5] {
    [Severity::Critical, Severity::High, Severity::Medium, Severity::Low, Severity::Note].map(|s| line.number(s))
}

/// Rules with their findings and in how many members they are, the most frequent first.
fn rules(lines: &[(String, Line)]) -> Vec<(String, u64, u64)> {
    let mut all: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
    for (_, line) in lines {
        for (rule, number) in &line.by_rule {
            let entry = all.entry(rule).or_default();
            *entry = (entry.0 + number, entry.1 + 1);
        }
    }
    let mut all: Vec<_> = all.into_iter().map(|(rule, (number, of))| (rule.to_owned(), number, of)).collect();
    all.sort_by(|a, b| (b.1, &a.0).cmp(&(a.1, &b.0)));
    all
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Member, NoReport, human, markdown, sarif};
    use crate::finding::Severity;

    fn members() -> Vec<Member> {
        let own = json!({
            "schema_version": 1, "summary": {"llm_entry_points": 3, "llm_calls": 4},
            "findings": [{"rule": "missing-rate-limit", "severity": "high"}],
        });
        let other = json!({"version": "2.1.0", "runs": [{"results": [
            {"ruleId": "missing-rate-limit", "level": "error"},
            {"ruleId": "x", "level": "warning", "suppressions": [{"kind": "inSource"}]},
            {"ruleId": "y", "kind": "pass"},
        ]}]});
        vec![Member { name: "a|b".into(), document: own }, Member { name: "shop".into(), document: other }]
    }

    #[test]
    fn reports_of_both_kinds_are_counted() {
        let lines: Vec<_> = members().iter().map(|one| (one.name.clone(), one.line().expect("is a report"))).collect();
        assert_eq!(lines[0].1.entry_points, Some(3));
        assert_eq!(lines[1].1.by_severity.get(&Severity::High), Some(&1));
        assert_eq!(lines[1].1.by_rule.len(), 1);
        let text = markdown(&lines);
        assert!(text.contains("| a\\|b | 0 | 1 | 0 | 0 | 0 | 3 |"), "{text}");
        assert!(text.contains("| `missing-rate-limit` | 2 | 2 |"), "{text}");
        assert!(human(&lines).contains("missing-rate-limit: 2 in 2"));
        let wrong = Member { name: "x".into(), document: json!({"a": 1}) };
        assert_eq!(wrong.line(), Err(NoReport));
    }

    #[test]
    fn runs_are_kept_apart_by_category() {
        let document: serde_json::Value =
            serde_json::from_str(&sarif(&members()).expect("serialises")).expect("is JSON");
        assert_eq!(document["runs"][0]["automationDetails"]["id"], "shop/");
    }
}
