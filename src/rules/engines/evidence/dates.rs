//! Days that prose names: `2026-03-12`, `2026/03/12`, `12 March 2026`, `March 12, 2026`, `2026-Q1` and `March 2026`.

use std::sync::LazyLock;

use regex::Regex;

use crate::settings::Date;

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

static DATE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let month = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*";
    let forms = [
        r"(?P<y1>20\d\d)[-/.](?P<m1>\d\d?)[-/.](?P<d1>\d\d?)".to_owned(),
        format!(r"(?P<d2>\d\d?)(?:st|nd|rd|th)?\.?\s+(?P<m2>{month})\.?,?\s+(?P<y2>20\d\d)"),
        format!(r"(?P<m3>{month})\.?\s+(?P<d3>\d\d?)(?:st|nd|rd|th)?,?\s+(?P<y3>20\d\d)"),
        format!(r"(?P<m4>{month})\.?\s+(?P<y4>20\d\d)"),
        r"(?P<y5>20\d\d)[- ]?Q(?P<q5>[1-4])".to_owned(),
    ];
    Regex::new(&format!(r"(?i)\b(?:{})\b", forms.join("|"))).ok()
});

/// All days of a text in order, with where they stand. A month or quarter stands for its last day.
pub(super) fn days(text: &str) -> Vec<(usize, Date)> {
    let Some(regex) = DATE.as_ref() else { return Vec::new() };
    let read = |groups: regex::Captures<'_>| {
        let at = groups.get(0)?.start();
        let number = |name: &str| groups.name(name).and_then(|m| m.as_str().parse::<i32>().ok());
        let year = ["y1", "y2", "y3", "y4", "y5"].iter().find_map(|name| number(name))?;
        let month =
            number("m1").or_else(|| number("q5").map(|quarter| quarter * 3)).or_else(|| named_month(&groups))?;
        let month = u8::try_from(month).ok()?;
        let day = ["d1", "d2", "d3"].iter().find_map(|name| number(name)).and_then(|day| u8::try_from(day).ok());
        let date = match day {
            Some(day) => Date::new(year, month, day),
            None => (28..=31).rev().find_map(|day| Date::new(year, month, day)),
        };
        Some((at, date?))
    };
    regex.captures_iter(text).filter_map(read).collect()
}

fn named_month(groups: &regex::Captures<'_>) -> Option<i32> {
    let word = ["m2", "m3", "m4"].iter().find_map(|name| groups.name(name))?.as_str().to_ascii_lowercase();
    let at = MONTHS.iter().position(|month| word.starts_with(month))?;
    i32::try_from(at + 1).ok()
}

#[cfg(test)]
mod tests {
    use super::days;

    #[test]
    fn days_are_read_in_the_forms_that_people_write() {
        let said = |text: &str| days(text).into_iter().map(|(_, date)| date.to_string()).collect::<Vec<_>>();
        assert_eq!(said("on 2026-03-12 and 2026/4/1"), ["2026-03-12", "2026-04-01"]);
        assert_eq!(said("12th March 2026, April 3, 2026, 5 Jan. 2025"), ["2026-03-12", "2026-04-03", "2025-01-05"]);
        assert_eq!(said("February 2028; 2026-Q2"), ["2028-02-29", "2026-06-30"]);
        assert!(said("2026-13-40, version 2.10.1, may 99").is_empty());
    }
}
