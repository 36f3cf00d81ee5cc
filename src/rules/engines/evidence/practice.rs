//! What code does about a subject that no document speaks of: a function that is named for it and says how.

use serde::Deserialize;

use super::own_files;
use crate::ir::Function;
use crate::project::FileId;
use crate::rules::engines::words::{Statement, Words};
use crate::rules::run::Context;
use crate::rules::vocabulary::words;
use crate::source::PathClass;
use crate::surface::{Evidence, place};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Params {
    /// Expressions for a function's name, as words.
    named: Words,
    /// What its name or its body must say, all of it.
    states: Vec<Statement>,
}

/// The functions of this kind in code that ships, in the order of their places.
pub(super) fn judge(params: &Params, cx: &Context<'_>) -> Vec<Evidence> {
    let program = &cx.project.program;
    let mut found = Vec::new();
    for file in program.file_ids().filter(|file| program.class_of_path(*file) == PathClass::Production) {
        for (_, function) in program.facts(file).functions() {
            let Some(name) = function.name else { continue };
            let said = words(name.as_str()).join(" ");
            if params.named.is_match(&said) && params.is_stated(&said, body(cx, file, function)) {
                let at = place(cx.project, file, function.head);
                found.push(Evidence { at, what: format!("the function `{name}`"), value: None });
            }
        }
    }
    found.sort();
    found
}

impl Params {
    fn is_stated(&self, name: &str, body: &str) -> bool {
        self.states.iter().all(|one| one.any.is_match(name) || one.any.is_match(body))
    }
}

/// The text of a function in a file of the product's own; empty in others.
fn body<'a>(cx: &Context<'a>, file: FileId, function: &Function) -> &'a str {
    let path = cx.project.program.facts(file).path;
    let text = own_files(cx).find(|(_, file)| file.path == path.as_str()).map_or("", |(_, file)| file.text.as_str());
    text.get(function.span.start as usize..function.span.end as usize).unwrap_or_default()
}
