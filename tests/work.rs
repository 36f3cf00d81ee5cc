//! Holds how much work a run does, counted in files and steps, and that how it is done changes nothing it finds.

#![expect(clippy::disallowed_methods, reason = "tests read their own fixtures")]

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{LazyLock, Mutex};

use launchlint::analysis::{self, Extent, FactStore, Key, Options, Work};
use launchlint::embedded::EMBEDDED;
use launchlint::model::ModelSet;
use launchlint::rules::card::RuleSet;
use launchlint::settings::WalkSettings;
use launchlint::source::{Language, PathClass, SourceFile};
use launchlint::text::{self, Patterns};
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

/// Facts kept in memory: what one run puts, the next can get.
#[derive(Default)]
struct Kept {
    old: BTreeMap<Key, Vec<u8>>,
    fresh: Mutex<BTreeMap<Key, Vec<u8>>>,
}

impl FactStore for Kept {
    fn get(&self, key: &Key) -> Option<&[u8]> {
        self.old.get(key).map(Vec::as_slice)
    }

    fn put(&self, key: Key, entry: Vec<u8>) {
        self.fresh.lock().expect("no panic").insert(key, entry);
    }
}

impl Kept {
    fn next(self) -> Kept {
        let mut old = self.old;
        old.extend(self.fresh.into_inner().expect("no panic"));
        Kept { old, fresh: Mutex::default() }
    }
}

/// Everything a run finds, as text, and what it did.
fn run(files: &[SourceFile], threads: usize, options: Options<'_>) -> (String, Work) {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).stack_size(64 << 20).build().expect("threads");
    pool.install(|| {
        let audit = analysis::audit_with(files, &RULES, &MODELS, &PATTERNS, options).expect("the cards are understood");
        let table = analysis::table(&audit.linked, files);
        let found = format!("{:#?}\n{:#?}\n{table:#?}", audit.judged.findings, audit.judged.checked);
        (found, audit.linked.work)
    })
}

fn found(files: &[SourceFile], extent: Extent, threads: usize) -> String {
    run(files, threads, Options { extent, ..Options::default() }).0
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

#[test]
fn a_warm_run_parses_what_changed_and_finds_the_same() {
    let mut files = applications();
    let cold = Kept::default();
    let (expected, first) = run(&files, 2, Options { store: Some(&cold), ..Options::default() });
    assert_eq!(first.kept, 0);
    let warm = cold.next();
    let (again, second) = run(&files, 1, Options { store: Some(&warm), ..Options::default() });
    assert_eq!(expected, again);
    assert!(second.kept > second.parsed, "{second:?}");
    assert_eq!(second.steps, first.steps);

    let changed = files.iter().position(|file| {
        file.language == Language::Python && text::scan(&file.text, &file.path, file.class, &PATTERNS).is_empty()
    });
    files[changed.expect("a file without credentials")].text.push_str("\nMORE = 1\n");
    let warm = warm.next();
    let (_, third) = run(&files, 2, Options { store: Some(&warm), ..Options::default() });
    assert_eq!(third.parsed, second.parsed + 1);
}

#[test]
fn no_part_of_a_credential_is_kept() {
    let files = applications();
    let kept = Kept::default();
    run(&files, 2, Options { store: Some(&kept), ..Options::default() });
    let kept = kept.next().old;
    assert!(!kept.is_empty());
    let mut looked_for = 0;
    for file in &files {
        for found in text::scan(&file.text, &file.path, file.class, &PATTERNS) {
            if !found.verdict.is_reported() {
                continue;
            }
            let value = &file.text.as_bytes()[found.span.start as usize..found.span.end as usize];
            // The beginning says which provider it is for, and stands in any list of them.
            let secret = value.get(value.len() / 2..).unwrap_or_default();
            looked_for += 1;
            let is_in = |entry: &Vec<u8>| secret.len() > 8 && entry.windows(secret.len()).any(|part| part == secret);
            assert!(!kept.values().any(is_in), "{}: a part of a credential is kept", file.path);
        }
    }
    assert!(looked_for > 0);
}
