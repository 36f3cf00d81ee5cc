//! Interned strings: one copy of every identifier and literal of a run.
//!
//! A [`Name`] is a thin pointer to a string that lives as long as the process, so it is `Copy`, compares and hashes by
//! address, and reads without a lock. It orders by text, so that sorting never depends on allocation order.

use std::borrow::Borrow;
use std::cell::{Cell, RefCell};
use std::cmp::Ordering;
use std::fmt;
use std::hash::{BuildHasher, Hash, Hasher};
use std::ops::Deref;
use std::sync::{LazyLock, Mutex, PoisonError};

use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

const SHARDS: usize = 64;
const RECENTS: usize = 4096;

static TABLE: LazyLock<Vec<Mutex<FxHashSet<ByText>>>> =
    LazyLock::new(|| (0..SHARDS).map(|_| Mutex::default()).collect());

/// An interned string.
#[derive(Clone, Copy)]
pub struct Name(&'static &'static str);

/// A name as the table finds it.
#[derive(PartialEq, Eq, Hash)]
struct ByText(&'static &'static str);

impl Borrow<str> for ByText {
    #[inline]
    fn borrow(&self) -> &str {
        self.0
    }
}

impl Name {
    /// The one `Name` of this text.
    pub fn new(text: &str) -> Self {
        let hash = FxBuildHasher.hash_one(text) as usize >> 7;
        RECENT.with(|recent| {
            let slot = &recent[(hash / SHARDS) % RECENTS];
            match slot.get() {
                Some(known) if known == text => known,
                _ => {
                    let name = Name::shared(text, hash);
                    slot.set(Some(name));
                    name
                }
            }
        })
    }

    /// Looks a text up in the table that all threads share.
    fn shared(text: &str, hash: usize) -> Self {
        let mut set = TABLE[hash % SHARDS].lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = set.get(text) {
            return Name(known.0);
        }
        let kept: &'static str = Box::leak(text.into());
        let kept: &'static &'static str = Box::leak(Box::new(kept));
        set.insert(ByText(kept));
        Name(kept)
    }

    /// Where the name stands in memory: equal for equal names of a run, and of no other meaning.
    #[inline]
    pub(crate) fn address(self) -> usize {
        std::ptr::from_ref(self.0) as usize
    }

    /// The text.
    #[inline]
    pub fn as_str(self) -> &'static str {
        self.0
    }
}

impl Deref for Name {
    type Target = str;
    #[inline]
    fn deref(&self) -> &str {
        self.0
    }
}

impl PartialEq for Name {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}

impl Eq for Name {}

impl PartialEq<str> for Name {
    fn eq(&self, other: &str) -> bool {
        *self.0 == other
    }
}

impl PartialEq<&str> for Name {
    fn eq(&self, other: &&str) -> bool {
        self.0 == other
    }
}

impl Hash for Name {
    #[inline]
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.address().hash(state);
    }
}

impl PartialOrd for Name {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Name {
    fn cmp(&self, other: &Self) -> Ordering {
        if self == other { Ordering::Equal } else { self.0.cmp(other.0) }
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.0, f)
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl From<&str> for Name {
    fn from(text: &str) -> Self {
        Name::new(text)
    }
}

impl Serialize for Name {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let number = WRITTEN.with_borrow_mut(|written| written.as_mut().map(|numbers| numbers.of(*self)));
        match number {
            Some(number) => serializer.serialize_u32(number),
            None => serializer.serialize_str(self.0),
        }
    }
}

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if READ.with_borrow(Option::is_none) {
            let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
            return Ok(Name::new(&text));
        }
        let number = u32::deserialize(deserializer)? as usize;
        let name = READ.with_borrow(|names| names.as_ref().and_then(|names| names.get(number).copied()));
        name.ok_or_else(|| D::Error::custom("a name's number is not among the names"))
    }
}

thread_local! {
    /// Names that the thread met lately, by hash: most names of a file occur in it many times.
    static RECENT: [Cell<Option<Name>>; RECENTS] = const { [const { Cell::new(None) }; RECENTS] };
    static WRITTEN: RefCell<Option<Numbers>> = const { RefCell::new(None) };
    static READ: RefCell<Option<Vec<Name>>> = const { RefCell::new(None) };
}

/// Names by the order in which they were first written.
#[derive(Default)]
struct Numbers {
    known: FxHashMap<usize, u32>,
    names: Vec<Name>,
}

impl Numbers {
    fn of(&mut self, name: Name) -> u32 {
        *self.known.entry(name.address()).or_insert_with(|| {
            self.names.push(name);
            u32::try_from(self.names.len() - 1).unwrap_or(u32::MAX)
        })
    }
}

/// Writes something with its names as numbers, which say each text once; also returns the names in that order.
pub fn write_numbered<T>(write: impl FnOnce() -> T) -> (T, Vec<Name>) {
    struct End;
    impl Drop for End {
        fn drop(&mut self) {
            WRITTEN.set(None);
        }
    }
    WRITTEN.set(Some(Numbers::default()));
    let end = End;
    let result = write();
    let names = WRITTEN.take().map(|numbers| numbers.names).unwrap_or_default();
    drop(end);
    (result, names)
}

/// Reads what was written with these names as numbers.
pub fn read_numbered<T>(names: Vec<Name>, read: impl FnOnce() -> T) -> T {
    struct End;
    impl Drop for End {
        fn drop(&mut self) {
            READ.set(None);
        }
    }
    READ.set(Some(names));
    let end = End;
    let result = read();
    drop(end);
    result
}

#[cfg(test)]
mod tests {
    use super::Name;

    #[test]
    fn equal_texts_are_one_name_and_order_is_by_text() {
        let (a, b) = (Name::new("zeta"), Name::new("alpha"));
        assert_eq!(a, Name::new(&String::from("zeta")));
        assert_ne!(a, b);
        assert!(b < a);
        assert_eq!(Name::new(""), Name::new(""));
    }
}
