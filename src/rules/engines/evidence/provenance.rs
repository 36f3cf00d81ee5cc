//! Whether code that puts texts into a store says beside them where they come from.
//!
//! Names tell: an argument, a key or a member such as `source`, in a file that stores texts or that hands them to one that
//! does. What a call of a document class carries along by itself counts as well.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::Held;
use super::wiring::evidence;
use crate::ir::{Expr, ExprId, FileFacts, Key};
use crate::model::CallKind;
use crate::project::{FileId, GExpr, GFn};
use crate::rules::engines::words::Words;
use crate::rules::run::Context;
use crate::source::PathClass;
use crate::surface::Evidence;

/// How many callers up the texts of a store are looked for.
const DEPTH: usize = 4;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Params {
    /// What it is, as a message names it.
    what: String,
    /// Names that say where a text comes from.
    named: Words,
    /// Functions that take whole documents, which carry it.
    carried: Words,
}

/// `None` where nothing is stored.
pub(super) fn judge(params: &Params, cx: &Context<'_>) -> Option<Held> {
    let (project, program) = (cx.project, &cx.project.program);
    let mut stored: Vec<(GFn, GExpr)> = Vec::new();
    for f in (0..program.fn_count()).map(GFn) {
        for call in &project.api_calls[f.0 as usize] {
            let at = project.site(call.site).at;
            let is_stored = cx.models.calls[call.row as usize].raw.is == Some(CallKind::Index);
            if is_stored && program.class_of_path(at.file) == PathClass::Production {
                stored.push((f, at));
            }
        }
    }
    let (_, first) = *stored.first()?;
    let mut shown: Vec<Evidence> = Vec::new();
    for (f, at) in &stored {
        let facts = program.facts(at.file);
        if params.carried.is_match(&callee(facts, at.expr)) {
            shown.push(evidence(project, *at));
            continue;
        }
        let named =
            feeding(cx, *f, at.file).into_iter().find_map(|file| Some((file, said(params, program.facts(file))?)));
        shown.extend(named.map(|(file, expr)| evidence(project, GExpr { file, expr })));
    }
    shown.sort();
    shown.dedup_by(|a, b| a.at == b.at);
    if !shown.is_empty() {
        return Some(Held::of(&params.what, shown, Vec::new()));
    }
    let seen = evidence(project, first);
    let lacks = vec!["is stored without its source".to_owned()];
    Some(Held { status: crate::surface::Status::Absent, ..Held::of(&params.what, vec![seen], lacks) })
}

fn callee(facts: &FileFacts, call: ExprId) -> String {
    match facts.expr(call) {
        Expr::Call(call) => match facts.expr(call.callee) {
            Expr::Field { name, .. } | Expr::Name(name) => name.to_string(),
            _ => String::new(),
        },
        _ => String::new(),
    }
}

/// The files whose code hands texts to a function that stores them, its own first, and those that these call.
fn feeding(cx: &Context<'_>, f: GFn, own: FileId) -> Vec<FileId> {
    let (project, program) = (cx.project, &cx.project.program);
    let mut known = BTreeSet::from([f]);
    let mut wave = vec![f];
    for _ in 0..DEPTH {
        let calls = |caller: &GFn| project.edges[caller.0 as usize].iter().any(|edge| wave.contains(&edge.to));
        let callers = (0..program.fn_count()).map(GFn).filter(|caller| !known.contains(caller) && calls(caller));
        wave = callers.collect();
        known.extend(wave.iter().copied());
    }
    let called = known.iter().flat_map(|f| project.edges[f.0 as usize].iter().map(|edge| edge.to));
    let files: BTreeSet<FileId> = known.iter().copied().chain(called).map(|f| program.file_of(f)).collect();
    std::iter::once(own).chain(files.into_iter().filter(|file| *file != own)).collect()
}

/// The first expression with a name that says where a text comes from.
fn said(params: &Params, facts: &FileFacts) -> Option<ExprId> {
    let is_named = |expr: &Expr| match expr {
        Expr::Call(call) => {
            call.args.iter().any(|arg| arg.name.is_some_and(|name| params.named.is_match(name.as_str())))
        }
        Expr::Object(entries) => {
            entries.iter().any(|entry| matches!(entry.key, Key::Name(name) if params.named.is_match(name.as_str())))
        }
        Expr::Field { name, .. } => params.named.is_match(name.as_str()),
        Expr::Index { index, .. } => facts.str_value(*index).is_some_and(|name| params.named.is_match(name.as_str())),
        _ => false,
    };
    (0..).map(ExprId).take(facts.exprs.len()).find(|id| is_named(facts.expr(*id)))
}
