//! Which rows of a model fire in a linked fixture.

use std::collections::BTreeSet;

use launchlint::analysis::Linked;
use launchlint::ir::{Expr, ExprId, FileFacts};
use launchlint::model::{ApiStep, ModelSet, OneOrMany, Place, RowRef};
use launchlint::project::{GExpr, Project, SiteId, Value};

/// A row, by its section and its place in the model set's table (objects: their id).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum RowId {
    Object(u32),
    Call(usize),
    Value(usize),
    Entry(usize),
    Attach(usize),
    Control(usize),
    Mount(usize),
    Dependency(usize),
}

/// The rows of a file, with their names for people: `calls[3] openai.x`.
pub(super) fn of_file(models: &ModelSet, file: usize) -> Vec<(RowId, String)> {
    let (stem, raw) = &models.files[file];
    let folder = stem.split('/').next().unwrap_or_default();
    let mut rows = Vec::new();
    for name in raw.objects.keys() {
        let full = match name.split_once(':') {
            Some(_) => format!("{folder}/{name}"),
            None => format!("{stem}:{name}"),
        };
        rows.push((RowId::Object(models.objects[&full].0), format!("objects {name}")));
    }
    fn add<T>(
        rows: &mut Vec<(RowId, String)>,
        section: &str,
        table: impl Iterator<Item = (usize, T)>,
        id: fn(usize) -> RowId,
        name: impl Fn(&T) -> String,
    ) {
        for (at, (index, row)) in table.enumerate() {
            rows.push((id(index), format!("{section}[{at}] {}", name(&row))));
        }
    }
    macro_rules! own {
        ($table:ident) => {
            models.$table.iter().enumerate().filter(|(_, r)| r.file == file).map(|(i, r)| (i, &r.raw))
        };
    }
    add(&mut rows, "calls", own!(calls), RowId::Call, |r| first(&[&r.call]));
    add(&mut rows, "values", own!(values), RowId::Value, |r| first(&[&r.value]));
    add(&mut rows, "entrypoints", own!(entries), RowId::Entry, |r| {
        let directive = r.directive.clone().map_or_else(OneOrMany::default, OneOrMany::One);
        let paths = [&r.decorator, &r.call, &r.subclass, &r.class_decorator, &r.implements, &r.value, &directive];
        let own = first(&paths);
        if own.is_empty() { first(&[&r.files]) } else { own }
    });
    add(&mut rows, "attach", own!(attaches), RowId::Attach, |r| first(&[&r.call, &r.decorator, &r.provided, &r.files]));
    add(&mut rows, "controls", own!(controls), RowId::Control, |r| first(&[&r.value, &r.call]));
    add(&mut rows, "mounts", own!(mounts), RowId::Mount, |r| first(&[&r.call]));
    add(&mut rows, "dependencies", own!(dependencies), RowId::Dependency, |r| first(&[&r.call, &r.implements]));
    rows
}

fn first(lists: &[&OneOrMany]) -> String {
    lists.iter().flat_map(|l| l.as_slice()).next().cloned().unwrap_or_default()
}

/// Everything that fires.
pub(super) fn fired(linked: &Linked, models: &ModelSet) -> BTreeSet<RowId> {
    let project = &linked.project;
    let mut fired = BTreeSet::new();
    let mut matcher = project.matcher.clone();
    for call in project.api_calls.iter().flatten() {
        fired.insert(RowId::Call(call.row as usize));
    }
    for entry in &linked.surfaces.entries {
        fired.insert(RowId::Entry(entry.row as usize));
    }
    for file in project.program.file_ids() {
        let facts = project.program.facts(file);
        for (expr, _) in expressions(facts) {
            for row in rows_at(project, GExpr { file, expr }) {
                match row {
                    RowRef::Object(id) => fired.insert(RowId::Object(id.0)),
                    RowRef::Value(row) => fired.insert(RowId::Value(row as usize)),
                    RowRef::AttachProvided(row) => fired.insert(RowId::Attach(row as usize)),
                    RowRef::ControlValue(row) => fired.insert(RowId::Control(row as usize)),
                    _ => false,
                };
            }
        }
        for (id, function) in facts.functions() {
            let holder = project.program.gfn(file, id);
            for param in &function.params {
                param.pattern.for_each_name(&mut |name| objects(project, project.variable(holder, name), &mut fired));
            }
            for decorator in &function.decorators {
                decorated(project, GExpr { file, expr: *decorator }, &mut fired);
            }
        }
        for (id, class) in facts.classes() {
            for decorator in &class.decorators {
                decorated(project, GExpr { file, expr: *decorator }, &mut fired);
            }
            for api in project.library_bases(project.program.gclass(file, id)) {
                let instance = matcher.step(api, ApiStep::Call);
                for row in matcher.rows(instance) {
                    if let RowRef::Object(id) = row {
                        fired.insert(RowId::Object(id.0));
                    }
                }
                for row in project.matcher.rows(api) {
                    match row {
                        RowRef::DependencyType(row) => fired.insert(RowId::Dependency(*row as usize)),
                        RowRef::ControlValue(row) => fired.insert(RowId::Control(*row as usize)),
                        RowRef::Object(id) => fired.insert(RowId::Object(id.0)),
                        _ => false,
                    };
                }
            }
        }
    }
    sites(project, models, &mut fired);
    files(project, models, &mut fired);
    fired
}

/// All expressions of a file.
pub(super) fn expressions(facts: &FileFacts) -> impl Iterator<Item = (ExprId, &Expr)> {
    facts.exprs.iter().zip(0..).map(|(e, i)| (ExprId(i), e))
}

/// The rows completed by an expression's values.
pub(super) fn rows_at(project: &Project, at: GExpr) -> Vec<RowRef> {
    Project::apis(project.values(at)).flat_map(|api| project.matcher.rows(api).to_vec()).collect()
}

fn objects(project: &Project, values: &[Value], fired: &mut BTreeSet<RowId>) {
    for row in Project::apis(values).flat_map(|api| project.matcher.rows(api).to_vec()) {
        match row {
            RowRef::Object(id) => fired.insert(RowId::Object(id.0)),
            RowRef::Value(row) => fired.insert(RowId::Value(row as usize)),
            _ => false,
        };
    }
}

fn decorated(project: &Project, at: GExpr, fired: &mut BTreeSet<RowId>) {
    let callee = match project.program.facts(at.file).expr(at.expr) {
        Expr::Call(call) => GExpr { file: at.file, expr: call.callee },
        _ => at,
    };
    for row in rows_at(project, callee) {
        if let RowRef::AttachDecorator(row) = row {
            fired.insert(RowId::Attach(row as usize));
        }
    }
}

fn sites(project: &Project, models: &ModelSet, fired: &mut BTreeSet<RowId>) {
    for index in 0..project.sites.len() {
        let id = SiteId(u32::try_from(index).expect("few sites"));
        objects(project, project.results(id), fired);
        let given = |places: &[Place]| {
            places.is_empty()
                || places.iter().any(|p| !project.place_exprs(id, p).is_empty())
                || !project.place_values(id, places).is_empty()
        };
        for row in Project::apis(project.callees(id)).flat_map(|api| project.matcher.rows(api).to_vec()) {
            match row {
                RowRef::AttachCall(row) if given(&models.attaches[row as usize].places.subject) => {
                    fired.insert(RowId::Attach(row as usize));
                }
                RowRef::ControlCall(row) => {
                    fired.insert(RowId::Control(row as usize));
                }
                RowRef::Mount(row) if given(&models.mounts[row as usize].places.subject) => {
                    fired.insert(RowId::Mount(row as usize));
                }
                RowRef::Dependency(row) => {
                    fired.insert(RowId::Dependency(row as usize));
                }
                _ => {}
            }
        }
    }
}

/// Guards that stand in a file of their own.
fn files(project: &Project, models: &ModelSet, fired: &mut BTreeSet<RowId>) {
    for (index, row) in models.attaches.iter().enumerate().filter(|(_, r)| !r.raw.exports.is_empty()) {
        let mut globs = globset::GlobSetBuilder::new();
        for glob in row.raw.files.as_slice() {
            globs.add(globset::Glob::new(glob).expect("a valid glob"));
        }
        let globs = globs.build().expect("valid globs");
        for file in project.program.file_ids() {
            let facts = project.program.facts(file);
            let is_listed = |name: &str| row.raw.exports.iter().any(|n| n == name);
            if globs.is_match(facts.path.as_str()) && facts.exports.iter().any(|e| is_listed(&e.name)) {
                fired.insert(RowId::Attach(index));
            }
        }
    }
}
