//! Verdicts on values of a form: vendors' keys, signed tokens, private keys, passwords inside addresses.

use crate::finding::Confidence;
use crate::source::PathClass;

use super::Verdict;
use super::judge::{Judgement, in_class, is_placeholder, is_too_regular};
use super::pattern::{Category, Patterns, Row, Vocabulary};
use super::place::{Form, Place};
use super::shape;
use super::validate::{self, Outcome};

/// A match of a shape row.
pub(crate) struct Shaped<'a> {
    pub(crate) patterns: &'a Patterns,
    pub(crate) place: &'a Place<'a>,
    pub(crate) row: &'a Row,
    /// The whole match, and where it starts.
    pub(crate) matched: &'a str,
    pub(crate) at: usize,
    /// The secret part.
    pub(crate) value: &'a str,
}

impl Shaped<'_> {
    /// The verdict of a shape; `None` if the structure tells that it is something else.
    pub(crate) fn judge(&self) -> Option<Judgement> {
        if let Some(verdict) = self.public() {
            return Some(verdict);
        }
        let lower = self.value.to_ascii_lowercase();
        if shape::is_lookup(self.value) || is_marked(&self.patterns.vocabulary, &lower) {
            return Some(Judgement::silent(Verdict::Placeholder, "it is a placeholder to be filled in"));
        }
        if let Some(validation) = self.row.validation {
            match validation.check(self.value) {
                Outcome::Sound => {}
                Outcome::MadeUp => {
                    return Some(Judgement::silent(Verdict::Example, "its checksum does not fit: it was made up"));
                }
                Outcome::Other => return None,
            }
        }
        if self.row.category != Category::PrivateKey && is_too_regular(self.row, self.value) {
            return Some(Judgement::silent(Verdict::Placeholder, "it is too regular to be a key"));
        }
        if self.row.test_mode {
            return Some(Judgement::silent(Verdict::TestFixture, "it opens a sandbox only"));
        }
        self.claims().or_else(|| Some(self.live()))
    }

    fn public(&self) -> Option<Judgement> {
        if self.row.public {
            return Some(Judgement::silent(Verdict::PublicByDesign, "this kind is meant to be public"));
        }
        let text = self.place.text;
        let low = text.floor_char_boundary(self.at.saturating_sub(400));
        let high = text.ceil_char_boundary((self.at + self.matched.len() + 400).min(text.len()));
        let is_public = self.row.public_near.iter().any(|near| text[low..high].contains(near.as_str()));
        is_public.then(|| Judgement::silent(Verdict::PublicByDesign, "what stands beside it makes it public"))
    }

    /// What a signed token says of itself.
    fn claims(&self) -> Option<Judgement> {
        if self.row.category != Category::Jwt {
            return None;
        }
        let claims = validate::jwt_claims(self.value)?;
        let is_same = |claim: &str, value: &str| claims.get(claim).and_then(|is| is.as_str()) == Some(value);
        let known =
            self.patterns.vocabulary.jwt_public_claims.iter().find(|known| is_same(&known.claim, &known.value))?;
        Some(Judgement::silent(Verdict::PublicByDesign, known.reason.clone()))
    }

    fn live(&self) -> Judgement {
        let class = self.place.class_at(self.at);
        if self.row.chosen {
            return self.chosen(class);
        }
        match self.row.category {
            Category::Jwt | Category::PrivateKey => {
                in_class(Judgement::new(Verdict::LiveLooking, Confidence::High, "its structure is sound"), class)
            }
            Category::Generic => self.bearer(class),
            Category::Database => self.connection(class),
            Category::ModelProvider
            | Category::Cloud
            | Category::SourceHost
            | Category::ChatPlatform
            | Category::Payment => {
                let sure = if class == PathClass::Production { Confidence::High } else { Confidence::Medium };
                Judgement::new(Verdict::LiveLooking, sure, "its form is this kind's")
            }
        }
    }

    fn bearer(&self, class: PathClass) -> Judgement {
        let is_key = shape::wordiness(self.value) < 0.6 && shape::classes(self.value) >= 2;
        if !is_key || self.place.form == Form::Document {
            return Judgement::silent(Verdict::HashOrId, "it is not random enough to be a credential");
        }
        in_class(
            Judgement::new(Verdict::LiveLooking, Confidence::Medium, "a random value in an authorization header"),
            class,
        )
    }

    /// A password in a command or in a list of settings.
    fn chosen(&self, class: PathClass) -> Judgement {
        let vocabulary = &self.patterns.vocabulary;
        let lower = self.value.to_ascii_lowercase();
        let is_guessable = is_placeholder(vocabulary, &lower) || is_guessable(vocabulary, self.value, &lower);
        if is_guessable || self.place.form == Form::Document {
            return Judgement::silent(Verdict::Example, "a guessable password in a sample");
        }
        in_class(Judgement::new(Verdict::LiveLooking, Confidence::Medium, "a password stands in the text"), class)
    }

    /// A password inside a URL.
    fn connection(&self, class: PathClass) -> Judgement {
        let Some(address) = Address::split(self.matched) else {
            return in_class(Judgement::new(Verdict::LiveLooking, Confidence::High, "its form is this kind's"), class);
        };
        let vocabulary = &self.patterns.vocabulary;
        let lower = self.value.to_ascii_lowercase();
        let outer = self.matched.to_ascii_lowercase();
        let is_guessable = is_guessable(vocabulary, self.value, &lower) || lower == address.user.to_ascii_lowercase();
        if is_placeholder(vocabulary, &lower)
            || address.is_sample(self.value, is_guessable)
            || outer.contains("${")
            || outer.contains("example")
        {
            return Judgement::silent(Verdict::Placeholder, "a sample address");
        }
        if !is_guessable {
            let sure = if address.is_local() { Confidence::Low } else { Confidence::High };
            return in_class(Judgement::new(Verdict::LiveLooking, sure, "a password stands in the address"), class);
        }
        let is_setting = self.place.form != Form::Code || super::assign::name_before(self.place, self.at).is_some();
        let is_used = is_setting && !self.place.is_scaffold && self.place.form != Form::Document;
        if !is_used || address.scheme.starts_with("http") || self.place.is_comment(self.at) {
            return Judgement::silent(Verdict::Example, "a guessable password in a sample address");
        }
        let verdict =
            Judgement::new(Verdict::WeakDefault, Confidence::Low, "a guessable password stands in the address");
        in_class(verdict, class)
    }
}

/// The parts of `scheme://user:password@host…`.
struct Address<'a> {
    scheme: &'a str,
    user: &'a str,
    host: &'a str,
}

impl<'a> Address<'a> {
    fn split(matched: &'a str) -> Option<Self> {
        let (scheme, rest) = matched.split_once("://")?;
        let (account, host) = rest.rsplit_once('@')?;
        let (user, _) = account.split_once(':')?;
        Some(Address { scheme, user, host })
    }

    fn is_local(&self) -> bool {
        ["localhost", "127.0.0.1", "0.0.0.0", "[::1]", "host.docker.internal"]
            .iter()
            .any(|host| self.host.starts_with(host))
    }

    /// Hosts that stand for a host. A name such as `my-cache.region.cloud` may be a real one.
    fn is_sample(&self, password: &str, is_guessable: bool) -> bool {
        if self.user == "user" && password == "pass" {
            return true;
        }
        let host = self.host.to_ascii_lowercase();
        let starts = |list: &[&str]| list.iter().any(|stand_in| host.starts_with(stand_in));
        let is_whole = ["host", "hostname", "server"].contains(&host.as_str());
        let is_loose = (is_guessable || !host.contains('.')) && starts(&["foo", "my-"]);
        let is_address = starts(&["ip"]) && !starts(&["ip-"]);
        is_whole || is_loose || is_address || starts(&["your", "<", "[", "{", "$", "..."]) && !starts(&["[::1]"])
    }
}

/// Whether somebody who tries words would find it.
fn is_guessable(vocabulary: &Vocabulary, value: &str, lower: &str) -> bool {
    vocabulary.default_passwords.iter().any(|known| known == lower)
        || lower.len() < 6
        || lower.starts_with("pass")
        || shape::wordiness(value) >= 0.7
}

/// As [`is_placeholder`] for values of a vendor's form: short marks occur by chance in long random values.
fn is_marked(vocabulary: &Vocabulary, lower: &str) -> bool {
    let is_sure = |mark: &str| mark.len() >= 5 || lower.len() < 24 || mark == "xxxx" || mark == "your";
    vocabulary.placeholders.iter().any(|mark| is_sure(mark) && lower.contains(mark.as_str()))
}
