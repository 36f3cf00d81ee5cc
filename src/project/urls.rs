//! HTTP calls told apart by their URL: which of them ask a model to generate.
//!
//! The solver keeps texts that look like a model's URL. Values mix where everything passes through one variable (a bag of
//! settings, a dispatcher's parameter), and a text found there says nothing about one call: such places are passed over.

use rustc_hash::FxHashSet;

use super::link::{ApiCall, Project};
use super::program::GExpr;
use super::value::Value;
use crate::intern::Name;
use crate::ir::{BinaryOp, CallExpr, Expr, FileFacts, Key, Part};
use crate::model::{ModelSet, Setting};
use crate::source::Language;

/// A variable that can also be this many other things is no URL.
const MAX_OTHER: usize = 4;
/// Names followed to their definitions.
const MAX_DEPTH: usize = 4;

impl Project {
    /// Whether an HTTP call's arguments hold the URL of a generative endpoint. Reading requests never generate.
    pub(super) fn is_model_endpoint(&self, models: &ModelSet, call: ApiCall) -> bool {
        let site = call.site;
        let at = self.site(site).at;
        let facts = self.program.facts(at.file);
        let Expr::Call(written) = facts.expr(at.expr) else { return false };
        if only_reads(facts, written) || asks_own_server(facts, written) {
            return false;
        }
        let mut texts = FxHashSet::default();
        for arg in &written.args {
            self.url_texts(GExpr { file: at.file, expr: arg.value }, 0, &mut texts);
        }
        // Options hold the address in parts: `{hostname, path}`.
        let settings = &models.calls[call.row as usize].places.settings;
        for (_, places) in settings.iter().filter(|(setting, _)| *setting == Setting::Url) {
            let parts = places.iter().flat_map(|place| self.place_exprs(site, place));
            parts.for_each(|part| self.url_texts(part, 0, &mut texts));
        }
        let endpoints = &models.endpoints;
        if texts.iter().any(|text| endpoints.generates(text)) {
            return true;
        }
        let is_path = |text: &Name| text.starts_with('/') || endpoints.is_other(text);
        !texts.iter().any(is_path) && self.has_model_body(models, site, written)
    }

    fn url_texts(&self, at: GExpr, depth: usize, found: &mut FxHashSet<Name>) {
        let facts = self.program.facts(at.file);
        let here = |expr| GExpr { file: at.file, expr };
        match facts.expr(at.expr) {
            Expr::Str(text) => {
                found.insert(*text);
            }
            Expr::Template { parts, .. } => {
                for part in parts {
                    match part {
                        Part::Text(text) => {
                            found.insert(*text);
                        }
                        Part::Hole { value, .. } => self.url_texts(here(*value), depth, found),
                    }
                }
                // `${base}/path`: the base may be written elsewhere.
                if let [Part::Hole { value, .. }, Part::Text(path), ..] = parts[..] {
                    self.joined(here(value), path, depth, found);
                }
            }
            Expr::Binary { op: BinaryOp::Add | BinaryOp::Or | BinaryOp::Coalesce, left, right } => {
                self.url_texts(here(*left), depth, found);
                self.url_texts(here(*right), depth, found);
                if let (Expr::Binary { op: BinaryOp::Add, .. }, Some(path)) =
                    (facts.expr(at.expr), facts.str_value(*right))
                {
                    self.joined(here(*left), path, depth, found);
                }
            }
            Expr::Name(_) if depth < MAX_DEPTH => {
                let definitions = self.definitions(at);
                if definitions.is_empty() {
                    self.clear_texts(at, found);
                }
                definitions.into_iter().for_each(|d| self.url_texts(d, depth + 1, found));
            }
            _ => self.clear_texts(at, found),
        }
    }

    /// The texts of a base with a path behind them.
    fn joined(&self, base: GExpr, path: Name, depth: usize, found: &mut FxHashSet<Name>) {
        let mut bases = FxHashSet::default();
        self.url_texts(base, depth + 1, &mut bases);
        let mut bases: Vec<Name> = bases.into_iter().filter(|text| text.contains("://")).collect();
        bases.sort_unstable_by(|a, b| a.as_str().cmp(b.as_str()));
        found.extend(bases.iter().take(MAX_OTHER).map(|base| Name::new(&format!("{base}{path}"))));
    }

    /// The texts that an expression can be, if it is not also many other things.
    fn clear_texts(&self, at: GExpr, found: &mut FxHashSet<Name>) {
        let values = self.values(at);
        let others = values.iter().filter(|value| !matches!(value, Value::Text(_))).count();
        if others <= MAX_OTHER {
            found.extend(values.iter().filter_map(|v| if let Value::Text(text) = v { Some(*text) } else { None }));
        }
    }
}

/// Whether a page asks the server it came from: `fetch("/api/generate")`.
fn asks_own_server(facts: &FileFacts, call: &CallExpr) -> bool {
    let is_path = |text: &Name| text.starts_with('/') && !text.starts_with("//");
    let is_function = facts.language == Language::TypeScript && matches!(facts.expr(call.callee), Expr::Name(_));
    is_function
        && call.args.first().is_some_and(|arg| match facts.expr(arg.value) {
            Expr::Str(text) => is_path(text),
            Expr::Template { parts, .. } => matches!(parts.first(), Some(Part::Text(text)) if is_path(text)),
            _ => false,
        })
}

/// Whether an HTTP call sends nothing that could be answered by generated text: a reading method, by name or by option.
fn only_reads(facts: &FileFacts, call: &CallExpr) -> bool {
    match facts.expr(call.callee) {
        Expr::Field { name, .. } => matches!(name.as_str(), "get" | "head" | "delete" | "options"),
        Expr::Name(_) => {
            let option = |name: &str| {
                call.args.iter().find_map(|arg| match facts.expr(arg.value) {
                    Expr::Object(entries) => {
                        entries.iter().find(|entry| matches!(entry.key, Key::Name(key) if key == name)).map(|e| e.value)
                    }
                    _ => None,
                })
            };
            let method = option("method").and_then(|value| facts.str_value(value));
            method.is_some_and(|method| matches!(method.to_ascii_uppercase().as_str(), "GET" | "HEAD" | "DELETE"))
        }
        _ => false,
    }
}
