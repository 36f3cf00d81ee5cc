//! The items: what each asks, how it stands, why, and who answers for it.

use std::fmt::Write as _;

use super::class;
use crate::catalogue::{Role, Track};
use crate::checklist::{Failure, Line, Row, State};
use crate::report::checklist::{Page, decided};
use crate::report::markup::{escape, prose};

/// Most failures and proofs that are listed of one piece of evidence.
const SHOWN: usize = 40;

pub(super) fn render(page: &Page<'_>) -> String {
    let mut out = String::new();
    let mut group = "";
    for row in &page.checklist.items {
        if row.group != group {
            group = &row.group;
            let _ = writeln!(out, "<h3>{}</h3>", escape(group));
        }
        item(&mut out, row, page);
    }
    out
}

fn item(out: &mut String, row: &Row, page: &Page<'_>) {
    let open = if row.blocks { " open" } else { "" };
    let track = if row.track == Track::Blocking { "launch-blocking" } else { "follow-up" };
    let mut asides = String::new();
    if row.blocks {
        asides.push_str(" <span class=\"badge fail\">blocks the launch</span>");
    } else if row.failures > 0 && row.failures == row.excused {
        asides.push_str(" <span class=\"badge plain\">decided</span>");
    }
    let _ = write!(
        out,
        "<details class=\"item\" id=\"{id}\"{open}>\n<summary><span><span class=\"badge {class}\">{verdict}</span></span>\
         <span><strong>{id}</strong> {title}{asides}</span><span class=\"who small soft\">{owner}</span>\
         <span class=\"why\">{why}</span></summary>\n<div>\n",
        id = escape(&row.id),
        class = class(row.verdict),
        verdict = row.verdict.label(),
        title = escape(&row.title),
        owner = escape(&row.owner),
        why = prose(&row.reason),
    );
    let _ = write!(
        out,
        "<dl><dt>Passes when</dt><dd>{}</dd><dt>Risk</dt><dd>{}</dd><dt>Evidence to show</dt><dd>{}</dd>\
         <dt>Track</dt><dd>{track}, severity {}</dd><dt>Owner</dt><dd>{}; reviewed by {}</dd>",
        escape(&row.passes),
        escape(&row.risk),
        escape(&row.artefact),
        row.severity,
        escape(&row.owner),
        escape(&row.reviewer),
    );
    attestation(out, row);
    out.push_str("</dl>\n<ul class=\"evidence\">\n");
    for line in &row.evidence {
        evidence(out, line, page);
    }
    out.push_str("</ul>\n</div>\n</details>\n");
}

fn attestation(out: &mut String, row: &Row) {
    let text = match (&row.attestation, &row.attest) {
        (Some(said), _) => {
            let left = match said.days_left {
                left if left < 0 => "no longer counts".to_owned(),
                left => format!("{left} days left"),
            };
            let statement = said.statement.as_ref().map(|text| format!(": {text}")).unwrap_or_default();
            format!("by {} on {}{statement} ({left}; artefact: {})", said.who, said.when, said.artefact)
        }
        (None, Some(what)) => format!("missing: {what}"),
        (None, None) => return,
    };
    let _ = write!(out, "<dt>Attestation</dt><dd>{}</dd>", escape(&text));
}

fn evidence(out: &mut String, line: &Line, page: &Page<'_>) {
    let class = match line.state {
        State::Holds => "holds",
        State::Fails => "fails",
        State::Weak => "weak",
        State::Unclear => "unclear",
        State::Nothing => "nothing",
        State::Off => "off",
        State::Attested => "attested",
    };
    let class = if line.role == Role::Informs { "nothing" } else { class };
    let _ = write!(out, "<li class=\"{class}\">{}", prose(&line.says));
    if !line.failures.is_empty() {
        out.push_str("\n<ul>\n");
        for one in line.failures.iter().take(SHOWN) {
            failure(out, one, page);
        }
        more(out, line.failures.len());
        out.push_str("</ul>");
    }
    if !line.proofs.is_empty() {
        let _ = write!(
            out,
            "\n<details><summary class=\"small soft\">Seen: {}</summary>\n<ul class=\"small\">\n",
            line.proofs.len()
        );
        for proof in line.proofs.iter().take(SHOWN) {
            let _ = writeln!(out, "<li><code>{}</code> {}</li>", escape(&proof.at.to_string()), prose(&proof.what));
        }
        more(out, line.proofs.len());
        out.push_str("</ul>\n</details>");
    }
    out.push_str("</li>\n");
}

fn failure(out: &mut String, failure: &Failure, page: &Page<'_>) {
    let aside = decided(failure, page.checklist)
        .map(|said| format!(" <span class=\"badge plain\">{}</span>", escape(&said)))
        .unwrap_or_default();
    let _ =
        writeln!(out, "<li><code>{}</code> {}{aside}</li>", escape(&failure.at.to_string()), prose(&failure.message));
}

fn more(out: &mut String, all: usize) {
    if all > SHOWN {
        let _ = writeln!(out, "<li>and {} more</li>", all - SHOWN);
    }
}
