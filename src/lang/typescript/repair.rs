//! Parsing, and a second look at what the grammars are known not to read.
//!
//! If a tree has errors, constructs that the pinned grammars miss are overwritten, byte for byte, by something of the
//! same length that they do read, and the text is parsed again. Names and literals are always read from the original, so
//! an overwritten byte shows in no fact. A repaired tree is kept only if it has less damage. A non-null `!` that the
//! grammars attach to more than its operand is blanked in the same way.

use std::cell::RefCell;
use std::sync::LazyLock;

use regex::bytes::Regex;
use tree_sitter::{Node, Parser, Tree};

use super::kind::{F, Grammar, Kind};

/// How often a text is repaired and parsed again.
const ROUNDS: usize = 3;
/// How far a chain of accesses is followed to its start.
const CHAIN: usize = 64;

thread_local! {
    /// Made once: a parser keeps what it needs for any text.
    static PARSER: RefCell<Parser> = RefCell::new(Parser::new());
}

/// Parses a text, repaired if need be.
pub(super) fn parse(source: &str, grammar: &Grammar) -> Option<Tree> {
    PARSER.with_borrow_mut(|parser| parse_with(parser, source, grammar))
}

fn parse_with(parser: &mut Parser, source: &str, grammar: &Grammar) -> Option<Tree> {
    parser.set_language(&grammar.language).ok()?;
    let tree = parser.parse(source, None)?;
    let loose = loose_marks(source.as_bytes(), tree.root_node(), grammar);
    if loose.is_empty() && !tree.root_node().has_error() {
        return Some(tree);
    }
    let mut text = source.as_bytes().to_vec();
    loose.iter().for_each(|at| text[*at] = b' ');
    let tree = if loose.is_empty() { tree } else { parser.parse(&text, None)? };
    repaired(parser, tree, text)
}

/// Mends a text as long as that lessens the damage.
fn repaired(parser: &mut Parser, tree: Tree, mut text: Vec<u8>) -> Option<Tree> {
    let mut best = tree;
    let mut damage = Damage::of(best.root_node());
    for _ in 0..ROUNDS {
        if damage.spots.is_empty() {
            break;
        }
        let mut repaired = text.clone();
        mend(&mut repaired, &damage);
        if repaired == text {
            break;
        }
        let tree = parser.parse(&repaired, None)?;
        let left = Damage::of(tree.root_node());
        if left.weight() >= damage.weight() {
            break;
        }
        (best, damage, text) = (tree, left, repaired);
    }
    Some(best)
}

/// The non-null marks that apply to an operation: the grammars read `a && b!.c` as `(a && b)!.c`.
fn loose_marks(text: &[u8], root: Node, grammar: &Grammar) -> Vec<usize> {
    let mut loose = Vec::new();
    if !memchr::memchr_iter(b'!', text).any(|at| may_be_mark(text, at)) {
        return loose;
    }
    let mut cursor = root.walk();
    loop {
        let node = cursor.node();
        if grammar.kind(node) == Kind::NonNull && binds_operation(node, grammar) {
            loose.push(node.end_byte() - 1);
        }
        if cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                loose.retain(|at| text.get(*at) == Some(&b'!'));
                return loose;
            }
        }
    }
}

/// Whether a `!` stands where a non-null mark does: behind an operand, and not as `!=`.
fn may_be_mark(text: &[u8], at: usize) -> bool {
    let before = at.checked_sub(1).map_or(b' ', |before| text[before]);
    let after = text.get(at + 1).copied().unwrap_or(b' ');
    let operand = before.is_ascii_alphanumeric() || !before.is_ascii() || matches!(before, b'_' | b'$' | b')' | b']');
    operand && after != b'=' && !after.is_ascii_alphanumeric()
}

/// Whether an operation without parentheses stands at the start of a chain of accesses.
fn binds_operation(mark: Node, grammar: &Grammar) -> bool {
    let mut inner = Some(mark);
    for _ in 0..CHAIN {
        let Some(node) = inner else { return false };
        inner = match grammar.kind(node) {
            Kind::NonNull => node.named_child(0),
            Kind::Member | Kind::Subscript => grammar.field(node, F::Object),
            Kind::Call => grammar.field(node, F::Function),
            kind => return kind.is_operation(),
        };
    }
    false
}

/// Where a tree is broken.
struct Damage {
    /// Byte ranges of errors; empty ones are missing tokens.
    spots: Vec<(usize, usize)>,
}

impl Damage {
    fn of(root: Node) -> Self {
        let mut spots = Vec::new();
        let mut cursor = root.walk();
        loop {
            let node = cursor.node();
            if node.is_error() || node.is_missing() {
                spots.push((node.start_byte(), node.end_byte()));
            } else if node.has_error() && cursor.goto_first_child() {
                continue;
            }
            while !cursor.goto_next_sibling() {
                if !cursor.goto_parent() {
                    return Damage { spots };
                }
            }
        }
    }

    fn weight(&self) -> usize {
        self.spots.iter().map(|(start, end)| end - start + 1).sum()
    }
}

static TYPEOF_IMPORT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"(?-u)typeof\s+import\s*\(\s*(?:"[^"\n]*"|'[^'\n]*')\s*\)(?:\.[A-Za-z_$][\w$]*)*"#).ok()
});
/// An attribute named like an operator: read as a comparison by the grammars.
static KEYWORD_ATTRIBUTE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r#"(?-u)\s(in)=[{"']"#).ok());

fn mend(text: &mut [u8], damage: &Damage) {
    blank_template_types(text);
    overwrite(text, &TYPEOF_IMPORT, 0, b"string");
    overwrite(text, &KEYWORD_ATTRIBUTE, 1, b"_n");
    join_ampersands(text, damage);
}

/// Puts `with` and blanks over every match of a group.
fn overwrite(text: &mut [u8], pattern: &LazyLock<Option<Regex>>, group: usize, with: &[u8]) {
    let Some(pattern) = pattern.as_ref() else { return };
    let found: Vec<_> = pattern.captures_iter(text).filter_map(|c| c.get(group).map(|m| m.range())).collect();
    for range in found {
        text[range.clone()].fill(b' ');
        let end = (range.start + with.len()).min(range.end);
        text[range.start..end].copy_from_slice(&with[..end - range.start]);
    }
}

/// Blanks the type arguments of tagged templates: ``f<T>`..` ``.
fn blank_template_types(text: &mut [u8]) {
    for at in 0..text.len().saturating_sub(1) {
        if text[at] != b'>' || text[at + 1] != b'`' {
            continue;
        }
        let Some(open) = opening_angle(&text[..=at]) else { continue };
        let behind_name = open > 0 && (text[open - 1].is_ascii_alphanumeric() || matches!(text[open - 1], b'_' | b'$'));
        if behind_name {
            text[open..=at].iter_mut().filter(|b| !matches!(b, b'\n' | b'\r')).for_each(|b| *b = b' ');
        }
    }
}

/// The `<` that the last byte closes; type arguments are short, so the search is bounded.
fn opening_angle(text: &[u8]) -> Option<usize> {
    let mut open = 0_usize;
    for (at, b) in text.iter().enumerate().rev().take(2000) {
        match b {
            b'>' if at > 0 && text[at - 1] == b'=' => {}
            b'>' => open += 1,
            b'<' if open <= 1 => return (open == 1).then_some(at),
            b'<' => open -= 1,
            b'`' => return None,
            _ => {}
        }
    }
    None
}

/// Puts `|` for every single `&` on damaged lines: in JSX text and attributes a bare `&` breaks the parse, in code the
/// two operators parse alike.
fn join_ampersands(text: &mut [u8], damage: &Damage) {
    for (start, end) in &damage.spots {
        let from = memchr::memrchr(b'\n', &text[..*start]).unwrap_or(0);
        let to = memchr::memchr(b'\n', &text[*end..]).map_or(text.len(), |n| end + n);
        for at in from..to {
            let alone = text[at] == b'&' && text.get(at + 1) != Some(&b'&') && (at == 0 || text[at - 1] != b'&');
            if alone {
                text[at] = b'|';
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{blank_template_types, opening_angle};

    #[test]
    fn only_type_arguments_are_blanked() {
        let cases = [
            ("db.q<Row<A>[]>`x`", "db.q          `x`"),
            ("q<{ f: () => B }>`x`", "q                `x`"),
            ("f(() =>`a`) < b", "f(() =>`a`) < b"),
            ("a < b ? () =>`x` : 0", "a < b ? () =>`x` : 0"),
            ("`<b>` + `</b>`", "`<b>` + `</b>`"),
        ];
        for (before, after) in cases {
            let mut text = before.as_bytes().to_vec();
            blank_template_types(&mut text);
            assert_eq!(String::from_utf8_lossy(&text), after);
        }
        assert_eq!(opening_angle(b""), None);
    }
}
