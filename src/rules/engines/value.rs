//! `value`: what a setting, a limit or a loop is bounded by, against what a card asks.
//!
//! Judges four kinds of subject: settings of LLM calls, limits of controls against policy, what a limiter counts by,
//! and loops around LLM calls. What could not be resolved is counted as unknown and left alone.

mod agents;
mod calls;
mod limits;
mod rates;

pub(crate) use rates::hourly;

use serde::Deserialize;

use crate::finding::Location;
use crate::model::Setting;
use crate::project::GFn;
use crate::rules::card::{RuleCard, RuleError};
use crate::rules::run::{Context, Judged, step};
use crate::surface::Surface;

/// What a card hands over.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Params {
    /// What is judged.
    of: Subject,
    /// Which part of it.
    setting: Part,
    /// What it must not be.
    #[serde(default)]
    is: Option<Fault>,
    /// `<item>/<policy>`: what it must not be above.
    #[serde(default)]
    above: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Subject {
    LlmCall,
    AgentLoop,
    RateLimit,
    InputLimit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Part {
    Timeout,
    MaxOutput,
    Model,
    MaxSteps,
    Limit,
    Key,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Fault {
    Absent,
    MovingAlias,
    Address,
}

pub(super) fn run(card: &RuleCard, cx: &Context<'_>, judged: &mut Judged) -> Result<(), RuleError> {
    let params: Params = card.detect.params()?;
    match (params.of, params.setting, params.is, params.above.as_deref()) {
        (Subject::LlmCall, Part::Timeout, Some(Fault::Absent), None) => {
            calls::absent(card, cx, Setting::Timeout, judged);
        }
        (Subject::LlmCall, Part::MaxOutput, Some(Fault::Absent), None) => {
            calls::absent(card, cx, Setting::MaxOutput, judged);
        }
        (Subject::LlmCall, Part::Model, Some(Fault::MovingAlias), None) => calls::moving(card, cx, judged),
        (Subject::AgentLoop, Part::MaxSteps, Some(Fault::Absent), None) => agents::unbounded(card, cx, judged),
        (Subject::RateLimit, Part::Key, Some(Fault::Address), None) => limits::by_address(card, cx, judged),
        (Subject::RateLimit | Subject::InputLimit, Part::Limit, None, Some(policy)) => {
            let Some(most) = policy.split_once('/').and_then(|(item, name)| cx.catalogue.policy(item, name)) else {
                return Err(card.detect.error(format!("no policy `{policy}` in the checklist")));
            };
            if params.of == Subject::RateLimit {
                limits::rate_above(card, cx, most, judged);
            } else {
                limits::input_above(card, cx, most, judged);
            }
        }
        _ => return Err(card.detect.error("the engine `value` does not judge this combination".to_owned())),
    }
    Ok(())
}

/// Whether a card judges the file a function stands in.
fn judges(card: &RuleCard, cx: &Context<'_>, f: GFn) -> bool {
    let program = &cx.project.program;
    Context::judges(card, program.language(program.file_of(f)))
}

/// Where an entry point stands and how messages name it.
fn entry_point(cx: &Context<'_>, surface: &Surface) -> (Location, String) {
    let entry = &surface.entry;
    let at = Location { path: cx.project.program.facts(entry.file).path.to_string(), span: entry.span };
    let name = match entry.full_route() {
        Some(route) => format!("`{}` ({route})", entry.name),
        None => format!("`{}`", entry.name),
    };
    (at, name)
}

/// A step for each thing that led to a judgement.
fn shown(at: &Location, note: String) -> crate::finding::Step {
    step(at.clone(), note)
}
