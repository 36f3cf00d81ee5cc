//! A library of attack cases: how many, of which categories, with which responses, and whether a release is held back
//! by them.
//!
//! Cases are rows of a table, entries of a tool's configuration, cases that a tool generates, or literals of test code
//! that read like attacks. A file that is merely named for attacks holds none.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use serde::Deserialize;

use super::pipeline::{self, Workflow};
use super::{Held, code, own_files, table};
use crate::finding::Location;
use crate::lang::config::ConfigFacts;
use crate::rules::card::Detect;
use crate::rules::engines::words::{Statement, Words};
use crate::rules::run::Context;
use crate::source::{Language, PathClass, SourceFile, Span};
use crate::surface::Evidence;

/// Fewer cases than this are a try, not a library.
const LIBRARY_MIN: usize = 3;
/// Longer texts are documents.
const CASE_MAX: usize = 4_000;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Params {
    /// What it is, as a message names it.
    what: String,
    judge: Judge,
    /// Paths of files that are about attacks.
    named: Words,
    /// Paths of code whose literals are cases rather than patterns of a filter.
    tests: Words,
    /// How attacks read, by category.
    attacks: Vec<Statement>,
    columns: Columns,
    generated: Vec<Generated>,
    /// Modules of tools that attack.
    imports: Words,
    /// Commands that run cases.
    runs: Words,
    /// Commands that run all tests.
    test_runs: Words,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Judge {
    /// That there are cases at all.
    Presence,
    /// That they are enough, and gate a release.
    Strength,
}

/// Names of a table's columns.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Columns {
    prompt: Vec<String>,
    category: Vec<String>,
    response: Vec<String>,
}

/// Cases that a tool makes from its configuration.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Generated {
    /// Paths to the generators; each is a category.
    each: String,
    /// Path to the number that each makes.
    #[serde(default)]
    times: Option<String>,
    /// That number where it is not stated.
    otherwise: usize,
}

/// The cases of one file.
#[derive(Default)]
struct Library {
    cases: usize,
    categories: BTreeSet<String>,
    /// Whether the expected or recorded response of each is stated.
    has_responses: bool,
    /// Whether they are literals of test code.
    is_code: bool,
}

type Libraries = BTreeMap<String, Library>;

/// The cases of a repository by what was asked for: cards that judge the same cases look for them once.
#[derive(Default)]
pub(in crate::rules) struct Cases(Mutex<Vec<(String, Arc<Libraries>)>>);

impl Cases {
    fn get(&self, params: &Params, detect: &Detect, cx: &Context<'_>) -> Arc<Libraries> {
        let mut asked = detect.params.clone();
        asked.remove("judge");
        let asked = serde_json::Value::Object(asked).to_string();
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, found)) = known.iter().find(|(before, _)| *before == asked) {
            return Arc::clone(found);
        }
        let found = Arc::new(libraries(params, cx));
        known.push((asked, Arc::clone(&found)));
        found
    }
}

fn libraries(params: &Params, cx: &Context<'_>) -> Libraries {
    let any = Words::any_of(params.attacks.iter().map(|attack| &attack.any));
    let libraries = own_files(cx).map(|(index, file)| (file, library(params, &any, cx, index, file)));
    libraries.filter(|(_, library)| library.cases > 0).map(|(file, library)| (file.path.clone(), library)).collect()
}

/// `None` where there is nothing whose strength could be judged.
pub(super) fn judge(params: &Params, detect: &Detect, cx: &Context<'_>) -> Option<Held> {
    let found = cx.cases.get(params, detect, cx);
    let workflows = pipeline::workflows(cx);
    let tools = tool_runs(params, cx, &workflows);
    let total: usize = found.values().map(|library| library.cases).sum();
    if total < LIBRARY_MIN && tools.is_empty() {
        return (params.judge == Judge::Presence).then(|| Held::absent(&params.what));
    }
    let lacks = match params.judge {
        Judge::Presence => Vec::new(),
        Judge::Strength => lacks(params, cx, &found, &workflows, !tools.is_empty()),
    };
    let mut shown: Vec<Evidence> = found.iter().map(|(path, library)| evidence(path, library)).collect();
    shown.extend(tools);
    Some(Held::of(&params.what, shown, lacks))
}

fn evidence(path: &str, library: &Library) -> Evidence {
    let (cases, kinds) = (library.cases, library.categories.len());
    let responses = if library.has_responses { ", with responses" } else { "" };
    let what = format!("{cases} cases of {kinds} categories in `{path}`{responses}");
    Evidence { at: Location { path: path.to_owned(), span: Span::new(0, 0) }, what, value: Some(cases.to_string()) }
}

fn lacks(
    params: &Params,
    cx: &Context<'_>,
    found: &Libraries,
    workflows: &[Workflow<'_>],
    has_tool: bool,
) -> Vec<String> {
    let policy = |name: &str, otherwise: f64| cx.catalogue.policy("PS-1", name).unwrap_or(otherwise) as usize;
    let (cases_min, kinds_min) = (policy("cases-min", 10.0), policy("patterns-min", 5.0));
    let total: usize = found.values().map(|library| library.cases).sum();
    let kinds: BTreeSet<&String> = found.values().flat_map(|library| &library.categories).collect();
    let mut lacks = Vec::new();
    if total < cases_min && !has_tool {
        lacks.push(format!("hold {total} of {cases_min} cases"));
    }
    if kinds.len() < kinds_min && !has_tool {
        lacks.push(format!("cover {} of {kinds_min} attack categories", kinds.len()));
    }
    if !has_tool && !found.values().any(|library| library.has_responses || library.is_code) {
        lacks.push("record no response".to_owned());
    }
    match runs(params, cx, found, workflows) {
        Run::Gating => {}
        Run::Elsewhere => lacks.push("run in no workflow that a change or a release sets off".to_owned()),
        Run::Never => lacks.push("are run by no workflow".to_owned()),
    }
    lacks
}

/// How cases are run.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Run {
    Never,
    /// By a timer or by hand.
    Elsewhere,
    /// Where a change or a release can be held back.
    Gating,
}

fn runs(params: &Params, cx: &Context<'_>, found: &Libraries, workflows: &[Workflow<'_>]) -> Run {
    let has_code = found.iter().any(|(path, library)| {
        library.is_code && cx.files.iter().any(|file| file.path == *path && is_test(params, file))
    });
    let names: Vec<&str> = found.keys().map(|path| path.rsplit('/').next().unwrap_or(path)).collect();
    let folders: Vec<&str> = found
        .keys()
        .filter_map(|path| path.rsplit_once('/'))
        .map(|(folder, _)| folder)
        .filter(|f| f.len() > 4)
        .collect();
    let scripts = Scripts::new(cx);
    let mut best = Run::Never;
    for workflow in workflows {
        let is_run = workflow.steps.iter().any(|step| {
            let text = scripts.expanded(cx, &step.text);
            params.runs.is_match(&text)
                || names.iter().chain(&folders).any(|name| text.contains(name))
                || (has_code && params.test_runs.is_match(&text))
        });
        if is_run {
            best = best.max(if workflow.gates { Run::Gating } else { Run::Elsewhere });
        }
    }
    best
}

/// The files that commands may name, found once: a workflow has many commands, and a repository many files.
struct Scripts<'a> {
    by_path: BTreeMap<&'a str, usize>,
    manifests: BTreeSet<usize>,
    makefiles: BTreeSet<usize>,
}

impl<'a> Scripts<'a> {
    fn new(cx: &Context<'a>) -> Self {
        let named = |wanted: &str| {
            let files = cx.files.iter().enumerate();
            files.filter(|(_, file)| file.path.rsplit('/').next() == Some(wanted)).map(|(index, _)| index).collect()
        };
        Scripts {
            by_path: cx.files.iter().enumerate().map(|(index, file)| (file.path.as_str(), index)).collect(),
            manifests: named("package.json"),
            makefiles: named("Makefile"),
        }
    }

    /// A command with the scripts that it names put beside it.
    fn expanded(&self, cx: &Context<'_>, command: &str) -> String {
        let words: Vec<&str> = command.split(|c: char| c.is_whitespace() || c == ';').collect();
        let runs_scripts = words.iter().any(|word| matches!(*word, "npm" | "pnpm" | "yarn" | "bun" | "npx"));
        let mut named: BTreeSet<usize> = BTreeSet::new();
        if runs_scripts {
            named.extend(&self.manifests);
        }
        if words.contains(&"make") {
            named.extend(&self.makefiles);
        }
        for word in &words {
            // A path may be written from elsewhere: `./run.sh`, `$ROOT/run.sh`.
            named.extend(word.char_indices().filter_map(|(at, _)| self.by_path.get(&word[at..])));
        }
        let mut out = command.to_owned();
        for index in named {
            let file = &cx.files[index];
            if !runs_scripts || !self.manifests.contains(&index) {
                out.push('\n');
                out.push_str(&file.text[..file.text.floor_char_boundary(20_000)]);
                continue;
            }
            let Some(scripts) = cx.configs.of(index, file).and_then(|facts| facts.get("scripts")) else { continue };
            let called = scripts.entries().iter().filter(|entry| words.contains(&entry.key.as_str()));
            for text in called.filter_map(|entry| entry.value.as_str()) {
                out.push('\n');
                out.push_str(text);
            }
        }
        out
    }
}

/// Steps that run a tool with attacks of its own, and code that imports one.
fn tool_runs(params: &Params, cx: &Context<'_>, workflows: &[Workflow<'_>]) -> Vec<Evidence> {
    let mut found = Vec::new();
    for (index, file) in own_files(cx).filter(|(_, file)| file.language.is_code()) {
        let import = cx.imports.of(index, file).find(|(_, module)| params.imports.is_match(module));
        found.extend(import.map(|(span, module)| Evidence {
            at: Location { path: file.path.clone(), span },
            what: format!("`{module}` attacks in `{}`", file.path),
            value: None,
        }));
    }
    for workflow in workflows {
        let step = workflow.steps.iter().find(|step| params.runs.is_match(&step.text));
        found.extend(step.map(|step| Evidence {
            at: Location { path: workflow.file.path.clone(), span: step.span },
            what: format!("attacks run by `{}`", workflow.file.path),
            value: None,
        }));
    }
    found
}

fn library(params: &Params, any: &Words, cx: &Context<'_>, index: usize, file: &SourceFile) -> Library {
    let is_named = params.named.is_match(&file.path);
    if file.language.is_code() {
        return if is_test(params, file) { literals(params, any, file) } else { Library::default() };
    }
    let mut library = Library::default();
    if file.language == Language::Config
        && let Some(facts) = cx.configs.of(index, file)
    {
        generated(params, facts, &mut library);
    }
    if matches!(file.class, PathClass::Production | PathClass::Test | PathClass::Example) {
        rows(params, any, cx, (index, file), is_named, &mut library);
    }
    library
}

fn is_test(params: &Params, file: &SourceFile) -> bool {
    file.class == PathClass::Test || params.tests.is_match(&file.path)
}

fn generated(params: &Params, facts: &ConfigFacts, library: &mut Library) {
    for maker in &params.generated {
        let times = maker.times.as_ref().and_then(|path| facts.get(path)?.as_f64());
        let times = times.map_or(maker.otherwise, |times| times as usize);
        for selected in facts.select(&maker.each) {
            let own = selected.node.key("numTests").and_then(|node| node.as_f64()).map(|own| own as usize);
            let name = selected.node.as_str().or_else(|| selected.node.get("id")?.as_str());
            library.cases += own.unwrap_or(times);
            library.categories.extend(name.map(str::to_owned));
            library.has_responses = true;
        }
    }
}

/// Rows that are cases: in a file for attacks each row with a prompt, elsewhere each that reads like an attack.
fn rows(
    params: &Params,
    any: &Words,
    cx: &Context<'_>,
    (index, file): (usize, &SourceFile),
    is_named: bool,
    library: &mut Library,
) {
    let columns = &params.columns;
    let value = |row: &table::Row, names: &[String]| {
        let found = row.iter().find(|(key, text)| names.iter().any(|name| name == key) && !text.trim().is_empty());
        found.map(|(_, text)| text.clone())
    };
    let mut responses = 0;
    let mut own = 0;
    for row in table::rows(cx, index, file) {
        let bare = row.iter().find(|(key, _)| key.is_empty()).map(|(_, text)| text.clone());
        let Some(prompt) = value(&row, &columns.prompt).or(bare) else { continue };
        let category = value(&row, &columns.category);
        let kinds = categories(params, any, &prompt);
        if kinds.is_empty() && !(is_named && category.is_some()) {
            continue;
        }
        own += 1;
        library
            .categories
            .extend(category.map(|name| name.trim().to_ascii_lowercase()).or_else(|| kinds.into_iter().next()));
        responses += usize::from(value(&row, &columns.response).is_some());
    }
    library.cases += own;
    library.has_responses |= own > 0 && responses * 2 >= own;
}

/// The categories of attack that a text reads like.
fn categories(params: &Params, any: &Words, text: &str) -> Vec<String> {
    // Nearly no text is one, which one look tells.
    if text.len() > CASE_MAX || !any.is_match(text) {
        return Vec::new();
    }
    let fitting = params.attacks.iter().filter(|attack| attack.any.is_match(text));
    fitting.map(|attack| attack.is.clone()).collect()
}

/// Different literals of a code file that read like attacks. Read from the text: tests are not lowered, as nothing that
/// ships runs them.
fn literals(params: &Params, any: &Words, file: &SourceFile) -> Library {
    let mut texts = BTreeSet::new();
    let mut library = Library { is_code: true, ..Library::default() };
    for text in code::strings(&file.text) {
        let kinds = categories(params, any, text);
        if !kinds.is_empty() && texts.insert(text) {
            library.cases += 1;
            library.categories.extend(kinds.into_iter().next());
        }
    }
    library
}
