//! Moves a credential that is a literal of its own to the environment.

use super::{Context, Draft, Edit, insert, line_start, slice};
use crate::finding::Finding;
use crate::ir::{Expr, FileFacts, ImportKind};
use crate::source::{Language, Span};

/// Replaces the literal that holds a credential by the variable that shall hold it.
pub(super) fn move_literal(finding: &Finding, cx: &Context<'_>) -> Option<Draft> {
    let [secret] = finding.masked.as_slice() else { return None };
    let file = cx.file(&secret.path)?;
    let id = cx.project.program.file_at(&file.path)?;
    let facts = cx.project.program.facts(id);
    let literal = literal_around(facts, &file.text, secret.span)?;
    let name = variable(&file.text, literal)?;
    let mut edits = Vec::new();
    let read = match facts.language {
        Language::Python => {
            if !imports_environment(facts) {
                edits.push(insert(&file.path, import_place(facts, &file.text), "import os\n".to_owned()));
            }
            format!("os.environ[\"{name}\"]")
        }
        Language::TypeScript => {
            // Types say that a variable may be missing; scripts have none to satisfy.
            let is_typed = file.path.ends_with(".ts") || file.path.ends_with(".tsx") || file.path.ends_with(".mts");
            format!("process.env.{name}{}", if is_typed { "!" } else { "" })
        }
        // What an environment gives is no constant, and where constants are needed cannot be told here.
        _ => return None,
    };
    edits.push(Edit { path: file.path.clone(), span: literal, text: read });
    Some(Draft {
        title: format!("Read it from the environment: `{name}`"),
        then: Some(format!(
            "revoke the credential, and set `{name}` wherever this runs: without it the program stops here"
        )),
        edits,
    })
}

/// The string literal whose whole content is the credential, or the connection string that it opens.
fn literal_around(facts: &FileFacts, text: &str, secret: Span) -> Option<Span> {
    let literals = facts.exprs.iter().zip(&facts.spans).filter(|(expr, _)| matches!(expr, Expr::Str(_)));
    let whole = |span: Span| {
        let written = slice(text, span);
        let inner = written.trim_start_matches(['\'', '"', '`']).trim_end_matches(['\'', '"', '`']);
        let secret_text = slice(text, secret);
        span.contains(secret)
            && written.len() >= 2
            && (inner == secret_text || is_connection_string(inner, secret_text))
    };
    literals.map(|(_, span)| *span).find(|span| whole(*span))
}

/// Whether a text is an address with this password in it, `scheme://user:password@host`, and nothing else.
fn is_connection_string(text: &str, password: &str) -> bool {
    let Some((scheme, rest)) = text.split_once("://") else { return false };
    let Some((user, after)) = rest.split_once(password) else { return false };
    !password.is_empty()
        && scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '.' | '-'))
        && user.ends_with(':')
        && !user.contains(['/', '@'])
        && after.starts_with('@')
        && !text.contains(char::is_whitespace)
}

/// The variable's name: that of what the literal is assigned to, as environments write it.
fn variable(text: &str, literal: Span) -> Option<String> {
    let line = text[line_start(text, literal.start as usize)..literal.start as usize].trim_end();
    // `key = `, `key: `, `key: str = `, `"key": `.
    let head = line.strip_suffix(['=', ':'])?.trim_end();
    let head = match head.rsplit_once(':') {
        Some((name, kind)) if line.ends_with('=') && !kind.contains(['{', ',', '(']) => name.trim_end(),
        _ => head,
    };
    let head = head.trim_end_matches(['"', '\'']);
    let start = head.rfind(|c: char| !c.is_alphanumeric() && c != '_').map_or(0, |at| at + 1);
    let word = &head[start..];
    let is_name = word.len() > 1 && word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && word.is_ascii();
    is_name.then(|| screaming(word))
}

/// `apiKey` and `api_key` as `API_KEY`.
fn screaming(word: &str) -> String {
    let mut out = String::new();
    let mut was_lower = false;
    for c in word.chars() {
        if c.is_ascii_uppercase() && was_lower {
            out.push('_');
        }
        was_lower = c.is_ascii_lowercase() || c.is_ascii_digit();
        out.push(c.to_ascii_uppercase());
    }
    out.trim_matches('_').to_owned()
}

fn imports_environment(facts: &FileFacts) -> bool {
    let is_os = |import: &crate::ir::Import| {
        import.kind == ImportKind::Module && import.module == "os" && import.local.is_some_and(|n| n == "os")
    };
    facts.imports.iter().any(|import| is_os(import) && !import.type_only)
}

/// Before the first import that is no statement about the language itself.
fn import_place(facts: &FileFacts, text: &str) -> usize {
    let imports = facts.imports.iter().filter(|import| import.module != "__future__");
    let first = imports.map(|import| import.span.start as usize).min();
    let after_future = facts.imports.iter().map(|import| import.span.end as usize).max();
    match (first, after_future) {
        (Some(first), _) => line_start(text, first),
        (None, Some(end)) => text[end..].find('\n').map_or(text.len(), |at| end + at + 1),
        // Without imports, before the first statement that is no text about the module.
        (None, None) => first_statement(text),
    }
}

fn first_statement(text: &str) -> usize {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim();
        if !trimmed.is_empty() && !trimmed.starts_with('#') {
            // A module's own text must stay first; it is left alone here, and the import goes above what follows it.
            let quote = ["\"\"\"", "'''"].into_iter().find(|quote| trimmed.starts_with(quote));
            let Some(quote) = quote else { return at };
            let body = at + line.find(quote).unwrap_or(0) + quote.len();
            let Some(end) = text[body..].find(quote) else { return at };
            let after = body + end + quote.len();
            return text[after..].find('\n').map_or(text.len(), |next| after + next + 1);
        }
        at += line.len();
    }
    at
}

#[cfg(test)]
mod tests {
    use super::{first_statement, is_connection_string, screaming, variable};
    use crate::source::Span;

    fn name(line: &str) -> Option<String> {
        let at = line.find("\"secret").expect("a literal");
        variable(line, Span::new(at, at + 8))
    }

    #[test]
    fn the_variable_is_called_like_what_is_assigned() {
        assert_eq!(name("api_key = \"secret\"").as_deref(), Some("API_KEY"));
        assert_eq!(name("const apiKey: string = \"secret\"").as_deref(), Some("API_KEY"));
        assert_eq!(name("client = Client(api_key=\"secret\")").as_deref(), Some("API_KEY"));
        assert_eq!(name("  \"token\": \"secret\",").as_deref(), Some("TOKEN"));
        assert_eq!(name("new Client({ apiKey: \"secret\" })").as_deref(), Some("API_KEY"));
        assert_eq!(name("call(\"secret\")"), None);
        assert_eq!(screaming("openAIKey2"), "OPEN_AIKEY2");
    }

    #[test]
    fn a_connection_string_moves_as_a_whole() {
        assert!(is_connection_string("postgresql+asyncpg://app:pass@db:5432/app", "pass"));
        assert!(!is_connection_string("connect to postgresql://app:pass@db/app", "pass"));
        assert!(!is_connection_string("https://api.example.com/v1?key=pass", "pass"));
        assert!(!is_connection_string("pass", "pass"));
    }

    #[test]
    fn an_import_stands_below_the_text_about_the_module() {
        assert_eq!(first_statement("# x\nx = 1\n"), 4);
        assert_eq!(first_statement("\"\"\"About.\n\nMore.\"\"\"\nx = 1\n"), 20);
    }
}
