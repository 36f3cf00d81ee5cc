//! Which places of configuration files are asked about, and conditions on them.

use serde::Deserialize;

use super::measure::{Compared, Measure};
use crate::catalogue::Catalogue;
use crate::lang::config::{ConfigFacts, Kind, Node};
use crate::rules::engines::words::Words;
use crate::source::{SourceFile, Span};

/// Places in files.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(in crate::rules::engines) struct Query {
    /// Expressions for the path.
    files: Words,
    /// Paths that are about something else.
    #[serde(default)]
    unless: Words,
    /// Texts one of which the file holds: tells cheaply that a file is not meant.
    #[serde(default)]
    holds: Vec<String>,
    /// Paths to the subjects.
    #[serde(default)]
    each: Vec<String>,
    /// Instead of paths: named values, however they are spelled, by their names.
    #[serde(default)]
    settings: Words,
    /// What must hold for a place to be a subject.
    #[serde(default)]
    when: Vec<Condition>,
}

/// Something that is so at a subject.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(in crate::rules::engines) struct Condition {
    /// Paths below the subject, or from the document's top if they start with `/`; the subject itself if left out.
    #[serde(default)]
    at: Vec<String>,
    /// Of what stands there, only entries with these keys; of a subject that is a single value, its own key.
    #[serde(default)]
    key: Option<Words>,
    /// Of the texts there, only the first that matches.
    #[serde(default)]
    first: Option<Words>,
    /// Its text matches.
    #[serde(default)]
    is: Option<Words>,
    /// Its text does not match.
    #[serde(default)]
    is_not: Option<Words>,
    /// Nothing stands there.
    #[serde(default)]
    absent: bool,
    /// Its number is beyond a bound.
    #[serde(default)]
    number: Option<Measure>,
}

/// How a condition came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::rules::engines) enum Verdict {
    /// It holds, at this place if it has one.
    Holds(Option<Span>),
    /// It does not.
    Fails,
    /// The value is not written here.
    Unknown,
}

/// A place that is asked about.
#[derive(Clone, Debug)]
pub(in crate::rules::engines) struct Subject<'a> {
    document: &'a Node,
    node: Option<&'a Node>,
    /// For named values in a list: the value's text.
    text: Option<&'a str>,
    name: &'a str,
    key: Option<Span>,
    span: Span,
    is_tagged: bool,
}

impl Subject<'_> {
    /// Its key, or a word for a place without one.
    pub(in crate::rules::engines) fn name(&self) -> &str {
        self.name
    }

    /// Where it is named.
    pub(in crate::rules::engines) fn place(&self) -> Span {
        self.key.unwrap_or(self.span)
    }
}

impl Query {
    /// Whether a file may hold subjects.
    pub(in crate::rules::engines) fn is_file(&self, file: &SourceFile) -> bool {
        self.files.is_match(&file.path)
            && !self.unless.is_match(&file.path)
            && (self.holds.is_empty() || self.holds.iter().any(|text| file.text.contains(text.as_str())))
    }

    /// All subjects of a file.
    pub(in crate::rules::engines) fn subjects<'a>(&self, facts: &'a ConfigFacts) -> Vec<Subject<'a>> {
        let mut found = Vec::new();
        for document in &facts.documents {
            for path in &self.each {
                let selected = if path == "." { Vec::new() } else { document.select(path) };
                found.extend(selected.into_iter().map(|selected| Subject {
                    document,
                    node: Some(selected.node),
                    text: None,
                    name: name_of(selected.node, selected.key.map(|(key, _)| key)),
                    key: selected.key.map(|(_, span)| span),
                    span: selected.node.span,
                    is_tagged: selected.node.tag.is_some(),
                }));
                if path == "." {
                    found.push(whole(document));
                }
            }
            let everything = if self.settings.is_empty() { Vec::new() } else { document.descendants() };
            for at in everything {
                let named = at.node.settings().into_iter().filter(|setting| self.settings.is_match(setting.name));
                found.extend(named.map(|setting| Subject {
                    document,
                    node: None,
                    text: Some(setting.value),
                    name: setting.name,
                    key: None,
                    span: setting.span,
                    is_tagged: setting.tag.is_some(),
                }));
            }
        }
        // Policies are a matter of faults; which places are subjects depends on texts only.
        found.retain(|subject| {
            self.when.iter().all(|condition| matches!(condition.holds(subject, None), Ok(Verdict::Holds(_))))
        });
        found
    }
}

fn whole(document: &Node) -> Subject<'_> {
    Subject {
        document,
        node: Some(document),
        text: None,
        name: name_of(document, None),
        key: None,
        span: Span::new(document.span.start as usize, document.span.start as usize),
        is_tagged: false,
    }
}

/// What a place is called: by its own name if it states one, else by its key.
fn name_of<'a>(node: &'a Node, key: Option<&'a str>) -> &'a str {
    let stated = ["name", "alert", "title", "uid", "id", "metadata.name"];
    let own =
        stated.iter().find_map(|path| node.get(path)?.as_str()).filter(|name| !name.is_empty() && name.len() < 80);
    key.or(own).unwrap_or("the file")
}

/// Whether all conditions hold; the place of the first that has one.
pub(in crate::rules::engines) fn all_hold(
    conditions: &[Condition],
    subject: &Subject<'_>,
    catalogue: &Catalogue,
) -> Result<Verdict, String> {
    let mut place = None;
    let mut is_known = true;
    for condition in conditions {
        match condition.holds(subject, Some(catalogue))? {
            Verdict::Holds(at) => place = place.or(at),
            Verdict::Fails => return Ok(Verdict::Fails),
            Verdict::Unknown => is_known = false,
        }
    }
    Ok(if is_known { Verdict::Holds(place) } else { Verdict::Unknown })
}

/// A text at a place, or the form of something that has none.
struct Spot<'a> {
    text: Option<&'a str>,
    span: Span,
    is_tagged: bool,
}

impl Condition {
    fn holds(&self, subject: &Subject<'_>, catalogue: Option<&Catalogue>) -> Result<Verdict, String> {
        let spots = self.spots(subject);
        if self.absent {
            return Ok(if spots.is_empty() { Verdict::Holds(None) } else { Verdict::Fails });
        }
        let mut verdict = Verdict::Fails;
        for spot in &spots {
            match self.fits(spot, catalogue)? {
                Verdict::Holds(at) => return Ok(Verdict::Holds(at)),
                Verdict::Unknown => verdict = Verdict::Unknown,
                Verdict::Fails => {}
            }
        }
        Ok(verdict)
    }

    fn spots<'a>(&self, subject: &Subject<'a>) -> Vec<Spot<'a>> {
        let spot = |node: &'a Node| Spot { text: node.scalar(), span: node.span, is_tagged: node.tag.is_some() };
        let mut found: Vec<Spot<'a>> = Vec::new();
        if self.at.is_empty() {
            match (subject.node, &self.key) {
                (Some(node), Some(key)) if node.scalar().is_some() => {
                    found.extend(key.is_match(subject.name).then(|| spot(node)));
                }
                (Some(node), Some(key)) => {
                    let fitting = node.entries().iter().filter(|entry| key.is_match(&entry.key));
                    let values = fitting.flat_map(|entry| match &entry.value.kind {
                        Kind::List(items) => items.iter().collect(),
                        _ => vec![&entry.value],
                    });
                    found.extend(values.map(spot));
                }
                (Some(node), None) => found.push(spot(node)),
                (None, Some(key)) if !key.is_match(subject.name) => {}
                (None, _) => {
                    found.push(Spot { text: subject.text, span: subject.span, is_tagged: subject.is_tagged });
                }
            }
        }
        for path in &self.at {
            let (from, path) = match path.strip_prefix('/') {
                Some(path) => (Some(subject.document), path),
                None => (subject.node, path.as_str()),
            };
            let selected = from.map(|node| node.select(path)).unwrap_or_default();
            let fitting = selected
                .into_iter()
                .filter(|one| self.key.as_ref().is_none_or(|key| one.key.is_some_and(|(name, _)| key.is_match(name))));
            found.extend(fitting.map(|one| spot(one.node)));
        }
        if let Some(first) = &self.first {
            let index = found.iter().position(|spot| spot.text.is_some_and(|text| first.is_match(text)));
            found = index.map(|index| found.swap_remove(index)).into_iter().collect();
        }
        found
    }

    fn fits(&self, spot: &Spot<'_>, catalogue: Option<&Catalogue>) -> Result<Verdict, String> {
        let text = spot.text.unwrap_or_default();
        let is_text = self.is.as_ref().is_none_or(|words| words.is_match(text))
            && self.is_not.as_ref().is_none_or(|words| !words.is_match(text));
        if !is_text {
            return Ok(Verdict::Fails);
        }
        let Some(number) = &self.number else { return Ok(Verdict::Holds(Some(spot.span))) };
        let Some(catalogue) = catalogue else { return Err("`number` belongs into a fault".to_owned()) };
        Ok(match number.compare(text, catalogue)? {
            Compared::Beyond => Verdict::Holds(Some(spot.span)),
            Compared::Within => Verdict::Fails,
            Compared::NoNumber if spot.is_tagged || text.contains("${") || text.contains("{{") => Verdict::Unknown,
            Compared::NoNumber => Verdict::Fails,
        })
    }
}
