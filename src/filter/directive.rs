//! The words of a suppression: `launchlint: ignore[rule, rule] -- reason until=2027-01-31`.

use crate::settings::Date;

/// What every directive starts with.
pub(super) const MARK: &str = "launchlint:";

/// A directive as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Directive {
    /// Whether it holds for the whole file.
    pub(super) is_file_wide: bool,
    /// The rules it names, as written.
    pub(super) rules: Vec<String>,
    /// Why.
    pub(super) reason: String,
    /// The last day it holds.
    pub(super) until: Option<Date>,
}

/// Why a directive suppresses nothing; the text says what to write.
pub(super) type Refusal = String;

/// Reads the text after [`MARK`]; `None` if it does not try to suppress anything.
///
/// Whatever closes the comment (`*/`, `-->`, `#}`) may follow.
pub(super) fn parse(after_mark: &str) -> Option<Result<Directive, Refusal>> {
    let words = after_mark.trim_start().strip_prefix("ignore")?;
    let (is_file_wide, words) = match words.strip_prefix("-file") {
        Some(rest) => (true, rest),
        None => (false, words),
    };
    // `launchlint: ignored paths` is a sentence.
    if words.starts_with(|c: char| c.is_alphanumeric()) {
        return None;
    }
    Some(parse_body(words.trim_start(), is_file_wide))
}

fn parse_body(words: &str, is_file_wide: bool) -> Result<Directive, Refusal> {
    let word = if is_file_wide { "ignore-file" } else { "ignore" };
    let shape = || format!("suppresses nothing: write `{word}[rule-id] -- reason`");
    let (list, rest) = words.strip_prefix('[').and_then(|rest| rest.split_once(']')).ok_or_else(shape)?;
    let rules: Vec<String> = list.split(',').map(str::trim).filter(|rule| !rule.is_empty()).map(Into::into).collect();
    if rules.is_empty() {
        return Err(shape());
    }
    let reason = rest.trim_start().strip_prefix("--").or_else(|| rest.trim_start().strip_prefix('—'));
    let (reason, until) = take_until(reason.unwrap_or_default())?;
    if !reason.chars().any(char::is_alphanumeric) {
        return Err(format!("suppresses nothing: say why after the rules, `{word}[{}] -- reason`", rules.join(", ")));
    }
    Ok(Directive { is_file_wide, rules, reason, until })
}

/// Parts a reason from its date.
fn take_until(text: &str) -> Result<(String, Option<Date>), Refusal> {
    let mut until = None;
    let mut kept = Vec::new();
    for word in text.split_whitespace() {
        let Some(written) = word.strip_prefix("until=") else {
            kept.push(word);
            continue;
        };
        let end = written.find(|c: char| !c.is_ascii_digit() && c != '-').unwrap_or(written.len());
        // A comment may close right behind the date, as in `until=2027-01-31-->`.
        let written = written[..end].trim_end_matches('-');
        let date = written
            .parse()
            .map_err(|()| format!("suppresses nothing: `until={written}` is no day; write `until=2027-01-31`"))?;
        until = Some(date);
    }
    let reason = kept.join(" ");
    let closers = ["*/", "-->", "#}", "--}}", "}}", "%>", "\"\"\"", "'''", "\",", "\""];
    let mut reason = reason.as_str();
    while let Some(shorter) = closers.iter().find_map(|closer| reason.strip_suffix(closer)) {
        reason = shorter.trim_end();
    }
    Ok((reason.to_owned(), until))
}

#[cfg(test)]
mod tests {
    use super::{Directive, parse};

    fn read(text: &str) -> Result<(Vec<String>, String, Option<String>, bool), String> {
        let directive = parse(text).expect("it is a directive");
        directive.map(|Directive { is_file_wide, rules, reason, until }| {
            (rules, reason, until.map(|date| date.to_string()), is_file_wide)
        })
    }

    #[test]
    fn directives_are_read_in_any_comment() {
        let one = |rules: &[&str], reason: &str, until: Option<&str>, file: bool| {
            Ok((rules.iter().map(|r| r.to_string()).collect(), reason.into(), until.map(Into::into), file))
        };
        assert_eq!(read(" ignore[a-b] -- public demo"), one(&["a-b"], "public demo", None, false));
        assert_eq!(read("ignore [a,  b] — known */"), one(&["a", "b"], "known", None, false));
        assert_eq!(
            read(" ignore-file[a] -- see the runbook until=2027-01-31 -->"),
            one(&["a"], "see the runbook", Some("2027-01-31"), true)
        );
        assert_eq!(
            read("ignore[a] -- until=2027-01-31 gone soon #}"),
            one(&["a"], "gone soon", Some("2027-01-31"), false)
        );
        for closed in ["-- kept\",", "-- kept -->", "-- kept #}", "-- kept */", "-- kept --}}", "-- kept %>"] {
            assert_eq!(read(&format!("ignore[a] {closed}")), one(&["a"], "kept", None, false), "{closed}");
        }
        assert_eq!(read("ignore[a] -- kept until=2027-01-31-->"), one(&["a"], "kept", Some("2027-01-31"), false));
    }

    #[test]
    fn what_is_missing_is_told() {
        for text in ["ignore", "ignore a -- x", "ignore[] -- x", "ignore[a", "ignore-file"] {
            assert!(read(text).is_err_and(|why| why.contains("[rule-id] -- reason`")), "{text}");
        }
        for text in
            ["ignore[a]", "ignore[a] --", "ignore[a] no dashes", "ignore[a] -- -->", "ignore[a] -- until=2027-01-31"]
        {
            assert!(read(text).is_err_and(|why| why.contains("say why")), "{text}");
        }
        assert!(read("ignore[a] -- x until=soon").is_err_and(|why| why.contains("is no day")));
        assert_eq!(parse(" ignored by design"), None);
        assert_eq!(parse(" see the manual"), None);
    }
}
