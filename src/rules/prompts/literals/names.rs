//! Which files an expression on the way to a prompt names.
//!
//! The reading of a file carries on no argument's text, but its arguments say which file: as a literal, as a join of
//! literals, or as a template, in which a `*` stands for what is filled in.

use crate::ir::{CallExpr, Expr, Part};
use crate::project::{FileId, GExpr, Value};

use super::{FileName, Search, location};

/// The longest text that can name a file.
const NAME_MAX: usize = 200;
/// How far names are followed.
const DEEPEST: usize = 4;

impl Search<'_> {
    /// The files that a library call loads as a prompt.
    pub(super) fn loaded_by(&mut self, at: GExpr) {
        self.call = Some(location(self.project, at));
        if let Expr::Call(call) = self.project.program.facts(at.file).expr(at.expr) {
            self.names_in(at.file, call, 0);
        }
    }

    /// File names among a call's arguments, and among those of the calls that make them.
    pub(super) fn names_in(&mut self, file: FileId, call: &CallExpr, depth: usize) {
        let facts = self.project.program.facts(file);
        let mut folder = None;
        for arg in &call.args {
            match facts.expr(arg.value) {
                Expr::Template { parts, .. } => self.name_template(file, parts, folder),
                _ => self.names_at(GExpr { file, expr: arg.value }, depth),
            }
            folder = facts.str_value(arg.value);
        }
        match facts.expr(call.callee) {
            Expr::Field { base, .. } => self.names_at(GExpr { file, expr: *base }, depth),
            // A function that a library made out of a text, such as a compiled template.
            Expr::Name(_) => self.names_at(GExpr { file, expr: call.callee }, depth),
            _ => {}
        }
    }

    pub(super) fn names_at(&mut self, at: GExpr, depth: usize) {
        let project = self.project;
        let facts = project.program.facts(at.file);
        let next = |expr| GExpr { file: at.file, expr };
        match facts.expr(at.expr) {
            Expr::Str(text) => self.name_file(at.file, text.as_str()),
            Expr::Template { parts, .. } => self.name_template(at.file, parts, None),
            Expr::Await(inner) | Expr::Try(inner) | Expr::Cast { value: inner, .. } => {
                self.names_at(next(*inner), depth)
            }
            Expr::Call(call) if depth < DEEPEST => {
                self.names_in(at.file, call, depth + 1);
                for value in project.values(next(call.callee)) {
                    if let Value::Fn(function) = value {
                        for found in self.returns(*function) {
                            self.names_at(found, depth + 1);
                        }
                    }
                }
            }
            Expr::Binary { left, right, .. } if depth < DEEPEST => {
                for side in [left, right] {
                    self.names_at(next(*side), depth + 1);
                }
            }
            Expr::Name(_) if depth < DEEPEST => {
                for found in project.definitions(at) {
                    self.names_at(found, depth + 1);
                }
            }
            _ => {}
        }
    }

    /// A name that is made of parts: what it begins with may be a folder that is known at run time only, but what
    /// stands before a part of the file's own name must be known.
    fn name_template(&mut self, file: FileId, parts: &[Part], folder: Option<crate::intern::Name>) {
        let mut text = String::new();
        for part in parts {
            match part {
                Part::Text(piece) => text.push_str(piece.as_str()),
                Part::Hole { .. } => text.push('*'),
            }
        }
        // A folder that is known at run time only.
        while let Some(rest) =
            text.strip_prefix("*/").or_else(|| text.strip_prefix('/')).or_else(|| text.strip_prefix("./"))
        {
            text = rest.to_owned();
        }
        if let Some(folder) = folder.filter(|folder| !text.contains('/') && !folder.as_str().contains('.')) {
            text = format!("{}/{text}", folder.as_str());
        }
        let is_known = text.find('*').is_none_or(|at| text[..at].contains('/'));
        if is_known && text.matches('*').count() <= 1 {
            self.name_file(file, &text);
        }
    }

    fn name_file(&mut self, file: FileId, text: &str) {
        let Some(call) = &self.call else { return };
        let has_extension = text.rsplit_once('.').is_some_and(|(stem, extension)| {
            !stem.is_empty() && (2..=8).contains(&extension.len()) && extension.chars().all(char::is_alphanumeric)
        });
        if has_extension && text.len() <= NAME_MAX && !text.contains(char::is_whitespace) && !text.contains("://") {
            let file = self.project.program.facts(file).path.to_string();
            self.found.file_names.insert(FileName { text: text.to_owned(), file, call: call.clone() });
        }
    }
}
