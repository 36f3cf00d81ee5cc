//! Credentials that another scanner reports in SARIF, as evidence beside our own.
//!
//! Only what names a result is taken over: tool, rule, place. Its message and its snippet may hold the value and are
//! never read.

use serde_json::Value;

use crate::settings::Imported;

/// The longest name that is shown.
const NAME_MAX: usize = 80;
/// Weaknesses that are about credentials.
const CWES: [&str; 6] = ["cwe-798", "cwe-259", "cwe-321", "cwe-522", "cwe-540", "cwe-312"];
/// Words that say that a rule is about credentials.
const WORDS: [&str; 12] = [
    "secret",
    "credential",
    "password",
    "passwd",
    "api-key",
    "api key",
    "apikey",
    "api_key",
    "private-key",
    "private key",
    "access-token",
    "token",
];

/// Reads a SARIF log. Results that are about something else are counted and left out, suppressed ones left out.
///
/// # Errors
///
/// A text that is no SARIF log, in words.
pub fn parse(text: &str) -> Result<(Vec<Imported>, usize), String> {
    let log: Value = serde_json::from_str(text.trim_start_matches('\u{feff}')).map_err(|error| {
        // The position says enough; the parser's own words may quote the text.
        format!("it is not JSON (line {}, column {})", error.line(), error.column())
    })?;
    let runs = log["runs"].as_array().ok_or("it has no `runs`, so it is not SARIF")?;
    let (mut found, mut others) = (Vec::new(), 0);
    for run in runs {
        let driver = &run["tool"]["driver"];
        let tool = name(driver["name"].as_str().unwrap_or("another tool"));
        let is_secret_tool = is_about_credentials(&tool);
        for result in run["results"].as_array().into_iter().flatten() {
            if result["suppressions"].as_array().is_some_and(|list| !list.is_empty()) {
                continue;
            }
            let kind = kind(driver, result);
            if !is_secret_tool && !rule_is_about_credentials(driver, result, &kind) {
                others += 1;
                continue;
            }
            let places = result["locations"].as_array().into_iter().flatten();
            found.extend(places.filter_map(|place| imported(place, &tool, &kind)));
        }
    }
    found.sort();
    found.dedup();
    Ok((found, others))
}

fn imported(place: &Value, tool: &str, kind: &str) -> Option<Imported> {
    let physical = &place["physicalLocation"];
    let uri = physical["artifactLocation"]["uri"].as_str()?;
    let line = physical["region"]["startLine"].as_u64().and_then(|line| u32::try_from(line).ok()).unwrap_or(1);
    let path = decoded(uri.trim_start_matches("file://")).replace('\\', "/");
    let path = path.trim_start_matches("./").to_owned();
    Some(Imported { path, line: line.max(1), tool: tool.to_owned(), kind: kind.to_owned() })
}

/// The rule's id; tools that number their rules give it in the run's list.
fn kind(driver: &Value, result: &Value) -> String {
    let id = result["ruleId"].as_str().or_else(|| result["rule"]["id"].as_str());
    let index = result["ruleIndex"].as_u64().and_then(|index| usize::try_from(index).ok());
    let listed = index.and_then(|index| driver["rules"][index]["id"].as_str());
    name(id.or(listed).unwrap_or("credential"))
}

fn rule_is_about_credentials(driver: &Value, result: &Value, kind: &str) -> bool {
    let rules = driver["rules"].as_array().into_iter().flatten();
    let rule = rules.into_iter().find(|rule| rule["id"].as_str().is_some_and(|id| name(id) == kind));
    let tags = rule.and_then(|rule| rule["properties"]["tags"].as_array()).into_iter().flatten();
    let own_tags = result["properties"]["tags"].as_array().into_iter().flatten();
    let mut tags = tags.chain(own_tags).filter_map(Value::as_str).map(str::to_ascii_lowercase);
    let is_tagged = tags.any(|tag| CWES.iter().any(|cwe| tag.contains(cwe)) || tag == "secrets" || tag == "secret");
    let titled = rule.and_then(|rule| rule["name"].as_str()).is_some_and(is_about_credentials);
    is_tagged || titled || is_about_credentials(kind)
}

fn is_about_credentials(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    WORDS.iter().any(|word| lower.contains(word)) || lower.contains("leak")
}

/// A name as it may be shown: short, and of the characters that names are made of.
fn name(text: &str) -> String {
    let is_part = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | ' ' | ':');
    text.chars().filter(is_part).take(NAME_MAX).collect()
}

/// A URI's path with its escapes resolved.
fn decoded(uri: &str) -> String {
    let mut bytes = Vec::with_capacity(uri.len());
    let mut rest = uri.as_bytes();
    while let Some((&byte, tail)) = rest.split_first() {
        let code = tail.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        match code.filter(|_| byte == b'%').and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(escaped) => {
                bytes.push(escaped);
                rest = &tail[2..];
            }
            None => {
                bytes.push(byte);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::parse;

    fn log(driver: &str, result: &str) -> String {
        format!(r#"{{"runs": [{{"tool": {{"driver": {driver}}}, "results": [{result}]}}]}}"#)
    }

    const PLACE: &str = r#""locations": [{"physicalLocation": {"artifactLocation": {"uri": "file://./a%20b/c.py"}, "region": {"startLine": 3, "snippet": {"text": "hunter2hunter2"}}}}]"#;

    #[test]
    fn results_of_a_scanner_for_secrets_are_taken_with_place_and_kind_only() {
        let text = log(
            r#"{"name": "secret finder"}"#,
            &format!(r#"{{"ruleId": "x-1", "message": {{"text": "hunter2hunter2"}}, {PLACE}}}"#),
        );
        let (found, others) = parse(&text).expect("is SARIF");
        assert_eq!((found.len(), others), (1, 0));
        assert_eq!((found[0].path.as_str(), found[0].line, found[0].kind.as_str()), ("a b/c.py", 3, "x-1"));
        assert!(!format!("{found:?}").contains("hunter2"));
    }

    #[test]
    fn other_results_are_told_apart_by_rule_and_tags() {
        let driver = r#"{"name": "linter", "rules": [{"id": "S1", "properties": {"tags": ["external/cwe/cwe-798"]}}, {"id": "S2"}]}"#;
        let one = |id: &str| format!(r#"{{"ruleId": "{id}", {PLACE}}}"#);
        assert_eq!(parse(&log(driver, &one("S1"))).expect("is SARIF").0.len(), 1);
        assert_eq!(parse(&log(driver, &one("S2"))).expect("is SARIF"), (Vec::new(), 1));
        assert_eq!(parse(&log(driver, &one("hard-coded-password"))).expect("is SARIF").0.len(), 1);
    }

    #[test]
    fn suppressed_results_and_other_files_are_refused() {
        let text = log(
            r#"{"name": "secrets"}"#,
            &format!(r#"{{"ruleId": "a", "suppressions": [{{"kind": "external"}}], {PLACE}}}"#),
        );
        assert_eq!(parse(&text), Ok((Vec::new(), 0)));
        assert!(parse("{}").is_err() && parse("<xml>").is_err());
    }
}
