//! Opens files of a tree that may change under our hands: what was a file when it was listed may be a link or a pipe now.
//!
//! A pipe must not make the run wait, and a link, in the name or in a folder above it, must not lead out of the tree.

use std::fs::File;
use std::io;
use std::path::Path;

/// Opens files below one folder.
pub(super) struct Opener {
    #[cfg(target_os = "linux")]
    base: Option<(std::path::PathBuf, File)>,
}

impl Opener {
    /// For files below a folder that holds no link in its own path.
    pub(super) fn new(base: &Path) -> Opener {
        #[cfg(target_os = "linux")]
        {
            Opener { base: File::open(base).ok().map(|folder| (base.to_path_buf(), folder)) }
        }
        #[cfg(not(target_os = "linux"))]
        {
            let _ = base;
            Opener {}
        }
    }

    /// Opens a regular file without waiting and without following links.
    ///
    /// # Errors
    ///
    /// [`io::ErrorKind::InvalidInput`] if it is no regular file, or stands behind a link.
    pub(super) fn open(&self, path: &Path) -> io::Result<File> {
        let file = self.open_any(path)?;
        if file.metadata()?.is_file() { Ok(file) } else { Err(io::ErrorKind::InvalidInput.into()) }
    }

    #[cfg(target_os = "linux")]
    fn open_any(&self, path: &Path) -> io::Result<File> {
        use rustix::fs::{Mode, OFlags, ResolveFlags, openat2};
        use rustix::io::Errno;
        let Some((folder, below)) = self.base.as_ref().and_then(|(base, folder)| {
            let below = path.strip_prefix(base).ok().filter(|below| *below != Path::new(""))?;
            Some((folder, below))
        }) else {
            return open_name(path);
        };
        let how = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS | ResolveFlags::NO_MAGICLINKS;
        let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
        match openat2(folder, below, flags, Mode::empty(), how) {
            Ok(file) => Ok(file.into()),
            Err(Errno::LOOP | Errno::XDEV) => Err(io::ErrorKind::InvalidInput.into()),
            // Older systems and narrow sandboxes do not have this call.
            Err(Errno::NOSYS | Errno::PERM | Errno::AGAIN) => open_name(path),
            Err(error) => Err(error.into()),
        }
    }

    #[cfg(not(target_os = "linux"))]
    #[expect(clippy::unused_self, reason = "only Linux opens below a folder")]
    fn open_any(&self, path: &Path) -> io::Result<File> {
        open_name(path)
    }
}

/// Opens a name; only the last part of the path is known to be no link.
#[cfg(unix)]
fn open_name(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;

    use rustix::fs::OFlags;
    let flags = OFlags::NONBLOCK | OFlags::NOFOLLOW | OFlags::NOCTTY;
    let flags = i32::try_from(flags.bits()).unwrap_or_default();
    let opened = File::options().read(true).custom_flags(flags).open(path);
    opened.map_err(|error| match error.raw_os_error() {
        Some(code) if code == rustix::io::Errno::LOOP.raw_os_error() => io::ErrorKind::InvalidInput.into(),
        _ => error,
    })
}

#[cfg(not(unix))]
fn open_name(path: &Path) -> io::Result<File> {
    File::open(path)
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;
    use std::io::ErrorKind;
    use std::os::unix::fs::symlink;

    use super::{Opener, open_name};

    #[test]
    fn neither_pipes_nor_links_are_opened_whatever_stood_there_before() {
        let folder = tempfile::tempdir().expect("a folder");
        let outside = tempfile::tempdir().expect("another folder");
        let base = folder.path().canonicalize().expect("a path");
        fs::write(outside.path().join("a.py"), "x = 1\n").expect("a file");
        fs::create_dir(base.join("real")).expect("a folder");
        fs::write(base.join("real/a.py"), "x = 1\n").expect("a file");
        symlink(outside.path(), base.join("folder")).expect("a link");
        symlink(outside.path().join("a.py"), base.join("link.py")).expect("a link");
        symlink("real/a.py", base.join("inner.py")).expect("a link");
        let made = std::process::Command::new("mkfifo").arg(base.join("pipe.py")).status().expect("mkfifo");
        assert!(made.success());
        let opener = Opener::new(&base);
        assert!(opener.open(&base.join("real/a.py")).is_ok());
        let refused = |name: &str| opener.open(&base.join(name)).expect_err("it is no plain file").kind();
        for name in ["link.py", "inner.py", "pipe.py", "real"] {
            assert_eq!(refused(name), ErrorKind::InvalidInput, "{name}");
        }
        if cfg!(target_os = "linux") {
            assert_eq!(refused("folder/a.py"), ErrorKind::InvalidInput);
        }
        assert_eq!(refused("absent.py"), ErrorKind::NotFound);
        assert_eq!(open_name(&base.join("link.py")).expect_err("it is a link").kind(), ErrorKind::InvalidInput);
    }
}
