//! Bounds in a schema value: `z.object({ message: z.string().max(4000) })`, over the schemas that it is put together of.
//!
//! A bound on a title or a file name says nothing about the text that goes to the model: where a schema has fields that
//! are named for such text, only their bounds count.

use rustc_hash::FxHashSet;

use super::input_limit_rows;
use crate::ir::{Expr, Key, Node, for_each_child};
use crate::model::ModelSet;
use crate::project::{GExpr, Project};
use crate::surface::Evidence;

/// Parts of names that fields with text for a model have.
const TEXT_NAMES: [&str; 11] =
    ["message", "text", "content", "prompt", "query", "question", "input", "instruction", "topic", "ask", "chat"];

/// Schemas looked at for one parse.
const MAX_PARTS: usize = 60;

/// Bounds on the text fields of a schema.
pub(super) fn bounds(project: &Project, models: &ModelSet, schema: GExpr) -> Vec<Evidence> {
    let mut reader =
        Reader { project, models, seen: FxHashSet::default(), text: Vec::new(), other: Vec::new(), has_text: false };
    for definition in project.definitions(schema).into_iter().chain([schema]) {
        reader.read(definition, false);
    }
    if reader.has_text { reader.text } else { reader.other }
}

struct Reader<'a> {
    project: &'a Project,
    models: &'a ModelSet,
    seen: FxHashSet<GExpr>,
    /// Bounds below a field named for text.
    text: Vec<Evidence>,
    /// Other bounds.
    other: Vec<Evidence>,
    /// Whether any field is named for text.
    has_text: bool,
}

impl Reader<'_> {
    /// `in_text`: below a field that is named for text.
    fn read(&mut self, at: GExpr, in_text: bool) {
        if self.seen.len() >= MAX_PARTS && !self.seen.contains(&at) || !self.seen.insert(at) {
            return;
        }
        let facts = self.project.program.facts(at.file);
        let here = |expr| GExpr { file: at.file, expr };
        match facts.expr(at.expr) {
            Expr::Object(entries) => {
                for entry in entries {
                    let is_text = matches!(entry.key, Key::Name(key) if is_text_name(&key));
                    self.has_text |= is_text;
                    self.field(here(entry.value), in_text || is_text);
                }
            }
            Expr::Name(_) => {
                for definition in self.project.definitions(at) {
                    self.read(definition, in_text);
                }
            }
            other => {
                let mut children = Vec::new();
                for_each_child(other, &mut |node| {
                    if let Node::Expr(child) = node {
                        children.push(child);
                    }
                });
                for child in children {
                    self.read(here(child), in_text);
                }
            }
        }
    }

    /// A field's schema: its own bounds, then the schemas that it names.
    fn field(&mut self, at: GExpr, in_text: bool) {
        let is_nested = super::subtree(self.project, at)
            .into_iter()
            .any(|expr| matches!(self.project.program.facts(at.file).expr(expr), Expr::Object(_)));
        if !is_nested {
            let own = input_limit_rows(self.project, self.models, at);
            if in_text { self.text.extend(own) } else { self.other.extend(own) }
        }
        self.read(at, in_text);
    }
}

fn is_text_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name == "q" || TEXT_NAMES.iter().any(|part| name.contains(part)) && !name.ends_with("id") && !name.ends_with("type")
}
