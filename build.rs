//! Embeds `rules/` (rule cards, rule pages, models, the checklist, credential patterns) into the binary.
//!
//! A file added below `rules/` is picked up by the next build without an edit anywhere. Data files are embedded a second
//! time as JSON, which is read many times faster than YAML; what JSON cannot say is left to the original.

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
    let (mut code, mut compiled) = (String::from("&[\n"), String::from("&[\n"));
    for file in files {
        let name = file.strip_prefix(&root).map_err(io::Error::other)?;
        let name = name.to_string_lossy().replace('\\', "/");
        writeln!(code, "    ({name:?}, include_str!({:?})),", file.display().to_string()).map_err(io::Error::other)?;
        writeln!(compiled, "    {:?},", json(&file)?).map_err(io::Error::other)?;
    }
    code.push_str("]\n");
    compiled.push_str("]\n");
    println!("cargo:rustc-env=LAUNCHLINT_FRONT_ENDS={:016x}", front_ends(&root)?);
    println!("cargo:rustc-env=LAUNCHLINT_BUILD={:016x}", digest(&root, &["src", "rules", "Cargo.lock"])?);
    let out = PathBuf::from(env::var("OUT_DIR").map_err(io::Error::other)?);
    fs::write(out.join("rules_compiled.rs"), compiled)?;
    fs::write(out.join("rules_embedded.rs"), code)
}

/// A data file as JSON; empty where that is not possible, which is then said when the file itself is read.
fn json(file: &Path) -> io::Result<String> {
    if file.extension().is_none_or(|extension| extension != "yml") {
        return Ok(String::new());
    }
    let value = serde_saphyr::from_str::<serde_json::Value>(&fs::read_to_string(file)?);
    Ok(value.map(|value| value.to_string()).unwrap_or_default())
}

/// Stands for everything that facts of a file are made by: facts that other front ends left are not used.
fn front_ends(root: &Path) -> io::Result<u64> {
    digest(root, &["src/lang.rs", "src/lang", "src/ir.rs", "src/ir", "src/intern.rs", "src/source.rs", "Cargo.lock"])
}

/// Stands for all that some files and folders hold.
fn digest(root: &Path, parts: &[&str]) -> io::Result<u64> {
    let mut files = Vec::new();
    for source in parts {
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
