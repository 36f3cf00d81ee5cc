//! `reach`: LLM entry points that a control does not guard.
//!
//! Fires on `absent` only; `unknown` is counted and left alone.

use serde::Deserialize;

use crate::finding::Location;
use crate::model::ControlKind;
use crate::rules::card::{RuleCard, RuleError};
use crate::rules::run::{Context, Judged, finding, step};
use crate::surface::{Status, Surface};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Params {
    /// The control that must guard.
    control: ControlKind,
    /// Controls that serve as well.
    #[serde(default)]
    or: Vec<ControlKind>,
}

pub(super) fn run(card: &RuleCard, cx: &Context<'_>, judged: &mut Judged) -> Result<(), RuleError> {
    let params: Params = card.detect.params()?;
    for surface in &cx.surfaces.surfaces {
        if !Context::judges(card, cx.project.program.language(surface.entry.file)) {
            continue;
        }
        let Some(control) = surface.controls.get(&params.control) else { continue };
        judged.checked(card).subjects += 1;
        let others = params.or.iter().filter_map(|kind| surface.controls.get(kind));
        let is_served = others.into_iter().any(|other| matches!(other.status, Status::Present | Status::Partial));
        match control.status {
            _ if is_served => judged.checked(card).satisfied += 1,
            Status::Present | Status::Partial => judged.checked(card).satisfied += 1,
            Status::Unknown => judged.checked(card).unknown += 1,
            Status::NotApplicable => judged.checked(card).subjects -= 1,
            Status::Absent => {
                let found = absent(card, cx, surface);
                judged.findings.push(found);
            }
        }
    }
    Ok(())
}

fn absent(card: &RuleCard, cx: &Context<'_>, surface: &Surface) -> crate::finding::Finding {
    let entry = &surface.entry;
    let at = Location { path: cx.project.program.facts(entry.file).path.to_string(), span: entry.span };
    let name = match entry.full_route() {
        Some(route) => format!("`{}` ({route})", entry.name),
        None => format!("`{}`", entry.name),
    };
    let call = &cx.surfaces.llm_calls[surface.llm_calls[0]];
    let llm = format!("`{}`", call.callee);
    let holes = [("entry-point", name.as_str()), ("llm-call", llm.as_str()), ("input", "the user's text")];
    let mut found = finding(card, at.clone(), entry.name.clone(), &holes);
    found.flow.push(step(at, format!("{} entry point", entry.framework)));
    for (index, hop) in surface.path.iter().enumerate() {
        let note = match surface.path.get(index + 1) {
            Some(next) => format!("`{}` leads to `{}`", hop.name, next.name),
            None => format!("`{}` calls the model", hop.name),
        };
        found.flow.push(step(hop.at.clone(), note));
    }
    found
}
