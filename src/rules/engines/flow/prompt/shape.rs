//! The shape of a text around a hole: whether it instructs, and whether something fences the hole.

use crate::flow::Piece;

/// Fixed text of fewer words is a label.
const FEWEST_WORDS: usize = 4;

/// How many words the fixed text has.
pub(super) fn words(pieces: &[Piece]) -> usize {
    let texts = pieces.iter().filter_map(|p| if let Piece::Text(text) = p { Some(text.as_str()) } else { None });
    let is_word = |word: &&str| word.chars().filter(|c| c.is_alphabetic()).count() >= 2;
    texts.flat_map(str::split_whitespace).filter(is_word).count()
}

/// Whether the fixed text says what to do, rather than what follows: it opens with an order, or it is more than a label
/// and says an order or speaks to somebody.
pub(super) fn instructs(pieces: &[Piece]) -> bool {
    let texts: Vec<&str> =
        pieces.iter().filter_map(|p| if let Piece::Text(text) = p { Some(text.as_str()) } else { None }).collect();
    let mut openings = texts.iter().flat_map(|text| text.lines()).filter_map(|line| line.split_whitespace().next());
    let bare = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
    let speaks = |before: &str, word: &str| {
        let word = bare(word);
        let opens = before.ends_with(['.', ':', '!', '?', ','])
            || ["please", "and", "to", "must", "should", "then"].iter().any(|w| before.eq_ignore_ascii_case(w));
        let addressed =
            ["you", "your", "you're", "please", "me", "my", "our", "here", "here's", "this", "these", "following"];
        addressed.iter().any(|a| word.eq_ignore_ascii_case(a)) || (opens && super::source::orders(&word))
    };
    openings.any(super::source::orders) || {
        let says = |text: &&str| {
            let words: Vec<&str> = text.split_whitespace().collect();
            words.iter().enumerate().any(|(n, word)| speaks(if n == 0 { "" } else { words[n - 1] }, word))
        };
        // `I have attached the following files`: a person says it, and orders nothing.
        let is_said = texts.iter().flat_map(|t| t.split_whitespace()).any(|w| matches!(w, "I" | "I've" | "I'm"))
            && !texts.iter().flat_map(|t| t.split_whitespace()).any(|w| {
                let word = bare(w);
                word.eq_ignore_ascii_case("please") || word.to_ascii_lowercase().starts_with("you")
            });
        words(pieces) >= FEWEST_WORDS && !is_said && texts.iter().any(says)
    }
}

/// The text before and after a piece, other holes as one sign each.
fn around(pieces: &[Piece], at: usize) -> (String, String) {
    let text = |pieces: &[Piece]| {
        pieces.iter().map(|p| if let Piece::Text(text) = p { text.as_str() } else { "\u{1}" }).collect::<String>()
    };
    (text(&pieces[..at]), text(&pieces[at + 1..]))
}

/// Whether a delimiter stands on both sides of a hole.
pub(super) fn is_fenced(pieces: &[Piece], at: usize) -> bool {
    let (before, after) = around(pieces, at);
    in_fence(&before, &after) || in_tags(&before, &after) || in_quotes(&before, &after) || in_lines(&before, &after)
}

/// Between ``` or """ signs.
fn in_fence(before: &str, after: &str) -> bool {
    ["```", "\"\"\"", "'''", "~~~"].iter().any(|sign| before.matches(sign).count() % 2 == 1 && after.contains(sign))
}

/// Between `<name …>` and `</name>`, `[NAME]` and `[/NAME]`, or `<<<` and `>>>`.
fn in_tags(before: &str, after: &str) -> bool {
    if before.trim_end().ends_with("<<<") || (before.trim_end().ends_with("<<") && after.trim_start().starts_with(">>"))
    {
        return true;
    }
    [('<', '>'), ('[', ']'), ('{', '}')].iter().any(|(open, close)| {
        let mut at = 0;
        while let Some(end) = after[at..].find(&format!("{open}/")).map(|e| e + at) {
            let name: String = after[end + 2..].chars().take_while(|c| *c != *close && !c.is_whitespace()).collect();
            let opening = format!("{open}{name}");
            let last = before.rfind(&opening);
            if !name.is_empty()
                && last.is_some_and(|open_at| before.rfind(&format!("{open}/{name}")).is_none_or(|c| c < open_at))
            {
                return true;
            }
            at = end + 2;
        }
        false
    }) || in_markers(before, after)
}

/// Between words in brackets that say begin and end.
fn in_markers(before: &str, after: &str) -> bool {
    let (before, after) = (before.to_lowercase(), after.to_lowercase());
    [("begin", "end"), ("start", "end"), ("<inject", "</inject")].iter().any(|(open, close)| {
        let line_before = before.trim_end().lines().last().unwrap_or_default();
        line_before.contains(open)
            && line_before.contains(['<', '[', '=', '-', '#'])
            && after.lines().any(|line| line.contains(close) && line.contains(['<', '[', '=', '-', '#']))
    })
}

/// Directly between quotes.
fn in_quotes(before: &str, after: &str) -> bool {
    [('"', '"'), ('\'', '\''), ('`', '`'), ('“', '”'), ('«', '»')]
        .iter()
        .any(|(open, close)| before.ends_with(*open) && after.starts_with(*close))
}

/// Between two lines of the same sign: `-----`, `=====`, `#####`.
fn in_lines(before: &str, after: &str) -> bool {
    let is_rule = |line: &str| {
        let line = line.trim();
        line.len() >= 3 && ["-", "=", "#", "*", "~", "_"].iter().any(|sign| line.replace(sign, "").is_empty())
    };
    before.lines().filter(|line| is_rule(line)).count() % 2 == 1 && after.lines().any(is_rule)
}

#[cfg(test)]
mod tests {
    use super::{instructs, is_fenced};
    use crate::flow::Piece;

    fn pieces(text: &str) -> Vec<Piece> {
        let (before, after) = text.split_once('@').expect("a hole");
        vec![Piece::Text(before.into()), Piece::Named("x".into()), Piece::Text(after.into())]
    }

    #[test]
    fn fences_are_told_from_labels() {
        for fenced in [
            "Sum up.\n<doc>\n@\n</doc>",
            "Sum up what stands in the fence:\n```\n@\n```",
            "Answer \"@\" briefly",
            "Read:\n-----\n@\n-----\nNow answer.",
            "<doc id=\"3\">\ntitle: a\n@</doc>",
            "=== Page Start ===\n@\n=== Page End ===",
        ] {
            assert!(is_fenced(&pieces(fenced), 1), "{fenced}");
        }
        for open in ["Sum up: @", "Question: @\nAnswer:", "<doc></doc> then @ <doc></doc>", "---\n---\n@\n---\n---"] {
            assert!(!is_fenced(&pieces(open), 1), "{open}");
        }
    }

    #[test]
    fn labels_do_not_instruct() {
        assert!(instructs(&pieces("Summarise the following text: @")) && !instructs(&pieces("User: @\nContext:")));
    }
}
