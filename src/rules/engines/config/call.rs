//! Named arguments of one call, or keys of one object, that are dangerous together.

use serde::Deserialize;

use super::Problem;
use crate::finding::Location;
use crate::ir::{Expr, ExprId, FileFacts, Key};
use crate::project::{GExpr, Project};
use crate::rules::card::RuleCard;
use crate::rules::engines::words::Words;
use crate::rules::run::{Context, Judged};
use crate::source::PathClass;

/// Settings of one call.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Together {
    /// All of these; the first is what makes a call a subject.
    all: Vec<Named>,
    problem: String,
    advice: String,
}

/// A named setting and the values that count.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Named {
    name: Words,
    is: Words,
}

pub(super) fn check(
    card: &RuleCard,
    cx: &Context<'_>,
    together: &Together,
    judged: &mut Judged,
    problems: &mut Vec<Problem>,
) {
    let Some(head) = together.all.first() else { return };
    let program = &cx.project.program;
    for file in program.file_ids().filter(|file| program.class_of_path(*file) == PathClass::Production) {
        let facts = program.facts(file);
        if !Context::judges(card, facts.language) {
            continue;
        }
        for (expr, id) in facts.exprs.iter().zip(0..).map(|(expr, id)| (expr, ExprId(id))) {
            let settings = settings(facts, expr);
            let Some((name, value)) = settings.iter().find(|(name, _)| head.name.is_match(name)) else { continue };
            judged.checked(card).subjects += 1;
            let is_so = |named: &Named| {
                settings.iter().any(|(name, value)| {
                    named.name.is_match(name)
                        && texts(cx.project, GExpr { file, expr: *value }, 0).iter().any(|text| named.is.is_match(text))
                })
            };
            if !together.all.iter().all(is_so) {
                judged.checked(card).satisfied += 1;
                continue;
            }
            let at = Location { path: facts.path.to_string(), span: facts.span(*value) };
            let subject = callee(facts, id).unwrap_or_else(|| name.clone());
            let (problem, advice) = (together.problem.clone(), together.advice.clone());
            problems.push(Problem { at, subject, problem, advice });
        }
    }
}

/// The named settings of a call or of an object.
fn settings(facts: &FileFacts, expr: &Expr) -> Vec<(String, ExprId)> {
    match expr {
        Expr::Call(call) => {
            let named = |arg: &crate::ir::Arg| Some((arg.name?.to_string(), arg.value));
            call.args.iter().filter_map(named).collect()
        }
        Expr::Object(entries) => {
            let keyed = |entry: &crate::ir::Entry| match &entry.key {
                Key::Name(name) => Some((name.to_string(), entry.value)),
                Key::Computed(key) => Some((facts.str_value(*key)?.to_string(), entry.value)),
                Key::Spread => None,
            };
            entries.iter().filter_map(keyed).collect()
        }
        _ => Vec::new(),
    }
}

/// What a value is, as far as literals and names for them say.
fn texts(project: &Project, at: GExpr, depth: usize) -> Vec<String> {
    let facts = project.program.facts(at.file);
    match facts.expr(at.expr) {
        Expr::Str(text) => vec![text.to_string()],
        Expr::Bool(value) => vec![value.to_string()],
        Expr::List { items, .. } => {
            let item = |expr: ExprId| GExpr { file: at.file, expr };
            items.iter().flat_map(|element| texts(project, item(element.value), depth + 1)).collect()
        }
        Expr::Name(_) if depth < 4 => {
            project.definitions(at).into_iter().flat_map(|found| texts(project, found, depth + 1)).collect()
        }
        _ => Vec::new(),
    }
}

/// The name of what is called.
fn callee(facts: &FileFacts, id: ExprId) -> Option<String> {
    let Expr::Call(call) = facts.expr(id) else { return None };
    match facts.expr(call.callee) {
        Expr::Name(name) | Expr::Field { name, .. } => Some(name.to_string()),
        _ => None,
    }
}
