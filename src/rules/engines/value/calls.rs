//! Settings of LLM calls: bounds that nothing states, and models named by an alias that moves.

use super::{judges, shown};
use crate::model::Setting;
use crate::rules::card::RuleCard;
use crate::rules::run::{Context, Judged, finding};
use crate::surface::Given;

/// Calls for which nothing states a bound, and those where it is switched off.
pub(super) fn absent(card: &RuleCard, cx: &Context<'_>, setting: Setting, judged: &mut Judged) {
    for call in cx.surfaces.llm_calls.iter().filter(|c| judges(card, cx, c.function)) {
        let checked = judged.checked(card);
        checked.subjects += 1;
        let off = match call.settings.get(&setting) {
            Some(Given::Literal(_) | Given::Configured(_) | Given::Default) => {
                checked.satisfied += 1;
                continue;
            }
            Some(Given::Unknown) | None => {
                checked.unknown += 1;
                continue;
            }
            Some(Given::Off(written)) => Some(written),
            Some(Given::Absent) => None,
        };
        let name = match call.settings.get(&Setting::Model) {
            Some(Given::Literal(model)) => format!("`{}` (`{}`)", call.callee, model.text),
            _ => format!("`{}`", call.callee),
        };
        let argument = argument(cx, call.call.row, setting);
        let holes = [("llm-call", name.as_str()), ("setting", argument.as_str())];
        let mut found = finding(card, call.at.clone(), call.callee.clone(), &holes);
        if let Some(written) = off {
            found.flow.push(shown(&written.at, format!("`{}` switches it off", written.text)));
        }
        judged.findings.push(found);
    }
}

/// How the call's library names a setting.
fn argument(cx: &Context<'_>, row: u32, setting: Setting) -> String {
    let written = cx.models.calls[row as usize].raw.settings.get(&setting);
    let first = written.and_then(|w| w.as_slice().iter().flat_map(|t| t.split('|')).find(|t| *t != "default"));
    first.map_or_else(|| "a maximum".to_owned(), |place| format!("`{}`", place.trim()))
}

/// Calls whose model is a literal that moves.
pub(super) fn moving(card: &RuleCard, cx: &Context<'_>, judged: &mut Judged) {
    for call in cx.surfaces.llm_calls.iter().filter(|c| judges(card, cx, c.function)) {
        let checked = judged.checked(card);
        checked.subjects += 1;
        match call.settings.get(&Setting::Model) {
            Some(Given::Literal(model)) if cx.models.aliases.is_moving(&model.text) => {
                let callee = format!("`{}`", call.callee);
                let holes = [("llm-call", callee.as_str()), ("value", model.text.as_str())];
                let mut found = finding(card, call.at.clone(), model.text.clone(), &holes);
                if !(model.at.path == call.at.path && call.at.span.contains(model.at.span)) {
                    found.flow.push(shown(&model.at, format!("`{}` is named here", model.text)));
                }
                judged.findings.push(found);
            }
            Some(Given::Literal(_)) => checked.satisfied += 1,
            _ => checked.unknown += 1,
        }
    }
}
