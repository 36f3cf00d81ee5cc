//! Holes of template languages. One pass, no nesting: control blocks and comments are passed over, their content is text.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Part;
use crate::source::Span;

/// Longer tags are none.
const TAG_MAX: usize = 2000;

/// How a template writes its holes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Syntax {
    /// `{{ name | filter }}`, `{% … %}`, `{# … #}`: nothing is escaped unless a filter does it.
    Jinja,
    /// `{{name}}` escapes, `{{{name}}}` and `{{&name}}` do not; `{{#…}}`, `{{> …}}`.
    Mustache,
    /// `{name}` and `{{name}}`, and `${name}`: what format calls and home-made replacements use.
    Braces,
}

/// The syntax of a file, by its extension and, if that does not say, by its signs.
pub(super) fn syntax_of(path: &str, text: &str) -> Syntax {
    let extension = path.rsplit_once('.').map_or(String::new(), |(_, extension)| extension.to_ascii_lowercase());
    match extension.as_str() {
        "j2" | "jinja" | "jinja2" | "prompty" | "liquid" => Syntax::Jinja,
        "hbs" | "handlebars" | "mustache" | "prompt" => Syntax::Mustache,
        _ if text.contains("{%") && text.contains("%}") => Syntax::Jinja,
        _ if ["{{#", "{{/", "{{>", "{{{"].iter().any(|sign| text.contains(sign)) => Syntax::Mustache,
        _ => Syntax::Braces,
    }
}

/// Splits the bytes `span` of a text into fixed text and holes.
pub(super) fn parts(text: &str, span: Span, syntax: Syntax) -> Vec<Part> {
    let mut scanner = Scanner {
        text,
        end: span.end as usize,
        parts: Vec::new(),
        run: span.start as usize,
        closings: BTreeMap::new(),
    };
    let mut at = span.start as usize;
    while let Some(open) = memchr::memchr(b'{', &text.as_bytes()[at..scanner.end]).map(|length| at + length) {
        at = match scanner.tag(open, syntax) {
            Some((tag, end)) => {
                scanner.flush(open, syntax);
                scanner.run = end;
                scanner.parts.extend(tag);
                end
            }
            None => open + 1,
        };
    }
    scanner.flush(scanner.end, syntax);
    scanner.parts
}

struct Scanner<'a> {
    text: &'a str,
    end: usize,
    parts: Vec<Part>,
    /// Where the fixed text at hand begins.
    run: usize,
    /// Where each closing sign stands next; past the end if nowhere.
    closings: BTreeMap<&'static str, usize>,
}

impl<'a> Scanner<'a> {
    fn flush(&mut self, to: usize, syntax: Syntax) {
        // `${name}`: the sign belongs to the hole.
        let to = if syntax == Syntax::Braces && to > self.run && to < self.end && self.text.as_bytes()[to - 1] == b'$' {
            to - 1
        } else {
            to
        };
        if self.run < to {
            let text = self.text[self.run..to].to_owned();
            self.parts.push(Part::Text { text, span: Span::new(self.run, to) });
        }
    }

    /// The tag that opens at an offset: the part it makes, if any, and where it ends.
    fn tag(&mut self, open: usize, syntax: Syntax) -> Option<(Option<Part>, usize)> {
        match syntax {
            Syntax::Jinja => self.jinja(open),
            Syntax::Mustache => self.mustache(open),
            Syntax::Braces => self.braces(open),
        }
    }

    /// What stands between two signs, the first of which stands at an offset; tags do not grow beyond a few lines. Where a
    /// closing sign stands next is remembered, so that signs without end cost nothing.
    fn between(&mut self, open: usize, opening: &str, closing: &'static str) -> Option<(&'a str, usize)> {
        let body = open + opening.len();
        if !self.text[open..self.end].starts_with(opening) {
            return None;
        }
        let known = self.closings.get(closing).copied();
        let close = match known {
            Some(at) if at >= body => at,
            _ => {
                let found = memchr::memmem::find(&self.text.as_bytes()[body..self.end], closing.as_bytes());
                let at = found.map_or(usize::MAX, |length| body + length);
                self.closings.insert(closing, at);
                at
            }
        };
        (close.saturating_sub(body) <= TAG_MAX).then(|| (&self.text[body..close], close + closing.len()))
    }

    fn jinja(&mut self, open: usize) -> Option<(Option<Part>, usize)> {
        if let Some((_, end)) = self.between(open, "{#", "#}") {
            return Some((None, end));
        }
        if let Some((body, end)) = self.between(open, "{%", "%}") {
            let words = body.trim_matches(['-', '+', ' ']);
            let name =
                ["include", "import", "from", "extends", "render"].iter().find_map(|word| words.strip_prefix(word));
            let include = name.and_then(first_quoted);
            return Some((include.map(|name| Part::Include { name, span: Span::new(open, end) }), end));
        }
        let (body, end) = self.between(open, "{{", "}}")?;
        let mut filters = body.trim_matches(['-', '+']).split('|').map(str::trim);
        let name = path_of(filters.next()?);
        let escaped =
            filters.any(|filter| ["e", "escape", "tojson", "urlencode", "forceescape", "xmlattr"].contains(&filter));
        Some((name.map(|name| Part::Hole { name, span: Span::new(open, end), escaped }), end))
    }

    fn mustache(&mut self, open: usize) -> Option<(Option<Part>, usize)> {
        if let Some((body, end)) = self.between(open, "{{{", "}}}") {
            let name = path_of(body.trim());
            return Some((name.map(|name| Part::Hole { name, span: Span::new(open, end), escaped: false }), end));
        }
        if let Some((_, end)) = self.between(open, "{{!--", "--}}") {
            return Some((None, end));
        }
        let (body, end) = self.between(open, "{{", "}}")?;
        let body = body.trim_matches(['~', ' ', '\t', '\n', '\r']);
        let span = Span::new(open, end);
        let part = match body.as_bytes().first() {
            Some(b'>') => {
                Some(Part::Include { name: body[1..].split_whitespace().next().unwrap_or_default().to_owned(), span })
            }
            Some(b'#' | b'/' | b'^' | b'!' | b'=') | None => None,
            Some(b'&') => path_of(body[1..].trim()).map(|name| Part::Hole { name, span, escaped: false }),
            Some(_) if ["else", "role ", "history", "section "].iter().any(|word| body.starts_with(word)) => None,
            Some(_) => last_argument(body).map(|name| Part::Hole { name, span, escaped: true }),
        };
        Some((part, end))
    }

    fn braces(&mut self, open: usize) -> Option<(Option<Part>, usize)> {
        let dollar = usize::from(open > self.run && self.text.as_bytes()[open - 1] == b'$');
        for (opening, closing) in [("{{", "}}"), ("{", "}")] {
            let Some((body, end)) = self.between(open, opening, closing) else { continue };
            let name = body.trim();
            let name = name.split([':', '!']).next().unwrap_or_default();
            // One brace holds a bare name only: anything else is JSON, a set or code.
            let is_bare = opening.len() == 2 || body.len() == body.trim().len();
            if is_bare && is_path(name) {
                let span = Span::new(open - dollar, end);
                return Some((Some(Part::Hole { name: name.to_owned(), span, escaped: false }), end));
            }
            if opening.len() == 2 && self.text[open..self.end].starts_with("{{") {
                return None;
            }
        }
        None
    }
}

fn first_quoted(text: &str) -> Option<String> {
    let start = text.find(['"', '\''])?;
    let quote = text[start..].chars().next()?;
    let length = text[start + 1..].find(quote)?;
    Some(text[start + 1..start + 1 + length].to_owned())
}

fn is_path(text: &str) -> bool {
    let starts = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_' || c == '$' || c == '@');
    starts && text.len() <= 120 && text.chars().all(|c| c.is_ascii_alphanumeric() || "_.$-@".contains(c))
}

/// The path that an expression begins with: `user.name`, `docs[0].text`, `render(x)`. A literal has none.
fn path_of(expression: &str) -> Option<String> {
    let expression = expression.trim_start_matches("not ").trim();
    let length =
        expression.find(|c: char| !(c.is_alphanumeric() || "_.$@[]'\"/-".contains(c))).unwrap_or(expression.len());
    let path = expression[..length].trim_end_matches(['[', '\'', '"', '.', '-']);
    let starts =
        path.starts_with(|c: char| c.is_alphabetic() || "_$@".contains(c)) || path == "." || path.starts_with("this");
    (starts && !path.is_empty()).then(|| path.to_owned())
}

/// `helper argument` fills in what the helper makes of its argument: the argument is what matters.
fn last_argument(body: &str) -> Option<String> {
    let mut words = body.split_whitespace();
    let first = words.next()?;
    let argument = words.find(|word| is_path(word.split('=').next_back().unwrap_or(word)));
    let name = argument.map_or(first, |word| word.split('=').next_back().unwrap_or(word));
    path_of(name).or_else(|| (first == ".").then(|| ".".to_owned()))
}
