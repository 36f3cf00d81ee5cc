//! Credentials in text: finds literals that unlock something, and tells them from everything that only looks so.
//!
//! Works on any text file, without a syntax tree and in linear time: one Aho-Corasick pass finds anchors, and only the
//! lines around an anchor are read more closely. What a vendor's key looks like is data (`rules/credentials/*.yml`).
//!
//! It does not decide what is reported: each [`Credential`] carries a [`Verdict`], and rules choose. It never keeps a
//! value: a credential is a place, a kind and a one-way fingerprint.

mod assign;
mod judge;
pub(crate) mod lean;
mod pattern;
mod place;
mod scan;
mod shape;
mod shaped;
mod validate;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::finding::Confidence;
use crate::source::Span;

pub use judge::{Context, Judgement, Site, judge};
pub use pattern::{Category, PatternError, Patterns};
pub use scan::scan;

/// What a value that looks like a credential is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It would pass for a real one.
    LiveLooking,
    /// Guessable, but what a deployment starts with unless somebody overrides it: a default password, a fixed fallback
    /// of a signing secret.
    WeakDefault,
    /// To be filled in, or looked up elsewhere.
    Placeholder,
    /// Documentation's or a template's sample.
    Example,
    /// Made for a test.
    TestFixture,
    /// Meant to be seen by everybody: publishable keys, client ids, anonymous tokens.
    PublicByDesign,
    /// A hash, an id, a name or plain words.
    HashOrId,
}

impl Verdict {
    /// Whether rules report it.
    pub fn is_reported(self) -> bool {
        matches!(self, Verdict::LiveLooking | Verdict::WeakDefault)
    }
}

/// A credential-like value in a file. Holds no part of the value itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credential {
    /// Id of the pattern that found it.
    pub pattern: String,
    /// What users call it, such as "private key".
    pub kind: String,
    /// Sort of thing it unlocks.
    pub category: Category,
    /// The value's bytes: what no output may show.
    pub span: Span,
    /// What it is.
    pub verdict: Verdict,
    /// Why the verdict.
    pub reason: String,
    /// Tells two credentials apart without telling what they are; see [`fingerprint`].
    pub fingerprint: String,
    /// The variable, field or key it is given to.
    pub name: Option<String>,
    /// How sure the verdict is.
    pub confidence: Confidence,
}

/// A short one-way mark of a value. A guessable value would be found by trying words, so its mark is made from the
/// pattern and the name alone.
pub(crate) fn fingerprint(pattern: &str, name: Option<&str>, value: &str, guessable: bool) -> String {
    let mut hash = Sha256::new();
    hash.update(b"credential fingerprint 1\0");
    hash.update(pattern.as_bytes());
    hash.update(b"\0");
    if guessable {
        hash.update(b"name\0");
        hash.update(name.unwrap_or_default().as_bytes());
    } else {
        hash.update(b"value\0");
        hash.update(value.as_bytes());
    }
    hash.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}
