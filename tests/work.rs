//! Holds how much work a run does, counted in files and steps, and that how it is done changes nothing it finds.

#![expect(clippy::disallowed_methods, reason = "tests read their own fixtures")]

use std::path::Path;
use std::sync::LazyLock;

use launchlint::analysis::{self, Extent, Options};
use launchlint::embedded::EMBEDDED;
use launchlint::model::ModelSet;
use launchlint::rules::card::RuleSet;
use launchlint::settings::WalkSettings;
use launchlint::source::{Language, PathClass, SourceFile};
use launchlint::text::Patterns;
use launchlint::walk::{Roots, discover};

static MODELS: LazyLock<ModelSet> = LazyLock::new(|| ModelSet::load(EMBEDDED).expect("the models load"));
static RULES: LazyLock<RuleSet> = LazyLock::new(|| RuleSet::load(EMBEDDED).expect("the rules load"));
static PATTERNS: LazyLock<Patterns> = LazyLock::new(|| Patterns::embedded().expect("the patterns load"));

fn python(path: &str, class: PathClass, text: &str) -> SourceFile {
    SourceFile { path: path.into(), language: Language::Python, class, text: text.into() }
}

fn read(folder: &Path) -> Vec<SourceFile> {
    let roots = Roots::resolve(&[folder.to_path_buf()]).expect("the fixtures exist");
    discover(&roots, &WalkSettings { jobs: 1, ..WalkSettings::default() }).files
}

/// Every application of the fixtures as one tree.
fn applications() -> Vec<SourceFile> {
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/apps"))
}

/// Everything a run finds, as text.
fn found(files: &[SourceFile], extent: Extent, threads: usize) -> String {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).stack_size(64 << 20).build().expect("threads");
    pool.install(|| {
        let options = Options { extent, ..Options::default() };
        let audit = analysis::audit_with(files, &RULES, &MODELS, &PATTERNS, options).expect("the cards are understood");
        let table = analysis::table(&audit.linked, files);
        format!("{:#?}\n{:#?}\n{table:#?}", audit.judged.findings, audit.judged.checked)
    })
}

#[test]
fn what_does_not_ship_is_parsed_only_when_something_asks_for_it() {
    let files = [
        python("app.py", PathClass::Production, "from tests.helpers import make\nmake()\n"),
        python("tests/__init__.py", PathClass::Test, ""),
        python("tests/data.py", PathClass::Test, "DATA = 1\n"),
        python("tests/helpers.py", PathClass::Test, "from .data import DATA\ndef make():\n    return DATA\n"),
        python("tests/test_app.py", PathClass::Test, "import app\n"),
        python("tests/test_other.py", PathClass::Test, "import app  # launchlint: ignore\n"),
    ];
    let parsed = |extent| analysis::link(&files, &MODELS, extent).work.parsed;
    assert_eq!(parsed(Extent::Everything), 6);
    // Not parsed: the tests that neither ship nor speak to the tool, and the package's own empty file.
    assert_eq!(parsed(Extent::Shipping), 4);
}

#[test]
fn the_work_of_linking_grows_no_faster_than_the_program() {
    let one = applications();
    let copies = |count: usize| -> Vec<SourceFile> {
        let copy = |n: usize| one.iter().map(move |f| SourceFile { path: format!("copy{n}/{}", f.path), ..f.clone() });
        (0..count).flat_map(copy).collect()
    };
    let steps = |count: usize| analysis::link(&copies(count), &MODELS, Extent::Shipping).work.steps;
    let (small, large) = (steps(1), steps(4));
    assert!(large <= small * 4 + small / 5, "{small} steps for one, {large} for four");
}

#[test]
fn threads_and_unparsed_tests_change_no_finding() {
    let files = applications();
    let expected = found(&files, Extent::Shipping, 1);
    assert_eq!(expected, found(&files, Extent::Shipping, 3), "with more threads");
    assert_eq!(expected, found(&files, Extent::Everything, 2), "with every file parsed");
}
