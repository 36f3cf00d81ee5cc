//! SARIF 2.1.0 as code scanning reads it: the whole rule catalogue, flows, fingerprints, taxonomies, notifications.
//!
//! Primary regions are one line long, because a pull request shows an alert only if all of its lines are in the diff.
//! Suppressed findings are left out unless the caller asks for them, and passed items always: consumers turn both into open
//! alerts. What exceeds a limit of code scanning is cut by severity, and a notification says so ([`limits`]).

mod catalogue;
mod limits;
mod line_hash;
mod results;
mod uri;

use serde_json::json;
use serde_sarif::sarif::{
    self, Invocation, Notification, ReportingDescriptor, ReportingDescriptorReference, Run, RunAutomationDetails,
    Sarif, ToolComponent,
};

use self::catalogue::Index;
use super::Report;
use super::view::View;
use crate::finding::{Location, NoticeKind};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";
/// The symbol that all paths are relative to: the scanned root.
const ROOT: &str = "SRCROOT";

/// The kinds of notices, with the words that describe them.
const NOTICES: [(NoticeKind, &str, &str); 9] = [
    (NoticeKind::Unreadable, "unreadable", "A file could not be read."),
    (NoticeKind::Unparsed, "unparsed", "A file, or part of it, could not be parsed and was not judged."),
    (NoticeKind::Skipped, "skipped", "A file was left out for its size, shape or kind."),
    (
        NoticeKind::Outside,
        "outside",
        "A link, a pipe or a folder of installed packages is not part of what is audited.",
    ),
    (
        NoticeKind::Generated,
        "generated",
        "A file says that it is generated, or is packed as tools do, and is only searched for credentials.",
    ),
    (NoticeKind::Repaired, "repaired", "Text was repaired before it was read."),
    (NoticeKind::Ineffective, "ineffective", "A suppression or a setting does not do what its author meant."),
    (NoticeKind::Silencing, "silencing", "A change makes the audit say less."),
    (NoticeKind::Internal, "internal", "The tool failed on something; the rest went on."),
];

/// The whole report as one SARIF document; ends with a line end.
pub fn render(report: &Report<'_>) -> Result<String, serde_json::Error> {
    let view = View::new(report);
    let mut most = limits::RESULTS;
    loop {
        let text = document(&view, most)?;
        if text.len() <= limits::BYTES || most <= limits::FEWEST_RESULTS {
            return Ok(text);
        }
        most /= 2;
    }
}

/// A path as a relative URI.
pub(crate) fn uri(path: &str) -> String {
    uri::relative(path)
}

/// The document with at most so many results.
fn document(view: &View<'_>, most: usize) -> Result<String, serde_json::Error> {
    let report = &view.report;
    let index = Index::new(report);
    let (results, left_out) = results::results(view, &index, most);
    let id = report.circumstances.category.map(|category| format!("{}/", category.trim_end_matches('/')));
    let run = Run {
        taxonomies: Some(index.taxonomies(report)),
        automation_details: id.map(|id| RunAutomationDetails { id: Some(id), ..RunAutomationDetails::default() }),
        column_kind: Some(json!("utf16CodeUnits")),
        original_uri_base_ids: Some([(ROOT.to_owned(), root())].into()),
        invocations: Some(vec![invocation(view, left_out)]),
        results: Some(results),
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

fn invocation(view: &View<'_>, left_out: usize) -> Invocation {
    let mut notices: Vec<_> = view.report.notices.iter().collect();
    notices.sort();
    let failed = notices.iter().any(|notice| notice.kind == NoticeKind::Internal);
    let unknown = view.report.summary.unknown_libraries.iter().map(|name| {
        let text = format!("no model describes the package `{name}`, so calls of it were not seen");
        aside("note", &view.prose(&text))
    });
    let cut = (left_out > 0).then(|| {
        let text = format!(
            "{left_out} milder findings were left out, because code scanning takes no more; run with a higher \
             --min-severity, or split the upload by folder and --category"
        );
        aside("warning", &text)
    });
    let loosened = view.report.circumstances.left_out.sentence().map(|text| aside("note", &text));
    let said = notices.into_iter().map(|notice| notification(view, notice)).chain(unknown).chain(loosened).chain(cut);
    Invocation {
        tool_execution_notifications: Some(said.collect()),
        ..Invocation::builder().execution_successful(!failed).build()
    }
}

/// A notification about the run as a whole.
fn aside(level: &str, text: &str) -> Notification {
    Notification { level: Some(json!(level)), ..Notification::builder().message(results::message(text)).build() }
}

fn notification(view: &View<'_>, notice: &crate::finding::Notice) -> Notification {
    let level = match notice.kind {
        NoticeKind::Unreadable | NoticeKind::Unparsed | NoticeKind::Ineffective | NoticeKind::Silencing => "warning",
        NoticeKind::Skipped | NoticeKind::Outside | NoticeKind::Generated | NoticeKind::Repaired => "note",
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
        None => results::file_location(view, &notice.path),
    });
    Notification {
        level: Some(json!(level)),
        descriptor,
        locations: location.map(|location| vec![location]),
        ..Notification::builder().message(results::message(&view.prose(&notice.message))).build()
    }
}
