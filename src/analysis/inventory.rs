//! What was linked, as an inventory: the coverage table, prompts, tools, stores, packages.

use sha2::{Digest, Sha256};

use super::table::Lines;
use super::{Linked, table};
use crate::inventory::{Inventory, Prompt, Spot, Used};
use crate::model::{CallKind, ModelSet, Setting};
use crate::project::GFn;
use crate::rules::prompts::Prompts;
use crate::source::{PathClass, SourceFile};
use crate::surface::{Given, LlmCall};

/// Names of files that make their folder a package.
const MANIFESTS: [&str; 6] =
    ["Cargo.toml", "package.json", "pyproject.toml", "setup.py", "setup.cfg", "requirements.txt"];

/// Describes a linked program; `files` are those it was linked from, sorted by path.
pub fn inventory(
    linked: &Linked,
    prompts: &Prompts,
    files: &[SourceFile],
    models: &ModelSet,
    llm_packages: Vec<String>,
) -> Inventory {
    let (tools, stores) = used(linked, files, models);
    Inventory {
        table: table(linked, files),
        named_models: linked.surfaces.llm_calls.iter().map(named_model).collect(),
        prompts: listed(prompts, files),
        tools,
        stores,
        packages: packages(files),
        llm_packages,
    }
}

/// The model that a call names, if a literal says it: what is told at run time has no name yet.
fn named_model(call: &LlmCall) -> Option<String> {
    match call.settings.get(&Setting::Model) {
        Some(Given::Literal(written)) => Some(written.text.clone()),
        _ => None,
    }
}

/// Prompts in files that ship, and those inline in code, by place.
fn listed(prompts: &Prompts, files: &[SourceFile]) -> Vec<Prompt> {
    let mut lines = Lines::new(files);
    let hash = |text: &str| Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    let mut listed: Vec<Prompt> = Vec::new();
    for prompt in prompts.files.iter().filter(|prompt| prompt.class == PathClass::Production) {
        listed.push(Prompt {
            at: Spot { file: prompt.path.clone(), line: 1 },
            kind: "file",
            name: prompt.path.rsplit('/').next().unwrap_or_default().to_owned(),
            sha256: files.get(prompt.file).map(|file| hash(&file.text)),
        });
    }
    for prompt in &prompts.inline {
        let at = lines.spot(&prompt.at);
        let name = format!("used at {}", lines.spot(&prompt.used_by));
        listed.push(Prompt { at, kind: "inline", name, sha256: None });
    }
    listed.sort();
    listed
}

/// Tools, and stores of any kind, each by place.
fn used(linked: &Linked, files: &[SourceFile], models: &ModelSet) -> (Vec<Used>, Vec<Used>) {
    let project = &linked.project;
    let mut lines = Lines::new(files);
    let (mut tools, mut stores) = (Vec::new(), Vec::new());
    for f in (0..project.program.fn_count()).map(GFn) {
        if project.program.class_of_path(project.program.file_of(f)) != PathClass::Production {
            continue;
        }
        for call in &project.api_calls[f.0 as usize] {
            let row = &models.calls[call.row as usize];
            let Some((kind, list)) = row.raw.is.and_then(|is| match is {
                CallKind::Tool => Some(("tool", &mut tools)),
                CallKind::Retrieval => Some(("retrieval", &mut stores)),
                CallKind::CacheRead | CallKind::CacheWrite | CallKind::CacheWrap => Some(("cache", &mut stores)),
                CallKind::Lookup => None,
                CallKind::Index => Some(("index", &mut stores)),
                CallKind::Memory | CallKind::Checkpointer => Some(("memory", &mut stores)),
                CallKind::Llm
                | CallKind::Embedding
                | CallKind::Moderation
                | CallKind::TokenCount
                | CallKind::Http
                | CallKind::Log
                | CallKind::PromptLoad => None,
            }) else {
                continue;
            };
            let site = project.site(call.site).at;
            let at = crate::surface::location(project, site);
            list.push(Used {
                at: lines.spot(&at),
                kind,
                callee: crate::surface::callee_text(project, site),
                library: library(models, row.file),
            });
        }
    }
    for list in [&mut tools, &mut stores] {
        list.sort();
        list.dedup();
    }
    (tools, stores)
}

/// A library by the first name that its model gives it.
fn library(models: &ModelSet, file: usize) -> String {
    models.files.get(file).and_then(|(_, file)| file.package.as_slice().first()).cloned().unwrap_or_default()
}

/// The folders of manifests, sorted; the scanned root is always one.
fn packages(files: &[SourceFile]) -> Vec<String> {
    let manifests = files.iter().filter(|file| file.class == PathClass::Production).filter_map(|file| {
        let (folder, name) = file.path.rsplit_once('/').unwrap_or(("", &file.path));
        MANIFESTS.contains(&name).then(|| folder.to_owned())
    });
    let mut folders: Vec<String> = manifests.chain([String::new()]).collect();
    folders.sort();
    folders.dedup();
    folders
}
