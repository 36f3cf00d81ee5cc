//! Headings and fenced blocks of a page: as much Markdown as pages use.

/// A heading outside fenced blocks.
#[derive(Debug)]
pub(super) struct Heading<'a> {
    pub(super) level: usize,
    pub(super) title: &'a str,
    /// Line from 1.
    pub(super) line: u32,
    /// Byte where the heading's line starts.
    pub(super) start: usize,
    /// Byte after the heading's line.
    pub(super) end: usize,
}

/// A fenced block.
#[derive(Debug)]
pub(super) struct Block<'a> {
    /// Title of the section it stands in.
    pub(super) section: &'a str,
    /// What stands after the opening fence.
    pub(super) info: &'a str,
    /// Line of the opening fence, from 1.
    pub(super) line: u32,
    /// The lines between the fences.
    pub(super) body: &'a str,
}

/// A piece of a page, in order.
enum Piece<'a> {
    Heading(Heading<'a>),
    Block { info: &'a str, line: u32, body: &'a str },
}

pub(super) fn headings(text: &str) -> Vec<Heading<'_>> {
    let heading = |piece| match piece {
        Piece::Heading(heading) => Some(heading),
        Piece::Block { .. } => None,
    };
    pieces(text).into_iter().filter_map(heading).collect()
}

pub(super) fn blocks(text: &str) -> Vec<Block<'_>> {
    let mut section = "";
    let mut out = Vec::new();
    for piece in pieces(text) {
        match piece {
            Piece::Heading(heading) if heading.level <= 2 => section = heading.title,
            Piece::Heading(_) => {}
            Piece::Block { info, line, body } => out.push(Block { section, info, line, body }),
        }
    }
    out
}

fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut out = Vec::new();
    let mut open: Option<(&str, &str, u32, usize)> = None;
    let mut start = 0;
    for (line, number) in text.split_inclusive('\n').zip(1u32..) {
        let end = start + line.len();
        let trimmed = line.trim_end();
        let fence = &trimmed[..trimmed.len() - trimmed.trim_start_matches('`').len()];
        match open {
            Some((opening, info, at, body)) if fence.len() >= opening.len() && trimmed == fence => {
                out.push(Piece::Block { info, line: at, body: &text[body..start] });
                open = None;
            }
            Some(_) => {}
            None if fence.len() >= 3 => open = Some((fence, trimmed[fence.len()..].trim(), number, end)),
            None => out.extend(heading(trimmed, number, start, end).map(Piece::Heading)),
        }
        start = end;
    }
    out
}

fn heading(line: &str, number: u32, start: usize, end: usize) -> Option<Heading<'_>> {
    let title = line.trim_start_matches('#');
    let level = line.len() - title.len();
    let title = title.strip_prefix(' ').filter(|_| level > 0)?;
    Some(Heading { level, title: title.trim(), line: number, start, end })
}
