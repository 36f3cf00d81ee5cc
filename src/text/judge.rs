//! Verdicts: is a value that looks like a credential one?
//!
//! The order of the questions matters and is the same everywhere: is it looked up elsewhere, meant to be public, to be
//! filled in, guessable, an id or plain words; and only what is left has to be random enough to pass for a real one.

use crate::finding::Confidence;
use crate::source::PathClass;

use super::Verdict;
use super::pattern::{Patterns, Row, Vocabulary};
use super::place::{Form, Place};
use super::shape;

/// How a literal comes to its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Site {
    /// A literal in code: assignment, argument, field.
    Code,
    /// What a look-up returns if nothing is set.
    Fallback,
    /// A setting in a configuration file.
    Config,
}

/// What is known of a literal that code analysis found.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The patterns of the run.
    pub patterns: &'a Patterns,
    /// Path of the file, relative to the root.
    pub path: &'a str,
    /// What the file is for.
    pub class: PathClass,
    /// How the literal comes to its name.
    pub site: Site,
}

/// A verdict with its reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// What the value is.
    pub verdict: Verdict,
    /// How sure that is.
    pub confidence: Confidence,
    /// Why.
    pub reason: String,
}

impl Judgement {
    pub(crate) fn new(verdict: Verdict, confidence: Confidence, reason: impl Into<String>) -> Self {
        Judgement { verdict, confidence, reason: reason.into() }
    }

    /// A sure verdict that silences.
    pub(super) fn silent(verdict: Verdict, reason: impl Into<String>) -> Self {
        Judgement::new(verdict, Confidence::High, reason)
    }
}

/// Judges one literal and the name it is given to, if any.
pub fn judge(name: Option<&str>, value: &str, context: &Context<'_>) -> Judgement {
    let known = super::scan::scan(value, context.path, context.class, context.patterns);
    let whole = known.into_iter().filter(|found| !found.verdict.eq(&Verdict::HashOrId) && found.name.is_none());
    if let Some(found) = whole.max_by_key(|found| (found.verdict.is_reported(), found.confidence)) {
        return Judgement::new(found.verdict, found.confidence, found.reason);
    }
    let place = Place::of(context.path, context.class, "");
    if let Some(name) = name {
        let words = shape::words(name);
        let subject =
            Subject { patterns: context.patterns, place: &place, name, words: &words, value, site: context.site };
        let verdicts = context.patterns.rows.iter().filter_map(|row| subject.judge(row, 0));
        if let Some(found) = verdicts.max_by_key(|found| (found.verdict.is_reported(), found.confidence)) {
            return found;
        }
    }
    Judgement::new(Verdict::HashOrId, Confidence::Low, "neither its name nor its shape is a credential's")
}

/// A value under judgement, with the name it is given to.
pub(crate) struct Subject<'a> {
    pub(crate) patterns: &'a Patterns,
    pub(crate) place: &'a Place<'a>,
    pub(crate) name: &'a str,
    pub(crate) words: &'a [String],
    pub(crate) value: &'a str,
    pub(crate) site: Site,
}

impl Subject<'_> {
    fn vocabulary(&self) -> &Vocabulary {
        &self.patterns.vocabulary
    }

    /// The verdict of an assigned row; `None` if the row does not speak of this name and value.
    pub(crate) fn judge(&self, row: &Row, offset: usize) -> Option<Judgement> {
        if !row.is_assigned() || !row.takes_name(self.name, self.words) {
            return None;
        }
        if !row.value_regex()?.is_match(self.value.as_bytes()) {
            return None;
        }
        if let Some(verdict) = self.not_a_value(offset).or_else(|| self.public_beside(row, offset)) {
            return Some(verdict);
        }
        let class = self.place.class_at(offset);
        if !row.is_named_only() {
            return Some(self.judge_vendor(row, class));
        }
        let verdict = self.guessable(row, offset).unwrap_or_else(|| self.random(row));
        Some(if verdict.verdict.is_reported() { in_class(verdict, class) } else { verdict })
    }

    /// Look-ups, placeholders, public names, marked tests.
    fn not_a_value(&self, offset: usize) -> Option<Judgement> {
        let lower = self.value.to_ascii_lowercase();
        let vocabulary = self.vocabulary();
        if shape::is_lookup(self.value) || vocabulary.lookups.iter().any(|mark| lower.contains(mark.as_str())) {
            return Some(Judgement::silent(Verdict::Placeholder, "it is looked up or filled in at run time"));
        }
        if vocabulary.public_names.iter().any(|tail| shape::ends_with_words(self.words, tail)) {
            return Some(Judgement::silent(Verdict::PublicByDesign, "its name is that of a public value"));
        }
        let says_so = |word: &String| vocabulary.placeholder_names.contains(word);
        if is_placeholder(vocabulary, &lower) || is_spelled_out(&lower) || self.words.iter().any(says_so) {
            return Some(Judgement::silent(Verdict::Placeholder, "it is a placeholder to be filled in"));
        }
        if lower
            .split(|c: char| !c.is_ascii_alphanumeric())
            .any(|word| vocabulary.test_marks.iter().any(|mark| word == mark))
        {
            return Some(Judgement::silent(Verdict::TestFixture, "it says itself that it is for tests"));
        }
        let (_, line) = self.place.line_around(offset);
        let line = line.to_ascii_lowercase();
        let is_public = vocabulary.public_remarks.iter().any(|remark| line.contains(remark.as_str()));
        is_public.then(|| Judgement::silent(Verdict::PublicByDesign, "a remark beside it says that it is public"))
    }

    /// Settings around the value that tell that it is meant for browsers.
    fn public_beside(&self, row: &Row, offset: usize) -> Option<Judgement> {
        const REACH: usize = 200;
        let text = self.place.text;
        let low = text.floor_char_boundary(offset.saturating_sub(REACH));
        let high = text.ceil_char_boundary((offset + self.value.len() + REACH).min(text.len()));
        let around = text.get(low..high)?;
        let is_public = row.public_near.iter().any(|near| around.contains(near.as_str()));
        is_public.then(|| Judgement::silent(Verdict::PublicByDesign, "what stands beside it makes it public"))
    }

    /// Values of a vendor's form, under a vendor's name.
    fn judge_vendor(&self, row: &Row, class: PathClass) -> Judgement {
        if is_too_regular(row, self.value) {
            return Judgement::silent(Verdict::Placeholder, "it is too regular to be a key");
        }
        in_class(Judgement::new(Verdict::LiveLooking, Confidence::High, "its form and its name are this key's"), class)
    }

    /// Default passwords and word-like values: they protect nothing, where they are used.
    fn guessable(&self, row: &Row, offset: usize) -> Option<Judgement> {
        let core = self.value.trim_matches(|c: char| !c.is_ascii_alphanumeric()).to_ascii_lowercase();
        let is_default = self.vocabulary().default_passwords.contains(&core);
        let is_wordy = shape::wordiness(self.value) >= 0.7;
        if !is_default && !is_wordy {
            return None;
        }
        let guards = row.names.iter().any(|tail| tail.contains("pass") || tail.contains("secret"));
        if !guards || shape::is_prose_or_reference(self.value) {
            return Some(Judgement::silent(Verdict::HashOrId, "it reads as words or as a name"));
        }
        let is_sample = self.place.is_scaffold || self.place.is_in_example(offset);
        if is_sample || self.place.is_comment(offset) || self.place.form == Form::Document {
            return Some(Judgement::silent(Verdict::Example, "a guessable value in a template or a scaffold"));
        }
        if self.repeats_name() {
            return Some(Judgement::silent(Verdict::HashOrId, "it repeats its name: a key or a resource, not a value"));
        }
        let is_label = match self.site {
            Site::Code => self.words.contains(&core),
            Site::Config | Site::Fallback => self.words.last() == Some(&core),
        };
        let is_variable = self.name.bytes().all(|byte| !byte.is_ascii_lowercase());
        let is_used = match self.site {
            Site::Fallback => true,
            Site::Config => {
                (is_variable || self.place.form == Form::Environment)
                    || (is_default && !is_label)
                    || self.is_spiced(row)
            }
            Site::Code => (is_default || self.is_spiced(row)) && !is_label && self.place.form == Form::Code,
        };
        if !is_used {
            return Some(Judgement::silent(Verdict::HashOrId, "it reads as a label"));
        }
        let is_signing = self.words.iter().any(|word| self.vocabulary().signing_words.contains(word));
        let confidence = if is_signing { Confidence::Medium } else { Confidence::Low };
        let reason = match self.site {
            Site::Fallback => "a guessable value that holds whenever nothing is set",
            Site::Config => "a guessable value that the deployment starts with",
            Site::Code => "a guessable value fixed in code",
        };
        Some(Judgement::new(Verdict::WeakDefault, confidence, reason))
    }

    /// A password with a sign among its letters is no label: `super$ecret`.
    fn is_spiced(&self, row: &Row) -> bool {
        let bytes = self.value.as_bytes();
        let is_inside = |trio: &[u8]| {
            b"$!#&^*?@".contains(&trio[1]) && trio[0].is_ascii_alphanumeric() && trio[2].is_ascii_alphanumeric()
        };
        row.names.iter().any(|tail| tail == "password") && bytes.len() >= 8 && bytes.windows(3).any(is_inside)
    }

    /// An id that was drawn by lot, under a name that nothing but a credential has.
    fn is_id_as_key(&self) -> bool {
        const SURE: [&str; 12] = [
            "api key",
            "apikey",
            "secret",
            "secret key",
            "secretkey",
            "auth key",
            "access key",
            "account key",
            "license key",
            "api token",
            "auth token",
            "access token",
        ];
        let is_by_lot = self.value.as_bytes().get(14) == Some(&b'4');
        is_by_lot && shape::is_uuid(self.value) && SURE.iter().any(|tail| shape::ends_with_words(self.words, tail))
    }

    /// Whether all of the value's words, two or more, are words of the name.
    fn repeats_name(&self) -> bool {
        let said = shape::words(self.value);
        said.len() > 1 && said.iter().all(|word| self.words.contains(word))
    }

    /// What has only its name and its randomness to speak for it.
    fn random(&self, row: &Row) -> Judgement {
        let value = self.value;
        let is_password = row.names.iter().any(|tail| tail == "password");
        const HASH_WORDS: [&str; 10] =
            ["hash", "digest", "checksum", "sha", "commit", "integrity", "revision", "etag", "md5", "uuid"];
        if self.is_id_as_key() {
            return Judgement::new(Verdict::LiveLooking, Confidence::Low, "a random id under a credential's name");
        }
        if shape::is_uuid(value) || self.words.iter().any(|word| HASH_WORDS.contains(&word.as_str())) {
            return Judgement::silent(Verdict::HashOrId, "it is an id or a hash");
        }
        if value.starts_with("sha256-") || value.starts_with("sha512-") || value.starts_with("$2") {
            return Judgement::silent(Verdict::HashOrId, "it is a hash");
        }
        if shape::is_prose_or_reference(value) && !(is_password && shape::classes(value) == 4) || value.contains(' ') {
            return Judgement::silent(Verdict::HashOrId, "it reads as text or as a reference");
        }
        if is_too_regular(row, value) {
            return Judgement::silent(Verdict::Placeholder, "it is too regular to be a credential");
        }
        let entropy = shape::entropy(value);
        let classes = shape::classes(value);
        let has_digit = value.bytes().any(|byte| byte.is_ascii_digit());
        let has_letter = value.bytes().any(|byte| byte.is_ascii_alphabetic());
        let is_key = value.len() >= 16 && has_digit && has_letter && entropy >= 3.2 && shape::wordiness(value) < 0.6;
        if is_key {
            return Judgement::new(
                Verdict::LiveLooking,
                Confidence::Medium,
                "a random value under a credential's name",
            );
        }
        let is_chosen =
            is_password && value.len() >= 8 && has_digit && (classes >= 3 || entropy >= 3.0 && classes >= 2);
        if is_chosen {
            return Judgement::new(Verdict::LiveLooking, Confidence::Low, "it would pass for a chosen password");
        }
        Judgement::silent(Verdict::HashOrId, "it is not random enough to be a credential")
    }
}

/// Whether a value without a form of its own is to be filled in.
pub(super) fn is_placeholder(vocabulary: &Vocabulary, lower: &str) -> bool {
    vocabulary.placeholders.iter().any(|mark| lower.contains(mark.as_str())) || shape::is_patterned(lower)
}

/// `my-first-key` and the like: separated words, one of them a possessive.
fn is_spelled_out(lower: &str) -> bool {
    lower.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| word == "my") && lower.contains(['-', '_', ' '])
}

pub(super) fn is_too_regular(row: &Row, value: &str) -> bool {
    // Capitals and digits alone fall into pieces that read as words by chance.
    let has_words = value.bytes().any(|byte| byte.is_ascii_lowercase() || matches!(byte, b'_' | b'-'));
    let is_wordy = has_words && value.len() >= 16 && shape::wordiness(value) >= 0.75;
    shape::is_patterned(value) || is_wordy || row.entropy.is_some_and(|least| shape::entropy(value) < least)
}

/// Outside shipped code, a value without a vendor's form is taken for what the file is for.
pub(super) fn in_class(verdict: Judgement, class: PathClass) -> Judgement {
    match class {
        PathClass::Production => verdict,
        PathClass::Test => Judgement::new(Verdict::TestFixture, Confidence::Medium, "it stands in test code"),
        PathClass::Example => Judgement::new(Verdict::Example, Confidence::Medium, "it stands in an example"),
        PathClass::Vendored | PathClass::Generated => {
            Judgement::new(Verdict::HashOrId, Confidence::Low, "it stands in code that nobody here wrote")
        }
    }
}
