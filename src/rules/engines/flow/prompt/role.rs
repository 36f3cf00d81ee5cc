//! Roles that outsiders choose: who may write `system` into a message's role writes the system prompt.

use rustc_hash::FxHashSet;

use super::super::{show, subject, with_trail};
use super::callee;
use crate::flow::{FlowIndex, Node, Origin, Query, Reach, Region, Slot, Turn, message};
use crate::ir::{Expr, Key, Type};
use crate::model::SourceKind;
use crate::project::{GExpr, Value};
use crate::rules::card::RuleCard;
use crate::rules::run::{Context, Judged, finding};
use crate::source::PathClass;

/// How many calls up or down a role is followed.
const DEPTH: usize = 7;

pub(super) fn run(card: &RuleCard, cx: &Context<'_>, index: &FlowIndex<'_>, region: &Region, judged: &mut Judged) {
    let mut seen = FxHashSet::default();
    for spot in region.spots.iter().filter(|spot| spot.slot == Slot::Messages) {
        let Node::Expr(at) = spot.node else { continue };
        let program = &cx.project.program;
        if program.class_of_path(at.file) != PathClass::Production
            || !Context::judges(card, program.language(at.file))
            || !seen.insert(at)
        {
            continue;
        }
        let Some((role, _)) = message(index, at) else { continue };
        if !is_open(cx, role) || index.is_allow_listed(role) {
            continue;
        }
        judged.checked(card).subjects += 1;
        let wants = |origin: &Origin| {
            matches!(origin, Origin::EntryParam(..) | Origin::Source(SourceKind::Untrusted | SourceKind::Retrieved))
        };
        let query = Query { named: &|_| None, wants: &wants, depth: DEPTH, reach: Reach::Texts };
        let Some(trail) = index.trace_past(cx.models, role, &query, &|mut way| turn(cx, way.next())) else {
            judged.checked(card).satisfied += 1;
            continue;
        };
        let source = format!("the role `{}`, which outside data states,", show(cx, Node::Expr(role)));
        let callee = callee(cx, spot.call);
        let holes = [("source", source.as_str()), ("input", source.as_str()), ("llm-call", callee.as_str())];
        let found = finding(card, crate::surface::location(cx.project, role), subject(cx, at), &holes);
        judged.findings.push(with_trail(cx, found, &trail));
    }
}

/// Where the way of a role goes on: in a message that the program writes down, to its role and not to what it says; past
/// a member whose type is closed, nowhere.
fn turn(cx: &Context<'_>, node: Option<Node>) -> Turn {
    let Some(Node::Expr(at)) = node else { return Turn::Follow };
    let facts = cx.project.program.facts(at.file);
    let here = |expr| GExpr { file: at.file, expr };
    match facts.expr(at.expr) {
        Expr::Object(entries) => {
            let named = |wanted: &str| entries.iter().find(|e| matches!(e.key, Key::Name(name) if name == wanted));
            match (named("role"), named("content").or_else(|| named("parts"))) {
                (Some(role), _) => Turn::Only(vec![here(role.value)]),
                (None, Some(_)) => Turn::Stop,
                (None, None) => Turn::Follow,
            }
        }
        Expr::Call(call) => match call.args.iter().find(|a| a.name.is_some_and(|n| n == "role")) {
            Some(role) => Turn::Only(vec![here(role.value)]),
            None => Turn::Follow,
        },
        // What somebody says is not who says it.
        Expr::Field { name, .. } if matches!(name.as_str(), "content" | "parts" | "text") => Turn::Stop,
        Expr::Field { name, .. } if name.ends_with("role") && !is_open(cx, at) => Turn::Stop,
        _ => Turn::Follow,
    }
}

/// Whether a role is computed and its type admits any text.
fn is_open(cx: &Context<'_>, role: GExpr) -> bool {
    let facts = cx.project.program.facts(role.file);
    match facts.expr(role.expr) {
        Expr::Name(_) | Expr::Index { .. } => true,
        Expr::Field { base, name } => {
            let base = GExpr { file: role.file, expr: *base };
            // `Role.System`: a member of an enumeration.
            let is_member = cx.project.values(base).iter().any(|v| matches!(v, Value::Class(_) | Value::Module(_)));
            let classes = cx.project.values(base).iter().filter_map(|v| match v {
                Value::Instance(class) | Value::Declared(class) => Some(*class),
                _ => None,
            });
            let mut fields = classes.flat_map(|class| {
                let class = cx.project.program.class(class);
                class.fields.iter().filter(|f| f.name == *name).filter_map(|f| f.ty.as_ref()).collect::<Vec<_>>()
            });
            !is_member && !fields.any(is_closed)
        }
        _ => false,
    }
}

/// A type of fixed texts: literals, or a named type other than text itself.
fn is_closed(ty: &Type) -> bool {
    match ty {
        Type::Literal(_) => true,
        Type::Union(types) => types.iter().all(|t| is_closed(t) || *t == Type::Null),
        Type::Annotated(inner, _) => is_closed(inner),
        Type::Path(path, _) => !matches!(
            path.last().map_or("", |n| n.as_str()),
            "str" | "string" | "String" | "Optional" | "Option" | "Any" | "any"
        ),
        _ => false,
    }
}
