//! The floor: every source file of a tree parsed once, and nothing else. A whole scan is measured in multiples of it.
//!
//! `cargo bench --bench floor -- PATH [THREADS]` prints the time once; time is the processor's, as other work on the
//! machine does not count there. It has no harness of its own: what is promised is a ratio of whole runs.

#![expect(clippy::disallowed_methods, clippy::print_stdout, reason = "a measurement reads clocks and prints")]

use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use launchlint::settings::WalkSettings;
use launchlint::source::SourceFile;
use launchlint::walk::{Roots, discover};
use tree_sitter::{Language, Parser};

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1).filter(|arg| arg != "--bench");
    let Some(path) = args.next() else {
        println!("floor: give a path: cargo bench --bench floor -- PATH [THREADS]");
        return ExitCode::SUCCESS;
    };
    let threads = args.next().and_then(|n| n.parse().ok()).unwrap_or(1);
    let Ok(roots) = Roots::resolve(&[path.into()]) else {
        println!("floor: no such path");
        return ExitCode::FAILURE;
    };
    let files = discover(&roots, &WalkSettings { jobs: threads, ..WalkSettings::default() }).files;
    let sources: Vec<&SourceFile> = files.iter().filter(|file| file.language.is_code()).collect();
    let bytes: usize = sources.iter().map(|file| file.text.len()).sum();
    let (cpu, wall) = (processor_seconds(), Instant::now());
    let parsed = parse_all(&sources, threads);
    let (cpu, wall) = (processor_seconds() - cpu, wall.elapsed().as_secs_f64());
    println!("floor: {parsed} files, {bytes} bytes, {threads} threads: {cpu:.2} s processor, {wall:.2} s wall");
    ExitCode::SUCCESS
}

fn parse_all(sources: &[&SourceFile], threads: usize) -> usize {
    let (next, done) = (AtomicUsize::new(0), Mutex::new(0));
    std::thread::scope(|scope| {
        for _ in 0..threads {
            let work = || {
                let mut parser = Parser::new();
                let mut parsed = 0;
                while let Some(file) = sources.get(next.fetch_add(1, Ordering::Relaxed)) {
                    parsed += usize::from(parse(&mut parser, file));
                }
                if let Ok(mut done) = done.lock() {
                    *done += parsed;
                }
            };
            // Deep code costs the Rust parser stack.
            let started = std::thread::Builder::new().stack_size(64 << 20).spawn_scoped(scope, work);
            drop(started);
        }
    });
    done.into_inner().unwrap_or_default()
}

fn parse(parser: &mut Parser, file: &SourceFile) -> bool {
    let language: Language = match file.extension().as_str() {
        "rs" => return syn::parse_file(&file.text).is_ok(),
        "py" | "pyi" => tree_sitter_python::LANGUAGE.into(),
        "ts" | "mts" | "cts" => tree_sitter_typescript::LANGUAGE_TYPESCRIPT.into(),
        "tsx" | "js" | "jsx" | "mjs" | "cjs" => tree_sitter_typescript::LANGUAGE_TSX.into(),
        _ => return false,
    };
    parser.set_language(&language).is_ok() && parser.parse(&file.text, None).is_some()
}

/// What this process used of all processors, in seconds; zero where the system does not say it this way.
fn processor_seconds() -> f64 {
    const TICKS_A_SECOND: f64 = 100.0;
    let text = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let behind_name = text.rsplit_once(')').map_or("", |(_, rest)| rest);
    let ticks = behind_name.split_whitespace().skip(11).take(2).filter_map(|n| n.parse::<f64>().ok());
    ticks.sum::<f64>() / TICKS_A_SECOND
}
