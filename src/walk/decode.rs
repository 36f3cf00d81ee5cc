//! Bytes to text.
//!
//! The text that leaves here is what every span refers to. A byte-order mark is not part of it, so the first column of
//! the first line is where editors show it.

/// What bytes turned out to be.
pub(super) enum Decoded {
    /// Text, and what had to be repaired in it.
    Text { text: String, repair: Option<String> },
    /// Not text.
    Binary,
}

/// How much of a text may be unreadable before it counts as binary: one byte in this many.
const TOLERATED: usize = 20;

/// Decodes UTF-8, or UTF-16 that says so with a byte-order mark.
///
/// A NUL byte makes a file binary unless it is code by its name: a stray one in source text is a defect to live with.
/// Files that are only tried (`is_expected` false) must be clean UTF-8.
pub(super) fn decode(bytes: Vec<u8>, is_code: bool, is_expected: bool) -> Decoded {
    match bytes.as_slice() {
        [0xFF, 0xFE, rest @ ..] => return utf16(rest, u16::from_le_bytes, "little-endian"),
        [0xFE, 0xFF, rest @ ..] => return utf16(rest, u16::from_be_bytes, "big-endian"),
        _ => {}
    }
    if !is_code && memchr::memchr(0, &bytes).is_some() {
        return Decoded::Binary;
    }
    let (mut text, repair) = match String::from_utf8(bytes) {
        Ok(text) => (text, None),
        Err(_) if !is_expected => return Decoded::Binary,
        Err(error) => {
            let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
            let replaced = text.matches(char::REPLACEMENT_CHARACTER).count();
            if replaced > 1 + text.len() / TOLERATED {
                return Decoded::Binary;
            }
            (text, Some(format!("not valid UTF-8: {replaced} unreadable bytes were replaced")))
        }
    };
    if text.starts_with('\u{FEFF}') {
        text.drain(..'\u{FEFF}'.len_utf8());
    }
    Decoded::Text { text, repair }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16, order: &str) -> Decoded {
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    let text: String = char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
    if text.contains('\0') {
        return Decoded::Binary;
    }
    Decoded::Text { text, repair: Some(format!("read as UTF-16 ({order}); columns refer to the decoded text")) }
}

#[cfg(test)]
mod tests {
    use super::{Decoded, decode};

    fn text(bytes: &[u8], is_code: bool, is_expected: bool) -> Option<(String, bool)> {
        match decode(bytes.to_vec(), is_code, is_expected) {
            Decoded::Text { text, repair } => Some((text, repair.is_some())),
            Decoded::Binary => None,
        }
    }

    #[test]
    fn encodings_are_told_apart() {
        assert_eq!(text(b"a = 1\n", true, true), Some(("a = 1\n".into(), false)));
        assert_eq!(text(b"\xEF\xBB\xBFa", true, true), Some(("a".into(), false)));
        assert_eq!(text(b"caf\xE9 = 1 # a comment in Latin-1", true, true).map(|t| t.1), Some(true));
        assert_eq!(text(b"caf\xE9 = 1", false, false), None, "only clean text is taken on trial");
        assert_eq!(text(b"\xFF\xFEa\0\xE9\0", false, true), Some(("aé".into(), true)));
        assert_eq!(text(b"\xFE\xFF\0a", false, true), Some(("a".into(), true)));
    }

    #[test]
    fn binary_data_is_refused_unless_the_name_says_code() {
        assert_eq!(text(b"a\0b", false, true), None);
        assert_eq!(text(b"a\0b", true, true), Some(("a\0b".into(), false)));
        assert_eq!(text(&[0x80; 400], true, true), None);
        assert_eq!(text(b"", false, false), Some((String::new(), false)));
    }
}
