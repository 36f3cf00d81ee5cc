//! What holds for any input: properties over the project's own fixtures and pages, and over thousands of damaged copies of them.
//!
//! Choices come from a generator with a fixed seed, so that a failure comes again.

#![expect(clippy::disallowed_methods, reason = "the tests read their own fixtures and make the trees that are scanned")]

#[allow(dead_code, unreachable_pub, reason = "shared with the fuzz targets")]
#[path = "../fuzz/src/places.rs"]
mod places;
#[allow(dead_code, unreachable_pub, reason = "shared with the fuzz targets")]
#[path = "../fuzz/src/targets.rs"]
mod targets;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use launchlint::analysis;
use launchlint::embedded::EMBEDDED;
use launchlint::finding::Finding;
use launchlint::model::ModelSet;
use launchlint::rules::card::RuleSet;
use launchlint::rules::run::Given;
use launchlint::source::{PathClass, SourceFile};
use launchlint::text::Patterns;
use launchlint::walk;

/// Numbers that look random and are the same in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % end.max(1)
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let entries = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter();
    entries.flatten().filter(|entry| entry.file_type().is_file()).map(walkdir::DirEntry::into_path).collect()
}

/// The first byte by which a target tells dialects apart.
fn dialect(path: &Path) -> Option<(&'static str, u8)> {
    let extension = path.extension().and_then(|e| e.to_str()).unwrap_or_default();
    Some(match extension {
        "py" => ("python", b'-'),
        "ipynb" => ("python", b'n'),
        "ts" => ("typescript", b'-'),
        "tsx" | "jsx" => ("typescript", b'x'),
        "js" => ("typescript", b'j'),
        "vue" => ("typescript", b'v'),
        "svelte" => ("typescript", b's'),
        "rs" => ("rust", b'-'),
        "yml" | "yaml" => ("config", b'-'),
        "json" => ("config", b'j'),
        "toml" => ("config", b't'),
        "tf" => ("config", b'h'),
        "conf" => ("config", b'n'),
        "jinja" | "j2" => ("prompt", b'-'),
        "hbs" => ("prompt", b'h'),
        "prompt" => ("prompt", b'p'),
        "md" => ("prompt", b'm'),
        _ => return None,
    })
}

fn run(target: &str, data: &[u8]) {
    let (_, function) = targets::ALL.iter().find(|(name, _)| *name == target).expect("a target");
    function(data);
}

/// Cuts, doubles, swaps and overwrites pieces.
fn damaged(data: &[u8], other: &[u8], random: &mut Random) -> Vec<u8> {
    const TOKENS: [&str; 24] = [
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        "\"",
        "'",
        "`",
        "${",
        "\n",
        "\r",
        "\t  ",
        "#",
        "/*",
        "*/",
        "\0",
        "é",
        "\u{1F600}",
        "\u{feff}",
        "=>",
        "::",
        "%}",
        "{{",
    ];
    let mut data = data.to_vec();
    for _ in 0..=random.below(4) {
        let at = random.below(data.len());
        let to = (at + 1 + random.below(40)).min(data.len());
        match random.below(5) {
            0 => drop(data.drain(at..to)),
            1 => {
                let piece = data[at..to].to_vec();
                data.splice(at..at, piece);
            }
            2 => drop(data.splice(at..at, TOKENS[random.below(TOKENS.len())].bytes())),
            3 if !other.is_empty() => {
                let from = random.below(other.len());
                let piece = other[from..(from + 60).min(other.len())].to_vec();
                data.splice(at..to, piece);
            }
            _ => data.truncate(at.max(1)),
        }
        if data.is_empty() {
            data.push(b'-');
        }
    }
    data
}

#[test]
fn facts_lie_in_their_files_and_come_back_whatever_the_text() {
    let mut random = Random(7);
    let mut seeds: Vec<(&str, Vec<u8>)> = Vec::new();
    for folder in ["fixtures", "rules/models"] {
        for path in files_below(&root().join(folder)) {
            let Some((target, first)) = dialect(&path) else { continue };
            let text = fs::read(&path).expect("a fixture");
            seeds.push((target, [&[first], text.as_slice()].concat()));
        }
    }
    assert!(seeds.len() > 200, "{}", seeds.len());
    let rounds = if cfg!(debug_assertions) { 3 } else { 40 };
    for at in 0..seeds.len() {
        let (target, data) = &seeds[at];
        run(target, data);
        // What is long is only slow.
        for _ in 0..if data.len() < 6_000 { rounds } else { 0 } {
            let other = &seeds[random.below(seeds.len())].1;
            run(target, &damaged(data, other, &mut random));
        }
    }
}

#[test]
fn inputs_that_once_failed_do_no_more() {
    for path in files_below(&root().join("fuzz/regressions")) {
        let target = path.parent().and_then(Path::file_name).and_then(|name| name.to_str()).unwrap_or_default();
        run(target, &fs::read(&path).expect("an input"));
    }
}

struct Data {
    rules: RuleSet,
    models: ModelSet,
    patterns: Patterns,
}

static DATA: LazyLock<Data> = LazyLock::new(|| Data {
    rules: RuleSet::load(EMBEDDED).expect("the rules are valid"),
    models: ModelSet::load(EMBEDDED).expect("the models are valid"),
    patterns: Patterns::embedded().expect("the patterns are valid"),
});

/// A tree as path and text.
type Tree = BTreeMap<String, String>;

fn audit(tree: &Tree) -> Vec<Finding> {
    let read = |(path, text): (&String, &String)| {
        let language = walk::language_of(path, text)?;
        Some(SourceFile { path: path.clone(), language, class: PathClass::Production, text: text.clone() })
    };
    let files: Vec<SourceFile> = tree.iter().filter_map(read).collect();
    let given = Given { today: "2026-06-30".parse().ok(), imported: Vec::new() };
    let audit = analysis::audit(&files, &DATA.rules, &DATA.models, &DATA.patterns, &given).expect("the rules run");
    audit.judged.findings
}

/// What a finding is, wherever its line stands.
fn told(findings: &[Finding]) -> Vec<(String, String, String)> {
    let mut all: Vec<_> = findings.iter().map(|f| (f.rule.clone(), f.at.path.clone(), f.subject.clone())).collect();
    all.sort();
    all
}

/// The whole applications among the fixtures.
fn apps() -> Vec<(String, Tree)> {
    let app = |language: &str| {
        let app = root().join("fixtures/apps").join(language).join("vulnerable");
        let text = |path: PathBuf| {
            let below = path.strip_prefix(&app).expect("it is below").to_string_lossy().replace('\\', "/");
            Some((below, fs::read_to_string(path).ok()?))
        };
        (language.to_owned(), files_below(&app).into_iter().filter_map(text).collect())
    };
    ["python", "rust", "typescript"].map(app).into()
}

/// Comments, blank lines and blanks at line ends before what stands at the margin.
fn annotated(path: &str, text: &str, random: &mut Random) -> String {
    let (starts, comment): (&[&str], &str) = match path.rsplit('.').next() {
        Some("py") => (&["def ", "async def ", "class ", "@", "import ", "from "], "# a note"),
        Some("ts" | "tsx" | "js") => {
            (&["export ", "import ", "const ", "function ", "async function ", "class "], "// a note")
        }
        Some("rs") => (&["fn ", "pub ", "use ", "async fn ", "struct ", "impl ", "#["], "// a note"),
        _ => return text.to_owned(),
    };
    let mut out = String::new();
    let mut before = "";
    for line in text.split_inclusive('\n') {
        let is_free = !before.contains("launchlint") && !before.trim_start().starts_with(['@', '#', '/']);
        if is_free && starts.iter().any(|start| line.starts_with(start)) {
            for _ in 0..random.below(3) {
                out += ["\n", "\n\n", "   \n"][random.below(3)];
                out += comment;
                out += ["\n", "  \n", " (see above)\n"][random.below(3)];
            }
        }
        out += line;
        before = line;
    }
    out
}

#[test]
fn comments_and_blanks_change_no_finding() {
    let mut random = Random(11);
    for (name, tree) in apps() {
        let before = told(&audit(&tree));
        assert!(!before.is_empty(), "{name} has findings");
        let edited: Tree = tree.iter().map(|(path, text)| (path.clone(), annotated(path, text, &mut random))).collect();
        assert_eq!(told(&audit(&edited)), before, "{name}");
    }
}

#[test]
fn an_unrelated_file_changes_no_finding() {
    for (name, tree) in apps() {
        let before = told(&audit(&tree));
        let mut more = tree.clone();
        more.insert("tools_xyz/sums_xyz.py".into(), "def add(first, second):\n    return first + second\n".into());
        more.insert("tools_xyz/sums_xyz.ts".into(), "export const add = (a: number, b: number) => a + b;\n".into());
        more.insert("tools_xyz/names.yaml".into(), "names:\n  - one\n  - two\n".into());
        assert_eq!(told(&audit(&more)), before, "{name}");
    }
}

#[test]
fn a_renamed_file_takes_its_findings_along() {
    let mut tried = 0;
    for card in DATA.rules.iter() {
        let cases = card.page.cases(&card.id).unwrap_or_default();
        let is_plain = |path: &str| path.ends_with(".py") && !path.contains("__") && !path.contains("test");
        for case in cases.iter().filter(|case| case.files.len() == 1 && is_plain(&case.files[0].0)).take(2) {
            let (path, text) = &case.files[0];
            let (folder, name) = path.rsplit_once('/').map_or(("", path.as_str()), |(folder, name)| (folder, name));
            let now = if folder.is_empty() { format!("other_{name}") } else { format!("{folder}/other_{name}") };
            let find = |path: &str| told(&audit(&[(path.to_owned(), text.clone())].into()));
            let before: Vec<_> =
                find(path).into_iter().map(|(rule, at, subject)| (rule, at.replace(path, &now), subject)).collect();
            assert_eq!(find(&now), before, "{} {}", card.id, case.group);
            tried += 1;
        }
    }
    assert!(tried > 20, "{tried}");
}

/// Writes a tree, in an order of its own.
fn write(tree: &Tree, folder: &Path, is_reversed: bool) {
    let mut files: Vec<_> = tree.iter().collect();
    if is_reversed {
        files.reverse();
    }
    for (path, text) in files {
        let file = folder.join(path);
        fs::create_dir_all(file.parent().expect("a parent")).expect("folders");
        fs::write(file, text).expect("a file");
    }
}

#[test]
fn the_same_tree_gives_the_same_bytes_anywhere() {
    let apps = apps();
    let tree: Tree = apps
        .iter()
        .enumerate()
        .flat_map(|(n, (_, tree))| tree.iter().map(move |(path, text)| (format!("app{n}/{path}"), text.clone())))
        .collect();
    let mut said: Option<BTreeMap<&str, Vec<u8>>> = None;
    for (nth, (jobs, zone, locale)) in
        [("1", "UTC", "C"), ("2", "Asia/Kathmandu", "tr_TR.UTF-8"), ("7", "America/St_Johns", "ja_JP.eucJP")]
            .iter()
            .enumerate()
    {
        let folder = tempfile::Builder::new().prefix(["a", "über zwei", "c"][nth]).tempdir().expect("a folder");
        let root = folder.path().join(["x", "y y/deeper", "z"][nth]);
        write(&tree, &root, nth % 2 == 1);
        let report = |format: &'static str| {
            let done = Command::new(env!("CARGO_BIN_EXE_launchlint"))
                .args([
                    "scan",
                    "--exit-zero",
                    "--no-progress",
                    "--today",
                    "2026-06-30",
                    "--format",
                    format,
                    "--jobs",
                    jobs,
                    ".",
                ])
                .current_dir(&root)
                .envs([("TZ", *zone), ("LANG", *locale), ("LC_ALL", *locale)])
                .env("LAUNCHLINT_CACHE_DIR", folder.path().join("cache"))
                .env_remove("GITHUB_REPOSITORY")
                .output()
                .expect("it runs");
            assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
            (format, done.stdout)
        };
        let now: BTreeMap<&str, Vec<u8>> = ["json", "sarif", "markdown", "gitlab"].map(report).into();
        match &said {
            None => said = Some(now),
            Some(before) => {
                for (format, bytes) in before {
                    assert!(now[format] == *bytes, "{format} differs with {jobs} threads, {zone}, {locale}");
                }
            }
        }
    }
}
