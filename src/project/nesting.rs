//! Which function an expression stands in, told by spans.

use std::cmp::Reverse;

use crate::ir::{FileFacts, FnId};
use crate::source::Span;

/// The functions of a file in order of their start, each with the one around it.
#[derive(Debug)]
pub(super) struct Nesting {
    functions: Box<[Nested]>,
}

#[derive(Debug)]
struct Nested {
    span: Span,
    id: FnId,
    /// Index of the function around it; its own if there is none.
    around: u32,
}

impl Nesting {
    /// Of the functions of a file.
    pub(super) fn new(facts: &FileFacts) -> Self {
        let mut functions: Vec<Nested> =
            facts.functions().map(|(id, f)| Nested { span: f.span, id, around: 0 }).collect();
        // Of functions with one span, such as a file that is nothing but a closure, the first counts as the inner one.
        functions.sort_unstable_by_key(|f| (f.span.start, Reverse(f.span.end), Reverse(f.id)));
        let mut open: Vec<u32> = Vec::new();
        for at in 0..super::program::len32(functions.len()) {
            let span = functions[at as usize].span;
            while open.last().is_some_and(|last| !functions[*last as usize].span.contains(span)) {
                open.pop();
            }
            functions[at as usize].around = open.last().copied().unwrap_or(at);
            open.push(at);
        }
        Nesting { functions: functions.into_boxed_slice() }
    }

    /// The innermost function whose span holds another.
    pub(super) fn innermost(&self, span: Span) -> FnId {
        let behind = self.functions.partition_point(|f| f.span.start <= span.start);
        let Some(mut at) = behind.checked_sub(1) else { return FnId::MODULE };
        loop {
            let function = &self.functions[at];
            if function.span.contains(span) {
                return function.id;
            }
            if function.around as usize == at {
                return FnId::MODULE;
            }
            at = function.around as usize;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Nesting;
    use crate::ir::{Builder, FnId, FnKind, Function};
    use crate::source::{Language, Span};

    fn nesting(spans: &[(usize, usize)]) -> Nesting {
        let mut builder = Builder::new("a.py", Language::Python, Span::new(0, 100));
        for (start, end) in spans {
            builder.function(Function::empty(FnKind::Function, None, Span::new(*start, *end)));
        }
        Nesting::new(&builder.finish(Vec::new()))
    }

    #[test]
    fn the_innermost_function_is_found_behind_others_that_ended() {
        let nesting = nesting(&[(10, 60), (20, 30), (40, 50), (70, 90)]);
        let at = |start, end| nesting.innermost(Span::new(start, end));
        assert_eq!(at(0, 5), FnId::MODULE);
        assert_eq!(at(12, 14), FnId(1));
        assert_eq!(at(20, 30), FnId(2));
        assert_eq!(at(32, 33), FnId(1));
        assert_eq!(at(45, 46), FnId(3));
        assert_eq!(at(55, 56), FnId(1));
        assert_eq!(at(61, 62), FnId::MODULE);
        assert_eq!(at(25, 45), FnId(1));
        assert_eq!(at(85, 95), FnId::MODULE);
    }

    #[test]
    fn of_functions_with_one_span_the_first_counts() {
        assert_eq!(nesting(&[(10, 20), (10, 20)]).innermost(Span::new(12, 13)), FnId(1));
    }
}
