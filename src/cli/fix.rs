//! The `fix` command: shows what is safe to change as a diff, and makes the changes when told to.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use similar::TextDiff;

use super::args::{Common, Pick};
use super::audit::{Audit, Timings, audit};
use super::baseline::{self, BaselineFile};
use super::failure::Failure;
use super::progress::Progress;
use super::{Console, Exit, Stages, lsp, output};
use crate::finding::{Finding, Location};
use crate::fix::{Edit, Fix};
use crate::mask::Masks;
use crate::report::Sources;
use crate::report::text::{clean, count};
use crate::source::{LineIndex, SourceFile, Span};

pub(super) const EXAMPLES: &str = "\
Examples:
  launchlint fix                                   show what would change, as a diff
  launchlint fix --rule unbounded-generation       the same for one rule
  launchlint fix --apply                           make the changes

A fix is offered where the code leaves no choice: a bound on output, the one text field of a request's schema, a limiter
that another route of the file has, a literal key. What has to be done besides is said with it. Removed lines of a diff
that hold a credential are shown masked.

Exit codes: 0 nothing to fix, or all of it was fixed; 1 there is something to fix; 2 could not do the job.";

/// Options of `fix`.
#[derive(Debug, clap::Args)]
pub(super) struct Options {
    #[command(flatten)]
    common: Common,
    #[command(flatten)]
    pick: Pick,
    #[command(flatten)]
    baseline: BaselineFile,
    /// Show the diff and change nothing; the default
    #[arg(long, conflicts_with = "apply")]
    dry_run: bool,
    /// Make the changes
    #[arg(long)]
    apply: bool,
}

/// Shows or makes the changes.
pub(super) fn fix(options: &Options, stages: &Stages<'_>, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let progress = Progress::start(console.is_err_watched && !options.common.no_progress);
    let mut audit = audit(&options.common, &options.pick, None, stages, &mut Timings::default(), &progress)?;
    baseline::apply(&options.baseline, &options.pick, &mut audit)?;
    drop(progress);
    let chosen = chosen(&audit);
    let mut edits: BTreeMap<&str, Vec<&Edit>> = BTreeMap::new();
    for edit in chosen.iter().flat_map(|fix| &fix.edits) {
        let of_file = edits.entry(&edit.path).or_default();
        // Two fixes may want the same import.
        if !of_file.contains(&edit) {
            of_file.push(edit);
        }
    }
    let mut out = String::new();
    let masks = audit.masks();
    for (path, edits) in &edits {
        let Some(text) = audit.discovery.files.text(path) else { continue };
        let after = applied(text, edits);
        out.push_str(&diff(path, text, &after, &masks));
        if options.apply {
            let file = audit.roots.base().join(path);
            let now = fs::read_to_string(&file).unwrap_or_default();
            if now != text {
                let help = "run it again when nobody else writes the file";
                return Err(Failure::new(format!("`{path}` changed meanwhile, or is not plain UTF-8")).help(help));
            }
            output::to_file(&file, &after)?;
        }
    }
    out.push_str(&told(&chosen, &audit, options.apply));
    match &options.common.output {
        Some(file) => output::to_file(file, &out)?,
        None => output::to_stream(console.out, &out)?,
    }
    Ok(if chosen.is_empty() || options.apply { Exit::Clean } else { Exit::Findings })
}

/// Fixes of shown findings, none of which touches what another one changes.
fn chosen(audit: &Audit) -> Vec<&Fix> {
    let mut taken: BTreeSet<(&str, Span)> = BTreeSet::new();
    let mut chosen = Vec::new();
    for fix in &audit.fixes {
        let is_shown = audit.filtered.kept.iter().any(|finding| fix.mends(finding));
        let collides = fix.edits.iter().any(|edit| {
            let touches = |(path, span): &(&str, Span)| {
                *path == edit.path && *span != edit.span && span.start < edit.span.end && edit.span.start < span.end
            };
            taken.iter().any(touches)
        });
        // Another fix that inserts other text at the same place would change its meaning.
        let is_second = fix.edits.iter().any(|edit| {
            let other = |kept: &&Fix| {
                kept.edits.iter().any(|e| e.path == edit.path && e.span == edit.span && e.text != edit.text)
            };
            chosen.iter().any(|kept: &&Fix| other(kept))
        });
        if is_shown && !collides && !is_second {
            taken.extend(fix.edits.iter().map(|edit| (edit.path.as_str(), edit.span)));
            chosen.push(fix);
        }
    }
    chosen
}

fn applied(text: &str, edits: &[&Edit]) -> String {
    let mut edits = edits.to_vec();
    edits.sort_by_key(|edit| edit.span);
    let mut out = text.to_owned();
    for edit in edits.iter().rev() {
        out.replace_range(edit.span.start as usize..edit.span.end as usize, &edit.text);
    }
    out
}

/// A unified diff; a credential that is moved away is not shown on its way.
fn diff(path: &str, before: &str, after: &str, masks: &Masks) -> String {
    let whole = Span::new(0, before.len());
    let (before, after) = (masks.window(path, before, whole), masks.redact(after).into_owned());
    let diff = TextDiff::from_lines(before.as_str(), after.as_str());
    let text = diff.unified_diff().context_radius(3).header(&format!("a/{path}"), &format!("b/{path}")).to_string();
    text.lines().map(|line| clean(line).into_owned() + "\n").collect()
}

fn told(chosen: &[&Fix], audit: &Audit, is_applied: bool) -> String {
    let mut out = String::new();
    for fix in chosen {
        let line =
            audit.discovery.files.text(&fix.at.path).map_or(0, |text| LineIndex::new(text).line(fix.at.span.start));
        out.push_str(&format!("\n{}:{line} [{}] {}\n", clean(&fix.at.path), fix.rule, clean(&fix.title)));
        if let Some(then) = &fix.then {
            out.push_str(&format!("  then: {}\n", clean(then)));
        }
    }
    let number = count(chosen.len() as u64, "fix", "fixes");
    let left = audit.filtered.kept.len() - chosen.len().min(audit.filtered.kept.len());
    let left = count(left as u64, "finding", "findings");
    let end = match (chosen.is_empty(), is_applied) {
        (true, _) => format!("nothing that is safe to change by itself; {left} for a person\n"),
        (false, true) => format!("\nmade {number}; {left} for a person. Read the diff, and run the tests.\n"),
        (false, false) => format!("\n{number} to make with `launchlint fix --apply`; {left} for a person\n"),
    };
    out + &end
}

/// The comment that accepts a finding, above its line; the reason is for the person to write, and without it nothing is
/// suppressed.
pub(super) fn suppression(files: &[SourceFile], finding: &Finding) -> Option<(Location, String)> {
    let at = files.binary_search_by(|file| file.path.as_str().cmp(&finding.at.path)).ok()?;
    let file = &files[at];
    let mark = lsp::comment(file.language)?;
    let index = LineIndex::new(&file.text);
    let line = index.line_span(&file.text, index.line(finding.at.span.start))?;
    let text = &file.text[line.start as usize..line.end as usize];
    let lead = &text[..text.len() - text.trim_start().len()];
    let place = Location { path: file.path.clone(), span: Span { start: line.start, end: line.start } };
    Some((place, format!("{lead}{mark} launchlint: ignore[{}] -- \n", finding.rule)))
}
