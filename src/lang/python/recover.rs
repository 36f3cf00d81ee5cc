//! Second reading of a file that does not parse as a whole.
//!
//! After an error the parser may give up on everything that follows. Code at the left margin starts afresh whatever
//! stands before it, so the damaged part is cut there and read piece by piece. Cutting can also do harm, as inside a
//! long string whose lines start at the margin; whichever reading leaves least unread is taken.

use super::parse;
use super::tree::Tree;
use crate::source::Span;

/// Files cut into more pieces than this are not worth the time.
const MAX_PIECES: usize = 2_000;

/// How many pieces are tried together with one that does not parse.
const MAX_AHEAD: usize = 16;

/// How many such tries a file gets.
const MAX_TRIES: usize = 64;

/// Where a damaged part is cut.
#[derive(Clone, Copy)]
enum Cut {
    /// In front of functions and classes.
    Definitions,
    /// In front of every line at the margin that can start a statement.
    Statements,
}

/// The trees that together read the text best, in source order.
pub(super) fn trees(whole: Tree, text: &str) -> Vec<Tree> {
    let Some(damaged) = whole.damaged_part(text.len()) else { return vec![whole] };
    let mut best = vec![whole];
    for cut in [Cut::Definitions, Cut::Statements] {
        let pieces = pieces(text, damaged, cut);
        if !(2..=MAX_PIECES).contains(&pieces.len()) {
            continue;
        }
        if let Some(read) = read(text, &pieces)
            && damage(&read) < damage(&best)
        {
            best = read;
        }
    }
    best
}

/// Reads pieces. One that does not parse may have been cut off too early, so it is tried with what follows it.
fn read(text: &str, pieces: &[Span]) -> Option<Vec<Tree>> {
    let mut trees = Vec::with_capacity(pieces.len());
    let mut tries = MAX_TRIES;
    let mut at = 0;
    while let Some(piece) = pieces.get(at) {
        let mut tree = parse::parse_stretches(text, &[*piece])?;
        at += 1;
        if tree.damage() > 0 {
            for ahead in 0..MAX_AHEAD {
                let (Some(last), false) = (pieces.get(at + ahead), tries == 0) else { break };
                tries -= 1;
                let joined = parse::parse_stretches(text, &[Span { start: piece.start, end: last.end }])?;
                if joined.damage() == 0 {
                    tree = joined;
                    at += ahead + 1;
                    break;
                }
            }
        }
        trees.push(tree);
    }
    Some(trees)
}

fn damage(trees: &[Tree]) -> usize {
    trees.iter().map(Tree::damage).sum()
}

/// The text in pieces: what stands before the damaged part, the damaged part cut up, what stands after it.
fn pieces(text: &str, damaged: Span, cut: Cut) -> Vec<Span> {
    let mut starts = vec![0];
    let mut is_decorated = false;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let is_within = damaged.start < at + length(line) && at < damaged.end;
        let is_after = at >= damaged.end && starts.last().is_some_and(|&start| start < damaged.end);
        if !is_decorated && (is_within || is_after) && starts_piece(line, cut) {
            starts.push(at);
        }
        is_decorated = line.starts_with('@') || (is_decorated && !starts_piece(line, cut));
        at += length(line);
    }
    starts.dedup();
    let ends = starts.iter().copied().skip(1).chain([length(text)]);
    starts.iter().copied().zip(ends).map(|(start, end)| Span { start, end }).collect()
}

fn length(text: &str) -> u32 {
    u32::try_from(text.len()).unwrap_or(u32::MAX)
}

fn starts_piece(line: &str, cut: Cut) -> bool {
    let is_definition = ["def ", "class ", "async def ", "@"].iter().any(|word| line.starts_with(word));
    match cut {
        Cut::Definitions => is_definition,
        Cut::Statements => {
            let word = line.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default();
            let goes_on = matches!(word, "else" | "elif" | "except" | "finally" | "case");
            is_definition || (!word.is_empty() && !goes_on)
        }
    }
}
