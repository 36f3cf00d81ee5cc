use super::Page;
use crate::embedded::EMBEDDED;
use crate::rules::card::RuleSet;

const PAGE: &str = "\
# missing-lid

## What it finds

Pots, as in:

```python
pot()
```

## Why it matters
Steam.

## Found

```python group=a file=app/main.py
# a comment
pot()  # error: [missing-lid]
```

```python group=a file=app/other.py
from app.main import pot
```

## Not found

```rust group=b file=src/main.rs
fn pot() {}
```

## What to do
Lids.
## How to suppress
Say why.
## Blind spots
None.
## References
None.
";

fn page(text: &str) -> Result<Page, String> {
    Page::parse("missing-lid", "rules/missing-lid.md", text).map_err(|errors| errors[0].to_string())
}

fn first_error(text: &str) -> String {
    page(text).expect("has the right shape").cases("missing-lid").expect_err("is wrong")[0].to_string()
}

#[test]
fn groups_become_cases_and_marks_expectations() {
    let cases = page(PAGE).expect("parses").cases("missing-lid").expect("has cases");
    assert_eq!(cases.len(), 2);
    let files: Vec<_> = cases[0].files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let expected = [("app/main.py", "# a comment\npot()\n"), ("app/other.py", "from app.main import pot\n")];
    assert_eq!(files, expected);
    assert_eq!(cases[0].expected, [("app/main.py".to_owned(), 2)]);
    assert_eq!((cases[1].group.as_str(), cases[1].expected.len()), ("b", 0));
}

#[test]
fn a_section_is_the_text_below_its_heading() {
    let page = page(PAGE).expect("parses");
    assert_eq!(page.section("Why it matters"), Some("Steam."));
    assert!(page.section("What it finds").is_some_and(|text| text.ends_with("```")));
    assert_eq!(page.section("Lids"), None);
}

#[test]
fn a_page_of_the_wrong_shape_is_told() {
    let titled = page(&PAGE.replace("# missing-lid\n", "# lid\n")).expect_err("wrong title");
    assert_eq!(titled, "rules/missing-lid.md:1: the page must begin with `# missing-lid`");
    let renamed = page(&PAGE.replace("## Blind spots", "## Blind spot")).expect_err("wrong section");
    assert!(renamed.ends_with("unknown section `Blind spot`; did you mean `Blind spots`?"), "{renamed}");
    let missing = page(&PAGE.replace("## Found\n", "")).expect_err("missing section");
    assert!(missing.ends_with("the section `## Found` is missing"), "{missing}");
}

#[test]
fn a_block_of_the_wrong_form_is_told() {
    assert!(first_error(&PAGE.replace("file=src/main.rs", "fil=src/main.rs")).ends_with("did you mean `file`?"));
    assert!(first_error(&PAGE.replace(" file=src/main.rs", "")).ends_with("does not say its `file=`"));
    assert!(first_error(&PAGE.replace("group=b", "group=a")).contains("stands in two sections"));
    assert!(first_error(&PAGE.replace("app/other.py", "app/main.py")).contains("stands twice"));
    assert!(first_error(&PAGE.replace("[missing-lid]", "[missing-pan]")).contains(":18: a mark names `missing-pan`"));
    assert!(first_error(&PAGE.replace("  # error: [missing-lid]", "")).contains("has no mark below `Found`"));
    let marked = PAGE.replace("fn pot() {}", "fn pot() {} // error: [missing-lid]");
    assert!(first_error(&marked).contains("has a mark below `Not found`"));
}

#[test]
fn the_shipped_pages_have_cases_in_both_directions() {
    let rules = RuleSet::load(EMBEDDED).unwrap_or_default();
    for card in rules.iter() {
        let cases = card.page.cases(&card.id).unwrap_or_else(|errors| panic!("{}", errors[0]));
        for (wanted, what) in [(false, "found"), (true, "safe")] {
            assert!(cases.iter().any(|case| case.expected.is_empty() == wanted), "{} has no {what} case", card.id);
        }
    }
}
