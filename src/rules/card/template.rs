//! Message templates: text with `{placeholders}` that an engine fills with names from the audited code.

/// A parsed template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    Hole(String),
}

impl Template {
    /// Parses a text. A hole is a kebab-case name in braces; any other brace is an error, which the text says.
    pub fn parse(text: &str) -> Result<Template, String> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(open) = rest.find(['{', '}']) {
            let Some(end) = rest[open..].strip_prefix('{').and_then(|tail| tail.find('}')) else {
                return Err(format!("unbalanced brace in `{text}`"));
            };
            let name = &rest[open + 1..open + 1 + end];
            if !is_kebab(name) {
                return Err(format!("`{{{name}}}` is no placeholder: write a kebab-case name"));
            }
            parts.push(Part::Text(rest[..open].to_owned()));
            parts.push(Part::Hole(name.to_owned()));
            rest = &rest[open + end + 2..];
        }
        parts.push(Part::Text(rest.to_owned()));
        Ok(Template { parts })
    }

    /// The names of its holes, in order.
    pub fn holes(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Hole(name) => Some(name.as_str()),
            Part::Text(_) => None,
        })
    }

    /// The text with each hole filled by `value`; a hole without a value reads as its own name in words, so that a
    /// message stays a sentence.
    pub fn fill<'v>(&self, value: impl Fn(&str) -> Option<&'v str>) -> String {
        let mut out = String::new();
        for part in &self.parts {
            match part {
                Part::Text(text) => out.push_str(text),
                Part::Hole(name) => match value(name) {
                    Some(text) => out.push_str(text),
                    None => out.push_str(&name.replace('-', " ")),
                },
            }
        }
        out
    }
}

/// Whether a text is a kebab-case word.
pub(crate) fn is_kebab(text: &str) -> bool {
    let word = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    text.split('-').all(word)
}

#[cfg(test)]
mod tests {
    use super::Template;

    #[test]
    fn holes_are_filled_and_unknown_ones_stay_readable() {
        let template = Template::parse("{route} reaches `{llm-call}`").expect("parses");
        assert_eq!(template.holes().collect::<Vec<_>>(), ["route", "llm-call"]);
        let filled = template.fill(|name| (name == "route").then_some("POST /chat"));
        assert_eq!(filled, "POST /chat reaches `llm call`");
    }

    #[test]
    fn a_stray_brace_is_an_error() {
        for text in ["a { b", "a } b", "{}", "{A b}"] {
            assert!(Template::parse(text).is_err(), "{text}");
        }
    }
}
