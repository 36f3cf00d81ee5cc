//! Marks on lines that must be found: a comment `error: [<rule id>]` at a line's end.

/// How the comment of a mark opens and closes; longer openers first, as one may end in another.
const COMMENTS: [(&str, &str); 7] =
    [("{/*", "*/}"), ("/*", "*/"), ("<!--", "-->"), ("{#", "#}"), ("//", ""), ("--", ""), ("#", "")];

/// A block's text without its marks.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Marked {
    pub(super) text: String,
    /// `(line from 1, rule id)` of each mark, in order.
    pub(super) marks: Vec<(u32, String)>,
}

/// Cuts the marks out; lines stay where they are.
pub(super) fn cut(body: &str) -> Marked {
    let mut out = Marked { text: String::with_capacity(body.len()), marks: Vec::new() };
    for (line, number) in body.split_inclusive('\n').zip(1u32..) {
        let Some((kept, rule)) = mark(line.trim_end()) else {
            out.text.push_str(line);
            continue;
        };
        out.text.push_str(kept);
        out.text.push('\n');
        out.marks.push((number, rule.to_owned()));
    }
    out
}

/// What stands before the mark, and the rule that the mark names.
fn mark(line: &str) -> Option<(&str, &str)> {
    COMMENTS.iter().find_map(|(open, close)| {
        let inner = line.strip_suffix(close)?.trim_end();
        let (before, rule) = inner.strip_suffix(']')?.rsplit_once("error: [")?;
        let before = before.trim_end().strip_suffix(open)?;
        Some((before.trim_end(), rule))
    })
}

#[cfg(test)]
mod tests {
    use super::cut;

    #[test]
    fn every_comment_form_is_cut_and_lines_stay() {
        let body = "a  # error: [x]\nb // error: [x]\nc\n<p> {/* error: [x] */}\nd <!-- error: [x] -->\ne {# error: [x] #}\nf -- error: [x]\n";
        let marked = cut(body);
        assert_eq!(marked.text, "a\nb\nc\n<p>\nd\ne\nf\n");
        let lines: Vec<u32> = marked.marks.iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [1, 2, 4, 5, 6, 7]);
    }

    #[test]
    fn an_ordinary_comment_is_no_mark() {
        let body = "log('error: [x]')\nx = 1  # error: something\n";
        assert_eq!(cut(body).text, body);
        assert!(cut(body).marks.is_empty());
    }
}
