//! The `rules` and `explain` commands: what the tool looks for, from the rules' own data.

use serde::Serialize;

use super::args::{ListFormat, Rules};
use super::failure::Failure;
use super::{Console, configure, output};
use crate::finding::{Confidence, Severity};
use crate::rules::card::{Activation, RuleCard, RuleSet, Status};
use crate::source::Language;

/// One rule of the JSON list.
#[derive(Serialize)]
struct Listed<'a> {
    id: &'a str,
    summary: &'a str,
    status: &'a str,
    since: &'a str,
    severity: Severity,
    confidence: Confidence,
    reports_by_default: bool,
    checklist: &'a [String],
    cwe: &'a [u32],
    owasp: &'a [String],
    languages: &'a [Language],
}

/// Writes every rule that has not been removed.
pub(super) fn list(options: &Rules, rules: &RuleSet, console: &mut Console<'_>) -> Result<(), Failure> {
    let cards: Vec<&RuleCard> = rules.iter().filter(|card| card.status != Status::Removed).collect();
    let text = match options.format {
        ListFormat::Human => table(&cards),
        ListFormat::Json => {
            let listed: Vec<Listed<'_>> = cards.into_iter().map(listed).collect();
            let json = serde_json::to_string_pretty(&listed);
            json.map_err(|error| Failure::new(format!("cannot write the list: {error}")))? + "\n"
        }
    };
    output::to_stream(console.out, &text)
}

/// Writes a rule's page below its key facts.
pub(super) fn explain(rule: &str, rules: &RuleSet, console: &mut Console<'_>) -> Result<(), Failure> {
    let id = configure::resolve_rule(rule, rules, "explain")?;
    let Some(card) = rules.get(&id) else {
        return Err(Failure::new(format!("there is no rule `{id}`")));
    };
    let mut text = String::new();
    for line in head(card) {
        text.push_str(&line);
        text.push('\n');
    }
    text.push('\n');
    text.push_str(card.page.text.trim_end());
    text.push('\n');
    output::to_stream(console.out, &text)
}

fn head(card: &RuleCard) -> Vec<String> {
    let cwe: Vec<String> = card.cwe.iter().map(|class| format!("CWE-{class}")).collect();
    let languages: Vec<&str> = card.languages.iter().map(|language| language.label()).collect();
    let mut lines = vec![
        format!("{} ({}, since {})", card.id, card.status.label(), card.since),
        format!("severity: {}", card.severity),
        format!("checklist: {}", items(card)),
        format!("classes: {}", [cwe.as_slice(), &card.owasp].concat().join(", ")),
        format!("languages: {}", languages.join(", ")),
    ];
    if !card.aliases.is_empty() {
        lines.push(format!("earlier ids: {}", card.aliases.join(", ")));
    }
    if card.activation == Activation::Coverage {
        lines.push(format!("reports findings only with --rule {}; otherwise it feeds the checklist", card.id));
    }
    lines
}

fn items(card: &RuleCard) -> String {
    if card.checklist.is_empty() { "whatever the decision is about".to_owned() } else { card.checklist.join(", ") }
}

fn listed(card: &RuleCard) -> Listed<'_> {
    Listed {
        id: &card.id,
        summary: &card.summary,
        status: card.status.label(),
        since: &card.since,
        severity: card.severity,
        confidence: card.confidence,
        reports_by_default: card.activation == Activation::On,
        checklist: &card.checklist,
        cwe: &card.cwe,
        owasp: &card.owasp,
        languages: &card.languages,
    }
}

fn table(cards: &[&RuleCard]) -> String {
    let width = cards.iter().map(|card| card.id.len()).max().unwrap_or_default();
    let line = |card: &&RuleCard| {
        let status = if card.status == Status::Preview { " (preview)" } else { "" };
        format!("{:width$}  {:8}  {}{status}\n", card.id, card.severity.label(), card.summary)
    };
    cards.iter().map(line).collect()
}
