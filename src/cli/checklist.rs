//! The `checklist` command: every item with its verdict. It reports and never fails for what it reports.

use super::args::{Checklist, ChecklistFormat};
use super::failure::Failure;
use super::judgement::{Judgement, judge};
use super::trusted::with_trust;
use super::{Console, Stages, history, output, scan};
use crate::checklist::history::Record;
use crate::report::checklist::{Page, html, human, json, markdown};

/// Writes the checklist.
pub(super) fn checklist(options: &Checklist, stages: &Stages<'_>, console: &mut Console<'_>) -> Result<(), Failure> {
    let style = scan::style(&options.common, console);
    let judged = judge(&with_trust(&options.common, &options.trust)?, stages, console)?;
    let history = match options.format {
        ChecklistFormat::Html => history::load(&history::file(options.history.as_deref(), &options.common.paths)?)?,
        ChecklistFormat::Human | ChecklistFormat::Markdown | ChecklistFormat::Json => Vec::new(),
    };
    let page = page(&judged, &history, stages);
    let text = match options.format {
        ChecklistFormat::Human => human::render(&page, style, options.verbose),
        ChecklistFormat::Markdown => markdown::render(&page),
        ChecklistFormat::Html => html::render(&page),
        ChecklistFormat::Json => json::render(&page)
            .map_err(|error| Failure::new(format!("cannot write the checklist: {error}")).help(super::DEFECT))?,
    };
    match &judged.audit.settings.output {
        Some(file) => output::to_file(file, &text)?,
        None => output::to_stream(console.out, &text)?,
    }
    scan::warn_if_nothing_to_judge(&judged.audit.discovery, console);
    scan::check_whole(&judged.audit.notices, options.trust.strict)
}

/// What a report is made of.
fn page<'a>(judged: &'a Judgement, history: &'a [Record], stages: &Stages<'_>) -> Page<'a> {
    Page {
        tool: scan::TOOL,
        checklist: &judged.checklist,
        inventory: &judged.inventory,
        summary: &judged.audit.summary,
        notices: &judged.audit.notices,
        project_file: judged.audit.settings.plan.file.as_deref(),
        history,
        left_out: scan::left_out(&judged.audit, stages, 0, judged.baselined),
    }
}
