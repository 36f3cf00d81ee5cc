//! The `launchlint` binary: joins the command line and the analysis.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use launchlint::analysis::{self, FactStore, Options};
use launchlint::catalogue::Catalogue;
use launchlint::cli::{self, Answers, Outcome, Pack};
use launchlint::embedded::EMBEDDED;
use launchlint::finding::{Notice, NoticeKind};
use launchlint::fix;
use launchlint::model::ModelSet;
use launchlint::model::packages::{self, LlmNames};
use launchlint::report::Summary;
use launchlint::rules::card::RuleSet;
use launchlint::rules::run::Given;
use launchlint::settings::Settings;
use launchlint::source::SourceFile;
use launchlint::text::Patterns;

/// Parsing makes and drops millions of small pieces. The `override` feature serves the parsers' own code, too.
#[cfg(target_os = "linux")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    cli::main(EMBEDDED, &analyse)
}

/// Trees with less code than this many bytes are parsed sooner than their facts are looked up.
const WORTH_KEEPING: usize = 1 << 20;

fn analyse(settings: &Settings, rules: &RuleSet, files: &[SourceFile]) -> Outcome {
    let code: usize = files.iter().filter(|file| file.language.is_code()).map(|file| file.text.len()).sum();
    let folder = settings.cache.as_deref().filter(|_| code >= WORTH_KEEPING);
    let tree = settings.roots.first().map_or(Path::new("."), PathBuf::as_path);
    // An editor's server asks about texts that change with each key, and an inventory is more than an answer holds.
    let is_asked_again = !settings.is_long_lived && !settings.wants_inventory;
    let answers = folder.filter(|_| is_asked_again).and_then(|folder| Answers::open(folder, tree));
    let question = answers.as_ref().map(|_| cli::question(settings, files));
    let known = || answers.as_ref()?.get(question.as_ref()?);
    if let Some(known) = known() {
        return known;
    }
    let pack = folder.and_then(|folder| Pack::open(folder, tree));
    match try_analyse(settings, rules, files, pack.as_ref()) {
        Ok(outcome) => {
            if let (Some(answers), Some(question)) = (answers, question)
                && !pack.is_some_and(|pack| pack.is_damaged())
            {
                answers.put(&question, &outcome);
            }
            outcome
        }
        Err(errors) => {
            let notices = errors.into_iter().map(|e| Notice::file(NoticeKind::Internal, "", e)).collect();
            Outcome { notices, ..Outcome::default() }
        }
    }
}

fn try_analyse(
    settings: &Settings,
    rules: &RuleSet,
    files: &[SourceFile],
    pack: Option<&Pack>,
) -> Result<Outcome, Vec<String>> {
    let models = ModelSet::load(EMBEDDED).map_err(|e| lines(&e))?;
    let patterns = Patterns::embedded().map_err(|e| vec![e.to_string()])?;
    let catalogue = Catalogue::load(EMBEDDED).map_err(|e| lines(&e))?.with_policy(&settings.plan.policy);
    let given = Given { today: Some(settings.today), imported: settings.imported.clone() };
    let options = Options {
        clock: Some(&cli::clock),
        catalogue: Some(&catalogue),
        given: Some(&given),
        store: pack.map(|pack| pack as &dyn FactStore),
        ..Options::default()
    };
    let audit = analysis::audit_with(files, rules, &models, &patterns, options).map_err(|e| lines(&e))?;
    let names = LlmNames::load(EMBEDDED).map_err(|e| vec![e.to_string()])?;
    let unknown = packages::unknown(files, &models, &names);
    let surfaces = &audit.linked.surfaces;
    let summary = Summary {
        llm_calls: surfaces.llm_calls.len() as u64,
        entry_points: surfaces.entries.len() as u64,
        llm_entry_points: surfaces.surfaces.len() as u64,
        unknown_libraries: unknown.into_iter().map(|package| package.name).collect(),
        unresolved: audit.linked.project.unresolved,
        ..Summary::default()
    };
    let inventory = settings.wants_inventory.then(|| {
        let packages = packages::for_llms(files, &names).into_iter().map(|package| package.name).collect();
        analysis::inventory(&audit.linked, &audit.prompts, files, &models, packages)
    });
    let shown = analysis::shown(&audit.judged.proofs, files);
    let table = analysis::table(&audit.linked, files);
    let analysis::Audit { linked, mut judged, comments, timings, .. } = audit;
    if let Some(pack) = pack {
        pack.save();
        if pack.is_damaged() {
            let why = "what an earlier run kept of this tree's facts is damaged or of another version and was not used";
            judged.notices.push(Notice::file(NoticeKind::Ineffective, "", why));
        }
    }
    let analysis::Linked { project, surfaces, .. } = &linked;
    let cx = fix::Context { files, project, surfaces, models: &models, catalogue: &catalogue };
    let fixes = fix::fixes(&judged.findings, rules, &cx).map_err(|e| vec![e.to_string()])?;
    if !settings.is_long_lived {
        // The process ends soon: giving millions of small pieces back one by one takes longer than the system needs for all.
        std::mem::forget(linked);
    }
    Ok(Outcome {
        findings: judged.findings,
        notices: judged.notices,
        summary,
        table,
        fixes,
        comments,
        timings,
        checked: judged.checked,
        shown,
        inventory,
    })
}

fn lines<E: ToString>(errors: &[E]) -> Vec<String> {
    errors.iter().map(E::to_string).collect()
}
