//! Pieces that every part of the page is made of.

use mailprobe_probes::model::{EndpointReport, LineRange};
use maud::{Markup, PreEscaped, Render, html};

use crate::lang::Lang;
use crate::layout::{clean, cut};
use crate::style::Role;
use crate::{escape, wide};

/// Longest foreign text at one place; the JSON report has the rest.
const LONGEST: usize = 4_000;

/// Foreign text as the content of an element or of a quoted attribute: clean, of bounded length, and escaped.
///
/// maud escapes every other text that stands in a template, so a place without this type shows odd characters at worst.
pub(super) struct Html<T>(pub(super) T);

impl<T: AsRef<str>> Render for Html<T> {
    fn render_to(&self, page: &mut String) {
        page.push_str(&escape::markup(&cut(&clean(self.0.as_ref()), LONGEST)));
    }
}

/// A phrase of ours in the page's language, with markup in its places.
pub(super) fn fill(lang: Lang, english: &str, values: &[Markup]) -> Markup {
    let values: Vec<&str> = values.iter().map(|value| value.0.as_str()).collect();
    PreEscaped(lang.fill(english, &values))
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
pub(super) fn mark(sign: &str) -> Markup {
    html! { span aria-hidden="true" { (Html(sign)) } }
}

/// A name of ours and its value.
pub(super) fn fact(lang: Lang, name: &str, value: impl Render) -> Markup {
    told(lang.say(name), value)
}

/// A name that the server chose, and its value.
pub(super) fn told(name: &str, value: impl Render) -> Markup {
    html! { dt { (Html(name)) } dd { (value) } "\n" }
}

/// What to do, or the check that comes next.
pub(super) fn advice(lang: Lang, label: &str, text: &str) -> Markup {
    html! { p class="do" { strong { (lang.say(label)) ":" } " " (Html(text)) } "\n" }
}

/// A link to one of our own pages to read more on. Nothing is fetched before somebody follows it.
pub(super) fn more(lang: Lang, address: &str) -> Markup {
    let address = Html(address);
    html! {
        p class="do" {
            strong { (lang.say("Read more")) ":" } " "
            a href=(address) rel="noreferrer" { (address) }
        } "\n"
    }
}

/// A line above a quotation.
pub(super) fn above(lang: Lang, words: &str) -> Markup {
    html! { p.small.faint { (lang.say(words)) } "\n" }
}

/// The server's own words.
pub(super) fn quote(text: &str) -> Markup {
    html! { blockquote { bdi { (Html(text)) } } "\n" }
}

/// The lines that prove a claim, as a link to the first where the transcript has it.
pub(super) fn lines(id: &str, endpoint: &EndpointReport, lines: LineRange, lang: Lang) -> Markup {
    let words = Html(wide::lines(lines, lang).replace('\u{a0}', " "));
    html! {
        @if endpoint.transcript.iter().any(|line| line.n == lines.first) {
            a href={ "#" (id) "l" (lines.first) } { (words) }
        } @else {
            (words)
        }
    }
}
