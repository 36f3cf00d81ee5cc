//! Facts that other runs left: what is kept of a file, under which key, and what never is.
//!
//! An entry is found by everything that facts depend on: the front ends, the language, the path and the text. Files in
//! which anything looks like a credential are not kept, as facts hold literals. Where entries lie is the caller's
//! business ([`FactStore`]).

use sha2::{Digest, Sha256};

use crate::intern::{self, Name};
use crate::ir::FileFacts;
use crate::source::SourceFile;

/// What an entry is found by.
pub type Key = [u8; 32];

/// Keeps entries between runs. An entry that comes back must be the one that was put.
pub trait FactStore: Sync {
    /// An entry that an earlier run put.
    fn get(&self, key: &Key) -> Option<&[u8]>;
    /// Keeps an entry.
    fn put(&self, key: Key, entry: Vec<u8>);
}

/// Tells the front ends of this build from those of others.
const FRONT_ENDS: &str = concat!(env!("CARGO_PKG_VERSION"), " ", env!("LAUNCHLINT_FRONT_ENDS"));

/// The key of a file.
pub(super) fn key(file: &SourceFile) -> Key {
    let mut hash = Sha256::new();
    for part in [FRONT_ENDS, file.language.label(), &file.path, &file.text] {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part.as_bytes());
    }
    hash.finalize().into()
}

/// Facts in a compact form.
pub fn encode(facts: &FileFacts) -> Option<Vec<u8>> {
    let (body, names) = intern::write_numbered(|| postcard::to_allocvec(facts));
    let texts: Vec<&str> = names.into_iter().map(Name::as_str).collect();
    let texts = postcard::to_allocvec(&texts).ok()?;
    let mut entry = u32::try_from(texts.len()).ok()?.to_le_bytes().to_vec();
    entry.extend(texts);
    entry.extend(body.ok()?);
    Some(entry)
}

/// Facts out of their compact form.
pub fn decode(entry: &[u8]) -> Option<FileFacts> {
    let (len, rest) = entry.split_first_chunk::<4>()?;
    let (texts, body) = rest.split_at_checked(u32::from_le_bytes(*len) as usize)?;
    let texts: Vec<&str> = postcard::from_bytes(texts).ok()?;
    let names = texts.into_iter().map(Name::new).collect();
    intern::read_numbered(names, || postcard::from_bytes(body).ok())
}

#[cfg(test)]
mod tests {
    use super::{decode, encode, key};
    use crate::source::{Language, PathClass, SourceFile};

    const CODE: &str = "import os\nclass A(B):\n    x: int = 1\n    async def f(self, *a, k=[1, 'two']):\n        with open(k) as g:\n            return [f'{y}!' for y in g if y]\n";

    #[test]
    fn facts_come_back_as_they_were() {
        let (facts, _) = crate::lang::python::lower("a/b.py", CODE);
        let entry = encode(&facts).expect("facts can be kept");
        let back = decode(&entry).expect("and read");
        assert_eq!(format!("{facts:?}"), format!("{back:?}"));
        assert!(decode(&entry[..entry.len() / 2]).is_none(), "half an entry is none");
        assert!(decode(&[]).is_none());
    }

    #[test]
    fn text_path_and_language_are_all_part_of_the_key() {
        let file = |path: &str, text: &str, language| {
            key(&SourceFile { path: path.into(), language, class: PathClass::Production, text: text.into() })
        };
        let one = file("a.py", "x", Language::Python);
        assert_eq!(one, file("a.py", "x", Language::Python));
        let others = [
            file("a.py", "y", Language::Python),
            file("b.py", "x", Language::Python),
            file("a.py", "x", Language::TypeScript),
            file("a.pyx", "", Language::Python),
        ];
        assert!(!others.contains(&one));
    }
}
