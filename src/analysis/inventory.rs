//! What was linked, as an inventory: the coverage table, prompts, tools, stores, packages.

use sha2::{Digest, Sha256};

use super::{Linked, table};
use crate::inventory::{Inventory, Prompt, Spot, Used};
use crate::model::{CallKind, ModelSet};
use crate::project::GFn;
use crate::rules::prompts::Prompts;
use crate::source::{LineIndex, PathClass, SourceFile};

/// Names of files that make their folder a package.
const MANIFESTS: [&str; 6] =
    ["Cargo.toml", "package.json", "pyproject.toml", "setup.py", "setup.cfg", "requirements.txt"];

/// Describes a linked program; `files` are those it was linked from, sorted by path.
pub fn inventory(
    linked: &Linked,
    found: &Prompts,
    files: &[SourceFile],
    models: &ModelSet,
    llm_packages: Vec<String>,
) -> Inventory {
    let (tools, stores) = used(linked, files, models);
    Inventory {
        table: table(linked, files),
        prompts: prompts(found, files),
        tools,
        stores,
        packages: packages(files),
        llm_packages,
    }
}

/// Prompts in files that ship, and those that stand inline in code.
fn prompts(found: &Prompts, files: &[SourceFile]) -> Vec<Prompt> {
    let digest = |text: &str| Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    let in_files = found.files.iter().filter(|prompt| prompt.class == PathClass::Production).map(|prompt| Prompt {
        at: Spot { file: prompt.path.clone(), line: 1 },
        kind: "file",
        name: prompt.path.rsplit('/').next().unwrap_or_default().to_owned(),
        sha256: Some(digest(&files[prompt.file].text)),
    });
    let inline = found.inline.iter().filter_map(|prompt| {
        let file = files.iter().find(|file| file.path == prompt.at.path)?;
        let line = LineIndex::new(&file.text).line(prompt.at.span.start);
        let at = Spot { file: file.path.clone(), line };
        Some(Prompt { at, kind: "inline", name: format!("prompt of {}", prompt.used_by.path), sha256: None })
    });
    in_files.chain(inline).collect()
}

/// Tools, and stores of any kind, each by place.
fn used(linked: &Linked, files: &[SourceFile], models: &ModelSet) -> (Vec<Used>, Vec<Used>) {
    let project = &linked.project;
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
            let line = files
                .binary_search_by(|file| file.path.as_str().cmp(&at.path))
                .map_or(1, |index| LineIndex::new(&files[index].text).line(at.span.start));
            list.push(Used {
                at: Spot { file: at.path, line },
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
