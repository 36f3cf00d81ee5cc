//! Changes that mend findings and are safe to make: each is a set of edits that a person reads as a diff first.
//!
//! A fix is offered only where the code leaves no choice: one argument to add, one field to bound, one limiter to attach, one
//! literal to move. Whatever else must be done, such as setting a variable, is said beside it. Nothing is written here.

mod bounds;
mod environment;
mod limiter;
mod settings;

use serde::{Deserialize, Serialize};

use crate::catalogue::Catalogue;
use crate::data::{self, DataError};
use crate::embedded;
use crate::finding::{Finding, Location};
use crate::model::ModelSet;
use crate::project::Project;
use crate::rules::card::{RuleCard, RuleSet};
use crate::source::{Language, SourceFile, Span};
use crate::surface::Surfaces;

const BOUNDS: &str = "rules/fixes/bounds.yml";

/// One replacement in one file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Edit {
    /// The file.
    pub path: String,
    /// What is replaced; empty to insert.
    pub span: Span,
    /// What stands there afterwards.
    pub text: String,
}

/// A change that mends one finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fix {
    /// The rule of the finding.
    pub rule: String,
    /// The place of the finding.
    pub at: Location,
    /// What the finding is about.
    pub subject: String,
    /// What the change does, in a few words.
    pub title: String,
    /// What a person has to do or to decide besides.
    pub then: Option<String>,
    /// The change; no two overlap.
    pub edits: Vec<Edit>,
}

impl Fix {
    /// Whether this is for a finding.
    pub fn mends(&self, finding: &Finding) -> bool {
        self.rule == finding.rule && self.at == finding.at && self.subject == finding.subject
    }
}

/// What fixes are made from.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// Every file read, sorted by path.
    pub files: &'a [SourceFile],
    /// The linked program.
    pub project: &'a Project,
    /// Entry points, LLM calls and controls.
    pub surfaces: &'a Surfaces,
    /// Library models.
    pub models: &'a ModelSet,
    /// The checklist with its reference values.
    pub catalogue: &'a Catalogue,
}

/// A change without the finding it is for.
struct Draft {
    title: String,
    then: Option<String>,
    edits: Vec<Edit>,
}

/// A row of [`BOUNDS`].
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Bound {
    language: Language,
    /// The module that the base comes from.
    module: String,
    /// The class or object of the module.
    base: String,
    /// For classes: the annotation of a text field.
    #[serde(default)]
    annotation: Option<String>,
    /// For builders: the method that begins a text field.
    #[serde(default)]
    call: Option<String>,
    /// What is written behind the field.
    add: String,
    /// For builders: methods that bound a field already.
    #[serde(default)]
    bounded: Vec<String>,
    /// A line that must be there, and the name it brings.
    #[serde(default)]
    import: Option<String>,
    #[serde(default)]
    needs: Option<String>,
}

/// The fixes of findings, in their order.
///
/// # Errors
///
/// The rows that say how bounds are written are broken.
pub fn fixes(findings: &[Finding], rules: &RuleSet, cx: &Context<'_>) -> Result<Vec<Fix>, DataError> {
    let text =
        embedded::file(embedded::EMBEDDED, BOUNDS).ok_or_else(|| DataError::file(BOUNDS, "the file is missing"))?;
    let bounds: Vec<Bound> = data::parse(BOUNDS, text)?;
    let mut all = Vec::new();
    for finding in findings {
        let Some(card) = rules.get(&finding.rule) else { continue };
        let Some(draft) = draft(finding, card, &bounds, cx) else { continue };
        let Draft { title, then, mut edits } = draft;
        edits.sort();
        all.push(Fix {
            rule: finding.rule.clone(),
            at: finding.at.clone(),
            subject: finding.subject.clone(),
            title,
            then,
            edits,
        });
    }
    Ok(all)
}

/// Picks by how the rule looks, not by its name.
fn draft(finding: &Finding, card: &RuleCard, bounds: &[Bound], cx: &Context<'_>) -> Option<Draft> {
    let param = |name: &str| card.detect.params.get(name).and_then(|value| value.as_str());
    match (card.detect.engine.as_str(), param("setting"), param("is"), param("control"), param("where")) {
        ("value", Some("max-output"), Some("absent"), _, _) => settings::bound_output(finding, cx),
        ("credential", _, _, _, Some("anywhere" | "prompt")) => environment::move_literal(finding, cx),
        ("reach", _, _, Some("input-limit"), _) => bounds::bound_text(finding, bounds, cx),
        ("reach", _, _, Some("rate-limit"), _) => limiter::attach(finding, cx),
        _ => None,
    }
}

impl<'a> Context<'a> {
    /// A file of the run.
    fn file(&self, path: &str) -> Option<&'a SourceFile> {
        let at = self.files.binary_search_by(|file| file.path.as_str().cmp(path)).ok()?;
        self.files.get(at)
    }
}

/// The text of a span; empty if it is not one of the file's.
fn slice(text: &str, span: Span) -> &str {
    text.get(span.start as usize..span.end as usize).unwrap_or_default()
}

fn insert(path: &str, at: usize, text: String) -> Edit {
    Edit { path: path.to_owned(), span: Span::new(at, at), text }
}

/// Where the line of an offset starts.
fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |end| end + 1)
}

/// The white space that an offset's line starts with.
fn indent(text: &str, at: usize) -> &str {
    let line = &text[line_start(text, at)..];
    &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
}

/// Adds an item behind the last one of a list that ends at `close`, in the style that the list is written in.
fn append(path: &str, text: &str, open: usize, last: Span, close: usize, item: &str) -> Vec<Edit> {
    let (end, close) = (last.end as usize, close);
    let rest = &text[end..close];
    let comma = rest.find(',').filter(|at| rest[..*at].trim().is_empty()).map(|at| end + at + 1);
    let is_own_line = text[line_start(text, last.start as usize)..last.start as usize]
        .trim_start()
        .chars()
        .all(|c| c.is_alphanumeric() || "_=: *\"'".contains(c))
        && text[open..last.start as usize].contains('\n');
    if !is_own_line {
        return match comma {
            Some(at) => vec![insert(path, at, format!(" {item},"))],
            None => vec![insert(path, end, format!(", {item}"))],
        };
    }
    let lead = indent(text, last.start as usize).to_owned();
    let from = comma.unwrap_or(end);
    // A comment behind the last item stays with it.
    let line_end = text[from..close].find('\n').map_or(from, |at| from + at);
    let line_end = if text[..line_end].ends_with('\r') { line_end - 1 } else { line_end };
    let mut edits = Vec::new();
    if comma.is_none() && line_end > end {
        edits.push(insert(path, end, ",".to_owned()));
    }
    let lead_comma = if comma.is_none() && line_end == end { "," } else { "" };
    let tail = if comma.is_some() { "," } else { "" };
    edits.push(insert(path, line_end, format!("{lead_comma}\n{lead}{item}{tail}")));
    edits
}

#[cfg(test)]
mod tests {
    use super::append;
    use crate::source::Span;

    fn after(text: &str, last: &str, item: &str) -> String {
        let open = text.find('(').expect("opens") + 1;
        let (start, close) = (text.find(last).expect("is there"), text.rfind(')').expect("closes"));
        let mut out = text.to_owned();
        for edit in append("a", text, open, Span::new(start, start + last.len()), close, item).iter().rev() {
            out.insert_str(edit.span.start as usize, &edit.text);
        }
        out
    }

    #[test]
    fn items_are_added_in_the_style_of_the_list() {
        assert_eq!(after("f(a, b)", "b", "c=1"), "f(a, b, c=1)");
        assert_eq!(after("f(a, b,)", "b", "c=1"), "f(a, b, c=1,)");
        assert_eq!(after("f(\n    a,\n    b,\n)", "b", "c=1"), "f(\n    a,\n    b,\n    c=1,\n)");
        assert_eq!(after("f(\n    a,\n    b\n)", "b", "c=1"), "f(\n    a,\n    b,\n    c=1\n)");
        assert_eq!(after("f(\n    x=b,  # why\n)", "b", "c=1"), "f(\n    x=b,  # why\n    c=1,\n)");
        assert_eq!(after("f(\n    b  # why\n)", "b", "c=1"), "f(\n    b,  # why\n    c=1\n)");
    }
}
