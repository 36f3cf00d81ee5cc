//! The stages between reading and reporting, joined: facts, links, surfaces, rules.
//!
//! Generated and vendored files are not lowered: they are searched for credentials only. Neither is what does not ship,
//! unless something asks for it (see [`lower`]).

mod evidence;
mod inventory;
mod lower;
mod store;
mod table;
mod used;

use std::collections::BTreeMap;
use std::time::Duration;

use crate::catalogue::Catalogue;
use crate::embedded::EMBEDDED;
use crate::finding::Notice;
use crate::ir::Comment;
use crate::mask::Masks;
use crate::model::ModelSet;
use crate::project::{Manifest, Project};
use crate::rules;
use crate::rules::card::{RuleError, RuleSet};
use crate::rules::configs::Configs;
use crate::rules::credentials::Scanned;
use crate::rules::prompts::Prompts;
use crate::rules::run::{Clock, Context, Given, Judged, Read};
use crate::source::SourceFile;
use crate::surface::{self, Surfaces};
use crate::text::Patterns;

use lower::Asked;

pub use evidence::shown;
pub use inventory::inventory;
pub use lower::Extent;
pub use store::{FactStore, Key, decode, encode};
pub use table::{dump_calls, dump_facts, table};
pub use used::dump_models;

/// A program with its coverage table.
#[derive(Debug)]
pub struct Linked {
    /// The linked program.
    pub project: Project,
    /// Entry points, LLM calls and controls.
    pub surfaces: Surfaces,
    /// What the stages say about themselves.
    pub notices: Vec<Notice>,
    /// What was done.
    pub work: Work,
}

/// How much was done, in units that do not depend on the machine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Work {
    /// Files parsed.
    pub parsed: usize,
    /// Files whose facts an earlier run left.
    pub kept: usize,
    /// Steps of the linker: operations applied to values.
    pub steps: u64,
}

/// Everything a report needs to know of a run.
#[derive(Debug)]
pub struct Audit {
    /// The program and its coverage table.
    pub linked: Linked,
    /// What the rules say.
    pub judged: Judged,
    /// The prompt inventory.
    pub prompts: Prompts,
    /// By path, for every file whose comments were told from its text: those that hold the tool's name.
    pub comments: BTreeMap<String, Vec<Comment>>,
    /// How long each stage and each rule took, if a clock was given.
    pub timings: Vec<(String, Duration)>,
}

/// How a run is done. Nothing here changes what is found.
#[derive(Clone, Copy, Default)]
pub struct Options<'a> {
    /// Which files are parsed.
    pub extent: Extent,
    /// Tells the time, for timings.
    pub clock: Option<Clock<'a>>,
    /// The checklist with thresholds of the user's own, instead of the embedded one.
    pub catalogue: Option<&'a Catalogue>,
    /// Facts that earlier runs left.
    pub store: Option<&'a dyn FactStore>,
    /// What the run is told besides the repository.
    pub given: Option<&'a Given>,
}

/// Links files and runs every rule on them.
///
/// # Errors
///
/// A card that its engine does not understand.
pub fn audit(
    files: &[SourceFile],
    rules: &RuleSet,
    models: &ModelSet,
    patterns: &Patterns,
    given: &Given,
) -> Result<Audit, Vec<RuleError>> {
    audit_with(files, rules, models, patterns, Options { given: Some(given), ..Options::default() })
}

/// As [`audit`], done as told.
///
/// # Errors
///
/// A card that its engine does not understand.
pub fn audit_with(
    files: &[SourceFile],
    rules: &RuleSet,
    models: &ModelSet,
    patterns: &Patterns,
    options: Options<'_>,
) -> Result<Audit, Vec<RuleError>> {
    let mut stages = Stages { clock: options.clock, told: Vec::new() };
    let nothing = Given::default();
    let own;
    let catalogue = match options.catalogue {
        Some(given) => given,
        None => {
            own = Catalogue::load(EMBEDDED)?;
            &own
        }
    };
    let scanned = stages.measure("credentials", || Scanned::new(files, patterns));
    let asked = Asked {
        extent: options.extent,
        is_asked: &|index| scanned.is_any_in(index),
        store: options.store,
        is_secret: &|index| scanned.is_suspect(index),
    };
    let linked = link_stages(files, models, &asked, &mut stages);
    let Linked { project, surfaces, .. } = &linked;
    let (prompts, configs) = stages.measure("prompts", || (Prompts::find(files, project, models), Configs::new(files)));
    let credentials = stages.measure("placing", || scanned.place(files, &prompts));
    let read = Read { credentials: &credentials, prompts: &prompts, configs: &configs };
    let given = options.given.unwrap_or(&nothing);
    let cx = Context::new(files, models, (project, surfaces), read, catalogue, given).with_clock(options.clock);
    let mut judged = stages.measure("rules", || rules::run::run(rules, &cx))?;
    judged.notices.extend(linked.notices.iter().cloned());
    stages.told.extend(judged.timings.iter().map(|(rule, took)| (format!("rule {rule}"), *took)));
    let facts = project.program.files.iter().map(|f| &f.facts);
    let comments = facts.map(|f| (f.path.to_string(), f.comments.clone())).collect();
    Ok(Audit { linked, judged, prompts, comments, timings: stages.told })
}

/// Lowers, links and surveys files.
pub fn link(files: &[SourceFile], models: &ModelSet, extent: Extent) -> Linked {
    let asked = Asked { extent, is_asked: &|_| false, store: None, is_secret: &|_| true };
    link_stages(files, models, &asked, &mut Stages::default())
}

fn link_stages(files: &[SourceFile], models: &ModelSet, asked: &Asked<'_>, stages: &mut Stages<'_>) -> Linked {
    let manifests: Vec<Manifest> = files
        .iter()
        .filter(|f| Manifest::is_manifest(&f.path))
        .map(|f| Manifest { path: f.path.clone(), text: f.text.clone() })
        .collect();
    let lowered = stages.measure("facts", || lower::lower_all(files, &manifests, models, asked));
    let project = stages.measure("link", || Project::link(lowered.program, &manifests, models));
    let mut surfaces = stages.measure("surfaces", || surface::survey(&project, models));
    // The data ships inside the program, and a test loads it: without it, nothing is known of gateways.
    let gateways = surface::Gateways::embedded().unwrap_or_default();
    stages.measure("gateways", || surface::guard(&mut surfaces, &project, files, &gateways));
    let work = Work { parsed: lowered.parsed, kept: lowered.kept, steps: project.steps() };
    Linked { project, surfaces, notices: lowered.notices, work }
}

/// A text about files without the credentials that stand in them.
pub fn without_secrets(text: &str, files: &[SourceFile]) -> String {
    // The patterns ship inside the program, and a test loads them.
    let Ok(patterns) = Patterns::embedded() else { return String::new() };
    let places = Scanned::new(files, &patterns).hidden(files);
    let text_of = |path: &str| files.iter().find(|file| file.path == path).map(|file| file.text.as_str());
    let masks = Masks::collect(&[], &places, text_of).outside_paths(files.iter().map(|file| file.path.as_str()));
    masks.redact(text).into_owned()
}

/// Measures stages, if there is a clock.
#[derive(Default)]
struct Stages<'a> {
    clock: Option<Clock<'a>>,
    told: Vec<(String, Duration)>,
}

impl Stages<'_> {
    fn measure<T>(&mut self, stage: &str, work: impl FnOnce() -> T) -> T {
        let Some(clock) = self.clock else { return work() };
        let start = clock();
        let result = work();
        self.told.push((stage.to_owned(), clock().saturating_sub(start)));
        result
    }
}
