//! What a file is for: production, test, example, third-party or generated.
//!
//! Everything here is a heuristic on names that people give. The user's globs come first.

mod content;

use crate::settings::ClassGlobs;
use crate::source::{Language, PathClass};

/// Judges a file by the user's globs, its path relative to the root, and its text, in this order.
///
/// Says also why a file is taken for generated where only its text tells.
pub(super) fn of(
    path: &str,
    language: Language,
    text: &str,
    overrides: &ClassGlobs,
) -> (PathClass, Option<&'static str>) {
    let told = [
        (&overrides.production, PathClass::Production),
        (&overrides.test, PathClass::Test),
        (&overrides.example, PathClass::Example),
        (&overrides.vendored, PathClass::Vendored),
        (&overrides.generated, PathClass::Generated),
    ];
    if let Some((_, class)) = told.into_iter().find(|(globs, _)| globs.is_match(path)) {
        return (class, None);
    }
    match by_path(path, language) {
        PathClass::Production => match content::generated(text, language) {
            Some(why) => (PathClass::Generated, Some(why)),
            None => (PathClass::Production, None),
        },
        class => (class, None),
    }
}

const VENDORED: &[&str] = &["bower_components", "node_modules", "site-packages", "venv"];
const VENDORED_WORDS: &[&str] = &["third-party", "third_party", "vendor", "vendored"];
const GENERATED: &[&str] = &[".next", ".nuxt", ".output", ".svelte-kit", "__generated__", "_next", "dist", "generated"];
/// Where builds end up, if they stand near the top; deeper they are features such as `server/features/build`.
const OUTPUT_WORDS: &[&str] = &["build", "coverage", "out", "target"];
const OUTPUT_DEPTH: usize = 3;
const TEST: &[&str] = &[
    "__fixtures__",
    "__mocks__",
    "__snapshots__",
    "__tests__",
    "benches",
    "e2e",
    "evals",
    "fixture",
    "fixtures",
    "mocks",
    "spec",
    "specs",
    "test",
    "testdata",
    "tests",
];
const EXAMPLE_WORDS: &[&str] = &[
    "cookbook",
    "cookbooks",
    "demo",
    "demos",
    "docs",
    "documentation",
    "example",
    "examples",
    "notebooks",
    "sample",
    "samples",
    "tutorial",
    "tutorials",
];
/// Folders of articles.
const ARTICLES: &[&str] = &["articles", "blog", "news", "posts"];

/// Judges by path alone.
fn by_path(path: &str, language: Language) -> PathClass {
    let path = path.to_ascii_lowercase();
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", &path));
    let segments: Vec<&str> = folder.split('/').collect();
    let words = &segments[..shipped_from(&segments, language)];
    let any = |places: &[&str], names: &[&str]| places.iter().any(|segment| names.contains(segment));
    if any(&segments, VENDORED) || any(words, VENDORED_WORDS) {
        PathClass::Vendored
    } else if any(&segments, GENERATED) || is_output(words, language) || is_generated_name(&segments, name) {
        PathClass::Generated
    } else if segments.iter().any(|segment| is_test_folder(segment)) || is_test_name(name, language) {
        PathClass::Test
    } else if any(words, EXAMPLE_WORDS) || is_article(&segments) || is_example_name(name) {
        PathClass::Example
    } else {
        PathClass::Production
    }
}

/// Whether a folder belongs to an article: what stands beside its text shows how to do something. An article is told by
/// its date (`blog/2024-03-26-a-title/`); without one, the folder may be a feature of the product.
fn is_article(segments: &[&str]) -> bool {
    let is_dated = |segment: &str| {
        let form = segment.bytes().take(10).map(|byte| if byte.is_ascii_digit() { b'0' } else { byte });
        form.eq(*b"0000-00-00")
    };
    segments.contains(&"_posts") || segments.windows(2).any(|pair| ARTICLES.contains(&pair[0]) && is_dated(pair[1]))
}

/// How many leading segments are folders that sort files by purpose; the others are modules or addresses.
///
/// Where folders are routes (`app/api/demo/route.ts` serves `/api/demo`) or modules of the product, ordinary words below
/// them say nothing about what ships. The price: example code kept inside such a folder counts as production.
fn shipped_from(segments: &[&str], language: Language) -> usize {
    let roots: &[&str] = match language {
        Language::TypeScript => &["api", "app", "pages", "routes"],
        Language::Python => &["api", "app", "endpoints", "features", "routers", "routes", "views"],
        Language::Rust => &["src"],
        Language::Config | Language::Prompt | Language::Text => &[],
    };
    segments.iter().position(|segment| roots.contains(segment)).unwrap_or(segments.len())
}

/// Whether a folder holds what a build made. Python's own build folder has a `lib` below it; Rust's is `target`.
fn is_output(words: &[&str], language: Language) -> bool {
    let near_top = &words[..words.len().min(OUTPUT_DEPTH)];
    match language {
        Language::Python => words.windows(2).any(|pair| pair[0] == "build" && pair[1].starts_with("lib")),
        Language::Rust => near_top.contains(&"target"),
        _ => near_top.iter().any(|segment| OUTPUT_WORDS.contains(segment)),
    }
}

fn is_test_folder(segment: &str) -> bool {
    let words: Vec<&str> = segment.split(['-', '_']).collect();
    TEST.contains(&segment)
        || (words.len() > 1 && (matches!(words[0], "test" | "tests") || words.last() == Some(&"tests")))
}

fn is_test_name(name: &str, language: Language) -> bool {
    let stem = name.split('.').next().unwrap_or_default();
    let has_mark = [".test", ".spec", ".e2e", ".cy"].iter().any(|mark| {
        name.match_indices(mark).any(|(at, _)| matches!(name.as_bytes().get(at + mark.len()), None | Some(b'.')))
    });
    let is_named = match language {
        Language::Python => stem.starts_with("test_") || matches!(stem, "conftest" | "tests"),
        Language::Rust => matches!(stem, "test" | "tests"),
        _ => false,
    };
    has_mark || is_named || stem.ends_with("_test") || stem.ends_with("_tests")
}

fn is_example_name(name: &str) -> bool {
    // `.env.example`, `settings.sample.toml`, `page.stories.tsx`; but `mail.template.ts` ships.
    let is_marked = name.split('.').skip(1).any(|part| matches!(part, "example" | "sample" | "stories" | "story"));
    is_marked || name.ends_with(".template") || name.ends_with(".dist")
}

fn is_generated_name(segments: &[&str], name: &str) -> bool {
    let is_marked = name.contains(".min.") || name.contains(".generated.") || name.contains(".gen.");
    let is_protocol = ["_pb2.py", "_pb2_grpc.py", "_pb.ts", "_pb.js", ".pb.rs"].iter().any(|end| name.ends_with(end));
    is_marked || is_protocol || is_migration(segments, name)
}

/// Migrations are written by a tool and run once; their names start with a number or a hash.
fn is_migration(segments: &[&str], name: &str) -> bool {
    let head = name.split(['_', '-', '.']).next().unwrap_or_default();
    let is_number = head.len() >= 4 && head.bytes().all(|byte| byte.is_ascii_digit());
    let is_hash = head.len() >= 8 && head.bytes().all(|byte| byte.is_ascii_hexdigit());
    let is_kept_there = segments.last().is_some_and(|folder| matches!(*folder, "migrations" | "versions"));
    is_kept_there && (is_number || is_hash)
}

#[cfg(test)]
mod tests {
    use super::by_path;
    use crate::source::Language::{self, Config, Python, Rust, Text, TypeScript};
    use crate::source::PathClass::{self, Example, Generated, Production, Test, Vendored};

    #[test]
    fn paths_tell_what_files_are_for() {
        let cases: &[(&str, Language, PathClass)] = &[
            ("main.py", Python, Production),
            ("src/app.py", Python, Production),
            ("scripts/deploy.py", Python, Production),
            ("src/testament/latest.py", Python, Production),
            ("contest/views.py", Python, Production),
            ("tests/test_app.py", Python, Test),
            ("app/test_chat.py", Python, Test),
            ("app/chat_test.py", Python, Test),
            ("app/conftest.py", Python, Test),
            ("integration_tests/app.py", Python, Test),
            ("src/chat.test.ts", TypeScript, Test),
            ("src/chat.spec.tsx", TypeScript, Test),
            ("src/__mocks__/client.ts", TypeScript, Test),
            ("src/inspector.ts", TypeScript, Production),
            ("src/my.testing.ts", TypeScript, Production),
            ("e2e/login.ts", TypeScript, Test),
            (".env.test", Config, Test),
            ("docker-compose.test.yml", Config, Test),
            ("src/tests.rs", Rust, Test),
            ("src/latest.rs", Rust, Production),
            ("crates/a/examples/b.rs", Rust, Example),
            ("docs/guide.md", Text, Example),
            (".env.example", Config, Example),
            ("cookbook/rag.py", Python, Example),
            ("demo/app.py", Python, Example),
            ("src/chat.stories.tsx", TypeScript, Example),
            ("app/api/demo/route.ts", TypeScript, Production),
            ("apps/web/app/docs/page.tsx", TypeScript, Production),
            ("examples/shop/app/api/chat/route.ts", TypeScript, Example),
            ("website/blog/2024-03-26-behind-a-proxy/compose.yml", Config, Example),
            ("_posts/2024-03-26-proxy.md", Text, Example),
            ("services/blog/compose.yml", Config, Production),
            ("apps/www/app/blog/page.tsx", TypeScript, Production),
            ("documentation/src/page.tsx", TypeScript, Example),
            ("evals/run.ts", TypeScript, Test),
            ("app/api/chat/__tests__/route.ts", TypeScript, Test),
            ("pages/api/build/index.ts", TypeScript, Production),
            ("web/node_modules/a/index.js", TypeScript, Vendored),
            ("vendor/github.com/a/b.go", Text, Vendored),
            ("third_party/tests/a.py", Python, Vendored),
            ("crates/web/src/third_party/fetch.rs", Rust, Production),
            ("server/features/build/api.py", Python, Production),
            ("app/routers/demo/chat.py", Python, Production),
            ("backend/server/x/build/plugin.ts", TypeScript, Production),
            ("web/build/static/main.js", TypeScript, Generated),
            ("target/debug/out.rs", Rust, Generated),
            ("src/target/mod.rs", Rust, Production),
            ("app/api/vendor/route.ts", TypeScript, Production),
            ("dist/main.js", TypeScript, Generated),
            ("build/lib/a.py", Python, Generated),
            ("static/jquery.min.js", TypeScript, Generated),
            ("proto/chat_pb2.py", Python, Generated),
            ("api/client.generated.ts", TypeScript, Generated),
            ("db/migrations/0001_initial.py", Python, Generated),
            ("alembic/versions/8f2c1a9b_add_users.py", Python, Generated),
            ("db/migrations/runner.py", Python, Production),
            ("api/versions/face_match.py", Python, Production),
            (".env.template", Config, Example),
            ("src/mail.template.ts", TypeScript, Production),
        ];
        for (path, language, wanted) in cases {
            assert_eq!(by_path(path, *language), *wanted, "{path}");
        }
    }
}
