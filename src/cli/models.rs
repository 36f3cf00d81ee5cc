//! The `models` command: which libraries the tool knows, and which of a repository's it does not.

use std::path::Path;

use super::args::Models;
use super::failure::Failure;
use super::{Console, configure, output, scan, surfaces};
use crate::embedded::EMBEDDED;
use crate::model::ModelSet;
use crate::model::packages::{self, LlmNames};
use crate::settings::WalkSettings;
use crate::walk;

/// Writes what is known, or with `--missing` what is not.
pub(super) fn models(options: &Models, console: &mut Console<'_>) -> Result<(), Failure> {
    let models = surfaces::models()?;
    let text = match &options.missing {
        Some(path) => missing(path, &models)?,
        None => known(&models),
    };
    output::to_stream(console.out, &text)
}

/// One line a model: packages, language, file, how many rows of each kind.
fn known(models: &ModelSet) -> String {
    let mut out = String::new();
    for (stem, file) in &models.files {
        let counts = [
            (file.calls.len(), "calls"),
            (file.values.len(), "values"),
            (file.entrypoints.len(), "entry points"),
            (file.attach.len(), "attachments"),
            (file.controls.len(), "controls"),
            (file.mounts.len(), "mounts"),
            (file.dependencies.len(), "dependencies"),
        ];
        let rows: Vec<String> =
            counts.iter().filter(|(rows, _)| *rows > 0).map(|(rows, kind)| format!("{kind} {rows}")).collect();
        let packages = match file.package.as_slice() {
            [] => "(the language itself)".to_owned(),
            packages => packages.join(", "),
        };
        let language = file.language.label();
        out.push_str(&format!("{packages}\n    {language}, rules/models/{stem}.yml: {}\n", rows.join(", ")));
    }
    out
}

/// One line a package that no model knows.
fn missing(path: &Path, models: &ModelSet) -> Result<String, Failure> {
    let roots = configure::roots(&[path.to_path_buf()])?;
    let discovery = walk::discover(&roots, &WalkSettings::default());
    scan::check_anything_read(&discovery)?;
    let names = LlmNames::load(EMBEDDED)
        .map_err(|error| Failure::new(format!("the list of names is broken: {error}")).help(super::DEFECT))?;
    let packages = packages::unknown(&discovery.files, models, &names);
    if packages.is_empty() {
        return Ok("every LLM package that the manifests name is known\n".to_owned());
    }
    let width = packages.iter().map(|package| package.name.len()).max().unwrap_or_default();
    let line = |package: &packages::Package| {
        format!("{:width$}  {}, {}\n", package.name, package.language.label(), package.manifest)
    };
    Ok(packages.iter().map(line).collect())
}
