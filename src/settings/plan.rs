//! What a team wrote down about its launch, checked against the checklist: profile, thresholds, owners, statements and
//! decisions.
//!
//! A name that the checklist does not know is an error with its line and the nearest name: a decision about an item that
//! does not exist would excuse nothing and look as if it did.

use std::collections::BTreeMap;

use serde_json::Value;

use super::config::{AttestationEntry, Config, ConfigError, DecisionEntry, ItemEntry, Origin};
use super::decision::{Decision, Ruling, Scope};
use super::{Date, PathGlobs};
use crate::catalogue::{Catalogue, Emphasis, Item};
use crate::data::nearest;

/// The fewest characters that name a finding.
const SHORTEST_NAME: usize = 8;

/// A statement about what reading a repository cannot show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attestation {
    /// The checklist item.
    pub item: String,
    /// Who says so.
    pub who: String,
    /// The day it was said.
    pub when: Date,
    /// What the team can show.
    pub artefact: String,
    /// The last day it counts.
    pub review_by: Date,
    /// What is stated.
    pub statement: Option<String>,
    /// The line of the project file it starts on.
    pub line: usize,
}

/// Everything of the project file that is about the launch.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// The project file as seen from the scanned root, if there is one.
    pub file: Option<String>,
    /// Whether that file stands below the scanned root.
    pub is_scanned: bool,
    /// The kind of product.
    pub profile: Option<String>,
    /// What is said about items and groups, by id.
    pub items: BTreeMap<String, ItemEntry>,
    /// Thresholds by item and name.
    pub policy: BTreeMap<String, BTreeMap<String, f64>>,
    /// Values for rules, by rule and key.
    pub options: BTreeMap<String, BTreeMap<String, Value>>,
    /// Statements, in the order of the file.
    pub attestations: Vec<Attestation>,
    /// Decisions, in the order of the file.
    pub decisions: Vec<Decision>,
}

/// Who answers for an item and when it must hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standard {
    /// Who makes it hold.
    pub owner: String,
    /// Who confirms it.
    pub reviewer: String,
    /// When it must hold and how bad it is if it does not.
    pub emphasis: Emphasis,
}

impl Plan {
    /// Checks the parts of a configuration that are about the launch. Rule ids are left to whoever knows the rules.
    pub fn new(config: &Config, origin: Origin<'_>, catalogue: &Catalogue) -> Result<Plan, ConfigError> {
        let check = Check { origin, catalogue };
        check.profile(config.profile.as_deref())?;
        check.policy(&config.policy)?;
        for id in config.items.keys() {
            check.item_or_group(id)?;
        }
        let attestations = config.attestations.iter().map(|entry| check.attestation(entry));
        let decisions = config.decisions.iter().map(|entry| check.decision(entry));
        Ok(Plan {
            file: None,
            is_scanned: false,
            profile: config.profile.clone(),
            items: config.items.clone(),
            policy: config.policy.clone(),
            options: config.rules.options.clone(),
            attestations: attestations.collect::<Result<_, _>>()?,
            decisions: decisions.collect::<Result<_, _>>()?,
        })
    }

    /// What holds for an item: the item's own entry, then its group's, then the profile's, then the checklist's.
    pub fn standard(&self, item: &Item, catalogue: &Catalogue) -> Standard {
        let group = catalogue.group_of(&item.id);
        let profile = self.profile.as_deref().and_then(|id| catalogue.profile(id));
        let usual = catalogue.emphasis(item, profile);
        let entries = [Some(item.id.as_str()), group.map(|group| group.id.as_str())];
        let entries: Vec<&ItemEntry> = entries.into_iter().flatten().filter_map(|id| self.items.get(id)).collect();
        let role = |own: fn(&ItemEntry) -> Option<&String>, usual: Option<&String>| {
            entries.iter().find_map(|entry| own(entry)).or(usual).cloned().unwrap_or_default()
        };
        Standard {
            owner: role(|entry| entry.owner.as_ref(), group.map(|group| &group.owner)),
            reviewer: role(|entry| entry.reviewer.as_ref(), group.map(|group| &group.reviewer)),
            emphasis: Emphasis {
                track: entries.iter().find_map(|entry| entry.track).unwrap_or(usual.track),
                severity: entries.iter().find_map(|entry| entry.severity).unwrap_or(usual.severity),
            },
        }
    }
}

struct Check<'a> {
    origin: Origin<'a>,
    catalogue: &'a Catalogue,
}

impl Check<'_> {
    fn unknown<'k>(&self, what: &str, word: &str, known: impl IntoIterator<Item = &'k str>) -> ConfigError {
        let known: Vec<&str> = known.into_iter().collect();
        let hint = match nearest(word, known.iter().copied()) {
            Some(name) => format!("did you mean `{name}`?"),
            None => format!("there are {}", known.join(", ")),
        };
        let message = format!("there is no {what} `{word}`");
        ConfigError { line: self.origin.line_of(word), message, hint: Some(hint) }
    }

    fn profile(&self, id: Option<&str>) -> Result<(), ConfigError> {
        match id {
            Some(id) if self.catalogue.profile(id).is_none() => {
                Err(self.unknown("profile", id, self.catalogue.profiles.iter().map(|profile| profile.id.as_str())))
            }
            _ => Ok(()),
        }
    }

    fn item(&self, id: &str) -> Result<&Item, ConfigError> {
        let unknown = || self.unknown("checklist item", id, self.catalogue.items().map(|item| item.id.as_str()));
        self.catalogue.item(id).ok_or_else(unknown)
    }

    fn item_or_group(&self, id: &str) -> Result<(), ConfigError> {
        let is_group = self.catalogue.groups.iter().any(|group| group.id == id);
        if is_group { Ok(()) } else { self.item(id).map(drop) }
    }

    fn policy(&self, policy: &BTreeMap<String, BTreeMap<String, f64>>) -> Result<(), ConfigError> {
        for (id, values) in policy {
            let item = self.item(id)?;
            for (name, value) in values {
                if !item.policy.contains_key(name) {
                    return Err(self.unknown(
                        &format!("threshold of {id}"),
                        name,
                        item.policy.keys().map(String::as_str),
                    ));
                }
                if !value.is_finite() || *value < 0.0 {
                    let message = format!("the threshold `{name}` of {id} cannot be {value}");
                    return Err(ConfigError { line: self.origin.line_of(name), message, hint: None });
                }
            }
        }
        Ok(())
    }

    fn attestation(&self, entry: &toml::Spanned<AttestationEntry>) -> Result<Attestation, ConfigError> {
        let line = self.origin.line_at(entry.span().start);
        let entry = entry.get_ref();
        self.item(&entry.item)?;
        if entry.review_by < entry.when {
            let message = format!("the attestation of {} is to be reviewed before it is made", entry.item);
            return Err(ConfigError { line: Some(line), message, hint: Some("`review-by` lies after `when`".into()) });
        }
        Ok(Attestation {
            item: entry.item.clone(),
            who: entry.who.clone(),
            when: entry.when,
            artefact: entry.artefact.clone(),
            review_by: entry.review_by,
            statement: entry.statement.clone(),
            line,
        })
    }

    fn decision(&self, entry: &toml::Spanned<DecisionEntry>) -> Result<Decision, ConfigError> {
        let line = self.origin.line_at(entry.span().start);
        let entry = entry.get_ref();
        let wrong = |message: String| ConfigError { line: Some(line), message, hint: None };
        let needs = |key: &str, is_there: bool| match is_there {
            true => Ok(()),
            false => Err(wrong(format!("a decision `{}` needs `{key}`", entry.decision.label()))),
        };
        let (why, who, until) = match entry.decision {
            Ruling::Blocker => (entry.reason.as_ref(), entry.owner.as_ref(), None),
            Ruling::Mitigated => (entry.control.as_ref(), entry.owner.as_ref(), entry.deadline),
            Ruling::Accepted => (entry.reason.as_ref(), entry.approver.as_ref(), entry.expires),
        };
        let keys = match entry.decision {
            Ruling::Blocker => None,
            Ruling::Mitigated => Some(["control", "owner", "deadline"]),
            Ruling::Accepted => Some(["reason", "approver", "expires"]),
        };
        if let Some([first, second, third]) = keys {
            needs(first, why.is_some_and(|text| !text.trim().is_empty()))?;
            needs(second, who.is_some_and(|text| !text.trim().is_empty()))?;
            needs(third, until.is_some())?;
        }
        let scope = self.scope(entry).map_err(|error| ConfigError { line: Some(line), ..error })?;
        if scope.narrowness() == 0 {
            return Err(wrong("a decision needs `finding`, `rule`, `item` or `path`".into()));
        }
        Ok(Decision {
            ruling: entry.decision,
            scope,
            why: why.cloned(),
            who: who.cloned(),
            made: entry.made,
            until,
            line,
        })
    }

    fn scope(&self, entry: &DecisionEntry) -> Result<Scope, ConfigError> {
        if let Some(item) = &entry.item {
            self.item(item)?;
        }
        if let Some(name) = entry.finding.as_ref().filter(|name| name.len() < SHORTEST_NAME) {
            let message = format!("`{name}` is too short to name a finding: write at least {SHORTEST_NAME} characters");
            return Err(ConfigError { line: None, message, hint: None });
        }
        let path = entry.path.as_ref().map(|path| PathGlobs::new([path])).transpose();
        let path = path.map_err(|error| ConfigError { line: None, message: error.to_string(), hint: None })?;
        Ok(Scope {
            finding: entry.finding.as_ref().map(|name| name.to_ascii_lowercase()),
            rule: entry.rule.clone(),
            item: entry.item.clone(),
            path: path.map(|path| path.counted_from(self.origin.root)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Plan;
    use crate::catalogue::{Catalogue, Track};
    use crate::embedded::EMBEDDED;
    use crate::finding::Severity;
    use crate::settings::config::{Config, ConfigError, Origin};
    use crate::settings::decision::Ruling;

    fn plan(text: &str) -> Result<Plan, ConfigError> {
        let catalogue = Catalogue::load(EMBEDDED).expect("loads");
        Plan::new(&Config::parse(text)?, Origin { text, root: "" }, &catalogue)
    }

    const WHOLE: &str = r#"
profile = "rag"
[policy.MI-3]
requests-per-user-per-hour-max = 60
[items.MI]
owner = "Platform"
[items.MI-3]
track = "follow-up"
severity = "medium"
[[attestations]]
item = "IE-1"
who = "Ada"
when = 2026-01-05
artefact = "https://wiki.example/runbooks"
review-by = "2026-04-05"
[[decisions]]
decision = "mitigated"
item = "MI-3"
path = "services/old"
control = "the gateway limits requests"
owner = "Platform"
deadline = 2026-02-01
[[decisions]]
decision = "blocker"
rule = "secret-in-prompt"
"#;

    #[test]
    fn a_whole_file_becomes_a_plan() {
        let catalogue = Catalogue::load(EMBEDDED).expect("loads");
        let plan = plan(WHOLE).expect("the file is valid");
        let standard = |id: &str| plan.standard(catalogue.item(id).expect("known"), &catalogue);
        assert_eq!(standard("MI-3").owner, "Platform");
        assert_eq!(standard("MI-3").emphasis.track, Track::FollowUp);
        assert_eq!(standard("MI-3").emphasis.severity, Severity::Medium);
        assert_eq!(standard("MI-3").reviewer, "security engineer");
        assert_eq!(standard("DC-1").emphasis.track, Track::Blocking, "the profile says so");
        let [mitigated, blocker] = plan.decisions.as_slice() else { panic!("two decisions") };
        assert_eq!((mitigated.ruling, mitigated.line), (Ruling::Mitigated, 16));
        assert!(mitigated.scope.path.as_ref().is_some_and(|path| path.is_match("services/old/a.py")));
        assert_eq!(blocker.ruling, Ruling::Blocker);
        let used = catalogue.with_policy(&plan.policy);
        assert_eq!(used.policy("MI-3", "requests-per-user-per-hour-max"), Some(60.0));
    }

    #[test]
    fn what_cannot_be_meant_is_told_with_its_line() {
        let cases = [
            ("profile = \"chatbto\"", 1, "there is no profile `chatbto`", "did you mean `chatbot`?"),
            ("[policy.MI3]\nx = 1", 1, "there is no checklist item `MI3`", "did you mean `MI-3`?"),
            (
                "[policy.MI-3]\nrequests-per-user-per-hour = 1",
                2,
                "there is no threshold of MI-3 `requests-per-user-per-hour`",
                "did you mean `requests-per-user-per-hour-max`?",
            ),
            ("[items.ZZ-9]\nowner = \"x\"", 1, "there is no checklist item `ZZ-9`", "there are PS-1"),
            (
                "\n[[decisions]]\ndecision = \"accepted\"\nitem = \"MI-3\"",
                2,
                "a decision `accepted` needs `reason`",
                "",
            ),
            ("[[decisions]]\ndecision = \"blocker\"", 1, "a decision needs `finding`, `rule`, `item` or `path`", ""),
            ("[[decisions]]\ndecision = \"blocker\"\nfinding = \"abc\"", 1, "`abc` is too short", ""),
            ("[[decisions]]\ndecision = \"mitigatd\"", 2, "unknown variant `mitigatd`", "did you mean `mitigated`?"),
            ("[[attestations]]\nitem = \"IE-1\"\nwhen = 2026-13-01", 3, "", ""),
        ];
        for (text, line, message, hint) in cases {
            let error = plan(text).expect_err(text);
            assert!(error.message.contains(message), "{text}: {error}");
            assert_eq!(error.line, Some(line), "{text}: {error}");
            assert!(error.hint.unwrap_or_default().starts_with(hint), "{text}");
        }
    }
}
