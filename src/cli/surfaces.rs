//! The `surfaces` command: the coverage table of entry points that reach a model.
//!
//! It runs no rule and judges nothing, so it ends well whatever the table shows.

use super::args::{Surfaces, SurfacesFormat};
use super::configure;
use super::failure::Failure;
use super::progress::Progress;
use super::{Console, Stages, output, scan};
use crate::analysis;
use crate::embedded::EMBEDDED;
use crate::model::ModelSet;
use crate::report::surfaces::{Table, html, human, json, mermaid};
use crate::settings::RuleSelection;
use crate::walk;

/// Writes the coverage table.
pub(super) fn surfaces(options: &Surfaces, stages: &Stages<'_>, console: &mut Console<'_>) -> Result<(), Failure> {
    let common = &options.common;
    let roots = configure::roots(common)?;
    let settings = configure::walk(common, &roots, stages.rules, &mut RuleSelection::default())?;
    if let Some(file) = &common.output {
        output::check(file)?;
    }
    let progress = Progress::start(console.is_err_watched && !common.no_progress);
    progress.phase("Reading files".into());
    let discovery = walk::discover(&roots, &settings);
    scan::check_anything_read(&discovery)?;
    progress.phase(format!("Analysing {} files", discovery.files.len()));
    let models = models()?;
    let table = scan::in_pool(settings.jobs, || {
        let linked = analysis::link(&discovery.files, &models);
        analysis::table(&linked, &discovery.files)
    })?;
    let style = scan::style(common, console);
    let text = render(&table, options, style)?;
    drop(progress);
    match &common.output {
        Some(file) => output::to_file(file, &text)?,
        None => output::to_stream(console.out, &text)?,
    }
    scan::warn_if_nothing_to_judge(&discovery, console);
    Ok(())
}

/// The library models that the tool carries.
pub(super) fn models() -> Result<ModelSet, Failure> {
    ModelSet::load(EMBEDDED).map_err(|errors| {
        let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
        Failure::new(format!("the models are broken: {}", lines.join("; "))).help(super::DEFECT)
    })
}

fn render(table: &Table, options: &Surfaces, style: crate::report::human::Options) -> Result<String, Failure> {
    Ok(match options.format {
        SurfacesFormat::Human => human::render(table, style, options.verbose),
        SurfacesFormat::Json => json::render(table)
            .map_err(|error| Failure::new(format!("cannot write the table: {error}")).help(super::DEFECT))?,
        SurfacesFormat::Mermaid => mermaid::render(table),
        SurfacesFormat::Html => html::render(table),
    })
}
