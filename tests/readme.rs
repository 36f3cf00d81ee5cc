//! Keeps the README honest: the rows of its table of rules say what the cards say.
//!
//! A new rule edits no file, so a rule that the table does not name yet is no failure; `UPDATE_README=1 cargo test --test
//! readme` writes the whole table anew.

#![expect(clippy::disallowed_methods, reason = "the test reads and on request writes the README")]

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

use launchlint::embedded::EMBEDDED;
use launchlint::rules::card::{Activation, RuleCard, RuleSet};

const START: &str = "<!-- rules -->\n";
const END: &str = "<!-- /rules -->";

fn row(card: &RuleCard) -> String {
    let severity = card.severity.label();
    let items = if card.checklist.is_empty() { "what it decides".to_owned() } else { card.checklist.join(", ") };
    format!("| `{}` | {} | {severity} | {items} |", card.id, card.summary)
}

/// Rules that report by default, the gravest first.
fn table(rules: &RuleSet) -> String {
    let mut cards: Vec<&RuleCard> = rules.iter().filter(|card| card.activation == Activation::On).collect();
    cards.sort_by(|a, b| b.severity.cmp(&a.severity).then_with(|| a.id.cmp(&b.id)));
    let mut text = String::from("| rule | finds | severity | checklist |\n|---|---|---|---|\n");
    for card in cards {
        writeln!(text, "{}", row(card)).expect("text grows");
    }
    text
}

#[test]
fn the_table_of_rules_says_what_the_cards_say() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let text = fs::read_to_string(&path).expect("the README is there");
    let rules = RuleSet::load(EMBEDDED).expect("the rules load");
    let start = text.find(START).expect("the table's start") + START.len();
    let end = text.find(END).expect("the table's end");
    if env::var_os("UPDATE_README").is_some() {
        let new = format!("{}{}{}", &text[..start], table(&rules), &text[end..]);
        fs::write(&path, new).expect("the README can be written");
        return;
    }
    let true_rows: Vec<String> = rules.iter().map(row).collect();
    let written = text[start..end].lines().filter(|line| line.starts_with("| `"));
    let stale: Vec<&str> = written.filter(|line| !true_rows.iter().any(|row| row == line)).collect();
    assert!(stale.is_empty(), "no card says this; run with UPDATE_README=1: {stale:#?}");
}
