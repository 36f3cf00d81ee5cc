//! Reads assignments out of text without parsing it: which literal is given to the name at a place.
//!
//! Understands `name = "literal"` in its many spellings (keyword arguments, fields, `:=`, type annotations, JSON and YAML
//! keys), bare values where the file's form has them, look-ups with a fallback (`getenv("NAME", "literal")`,
//! `env.NAME || "literal"`, `${NAME:-literal}`), setters (`set("NAME", "literal")`), markup (`<name>literal</name>`),
//! `NAME=literal` inside of a string, command-line flags, and name/value pairs of manifests.
//! It reads a bounded stretch only, so that no input makes it slow.

use super::judge::Site;
use super::place::{Form, Place};

const NAME_MAX: usize = 120;
const VALUE_MAX: usize = 2048;

/// A literal and the name it is given to.
pub(crate) struct Assigned<'a> {
    pub(crate) name: &'a str,
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) site: Site,
}

/// The assignment whose name covers the bytes `start..end`, if there is one.
pub(crate) fn at<'a>(place: &Place<'a>, start: usize, end: usize) -> Option<Assigned<'a>> {
    let (from, to) = name_around(place.text, start, end)?;
    let name = &place.text[from..to];
    let reader = Reader { place, name, from };
    let (value, site) = reader.value_after(to)?;
    let (start, end, site) = fallback_inside(place.text, value, site);
    (start < end).then_some(Assigned { name: name.trim_start_matches('-'), start, end, site })
}

/// The name on the same line that a literal at `offset` is given to, or the call it is an argument of.
pub(crate) fn name_before<'a>(place: &Place<'a>, offset: usize) -> Option<&'a str> {
    let (line_start, line) = place.line_around(offset);
    let head = line.get(..offset.checked_sub(line_start)?)?;
    let open = head.trim_end_matches(|c: char| !c.is_whitespace() && !"=\"'`(:,".contains(c));
    let bare = open.trim_end_matches(|c: char| c.is_whitespace() || "\"'`\\".contains(c));
    let name_end = bare.trim_end_matches(|c: char| c.is_whitespace() || "=:(>\"'`\\,".contains(c));
    let sign = bare.get(name_end.len()..)?;
    if !sign.contains(['=', ':', '(', ',']) {
        return None;
    }
    let name_end = if sign.contains('=') { without_type(name_end) } else { name_end };
    let from = name_end.rfind(|c: char| !is_name_char(c)).map_or(0, |at| at + 1);
    let name = name_end.get(from..)?.trim_start_matches('-');
    (!name.is_empty() && name.len() <= NAME_MAX && !name.bytes().all(|b| b.is_ascii_digit())).then_some(name)
}

/// `name: &'static str` without its annotation.
fn without_type(head: &str) -> &str {
    let is_type = |c: char| is_name_char(c) || " &'[]<>|.".contains(c);
    let rest = head.trim_end_matches(is_type);
    match rest.strip_suffix(':') {
        Some(name) if name.ends_with(is_name_char) => name,
        _ => head,
    }
}

fn is_name_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '$')
}

fn name_around(text: &str, start: usize, end: usize) -> Option<(usize, usize)> {
    let bytes = text.as_bytes();
    let is_name = |byte: u8| is_name_char(char::from(byte));
    let mut from = start;
    while from > 0 && is_name(bytes[from - 1]) && start - from < NAME_MAX {
        from -= 1;
    }
    let mut to = end;
    while to < bytes.len() && is_name(bytes[to]) && to - end < NAME_MAX {
        to += 1;
    }
    (to - from < NAME_MAX).then_some((from, to))
}

/// `${NAME:-literal}` as a whole value is a look-up with a fallback.
fn fallback_inside(text: &str, value: (usize, usize), site: Site) -> (usize, usize, Site) {
    let body = &text[value.0..value.1];
    if body.starts_with("${")
        && body.ends_with('}')
        && body.matches('}').count() == 1
        && let Some(at) = body.find(":-")
    {
        return (value.0 + at + 2, value.1 - 1, Site::Fallback);
    }
    (value.0, value.1, site)
}

struct Reader<'p, 'a> {
    place: &'p Place<'a>,
    name: &'a str,
    from: usize,
}

impl<'a> Reader<'_, 'a> {
    fn text(&self) -> &'a str {
        self.place.text
    }

    fn starts(&self, at: usize, part: &str) -> bool {
        self.text().as_bytes()[at.min(self.text().len())..].starts_with(part.as_bytes())
    }

    fn skip_blanks(&self, mut at: usize) -> usize {
        while matches!(self.text().as_bytes().get(at), Some(b' ' | b'\t')) {
            at += 1;
        }
        at
    }

    /// The quote that opens at an offset, with its escapes: `"`, `'`, a backtick, or `\"` inside a JSON string.
    fn quote(&self, at: usize) -> Option<&'static str> {
        ["\\\"", "\\'", "\"", "'", "`"].into_iter().find(|quote| self.starts(at, quote))
    }

    /// A quoted literal at an offset, prefixes such as `r` and `b` aside.
    fn literal(&self, at: usize) -> Option<(usize, usize)> {
        let at = self.skip_blanks(at);
        let bytes = self.text().as_bytes();
        let mut open = at;
        while open < at + 2 && bytes.get(open).is_some_and(|byte| b"rbuRBU".contains(byte)) {
            open += 1;
        }
        let quote = self.quote(open)?;
        // A triple-quoted text is prose, and an empty literal holds nothing.
        let start = open + quote.len();
        let end = self.literal_end(start, quote)?;
        (start < end).then_some((start, end))
    }

    fn literal_end(&self, start: usize, quote: &str) -> Option<usize> {
        let bytes = self.text().as_bytes();
        let limit = bytes.len().min(start + VALUE_MAX);
        let mut at = start;
        while at < limit {
            match bytes[at] {
                b'\n' | b'\r' => return None,
                _ if self.starts(at, quote) => return Some(at),
                b'\\' => at += 2,
                _ => at += 1,
            }
        }
        None
    }

    fn value_after(&self, to: usize) -> Option<((usize, usize), Site)> {
        if self.name.starts_with('-') {
            return self.flag(to);
        }
        let closing = self.quote(to).map_or(0, str::len);
        let after = self.skip_blanks(to + closing);
        if let Some(found) = self.fallback(after, closing > 0) {
            return Some((found, Site::Fallback));
        }
        if let Some(found) = self.pair(after) {
            return Some((found, Site::Config));
        }
        if let Some(found) = self.setter(after, closing > 0) {
            return Some((found, Site::Code));
        }
        if let Some(found) = self.element(to).or_else(|| self.inside_string(to)) {
            return Some((found, Site::Config));
        }
        let after = self.skip_annotation(after);
        let Some(value) = self.operator(after) else { return self.docker_env(to) };
        let value = self.skip_blanks(value);
        self.quoted(value).or_else(|| self.bare(value))
    }

    /// The second argument of a call that sets what its first argument names: `define("NAME", "literal")`.
    fn setter(&self, at: usize, was_quoted: bool) -> Option<(usize, usize)> {
        if !was_quoted || !self.starts(at, ",") || self.place.form != Form::Code {
            return None;
        }
        const SETTERS: [&str; 6] = ["set", "put", "append", "define", "insert", "header"];
        let callee = self.callee()?;
        SETTERS.iter().any(|word| callee.contains(word)).then(|| self.literal(at + 1)).flatten()
    }

    /// The text of a markup element of this name.
    fn element(&self, to: usize) -> Option<(usize, usize)> {
        let opens = self.from > 0 && self.text().as_bytes()[self.from - 1] == b'<';
        if !opens || !self.starts(to, ">") {
            return None;
        }
        let rest = self.text().get(to + 1..self.text().floor_char_boundary(to + 1 + VALUE_MAX))?;
        let (body, close) = rest.split_once("</")?;
        let value = body.trim();
        let start = to + 1 + body.find(value)?;
        let is_value = close.starts_with(self.name) && !value.is_empty() && !value.contains(['<', '\n']);
        is_value.then_some((start, start + value.len()))
    }

    /// `NAME=literal` inside of a string: a line of an environment file, an argument of a command.
    fn inside_string(&self, to: usize) -> Option<(usize, usize)> {
        let bytes = self.text().as_bytes();
        let is_variable = |name: &str| name.contains('_') && !name.bytes().any(|byte| byte.is_ascii_lowercase());
        let after_escape = self.from > 0 && bytes[self.from - 1] == b'\\';
        let name = if after_escape { self.name.get(1..)? } else { self.name };
        let opens = after_escape || self.from > 0 && matches!(bytes[self.from - 1], b'"' | b'\'' | b'`' | b' ');
        let is_here = matches!(self.place.form, Form::Code | Form::Json) && self.starts(to, "=") && opens;
        if !is_here || !is_variable(name) {
            return None;
        }
        let rest = self.text().get(to + 1..self.text().floor_char_boundary(to + 1 + VALUE_MAX))?;
        let length = rest.find(|c: char| c.is_whitespace() || "\"'`\\,;".contains(c))?;
        // An assignment in code may look the same: what is quoted is left to those who read quotes.
        (length > 0).then_some((to + 1, to + 1 + length))
    }

    /// Skips `]`, `)` of an index (`x["name"] = …`) and a type annotation (`name: str = …`, `name: &str = …`).
    fn skip_annotation(&self, at: usize) -> usize {
        let at = if self.starts(at, "]") { self.skip_blanks(at + 1) } else { at };
        let at = if self.starts(at, "?") || self.starts(at, "!") { at + 1 } else { at };
        if self.starts(at, "::") {
            return at;
        }
        if !self.starts(at, ":") || self.starts(at, ":=") {
            return self.skip_type_word(at);
        }
        let rest = &self.text().as_bytes()[at + 1..];
        let is_type = |byte: &u8| byte.is_ascii_alphanumeric() || b" &'_[]|<>.:?,".contains(byte);
        let length = rest.iter().take(80).take_while(|byte| is_type(byte)).count();
        let is_annotation = rest.get(length) == Some(&b'=') && !rest[..length].contains(&b'"') && length > 1;
        if is_annotation && self.place.form == Form::Code { at + 1 + length } else { at }
    }

    /// `name string = …`: a type that follows its name without a sign.
    fn skip_type_word(&self, at: usize) -> usize {
        let rest = &self.text().as_bytes()[at.min(self.text().len())..];
        let length = rest.iter().take(20).take_while(|byte| byte.is_ascii_alphabetic()).count();
        let is_typed = at > 0 && self.text().as_bytes()[at - 1] == b' ' && rest[length..].starts_with(b" = ");
        if length > 1 && is_typed && self.place.form == Form::Code { at + length + 1 } else { at }
    }

    /// Past an assignment sign; comparisons are none.
    fn operator(&self, at: usize) -> Option<usize> {
        const SIGNS: [&str; 10] = ["||=", "??=", ":::=", "::=", ":=", "+=", ".=", "=>", "=", ":"];
        let sign = SIGNS.into_iter().find(|sign| self.starts(at, sign))?;
        let after = at + sign.len();
        let is_comparison = sign == "=" && (self.starts(after, "=") || self.starts(after, "~"));
        let is_path = sign == ":" && (self.starts(after, ":") || self.starts(after, "//"));
        (!is_comparison && !is_path).then_some(after)
    }

    fn quoted(&self, at: usize) -> Option<((usize, usize), Site)> {
        let found = self.literal(at)?;
        let site = if matches!(self.place.form, Form::Code) { Site::Code } else { Site::Config };
        Some((found, site))
    }

    /// A bare value, where the file's form has them.
    fn bare(&self, at: usize) -> Option<((usize, usize), Site)> {
        let is_bare = matches!(self.place.form, Form::Bare | Form::Environment);
        let bytes = self.text().as_bytes();
        if !is_bare || bytes.get(at).is_none_or(|byte| b"\"'`{[|>#\r\n".contains(byte)) {
            return None;
        }
        let limit = bytes.len().min(at + VALUE_MAX);
        let stop = |i: &usize| {
            matches!(bytes[*i], b'\n' | b'\r' | b'"' | b'\'') || (bytes[*i] == b'#' && bytes[i - 1] == b' ')
        };
        let end = (at..limit).find(stop).unwrap_or(limit);
        let end = self.text().floor_char_boundary(end);
        let mut value = self.text()[at..end].trim_end();
        let is_list = value.contains(':') && value.contains(", ");
        if self.place.form == Form::Environment && self.in_command(at) || is_list {
            value = value.split([' ', ',', ';', '&']).next().unwrap_or_default();
        }
        Some(((at, at + value.len()), Site::Config))
    }

    /// Whether the assignment is one of several on a line: `export A=1 B=2`, `ENV A=1 B=2`.
    fn in_command(&self, at: usize) -> bool {
        at > 0 && self.text().as_bytes()[at - 1] == b'='
    }

    /// `--password literal` and `-storepasswd literal` in files that hold commands.
    fn flag(&self, to: usize) -> Option<((usize, usize), Site)> {
        let has_commands = matches!(self.place.form, Form::Environment | Form::Bare);
        let is_item = self.name.starts_with("- ") || self.name == "-";
        if !has_commands || is_item || !matches!(self.text().as_bytes().get(to), Some(b' ' | b'=')) {
            return None;
        }
        let at = to + 1;
        if let Some(found) = self.literal(at) {
            return Some((found, Site::Config));
        }
        let rest = self.text().get(at..)?;
        let word: &str = rest.split(|c: char| c.is_whitespace() || c == '"' || c == '\'').next()?;
        let is_value = !word.is_empty() && !word.starts_with('-') && word.len() < VALUE_MAX;
        is_value.then_some(((at, at + word.len()), Site::Config))
    }

    /// `ENV NAME literal` of a Dockerfile.
    fn docker_env(&self, to: usize) -> Option<((usize, usize), Site)> {
        let (line_start, line) = self.place.line_around(self.from);
        let head = line.get(..self.from - line_start)?.trim();
        let is_env = self.place.form == Form::Environment && head.eq_ignore_ascii_case("ENV");
        (is_env && self.starts(to, " ")).then(|| self.quoted(to + 1).or_else(|| self.bare(to + 1))).flatten()
    }

    /// The fallback of a look-up: `getenv("NAME", "literal")`, `.get("NAME", default="literal")`, `env.NAME || "literal"`,
    /// `var("NAME").unwrap_or("literal")`.
    fn fallback(&self, at: usize, was_quoted: bool) -> Option<(usize, usize)> {
        if !was_quoted {
            let sign = ["||", "??", "or "].into_iter().find(|sign| self.starts(at, sign))?;
            return if self.starts(at + sign.len(), "=") { None } else { self.literal(at + sign.len()) };
        }
        if !self.is_lookup_argument() {
            return None;
        }
        if self.starts(at, ",") {
            let next = self.skip_blanks(at + 1);
            let next = if self.starts(next, "default=") { next + "default=".len() } else { next };
            return self.literal(next);
        }
        if !self.starts(at, ")") {
            return None;
        }
        let rest = self.skip_blanks(at + 1);
        for sign in ["||", "??", "or ", ".unwrap_or(", ".unwrap_or_else(|_| ", ".unwrap_or_else(||"] {
            if self.starts(rest, sign) {
                return self.literal(rest + sign.len());
            }
        }
        None
    }

    /// Whether the quoted name is the first argument of a call that reads a setting.
    fn is_lookup_argument(&self) -> bool {
        const READERS: [&str; 8] = ["get", "env", "var", "config", "setting", "option", "str", "secret"];
        self.callee().is_some_and(|callee| READERS.iter().any(|word| callee.contains(word)))
    }

    /// The last name, in lower case, of what is called with the quoted name as its first argument.
    fn callee(&self) -> Option<String> {
        let low = self.text().floor_char_boundary(self.from.saturating_sub(60));
        let head = self.text()[low..self.from].trim_end_matches(['"', '\'', '\\', '`']).trim_end();
        let head = head.strip_suffix('(').or_else(|| head.strip_suffix('['))?;
        let callee = head.rsplit(|c: char| !is_name_char(c)).next().unwrap_or_default();
        Some(callee.to_ascii_lowercase())
    }

    /// The value of `name: NAME` / `value: literal` and `{"name": "NAME", "value": "literal"}`.
    fn pair(&self, at: usize) -> Option<(usize, usize)> {
        let low = self.text().floor_char_boundary(self.from.saturating_sub(16));
        let head = self.text()[low..self.from].trim_end_matches(['"', '\'', ' ', '\\']).to_ascii_lowercase();
        let is_named = ["name:", "key:", "name\":", "key\":", "name =", "name="].iter().any(|end| head.ends_with(end));
        if !is_named {
            return None;
        }
        let rest = self.text().get(at..self.text().floor_char_boundary(at + 80))?;
        let body = rest.trim_start_matches([',', ' ', '\t', '\r', '\n', '"', '\\', '\'']);
        let sign = body.strip_prefix("value")?.trim_start_matches(['"', '\\', '\'', ' ']);
        let value = sign.strip_prefix([':', '='])?;
        let start = at + rest.len() - value.len();
        let start = self.skip_blanks(start);
        self.quoted(start).or_else(|| self.bare(start)).map(|(found, _)| found)
    }
}
