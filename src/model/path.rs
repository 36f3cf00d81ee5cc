//! The syntax of API paths in models: `anthropic.Anthropic()`, `Client.messages.{create,stream}`, `server.**.limit()`.

use crate::intern::Name;

/// Where a path starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Root {
    /// An object of this file, or `stem:Object` of another.
    Object(String),
    /// A language global (`global.print`).
    Global,
    /// A module specifier; a trailing `*` matches any rest.
    Module(String),
}

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PatternStep {
    /// One of these members; empty means any (`*`).
    Member(Vec<Name>),
    /// A call or construction: also "an instance of".
    Call,
    /// An element: `[]`.
    Element,
    /// Any number of members (`**`).
    Deep,
}

/// A parsed path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathPattern {
    /// Its first segment as written; [`Root`] is decided with the file's objects and modules in hand.
    pub head: Vec<String>,
    /// The steps after it.
    pub steps: Vec<PatternStep>,
}

impl PathPattern {
    /// Parses a path. The error says what is wrong and where.
    pub fn parse(text: &str) -> Result<PathPattern, String> {
        let mut rest = text.trim();
        let head = take_segment(&mut rest)?;
        if head.is_empty() {
            return Err(format!("path `{text}` has no first segment"));
        }
        let mut steps = Vec::new();
        while !rest.is_empty() {
            if let Some(after) = rest.strip_prefix("()") {
                steps.push(PatternStep::Call);
                rest = after;
            } else if let Some(after) = rest.strip_prefix("[]") {
                steps.push(PatternStep::Element);
                rest = after;
            } else if let Some(after) = rest.strip_prefix('.') {
                rest = after;
                let names = take_segment(&mut rest)?;
                steps.push(match names.as_slice() {
                    [one] if one == "**" => PatternStep::Deep,
                    [one] if one == "*" => PatternStep::Member(Vec::new()),
                    [] => return Err(format!("path `{text}` has an empty segment")),
                    names => PatternStep::Member(names.iter().map(|n| Name::new(n)).collect()),
                });
            } else {
                return Err(format!("path `{text}`: expected `.`, `()` or `[]` before `{rest}`"));
            }
        }
        Ok(PathPattern { head, steps })
    }
}

/// Takes `name`, `*`, `**` or `{a,b}` from the front.
fn take_segment(rest: &mut &str) -> Result<Vec<String>, String> {
    if let Some(after) = rest.strip_prefix('{') {
        let Some((inner, tail)) = after.split_once('}') else {
            return Err(format!("`{{` without `}}` in `{rest}`"));
        };
        *rest = tail;
        return Ok(inner.split(',').map(|n| n.trim().to_owned()).filter(|n| !n.is_empty()).collect());
    }
    let end = rest.find(['.', '(', '[']).unwrap_or(rest.len());
    let (name, tail) = rest.split_at(end);
    *rest = tail;
    if name.contains([' ', ')', ']', '}']) {
        return Err(format!("`{name}` is not a name"));
    }
    Ok(if name.is_empty() { Vec::new() } else { vec![name.to_owned()] })
}

#[cfg(test)]
mod tests {
    use super::{PathPattern, PatternStep};
    use crate::intern::Name;

    #[test]
    fn paths_parse_into_steps() {
        let path = PathPattern::parse("pkg.Client().messages.{create,stream}").expect("valid");
        assert_eq!(path.head, ["pkg"]);
        assert_eq!(path.steps.len(), 4);
        assert_eq!(path.steps[1], PatternStep::Call);
        assert_eq!(path.steps[3], PatternStep::Member(vec![Name::new("create"), Name::new("stream")]));
        assert_eq!(PathPattern::parse("a.**.b[]").expect("valid").steps[0], PatternStep::Deep);
    }

    #[test]
    fn slips_are_told() {
        assert!(PathPattern::parse("a..b").is_err());
        assert!(PathPattern::parse("a.{b").is_err());
        assert!(PathPattern::parse("a b").is_err());
        assert!(PathPattern::parse("").is_err());
    }
}
