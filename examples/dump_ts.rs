//! Lowers the TypeScript and JavaScript files below the given paths and checks their spans; one file is dumped.
#![allow(clippy::print_stdout, clippy::unwrap_used)]

use std::time::{Duration, Instant};

use launchlint::ir::FileFacts;
use launchlint::lang::typescript::lower;

const EXTENSIONS: [&str; 10] = ["ts", "tsx", "js", "jsx", "mjs", "cjs", "mts", "cts", "vue", "svelte"];

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    std::thread::Builder::new().stack_size(32 << 20).spawn(move || run(&args)).unwrap().join().unwrap();
}

fn run(args: &[String]) {
    if let [one] = args
        && std::path::Path::new(one).is_file()
    {
        let (facts, notices) = lower(one, &std::fs::read_to_string(one).unwrap());
        println!("{}{notices:#?}", facts.dump());
        return;
    }
    let (mut files, mut bytes, mut lost, mut broken, mut time) = (0, 0, 0, 0, Duration::ZERO);
    for entry in args.iter().flat_map(walkdir::WalkDir::new).filter_map(Result::ok) {
        let path = entry.path().to_string_lossy().into_owned();
        let extension = path.rsplit('.').next().unwrap_or_default();
        let Ok(text) = (if EXTENSIONS.contains(&extension) { std::fs::read_to_string(&path) } else { continue }) else {
            continue;
        };
        let start = Instant::now();
        let (facts, _) = lower(&path, &text);
        time += start.elapsed();
        check(&path, &text, &facts);
        files += 1;
        bytes += text.len();
        lost += facts.unreadable.iter().map(|s| (s.end - s.start) as usize).sum::<usize>();
        if let Some(first) = facts.unreadable.first() {
            broken += 1;
            let line = text[..first.start as usize].lines().count();
            let size: u32 = facts.unreadable.iter().map(|s| s.end - s.start).sum();
            println!("{path}:{line}: {} parts, {size} bytes", facts.unreadable.len());
        }
    }
    println!("{files} files, {bytes} bytes, {broken} files with {lost} unreadable bytes, {time:?}");
}

fn check(path: &str, text: &str, facts: &FileFacts) {
    let spans = facts.spans.iter().chain(facts.functions.iter().flat_map(|f| [&f.span, &f.head]));
    let spans = spans.chain(facts.classes.iter().map(|c| &c.span)).chain(&facts.unreadable);
    for span in spans {
        assert!(text.get(span.start as usize..span.end as usize).is_some(), "{path}: {span:?}");
    }
}
