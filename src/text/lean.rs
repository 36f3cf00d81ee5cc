//! Whether an expression matches at all, asked as cheaply as can be.
//!
//! A whole regular expression is compiled for every question that can be asked of it, which takes longer than reading the
//! few short texts that most expressions are ever shown. This one tells whether there is a match and nothing else.

use std::sync::{Mutex, PoisonError};

use regex_automata::hybrid::dfa::{Cache, Config, DFA};
use regex_automata::nfa::thompson::{self, WhichCaptures};
use regex_automata::util::syntax;
use regex_automata::{Anchored, Input};

/// An expression over bytes that tells whether it matches.
#[derive(Debug)]
pub(crate) struct Lean {
    dfa: DFA,
    /// What was found out about the expression while searching.
    cache: Mutex<Cache>,
}

impl Lean {
    /// Compiles an expression over bytes. `None` for one that only a whole regular expression can answer for.
    pub(crate) fn new(pattern: &str) -> Option<Lean> {
        let dfa = DFA::builder()
            .configure(Config::new())
            .syntax(syntax::Config::new().unicode(false).utf8(false))
            .thompson(thompson::Config::new().utf8(false).which_captures(WhichCaptures::None))
            .build(pattern)
            .ok()?;
        let cache = Mutex::new(dfa.create_cache());
        Some(Lean { dfa, cache })
    }

    /// Whether it matches anywhere. `None` if that could not be told.
    pub(crate) fn is_match(&self, bytes: &[u8]) -> Option<bool> {
        let mut cache = self.cache.lock().unwrap_or_else(PoisonError::into_inner);
        let input = Input::new(bytes).anchored(Anchored::No).earliest(true);
        self.dfa.try_search_fwd(&mut cache, &input).ok().map(|found| found.is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::Lean;

    #[test]
    fn it_says_what_the_whole_expression_says() {
        let patterns = [r"(?im:^a\b.{0,3}c$|[^x]y)", r"(?i)\bkey\s*[:=]", "", "^(?:ab|c+)$", r"[a-f0-9]{4}\.x"];
        let texts = ["", "a c", "A..C\nzy", "xy", "\u{e4}y", "api KEY = 1", "monkey=", "ccc", "cab", "09af.x", "a\nb"];
        for pattern in patterns {
            let (lean, whole) = (Lean::new(pattern), regex::bytes::RegexBuilder::new(pattern).unicode(false).build());
            let (lean, whole) = (lean.expect("it compiles"), whole.expect("it compiles"));
            for text in texts {
                assert_eq!(lean.is_match(text.as_bytes()), Some(whole.is_match(text.as_bytes())), "{pattern} {text}");
            }
        }
    }
}
