//! The `launchlint` binary: joins the command line and the analysis.

use std::process::ExitCode;

use launchlint::analysis::{self, Options};
use launchlint::catalogue::Catalogue;
use launchlint::cli::{self, Outcome};
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

fn main() -> ExitCode {
    cli::main(EMBEDDED, &analyse)
}

fn analyse(settings: &Settings, rules: &RuleSet, files: &[SourceFile]) -> Outcome {
    try_analyse(settings, rules, files).unwrap_or_else(|errors| {
        let notices = errors.into_iter().map(|e| Notice::file(NoticeKind::Internal, "", e)).collect();
        Outcome { notices, ..Outcome::default() }
    })
}

fn try_analyse(settings: &Settings, rules: &RuleSet, files: &[SourceFile]) -> Result<Outcome, Vec<String>> {
    let models = ModelSet::load(EMBEDDED).map_err(|e| lines(&e))?;
    let patterns = Patterns::embedded().map_err(|e| vec![e.to_string()])?;
    let catalogue = Catalogue::load(EMBEDDED).map_err(|e| lines(&e))?.with_policy(&settings.plan.policy);
    let given = Given { today: Some(settings.today), imported: settings.imported.clone() };
    let options =
        Options { clock: Some(&cli::clock), catalogue: Some(&catalogue), given: Some(&given), ..Options::default() };
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
    let analysis::Audit { linked, judged, comments, timings, .. } = audit;
    let analysis::Linked { project, surfaces, .. } = &linked;
    let cx = fix::Context { files, project, surfaces, models: &models, catalogue: &catalogue };
    let fixes = fix::fixes(&judged.findings, rules, &cx).map_err(|e| vec![e.to_string()])?;
    // Giving millions of small pieces back one by one takes longer than writing the report, and a process that ends now
    // need not wait for it.
    std::thread::spawn(move || drop(linked));
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
