//! Pieces that every part of the page is made of.

use std::fmt::Write as _;

use mailprobe_probes::model::{EndpointReport, LineRange};

use crate::report::layout::{clean, cut};
use crate::report::style::Role;
use crate::report::{escape, wide};

/// Longest foreign text at one place; the JSON report has the rest.
const LONGEST: usize = 4_000;

/// Text for an element or a quoted attribute.
pub(super) fn e(text: &str) -> String {
    escape::markup(&cut(&clean(text), LONGEST))
}

/// The class of a colour.
pub(super) const fn class(role: Role) -> &'static str {
    match role {
        Role::Good => "good",
        Role::Bad => "bad",
        Role::Doubt => "doubt",
        Role::Faint => "faint",
        Role::Plain | Role::Strong | Role::Quote => "plain",
    }
}

/// A mark for the eye; the word beside it is for everybody.
pub(super) fn mark(sign: &str) -> String {
    format!("<span aria-hidden=\"true\">{}</span>", e(sign))
}

/// A name and a value that is markup already.
pub(super) fn fact(page: &mut String, name: &str, value: &str) {
    let _ = writeln!(page, "<dt>{}</dt><dd>{value}</dd>", e(name));
}

/// The server's own words.
pub(super) fn quote(page: &mut String, text: &str) {
    let _ = writeln!(page, "<blockquote><bdi>{}</bdi></blockquote>", e(text));
}

/// The lines that prove a claim, as a link to the first where the transcript has it.
pub(super) fn lines(id: &str, endpoint: &EndpointReport, lines: LineRange) -> String {
    let words = e(&wide::lines(lines).replace('\u{a0}', " "));
    if endpoint.transcript.iter().any(|line| line.n == lines.first) {
        format!("<a href=\"#{id}l{}\">{words}</a>", lines.first)
    } else {
        words
    }
}
