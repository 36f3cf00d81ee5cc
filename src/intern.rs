//! Interned strings: one copy of every identifier and literal of a run.
//!
//! A [`Name`] is a thin pointer to a string that lives as long as the process, so it is `Copy`, compares and hashes by
//! address, and reads without a lock. It orders by text, so that sorting never depends on allocation order.

use std::borrow::Borrow;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{BuildHasher, Hash, Hasher};
use std::ops::Deref;
use std::sync::{LazyLock, Mutex, PoisonError};

use rustc_hash::{FxBuildHasher, FxHashSet};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

const SHARDS: usize = 64;

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
        let shard = FxBuildHasher.hash_one(text) as usize >> 7;
        let mut set = TABLE[shard % SHARDS].lock().unwrap_or_else(PoisonError::into_inner);
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
        serializer.serialize_str(self.0)
    }
}

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Ok(Name::new(&text))
    }
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
