//! Limits of entry points against policy, and what limiters count by.

use super::{entry_point, rates, shown};
use crate::model::ControlKind;
use crate::rules::card::RuleCard;
use crate::rules::run::{Checked, Context, Judged, finding};
use crate::surface::{Control, Evidence, LimiterKeys, Status, Surface};

/// Characters of text in a token, where the checklist says nothing.
const CHARACTERS_PER_TOKEN: f64 = 4.0;

/// Words in a key that mean the caller's network address.
const ADDRESS: [&str; 9] = [
    "remote_addr",
    "remoteaddr",
    "ipaddr",
    "ip_addr",
    "client.host",
    "forwarded",
    "real-ip",
    "connecting-ip",
    "request.ip",
];
/// Words in a key that mean the caller.
const CALLER: [&str; 10] =
    ["user", "session", "account", "tenant", "org", "member", "email", "token", "api_key", "subject"];

/// Judges each production entry point that a control guards.
fn each<'a>(
    card: &RuleCard,
    cx: &Context<'a>,
    kind: ControlKind,
    judged: &mut Judged,
    mut judge: impl FnMut(&'a Surface, &'a Control, &mut Checked) -> Option<crate::finding::Finding>,
) {
    for surface in &cx.surfaces.surfaces {
        if !Context::judges(card, cx.project.program.language(surface.entry.file)) {
            continue;
        }
        let Some(control) = surface.controls.get(&kind) else { continue };
        if !matches!(control.status, Status::Present | Status::Partial) {
            continue;
        }
        let checked = judged.checked(card);
        checked.subjects += 1;
        let found = judge(surface, control, checked);
        judged.findings.extend(found);
    }
}

/// The lowest of the limits that can be read; `None` if any cannot, because it may be the one that binds.
fn lowest(control: &Control, read: impl Fn(&str) -> Option<f64>) -> Option<(f64, &Evidence)> {
    let mut lowest: Option<(f64, &Evidence)> = None;
    for evidence in &control.evidence {
        let value = read(evidence.value.as_deref()?)?;
        if lowest.is_none_or(|(known, _)| value < known) {
            lowest = Some((value, evidence));
        }
    }
    lowest
}

/// Entry points whose rate limit is above `most` requests an hour.
pub(super) fn rate_above(card: &RuleCard, cx: &Context<'_>, most: f64, judged: &mut Judged) {
    each(card, cx, ControlKind::RateLimit, judged, |surface, control, checked| {
        let Some((rate, evidence)) = lowest(control, rates::hourly) else {
            checked.unknown += 1;
            return None;
        };
        if rate <= most {
            checked.satisfied += 1;
            return None;
        }
        let limit = evidence.value.clone().unwrap_or_default();
        Some(above(card, cx, surface, evidence, &limit, &format!("{most} requests an hour")))
    });
}

/// Entry points whose input bound is above `most` tokens.
pub(super) fn input_above(card: &RuleCard, cx: &Context<'_>, most: f64, judged: &mut Judged) {
    let ratio = cx.catalogue.policy("IO-1", "characters-per-token").unwrap_or(CHARACTERS_PER_TOKEN);
    each(card, cx, ControlKind::InputLimit, judged, |surface, control, checked| {
        let tokens = |text: &str| text.trim().replace('_', "").parse::<f64>().ok();
        let measured = lowest(control, tokens).map(|(number, evidence)| {
            let is_tokens = evidence.what.to_ascii_lowercase().contains("token");
            (if is_tokens { number } else { number / ratio }, is_tokens, evidence)
        });
        let Some((size, is_tokens, evidence)) = measured else {
            checked.unknown += 1;
            return None;
        };
        if size <= most {
            checked.satisfied += 1;
            return None;
        }
        let unit = if is_tokens { "tokens" } else { "characters" };
        let limit = format!("{} {unit}", evidence.value.as_deref().unwrap_or_default());
        Some(above(card, cx, surface, evidence, &limit, &format!("{most} tokens")))
    });
}

fn above(
    card: &RuleCard,
    cx: &Context<'_>,
    surface: &Surface,
    evidence: &Evidence,
    limit: &str,
    policy: &str,
) -> crate::finding::Finding {
    let (at, name) = entry_point(cx, surface);
    let holes = [("entry-point", name.as_str()), ("limit", limit), ("policy", policy), ("input", "the user's text")];
    let mut found = finding(card, at, surface.entry.name.clone(), &holes);
    found.flow.push(shown(&evidence.at, format!("{} sets {limit}", evidence.what)));
    found
}

/// Entry points that know their user and are limited by address alone.
pub(super) fn by_address(card: &RuleCard, cx: &Context<'_>, judged: &mut Judged) {
    let limiters = LimiterKeys::new(cx.project, cx.models);
    each(card, cx, ControlKind::RateLimit, judged, |surface, control, checked| {
        let is_known = surface.controls.get(&ControlKind::Authentication).is_some_and(|c| c.status == Status::Present);
        if !is_known {
            checked.subjects -= 1;
            return None;
        }
        let keys: Vec<(Option<bool>, &Evidence)> =
            control.evidence.iter().map(|e| (is_address(&limiters, e), e)).collect();
        if keys.iter().any(|(key, _)| *key == Some(false)) {
            checked.satisfied += 1;
            return None;
        }
        let Some((_, evidence)) = keys.iter().find(|_| keys.iter().all(|(key, _)| *key == Some(true))) else {
            checked.unknown += 1;
            return None;
        };
        let (at, name) = entry_point(cx, surface);
        let mut found = finding(card, at, surface.entry.name.clone(), &[("entry-point", name.as_str())]);
        found.flow.push(shown(&evidence.at, format!("{} counts by address", evidence.what)));
        Some(found)
    });
}

/// Whether a limiter's key is the caller's address alone; `None` if its key cannot be told.
fn is_address(limiters: &LimiterKeys<'_>, evidence: &Evidence) -> Option<bool> {
    let key = limiters.key(&evidence.at)?.to_ascii_lowercase();
    if CALLER.iter().any(|word| key.contains(word)) {
        return Some(false);
    }
    let is_word = key.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| matches!(word, "ip" | "ips"));
    (is_word || ADDRESS.iter().any(|word| key.contains(word))).then_some(true)
}
