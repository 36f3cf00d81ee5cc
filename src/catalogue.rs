//! The launch checklist and the public taxonomies as data: groups, items, profiles, decisions, reference values.
//!
//! Loads and validates `rules/checklist.yml` and `rules/taxonomies.yml`. Says nothing about whether an item holds:
//! verdicts are judged elsewhere from findings and evidence.

mod taxonomies;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

pub use taxonomies::Taxonomies;

use crate::data::{self, DataError, Placed};
use crate::embedded;
use crate::finding::Severity;

/// Where the checklist stands among the embedded files.
pub const CHECKLIST: &str = "rules/checklist.yml";

/// When an item must hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Track {
    /// Before launch.
    Blocking,
    /// Soon after launch.
    FollowUp,
}

impl Track {
    /// The word used in files and reports.
    pub fn label(self) -> &'static str {
        match self {
            Track::Blocking => "blocking",
            Track::FollowUp => "follow-up",
        }
    }
}

/// What a finding means for an item.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// The item fails.
    #[default]
    Decides,
    /// The item holds in part.
    Weakens,
    /// The item fails unless somebody attests that what is missing lies elsewhere.
    Artefact,
    /// Worth knowing; changes nothing.
    Informs,
}

/// A control whose coverage of LLM entry points is evidence for an item.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Covered {
    /// The kind of control, as models write it.
    pub control: String,
    /// What an entry point with it is, as in `7 of 9 rate limited`.
    pub done: String,
    /// What an entry point without it means.
    #[serde(default)]
    pub role: Role,
}

/// One thing that must hold.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Stable id, such as `MI-3`.
    pub id: String,
    /// Its name.
    pub title: String,
    /// What happens where it does not hold.
    pub risk: String,
    /// What is true when it holds.
    pub passes: String,
    /// What a team can show for it.
    pub artefact: String,
    /// When it must hold, unless a profile or a project says otherwise.
    pub track: Track,
    /// How bad it is if it does not hold.
    pub severity: Severity,
    /// What reading a repository can establish.
    #[serde(rename = "static")]
    pub established: String,
    /// What only a dated, owned statement can establish; `None` if reading is enough.
    pub attest: Option<String>,
    /// Reference values by name.
    #[serde(default)]
    pub policy: BTreeMap<String, f64>,
    /// Controls that it asks of every LLM entry point.
    #[serde(default)]
    pub coverage: Vec<Covered>,
    /// What findings of rules mean for it, where their severity does not tell.
    #[serde(default)]
    pub roles: BTreeMap<String, Role>,
}

/// Items of one concern, with the roles that answer for them.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// Stable id: the part of its items' ids before the dash.
    pub id: String,
    /// Its name.
    pub title: String,
    /// Who makes its items hold.
    pub owner: String,
    /// Who confirms it.
    pub reviewer: String,
    /// Its items, in order.
    pub items: Vec<Item>,
}

/// What a profile or a project sets for one item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Emphasis {
    /// When it must hold.
    pub track: Track,
    /// How bad it is if it does not hold.
    pub severity: Severity,
}

/// What one kind of product needs beyond the defaults.
#[derive(Clone, Debug)]
pub struct Profile {
    /// Stable id, such as `rag`.
    pub id: String,
    /// The kind of product.
    pub title: String,
    /// What it sets, by item id.
    pub items: BTreeMap<String, Emphasis>,
}

/// What a team may decide about a failing item.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// What deciding so means.
    pub means: String,
    /// How long the decision holds unless a project sets a date.
    pub days: Option<u32>,
}

/// The three decisions.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decisions {
    /// Fixed before launch.
    pub blocker: Decision,
    /// A compensating control with a deadline.
    pub mitigated: Decision,
    /// A tolerated risk with an expiry.
    pub accepted: Decision,
}

/// Work that comes round.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cadence {
    /// The work.
    pub what: String,
    /// Days between two times.
    pub days: u32,
}

/// A number worth following over time.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measure {
    /// Stable id.
    pub id: String,
    /// What it counts.
    pub means: String,
}

/// The whole checklist.
#[derive(Clone, Debug)]
pub struct Catalogue {
    /// Version of the catalogue's content.
    pub version: u32,
    /// Groups, in order.
    pub groups: Vec<Group>,
    /// What a team may decide.
    pub decisions: Decisions,
    /// Profiles, in order.
    pub profiles: Vec<Profile>,
    /// Work that comes round.
    pub cadence: Vec<Cadence>,
    /// Numbers worth following.
    pub measures: Vec<Measure>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCatalogue {
    version: u32,
    groups: Vec<Group>,
    decisions: Decisions,
    profiles: Vec<RawProfile>,
    cadence: Vec<Cadence>,
    measures: Vec<Measure>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawProfile {
    id: String,
    title: String,
    items: BTreeMap<String, Placed<Emphasis>>,
}

impl Catalogue {
    /// Loads the checklist from data files sorted by path.
    pub fn load(files: &[(&str, &str)]) -> Result<Catalogue, Vec<DataError>> {
        // Several stages ask for the embedded one.
        static EMBEDDED: OnceLock<Catalogue> = OnceLock::new();
        if !std::ptr::eq(files, embedded::EMBEDDED) {
            return Catalogue::read(files);
        }
        if let Some(known) = EMBEDDED.get() {
            return Ok(known.clone());
        }
        Catalogue::read(files).map(|read| EMBEDDED.get_or_init(|| read).clone())
    }

    fn read(files: &[(&str, &str)]) -> Result<Catalogue, Vec<DataError>> {
        let text = embedded::file(files, CHECKLIST)
            .ok_or_else(|| vec![DataError::file(CHECKLIST, "the checklist is missing")])?;
        let raw: RawCatalogue = data::parse(CHECKLIST, text).map_err(|error| vec![error])?;
        let errors = problems(&raw);
        if errors.is_empty() { Ok(raw.into()) } else { Err(errors) }
    }

    /// All items in order.
    pub fn items(&self) -> impl Iterator<Item = &Item> {
        self.groups.iter().flat_map(|group| &group.items)
    }

    /// The item with this id.
    pub fn item(&self, id: &str) -> Option<&Item> {
        self.items().find(|item| item.id == id)
    }

    /// The group that an item belongs to.
    pub fn group_of(&self, item: &str) -> Option<&Group> {
        self.groups.iter().find(|group| group.items.iter().any(|known| known.id == item))
    }

    /// The profile with this id.
    pub fn profile(&self, id: &str) -> Option<&Profile> {
        self.profiles.iter().find(|profile| profile.id == id)
    }

    /// A reference value of an item.
    pub fn policy(&self, item: &str, name: &str) -> Option<f64> {
        self.item(item)?.policy.get(name).copied()
    }

    /// The same checklist with other reference values, by item and name; unknown names are left out.
    pub fn with_policy(mut self, policy: &BTreeMap<String, BTreeMap<String, f64>>) -> Catalogue {
        for item in self.groups.iter_mut().flat_map(|group| &mut group.items) {
            for (name, value) in policy.get(&item.id).into_iter().flatten() {
                if let Some(known) = item.policy.get_mut(name) {
                    *known = *value;
                }
            }
        }
        self
    }

    /// Track and severity of an item under a profile (or none).
    pub fn emphasis(&self, item: &Item, profile: Option<&Profile>) -> Emphasis {
        let own = Emphasis { track: item.track, severity: item.severity };
        profile.and_then(|profile| profile.items.get(&item.id)).copied().unwrap_or(own)
    }
}

impl From<RawCatalogue> for Catalogue {
    fn from(raw: RawCatalogue) -> Self {
        let profile = |raw: RawProfile| Profile {
            id: raw.id,
            title: raw.title,
            items: raw.items.into_iter().map(|(id, emphasis)| (id, emphasis.value)).collect(),
        };
        Catalogue {
            version: raw.version,
            groups: raw.groups,
            decisions: raw.decisions,
            profiles: raw.profiles.into_iter().map(profile).collect(),
            cadence: raw.cadence,
            measures: raw.measures,
        }
    }
}

fn problems(raw: &RawCatalogue) -> Vec<DataError> {
    let mut errors = Vec::new();
    let mut known = BTreeSet::new();
    for group in &raw.groups {
        for item in &group.items {
            if item.id.split('-').next() != Some(group.id.as_str()) {
                let message = format!("the item `{}` stands in group `{}`", item.id, group.id);
                errors.push(DataError::file(CHECKLIST, message));
            }
            if !known.insert(item.id.as_str()) {
                errors.push(DataError::file(CHECKLIST, format!("the item `{}` stands twice", item.id)));
            }
        }
    }
    for profile in &raw.profiles {
        for (id, emphasis) in profile.items.iter().filter(|(id, _)| !known.contains(id.as_str())) {
            let line = emphasis.line;
            errors.push(DataError::unknown(CHECKLIST, line, "checklist item", id, known.iter().copied()));
        }
    }
    errors
}

#[cfg(test)]
mod tests {
    use super::{CHECKLIST, Catalogue, Track};
    use crate::embedded::{EMBEDDED, file};

    #[test]
    fn the_shipped_checklist_is_whole() {
        let catalogue = Catalogue::load(EMBEDDED).expect("loads");
        assert_eq!(catalogue.groups.len(), 6);
        assert_eq!(catalogue.items().count(), 18);
        let blocking = catalogue.items().filter(|item| item.track == Track::Blocking).count();
        assert!((5..=7).contains(&blocking), "{blocking} items block a launch by default");
        assert_eq!(catalogue.policy("MI-3", "requests-per-user-per-hour-max"), Some(100.0));
        assert_eq!(catalogue.group_of("AC-2").map(|group| group.id.as_str()), Some("AC"));
    }

    #[test]
    fn a_profile_overrides_an_item_and_leaves_the_others() {
        let catalogue = Catalogue::load(EMBEDDED).expect("loads");
        let rag = catalogue.profile("rag");
        let [searched, versioned] = ["DC-1", "AC-3"].map(|id| catalogue.item(id).expect("known"));
        assert_eq!(catalogue.emphasis(searched, rag).track, Track::Blocking);
        assert_eq!(catalogue.emphasis(searched, None).track, Track::FollowUp);
        assert_eq!(catalogue.emphasis(versioned, rag).track, versioned.track);
    }

    #[test]
    fn an_unknown_item_in_a_profile_is_told_with_the_nearest() {
        let text = file(EMBEDDED, CHECKLIST).expect("shipped");
        let wrong = text.replacen("      PS-3: {track: blocking", "      PS3: {track: blocking", 1);
        let errors = Catalogue::load(&[(CHECKLIST, &wrong)]).expect_err("is wrong");
        let said = errors[0].to_string();
        assert!(said.ends_with("unknown checklist item `PS3`; did you mean `PS-3`?"), "{said}");
        assert!(errors[0].line.is_some());
    }
}
