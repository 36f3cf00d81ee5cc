//! What identifiers say: phrases of `rules/vocabulary/names.yml` against the words of a name.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::LazyLock;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Deserializer};

use crate::data;
use crate::embedded::{self, EMBEDDED};

/// Phrases that names end in, by their last word: names are asked about at every step of every walk.
#[derive(Debug, Default)]
pub(super) struct Phrases {
    by_last: FxHashMap<String, Vec<Vec<String>>>,
}

impl<'de> Deserialize<'de> for Phrases {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let list: Vec<String> = Vec::deserialize(deserializer)?;
        let mut phrases = Phrases::default();
        for phrase in list {
            let mut words: Vec<String> = phrase.split(' ').map(str::to_owned).collect();
            let Some(last) = words.pop() else { continue };
            phrases.by_last.entry(last).or_default().push(words);
        }
        Ok(phrases)
    }
}

impl Phrases {
    /// Whether the words of a name end in one of the phrases.
    pub(super) fn end(&self, words: &[String]) -> bool {
        let Some((last, before)) = words.split_last() else { return false };
        self.by_last.get(last).is_some_and(|phrases| phrases.iter().any(|phrase| before.ends_with(phrase)))
    }

    /// How many there are.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.by_last.values().map(Vec::len).sum()
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    credential: Phrases,
    whole: BTreeSet<String>,
    personal: Phrases,
    headers: Phrases,
    harmless: BTreeSet<String>,
    verbs: BTreeSet<String>,
    scope: BTreeSet<String>,
    caller: BTreeSet<String>,
    conversation: BTreeSet<String>,
    content: BTreeSet<String>,
    plumbing: BTreeSet<String>,
    admission: BTreeSet<String>,
    privileged: Vec<String>,
}

/// The phrases. The embedded file is read once; `names_are_data` in this module's tests holds that it can be.
static FILE: LazyLock<File> = LazyLock::new(|| {
    const PATH: &str = "rules/vocabulary/names.yml";
    data::parse(PATH, embedded::file(EMBEDDED, PATH).unwrap_or_default()).unwrap_or_default()
});

/// Sorts of sensitive data that a name tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sensitive {
    /// Grants access.
    Credential,
    /// Identifies a person.
    Personal,
    /// Request headers as a whole.
    Headers,
}

impl Sensitive {
    /// The words in messages.
    pub(super) fn label(self) -> &'static str {
        match self {
            Sensitive::Credential => "a credential",
            Sensitive::Personal => "personal data",
            Sensitive::Headers => "request headers",
        }
    }
}

/// As [`words`], told once a thread for each identifier.
pub(super) fn words_of(name: &str) -> Rc<[String]> {
    if let Some(known) = SPLIT.with_borrow(|split| split.get(name).cloned()) {
        return known;
    }
    let made: Rc<[String]> = words(name).into();
    SPLIT.with_borrow_mut(|split| split.insert(name.into(), Rc::clone(&made)));
    made
}

/// The words of an identifier, in lower case.
pub(super) fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut is_new = true;
    let mut previous = ' ';
    for c in name.chars() {
        if !c.is_alphanumeric() {
            is_new = true;
        } else {
            if is_new || (c.is_uppercase() && !previous.is_uppercase()) {
                words.push(String::new());
            }
            is_new = false;
            if let Some(word) = words.last_mut() {
                word.extend(c.to_lowercase());
            }
        }
        previous = c;
    }
    words
}

/// Whether the words of a name say that it is not the value itself.
pub(super) fn is_harmless(words: &[String]) -> bool {
    let is_verb = words.len() > 1 && FILE.verbs.contains(&words[0]) && words != ["set", "cookie"];
    is_verb || words.iter().any(|w| FILE.harmless.contains(w)) || tells_of_having(words)
}

thread_local! {
    static SPLIT: RefCell<FxHashMap<Box<str>, Rc<[String]>>> = RefCell::default();
    /// What was told of names before: every step of every walk asks, and a program has few names.
    static TOLD: RefCell<FxHashMap<Box<str>, Option<Sensitive>>> = RefCell::default();
}

/// What a name says about its value.
pub(super) fn sensitive(name: &str) -> Option<Sensitive> {
    if let Some(told) = TOLD.with_borrow(|told| told.get(name).copied()) {
        return told;
    }
    let says = sense(name);
    TOLD.with_borrow_mut(|told| told.insert(name.into(), says));
    says
}

fn sense(name: &str) -> Option<Sensitive> {
    let words = words_of(name);
    if is_harmless(&words) {
        return None;
    }
    if FILE.credential.end(&words) || FILE.whole.contains(&words.join(" ")) {
        Some(Sensitive::Credential)
    } else if FILE.personal.end(&words) {
        Some(Sensitive::Personal)
    } else {
        FILE.headers.end(&words).then_some(Sensitive::Headers)
    }
}

/// Whether a name ties a key to its caller or to the caller's conversation.
pub(super) fn is_scope(name: &str) -> bool {
    tells(name, &FILE.scope)
}

/// Whether a name is the caller's own: a user, a tenant, what they may read. A conversation's id is not: whoever knows
/// it can send it.
pub(super) fn is_caller(name: &str) -> bool {
    tells(name, &FILE.caller)
}

/// Whether a name tells of something that has a part or lacks it, as `pathsWithToken` does, and not of the part.
fn tells_of_having(words: &[String]) -> bool {
    words
        .iter()
        .skip(1)
        .rev()
        .skip(1)
        .any(|w| matches!(w.as_str(), "with" | "without" | "needs" | "lacks" | "requires"))
}

/// Whether a name is what was said earlier in a conversation.
pub(super) fn is_conversation(name: &str) -> bool {
    words_of(name).iter().any(|w| FILE.conversation.contains(w))
}

/// Whether a function's name says that it checks who may do something.
pub(super) fn is_admission(name: &str) -> bool {
    words_of(name).iter().any(|w| FILE.admission.contains(w))
}

/// Whether a credential's name says that rules of access do not hold for it.
pub(super) fn is_privileged(name: &str) -> bool {
    let words = words(name).join(" ");
    FILE.privileged.iter().any(|phrase| words.contains(phrase.as_str()))
}

/// Whether a name has one of some words, and none that makes it something else: what a user says is not who they are,
/// and a session with a database is nobody's.
fn tells(name: &str, of: &BTreeSet<String>) -> bool {
    let words = words_of(name);
    words.iter().any(|w| of.contains(w)) && !words.iter().any(|w| FILE.content.contains(w) || FILE.plumbing.contains(w))
}

#[cfg(test)]
mod tests {
    use super::{FILE, Sensitive, is_caller, is_privileged, is_scope, sensitive, words};

    #[test]
    fn names_are_data() {
        assert!(FILE.credential.len() > 20 && FILE.scope.len() > 10);
    }

    #[test]
    fn identifiers_split_into_words() {
        assert_eq!(words("userAPIKey"), ["user", "apikey"]);
        assert_eq!(words("OPENAI_API_KEY"), ["openai", "api", "key"]);
        assert_eq!(words("accessToken"), ["access", "token"]);
    }

    #[test]
    fn names_that_end_in_a_secret_are_told_from_names_that_mention_one() {
        for name in
            ["api_key", "openaiApiKey", "OPENAI_API_KEY", "password", "db_password", "user.access_token", "databaseUrl"]
        {
            assert_eq!(sensitive(name), Some(Sensitive::Credential), "{name}");
        }
        assert_eq!(sensitive("user_email"), Some(Sensitive::Personal));
        for name in [
            "secret_name",
            "nextToken",
            "passwordKey",
            "tokenType",
            "token_count",
            "max_tokens",
            "has_password",
            "masked_api_key",
            "api_key_name",
        ] {
            assert_eq!(sensitive(name), None, "{name}");
        }
    }

    #[test]
    fn scopes_are_words_of_the_key() {
        assert!(is_scope("user_id") && is_scope("conversationId") && !is_scope("prompt_hash"));
        assert!(!is_scope("user_input") && !is_scope("db_session") && is_scope("session_id"));
        assert!(is_caller("tenantId") && is_caller("AccessPolicy") && !is_caller("thread_id"));
        assert!(is_privileged("SUPABASE_SERVICE_ROLE_KEY") && !is_privileged("SUPABASE_ANON_KEY"));
    }
}
