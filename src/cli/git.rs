//! Reads trees out of a Git repository by its plumbing commands, without letting the repository run anything.
//!
//! The audited repository is not trusted: no hook, file-system monitor, filter, text conversion, diff driver, pager or
//! transport that it configures may start. So only commands are used that read objects and the index, what could start a
//! program is turned off for each, and missing objects are never fetched.

use std::ffi::OsStr;
use std::fs;
use std::io::{BufRead, BufReader, Read, Seek, Write};
use std::path::{Component, Path, PathBuf};
use std::process::{Child, Command, Stdio};

use super::failure::Failure;
use crate::settings::Date;

/// Settings that win over those of the repository.
const SAFE: [&str; 8] = [
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "core.attributesFile=/dev/null",
    "core.untrackedCache=false",
    "core.alternateRefsCommand=",
    "protocol.allow=never",
    "safe.bareRepository=explicit",
    "credential.helper=",
];

/// Larger files are not read by the audit either.
const LARGEST: u64 = 8 << 20;

/// A repository with a working tree.
#[derive(Debug)]
pub(super) struct Git {
    top: PathBuf,
}

/// A regular file of a tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Blob {
    /// Its path from the top, with `/`.
    pub(super) path: String,
    id: String,
}

impl Git {
    /// The repository that a folder lies in.
    pub(super) fn open(folder: &Path) -> Result<Git, Failure> {
        let here = Git { top: folder.to_path_buf() };
        let top = here.text(["rev-parse", "--show-toplevel"]).map_err(|why| {
            Failure::new(format!("cannot compare with an earlier state: {why}"))
                .help("run inside a Git repository, with `git` installed")
        })?;
        let top = PathBuf::from(top);
        Ok(Git { top: top.canonicalize().unwrap_or(top) })
    }

    /// The repository's top folder, without links.
    pub(super) fn top(&self) -> &Path {
        &self.top
    }

    /// The commit that a name stands for.
    pub(super) fn commit(&self, name: &str) -> Result<String, Failure> {
        let wanted = format!("{name}^{{commit}}");
        self.text(["rev-parse", "--verify", "--quiet", "--end-of-options", &wanted]).map_err(|_| {
            let help = "fetch it first; in CI the checkout must hold its history (`fetch-depth: 0`)";
            Failure::new(format!("there is no commit `{name}` in this repository")).help(help)
        })
    }

    /// The day on which a commit was made, in UTC.
    pub(super) fn day(&self, commit: &str) -> Result<Date, Failure> {
        const DAY: i64 = 86_400;
        let text = String::from_utf8_lossy(&self.run(["cat-file", "commit", commit])?).into_owned();
        let head = text.lines().take_while(|line| !line.is_empty());
        let said = head.filter_map(|line| line.strip_prefix("committer ")).next();
        let seconds = said.and_then(|said| said.rsplit(' ').nth(1)?.parse::<i64>().ok());
        seconds
            .map(|seconds| Date::from_unix_days(seconds.div_euclid(DAY)))
            .ok_or_else(|| Failure::new(format!("the commit `{commit}` does not say when it was made")))
    }

    /// The newest commit that both come from; `None` if there is none, as in a shallow checkout.
    pub(super) fn merge_base(&self, a: &str, b: &str) -> Option<String> {
        let base = self.text(["merge-base", a, b]).ok()?;
        base.lines().next().map(str::to_owned)
    }

    /// The files of a commit.
    pub(super) fn tree(&self, commit: &str) -> Result<Vec<Blob>, Failure> {
        let listed = self.run(["ls-tree", "-r", "-z", "--full-tree", "--end-of-options", commit])?;
        Ok(records(&listed, |head| {
            let mut words = head.split(' ');
            let (mode, kind, id) = (words.next()?, words.next()?, words.next()?);
            (mode.starts_with("100") && kind == "blob").then_some(id)
        }))
    }

    /// The files of the index, as the next commit would hold them.
    pub(super) fn index(&self) -> Result<Vec<Blob>, Failure> {
        let listed = self.run(["ls-files", "--stage", "-z", "--full-name"])?;
        Ok(records(&listed, |head| {
            let mut words = head.split(' ');
            let (mode, id, stage) = (words.next()?, words.next()?, words.next()?);
            (mode.starts_with("100") && stage == "0").then_some(id)
        }))
    }

    /// Files of the index that an ignore file of Git names: added by force, and not read by who honours ignore files.
    pub(super) fn ignored(&self) -> Result<Vec<String>, Failure> {
        let listed = self.run(["ls-files", "--cached", "--ignored", "--exclude-standard", "-z", "--full-name"])?;
        let listed = String::from_utf8_lossy(&listed);
        Ok(listed.split('\0').filter(|path| !path.is_empty()).map(str::to_owned).collect())
    }

    /// Writes files below a folder, at their paths. Those that are too large or missing from the repository are left out.
    pub(super) fn write_out(&self, blobs: &[Blob], folder: &Path) -> Result<(), Failure> {
        self.try_write_out(blobs, folder)
            .map_err(|error| Failure::new(format!("cannot read files out of the Git repository: {error}")))
    }

    fn try_write_out(&self, blobs: &[Blob], folder: &Path) -> std::io::Result<()> {
        let mut asked = tempfile::tempfile()?;
        for blob in blobs {
            writeln!(asked, "{}", blob.id)?;
        }
        asked.rewind()?;
        let mut child = self.start(["cat-file", "--batch", "--buffer"], Stdio::from(asked))?;
        let mut out = BufReader::new(child.stdout.take().ok_or_else(|| std::io::Error::other("git says nothing"))?);
        for blob in blobs {
            let mut head = String::new();
            out.read_line(&mut head)?;
            let Some(size) = head.trim_end().rsplit_once(' ').and_then(|(_, size)| size.parse::<u64>().ok()) else {
                // `<id> missing`: a partial clone without the object.
                continue;
            };
            let mut content = (&mut out).take(size);
            match place(folder, &blob.path).filter(|_| size <= LARGEST) {
                Some(file) => {
                    if let Some(parent) = file.parent() {
                        fs::create_dir_all(parent)?;
                    }
                    std::io::copy(&mut content, &mut fs::File::create(file)?)?;
                }
                None => {
                    std::io::copy(&mut content, &mut std::io::sink())?;
                }
            }
            let mut end = [0; 1];
            out.read_exact(&mut end)?;
        }
        child.wait()?;
        Ok(())
    }

    /// What a command prints, as trimmed text.
    fn text<const N: usize>(&self, args: [&str; N]) -> Result<String, String> {
        let out = self.command(args).stdin(Stdio::null()).output().map_err(|error| format!("git: {error}"))?;
        if !out.status.success() {
            let said = String::from_utf8_lossy(&out.stderr);
            return Err(said.lines().next().unwrap_or("git failed").trim().to_owned());
        }
        Ok(String::from_utf8_lossy(&out.stdout).trim().to_owned())
    }

    fn run<const N: usize>(&self, args: [&str; N]) -> Result<Vec<u8>, Failure> {
        let failed = |why: String| Failure::new(format!("git {}: {why}", args[0]));
        let out = self.command(args).stdin(Stdio::null()).output().map_err(|error| failed(error.to_string()))?;
        if !out.status.success() {
            return Err(failed(String::from_utf8_lossy(&out.stderr).trim().to_owned()));
        }
        Ok(out.stdout)
    }

    fn start<const N: usize>(&self, args: [&str; N], input: Stdio) -> std::io::Result<Child> {
        self.command(args).stdin(input).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()
    }

    fn command<S: AsRef<OsStr>, const N: usize>(&self, args: [S; N]) -> Command {
        let mut command = Command::new("git");
        command.arg("--no-pager").arg("--literal-pathspecs");
        for setting in SAFE {
            command.args(["-c", setting]);
        }
        command
            .args(args)
            .current_dir(&self.top)
            .env("GIT_NO_LAZY_FETCH", "1")
            .env("GIT_NO_REPLACE_OBJECTS", "1")
            .env("GIT_OPTIONAL_LOCKS", "0")
            .env("GIT_TERMINAL_PROMPT", "0")
            .env_remove("GIT_EXTERNAL_DIFF")
            .env_remove("GIT_TRACE2_EVENT");
        command
    }
}

/// Reads `<head>\t<path>\0` records; `id` takes the object's id out of a head, or says that it is no regular file.
fn records(listed: &[u8], id: impl Fn(&str) -> Option<&str>) -> Vec<Blob> {
    let listed = String::from_utf8_lossy(listed);
    let blob = |record: &str| {
        let (head, path) = record.split_once('\t')?;
        Some(Blob { path: path.to_owned(), id: id(head)?.to_owned() })
    };
    listed.split('\0').filter_map(blob).collect()
}

/// Where a file of a tree belongs below a folder; `None` for a path that would lead out of it.
fn place(folder: &Path, path: &str) -> Option<PathBuf> {
    let relative = Path::new(path);
    let is_plain = relative.components().all(|part| match part {
        Component::Normal(name) => !name.eq_ignore_ascii_case(".git"),
        _ => false,
    });
    (is_plain && !path.is_empty()).then(|| folder.join(relative))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Git, place, records};

    #[test]
    fn only_regular_files_are_listed() {
        let listed = b"100644 blob aaa\tapp/main.py\x00120000 blob bbb\tlink\x00160000 commit ccc\tsub\x00";
        let found = records(listed, |head| {
            let mut words = head.split(' ');
            let (mode, _, id) = (words.next()?, words.next()?, words.next()?);
            mode.starts_with("100").then_some(id)
        });
        assert_eq!(found.iter().map(|blob| blob.path.as_str()).collect::<Vec<_>>(), ["app/main.py"]);
    }

    #[test]
    fn no_path_leads_out() {
        let folder = Path::new("/t");
        assert!(place(folder, "a/b.py").is_some());
        for path in ["../a", "/etc/x", "a/../../b", ".git/config", "a/.GIT/hooks/x", ""] {
            assert_eq!(place(folder, path), None, "{path}");
        }
    }

    #[test]
    fn no_program_of_the_repository_can_start() {
        let command = Git { top: "/t".into() }.command(["ls-files"]);
        let args: Vec<_> = command.get_args().map(|arg| arg.to_string_lossy().into_owned()).collect();
        for wanted in ["core.fsmonitor=false", "core.hooksPath=/dev/null", "protocol.allow=never"] {
            assert!(args.contains(&wanted.to_owned()), "{args:?}");
        }
        assert!(command.get_envs().any(|(name, value)| name == "GIT_NO_LAZY_FETCH" && value.is_some()));
    }
}
