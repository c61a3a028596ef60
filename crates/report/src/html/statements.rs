//! What it means, what else was found, and which expectations are met.

use std::fmt::Write as _;

use mailprobe_probes::model::{Expectation, Finding, Report, VerdictStatus};

use super::parts::{above, advice, class, e, lines, mark, more, quote};
use crate::columns::Column;
use crate::document::Document;
use crate::meaning::{Part, passages};
use crate::{summary, verdict, words};

/// Most expectations in the table.
const LISTED: usize = 2_000;

pub(super) fn write(page: &mut Document, number: usize, report: &Report, columns: &[Column<'_>]) {
    let passages = passages(report, columns, page.lang);
    if !passages.is_empty() {
        open(page, number, "meaning", "What it means");
        page.push_str("<ul class=\"items\">\n");
        for passage in passages {
            let quiet = if passage.quiet { " quiet" } else { "" };
            let _ = writeln!(
                page,
                "<li><span class=\"mark {}\">{}</span><div><p class=\"lead{quiet}\">{}</p>",
                class(passage.role),
                mark(passage.mark),
                e(&plain(&passage.sentence))
            );
            for part in &passage.parts {
                statement(page, part);
            }
            page.push_str("</div></li>\n");
        }
        page.push_str("</ul>\n</section>\n");
    }
    if !report.findings.is_empty() {
        open(page, number, "findings", "Also found");
        page.push_str("<ul class=\"items\">\n");
        for finding in summary::by_severity(report) {
            told(page, number, finding, columns);
        }
        page.push_str("</ul>\n</section>\n");
    }
    expectations(page, number, report, columns);
}

fn open(page: &mut Document, number: usize, name: &str, title: &str) {
    let lang = page.lang;
    let _ = writeln!(
        page,
        "<section aria-labelledby=\"m{number}-{name}\">\n<h3 id=\"m{number}-{name}\">{}</h3>",
        e(lang.say(title))
    );
}

/// Joints that keep labels in one piece on a terminal would keep them from wrapping here.
fn plain(text: &str) -> String {
    text.replace('\u{a0}', " ")
}

fn statement(page: &mut Document, part: &Part) {
    match part {
        Part::Plain(text) => drop(writeln!(page, "<p>{}</p>", e(&plain(text)))),
        Part::Doubt(text) => drop(writeln!(page, "<p class=\"doubt\">{}</p>", e(&plain(text)))),
        Part::Said(text) => quote(page, text),
        Part::Quote(names, text) => {
            if !names.is_empty() {
                let to = page.lang.fill("To {}:", &[&e(&names.join(", "))]);
                let _ = writeln!(page, "<p class=\"small faint\">{to}</p>");
            }
            quote(page, text);
        }
        Part::ErrorReport(text) => {
            above(page, "The server's error report:");
            quote(page, text);
        }
        Part::Do(text) => advice(page, "Do", text),
        Part::Next(text) => advice(page, "Next check", text),
        Part::More(address) => more(page, address),
    }
}

fn told(page: &mut Document, number: usize, finding: &Finding, columns: &[Column<'_>]) {
    let (sign, word, role) = words::severity(finding.severity);
    let lang = page.lang;
    let at = finding
        .endpoint
        .as_ref()
        .and_then(|url| columns.iter().position(|column| column.endpoint.url == *url));
    let place = finding.endpoint.as_deref().map_or(String::new(), |url| {
        let label = e(&plain(&verdict::label(url, columns)));
        match at {
            Some(at) => format!(" (<a href=\"#m{number}e{at}\">{label}</a>)"),
            None => format!(" ({label})"),
        }
    });
    let _ = writeln!(
        page,
        "<li><span class=\"mark {0}\">{1}</span><div><p class=\"lead\"><span class=\"{0}\">{4}:</span> {2}{place}</p>\n<p>{3}</p>",
        class(role),
        mark(sign),
        e(&lang.tell(&finding.title)),
        e(&lang.tell(&finding.explanation)),
        lang.say(word)
    );
    if !finding.remedy.is_empty() {
        advice(page, "Do", &lang.tell(&finding.remedy));
    }
    let proof = finding.evidence.zip(at).and_then(|(range, at)| {
        columns.get(at).map(|column| lines(&format!("m{number}e{at}"), column.endpoint, range, lang))
    });
    let proof = proof.map_or(String::new(), |proof| format!(", {proof}"));
    let _ = writeln!(page, "<p class=\"small faint\"><code>{}</code>{proof}</p></div></li>", e(&finding.id));
}

fn expectations(page: &mut Document, number: usize, report: &Report, columns: &[Column<'_>]) {
    let Some(verdict) = report.verdict.as_ref().filter(|verdict| !verdict.is_implied()) else {
        return;
    };
    let lang = page.lang;
    open(page, number, "expectations", "Expectations");
    let _ = writeln!(
        page,
        "<div class=\"scroll\" role=\"region\" aria-labelledby=\"m{number}-expectations\" tabindex=\"0\"><table>\n\
         <caption>{}</caption>\n<thead><tr><th scope=\"col\">{}</th><th scope=\"col\">{}</th>\
         <th scope=\"col\">{}</th><th scope=\"col\">{}</th></tr></thead>\n<tbody>",
        lang.fill(
            "What was expected by the {}, and what decided it",
            &[&e(&verdict::policies(verdict, lang))]
        ),
        lang.say("State"),
        lang.say("Expectation"),
        lang.say("Endpoint"),
        lang.say("Because")
    );
    let (others, met): (Vec<&Expectation>, Vec<&Expectation>) =
        verdict.rules.iter().partition(|rule| rule.status != VerdictStatus::Pass);
    for rule in others.into_iter().chain(met).take(LISTED) {
        let (sign, word, role) = words::verdict(rule.status);
        let place =
            rule.endpoint.as_deref().map_or(String::new(), |url| plain(&verdict::label(url, columns)));
        let _ = writeln!(
            page,
            "<tr><td class=\"tag {}\">{} {}</td><th scope=\"row\"><code>{}</code></th><td>{}</td><td>{}</td></tr>",
            class(role),
            mark(sign),
            lang.say(word),
            e(&rule.rule()),
            e(&place),
            e(&lang.tell(&rule.because.to_string()))
        );
    }
    page.push_str("</tbody></table></div>\n</section>\n");
}
