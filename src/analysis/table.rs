//! What was linked, as reports and dumps take it: texts, paths and line numbers instead of ids and spans.

use std::collections::BTreeMap;

use super::Linked;
use crate::finding::Location;
use crate::model::Setting;
use crate::project::{EdgeKind, GFn, Project};
use crate::report::Sources;
use crate::report::surfaces::{Control, EntryPoint, LlmCall, Seen, Spot, Step, Table};
use crate::source::{LineIndex, SourceFile};
use crate::surface::{self, Surface};

/// Describes a linked program; `files` are those it was linked from, sorted by path.
pub fn table(linked: &Linked, files: &[SourceFile]) -> Table {
    let mut lines = Lines { files, known: BTreeMap::new() };
    let surfaces = &linked.surfaces;
    let program = &linked.project.program;
    let llm_calls = surfaces.llm_calls.iter().map(|call| LlmCall {
        at: lines.spot(&call.at),
        callee: call.callee.clone(),
        function: program.fn_name(call.function),
        model: call.settings.get(&Setting::Model).and_then(|g| g.text()).map(str::to_owned),
        max_output: call.settings.get(&Setting::MaxOutput).and_then(|g| g.text()).map(str::to_owned),
        timeout: call.settings.get(&Setting::Timeout).and_then(|g| g.text()).map(str::to_owned),
    });
    let llm_calls = llm_calls.collect();
    let mut entry_points: Vec<EntryPoint> = Vec::new();
    for surface in &surfaces.surfaces {
        let path = program.facts(surface.entry.file).path.to_string();
        let at = lines.spot(&Location { path, span: surface.entry.span });
        entry_points.push(entry_point(surface, at, &mut lines));
    }
    entry_points.sort_by(|a, b| (&a.at, &a.name, &a.route).cmp(&(&b.at, &b.name, &b.route)));
    let count = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    Table {
        entry_points,
        other_entry_points: count(surfaces.entries.len().saturating_sub(surfaces.surfaces.len())),
        llm_calls,
        unresolved_calls: linked.project.unresolved,
    }
}

fn entry_point(surface: &Surface, at: Spot, lines: &mut Lines<'_>) -> EntryPoint {
    let path = surface.path.iter().map(|step| Step { at: lines.spot(&step.at), function: step.name.clone() });
    let path = path.collect();
    let controls = surface.controls.iter().map(|(kind, control)| (*kind, seen(control, lines)));
    EntryPoint {
        controls: controls.collect(),
        at,
        name: surface.entry.name.clone(),
        framework: surface.entry.framework.clone(),
        route: surface.entry.full_route(),
        llm_calls: surface.llm_calls.clone(),
        path,
    }
}

fn seen(control: &surface::Control, lines: &mut Lines<'_>) -> Control {
    let evidence = control.evidence.iter().map(|evidence| Seen {
        at: lines.spot(&evidence.at),
        what: evidence.what.clone(),
        value: evidence.value.clone(),
    });
    Control { status: control.status, evidence: evidence.collect() }
}

/// Every code file as the analysis reads it.
pub fn dump_facts(linked: &Linked) -> String {
    let texts: Vec<String> = linked.project.program.files.iter().map(|file| file.facts.dump()).collect();
    texts.join("\n")
}

/// The call graph, an edge a line: caller, place, kind, callee with its file.
pub fn dump_calls(linked: &Linked, files: &[SourceFile]) -> String {
    let mut lines = Lines { files, known: BTreeMap::new() };
    let Project { program, edges, .. } = &linked.project;
    let mut out = String::new();
    for (edges, caller) in edges.iter().zip((0..).map(GFn)) {
        let facts = program.facts(program.file_of(caller));
        for edge in edges {
            let at = lines.spot(&Location { path: facts.path.to_string(), span: facts.span(edge.at) });
            let kind = match edge.kind {
                EdgeKind::Call => "call",
                EdgeKind::Callback => "callback",
                EdgeKind::Getter => "getter",
                EdgeKind::Provider => "provider",
            };
            let (from, to) = (program.fn_name(caller), program.fn_name(edge.to));
            let home = program.facts(program.file_of(edge.to)).path;
            out.push_str(&format!("{from} ({at}) -{kind}-> {to} ({home})\n"));
        }
    }
    out
}

/// Line numbers of the files that are asked for.
pub(super) struct Lines<'a> {
    files: &'a [SourceFile],
    known: BTreeMap<String, Option<LineIndex>>,
}

impl<'a> Lines<'a> {
    /// Of these files, sorted by path.
    pub(super) fn new(files: &'a [SourceFile]) -> Self {
        Lines { files, known: BTreeMap::new() }
    }

    /// Where a location starts; line 1 if its file was not read.
    pub(super) fn spot(&mut self, at: &Location) -> Spot {
        let index = self.known.entry(at.path.clone()).or_insert_with(|| self.files.text(&at.path).map(LineIndex::new));
        let line = index.as_ref().map_or(1, |index| index.line(at.span.start));
        Spot { file: at.path.clone(), line }
    }
}
