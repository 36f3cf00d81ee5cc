//! A few small rules, so that snapshots do not change with the rules that ship.

use crate::catalogue::CHECKLIST;
use crate::embedded::{EMBEDDED, file};
use crate::rules::card::RuleSet;
use crate::rules::page::SECTIONS;

/// Id, summary, severity, checklist items, remedy.
const RULES: [(&str, &str, &str, &str, &str); 4] = [
    (
        "missing-rate-limit",
        "Entry points that nothing limits",
        "high",
        "MI-3",
        "Limit requests per user before the call.",
    ),
    ("untrusted-system-prompt", "Untrusted text in instructions", "high", "PS-1, PS-3", "Send it as a user message."),
    (
        "hardcoded-credential",
        "A credential in source",
        "critical",
        "MI-2",
        "Revoke it, then read it from the environment.",
    ),
    ("sensitive-data-logged", "Sensitive data in a log", "high", "DC-3, PS-2", "Leave the value out of the log."),
];

/// The rules of the sample, with the shipped checklist.
pub(super) fn rules() -> RuleSet {
    let mut files: Vec<(String, String)> = Vec::new();
    for (id, summary, severity, items, remedy) in RULES {
        let card = format!(
            "id: {id}\nsummary: {summary}\nstatus: stable\nsince: 0.1.0\nseverity: {severity}\nconfidence: medium\n\
             checklist: [{items}]\ncwe: [770]\nowasp: [\"LLM10:2025\"]\nlanguages: [python]\ndetect: {{engine: sample}}\n\
             message: it happens\nremedy: {remedy}\naliases: [old-{id}]\n"
        );
        let sections: String = SECTIONS.iter().map(|title| format!("## {title}\n\nOn *{title}*.\n\n")).collect();
        files.push((format!("rules/{id}.yml"), card));
        files.push((format!("rules/{id}.md"), format!("# {id}\n\n{sections}")));
    }
    let mut files: Vec<_> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    for path in [CHECKLIST, "rules/taxonomies.yml"] {
        files.push((path, file(EMBEDDED, path).expect("shipped")));
    }
    files.sort();
    RuleSet::load(&files).unwrap_or_else(|errors| panic!("{}", errors[0]))
}
