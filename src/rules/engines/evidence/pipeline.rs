//! Workflows: what they run, when, and whether a step of a kind is among it.

use serde::Deserialize;

use super::{Held, own_files};
use crate::finding::Location;
use crate::lang::config::{ConfigFacts, Node};
use crate::rules::engines::words::Words;
use crate::rules::run::Context;
use crate::source::{SourceFile, Span};
use crate::surface::Evidence;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Params {
    /// What it is, as a message names it.
    what: String,
    /// A step that runs or uses one of these.
    steps: Words,
    /// Paths of files that switch the same on by being there.
    #[serde(default)]
    files: Words,
    /// The same in hooks that run on a developer's machine, which nobody is made to use.
    #[serde(default)]
    hooks: Words,
}

/// Something that a workflow does.
pub(super) struct Step {
    /// The command, action or image as written.
    pub(super) text: String,
    pub(super) span: Span,
}

/// A workflow file.
pub(super) struct Workflow<'a> {
    pub(super) file: &'a SourceFile,
    pub(super) steps: Vec<Step>,
    /// Whether a change or a release sets it off, so that it can stop one.
    pub(super) gates: bool,
}

pub(super) fn judge(params: &Params, cx: &Context<'_>) -> Held {
    let mut shown = Vec::new();
    for workflow in workflows(cx) {
        for step in workflow.steps.iter().filter(|step| params.steps.is_match(&step.text)) {
            let at = Location { path: workflow.file.path.clone(), span: step.span };
            shown.push(Evidence { at, what: format!("a step of `{}`", workflow.file.path), value: None });
        }
    }
    let switched_on = own_files(cx).filter(|(_, file)| params.files.is_match(&file.path));
    shown.extend(switched_on.map(|(_, file)| Evidence {
        at: Location { path: file.path.clone(), span: Span::new(0, 0) },
        what: format!("`{}`", file.path),
        value: None,
    }));
    if !shown.is_empty() {
        return Held::of(&params.what, shown, Vec::new());
    }
    let hooks = own_files(cx).filter(|(_, file)| is_hook(&file.path)).filter_map(|(_, file)| {
        let at = params.hooks.find(&file.text)?;
        let line = file.text[at..].lines().next().map_or(0, str::len);
        let at = Location { path: file.path.clone(), span: Span::new(at, at + line) };
        Some(Evidence { at, what: format!("a hook of `{}`", file.path), value: None })
    });
    let hooks: Vec<Evidence> = hooks.collect();
    if hooks.is_empty() {
        return Held::absent(&params.what);
    }
    let runs_hooks = workflows(cx).iter().flat_map(|w| &w.steps).any(|step| step.text.contains("pre-commit"));
    let lack = "runs on developers' machines only: no workflow makes sure of it".to_owned();
    Held::of(&params.what, hooks, if runs_hooks { Vec::new() } else { vec![lack] })
}

fn is_hook(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    name.starts_with(".pre-commit-config") || name.starts_with("lefthook") || path.contains(".husky/")
}

/// All workflows of the repository, whichever service runs them.
pub(super) fn workflows<'a>(cx: &Context<'a>) -> Vec<Workflow<'a>> {
    let read = |(index, file): (usize, &'a SourceFile)| {
        if !is_workflow(&file.path) {
            return None;
        }
        let facts = cx.configs.of(index, file)?;
        let steps = steps(facts);
        let gates = gates(&file.path, facts);
        (!steps.is_empty()).then_some(Workflow { file, steps, gates })
    };
    own_files(cx).filter_map(read).collect()
}

fn is_workflow(path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    let is_yaml = lower.ends_with(".yml") || lower.ends_with(".yaml");
    let places = [
        ".github/workflows/",
        ".github/actions/",
        ".gitlab-ci",
        ".circleci/",
        "azure-pipelines",
        "bitbucket-pipelines",
        ".drone",
        ".woodpecker",
        "cloudbuild",
        ".buildkite/",
    ];
    is_yaml && places.iter().any(|place| lower.contains(place))
}

fn steps(facts: &ConfigFacts) -> Vec<Step> {
    const KEYS: [&str; 10] =
        ["run", "uses", "script", "before_script", "command", "image", "bash", "task", "args", "include"];
    let mut found = Vec::new();
    for selected in facts.select("**") {
        let Some((key, _)) = selected.key.filter(|(key, _)| KEYS.contains(key)) else { continue };
        let nodes: Vec<&Node> = match selected.node.items() {
            [] => vec![selected.node],
            items => items.iter().collect(),
        };
        let texts = nodes.into_iter().filter_map(|node| Some((node.scalar().or_else(|| included(node))?, node.span)));
        found.extend(texts.map(|(text, span)| Step { text: format!("{key}: {text}"), span }));
    }
    found.sort_by_key(|step| step.span);
    found.dedup_by(|a, b| a.span == b.span);
    found
}

/// `include: - template: X`, `- component: X`.
fn included(node: &Node) -> Option<&str> {
    ["template", "component", "local", "name", "command"].iter().find_map(|key| node.key(key)?.scalar())
}

/// Whether a change, a merge or a release sets a workflow off. Services without triggers in the file run on every change.
fn gates(path: &str, facts: &ConfigFacts) -> bool {
    if !path.contains(".github/") {
        return true;
    }
    const GATING: [&str; 9] = [
        "push",
        "pull_request",
        "pull_request_target",
        "merge_group",
        "release",
        "workflow_call",
        "workflow_run",
        "deployment",
        "create",
    ];
    let on = facts.get("on").or_else(|| facts.get("true"));
    let Some(on) = on else { return false };
    let listed = on.items().iter().filter_map(Node::as_str).chain(on.as_str());
    let keyed = on.entries().iter().map(|entry| entry.key.as_str());
    listed.chain(keyed).any(|trigger| GATING.contains(&trigger))
}
