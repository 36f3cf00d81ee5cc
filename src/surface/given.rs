//! What is known about a setting, and how an expression that states one is read.

use crate::finding::Location;
use crate::ir::{BinaryOp, Expr, Key, Pattern, StmtKind, walk_block, walk_stmts};
use crate::model::{ModelSet, RowRef, Setting};
use crate::project::{GExpr, Project, Value};

/// How deep names, wrappers and nested literals are followed.
const DEPTH: usize = 6;
/// Conversions of text and numbers that keep what is converted.
const CONVERSIONS: [&str; 6] = ["to_string", "to_owned", "into", "clone", "as_str", "toString"];

/// A setting as the program writes it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Written {
    /// The literal's own text, or the expression.
    pub text: String,
    /// Where.
    pub at: Location,
}

/// What is known about a setting of an LLM call.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Given {
    /// A literal states it.
    Literal(Written),
    /// Something that is known at run time states it: configuration, environment, a parameter.
    Configured(Written),
    /// A literal switches it off (`None`, `null`, `undefined`).
    Off(Written),
    /// Nothing states it, and the library has a finite value of its own.
    Default,
    /// Nothing states it, at the call, its client or its request.
    Absent,
    /// Something that may state it could not be resolved.
    Unknown,
}

impl Given {
    /// The text that states it, if any does.
    pub fn text(&self) -> Option<&str> {
        match self {
            Given::Literal(w) | Given::Configured(w) | Given::Off(w) => Some(&w.text),
            Given::Default | Given::Absent | Given::Unknown => None,
        }
    }

    /// Whether a value other than "none" is stated.
    pub(super) fn is_stated(&self) -> bool {
        matches!(self, Given::Literal(_) | Given::Configured(_))
    }
}

/// Reads an expression at a setting's place.
pub(super) fn read(project: &Project, models: &ModelSet, setting: Setting, at: GExpr, depth: usize) -> Given {
    let facts = project.program.facts(at.file);
    let inner = |expr| read(project, models, setting, GExpr { file: at.file, expr }, depth + 1);
    let written = |text: String| Written { text, at: super::location(project, at) };
    let configured = || Given::Configured(written(super::settings::text(project, at, 0)));
    if depth > DEPTH {
        return configured();
    }
    match facts.expr(at.expr) {
        Expr::Str(text) | Expr::Num(text) => Given::Literal(written(text.to_string())),
        Expr::Bool(true) => Given::Literal(written("true".into())),
        Expr::Null | Expr::Bool(false) => Given::Off(written(facts.show(at.expr))),
        Expr::Cast { value, .. } | Expr::Await(value) | Expr::Try(value) => inner(*value),
        Expr::Unary { operand, .. } => inner(*operand),
        Expr::Conditional { then, otherwise, .. } => match (inner(*then), inner(*otherwise)) {
            (off @ Given::Off(_), Given::Off(_)) => off,
            _ => configured(),
        },
        Expr::Name(_) if is_parameter(project, at) => configured(),
        Expr::Name(_) => match project.definitions(at).as_slice() {
            [one] => match read(project, models, setting, *one, depth + 1) {
                literal @ Given::Literal(_) => literal,
                _ => configured(),
            },
            _ => configured(),
        },
        Expr::Call(call) => {
            if setting == Setting::Model
                && let Some(given) = made_with(project, models, at, depth)
            {
                return given;
            }
            match facts.expr(call.callee) {
                Expr::Field { base, name } if call.args.is_empty() && CONVERSIONS.contains(&name.as_str()) => {
                    inner(*base)
                }
                _ => configured(),
            }
        }
        _ => configured(),
    }
}

/// The model's name in a call that makes a model object.
fn made_with(project: &Project, models: &ModelSet, at: GExpr, depth: usize) -> Option<Given> {
    let site = project.site_at(at)?;
    for row in rows(project, project.callees(site)) {
        for (setting, places) in &models.calls[row as usize].places.settings {
            if *setting == Setting::Model
                && let Some(expr) = places.iter().find_map(|p| project.place_exprs(site, p).first().copied())
            {
                return Some(read(project, models, Setting::Model, expr, depth + 1));
            }
        }
    }
    None
}

/// The call rows that values satisfy.
pub(super) fn rows(project: &Project, values: &[Value]) -> Vec<u32> {
    let mut rows: Vec<u32> = Project::apis(values)
        .flat_map(|api| project.matcher.rows(api))
        .filter_map(|row| if let RowRef::Call(row) = row { Some(*row) } else { None })
        .collect();
    rows.sort_unstable();
    rows.dedup();
    rows
}

/// Whether a name is a parameter of the function it is used in, or of one around it.
pub(super) fn is_parameter(project: &Project, at: GExpr) -> bool {
    let facts = project.program.facts(at.file);
    let Expr::Name(name) = facts.expr(at.expr) else { return false };
    let mut scope = Some(project.scope_of(at.file, at.expr));
    while let Some(id) = scope {
        let function = facts.function(id);
        let mut is_bound = false;
        for param in &function.params {
            param.pattern.for_each_name(&mut |n| is_bound |= n == *name);
        }
        if is_bound {
            return true;
        }
        scope = function.parent;
    }
    false
}

/// Whether a collection of options can hold entries that cannot be seen.
pub(super) fn is_open(project: &Project, at: GExpr, depth: usize) -> bool {
    if depth > DEPTH {
        return true;
    }
    let facts = project.program.facts(at.file);
    let inner = |expr| is_open(project, GExpr { file: at.file, expr }, depth + 1);
    match facts.expr(at.expr) {
        Expr::Object(entries) => entries.iter().any(|entry| match entry.key {
            Key::Name(_) => false,
            Key::Computed(_) => true,
            Key::Spread => inner(entry.value),
        }),
        Expr::Call(call) => {
            let is_library = Project::apis(project.values(at)).next().is_some();
            let makes_empty = call.args.is_empty() && facts.show(call.callee).to_lowercase().ends_with("default");
            let is_dict = matches!(facts.expr(call.callee), Expr::Name(name) if name == "dict");
            let is_spread_open = call.args.iter().any(|a| a.spread && inner(a.value));
            is_spread_open || !(is_library || makes_empty || is_dict)
        }
        Expr::Conditional { then, otherwise, .. } => inner(*then) || inner(*otherwise),
        Expr::Binary { op: BinaryOp::And, right, .. } => inner(*right),
        Expr::Binary { left, right, .. } => inner(*left) || inner(*right),
        Expr::Name(_) => {
            let definitions = project.definitions(at);
            is_parameter(project, at)
                || definitions.is_empty()
                || is_changed(project, at)
                || definitions.into_iter().any(|d| is_open(project, d, depth + 1))
        }
        Expr::Await(e) | Expr::Try(e) | Expr::Cast { value: e, .. } | Expr::Unary { operand: e, .. } => inner(*e),
        Expr::Str(_) | Expr::Num(_) | Expr::Bool(_) | Expr::Null | Expr::Regex(_) => false,
        Expr::Template { .. } | Expr::List { .. } | Expr::Lambda(_) => false,
        _ => true,
    }
}

/// Whether entries are put into a named collection after it was made.
fn is_changed(project: &Project, at: GExpr) -> bool {
    let facts = project.program.facts(at.file);
    let Expr::Name(name) = facts.expr(at.expr) else { return false };
    let is_it = |expr| matches!(facts.expr(expr), Expr::Name(n) if n == name);
    let mut is_found = false;
    let scope = project.scope_of(at.file, at.expr);
    walk_stmts(facts, &facts.function(scope).body, &mut |stmt| {
        if let StmtKind::Assign { targets, .. } = &stmt.kind {
            is_found |= targets.iter().any(|t| match t {
                Pattern::Place(place) => match facts.expr(*place) {
                    Expr::Field { base, .. } | Expr::Index { base, .. } => is_it(*base),
                    _ => false,
                },
                _ => false,
            });
        }
    });
    walk_block(facts, &facts.function(scope).body, &mut |_| {}, &mut |expr| {
        if let Expr::Call(call) = facts.expr(expr)
            && let Expr::Field { base, name } = facts.expr(call.callee)
        {
            is_found |= is_it(*base) && matches!(name.as_str(), "update" | "setdefault");
            let first = call.args.first().is_some_and(|a| is_it(a.value));
            is_found |= name == "assign" && first;
        }
    });
    is_found
}
