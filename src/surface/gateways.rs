//! Limits that a gateway in front of the application enforces, read from its configuration in the repository.
//!
//! What limits, routes and hosts look like is data (`rules/gateways`). A limit counts for an entry point where the paths it
//! holds for cover the entry point's, and requests go to where its code is built; where the configuration does not tell which
//! code that is, it counts as a part. A body size bounds a text only roughly, so it is always a part.

mod fronts;
mod scan;

use std::collections::BTreeSet;

use serde::Deserialize;

use super::{Control, Evidence, Status, Surface, Surfaces};
use crate::data;
use crate::embedded::{EMBEDDED, below};
use crate::lang::config::{self, ConfigFacts, Format};
use crate::model::ControlKind;
use crate::project::Project;
use crate::source::{PathClass, SourceFile};
use fronts::{Fronts, Told};

/// One sort of gateway as its data file states it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Gateway {
    formats: Vec<Format>,
    limits: Vec<Limit>,
    /// Keys of which a document must have one.
    #[serde(default)]
    beside: Vec<String>,
    #[serde(default)]
    routes: Vec<Route>,
    #[serde(default)]
    hosts: Vec<String>,
    #[serde(default)]
    pools: Vec<Pool>,
    #[serde(default)]
    uses: Vec<Use>,
    /// What the names of labels that hold its settings begin with.
    #[serde(default)]
    labels: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Limit {
    control: ControlKind,
    what: String,
    #[serde(default)]
    keys: Vec<String>,
    #[serde(default)]
    named: Vec<String>,
    /// The largest size that still bounds a text, in bytes; a larger one, or one that cannot be read, is no limit.
    #[serde(default)]
    most: Option<u64>,
    /// Where the size stands below the limit; the limit itself, if nowhere.
    #[serde(default)]
    sizes: Vec<String>,
    /// How many bytes a size without a unit counts.
    #[serde(default)]
    unit: Option<u64>,
    /// Counts only where a router names it.
    #[serde(default)]
    by_name: bool,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Route {
    #[serde(default)]
    block: Option<String>,
    select: String,
}

/// Hosts under one name: of the map's own key, if `name` is not given.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Pool {
    select: String,
    #[serde(default)]
    name: Option<String>,
    members: String,
}

/// Routers that name limits.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Use {
    select: String,
    names: String,
    rule: String,
    hosts: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GatewayFile {
    gateways: Vec<Gateway>,
}

/// What is known of gateways.
#[derive(Clone, Debug, Default)]
pub struct Gateways(Vec<Gateway>);

impl Gateways {
    /// Those that come with the tool.
    ///
    /// # Errors
    ///
    /// A data file that is not what the schema says.
    pub fn embedded() -> Result<Gateways, String> {
        let mut rows = Vec::new();
        for (file, text) in below(EMBEDDED, "rules/gateways/") {
            let read: GatewayFile = data::quick(file, text)
                .map_or_else(|| serde_saphyr::from_str(text), Ok)
                .map_err(|error| format!("{file}: {error}"))?;
            rows.extend(read.gateways);
        }
        Ok(Gateways(rows))
    }

    /// Whether a text holds a word that a limit is known by: others are not parsed.
    fn speaks_of(&self, text: &str) -> bool {
        let words = |limit: &Limit| limit.keys.iter().chain(&limit.named).any(|word| text.contains(word.as_str()));
        self.0.iter().any(|gateway| gateway.limits.iter().any(words))
    }
}

/// A limit at a gateway, and what it stands in front of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Guard {
    control: ControlKind,
    evidence: Evidence,
    /// Prefixes of paths; all, if there are none.
    paths: Vec<String>,
    /// Where requests go: names of services, or addresses.
    hosts: Vec<String>,
}

/// Adds to the table what gateways do.
pub fn guard(surfaces: &mut Surfaces, project: &Project, files: &[SourceFile], gateways: &Gateways) {
    if surfaces.surfaces.is_empty() {
        return;
    }
    let read = |file: &SourceFile| -> Option<ConfigFacts> {
        Some(config::parse(&file.path, &file.text, config::format_of(&file.path)?).0)
    };
    let mut guards = BTreeSet::new();
    for file in files.iter().filter(|file| file.class == PathClass::Production && gateways.speaks_of(&file.text)) {
        let Some(facts) = read(file) else { continue };
        for gateway in gateways.0.iter().filter(|gateway| gateway.formats.contains(&facts.format)) {
            guards.extend(scan::guards(gateway, &file.path, &facts));
        }
    }
    if guards.is_empty() {
        return;
    }
    let composed = files.iter().filter(|file| file.path.contains("compose"));
    let fronts = Fronts::new(composed.filter_map(|file| Some((file.path.as_str(), read(file)?))));
    for surface in &mut surfaces.surfaces {
        let path = project.program.facts(surface.entry.file).path.to_string();
        for guard in &guards {
            apply(guard, surface, fronts.tell(guard, &path, surface.entry.full_route().as_deref()));
        }
    }
}

fn apply(guard: &Guard, surface: &mut Surface, told: Told) {
    if told == Told::No {
        return;
    }
    let Some(control) = surface.controls.get_mut(&guard.control) else { return };
    let is_whole = told == Told::Yes && guard.control == ControlKind::RateLimit;
    let Control { status, evidence } = control;
    *status = match *status {
        Status::Absent | Status::Unknown if is_whole => Status::Present,
        Status::Partial if is_whole => Status::Present,
        Status::Absent => Status::Partial,
        other => other,
    };
    let mut seen = guard.evidence.clone();
    if told == Told::Perhaps {
        seen.what.push_str("; which code it fronts cannot be told");
    }
    if *status != Status::NotApplicable && !evidence.contains(&seen) {
        evidence.push(seen);
        evidence.sort();
    }
}

#[cfg(test)]
mod tests {
    use super::Gateways;

    #[test]
    fn the_embedded_data_loads() {
        assert!(Gateways::embedded().is_ok_and(|gateways| gateways.0.len() > 4));
    }
}
