//! Library objects in use: tracers, moderation, redaction. An import alone shows nothing.

use serde::Deserialize;

use super::{Held, own_files};
use crate::finding::Location;
use crate::ir::{Expr, ExprId, FileFacts};
use crate::lang::config;
use crate::model::{CallKind, ControlKind, RowRef};
use crate::project::{GExpr, GFn, Project, SiteId};
use crate::rules::engines::words::Words;
use crate::rules::run::Context;
use crate::source::{Language, PathClass};
use crate::surface::{Evidence, location};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Params {
    /// What it is, as a message names it.
    what: String,
    /// Controls that models know.
    #[serde(default)]
    controls: Vec<ControlKind>,
    /// Calls that models know.
    #[serde(default)]
    calls: Vec<CallKind>,
    /// Modules whose imported names are used.
    #[serde(default)]
    imports: Words,
    /// `NAME=value` settings, in files that a deployment reads or copies.
    #[serde(default)]
    settings: Words,
}

pub(super) fn judge(params: &Params, cx: &Context<'_>) -> Held {
    let mut shown = controls(params, cx);
    shown.extend(calls(params, cx));
    shown.extend(imports(params, cx));
    if shown.is_empty() {
        shown.extend(settings(params, cx));
    }
    shown.sort();
    shown.dedup_by(|a, b| a.at == b.at);
    if shown.is_empty() { Held::absent(&params.what) } else { Held::of(&params.what, shown, Vec::new()) }
}

fn is_production(project: &Project, at: GExpr) -> bool {
    project.program.class_of_path(at.file) == PathClass::Production
}

/// Sites that call, make or attach a control of a model.
fn controls(params: &Params, cx: &Context<'_>) -> Vec<Evidence> {
    let project = cx.project;
    let mut found = Vec::new();
    if params.controls.is_empty() {
        return found;
    }
    for index in 0..project.sites.len() {
        let id = SiteId(u32::try_from(index).unwrap_or(u32::MAX));
        let at = project.site(id).at;
        if !is_production(project, at) {
            continue;
        }
        let args = project.args(id).flat_map(|(_, values, _)| values.to_vec());
        let values: Vec<_> = project.callees(id).iter().copied().chain(args).collect();
        let rows = Project::apis(&values).flat_map(|api| project.matcher.rows(api));
        let control = rows.into_iter().find_map(|row| match row {
            RowRef::ControlCall(row) | RowRef::ControlValue(row) => Some(&cx.models.controls[*row as usize].raw.is),
            _ => None,
        });
        if control.is_some_and(|kind| params.controls.contains(kind)) {
            found.push(evidence(project, at));
        }
    }
    found
}

fn calls(params: &Params, cx: &Context<'_>) -> Vec<Evidence> {
    let project = cx.project;
    let functions = (0..project.program.fn_count()).map(GFn);
    let of_kind = functions.flat_map(|f| project.api_calls[f.0 as usize].iter()).filter(|call| {
        let kind = cx.models.calls[call.row as usize].raw.is;
        kind.is_some_and(|kind| params.calls.contains(&kind))
    });
    let places = of_kind.map(|call| project.site(call.site).at).filter(|at| is_production(project, *at));
    places.map(|at| evidence(project, at)).collect()
}

/// Names from fitting modules that a file calls, makes or hands on.
fn imports(params: &Params, cx: &Context<'_>) -> Vec<Evidence> {
    let program = &cx.project.program;
    let mut found = Vec::new();
    for file in program.file_ids().filter(|file| program.class_of_path(*file) == PathClass::Production) {
        let facts = program.facts(file);
        for import in facts.imports.iter().filter(|import| !import.type_only) {
            if !params.imports.is_match(import.module.as_str()) {
                continue;
            }
            let Some(local) = import.local else { continue };
            if let Some(expr) = first_use(facts, local) {
                found.push(evidence(cx.project, GExpr { file, expr }));
            }
        }
    }
    found
}

/// The first call of a name or of its members.
fn first_use(facts: &FileFacts, local: crate::intern::Name) -> Option<ExprId> {
    let root = |mut id: ExprId| loop {
        match facts.expr(id) {
            Expr::Name(name) => return Some(*name),
            Expr::Field { base, .. } => id = *base,
            Expr::Call(call) => id = call.callee,
            _ => return None,
        }
    };
    let ids = (0..).map(ExprId).take(facts.exprs.len());
    let mut calls = ids.filter(|id| matches!(facts.expr(*id), Expr::Call(_)));
    calls.find(|id| root(*id) == Some(local))
}

pub(super) fn evidence(project: &Project, at: GExpr) -> Evidence {
    let facts = project.program.facts(at.file);
    let name = match facts.expr(at.expr) {
        Expr::Call(call) => facts.show(call.callee),
        _ => facts.show(at.expr),
    };
    let short: String = name.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(60).collect();
    let short = short.split(['(', '"', '\'']).next().unwrap_or_default();
    Evidence { at: location(project, at), what: format!("`{short}`"), value: None }
}

fn settings(params: &Params, cx: &Context<'_>) -> Vec<Evidence> {
    let mut found = Vec::new();
    if params.settings.is_empty() {
        return found;
    }
    for (index, file) in own_files(cx).filter(|(_, file)| file.language == Language::Config) {
        let lower = file.path.to_ascii_lowercase();
        if config::format_of(&file.path) != Some(config::Format::Dotenv) && !lower.contains("compose") {
            continue;
        }
        let Some(facts) = cx.configs.of(index, file) else { continue };
        for node in facts.select("**") {
            for setting in node.node.settings() {
                if params.settings.is_match(&format!("{}={}", setting.name, setting.value)) {
                    let at = Location { path: file.path.clone(), span: setting.span };
                    found.push(Evidence { at, what: format!("`{}`", setting.name), value: None });
                }
            }
        }
    }
    found
}
