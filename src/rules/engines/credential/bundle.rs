//! Keys that a bundler hands to browsers: names of variables that are copied into the bundle, and client options that
//! allow a browser.
//!
//! Which prefixes, providers and options those are is data of the card. A name in configuration counts only where no
//! code uses it, because the use is the better place to point at.

use std::collections::BTreeSet;

use serde::Deserialize;

use crate::finding::{Confidence, Location};
use crate::intern::Name;
use crate::ir::{Expr, ExprId, FileFacts, ImportKind, Key};
use crate::rules::card::RuleCard;
use crate::rules::run::{Context, Judged, finding};
use crate::source::{Language, PathClass, SourceFile, Span};

/// What tells a provider's key in a bundle.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Names {
    /// Beginnings of variables that bundlers copy.
    prefixes: Vec<String>,
    /// Words that name a provider.
    providers: Vec<String>,
    /// Last words of a credential's name.
    credentials: Vec<String>,
    /// Words that make a name one of something public, or of a switch.
    public: Vec<String>,
    /// Client options that, if true, let a client run in browsers.
    client_options: Vec<String>,
}

/// A place to report.
struct Exposed {
    span: Span,
    name: String,
    is_option: bool,
}

pub(super) fn run(card: &RuleCard, names: &Names, cx: &Context<'_>, judged: &mut Judged) {
    let mut used: BTreeSet<String> = BTreeSet::new();
    for id in cx.project.program.file_ids() {
        let facts = cx.project.program.facts(id);
        if cx.project.program.class_of_path(id) != PathClass::Production || !Context::judges(card, facts.language) {
            continue;
        }
        let found = in_code(names, facts);
        judged.checked(card).subjects += 1;
        judged.checked(card).satisfied += u64::from(found.is_empty());
        for one in &found {
            used.insert(one.name.clone());
            push(card, facts.path.as_str(), one, None, judged);
        }
    }
    for file in cx.files.iter().filter(|f| f.language == Language::Config && Context::judges(card, f.language)) {
        let found = if file.class == PathClass::Production { in_config(names, file) } else { Vec::new() };
        for one in found {
            if used.insert(one.name.clone()) {
                push(card, &file.path, &one, Some(Confidence::Medium), judged);
            }
        }
    }
}

fn push(card: &RuleCard, path: &str, one: &Exposed, confidence: Option<Confidence>, judged: &mut Judged) {
    let what = if one.is_option {
        format!("the key of a client with `{}`", one.name)
    } else {
        format!("the key in `{}`", one.name)
    };
    let at = Location { path: path.to_owned(), span: one.span };
    let mut found = finding(card, at, one.name.clone(), &[("credential", &what)]);
    found.confidence = confidence.unwrap_or(card.confidence).min(card.confidence);
    judged.findings.push(found);
}

/// Uses of such variables in one file, and options beside which no variable was found.
fn in_code(names: &Names, facts: &FileFacts) -> Vec<Exposed> {
    let mut found: Vec<Exposed> = Vec::new();
    let mut seen = BTreeSet::new();
    for (expr, id) in facts.exprs.iter().zip(0u32..) {
        let name = match expr {
            Expr::Field { base, name } if is_environment(facts, *base) => *name,
            Expr::Index { base, index } if is_environment(facts, *base) => match facts.str_value(*index) {
                Some(name) => name,
                None => continue,
            },
            _ => continue,
        };
        let span = facts.span(ExprId(id));
        if names.exposes(name.as_str()) && seen.insert(span) {
            found.push(Exposed { span, name: name.to_string(), is_option: false });
        }
    }
    for import in &facts.imports {
        if let ImportKind::Member(name) = import.kind
            && import.module.as_str().contains("env")
            && names.exposes(name.as_str())
        {
            found.push(Exposed { span: import.span, name: name.to_string(), is_option: false });
        }
    }
    for (name, span, client) in options(names, facts) {
        // A variable of the same client is the better place to point at.
        if !found.iter().any(|one| client.contains(one.span)) {
            found.push(Exposed { span, name: name.to_string(), is_option: true });
        }
    }
    found.sort_by_key(|one| one.span);
    found
}

/// Options that are true: their names, their values, and the settings they stand in.
fn options(names: &Names, facts: &FileFacts) -> Vec<(Name, Span, Span)> {
    let mut found = Vec::new();
    for (expr, id) in facts.exprs.iter().zip(0u32..) {
        let Expr::Object(entries) = expr else { continue };
        for entry in entries {
            if let Key::Name(name) = entry.key
                && *facts.expr(entry.value) == Expr::Bool(true)
                && names.client_options.iter().any(|option| name == option.as_str())
            {
                found.push((name, facts.span(entry.value), facts.span(ExprId(id))));
            }
        }
    }
    found
}

/// `process.env`, `import.meta.env`, `env` and their like.
fn is_environment(facts: &FileFacts, expr: ExprId) -> bool {
    match facts.expr(expr) {
        Expr::Field { name, .. } | Expr::Name(name) => name.as_str().eq_ignore_ascii_case("env"),
        Expr::Cast { value, .. } => is_environment(facts, *value),
        _ => false,
    }
}

/// Names that a configuration file sets or passes on, comments aside.
fn in_config(names: &Names, file: &SourceFile) -> Vec<Exposed> {
    let mut found = Vec::new();
    let mut start = 0;
    for line in file.text.split_inclusive('\n') {
        let at = start;
        start += line.len();
        if line.trim_start().starts_with('#') || !names.prefixes.iter().any(|prefix| line.contains(prefix.as_str())) {
            continue;
        }
        let word = line.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).find(|word| names.exposes(word));
        if let Some(word) = word {
            let from = at + line.find(word).unwrap_or_default();
            let span = Span::new(from, from + word.len());
            found.push(Exposed { span, name: word.to_owned(), is_option: false });
        }
    }
    found
}

impl Names {
    /// Whether a variable of this name carries a provider's key into the bundle.
    fn exposes(&self, name: &str) -> bool {
        let Some(own) = self.prefixes.iter().find_map(|prefix| name.strip_prefix(prefix.as_str())) else {
            return false;
        };
        let words: Vec<String> = own.split('_').map(str::to_ascii_lowercase).collect();
        let has = |list: &[String]| list.iter().any(|word| words.contains(word));
        let is_credential = words.last().is_some_and(|last| self.credentials.contains(last));
        is_credential && has(&self.providers) && !has(&self.public)
    }
}

#[cfg(test)]
mod tests {
    use super::Names;

    #[test]
    fn names_of_provider_keys_are_told_from_public_ones() {
        let list = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        let names = Names {
            prefixes: list(&["PUB_"]),
            providers: list(&["acme"]),
            credentials: list(&["key", "token"]),
            public: list(&["has", "public"]),
            client_options: Vec::new(),
        };
        assert!(names.exposes("PUB_ACME_API_KEY") && names.exposes("PUB_MY_ACME_TOKEN"));
        let public = ["ACME_API_KEY", "PUB_ACME_PUBLIC_KEY", "PUB_HAS_ACME_KEY", "PUB_ACME_URL", "PUB_API_KEY"];
        assert!(!public.into_iter().any(|name| names.exposes(name)));
    }
}
