//! Reads one file within bounds.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use super::SkipReason;
use super::decode::{self, Decoded};
use super::kind;
use super::open::Opener;
use crate::settings::SizeLimits;
use crate::source::Language;

/// The largest file that is read only in the hope that it is text, or that holds rows of data.
const SMALL: u64 = 256 << 10;

/// What is expected of a file from its name.
#[derive(Clone, Copy)]
pub(super) struct Wanted {
    /// Its language; told by its first bytes if absent.
    pub(super) language: Option<Language>,
    /// Whether it holds rows of data: not told about when it is big, as nobody expects it to be read.
    pub(super) is_bulk: bool,
    /// Bounds.
    pub(super) limits: SizeLimits,
}

impl Wanted {
    fn limit(self) -> u64 {
        match self.language {
            Some(Language::Python | Language::TypeScript | Language::Rust | Language::Prompt) => self.limits.code,
            Some(Language::Config | Language::Text) => self.limits.data,
            None => SMALL.min(self.limits.data),
        }
    }
}

/// What came of reading.
pub(super) enum Outcome {
    /// Text, and what had to be repaired in it.
    Text { language: Language, text: String, repair: Option<String> },
    /// Left out; with words for the user unless nobody would expect it to be read.
    Skip(SkipReason, Option<String>),
}

/// Reads a regular file. At most one byte more than the limit is ever held.
pub(super) fn read(opener: &Opener, path: &Path, wanted: Wanted) -> Outcome {
    let limit = wanted.limit();
    let bytes = match opener.open(path).and_then(|file| bounded(file, limit)) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::InvalidInput => {
            // It was a regular file a moment ago.
            return Outcome::Skip(
                SkipReason::Special,
                Some("skipped: it became something else than a file".to_owned()),
            );
        }
        Err(error) => return Outcome::Skip(SkipReason::Unreadable, Some(format!("not scanned: {}", explain(&error)))),
    };
    let Some(bytes) = bytes else {
        let why = format!("skipped: larger than {}; raise `max-file-size` to read it", human(limit));
        return Outcome::Skip(SkipReason::TooBig, wanted.language.map(|_| why));
    };
    let is_code = wanted.language.is_some_and(Language::is_code);
    match decode::decode(bytes, is_code, wanted.language.is_some()) {
        Decoded::Text { text, repair } => {
            let language = kind::settle(wanted.language, wanted.is_bulk, &text);
            Outcome::Text { language, text, repair }
        }
        Decoded::Binary => {
            let why = wanted.language.map(|_| "skipped: it holds binary data".to_owned());
            Outcome::Skip(SkipReason::NotText, why)
        }
    }
}

/// The bytes of a file, or nothing if it is larger than the limit. A file's claimed size is not believed.
fn bounded(file: File, limit: u64) -> io::Result<Option<Vec<u8>>> {
    let claimed = file.metadata()?.len();
    if claimed > limit {
        return Ok(None);
    }
    let mut bytes = Vec::with_capacity(usize::try_from(claimed).unwrap_or_default().saturating_add(1));
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    Ok((bytes.len() as u64 <= limit).then_some(bytes))
}

/// An operating system's refusal in words that do not differ between systems where that matters.
pub(super) fn explain(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "it vanished while the scan ran".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => error.to_string(),
    }
}

fn human(bytes: u64) -> String {
    match bytes {
        b if b >= 1 << 20 && b % (1 << 20) == 0 => format!("{} MiB", b >> 20),
        b if b >= 1 << 10 && b % (1 << 10) == 0 => format!("{} KiB", b >> 10),
        b => format!("{b} bytes"),
    }
}
