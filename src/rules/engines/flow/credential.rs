//! Credentials from the environment, settings or a secrets manager in the text of prompts.

use rustc_hash::FxHashSet;

use super::prompt::callee;
use super::{show, subject, with_trail};
use crate::flow::{FlowIndex, Node, Query, Reach, Region, Slot, is_builder, keeps_text, message};
use crate::ir::Expr;
use crate::model::SourceKind;
use crate::project::Value;
use crate::rules::card::RuleCard;
use crate::rules::run::{Context, Judged, finding};
use crate::rules::vocabulary::{Sensitive, sensitive, words};
use crate::source::{Language, PathClass};

/// How many calls up or down a value is followed.
const DEPTH: usize = 6;

pub(super) fn run(card: &RuleCard, cx: &Context<'_>, index: &FlowIndex<'_>, judged: &mut Judged) {
    let region = cx.region();
    let mut seen = FxHashSet::default();
    let mut told = FxHashSet::default();
    for (id, spot) in (0u32..).zip(&region.spots) {
        let is_entry = spot.toward.is_none_or(|next| region.spots[next as usize].slot != spot.slot);
        let Node::Expr(at) = spot.node else { continue };
        let program = &cx.project.program;
        if !is_entry
            || !matches!(spot.slot, Slot::Text(_))
            || program.class_of_path(at.file) != PathClass::Production
            || !Context::judges(card, program.language(at.file))
            || !seen.insert(at)
            || is_used_up(cx, index, region, id)
        {
            continue;
        }
        judged.checked(card).subjects += 1;
        let named = |node: Node| is_credential(cx, index, node).then(String::new);
        let query = Query { named: &named, wants: &|_| false, depth: DEPTH, reach: Reach::Exact };
        let Some(trail) = index.trace(cx.models, at, &query) else {
            judged.checked(card).satisfied += 1;
            continue;
        };
        // One credential is one finding, however many prompts take it in.
        if !told.insert(trail.places[0].0) {
            continue;
        }
        let source = format!("the credential `{}`", show(cx, trail.places[0].0));
        let callee = callee(cx, spot.call);
        let holes = [("source", source.as_str()), ("llm-call", callee.as_str())];
        let found = finding(card, crate::surface::location(cx.project, at), subject(cx, at), &holes);
        judged.findings.push(with_trail(cx, found, &trail));
    }
}

/// Whether a library is handed what stands at a spot before it could become text: a client that was made with a credential
/// answers with something else.
fn is_used_up(cx: &Context<'_>, index: &FlowIndex<'_>, region: &Region, spot: u32) -> bool {
    let project = cx.project;
    region.onward(spot).into_iter().any(|node| {
        let Node::Expr(at) = node else { return false };
        let facts = project.program.facts(at.file);
        let Expr::Call(call) = facts.expr(at.expr) else { return false };
        let (Expr::Name(name) | Expr::Field { name, .. }) = facts.expr(call.callee) else { return false };
        let is_ours = |value: &Value| matches!(value, Value::Class(_)) || !project.targets(*value).is_empty();
        let site = project.site_at(at);
        let is_program = site.is_some_and(|site| project.callees(site).iter().any(is_ours));
        let is_message = Some(at) == region.spots[spot as usize].call.map(|call| project.site(call).at);
        !is_program
            && !is_message
            && !keeps_text(name)
            && !lays_out(name)
            && !is_builder(project, at)
            && message(index, at).is_none()
    })
}

/// Whether a function only lays a text out.
fn lays_out(name: &str) -> bool {
    matches!(
        name,
        "dedent" | "indent" | "fill" | "wrap" | "shorten" | "escape" | "quote" | "stringify" | "encode" | "decode"
    )
}

/// Whether an expression reads a credential: a secret by its model, or a look-up in settings, that is named for one.
fn is_credential(cx: &Context<'_>, index: &FlowIndex<'_>, node: Node) -> bool {
    let Node::Expr(at) = node else { return false };
    let facts = cx.project.program.facts(at.file);
    let (name, holder) = match facts.expr(at.expr) {
        Expr::Field { base, name } => (name.to_string(), facts.show(*base)),
        Expr::Index { base, index } => match facts.str_value(*index) {
            Some(name) => (name.to_string(), facts.show(*base)),
            None => return false,
        },
        Expr::Call(call) => {
            let Some(name) = call.args.first().and_then(|a| facts.str_value(a.value)) else { return false };
            (name.to_string(), facts.show(call.callee))
        }
        _ => return false,
    };
    // How a browser sends cookies: `fetch(url, {credentials: "include"})`.
    if name == "credentials" && facts.language == Language::TypeScript {
        return false;
    }
    let is_named = sensitive(&name) == Some(Sensitive::Credential) || ends_as_token(&name);
    is_named && (index.sources(cx.models, at).contains(&SourceKind::Secret) || is_settings(&holder))
}

/// `CRM_API_TOKEN`: in an environment, a token is a credential.
fn ends_as_token(name: &str) -> bool {
    words(name).last().is_some_and(|word| matches!(word.as_str(), "token" | "secret" | "password" | "key"))
        && name.chars().all(|c| c.is_ascii_uppercase() || c == '_' || c.is_ascii_digit())
}

fn is_settings(holder: &str) -> bool {
    let last = words(holder);
    last.iter().any(|w| matches!(w.as_str(), "settings" | "config" | "env" | "environ" | "getenv" | "secrets" | "var"))
}
