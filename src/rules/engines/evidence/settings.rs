//! Configuration whose being there is the evidence: alert rules, dashboards.

use serde::Deserialize;

use super::{Held, is_showcase, own_files};
use crate::finding::Location;
use crate::rules::engines::config::{Query, Subject};
use crate::rules::run::Context;
use crate::source::{PathClass, Span};
use crate::surface::Evidence;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Params {
    /// What it is, as a message names it.
    what: String,
    /// The forms.
    forms: Vec<Form>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Form {
    /// What one is called.
    is: String,
    of: Query,
}

pub(super) fn judge(params: &Params, cx: &Context<'_>) -> Result<Held, String> {
    let mut shown = Vec::new();
    for (index, file) in own_files(cx).filter(|(_, file)| file.class != PathClass::Test && !is_showcase(&file.path)) {
        for form in params.forms.iter().filter(|form| form.of.is_file(file)) {
            let Some(facts) = cx.configs.of(index, file) else { continue };
            let subjects = form.of.subjects(facts);
            let Some(first) = subjects.first() else { continue };
            let at = Location { path: file.path.clone(), span: Subject::place(first) };
            let at = if at.span.start == at.span.end { Location { span: Span::new(0, 0), ..at } } else { at };
            let what = format!("{} {} in `{}`", subjects.len(), form.is, file.path);
            shown.push(Evidence { at, what, value: Some(subjects.len().to_string()) });
        }
    }
    Ok(if shown.is_empty() { Held::absent(&params.what) } else { Held::of(&params.what, shown, Vec::new()) })
}
