//! The rules and the taxonomies of a SARIF run, and the indices by which results refer to them.

use std::collections::BTreeSet;

use serde_json::json;
use serde_sarif::sarif::{
    MultiformatMessageString, PropertyBag, ReportingConfiguration, ReportingDescriptor, ReportingDescriptorReference,
    ReportingDescriptorRelationship, ToolComponent, ToolComponentReference,
};

use super::limits::{LONGEST_DESCRIPTION, TAGS};
use crate::finding::{Confidence, Severity};
use crate::report::Report;
use crate::rules::card::{RuleCard, Status};

/// The taxonomies, in the order in which a run lists them.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Taxonomy {
    Checklist,
    Cwe,
    Owasp,
}

const TAXONOMIES: [(Taxonomy, &str); 3] =
    [(Taxonomy::Checklist, "LaunchChecklist"), (Taxonomy::Cwe, "CWE"), (Taxonomy::Owasp, "OWASP-LLM-2025")];

/// Ids in the order in which the run lists them.
pub(super) struct Index<'a> {
    cards: Vec<&'a RuleCard>,
    items: Vec<String>,
    cwe: Vec<String>,
    owasp: Vec<String>,
}

impl<'a> Index<'a> {
    /// All rules but removed ones, the whole checklist, and what rules name of the public taxonomies.
    pub(super) fn new(report: &Report<'a>) -> Self {
        let is_live = |card: &&RuleCard| {
            card.status != Status::Removed || report.findings.iter().any(|finding| finding.rule == card.id)
        };
        let cards: Vec<_> = report.rules.iter().filter(is_live).collect();
        let cwe: BTreeSet<u32> = cards.iter().flat_map(|card| card.cwe.iter().copied()).collect();
        Index {
            items: report.checklist.items().map(|item| item.id.clone()).collect(),
            cwe: cwe.into_iter().map(cwe_id).collect(),
            owasp: report.rules.taxonomies.owasp_llm.keys().cloned().collect(),
            cards,
        }
    }

    /// Where a rule stands in the driver's rules.
    pub(super) fn rule(&self, id: &str) -> Option<i64> {
        let at = self.cards.iter().position(|card| card.id == id)?;
        i64::try_from(at).ok()
    }

    /// References to everything that a rule bears on.
    pub(super) fn taxa_of(&self, card: &RuleCard) -> Vec<ReportingDescriptorReference> {
        let items = card.checklist.iter().map(|id| self.reference(Taxonomy::Checklist, id));
        let cwe = card.cwe.iter().map(|number| self.reference(Taxonomy::Cwe, &cwe_id(*number)));
        let owasp = card.owasp.iter().map(|id| self.reference(Taxonomy::Owasp, id));
        items.chain(cwe).chain(owasp).collect()
    }

    fn reference(&self, taxonomy: Taxonomy, id: &str) -> ReportingDescriptorReference {
        let ids = match taxonomy {
            Taxonomy::Checklist => &self.items,
            Taxonomy::Cwe => &self.cwe,
            Taxonomy::Owasp => &self.owasp,
        };
        let at = ids.iter().position(|known| known == id);
        ReportingDescriptorReference {
            id: Some(id.to_owned()),
            index: at.and_then(|at| i64::try_from(at).ok()),
            tool_component: Some(component(taxonomy)),
            ..ReportingDescriptorReference::default()
        }
    }

    /// The taxonomies that rules refer to.
    pub(super) fn supported(&self) -> Vec<ToolComponentReference> {
        TAXONOMIES.iter().map(|(taxonomy, _)| component(*taxonomy)).collect()
    }

    /// The rules of the driver.
    pub(super) fn rules(&self, report: &Report<'_>) -> Vec<ReportingDescriptor> {
        self.cards.iter().map(|card| self.descriptor(report, card)).collect()
    }

    fn descriptor(&self, report: &Report<'_>, card: &RuleCard) -> ReportingDescriptor {
        let what = card.page.section("What it finds").unwrap_or(&card.summary);
        let relationship = |taxon| ReportingDescriptorRelationship {
            kinds: Some(vec!["relevant".to_owned()]),
            ..ReportingDescriptorRelationship::builder().target(taxon).build()
        };
        ReportingDescriptor {
            name: Some(pascal(&card.id)),
            deprecated_ids: (!card.aliases.is_empty()).then(|| card.aliases.clone()),
            short_description: Some(plain(&sentence(&card.summary))),
            full_description: Some(plain(&first_paragraph(what))),
            help: Some(help(report, card)),
            help_uri: report.tool.home.map(|home| format!("{}/rules/{}", home.trim_end_matches('/'), card.id)),
            default_configuration: Some(ReportingConfiguration {
                level: Some(json!(level(card.severity))),
                ..ReportingConfiguration::default()
            }),
            relationships: Some(self.taxa_of(card).into_iter().map(relationship).collect()),
            properties: Some(properties(card)),
            ..ReportingDescriptor::builder().id(card.id.as_str()).build()
        }
    }

    /// The taxonomies of the run.
    pub(super) fn taxonomies(&self, report: &Report<'_>) -> Vec<ToolComponent> {
        let checklist = report.checklist.items().map(|item| taxon(&item.id, &item.title, Some(&item.passes)));
        let names = &report.rules.taxonomies;
        let cwe = self.cards.iter().flat_map(|card| card.cwe.iter().copied()).collect::<BTreeSet<u32>>();
        let cwe = cwe.iter().filter_map(|number| Some(taxon(&cwe_id(*number), names.cwe.get(number)?, None)));
        let owasp = names.owasp_llm.iter().map(|(id, name)| taxon(id, name, None));
        let own = (report.checklist.version.to_string(), report.tool.name);
        let taxonomy = |(at, (_, name)): (usize, &(Taxonomy, &str)), about: &str, taxa, version: &str, by: &str| {
            ToolComponent {
                version: Some(version.to_owned()),
                organization: Some(by.to_owned()),
                short_description: Some(plain(about)),
                // Only the CWE list is cut to what rules name.
                is_comprehensive: Some(TAXONOMIES[at].0 != Taxonomy::Cwe),
                taxa: Some(taxa),
                ..ToolComponent::builder().name(*name).build()
            }
        };
        let named = |at: usize| (at, &TAXONOMIES[at]);
        vec![
            taxonomy(named(0), "The launch checklist.", checklist.collect(), &own.0, own.1),
            taxonomy(named(1), "Common Weakness Enumeration.", cwe.collect(), "4.18", "MITRE"),
            taxonomy(named(2), "OWASP Top 10 for LLM Applications.", owasp.collect(), "2025", "OWASP"),
        ]
    }
}

/// The severity word of SARIF.
pub(super) fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Note => "note",
    }
}

/// A plain text.
pub(super) fn plain(text: &str) -> MultiformatMessageString {
    MultiformatMessageString::builder().text(text).build()
}

fn component(taxonomy: Taxonomy) -> ToolComponentReference {
    let at = TAXONOMIES.iter().position(|(known, _)| *known == taxonomy);
    ToolComponentReference {
        name: at.map(|at| TAXONOMIES[at].1.to_owned()),
        index: at.and_then(|at| i64::try_from(at).ok()),
        ..ToolComponentReference::default()
    }
}

fn taxon(id: &str, name: &str, full: Option<&str>) -> ReportingDescriptor {
    ReportingDescriptor {
        name: Some(pascal(name)),
        short_description: Some(plain(&sentence(name))),
        full_description: full.map(|text| plain(text.trim())),
        ..ReportingDescriptor::builder().id(id).build()
    }
}

fn properties(card: &RuleCard) -> PropertyBag {
    let items = card.checklist.iter().map(|id| format!("checklist/{id}"));
    let cwe = card.cwe.iter().map(|number| format!("external/cwe/cwe-{number}"));
    let owasp = card.owasp.iter().map(|id| format!("owasp-llm/{}", id.replace(':', "-")));
    let tags = ["security".to_owned()].into_iter().chain(items).chain(cwe).chain(owasp);
    let precision = match card.confidence {
        Confidence::High => "high",
        Confidence::Medium => "medium",
        Confidence::Low => "low",
    };
    let (score, problem) = match card.severity {
        Severity::Critical => ("9.5", "error"),
        Severity::High => ("8.0", "error"),
        Severity::Medium => ("5.5", "warning"),
        Severity::Low => ("3.0", "recommendation"),
        Severity::Note => ("0.1", "recommendation"),
    };
    let more = [
        ("precision", json!(precision)),
        ("security-severity", json!(score)),
        ("problem.severity", json!(problem)),
        ("status", json!(card.status.label())),
    ];
    PropertyBag {
        tags: Some(tags.take(TAGS).collect()),
        additional_properties: more.into_iter().map(|(key, value)| (key.to_owned(), value)).collect(),
    }
}

/// The rule's page as help, with what it bears on in a table below; as plain text, what it finds and what to do.
fn help(report: &Report<'_>, card: &RuleCard) -> MultiformatMessageString {
    let section = |title| card.page.section(title).unwrap_or_default();
    let text = [section("What it finds"), section("Why it matters"), &card.remedy].join("\n\n");
    let mut markdown = card.page.text.trim().to_owned();
    if !card.checklist.is_empty() {
        markdown.push_str("\n\n| checklist | owner | reviewer |\n| --- | --- | --- |\n");
    }
    for id in &card.checklist {
        let title = report.checklist.item(id).map(|item| item.title.as_str()).unwrap_or_default();
        let (owner, reviewer) =
            report.checklist.group_of(id).map_or(("", ""), |group| (group.owner.as_str(), group.reviewer.as_str()));
        markdown.push_str(&format!("| {id} {title} | {owner} | {reviewer} |\n"));
    }
    MultiformatMessageString::builder().text(text).markdown(markdown).build()
}

fn cwe_id(number: u32) -> String {
    format!("CWE-{number}")
}

/// The words as one name, each with a capital.
pub(super) fn pascal(words: &str) -> String {
    let mut out = String::new();
    for word in words.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()) {
        let (head, tail) = word.split_at(1);
        out.push_str(&head.to_ascii_uppercase());
        out.push_str(tail);
    }
    out
}

fn sentence(text: &str) -> String {
    let text = text.trim();
    if text.ends_with(['.', '!', '?']) { text.to_owned() } else { format!("{text}.") }
}

/// The first paragraph on one line, cut at a word.
fn first_paragraph(text: &str) -> String {
    let mut out = String::new();
    for word in text.split("\n\n").next().unwrap_or_default().split_whitespace() {
        if out.len() + word.len() + 1 > LONGEST_DESCRIPTION {
            break;
        }
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    sentence(&out)
}
