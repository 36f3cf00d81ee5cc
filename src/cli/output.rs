//! Puts a report where it was asked for: a stream, or a file that appears whole or not at all.

use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use super::failure::Failure;

/// Finds out before the work whether a file can be written afterwards.
pub(super) fn check(file: &Path) -> Result<(), Failure> {
    let failed = |what: &str, help: &str| Failure::new(format!("cannot write `{}`: {what}", file.display())).help(help);
    if file.is_dir() {
        return Err(failed("it is a folder", "give a file name"));
    }
    if !folder_of(file).is_dir() {
        return Err(failed("its folder does not exist", "create the folder first"));
    }
    Ok(())
}

/// Writes to a file by way of a temporary one beside it, so that no reader ever sees half a report.
///
/// What is not a regular file, such as `/dev/stdout`, is written to directly.
pub(super) fn to_file(file: &Path, report: &str) -> Result<(), Failure> {
    let is_special = fs::metadata(file).is_ok_and(|about| !about.is_file());
    let written = if is_special { fs::write(file, report) } else { replace(file, report.as_bytes()) };
    written.map_err(|error| {
        let help = "the report was not written; check permissions and free space";
        Failure::new(format!("cannot write `{}`: {error}", file.display())).help(help)
    })
}

fn replace(file: &Path, bytes: &[u8]) -> io::Result<()> {
    // A link is kept; what it points to is replaced.
    let target = file.canonicalize().unwrap_or_else(|_| file.to_path_buf());
    let mut builder = tempfile::Builder::new();
    builder.prefix(".launchlint-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(&target).map_or(0o666, |about| about.permissions().mode() & 0o777);
        builder.permissions(fs::Permissions::from_mode(mode));
    }
    let mut temporary = builder.tempfile_in(folder_of(&target))?;
    temporary.write_all(bytes)?;
    temporary.as_file().sync_all()?;
    temporary.persist(&target).map_err(|error| error.error)?;
    Ok(())
}

/// Writes to a stream. A reader that has seen enough, such as `head`, is no error.
pub(super) fn to_stream(out: &mut dyn Write, report: &str) -> Result<(), Failure> {
    match out.write_all(report.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::new(format!("cannot write the report: {error}")).help("use --output FILE"))
        }
        _ => Ok(()),
    }
}

fn folder_of(file: &Path) -> PathBuf {
    match file.parent() {
        Some(folder) if folder != Path::new("") => folder.to_path_buf(),
        _ => PathBuf::from("."),
    }
}
