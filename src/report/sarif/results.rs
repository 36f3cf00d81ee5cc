//! Findings as SARIF results.

use std::collections::BTreeMap;

use serde_json::json;
use serde_sarif::sarif::{
    ArtifactChange, ArtifactContent, ArtifactLocation, CodeFlow, Fix as SarifFix, Location as SarifLocation, Message,
    PhysicalLocation, PropertyBag, Region, Replacement, Result as SarifResult, ResultLevel, Suppression, ThreadFlow,
    ThreadFlowLocation,
};

use super::catalogue::Index;
use super::limits;
use super::line_hash::LineHashes;
use super::{ROOT, uri};
use crate::finding::{Finding, Location, Severity, Step};
use crate::report::view::{Shown, View};
use crate::report::{Silenced, SilencedBy};

/// The key of the tool's own fingerprint.
const FINGERPRINT: &str = "launchlint/v1";
/// The key of the fingerprint that code scanning reads.
const LINE_HASH: &str = "primaryLocationLineHash";

/// At most `most` findings by place, the worst ones, and how many were left out.
pub(super) fn results(view: &View<'_>, index: &Index<'_>, most: usize) -> (Vec<SarifResult>, usize) {
    let mut hashes = BTreeMap::new();
    let silenced = view.report.circumstances.silenced;
    let open = view.by_place().into_iter().map(|shown| (shown, None));
    let closed = silenced.iter().map(|by| (Shown { finding: &by.finding, fingerprint: &by.fingerprint }, Some(by)));
    let mut all: Vec<(Shown<'_>, Option<&Silenced>)> = open.chain(closed).collect();
    let left_out = limits::keep_worst(&mut all, most, |(shown, by)| (by.is_none(), shown.finding.severity));
    let results = all.into_iter().map(|(shown, by)| {
        let mut result = result(view, index, shown, &mut hashes);
        // The standard wants the property on all results of a run or on none.
        result.suppressions = (!silenced.is_empty()).then(|| by.map(suppression).into_iter().collect());
        result
    });
    (results.collect(), left_out)
}

fn suppression(silenced: &Silenced) -> Suppression {
    let kind = match silenced.by {
        SilencedBy::Comment => "inSource",
        SilencedBy::Baseline | SilencedBy::Decision => "external",
    };
    let until = silenced.until.map(|date| format!(" (until {date})")).unwrap_or_default();
    let why = format!("{}{until}", silenced.reason);
    Suppression {
        status: Some(json!("accepted")),
        justification: (!why.is_empty()).then_some(why),
        ..Suppression::builder().kind(json!(kind)).build()
    }
}

fn result<'v>(
    view: &View<'_>,
    index: &Index<'_>,
    shown: Shown<'v>,
    hashes: &mut BTreeMap<&'v str, LineHashes>,
) -> SarifResult {
    let finding = shown.finding;
    let card = view.card(&finding.rule);
    let mut fingerprints = BTreeMap::from([(FINGERPRINT.to_owned(), shown.fingerprint.to_owned())]);
    if let Some(hash) = line_hash(view, finding, hashes) {
        fingerprints.insert(LINE_HASH.to_owned(), hash);
    }
    let related = finding.related.iter().take(limits::LOCATIONS).zip(1..);
    let related: Vec<_> = related.map(|(step, id)| self::related(view, step, id)).collect();
    SarifResult {
        rule_id: Some(finding.rule.clone()),
        rule_index: index.rule(&finding.rule),
        level: Some(level(finding.severity)),
        locations: Some(vec![location(view, &finding.at)]),
        code_flows: (!finding.flow.is_empty()).then(|| vec![code_flow(view, &finding.flow)]),
        related_locations: (!related.is_empty()).then_some(related),
        partial_fingerprints: Some(fingerprints),
        fixes: fixes(view, finding),
        taxa: card.map(|card| index.taxa_of(card)),
        properties: Some(properties(view, finding)),
        ..SarifResult::builder().message(message(&view.prose(&finding.message))).build()
    }
}

/// The hash of the finding's line, unless it would be a hash of a secret.
fn line_hash<'v>(view: &View<'_>, finding: &'v Finding, hashes: &mut BTreeMap<&'v str, LineHashes>) -> Option<String> {
    let (text, _) = view.source(&finding.at.path)?;
    let line = view.place(&finding.at)?.start.line;
    let hash = hashes.entry(finding.at.path.as_str()).or_insert_with(|| LineHashes::new(text)).line(line)?;
    (!view.masks.touch(&finding.at.path, hash.span)).then(|| hash.text.clone())
}

/// A text that ends like a sentence.
pub(super) fn message(text: &str) -> Message {
    let text = text.trim();
    let end = if text.ends_with(['.', '!', '?']) { "" } else { "." };
    Message { text: Some(format!("{text}{end}")), ..Message::default() }
}

/// A place with its one-line region.
pub(super) fn location(view: &View<'_>, at: &Location) -> SarifLocation {
    let place = view.place(at);
    let region = match place {
        Some(place) => Region {
            start_line: Some(place.start.line.into()),
            start_column: Some(place.start.column.into()),
            end_line: Some(place.end.line.into()),
            end_column: Some(place.end.column.into()),
            ..Region::default()
        },
        None => Region { start_line: Some(1), ..Region::default() },
    };
    with_region(view, &at.path, Some(region))
}

/// A whole file.
pub(super) fn file_location(view: &View<'_>, path: &str) -> SarifLocation {
    with_region(view, path, None)
}

fn with_region(view: &View<'_>, path: &str, region: Option<Region>) -> SarifLocation {
    let physical =
        PhysicalLocation { artifact_location: Some(artifact(view, path)), region, ..PhysicalLocation::default() };
    SarifLocation { physical_location: Some(physical), ..SarifLocation::default() }
}

fn artifact(view: &View<'_>, path: &str) -> ArtifactLocation {
    ArtifactLocation {
        uri: Some(uri::relative(&format!("{}{path}", view.report.circumstances.prefix))),
        uri_base_id: Some(ROOT.to_owned()),
        ..ArtifactLocation::default()
    }
}

fn related(view: &View<'_>, step: &Step, id: i64) -> SarifLocation {
    SarifLocation { id: Some(id), message: Some(message(&view.prose(&step.note))), ..location(view, &step.at) }
}

fn code_flow(view: &View<'_>, flow: &[Step]) -> CodeFlow {
    let step = |step: &Step| ThreadFlowLocation {
        location: Some(SarifLocation { message: Some(message(&view.prose(&step.note))), ..location(view, &step.at) }),
        ..ThreadFlowLocation::default()
    };
    let steps = limits::steps(flow).into_iter().map(step);
    let thread = ThreadFlow::builder().locations(steps.collect::<Vec<_>>()).build();
    CodeFlow::builder().thread_flows(vec![thread]).build()
}

/// The changes that mend a finding, a file each.
fn fixes(view: &View<'_>, finding: &Finding) -> Option<Vec<SarifFix>> {
    let fix = view.report.circumstances.fixes.iter().find(|fix| fix.mends(finding))?;
    let mut by_file: BTreeMap<&str, Vec<Replacement>> = BTreeMap::new();
    for edit in &fix.edits {
        let (text, index) = view.source(&edit.path)?;
        let (start, end) = (index.position(text, edit.span.start), index.position(text, edit.span.end));
        let region = Region {
            start_line: Some(start.line.into()),
            start_column: Some(start.column.into()),
            end_line: Some(end.line.into()),
            end_column: Some(end.column.into()),
            ..Region::default()
        };
        let content = ArtifactContent { text: Some(edit.text.clone()), ..ArtifactContent::default() };
        let replacement =
            Replacement { inserted_content: Some(content), ..Replacement::builder().deleted_region(region).build() };
        by_file.entry(&edit.path).or_default().push(replacement);
    }
    let change = |(path, replacements): (&str, Vec<Replacement>)| {
        ArtifactChange::builder().artifact_location(artifact(view, path)).replacements(replacements).build()
    };
    let text = match &fix.then {
        Some(then) => format!("{}; then {then}", fix.title),
        None => fix.title.clone(),
    };
    let changes: Vec<ArtifactChange> = by_file.into_iter().map(change).collect();
    let fix = SarifFix::builder().artifact_changes(changes).build();
    Some(vec![SarifFix { description: Some(message(&view.prose(&text))), ..fix }])
}

fn properties(view: &View<'_>, finding: &Finding) -> PropertyBag {
    let mut more = BTreeMap::from([
        ("severity".to_owned(), json!(finding.severity)),
        ("confidence".to_owned(), json!(finding.confidence)),
        ("subject".to_owned(), json!(view.prose(&finding.subject))),
    ]);
    if let Some(remedy) = &finding.remedy {
        more.insert("remedy".to_owned(), json!(view.prose(remedy)));
    }
    PropertyBag { additional_properties: more, ..PropertyBag::default() }
}

fn level(severity: Severity) -> ResultLevel {
    match severity {
        Severity::Critical | Severity::High => ResultLevel::Error,
        Severity::Medium => ResultLevel::Warning,
        Severity::Low | Severity::Note => ResultLevel::Note,
    }
}
