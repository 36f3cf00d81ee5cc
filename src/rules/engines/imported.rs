//! `imported`: credentials that another scanner reported, where this tool found none of its own.
//!
//! A place that both know is one finding, ours; the agreement is shown as proof.

use serde::Deserialize;

use crate::finding::Location;
use crate::rules::card::{RuleCard, RuleError};
use crate::rules::run::{Context, Judged, Proof, finding};
use crate::settings::Imported;
use crate::source::{LineIndex, SourceFile, Span};
use crate::surface::{Evidence, Status};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Params {}

pub(super) fn run(card: &RuleCard, cx: &Context<'_>, judged: &mut Judged) -> Result<(), RuleError> {
    let Params {} = card.detect.params()?;
    let mut evidence = Vec::new();
    for one in &cx.given.imported {
        judged.checked(card).subjects += 1;
        let file = cx.files.iter().position(|file| is_file(one, file));
        let at = match file {
            Some(index) => place(&cx.files[index], one.line),
            None => Location { path: one.path.clone(), span: Span::new(0, 0) },
        };
        let known = file.is_some_and(|index| {
            cx.credentials.placed.iter().any(|own| own.file == index && at.span.contains(own.credential.span))
        });
        let also = if known { ", found here, too" } else { "" };
        let what = format!("`{}` reported by {} (imported){also}", one.kind, one.tool);
        evidence.push(Evidence { at: at.clone(), what, value: None });
        if known {
            continue;
        }
        let elsewhere = match file {
            Some(_) => String::new(),
            None => format!(" in `{}`, line {}, which was not scanned,", one.path, one.line),
        };
        let holes = [("kind", one.kind.as_str()), ("tool", one.tool.as_str()), ("elsewhere", elsewhere.as_str())];
        let mut found = finding(card, at.clone(), format!("{} {}", one.tool, one.kind), &holes);
        // The line holds the value somewhere: all of it is hidden.
        found.masked.push(at);
        judged.findings.push(found);
    }
    if !evidence.is_empty() {
        evidence.sort();
        let status = Status::Absent;
        let what = "credentials that other scanners report".to_owned();
        judged.proofs.push(Proof { rule: card.id.clone(), what, status, evidence, lacks: Vec::new() });
    }
    Ok(())
}

/// Other tools name files from where they ran, or from the root of the disk.
fn is_file(one: &Imported, file: &SourceFile) -> bool {
    one.path == file.path || one.path.strip_suffix(file.path.as_str()).is_some_and(|rest| rest.ends_with('/'))
}

fn place(file: &SourceFile, line: u32) -> Location {
    let index = LineIndex::new(&file.text);
    let span = index.line_span(&file.text, line.min(index.len())).unwrap_or_default();
    Location { path: file.path.clone(), span }
}
