//! Which applications and routers an entry point is registered on, and which of them a guard covers.
//!
//! Library objects that carry routes are told apart by the call that makes them. Fluent builders make a new object a
//! step; a guard added at a step covers what was added before it, unless its row says otherwise.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::ir::Expr;
use crate::model::{ModelSet, RowPlaces, RowRef};
use crate::project::{GExpr, Project, SiteId, Value};

/// Relations between application objects, each known by the site that makes it.
#[derive(Debug, Default)]
pub(super) struct Apps {
    /// Fluent steps: object -> the objects it was made from.
    made_from: FxHashMap<u32, Vec<u32>>,
    /// The other way round.
    made_into: FxHashMap<u32, Vec<u32>>,
    /// Child -> the objects it is mounted on.
    mounted_on: FxHashMap<u32, Vec<u32>>,
}

impl Apps {
    pub(super) fn new(project: &Project, models: &ModelSet) -> Self {
        let mut apps = Apps::default();
        for index in 0..project.sites.len() {
            let id = SiteId(u32::try_from(index).unwrap_or(u32::MAX));
            let receivers = made(project.receivers(id));
            let is_step = !receivers.is_empty();
            if is_step && made(project.results(id)).contains(&id.0) {
                for receiver in receivers.iter().filter(|r| **r != id.0) {
                    apps.made_from.entry(id.0).or_default().push(*receiver);
                    apps.made_into.entry(*receiver).or_default().push(id.0);
                }
            }
            let rows: Vec<RowRef> =
                Project::apis(project.callees(id)).flat_map(|api| project.matcher.rows(api).to_vec()).collect();
            for row in rows {
                if let RowRef::Mount(row) = row {
                    let places = &models.mounts[row as usize].places;
                    if !is_step && places.onto.is_empty() {
                        continue;
                    }
                    let parents = mounted_on(project, id, places);
                    for child in made(&project.place_values(id, &places.subject)) {
                        apps.mounted_on.entry(child).or_default().extend(&parents);
                    }
                }
            }
        }
        apps
    }

    /// The objects whose guards can cover something registered at a site. With `only_later`, a guard must have been
    /// added after the registration.
    pub(super) fn covering(&self, start: &[u32], only_later: bool) -> FxHashSet<u32> {
        let mut seen: FxHashSet<u32> = start.iter().copied().collect();
        let mut stack: Vec<u32> = start.to_vec();
        while let Some(at) = stack.pop() {
            let later = self.made_into.get(&at).into_iter().flatten();
            let above = self.mounted_on.get(&at).into_iter().flatten();
            let earlier = self.made_from.get(&at).into_iter().flatten().filter(|_| !only_later);
            for next in later.chain(above).chain(earlier) {
                if seen.insert(*next) {
                    stack.push(*next);
                }
            }
        }
        seen
    }
}

/// The applications that a mounting call puts its child into.
pub(super) fn mounted_on(project: &Project, site: SiteId, places: &RowPlaces) -> Vec<u32> {
    if places.onto.is_empty() { own_nodes(project, site) } else { made(&project.place_values(site, &places.onto)) }
}

/// The application objects among some values.
pub(super) fn made(values: &[Value]) -> Vec<u32> {
    let mut found: Vec<u32> =
        values.iter().filter_map(|v| if let Value::Made(_, site) = v { Some(*site) } else { None }).collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// The application objects that a registration, guard or mount call at a site concerns: its result if it is a fluent
/// step, else its receiver; for a bare decorator, what the decorator is a member of.
pub(super) fn own_nodes(project: &Project, site: SiteId) -> Vec<u32> {
    let results = made(project.results(site));
    if results.contains(&site.0) {
        return vec![site.0];
    }
    let receivers = made(project.receivers(site));
    if !receivers.is_empty() {
        return receivers;
    }
    let at = project.site(site).at;
    match project.program.facts(at.file).expr(at.expr) {
        Expr::Field { base, .. } => made(project.values(GExpr { file: at.file, expr: *base })),
        _ => Vec::new(),
    }
}
