//! Path prefixes: what a router adds in front of the routes registered on it, over all the routers it is mounted on.
//!
//! Only prefixes written as texts count; a computed one is left out. A router mounted at several places keeps the first
//! prefix in the alphabet, so that the answer does not depend on the order of files.

use rustc_hash::{FxHashMap, FxHashSet};

use super::apps::{made, mounted_on, own_nodes};
use crate::model::{ModelSet, Place, RowRef};
use crate::project::{EntryPoint, Project, SiteId};

/// Prefixes of application objects, each known by the site that makes it.
#[derive(Debug, Default)]
pub(super) struct Routes {
    /// What an object was made with.
    own: FxHashMap<u32, String>,
    /// Child -> where it is mounted, and with which prefix.
    mounted: FxHashMap<u32, Vec<(u32, String)>>,
    /// Fluent steps, both ways.
    steps: FxHashMap<u32, Vec<u32>>,
}

impl Routes {
    pub(super) fn new(project: &Project, models: &ModelSet) -> Self {
        let mut routes = Routes::default();
        for index in 0..project.sites.len() {
            let id = SiteId(u32::try_from(index).unwrap_or(u32::MAX));
            let own = own_nodes(project, id);
            for receiver in made(project.receivers(id)).into_iter().filter(|r| own == [id.0] && *r != id.0) {
                routes.steps.entry(id.0).or_default().push(receiver);
                routes.steps.entry(receiver).or_default().push(id.0);
            }
            for api in Project::apis(project.callees(id)) {
                for row in project.matcher.rows(api) {
                    if let RowRef::Mount(row) = row {
                        routes.mount(project, models, id, *row);
                    }
                }
            }
        }
        routes
    }

    fn mount(&mut self, project: &Project, models: &ModelSet, id: SiteId, row: u32) {
        let places = &models.mounts[row as usize].places;
        let prefix = text_at(project, id, &places.detail).unwrap_or_default();
        if places.subject.is_empty() {
            if prefix.starts_with('/') {
                self.own.insert(id.0, prefix);
            }
            return;
        }
        let prefix = if prefix.starts_with('/') { prefix } else { String::new() };
        for child in made(&project.place_values(id, &places.subject)) {
            let parents = mounted_on(project, id, places).into_iter().map(|parent| (parent, prefix.clone()));
            self.mounted.entry(child).or_default().extend(parents);
        }
    }

    /// What comes before the route of an entry point.
    pub(super) fn prefix(&self, project: &Project, entry: &EntryPoint) -> String {
        let Some(site) = entry.site else { return String::new() };
        let mut found: Vec<String> = Vec::new();
        let mut seen = FxHashSet::default();
        let mut stack: Vec<(u32, String)> =
            own_nodes(project, site).into_iter().map(|node| (node, String::new())).collect();
        while let Some((node, behind)) = stack.pop() {
            if !seen.insert(node) {
                continue;
            }
            let here = match self.own.get(&node) {
                Some(own) => join(own, &behind),
                None => behind,
            };
            let above = self.mounted.get(&node).into_iter().flatten();
            stack.extend(above.map(|(parent, prefix)| (*parent, join(prefix, &here))));
            stack.extend(self.steps.get(&node).into_iter().flatten().map(|next| (*next, here.clone())));
            found.push(here);
        }
        let longest = found.iter().map(String::len).max().unwrap_or_default();
        found.into_iter().filter(|prefix| prefix.len() == longest).min().unwrap_or_default()
    }
}

fn join(prefix: &str, rest: &str) -> String {
    format!("{}{rest}", prefix.trim_end_matches('/'))
}

fn text_at(project: &Project, id: SiteId, places: &[Place]) -> Option<String> {
    places.iter().flat_map(|place| project.place_exprs(id, place)).find_map(|at| {
        let text = project.program.facts(at.file).str_value(at.expr)?;
        Some(text.to_string())
    })
}
