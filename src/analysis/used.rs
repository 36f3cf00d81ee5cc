//! Which library models know something of a program: what of the rules' knowledge was of use here.

use std::collections::BTreeMap;

use super::Linked;
use super::table::Lines;
use crate::model::{ModelSet, RowRef};
use crate::project::{GExpr, Project};
use crate::report::surfaces::Spot;
use crate::source::SourceFile;
use crate::surface::location;

/// The models with rows that apply, one a line with the number of places and the first of them.
pub fn dump_models(linked: &Linked, models: &ModelSet, files: &[SourceFile]) -> String {
    let mut lines = Lines::new(files);
    let mut used: BTreeMap<&str, (usize, Option<Spot>)> = BTreeMap::new();
    for (file, at) in places(linked, models) {
        let spot = lines.spot(&location(&linked.project, at));
        let held = used.entry(models.files[file].0.as_str()).or_default();
        held.0 += 1;
        held.1 = held.1.take().map_or_else(|| Some(spot.clone()), |first| Some(first.min(spot.clone())));
    }
    let line = |(stem, (places, first)): (&&str, &(usize, Option<Spot>))| {
        let first = first.as_ref().map(|spot| format!(", first at {spot}")).unwrap_or_default();
        format!("rules/models/{stem}.yml: {places}{first}\n")
    };
    used.iter().map(line).collect()
}

/// Where a row of a model applies, with the index of the model's file; an expression counts once a model.
fn places(linked: &Linked, models: &ModelSet) -> Vec<(usize, GExpr)> {
    let project = &linked.project;
    let mut found: Vec<(usize, GExpr)> = Vec::new();
    for call in project.api_calls.iter().flatten() {
        found.push((models.calls[call.row as usize].file, project.site(call.site).at));
    }
    for entry in &linked.surfaces.entries {
        let at = entry.site.map(|site| project.site(site).at);
        let at = at.unwrap_or(GExpr { file: entry.file, expr: crate::ir::ExprId(0) });
        found.push((models.entries[entry.row as usize].file, at));
    }
    for site in &project.sites {
        let callee = match project.program.facts(site.at.file).expr(site.at.expr) {
            crate::ir::Expr::Call(call) => GExpr { expr: call.callee, ..site.at },
            _ => site.at,
        };
        for api in [callee, site.at].into_iter().flat_map(|at| Project::apis(project.values(at))) {
            found.extend(
                project.matcher.rows(api).iter().filter_map(|row| home(models, *row)).map(|file| (file, site.at)),
            );
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// The file of a row; what only names an object tells nothing.
fn home(models: &ModelSet, row: RowRef) -> Option<usize> {
    match row {
        RowRef::AttachCall(row) | RowRef::AttachDecorator(row) | RowRef::AttachProvided(row) => {
            Some(models.attaches[row as usize].file)
        }
        RowRef::ControlValue(row) | RowRef::ControlCall(row) => Some(models.controls[row as usize].file),
        RowRef::Mount(row) => Some(models.mounts[row as usize].file),
        RowRef::Dependency(row) => Some(models.dependencies[row as usize].file),
        _ => None,
    }
}
