//! Embeds `rules/` (rule cards, rule pages, models, the checklist, credential patterns) into the binary.
//!
//! A file added below `rules/` is picked up by the next build without an edit anywhere.

#![expect(clippy::disallowed_methods, reason = "a build script reads what it embeds")]

use std::fmt::Write as _;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo:rerun-if-changed=rules");
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?);
    let mut files = Vec::new();
    collect(&root.join("rules"), &mut files)?;
    files.sort();
    let mut code = String::from("&[\n");
    for file in files {
        let name = file.strip_prefix(&root).map_err(io::Error::other)?;
        let name = name.to_string_lossy().replace('\\', "/");
        writeln!(code, "    ({name:?}, include_str!({:?})),", file.display().to_string()).map_err(io::Error::other)?;
    }
    code.push_str("]\n");
    println!("cargo:rustc-env=LAUNCHLINT_FRONT_ENDS={:016x}", front_ends(&root)?);
    let out = PathBuf::from(env::var("OUT_DIR").map_err(io::Error::other)?);
    fs::write(out.join("rules_embedded.rs"), code)
}

/// Stands for everything that facts of a file are made by: facts that other front ends left are not used.
fn front_ends(root: &Path) -> io::Result<u64> {
    let mut files = Vec::new();
    for source in ["src/lang.rs", "src/lang", "src/ir.rs", "src/ir", "src/intern.rs", "src/source.rs", "Cargo.lock"] {
        println!("cargo:rerun-if-changed={source}");
        sources(&root.join(source), &mut files)?;
    }
    files.sort();
    let mut hash = DefaultHasher::new();
    for file in files {
        fs::read(file)?.hash(&mut hash);
    }
    Ok(hash.finish())
}

fn sources(path: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    if path.is_dir() {
        for entry in fs::read_dir(path)? {
            sources(&entry?.path(), files)?;
        }
    } else if path.is_file() {
        files.push(path.to_path_buf());
    }
    Ok(())
}

/// Rule data only: fixtures that stand beside models are source files and stay out of the binary.
fn collect(dir: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    if !dir.exists() {
        return Ok(());
    }
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|e| e == "yml" || e == "md") {
            files.push(path);
        }
    }
    Ok(())
}
