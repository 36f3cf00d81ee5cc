use super::{Activation, RuleSet};
use crate::catalogue::CHECKLIST;
use crate::embedded::{EMBEDDED, file};
use crate::finding::Severity;

const CARD: &str = "\
id: missing-lid
summary: Pots without a lid
status: preview
since: 0.1.0
severity: high
confidence: medium
checklist: [MI-3]
cwe: [770]
owasp: [\"LLM10:2025\"]
languages: [python, typescript, rust]
detect:
  engine: reach
  control: lid
message: \"{pot} has no lid\"
remedy: Put one on.
aliases: [no-lid]
default: on
";

const PAGE: &str = "\
# missing-lid
## What it finds
Pots.
## Why it matters
Steam.
## Found
## Not found
## What to do
Lids.
## How to suppress
Say why.
## Blind spots
None.
## References
None.
";

fn load(card: &str, page: Option<&str>) -> Result<RuleSet, Vec<String>> {
    let shipped = |path| (path, file(EMBEDDED, path).expect("shipped"));
    let mut files = vec![shipped(CHECKLIST), shipped("rules/taxonomies.yml"), ("rules/missing-lid.yml", card)];
    files.extend(page.map(|text| ("rules/missing-lid.md", text)));
    files.sort();
    RuleSet::load(&files).map_err(|errors| errors.iter().map(ToString::to_string).collect())
}

fn errors(card: &str) -> Vec<String> {
    load(card, Some(PAGE)).expect_err("is wrong")
}

#[test]
fn a_card_is_read_whole_and_found_by_id_and_alias() {
    let rules = load(CARD, Some(PAGE)).expect("loads");
    let card = rules.resolve("no-lid").expect("alias");
    assert_eq!((card.severity, card.activation), (Severity::High, Activation::On));
    assert_eq!((card.detect.engine.as_str(), &card.detect.params["control"]), ("reach", &"lid".into()));
    assert_eq!(card.message.fill(|_| Some("Wok")), "Wok has no lid");
    let unknown = rules.resolve("missing-lids").expect_err("unknown");
    assert_eq!(unknown.to_string(), "unknown rule `missing-lids`; did you mean `missing-lid`?");
}

#[test]
fn wrong_words_are_told_with_line_and_nearest() {
    let card = CARD.replace("MI-3", "MI3").replace("LLM10:2025", "LLM10:2024");
    let expected = [
        "rules/missing-lid.yml:7: unknown checklist item `MI3`; did you mean `MI-3`?",
        "rules/missing-lid.yml:9: unknown OWASP entry `LLM10:2024`; did you mean `LLM10:2025`?",
    ];
    assert_eq!(errors(&card), expected);
    let card = CARD.replace("severity: high", "severty: high");
    assert_eq!(errors(&card), ["rules/missing-lid.yml:5: unknown key `severty`; did you mean `severity`?"]);
    let card = CARD.replace("confidence: medium", "confidence: mediun");
    assert!(errors(&card)[0].ends_with("did you mean `medium`?"), "{:?}", errors(&card));
    let card = CARD.replace("engine: reach", "egnine: reach");
    assert!(errors(&card)[0].ends_with("did you mean `engine`?"), "{:?}", errors(&card));
}

#[test]
fn a_card_needs_its_page_and_its_own_name() {
    let alone = load(CARD, None).expect_err("has no page");
    assert_eq!(alone, ["rules/missing-lid.yml: the rule has no page: write `rules/missing-lid.md`"]);
    let renamed = errors(&CARD.replace("id: missing-lid", "id: missing-pan"));
    assert!(renamed[0].contains("differs from the file's name"), "{renamed:?}");
    let braced = errors(&CARD.replace("{pot}", "{pot"));
    assert!(braced[0].contains(":14: unbalanced brace"), "{braced:?}");
}

#[test]
fn an_engine_reads_its_parameters_with_errors_that_name_the_card() {
    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Params {
        control: String,
    }
    let rules = load(CARD, Some(PAGE)).expect("loads");
    let params: Params = rules.get("missing-lid").expect("known").detect.params().expect("fits");
    assert_eq!(params.control, "lid");
    let rules = load(&CARD.replace("control: lid", "contrl: lid"), Some(PAGE)).expect("loads");
    let error = rules.get("missing-lid").expect("known").detect.params::<Params>().expect_err("is wrong");
    assert!(error.to_string().starts_with("rules/missing-lid.yml:1"), "{error}");
}

#[test]
fn the_shipped_rules_load() {
    if let Err(errors) = RuleSet::load(EMBEDDED) {
        let said: Vec<_> = errors.iter().map(ToString::to_string).collect();
        panic!("{}", said.join("\n"));
    }
}
