//! The matrix as a table with headers for both directions; cells lead to their details.

use std::fmt::Write as _;

use mailprobe_probes::model::Report;

use super::parts::{class, e, mark};
use crate::columns::Column;
use crate::document::Document;
use crate::lang::Lang;
use crate::layout::cut;
use crate::matrix::{Cell, cell, meanings, methods};

/// Columns of a method's name; the details have it in full.
const NAME: usize = 40;

pub(super) fn write(page: &mut Document, number: usize, report: &Report, columns: &[Column<'_>]) {
    let methods = methods(report);
    if methods.is_empty() {
        return;
    }
    let lang = page.lang;
    let _ = writeln!(
        page,
        "<section aria-labelledby=\"m{number}-matrix\">\n<h3 id=\"m{number}-matrix\">{}</h3>\n\
         <div class=\"scroll\" role=\"region\" aria-labelledby=\"m{number}-matrix\" tabindex=\"0\">\n\
         <table class=\"matrix\">\n<caption>{}</caption>\n\
         <thead><tr><th scope=\"col\">{}</th>",
        lang.say("Matrix"),
        lang.say("Offered, and what came of it"),
        lang.say("Method")
    );
    for (at, column) in columns.iter().enumerate() {
        let lines: Vec<String> = column
            .head
            .iter()
            .map(|(line, role)| format!("<span class=\"{}\">{}</span>", class(*role), e(line)))
            .collect();
        let (first, rest) = lines.split_first().map_or(("", &[][..]), |(first, rest)| (first, rest));
        let _ = write!(page, "<th scope=\"col\"><a href=\"#m{number}e{at}\">{first}</a>");
        for line in rest {
            let _ = write!(page, "<small>{line}</small>");
        }
        page.push_str("</th>");
    }
    page.push_str("</tr></thead>\n<tbody>\n");
    let mut cells: Vec<Cell> = Vec::new();
    for method in &methods {
        let _ = write!(page, "<tr><th scope=\"row\">{}</th>", e(&cut(method.name(), NAME)));
        for (at, column) in columns.iter().enumerate() {
            let cell = cell(column.endpoint, method);
            let attempt = column.endpoint.attempts.iter().position(|attempt| attempt.method == *method);
            let shown = words(&cell, lang);
            let shown = match attempt {
                Some(attempt) if cell.offered.is_some() => {
                    format!("<a href=\"#m{number}e{at}a{attempt}\">{shown}</a>")
                }
                _ => shown,
            };
            let _ = write!(page, "<td class=\"{}\">{shown}</td>", class(cell.role));
            cells.push(cell);
        }
        page.push_str("</tr>\n");
    }
    let _ = write!(
        page,
        "</tbody>\n</table>\n</div>\n<ul class=\"legend small faint\" aria-label=\"{}\">",
        lang.say("Marks")
    );
    for meaning in meanings(&cells, lang) {
        let _ = write!(page, "<li>{}</li>", e(&meaning));
    }
    page.push_str("</ul>\n</section>\n");
}

fn words(cell: &Cell, lang: Lang) -> String {
    let Some(offered) = cell.offered else {
        return format!("{}<span class=\"vh\">{}</span>", mark("–"), lang.say("not there"));
    };
    let offer = format!("<span class=\"offer\" aria-hidden=\"true\">{}</span>", e(offered.mark()));
    match cell.outcome {
        None => format!("{offer}{}", e(lang.say(offered.word()))),
        Some((sign, word)) => {
            let hole = if cell.hidden {
                format!(" <strong>!</strong><span class=\"vh\">{}</span>", lang.say("a hole"))
            } else {
                String::new()
            };
            let (offered, word) = (e(lang.say(offered.word())), lang.say(word));
            format!("{offer}<span class=\"vh\">{offered}, </span>{} {word}{hole}", mark(sign))
        }
    }
}
