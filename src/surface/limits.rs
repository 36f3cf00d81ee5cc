//! Input limits: is the size of the user's text bounded before it reaches the model?
//!
//! A bound is a schema constraint on a request field, or a comparison of a length or token count of request text that
//! rejects or cuts. Comparisons with small numbers (empty checks, counts of files) and of things that are no text are
//! passed over: a missed bound costs one note, a wrong one hides an open door.

mod schema;

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashSet;

use super::path::{Found, is_direct, subtree};
use super::settings::{number, text};
use super::{Evidence, LlmCall, callee_text, location};
use crate::intern::Name;
use crate::ir::{BinaryOp, Block, Expr, ExprId, FileFacts, Stmt, StmtKind, Type, walk_block, walk_stmts};
use crate::model::{ControlKind, ModelSet, RowRef};
use crate::project::{EntryPoint, GClass, GExpr, GFn, Project, Value};
use crate::source::Span;

/// Bounds below this are about emptiness or counts, not about text.
const MIN_TEXT_BOUND: f64 = 40.0;

type Kinds = BTreeMap<ControlKind, BTreeSet<Evidence>>;

/// Adds input limits found on the way of an entry point.
pub(super) fn add(
    project: &Project,
    models: &ModelSet,
    entry: &EntryPoint,
    found: &[Found],
    calls: &[LlmCall],
    kinds: &mut Kinds,
) {
    let Some(handler) = entry.handler else { return };
    let Some(nearest) = found.first() else { return };
    let mut bounds = schema_bounds(project, models, handler, &fields_sent(project, handler, nearest, calls));
    for (f, via) in &nearest.hops {
        let facts = project.program.facts(project.program.file_of(*f));
        let limit = if via.0 == u32::MAX { calls[nearest.call].at.span } else { facts.span(*via) };
        bounds.extend(parsed_bounds(project, models, *f, limit));
        bounds.extend(compared_bounds(project, *f, limit));
        bounds.extend(helper_bounds(project, *f, limit, nearest));
    }
    if !bounds.is_empty() {
        kinds.entry(ControlKind::InputLimit).or_default().extend(bounds);
    }
}

/// Members that the handler reads in the very call that leads to the model. If text is read elsewhere first, there are
/// none, and a bound on any field has to count.
fn fields_sent(project: &Project, handler: GFn, nearest: &Found, calls: &[LlmCall]) -> BTreeSet<Name> {
    let Some((f, via)) = nearest.hops.first() else { return BTreeSet::new() };
    if *f != handler {
        return BTreeSet::new();
    }
    let file = project.program.file_of(handler);
    let at = match via.0 {
        u32::MAX => project.site(calls[nearest.call].call.site).at,
        _ => GExpr { file, expr: *via },
    };
    let facts = project.program.facts(at.file);
    let field = |expr: ExprId| match facts.expr(expr) {
        Expr::Field { base, name } if matches!(facts.expr(*base), Expr::Name(_)) => Some(*name),
        _ => None,
    };
    subtree(project, at).into_iter().filter_map(field).collect()
}

/// Bounds that functions called on the way with request text hold it to.
fn helper_bounds(project: &Project, f: GFn, limit: Span, nearest: &Found) -> Vec<Evidence> {
    const ANYWHERE: Span = Span { start: u32::MAX, end: u32::MAX };
    let facts = project.program.facts(project.program.file_of(f));
    let names = request_names(project, f);
    let mut found = Vec::new();
    for edge in &project.edges[f.0 as usize] {
        let span = facts.span(edge.at);
        let is_before = span.start < limit.start && !span.contains(limit);
        let on_way = nearest.hops.iter().any(|(hop, _)| *hop == edge.to);
        if is_direct(edge.kind) && is_before && !on_way && mentions(facts, edge.at, &names) {
            found.extend(compared_bounds(project, edge.to, ANYWHERE));
        }
    }
    found
}

fn input_limit_rows(project: &Project, models: &ModelSet, at: GExpr) -> Vec<Evidence> {
    let mut found = Vec::new();
    for expr in subtree(project, at) {
        let here = GExpr { file: at.file, expr };
        let Some(site) = project.site_at(here) else { continue };
        for api in Project::apis(project.callees(site)) {
            for row in project.matcher.rows(api) {
                let RowRef::ControlCall(index) = row else { continue };
                let row = &models.controls[*index as usize];
                if row.raw.is != ControlKind::InputLimit || !project.is_limited(models, *index, site) {
                    continue;
                }
                let limit = row.places.detail.iter().find_map(|p| project.place_exprs(site, p).first().copied());
                found.push(Evidence {
                    at: location(project, here),
                    what: format!("`{}`", callee_text(project, here)),
                    value: limit.map(|e| text(project, e, 0)),
                });
            }
        }
    }
    found
}

/// Bounds on text fields of the request types in a handler's parameters, and on the parameters themselves.
fn schema_bounds(project: &Project, models: &ModelSet, handler: GFn, sent: &BTreeSet<Name>) -> Vec<Evidence> {
    let file = project.program.file_of(handler);
    let mut found = Vec::new();
    for param in &project.program.function(handler).params {
        let mut exprs: Vec<ExprId> = param.default.iter().chain(&param.decorators).copied().collect();
        if let Some(Type::Annotated(_, metadata)) = &param.ty {
            exprs.extend(metadata);
        }
        for expr in exprs {
            found.extend(input_limit_rows(project, models, GExpr { file, expr }));
        }
        let mut names = Vec::new();
        param.pattern.for_each_name(&mut |n| names.push(n));
        for name in names {
            for value in project.variable(handler, name).to_vec() {
                if let Value::Declared(class) = value {
                    found.extend(class_bounds(project, models, class, sent));
                }
            }
        }
    }
    found
}

fn class_bounds(project: &Project, models: &ModelSet, class: GClass, sent: &BTreeSet<Name>) -> Vec<Evidence> {
    let classes = project.ancestors(class);
    let has_sent = classes.iter().any(|c| project.program.class(*c).fields.iter().any(|f| sent.contains(&f.name)));
    let mut found = Vec::new();
    for class in classes {
        let file = project.program.file_of_class(class);
        for field in &project.program.class(class).fields {
            if !field.ty.as_ref().is_none_or(is_text) || (has_sent && !sent.contains(&field.name)) {
                continue;
            }
            let mut exprs: Vec<ExprId> = field.default.iter().chain(&field.decorators).copied().collect();
            if let Some(Type::Annotated(_, metadata)) = &field.ty {
                exprs.extend(metadata);
            }
            for expr in exprs {
                found.extend(input_limit_rows(project, models, GExpr { file, expr }));
            }
        }
    }
    found
}

/// Whether a declared type can hold text.
fn is_text(ty: &Type) -> bool {
    match ty {
        Type::Path(path, args) => {
            let head = path.last().map_or("", |n| n.as_str());
            matches!(head, "str" | "string" | "String" | "constr" | "Cow") || args.iter().any(is_text)
        }
        Type::Union(types) | Type::All(types) => types.iter().any(is_text),
        Type::Annotated(inner, _) => is_text(inner),
        Type::Unknown => true,
        _ => false,
    }
}

/// `schema.parse(body)` where the schema's definition bounds a text.
fn parsed_bounds(project: &Project, models: &ModelSet, f: GFn, limit: Span) -> Vec<Evidence> {
    let file = project.program.file_of(f);
    let facts = project.program.facts(file);
    let mut found = Vec::new();
    walk_block(facts, &project.program.function(f).body, &mut |_| {}, &mut |expr| {
        if facts.span(expr).start >= limit.start {
            return;
        }
        let Expr::Call(call) = facts.expr(expr) else { return };
        let here = GExpr { file, expr };
        let Some(site) = project.site_at(here) else { return };
        let is_parse = Project::apis(project.callees(site)).any(|api| {
            project.matcher.rows(api).iter().any(|row| match row {
                RowRef::ControlCall(row) => models.controls[*row as usize].raw.is == ControlKind::RequestValidation,
                _ => false,
            })
        });
        if !is_parse {
            return;
        }
        let mut schemas: Vec<GExpr> = call.args.iter().map(|a| GExpr { file, expr: a.value }).collect();
        if let Expr::Field { base, .. } = facts.expr(call.callee) {
            schemas.push(GExpr { file, expr: *base });
        }
        for schema in schemas {
            found.extend(schema::bounds(project, models, schema));
        }
    });
    found
}

/// Comparisons of a length with a bound that reject or cut.
fn compared_bounds(project: &Project, f: GFn, limit: Span) -> Vec<Evidence> {
    let file = project.program.file_of(f);
    let facts = project.program.facts(file);
    let tainted = request_names(project, f);
    let mut found = Vec::new();
    let mut tests: Vec<ExprId> = Vec::new();
    walk_stmts(facts, &project.program.function(f).body, &mut |stmt| {
        if let StmtKind::If { test, then, otherwise } = &stmt.kind
            && stmt.span.start < limit.start
            && (leaves(facts, then) || leaves(facts, otherwise))
        {
            tests.push(*test);
        }
    });
    for test in tests {
        for expr in subtree(project, GExpr { file, expr: test }) {
            if let Some((measured, bound)) = bound_of(project, GExpr { file, expr })
                && is_request_text(facts, measured, &tainted)
                && is_text_bound(project, GExpr { file, expr: bound })
            {
                let at = location(project, GExpr { file, expr });
                let what = format!("compares `{}`", short(&facts.show(measured)));
                found.push(Evidence { at, what, value: Some(text(project, GExpr { file, expr: bound }, 0)) });
            }
        }
    }
    found
}

fn short(text: &str) -> String {
    text.chars().take(60).collect()
}

/// A function's parameters and what is assigned from them.
fn request_names(project: &Project, f: GFn) -> FxHashSet<Name> {
    let facts = project.program.facts(project.program.file_of(f));
    let function = project.program.function(f);
    let mut names: FxHashSet<Name> = FxHashSet::default();
    for param in &function.params {
        param.pattern.for_each_name(&mut |n| {
            names.insert(n);
        });
    }
    walk_stmts(facts, &function.body, &mut |stmt| derive(facts, stmt, &mut names));
    names
}

/// Names assigned from request data are request data.
fn derive(facts: &FileFacts, stmt: &Stmt, tainted: &mut FxHashSet<Name>) {
    if let StmtKind::Assign { targets, value: Some(value), .. } = &stmt.kind
        && mentions(facts, *value, tainted)
    {
        for target in targets {
            target.for_each_name(&mut |n| {
                tainted.insert(n);
            });
        }
    }
}

fn mentions(facts: &FileFacts, expr: ExprId, names: &FxHashSet<Name>) -> bool {
    if let Expr::Name(name) = facts.expr(expr) {
        return names.contains(name);
    }
    let mut is_found = false;
    crate::ir::for_each_child(facts.expr(expr), &mut |node| {
        if let crate::ir::Node::Expr(child) = node {
            is_found |= mentions(facts, child, names);
        }
    });
    is_found
}

fn leaves(facts: &FileFacts, block: &Block) -> bool {
    block.last().is_some_and(|stmt| matches!(stmt.kind, StmtKind::Return(_) | StmtKind::Raise(_)))
        || block.iter().any(|stmt| matches!(stmt.kind, StmtKind::Raise(_)))
        || block.iter().any(|stmt| matches!(stmt.kind, StmtKind::Expr(e) if refuses(facts, e)))
}

/// A call that refuses the request for what it holds, by status: `error(413, ..)`, `abort(400)`.
fn refuses(facts: &FileFacts, expr: ExprId) -> bool {
    let Expr::Call(call) = facts.expr(expr) else { return false };
    let status = call.args.first().map(|arg| facts.expr(arg.value));
    matches!(status, Some(Expr::Num(text)) if matches!(text.as_str(), "400" | "413" | "422"))
}

/// `len(x) > n` in any spelling: what is measured, and the bound.
fn bound_of(project: &Project, at: GExpr) -> Option<(ExprId, ExprId)> {
    let facts = project.program.facts(at.file);
    let Expr::Binary { op, left, right } = facts.expr(at.expr) else { return None };
    let (measure, bound) = match op {
        BinaryOp::Greater | BinaryOp::GreaterEq => (*left, *right),
        BinaryOp::Less | BinaryOp::LessEq => (*right, *left),
        _ => return None,
    };
    let by_name = || {
        let definitions = project.definitions(GExpr { file: at.file, expr: measure });
        definitions.into_iter().filter(|d| d.file == at.file).find_map(|d| measured(facts, d.expr))
    };
    Some((by_name().or_else(|| measured(facts, measure))?, bound))
}

/// The thing whose length or token count an expression is.
fn measured(facts: &FileFacts, expr: ExprId) -> Option<ExprId> {
    match facts.expr(expr) {
        Expr::Field { base, name } if name == "length" => Some(*base),
        Expr::Binary { op: BinaryOp::Or | BinaryOp::Coalesce, left, .. } => measured(facts, *left),
        Expr::Call(call) => match facts.expr(call.callee) {
            Expr::Name(name) if name == "len" || name.to_ascii_lowercase().contains("token") => {
                Some(call.args.first()?.value)
            }
            Expr::Field { base, name } if name == "len" || name == "count" => Some(*base),
            Expr::Field { name, .. } if name.to_ascii_lowercase().contains("token") => Some(call.args.first()?.value),
            _ => None,
        },
        Expr::Name(name)
            if name.to_ascii_lowercase().contains("token_count")
                || name.to_ascii_lowercase().contains("tokencount") =>
        {
            Some(expr)
        }
        _ => None,
    }
}

/// Whether what is measured is text that the request brought, by where it comes from and what it is called.
fn is_request_text(facts: &FileFacts, expr: ExprId, tainted: &FxHashSet<Name>) -> bool {
    let shown = facts.show(expr).to_ascii_lowercase();
    let is_other = [
        "file",
        "image",
        "attachment",
        "chunk",
        "tool",
        "result",
        "item",
        "option",
        "tags",
        "users",
        "history",
        "password",
        "api_key",
        "apikey",
    ];
    mentions(facts, expr, tainted) && !is_other.iter().any(|w| shown.contains(w))
}

fn is_text_bound(project: &Project, bound: GExpr) -> bool {
    if let Some(value) = number(project, bound, 0) {
        return value >= MIN_TEXT_BOUND;
    }
    let shown = project.program.facts(bound.file).show(bound.expr).to_ascii_lowercase();
    ["max", "limit"].iter().any(|w| shown.contains(w))
        && !counts_things(&shown)
        && !["file", "image", "tool", "count", "history"].iter().any(|w| shown.contains(w))
}

/// Whether a bound is named for a number of things (`max_queries`) and not for the length of a text.
pub(super) fn counts_things(bound: &str) -> bool {
    const UNITS: [&str; 8] = ["bytes", "characters", "chars", "codepoints", "graphemes", "letters", "tokens", "words"];
    let last = bound.split(|c: char| !c.is_ascii_alphanumeric()).next_back().unwrap_or_default();
    let last = last.to_ascii_lowercase();
    let is_many = last.len() > 3 && last.ends_with('s') && !last.ends_with("ss") && !last.ends_with("limits");
    is_many && !UNITS.iter().any(|unit| last.ends_with(unit))
}

#[cfg(test)]
mod tests {
    use super::counts_things;

    #[test]
    fn bounds_on_things_are_told_from_bounds_on_text() {
        for bound in ["max_queries", "settings.MAX_MESSAGES", "maxItems"] {
            assert!(counts_things(bound), "{bound}");
        }
        for bound in ["max_length", "MAX_CHARS", "limits.maxTokens", "settings.limits", "2000", "max_input_bytes"] {
            assert!(!counts_things(bound), "{bound}");
        }
    }
}
