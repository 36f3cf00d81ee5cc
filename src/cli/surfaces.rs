//! The `surfaces` command, the coverage table of entry points that reach a model, and `dump`, its earlier stages.
//!
//! They run no rule and judge nothing, so they end well whatever is shown.

use super::args::{Common, Dump, DumpStage, Surfaces, SurfacesFormat};
use super::configure;
use super::failure::Failure;
use super::progress::Progress;
use super::{Console, Stages, output, scan};
use crate::analysis::{self, Extent, Linked};
use crate::embedded::EMBEDDED;
use crate::model::ModelSet;
use crate::report::human::Options;
use crate::report::surfaces::{Table, html, human, json, mermaid};
use crate::settings::RuleSelection;
use crate::source::SourceFile;
use crate::walk;

/// Writes the coverage table.
pub(super) fn surfaces(options: &Surfaces, stages: &Stages<'_>, console: &mut Console<'_>) -> Result<(), Failure> {
    let style = scan::style(&options.common, console);
    examine(&options.common, Extent::Shipping, stages, console, |linked, _, files| {
        render(&analysis::table(linked, files), options.format, style, options.verbose)
    })
}

/// Writes what a stage made of the code.
pub(super) fn dump(options: &Dump, stages: &Stages<'_>, console: &mut Console<'_>) -> Result<(), Failure> {
    let style = scan::style(&options.common, console);
    // Facts are asked for a file at a time, whatever it is for.
    let is_about_files = matches!(options.stage, DumpStage::Facts);
    let extent = if is_about_files { Extent::Everything } else { Extent::Shipping };
    examine(&options.common, extent, stages, console, |linked, models, files| match options.stage {
        DumpStage::Facts => Ok(analysis::dump_facts(linked)),
        DumpStage::Calls => Ok(analysis::dump_calls(linked, files)),
        DumpStage::Models => Ok(analysis::dump_models(linked, models, files)),
        DumpStage::Surfaces => render(&analysis::table(linked, files), SurfacesFormat::Json, style, false),
    })
}

/// Reads and links a tree and writes what `describe` says of it.
fn examine(
    common: &Common,
    extent: Extent,
    stages: &Stages<'_>,
    console: &mut Console<'_>,
    describe: impl Fn(&Linked, &ModelSet, &[SourceFile]) -> Result<String, Failure> + Sync,
) -> Result<(), Failure> {
    let roots = configure::roots(&common.paths)?;
    let (settings, _) = configure::walk(common, &roots, stages, &mut RuleSelection::default())?;
    if let Some(file) = &common.output {
        output::check(file)?;
    }
    let progress = Progress::start(console.is_err_watched && !common.no_progress);
    progress.phase("Reading files".into());
    let discovery = walk::discover(&roots, &settings);
    scan::check_anything_read(&discovery)?;
    progress.phase(format!("Analysing {} files", discovery.files.len()));
    let models = models()?;
    let text = scan::in_pool(settings.jobs, || {
        let linked = analysis::link(&discovery.files, &models, extent);
        describe(&linked, &models, &discovery.files).map(|text| analysis::without_secrets(&text, &discovery.files))
    })??;
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

fn render(table: &Table, format: SurfacesFormat, style: Options, is_verbose: bool) -> Result<String, Failure> {
    Ok(match format {
        SurfacesFormat::Human => human::render(table, style, is_verbose),
        SurfacesFormat::Json => json::render(table)
            .map_err(|error| Failure::new(format!("cannot write the table: {error}")).help(super::DEFECT))?,
        SurfacesFormat::Mermaid => mermaid::render(table),
        SurfacesFormat::Html => html::render(table),
    })
}
