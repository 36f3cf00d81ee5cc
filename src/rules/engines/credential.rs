//! `credential`: values that unlock something, by the sort of place they stand in.
//!
//! Each credential is judged by one `where` only: prompt text before environment files before everything else. What the
//! browser gets is judged by names, not by values; see [`bundle`]. A value is never put into a finding, only its place.

mod bundle;

use serde::Deserialize;

use crate::finding::{Confidence, Finding, Location, Severity};
use crate::rules::card::{RuleCard, RuleError};
use crate::rules::credentials::{Placed, Stand, is_env_file};
use crate::rules::run::{Context, Judged, finding, step};
use crate::source::SourceFile;
use crate::text::{Credential, Verdict};

/// The sort of place a card asks about.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Where {
    /// Everything that no other sort covers.
    Anywhere,
    /// Prompt files, and literals that reach a prompt.
    Prompt,
    /// Code that a bundler hands to browsers.
    ClientBundle,
    /// Environment files.
    EnvFile,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Params {
    r#where: Where,
    /// For `client-bundle`: what tells a provider's key in a bundle.
    #[serde(default)]
    bundle: Option<bundle::Names>,
}

pub(super) fn run(card: &RuleCard, cx: &Context<'_>, judged: &mut Judged) -> Result<(), RuleError> {
    let params: Params = card.detect.params()?;
    if params.r#where == Where::ClientBundle {
        let names = params.bundle.ok_or_else(|| card.detect.error("detect: `client-bundle` needs `bundle`"))?;
        bundle::run(card, &names, cx, judged);
        return Ok(());
    }
    let is_asked = |one: &Placed| {
        let file = &cx.files[one.file];
        let is_place = match params.r#where {
            Where::Prompt => matches!(one.stand, Stand::PromptFile | Stand::PromptLiteral(_)),
            Where::EnvFile => one.stand == Stand::EnvFile,
            Where::Anywhere | Where::ClientBundle => one.stand == Stand::Elsewhere,
        };
        is_place && Context::judges(card, file.language)
    };
    let in_scope = |file: &&SourceFile| {
        Context::judges(card, file.language) && (params.r#where != Where::EnvFile || is_env_file(&file.path))
    };
    let subjects = cx.files.iter().filter(in_scope).count() as u64;
    judged.checked(card).subjects += subjects;
    judged.checked(card).satisfied += subjects.saturating_sub(cx.credentials.files(is_asked));
    let found = cx.credentials.placed.iter().filter(|one| is_asked(one));
    judged.findings.extend(found.map(|one| report(card, &cx.files[one.file], one)));
    Ok(())
}

fn report(card: &RuleCard, file: &SourceFile, one: &Placed) -> Finding {
    let credential = &one.credential;
    let at = Location { path: file.path.clone(), span: credential.span };
    let subject = match &credential.name {
        Some(name) => format!("{name} {}", credential.kind),
        None => credential.kind.clone(),
    };
    let mut found = finding(card, at.clone(), subject, &[("credential", &describe(credential))]);
    found.severity = severity(card, credential);
    found.confidence = credential.confidence.min(card.confidence);
    if let Stand::PromptLiteral(call) = &one.stand {
        found.flow.push(step(at.clone(), format!("the {} stands in this text", credential.kind)));
        found.flow.push(step(call.clone(), "the text reaches this call's prompt"));
    }
    found.masked.push(at);
    found
}

/// A guessable value is worse than none only where a deployment keeps it.
fn severity(card: &RuleCard, credential: &Credential) -> Severity {
    match (credential.verdict, credential.confidence) {
        (Verdict::WeakDefault, Confidence::Low) => card.severity.min(Severity::Low),
        (Verdict::WeakDefault, Confidence::Medium | Confidence::High) => card.severity.min(Severity::Medium),
        _ => card.severity,
    }
}

/// What it is, in words: never the value.
fn describe(credential: &Credential) -> String {
    let guessable = if credential.verdict == Verdict::WeakDefault { "guessable " } else { "" };
    let name = credential.name.as_ref().map(|name| format!(" in `{name}`")).unwrap_or_default();
    format!("the {guessable}{}{name} ({})", credential.kind, credential.fingerprint)
}
