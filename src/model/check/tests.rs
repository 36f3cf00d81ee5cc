use super::ModelSet;
use crate::intern::Name;
use crate::model::{ApiStep, RowRef};
use crate::source::Language;

const MODEL: &str = "package: acme\nlanguage: python\nobjects:\n  Client: [acme.Client(), Client.with_options()]\ncalls:\n  - {call: 'Client.**.send', is: llm, settings: {model: model}}\n";

#[test]
fn paths_reach_rows_through_objects() {
    let set = ModelSet::load(&[("rules/models/python/acme.yml", MODEL)]).expect("valid");
    let mut matcher = set.matcher.clone();
    let mut at = matcher.module(Language::Python, "acme");
    for step in ["Client", "()", "with_options", "()", "beta", "send"] {
        let step = if step == "()" { ApiStep::Call } else { ApiStep::Member(Name::new(step)) };
        at = matcher.step(at, step);
    }
    assert_eq!(matcher.rows(at), [RowRef::Call(0)]);
    let other = matcher.module(Language::Rust, "acme");
    assert!(!matcher.is_known(other));
}

#[test]
fn types_of_parameters_name_objects() {
    let entry = |types: &str| {
        format!("{MODEL}entrypoints:\n  - {{call: acme.on, handler: arg0, framework: acme, types: {types}}}\n")
    };
    let set = ModelSet::load(&[("rules/models/python/acme.yml", &entry("{arg1: Client}"))]).expect("valid");
    let [(1, object)] = set.entries[0].places.types[..] else { panic!("one type") };
    let mut matcher = set.matcher.clone();
    let client = matcher.object(object);
    let next = matcher.step(client, ApiStep::Member(Name::new("send")));
    assert_eq!(matcher.rows(next), [RowRef::Call(0)]);
    for (wrong, told) in [("{arg0: Cleint}", "did you mean"), ("{body: Client}", "no parameter")] {
        let errors = ModelSet::load(&[("rules/models/python/acme.yml", &entry(wrong))]).expect_err("wrong");
        assert!(errors[0].to_string().contains(told), "{}", errors[0]);
    }
}

#[test]
fn misspelt_keys_and_kinds_name_the_nearest() {
    let text = MODEL.replace("calls:", "cals:");
    let errors = ModelSet::load(&[("rules/models/python/acme.yml", &text)]).expect_err("misspelt");
    assert!(errors[0].to_string().contains("did you mean `calls`?"), "{}", errors[0]);
    let text = MODEL.replace("is: llm", "is: lm");
    let errors = ModelSet::load(&[("rules/models/python/acme.yml", &text)]).expect_err("misspelt");
    assert!(errors[0].to_string().contains("`llm`"), "{}", errors[0]);
}
