//! Stand-ins for the random part of credentials: `<20 random characters>` on a page becomes that many in a case.
//!
//! So that no page holds a text that looks like a live key, and a reader sees what is meant. The same stand-in always
//! becomes the same text.

use sha2::{Digest, Sha256};

/// The kinds of characters a stand-in may ask for.
const ALPHABETS: [(&str, &str); 3] = [
    ("characters", "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"),
    ("capitals", "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"),
    ("hex", "0123456789abcdef"),
];

/// The longest text a stand-in may ask for.
const LONGEST: usize = 4096;

/// Replaces every stand-in of a text.
pub(super) fn expand(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut nth = 0;
    while let Some(open) = rest.find('<') {
        out.push_str(&rest[..open]);
        rest = &rest[open..];
        let Some((len, alphabet, end)) = stand_in(rest) else {
            out.push('<');
            rest = &rest[1..];
            continue;
        };
        out.push_str(&random(nth, len, alphabet));
        nth += 1;
        rest = &rest[end..];
    }
    out + rest
}

/// Length, alphabet and end of the stand-in that a text starts with.
fn stand_in(text: &str) -> Option<(usize, &'static str, usize)> {
    let inner = text.strip_prefix('<')?.split('>').next()?;
    let (len, kind) = inner.split_once(" random ")?;
    let (_, alphabet) = ALPHABETS.iter().find(|(name, _)| *name == kind)?;
    let len = len.parse().ok().filter(|len| *len <= LONGEST)?;
    Some((len, alphabet, inner.len() + 2))
}

fn random(nth: u32, len: usize, alphabet: &str) -> String {
    let mut out = String::with_capacity(len);
    for round in 0u32.. {
        let digest = Sha256::digest([nth.to_be_bytes(), round.to_be_bytes()].concat());
        for byte in digest {
            if out.len() == len {
                return out;
            }
            let at = usize::from(byte) % alphabet.len();
            out.push_str(&alphabet[at..=at]);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::expand;

    #[test]
    fn stand_ins_become_random_text_of_their_length_and_kind() {
        let text = expand("a <8 random hex> b < c <70 random characters>");
        let words: Vec<_> = text.split(' ').collect();
        assert_eq!((words[0], words[2], words[3], words[4]), ("a", "b", "<", "c"));
        assert!(words[1].len() == 8 && words[1].chars().all(|c| c.is_ascii_hexdigit()), "{text}");
        assert_eq!(words[5].len(), 70);
        assert_eq!(text, expand("a <8 random hex> b < c <70 random characters>"));
    }

    #[test]
    fn other_angle_brackets_stay() {
        for text in ["Vec<String>", "<4 random fish>", "<x random hex>", "a <"] {
            assert_eq!(expand(text), text);
        }
    }
}
