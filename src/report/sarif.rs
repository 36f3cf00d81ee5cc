//! SARIF 2.1.0 as code scanning reads it: the whole rule catalogue, flows, fingerprints, taxonomies, notifications.
//!
//! Primary regions are one line long, because a pull request shows an alert only if all of its lines are in the diff.
//! Suppressed findings and passed items are left out: consumers turn both into open alerts.

mod catalogue;
mod line_hash;
mod results;
mod uri;

use serde_json::json;
use serde_sarif::sarif::{
    self, Invocation, Notification, ReportingDescriptor, ReportingDescriptorReference, Run, Sarif, ToolComponent,
};

use self::catalogue::Index;
use super::Report;
use super::view::View;
use crate::finding::{Location, NoticeKind};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";
/// The symbol that all paths are relative to: the scanned root.
const ROOT: &str = "SRCROOT";

/// The kinds of notices, with the words that describe them.
const NOTICES: [(NoticeKind, &str, &str); 6] = [
    (NoticeKind::Unreadable, "unreadable", "A file could not be read."),
    (NoticeKind::Unparsed, "unparsed", "A file, or part of it, could not be parsed and was not judged."),
    (NoticeKind::Skipped, "skipped", "A file was left out for its size, shape or kind."),
    (NoticeKind::Repaired, "repaired", "Text was repaired before it was read."),
    (NoticeKind::Ineffective, "ineffective", "A suppression or a setting does not do what its author meant."),
    (NoticeKind::Internal, "internal", "The tool failed on something; the rest went on."),
];

/// The whole report as one SARIF document; ends with a line end.
pub fn render(report: &Report<'_>) -> Result<String, serde_json::Error> {
    let view = View::new(report);
    let index = Index::new(report);
    let run = Run {
        taxonomies: Some(index.taxonomies(report)),
        column_kind: Some(json!("utf16CodeUnits")),
        original_uri_base_ids: Some([(ROOT.to_owned(), root())].into()),
        invocations: Some(vec![invocation(&view)]),
        results: Some(results::results(&view, &index)),
        ..Run::builder().tool(driver(report, &index)).build()
    };
    let document = Sarif::builder().schema(SCHEMA).version(json!("2.1.0")).runs(vec![run]).build();
    Ok(serde_json::to_string_pretty(&document)? + "\n")
}

fn driver(report: &Report<'_>, index: &Index<'_>) -> ToolComponent {
    let descriptor = |&(_, id, text): &(NoticeKind, &str, &str)| ReportingDescriptor {
        name: Some(format!("{}Notice", catalogue::pascal(id))),
        short_description: Some(catalogue::plain(text)),
        full_description: Some(catalogue::plain(text)),
        help: Some(catalogue::plain("See which files are named, and whether they should have been judged.")),
        ..ReportingDescriptor::builder().id(id).build()
    };
    ToolComponent {
        full_name: Some(format!("{} {}", report.tool.name, report.tool.version)),
        version: Some(report.tool.version.to_owned()),
        semantic_version: Some(report.tool.version.to_owned()),
        information_uri: report.tool.home.map(str::to_owned),
        rules: Some(index.rules(report)),
        notifications: Some(NOTICES.iter().map(descriptor).collect()),
        supported_taxonomies: Some(index.supported()),
        ..ToolComponent::builder().name(report.tool.name).build()
    }
}

fn root() -> sarif::ArtifactLocation {
    sarif::ArtifactLocation {
        description: Some("The root of the scanned repository.".into()),
        ..sarif::ArtifactLocation::default()
    }
}

fn invocation(view: &View<'_>) -> Invocation {
    let mut notices: Vec<_> = view.report.notices.iter().collect();
    notices.sort();
    let failed = notices.iter().any(|notice| notice.kind == NoticeKind::Internal);
    let unknown = view.report.summary.unknown_libraries.iter().map(|name| {
        let text = format!("no model describes the package `{name}`, so calls of it were not seen");
        Notification {
            level: Some(json!("note")),
            ..Notification::builder().message(results::message(&view.prose(&text))).build()
        }
    });
    let said = notices.into_iter().map(|notice| notification(view, notice)).chain(unknown);
    Invocation {
        tool_execution_notifications: Some(said.collect()),
        ..Invocation::builder().execution_successful(!failed).build()
    }
}

fn notification(view: &View<'_>, notice: &crate::finding::Notice) -> Notification {
    let level = match notice.kind {
        NoticeKind::Unreadable | NoticeKind::Unparsed | NoticeKind::Ineffective => "warning",
        NoticeKind::Skipped | NoticeKind::Repaired => "note",
        NoticeKind::Internal => "error",
    };
    let at = NOTICES.iter().position(|(kind, _, _)| *kind == notice.kind);
    let descriptor = at.map(|at| ReportingDescriptorReference {
        id: Some(NOTICES[at].1.to_owned()),
        index: i64::try_from(at).ok(),
        ..ReportingDescriptorReference::default()
    });
    let location = (!notice.path.is_empty()).then(|| match notice.span {
        Some(span) => results::location(view, &Location { path: notice.path.clone(), span }),
        None => results::file_location(&notice.path),
    });
    Notification {
        level: Some(json!(level)),
        descriptor,
        locations: location.map(|location| vec![location]),
        ..Notification::builder().message(results::message(&view.prose(&notice.message))).build()
    }
}
