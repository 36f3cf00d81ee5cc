//! The language server: findings as diagnostics, rule pages on hover, fixes and suppressions as quick fixes.
//!
//! A finding may have its cause in another file, so each audit reads the whole folder, with the text of open documents in
//! place of what is saved. It runs when a document is opened or saved, and once for a burst of messages.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use clap::ValueHint;
use lsp_server::{Connection, ErrorCode, Message, Notification, Request, Response};
use serde_json::{Value, json};

use super::args::{Common, Pick};
use super::audit::{Audit, Overlay, Timings, audit};
use super::failure::Failure;
use super::progress::Progress;
use super::{Stages, baseline, fix, scan};
use crate::finding::{Finding, Location, Severity, Step};
use crate::report::Sources;
use crate::rules::card::RuleSet;
use crate::source::{Language, LineIndex, Span};

/// Options of `lsp`.
#[derive(Debug, clap::Args)]
pub(super) struct Options {
    #[command(flatten)]
    pick: Pick,
    /// Configuration file [default: the nearest launchlint.toml up to the repository's top]
    #[arg(long, value_name = "FILE", env = "LAUNCHLINT_CONFIG", value_hint = ValueHint::FilePath)]
    config: Option<PathBuf>,
    /// Accepted for clients that pass it; standard input and output are the only way
    #[arg(long, hide = true)]
    stdio: bool,
}

/// Serves one editor until it says goodbye.
pub(super) fn serve(options: &Options, stages: &Stages<'_>) -> Result<(), Failure> {
    let (connection, threads) = Connection::stdio();
    converse(&connection, options, stages)?;
    // The writing thread ends when its channel closes.
    drop(connection);
    threads.join().map_err(|error| Failure::new(format!("the editor's connection broke: {error}")))
}

fn converse(connection: &Connection, options: &Options, stages: &Stages<'_>) -> Result<(), Failure> {
    let failed = |error: String| Failure::new(format!("the editor does not speak the protocol: {error}"));
    let (id, params) = connection.initialize_start().map_err(|error| failed(error.to_string()))?;
    let about = json!({
        "capabilities": {
            "positionEncoding": "utf-16",
            "textDocumentSync": { "openClose": true, "change": 1, "save": { "includeText": false } },
            "hoverProvider": true,
            "codeActionProvider": { "codeActionKinds": ["quickfix"] },
        },
        "serverInfo": { "name": scan::TOOL.name, "version": scan::TOOL.version },
    });
    connection.initialize_finish(id, about).map_err(|error| failed(error.to_string()))?;
    let mut server = Server {
        connection,
        options,
        stages,
        root: root_of(&params),
        open: BTreeMap::new(),
        shown: BTreeSet::new(),
        audit: None,
        is_stale: false,
    };
    for message in &connection.receiver {
        match message {
            Message::Request(request) => {
                if connection.handle_shutdown(&request).map_err(|error| failed(error.to_string()))? {
                    return Ok(());
                }
                server.answer(request);
            }
            Message::Notification(notification) => server.note(&notification),
            Message::Response(_) => {}
        }
        // What else the editor has said already is heard first.
        if server.is_stale && connection.receiver.is_empty() {
            server.refresh();
        }
    }
    Ok(())
}

struct Server<'a> {
    connection: &'a Connection,
    options: &'a Options,
    stages: &'a Stages<'a>,
    root: Option<PathBuf>,
    /// Text of open documents by path.
    open: BTreeMap<PathBuf, String>,
    /// Files that diagnostics were sent for.
    shown: BTreeSet<String>,
    audit: Option<Audit>,
    is_stale: bool,
}

impl Server<'_> {
    fn note(&mut self, notification: &Notification) {
        let params = &notification.params;
        let path = path_of(params["textDocument"]["uri"].as_str().unwrap_or_default());
        match (notification.method.as_str(), path) {
            ("textDocument/didOpen", Some(path)) => {
                self.open.insert(path, params["textDocument"]["text"].as_str().unwrap_or_default().to_owned());
                self.is_stale = true;
            }
            ("textDocument/didChange", Some(path)) => {
                let last = params["contentChanges"].as_array().and_then(|changes| changes.last());
                if let Some(text) = last.and_then(|change| change["text"].as_str()) {
                    self.open.insert(path, text.to_owned());
                }
            }
            ("textDocument/didSave", _) => self.is_stale = true,
            ("textDocument/didClose", Some(path)) => {
                self.open.remove(&path);
            }
            _ => {}
        }
    }

    fn answer(&mut self, request: Request) {
        if self.is_stale {
            self.refresh();
        }
        let result = match request.method.as_str() {
            "textDocument/hover" => self.hover(&request.params).unwrap_or(Value::Null),
            "textDocument/codeAction" => Value::Array(self.actions(&request.params)),
            other => {
                let why = format!("`{other}` is not supported");
                self.send(Response::new_err(request.id, ErrorCode::MethodNotFound as i32, why).into());
                return;
            }
        };
        self.send(Response::new_ok(request.id, result).into());
    }

    /// Audits the folder and sends what changed.
    fn refresh(&mut self) {
        self.is_stale = false;
        let root =
            self.root.clone().or_else(|| self.open.keys().next().and_then(|p| p.parent()).map(Path::to_path_buf));
        let Some(root) = root else { return };
        let real = root.canonicalize().unwrap_or(root);
        let overlay: Overlay = self
            .open
            .iter()
            .filter_map(|(path, text)| Some((super::audit::slashed(path.strip_prefix(&real).ok()?), text.clone())))
            .collect();
        let common = Common { paths: vec![real], config: self.options.config.clone(), ..Common::default() };
        let (mut timings, progress) = (Timings::default(), Progress::start(false));
        let done = audit(&common, &self.options.pick, Some(&overlay), self.stages, &mut timings, &progress).and_then(
            |mut audit| {
                baseline::apply(&baseline::BaselineFile::default(), &self.options.pick, &mut audit)?;
                Ok(audit)
            },
        );
        match done {
            Ok(audit) => {
                self.publish(&audit);
                self.audit = Some(audit);
            }
            Err(failure) => {
                let params = json!({ "type": 1, "message": format!("{}: {}", scan::TOOL.name, failure.what()) });
                self.send(Notification::new("window/showMessage".into(), params).into());
            }
        }
    }

    fn publish(&mut self, audit: &Audit) {
        let mut by_file: BTreeMap<&str, Vec<Value>> =
            self.shown.iter().map(|path| (path.as_str(), Vec::new())).collect();
        for finding in &audit.filtered.kept {
            by_file.entry(&finding.at.path).or_default().push(diagnostic(audit, finding, self.stages.rules));
        }
        let messages: Vec<Message> = by_file
            .iter()
            .map(|(path, diagnostics)| {
                let params = json!({ "uri": uri_of(audit, path), "diagnostics": diagnostics });
                Notification::new("textDocument/publishDiagnostics".into(), params).into()
            })
            .collect();
        let shown = by_file.into_iter().filter(|(_, all)| !all.is_empty()).map(|(path, _)| path.to_owned()).collect();
        self.shown = shown;
        messages.into_iter().for_each(|message| self.send(message));
    }

    /// The pages of all findings at a position, the gravest first.
    fn hover(&self, params: &Value) -> Option<Value> {
        let audit = self.audit.as_ref()?;
        let start = &params["position"];
        let mut found = self.at(params, (start, start));
        found.sort_by(|(a, _), (b, _)| (b.severity, &a.rule).cmp(&(a.severity, &b.rule)));
        let range = found.first().map(|(_, range)| range.clone())?;
        let pages = found.iter().filter_map(|(finding, _)| {
            let card = self.stages.rules.get(&finding.rule)?;
            let head = format!("**{}** ({})", card.id, finding.severity);
            Some(format!("{head}\n\n{}\n\n---\n\n{}", said(audit, finding), card.page.text.trim()))
        });
        let text = pages.collect::<Vec<_>>().join("\n\n---\n\n");
        Some(json!({ "contents": { "kind": "markdown", "value": text }, "range": range }))
    }

    fn actions(&self, params: &Value) -> Vec<Value> {
        let Some(audit) = &self.audit else { return Vec::new() };
        let range = &params["range"];
        let mut actions = Vec::new();
        for (finding, _) in self.at(params, (&range["start"], &range["end"])) {
            let diagnostic = diagnostic(audit, finding, self.stages.rules);
            for fix in audit.fixes.iter().filter(|fix| fix.mends(finding)) {
                let edits = fix.edits.iter().filter_map(|edit| {
                    let at = Location { path: edit.path.clone(), span: edit.span };
                    Some((edit.path.as_str(), json!({ "range": range_of(audit, &at)?, "newText": edit.text })))
                });
                actions.push(action(audit, &fix.title, &diagnostic, edits, true));
            }
            if let Some((at, text)) = fix::suppression(&audit.discovery.files, finding) {
                let edit =
                    range_of(audit, &at).map(|range| (at.path.as_str(), json!({ "range": range, "newText": text })));
                let title = format!("Accept `{}` here (say why in the comment)", finding.rule);
                actions.push(action(audit, &title, &diagnostic, edit.into_iter(), false));
            }
        }
        actions
    }

    /// Findings of a document that a range touches, with their own ranges.
    fn at(&self, params: &Value, (start, end): (&Value, &Value)) -> Vec<(&Finding, Value)> {
        let Some(audit) = &self.audit else { return Vec::new() };
        let path = path_of(params["textDocument"]["uri"].as_str().unwrap_or_default());
        let below =
            path.as_deref().and_then(|path| path.strip_prefix(audit.roots.base()).ok()).map(super::audit::slashed);
        let Some(below) = below else { return Vec::new() };
        let of_file = audit.filtered.kept.iter().filter(|finding| finding.at.path == below);
        let ranged = of_file.filter_map(|finding| Some((finding, range_of(audit, &finding.at)?)));
        ranged
            .filter(|(_, range)| point(start) <= point(&range["end"]) && point(&range["start"]) <= point(end))
            .collect()
    }

    fn send(&self, message: Message) {
        // An editor that is gone hears nothing; the loop ends by itself then.
        drop(self.connection.sender.send(message));
    }
}

fn action<'e>(
    audit: &Audit,
    title: &str,
    diagnostic: &Value,
    edits: impl Iterator<Item = (&'e str, Value)>,
    is_preferred: bool,
) -> Value {
    let mut changes: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for (path, edit) in edits {
        changes.entry(uri_of(audit, path)).or_default().push(edit);
    }
    json!({
        "title": title, "kind": "quickfix", "diagnostics": [diagnostic], "isPreferred": is_preferred,
        "edit": { "changes": changes },
    })
}

fn diagnostic(audit: &Audit, finding: &Finding, rules: &RuleSet) -> Value {
    let level = match finding.severity {
        Severity::Critical | Severity::High => 1,
        Severity::Medium => 2,
        Severity::Low => 3,
        Severity::Note => 4,
    };
    let related: Vec<Value> =
        finding.flow.iter().chain(&finding.related).filter_map(|step| related(audit, step)).collect();
    let remedy = finding.remedy.as_deref().or_else(|| rules.get(&finding.rule).map(|card| card.remedy.as_str()));
    json!({
        "range": range_of(audit, &finding.at).unwrap_or_else(|| json!({
            "start": { "line": 0, "character": 0 }, "end": { "line": 0, "character": 0 },
        })),
        "severity": level,
        "code": finding.rule,
        "source": scan::TOOL.name,
        "message": format!("{}\n\nfix: {}", said(audit, finding), remedy.unwrap_or_default()),
        "relatedInformation": related,
        "data": { "fingerprint": audit.names.of(finding) },
    })
}

fn related(audit: &Audit, step: &Step) -> Option<Value> {
    let range = range_of(audit, &step.at)?;
    Some(json!({
        "location": { "uri": uri_of(audit, &step.at.path), "range": range },
        "message": audit.masks().redact(&step.note),
    }))
}

fn said(audit: &Audit, finding: &Finding) -> String {
    audit.masks().redact(&finding.message).into_owned()
}

/// Lines and UTF-16 columns from 0.
fn range_of(audit: &Audit, at: &Location) -> Option<Value> {
    let text = audit.discovery.files.text(&at.path)?;
    let index = LineIndex::new(text);
    let point = |offset: u32| {
        let position = index.position(text, offset.min(u32::try_from(text.len()).unwrap_or(u32::MAX)));
        json!({ "line": position.line - 1, "character": position.column - 1 })
    };
    let Span { start, end } = at.span;
    Some(json!({ "start": point(start), "end": point(end) }))
}

fn point(position: &Value) -> (u64, u64) {
    (position["line"].as_u64().unwrap_or(0), position["character"].as_u64().unwrap_or(0))
}

fn root_of(params: &Value) -> Option<PathBuf> {
    let folder = params["workspaceFolders"][0]["uri"].as_str().or_else(|| params["rootUri"].as_str());
    folder.and_then(path_of).or_else(|| params["rootPath"].as_str().map(PathBuf::from))
}

fn uri_of(audit: &Audit, path: &str) -> String {
    let whole = audit.roots.base().join(path);
    let encoded = crate::report::sarif::uri(&super::audit::slashed(whole.strip_prefix("/").unwrap_or(&whole)));
    format!("file:///{encoded}")
}

/// The path of a `file:` URI, without links where it exists.
fn path_of(uri: &str) -> Option<PathBuf> {
    let encoded = uri.strip_prefix("file://")?.as_bytes();
    let mut bytes = Vec::with_capacity(encoded.len());
    let mut at = 0;
    while at < encoded.len() {
        let code = encoded.get(at + 1..at + 3).and_then(|hex| std::str::from_utf8(hex).ok());
        match code.and_then(|hex| u8::from_str_radix(hex, 16).ok()).filter(|_| encoded[at] == b'%') {
            Some(byte) => {
                bytes.push(byte);
                at += 3;
            }
            None => {
                bytes.push(encoded[at]);
                at += 1;
            }
        }
    }
    let text = String::from_utf8(bytes).ok()?;
    // `/C:/work` of other systems.
    let is_drive = text.as_bytes().get(2) == Some(&b':');
    let path = PathBuf::from(if is_drive { &text[1..] } else { &text[..] });
    Some(path.canonicalize().unwrap_or(path))
}

/// How a language begins a comment that ends with its line.
pub(super) fn comment(language: Language) -> Option<&'static str> {
    match language {
        Language::Python => Some("#"),
        Language::TypeScript | Language::Rust => Some("//"),
        Language::Config | Language::Prompt | Language::Text => None,
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::path_of;

    #[test]
    fn uris_become_paths() {
        assert_eq!(
            path_of("file:///no/such/%5Bid%5D/gr%C3%BC%C3%9Fe.py"),
            Some(PathBuf::from("/no/such/[id]/grüße.py"))
        );
        assert_eq!(path_of("file:///c:/x/y.ts"), Some(PathBuf::from("c:/x/y.ts")));
        assert_eq!(path_of("untitled:1"), None);
    }
}
