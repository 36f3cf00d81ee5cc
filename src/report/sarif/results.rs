//! Findings as SARIF results.

use std::collections::BTreeMap;

use serde_json::json;
use serde_sarif::sarif::{
    ArtifactLocation, CodeFlow, Location as SarifLocation, Message, PhysicalLocation, PropertyBag, Region,
    Result as SarifResult, ResultLevel, ThreadFlow, ThreadFlowLocation,
};

use super::catalogue::Index;
use super::line_hash::LineHashes;
use super::{ROOT, uri};
use crate::finding::{Finding, Location, Severity, Step};
use crate::report::view::{Shown, View};

/// The key of the tool's own fingerprint.
const FINGERPRINT: &str = "launchlint/v1";
/// The key of the fingerprint that code scanning reads.
const LINE_HASH: &str = "primaryLocationLineHash";

/// All findings by place.
pub(super) fn results(view: &View<'_>, index: &Index<'_>) -> Vec<SarifResult> {
    let mut hashes = BTreeMap::new();
    view.by_place().into_iter().map(|shown| result(view, index, shown, &mut hashes)).collect()
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
    let related: Vec<_> = finding.related.iter().zip(1..).map(|(step, id)| related(view, step, id)).collect();
    SarifResult {
        rule_id: Some(finding.rule.clone()),
        rule_index: index.rule(&finding.rule),
        level: Some(level(finding.severity)),
        locations: Some(vec![location(view, &finding.at)]),
        code_flows: (!finding.flow.is_empty()).then(|| vec![code_flow(view, &finding.flow)]),
        related_locations: (!related.is_empty()).then_some(related),
        partial_fingerprints: Some(fingerprints),
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
    with_region(&at.path, Some(region))
}

/// A whole file.
pub(super) fn file_location(path: &str) -> SarifLocation {
    with_region(path, None)
}

fn with_region(path: &str, region: Option<Region>) -> SarifLocation {
    let artifact = ArtifactLocation {
        uri: Some(uri::relative(path)),
        uri_base_id: Some(ROOT.to_owned()),
        ..ArtifactLocation::default()
    };
    let physical = PhysicalLocation { artifact_location: Some(artifact), region, ..PhysicalLocation::default() };
    SarifLocation { physical_location: Some(physical), ..SarifLocation::default() }
}

fn related(view: &View<'_>, step: &Step, id: i64) -> SarifLocation {
    SarifLocation { id: Some(id), message: Some(message(&view.prose(&step.note))), ..location(view, &step.at) }
}

fn code_flow(view: &View<'_>, flow: &[Step]) -> CodeFlow {
    let step = |step: &Step| ThreadFlowLocation {
        location: Some(SarifLocation { message: Some(message(&view.prose(&step.note))), ..location(view, &step.at) }),
        ..ThreadFlowLocation::default()
    };
    let thread = ThreadFlow::builder().locations(flow.iter().map(step).collect::<Vec<_>>()).build();
    CodeFlow::builder().thread_flows(vec![thread]).build()
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
