//! Pieces that every part of the page is made of.

use std::fmt::Write as _;

use mailprobe_probes::model::{EndpointReport, LineRange};

use crate::document::Document;
use crate::lang::Lang;
use crate::layout::{clean, cut};
use crate::style::Role;
use crate::{escape, wide};

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

/// A name of ours and a value that is markup already.
pub(super) fn fact(page: &mut Document, name: &str, value: &str) {
    let name = e(page.lang.say(name));
    let _ = writeln!(page, "<dt>{name}</dt><dd>{value}</dd>");
}

/// A name that the server chose, and a value that is markup already.
pub(super) fn told(page: &mut Document, name: &str, value: &str) {
    let _ = writeln!(page, "<dt>{}</dt><dd>{value}</dd>", e(name));
}

/// What to do, or the check that comes next.
pub(super) fn advice(page: &mut Document, label: &str, text: &str) {
    let label = page.lang.say(label);
    let _ = writeln!(page, "<p class=\"do\"><strong>{label}:</strong> {}</p>", e(text));
}

/// A link to one of our own pages to read more on. Nothing is fetched before somebody follows it.
pub(super) fn more(page: &mut Document, address: &str) {
    let (label, address) = (page.lang.say("Read more"), e(address));
    let _ = writeln!(
        page,
        "<p class=\"do\"><strong>{label}:</strong> <a href=\"{address}\" rel=\"noreferrer\">{address}</a></p>"
    );
}

/// A line above a quotation.
pub(super) fn above(page: &mut Document, words: &str) {
    let words = page.lang.say(words);
    let _ = writeln!(page, "<p class=\"small faint\">{words}</p>");
}

/// The server's own words.
pub(super) fn quote(page: &mut Document, text: &str) {
    let _ = writeln!(page, "<blockquote><bdi>{}</bdi></blockquote>", e(text));
}

/// The lines that prove a claim, as a link to the first where the transcript has it.
pub(super) fn lines(id: &str, endpoint: &EndpointReport, lines: LineRange, lang: Lang) -> String {
    let words = e(&wide::lines(lines, lang).replace('\u{a0}', " "));
    if endpoint.transcript.iter().any(|line| line.n == lines.first) {
        format!("<a href=\"#{id}l{}\">{words}</a>", lines.first)
    } else {
        words
    }
}
