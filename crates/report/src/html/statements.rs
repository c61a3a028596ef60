//! What it means, what else was found, and which expectations are met.

use mailprobe_probes::model::{Expectation, Finding, Report, VerdictStatus};
use maud::{Markup, html};

use super::parts::{Html, above, advice, class, fill, lines, mark, more, quote};
use crate::columns::Column;
use crate::lang::Lang;
use crate::meaning::{Part, Passage, passages};
use crate::{summary, verdict, words};

/// Most expectations in the table.
const LISTED: usize = 2_000;

pub(super) fn sections(number: usize, report: &Report, columns: &[Column<'_>], lang: Lang) -> Markup {
    let passages = passages(report, columns, lang);
    html! {
        @if !passages.is_empty() {
            (section(number, "meaning", lang.say("What it means"), &html! {
                ul class="items" {
                    "\n"
                    @for found in &passages { (passage(found, lang)) }
                } "\n"
            }))
        }
        @if !report.findings.is_empty() {
            (section(number, "findings", lang.say("Also found"), &html! {
                ul class="items" {
                    "\n"
                    @for found in summary::by_severity(report) { (finding(number, found, columns, lang)) }
                } "\n"
            }))
        }
        (expectations(number, report, columns, lang))
    }
}

fn section(number: usize, name: &str, title: &str, content: &Markup) -> Markup {
    let id = format!("m{number}-{name}");
    html! {
        section aria-labelledby=(id) {
            "\n"
            h3 id=(id) { (Html(title)) } "\n"
            (content)
        } "\n"
    }
}

/// Joints that keep labels in one piece on a terminal would keep them from wrapping here.
fn plain(text: &str) -> Html<String> {
    Html(text.replace('\u{a0}', " "))
}

fn passage(passage: &Passage, lang: Lang) -> Markup {
    html! {
        li {
            span class={ "mark " (class(passage.role)) } { (mark(passage.mark)) }
            div {
                p class={ "lead" @if passage.quiet { " quiet" } } { (plain(&passage.sentence)) } "\n"
                @for part in &passage.parts { (statement(part, lang)) }
            }
        } "\n"
    }
}

fn statement(part: &Part, lang: Lang) -> Markup {
    match part {
        Part::Plain(text) => html! { p { (plain(text)) } "\n" },
        Part::Doubt(text) => html! { p class="doubt" { (plain(text)) } "\n" },
        Part::Said(text) => quote(text),
        Part::Quote(names, text) => html! {
            @if !names.is_empty() {
                p.small.faint { (fill(lang, "To {}:", &[html! { (Html(names.join(", "))) }])) } "\n"
            }
            (quote(text))
        },
        Part::ErrorReport(text) => html! { (above(lang, "The server's error report:")) (quote(text)) },
        Part::Do(text) => advice(lang, "Do", text),
        Part::Next(text) => advice(lang, "Next check", text),
        Part::More(address) => more(lang, address),
    }
}

fn finding(number: usize, finding: &Finding, columns: &[Column<'_>], lang: Lang) -> Markup {
    let (sign, word, role) = words::severity(finding.severity);
    let url = finding.endpoint.as_deref();
    let at = url.and_then(|url| columns.iter().position(|column| column.endpoint.url == url));
    let column = at.and_then(|at| columns.get(at));
    let id = at.map(|at| format!("m{number}e{at}")).unwrap_or_default();
    html! {
        li {
            span class={ "mark " (class(role)) } { (mark(sign)) }
            div {
                p class="lead" {
                    span class=(class(role)) { (lang.say(word)) ":" } " " (Html(lang.tell(&finding.title)))
                    @if let Some(url) = url {
                        @let label = plain(&verdict::label(url, columns));
                        " ("
                        @if at.is_some() { a href={ "#" (id) } { (label) } } @else { (label) }
                        ")"
                    }
                } "\n"
                p { (Html(lang.tell(&finding.explanation))) } "\n"
                @if !finding.remedy.is_empty() { (advice(lang, "Do", &lang.tell(&finding.remedy))) }
                p.small.faint {
                    code { (Html(&finding.id)) }
                    @if let Some((range, column)) = finding.evidence.zip(column) {
                        ", " (lines(&id, column.endpoint, range, lang))
                    }
                }
            }
        } "\n"
    }
}

fn expectations(number: usize, report: &Report, columns: &[Column<'_>], lang: Lang) -> Markup {
    let Some(verdict) = report.verdict.as_ref().filter(|verdict| !verdict.is_implied()) else {
        return Markup::default();
    };
    let (others, met): (Vec<&Expectation>, Vec<&Expectation>) =
        verdict.rules.iter().partition(|rule| rule.status != VerdictStatus::Pass);
    let policies = html! { (Html(verdict::policies(verdict, lang))) };
    let caption = fill(lang, "What was expected by the {}, and what decided it", &[policies]);
    let labelled = format!("m{number}-expectations");
    section(
        number,
        "expectations",
        lang.say("Expectations"),
        &html! {
            div class="scroll" role="region" aria-labelledby=(labelled) tabindex="0" {
                table {
                    "\n"
                    caption { (caption) } "\n"
                    thead {
                        tr {
                            @for head in ["State", "Expectation", "Endpoint", "Because"] {
                                th scope="col" { (lang.say(head)) }
                            }
                        }
                    } "\n"
                    tbody {
                        "\n"
                        @for rule in others.into_iter().chain(met).take(LISTED) { (row(rule, columns, lang)) }
                    }
                }
            } "\n"
        },
    )
}

fn row(rule: &Expectation, columns: &[Column<'_>], lang: Lang) -> Markup {
    let (sign, word, colour) = words::verdict(rule.status);
    html! {
        tr {
            td class={ "tag " (class(colour)) } { (mark(sign)) " " (lang.say(word)) }
            th scope="row" { code { (Html(rule.rule())) } }
            td { @if let Some(url) = &rule.endpoint { (plain(&verdict::label(url, columns))) } }
            td { (Html(lang.tell(&rule.because.to_string()))) }
        } "\n"
    }
}
