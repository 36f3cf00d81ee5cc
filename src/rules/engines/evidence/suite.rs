//! Tests of what the model answers: an evaluation that runs prompts and measures answers, not unit tests of code.

use serde::Deserialize;

use super::{Held, own_files};
use crate::finding::Location;
use crate::rules::engines::config::Query;
use crate::rules::engines::words::Words;
use crate::rules::run::Context;
use crate::source::{Language, SourceFile, Span};
use crate::surface::Evidence;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Params {
    /// What it is, as a message names it.
    what: String,
    /// Folders and file names that hold evaluations.
    named: Words,
    /// Paths that are about something else, such as the product's own feature.
    unless: Words,
    /// Modules of evaluation libraries.
    imports: Words,
    /// Words of measuring.
    measures: Words,
    /// Words of models and prompts.
    subjects: Words,
    /// How many different measuring words code must use.
    least: usize,
    /// Configuration of evaluation tools: each place is a case.
    configs: Vec<Query>,
}

pub(super) fn judge(params: &Params, cx: &Context<'_>) -> Held {
    let mut shown = Vec::new();
    for (index, file) in own_files(cx) {
        if file.language.is_code() {
            if is_evaluation(params, cx, index, file) {
                shown.push(evidence(file, format!("`{}`", file.path)));
            }
        } else if file.language == Language::Config {
            let configs = params.configs.iter().filter(|query| query.is_file(file));
            let cases: usize =
                configs.filter_map(|query| Some(query.subjects(cx.configs.of(index, file)?).len())).sum();
            if cases > 0 {
                shown.push(evidence(file, format!("{cases} cases in `{}`", file.path)));
            }
        }
    }
    if shown.is_empty() { Held::absent(&params.what) } else { Held::of(&params.what, shown, Vec::new()) }
}

fn evidence(file: &SourceFile, what: String) -> Evidence {
    Evidence { at: Location { path: file.path.clone(), span: Span::new(0, 0) }, what, value: None }
}

/// Code that uses an evaluation library, or that lies where evaluations do and measures.
fn is_evaluation(params: &Params, cx: &Context<'_>, index: usize, file: &SourceFile) -> bool {
    if cx.imports.of(index, file).any(|(_, module)| params.imports.is_match(module)) {
        return true;
    }
    params.named.is_match(&file.path)
        && !params.unless.is_match(&file.path)
        && params.subjects.is_match(&file.text)
        && params.measures.kinds(&file.text) >= params.least
}
