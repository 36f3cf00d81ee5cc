//! Places in a call: which argument, and which part of it (`messages[*][role=system].content`, `arg0.body`, `return`).

use crate::intern::Name;

/// Where a place starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlaceRoot {
    /// The argument at a position, from 0.
    Arg(usize),
    /// Any positional argument at or after a position (`args`, `args1`).
    ArgsFrom(usize),
    /// The last argument.
    Last,
    /// The argument of this name; in languages without keyword arguments, this key of any object argument.
    Named(Name),
    /// Any argument at all (`*`).
    Any,
    /// The receiver of a method call.
    Receiver,
    /// The result.
    Return,
    /// The result of calling the function at `from` (flows only).
    Call,
    /// A fact that holds without an argument (`default`).
    Fixed,
    /// The decorated function or the function's own parameters.
    Parameters,
}

/// One step into the value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlaceStep {
    /// A field or key.
    Field(Name),
    /// Every element (`[*]`) or every value (`.*`).
    All,
    /// Elements whose field has this value (`[role=system]`).
    Where(Name, Name),
    /// The parameter at a position of a callback.
    Param(usize),
}

/// A place: alternatives are separated by `|` where a row lists several in one text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Where it starts.
    pub root: PlaceRoot,
    /// The way from there.
    pub steps: Vec<PlaceStep>,
}

impl Place {
    /// Parses one or more places separated by `|`.
    pub fn parse_all(text: &str) -> Result<Vec<Place>, String> {
        text.split('|').map(|part| Place::parse(part.trim())).collect()
    }

    /// Parses one place.
    pub fn parse(text: &str) -> Result<Place, String> {
        let end = text.find(['.', '[']).unwrap_or(text.len());
        let (head, mut rest) = text.split_at(end);
        let root = parse_root(head).ok_or_else(|| format!("place `{text}` has no start"))?;
        let mut steps = Vec::new();
        while !rest.is_empty() {
            if let Some(after) = rest.strip_prefix('[') {
                let Some((inner, tail)) = after.split_once(']') else {
                    return Err(format!("`[` without `]` in place `{text}`"));
                };
                steps.push(match inner.split_once('=') {
                    Some((key, value)) => PlaceStep::Where(Name::new(key.trim()), Name::new(value.trim())),
                    None if inner == "*" => PlaceStep::All,
                    None => return Err(format!("`[{inner}]` in place `{text}` is neither `[*]` nor `[key=value]`")),
                });
                rest = tail;
            } else if let Some(after) = rest.strip_prefix('.') {
                let end = after.find(['.', '[']).unwrap_or(after.len());
                let (name, tail) = after.split_at(end);
                steps.push(match (name, numbered(name, "param")) {
                    ("", _) => return Err(format!("place `{text}` has an empty step")),
                    ("*", _) => PlaceStep::All,
                    (_, Some(index)) => PlaceStep::Param(index),
                    (name, None) => PlaceStep::Field(Name::new(name)),
                });
                rest = tail;
            } else {
                return Err(format!("place `{text}`: expected `.` or `[` before `{rest}`"));
            }
        }
        Ok(Place { root, steps })
    }
}

fn parse_root(head: &str) -> Option<PlaceRoot> {
    Some(match head {
        "" => return None,
        "args" => PlaceRoot::ArgsFrom(0),
        "last" => PlaceRoot::Last,
        "*" => PlaceRoot::Any,
        "receiver" => PlaceRoot::Receiver,
        "return" => PlaceRoot::Return,
        "call" => PlaceRoot::Call,
        "default" | "none" => PlaceRoot::Fixed,
        "parameters" => PlaceRoot::Parameters,
        other => match (numbered(other, "args"), numbered(other, "arg")) {
            (Some(from), _) => PlaceRoot::ArgsFrom(from),
            (None, Some(at)) => PlaceRoot::Arg(at),
            (None, None) => PlaceRoot::Named(Name::new(other)),
        },
    })
}

/// The number in `arg3`; `None` for anything else, such as a parameter called `argument`.
fn numbered(text: &str, prefix: &str) -> Option<usize> {
    text.strip_prefix(prefix)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{Place, PlaceRoot, PlaceStep};
    use crate::intern::Name;

    #[test]
    fn places_parse() {
        let place = Place::parse("messages[*][role=system].content").expect("valid");
        assert_eq!(place.root, PlaceRoot::Named(Name::new("messages")));
        assert_eq!(place.steps.len(), 3);
        assert_eq!(place.steps[1], PlaceStep::Where(Name::new("role"), Name::new("system")));
        assert_eq!(Place::parse("arg1.param0").expect("valid").steps, [PlaceStep::Param(0)]);
        assert_eq!(Place::parse("argument").expect("valid").root, PlaceRoot::Named(Name::new("argument")));
        assert_eq!(Place::parse("args1").expect("valid").root, PlaceRoot::ArgsFrom(1));
        assert_eq!(Place::parse_all("model|arg0").expect("valid").len(), 2);
        assert!(Place::parse("a[b]").is_err());
        assert!(Place::parse(".b").is_err());
    }
}
