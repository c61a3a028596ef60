//! The matrix as a table with headers for both directions; cells lead to their details.

use mailprobe_probes::model::{Method, Report};
use maud::{Markup, html};

use super::parts::{Html, class, mark};
use crate::columns::Column;
use crate::lang::Lang;
use crate::layout::cut;
use crate::matrix::{Cell, cell, meanings, methods};

/// Columns of a method's name; the details have it in full.
const NAME: usize = 40;

pub(super) fn table(number: usize, report: &Report, columns: &[Column<'_>], lang: Lang) -> Markup {
    let methods = methods(report);
    if methods.is_empty() {
        return Markup::default();
    }
    let cells: Vec<Cell> = methods
        .iter()
        .flat_map(|method| columns.iter().map(|column| cell(column.endpoint, method)))
        .collect();
    let rows = methods.iter().zip(cells.chunks(columns.len().max(1)));
    let id = format!("m{number}-matrix");
    html! {
        section aria-labelledby=(id) {
            "\n"
            h3 id=(id) { (lang.say("Matrix")) } "\n"
            div class="scroll" role="region" aria-labelledby=(id) tabindex="0" {
                "\n"
                table class="matrix" {
                    "\n"
                    caption { (lang.say("Offered, and what came of it")) } "\n"
                    thead {
                        tr {
                            th scope="col" { (lang.say("Method")) } "\n"
                            @for (at, column) in columns.iter().enumerate() { (head(number, at, column)) }
                        }
                    } "\n"
                    tbody {
                        "\n"
                        @for (method, cells) in rows {
                            tr {
                                th scope="row" { (Html(cut(method.name(), NAME))) }
                                @for (at, (column, cell)) in columns.iter().zip(cells).enumerate() {
                                    td class=(class(cell.role)) {
                                        (linked(&format!("m{number}e{at}"), column, method, cell, lang))
                                    }
                                }
                            } "\n"
                        }
                    } "\n"
                } "\n"
            } "\n"
            ul.legend.small.faint aria-label=(lang.say("Marks")) {
                @for meaning in meanings(&cells, lang) { li { (Html(meaning)) } }
            } "\n"
        } "\n"
    }
}

fn head(number: usize, at: usize, column: &Column<'_>) -> Markup {
    let mut lines =
        column.head.iter().map(|(line, role)| html! { span class=(class(*role)) { (Html(line)) } });
    let first = lines.next();
    html! {
        th scope="col" {
            a href={ "#m" (number) "e" (at) } { @if let Some(first) = first { (first) } }
            @for line in lines { small { (line) } }
        }
    }
}

/// What a cell says, as a link to its details where there are any.
fn linked(id: &str, column: &Column<'_>, method: &Method, cell: &Cell, lang: Lang) -> Markup {
    let attempt = column.endpoint.attempts.iter().position(|attempt| attempt.method == *method);
    match attempt.filter(|_| cell.offered.is_some()) {
        Some(attempt) => html! { a href={ "#" (id) "a" (attempt) } { (words(cell, lang)) } },
        None => words(cell, lang),
    }
}

fn words(cell: &Cell, lang: Lang) -> Markup {
    let Some(offered) = cell.offered else {
        return html! { (mark("–")) span class="vh" { (lang.say("not there")) } };
    };
    let word = lang.say(offered.word());
    html! {
        span class="offer" aria-hidden="true" { (Html(offered.mark())) }
        @match cell.outcome {
            None => (Html(word)),
            Some((sign, outcome)) => {
                span class="vh" { (Html(word)) ", " }
                (mark(sign)) " " (lang.say(outcome))
                @if cell.hidden { " " strong { "!" } span class="vh" { (lang.say("a hole")) } }
            }
        }
    }
}
