//! Code frames: a small masked window of the source, drawn with the finding and, where it fits, its steps.

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Renderer, Snippet};

use super::Options;
use crate::finding::{Finding, Severity};
use crate::report::text::clean;
use crate::report::view::{Place, View};
use crate::source::Span;

/// Steps are drawn into the frame only if they all stand this near to the finding's line.
const NEAR: u32 = 12;
/// And only if there are this few.
const FEW: usize = 4;

/// Frames are not squeezed into less than this.
const NARROWEST: usize = 40;

/// A drawn frame.
pub(super) struct Frame {
    /// The text; ends with a line end unless empty.
    pub(super) text: String,
    /// Whether the steps of the flow are in it.
    pub(super) shows_flow: bool,
}

/// Draws a finding; without its source, only says where it is.
pub(super) fn frame(view: &View<'_>, finding: &Finding, options: Options) -> Frame {
    let Some((place, (text, index))) = view.place(&finding.at).zip(view.source(&finding.at.path)) else {
        let text = format!("  --> {}\n", clean(&finding.at.path));
        return Frame { text, shows_flow: finding.flow.is_empty() };
    };
    let steps = near_steps(view, finding, place);
    let lines = steps.iter().flatten().map(|(step, _)| step.start.line).chain([place.start.line]);
    let (first, last) = lines.fold((u32::MAX, 0), |(first, last), line| (first.min(line), last.max(line)));
    let (Some(head), Some(tail)) = (index.line_span(text, first), index.line_span(text, last)) else {
        return Frame { text: String::new(), shows_flow: false };
    };
    let window = Span { start: head.start, end: tail.end };
    let shown = plain(break_lines(view.masks.window(&finding.at.path, text, window)));
    let range = |place: &Place| (place.span.start - window.start) as usize..(place.span.end - window.start) as usize;
    let label = |note: &str| clean(&view.prose(note)).into_owned();
    let (own, others): (Vec<_>, Vec<_>) = steps.iter().flatten().partition(|(step, _)| *step == place);
    let labels = others.into_iter().map(|(step, note)| AnnotationKind::Context.span(range(&step)).label(label(note)));
    let primary: Annotation<'_> = AnnotationKind::Primary.span(range(&place));
    let primary = own.iter().fold(primary, |primary, (_, note)| primary.label(label(note)));
    let snippet = Snippet::source(shown)
        .path(clean(&finding.at.path).into_owned())
        .line_start(first as usize)
        .annotation(primary)
        .annotations(labels);
    let group = Group::with_level(level(finding.severity)).element(snippet);
    let drawn = renderer(options).render(&[group]);
    Frame { text: format!("{drawn}\n"), shows_flow: finding.flow.is_empty() || steps.is_some() }
}

/// The places and notes of the flow's steps if all of them fit into one frame.
fn near_steps<'f>(view: &View<'_>, finding: &'f Finding, primary: Place) -> Option<Vec<(Place, &'f str)>> {
    if finding.flow.is_empty() || finding.flow.len() > FEW {
        return None;
    }
    let mut steps = Vec::new();
    for step in &finding.flow {
        let place = view.place(&step.at).filter(|_| step.at.path == finding.at.path)?;
        let is_near = place.start.line.abs_diff(primary.start.line) <= NEAR;
        let is_alone = steps.iter().all(|(other, _): &(Place, &str)| other.start.line != place.start.line);
        if !is_near || !is_alone {
            return None;
        }
        steps.push((place, step.note.as_str()));
    }
    Some(steps)
}

/// The text with nothing that the renderer leaves in and a terminal or a workflow would obey; each place stays where it is.
///
/// The renderer shows C0 characters and those that reorder, but not the C1 ones, one of which begins escape sequences. A
/// runner takes `##[` for the start of a command anywhere in a line.
fn plain(text: String) -> String {
    let is_c1 = |c: char| ('\u{80}'..='\u{9f}').contains(&c);
    if !text.contains(is_c1) && !text.contains("##[") {
        return text;
    }
    text.replace(is_c1, "\u{b7}").replace("##[", "#:[")
}

/// The text with each bare CR as LF, so that the renderer counts lines as [`crate::source::LineIndex`] does.
fn break_lines(mut text: String) -> String {
    let is_bare = |at: &usize| text.as_bytes().get(at + 1) != Some(&b'\n');
    let bare: Vec<usize> = text.match_indices('\r').map(|(at, _)| at).filter(is_bare).collect();
    for at in bare {
        text.replace_range(at..=at, "\n");
    }
    text
}

fn level(severity: Severity) -> Level<'static> {
    match severity {
        Severity::Critical | Severity::High => Level::ERROR,
        Severity::Medium => Level::WARNING,
        Severity::Low => Level::INFO,
        Severity::Note => Level::NOTE,
    }
}

fn renderer(options: Options) -> Renderer {
    let renderer = if options.colour { Renderer::styled() } else { Renderer::plain() };
    let decor = if options.unicode { DecorStyle::Unicode } else { DecorStyle::Ascii };
    renderer.decor_style(decor).term_width(options.width.max(NARROWEST))
}
