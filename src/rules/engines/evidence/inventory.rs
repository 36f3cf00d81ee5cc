//! Prompts in files, which have a history, an owner and a version, against prompts that stand inline in code.

use serde::Deserialize;

use super::Held;
use crate::rules::run::Context;
use crate::source::PathClass;
use crate::surface::{Evidence, Status};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Params {
    /// What it is, as a message names it.
    what: String,
    /// How many inline prompts a product may hold.
    at_most: usize,
}

/// `None` where no prompt was found at all.
pub(super) fn judge(params: &Params, cx: &Context<'_>) -> Option<Held> {
    let files: Vec<_> = cx.prompts.files.iter().filter(|prompt| prompt.class == PathClass::Production).collect();
    let inline = &cx.prompts.inline;
    let total = files.len() + inline.len();
    if total == 0 {
        return None;
    }
    if inline.len() <= params.at_most {
        let shown = files.iter().map(|prompt| Evidence {
            at: crate::finding::Location { path: prompt.path.clone(), span: crate::source::Span::new(0, 0) },
            what: format!("`{}`", prompt.path),
            value: prompt.version().map(str::to_owned),
        });
        let mut shown: Vec<Evidence> = shown.collect();
        shown.sort();
        return Some(Held { what: params.what.clone(), status: Status::Present, shown, lacks: Vec::new() });
    }
    let first = format!("{} of {total}", inline.len());
    let mut shown: Vec<Evidence> =
        inline.iter().map(|one| Evidence { at: one.at.clone(), what: "inline".to_owned(), value: None }).collect();
    shown.sort();
    if let Some(head) = shown.first_mut() {
        head.what = first;
    }
    Some(Held::of(&params.what, shown, vec!["stand inline in code".to_owned()]))
}
