//! One page that needs nothing else: no script, no font, no picture from anywhere, and a policy in its head
//! that forbids them. Readable from 320 pixels on, on paper, in the dark, by keyboard and by ear; colour only
//! repeats what a mark and a word say.
//!
//! Identifiers are made of numbers, never of foreign text; foreign text stands in elements and quoted
//! attributes alone, and no address in it becomes a link.

mod cell;
mod endpoint;
mod matrix;
mod parts;
mod statements;
mod times;

use std::fmt::Write as _;

use mailprobe_probes::model::Report;

use self::parts::{class, e, mark};
use super::columns::{columns, common_host};
use super::document::Document;
use super::{conclusions, words};
use crate::judge::{Conclusion, conclusion};
use crate::lang::Lang;

/// Mailboxes told in full; the overview has every one, JSON has everything.
const TOLD: usize = 250;
/// Most rows of the overview.
const LISTED: usize = 20_000;

const STYLE: &str = include_str!("style.css");
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// The whole document.
pub(super) fn render(reports: &[Report], lang: Lang) -> String {
    let title = match reports {
        [one] => format!("{}: {}", one.mailbox, lang.say(conclusions::short(one).1)),
        several => lang.fill("{} mailboxes", &[&several.len().to_string()]),
    };
    let mut page = Document::new(lang);
    let _ = writeln!(
        page,
        "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"referrer\" content=\"no-referrer\">\n\
         <meta name=\"robots\" content=\"noindex\">\n<title>{} – mailprobe</title>\n<style>\n{STYLE}</style>\n\
         </head>\n<body>\n<a class=\"skip\" href=\"#main\">{}</a>\n\
         <header class=\"top\"><div class=\"wrap\"><h1>{}</h1>\n\
         <p class=\"faint\">{}</p>\n\
         </div></header>\n<main id=\"main\" class=\"wrap\" tabindex=\"-1\">",
        lang.code(),
        e(&title),
        lang.say("Skip to the report"),
        lang.say("Which logins work"),
        lang.say("Every login method of a mailbox: offered, accepted, and does the mailbox then open?")
    );
    // Those that need somebody's attention come first where not all are told.
    let mut order: Vec<(usize, &Report)> = reports.iter().enumerate().collect();
    if reports.len() > TOLD {
        order.sort_by_key(|(_, report)| rank(report));
    }
    order.truncate(TOLD);
    if reports.len() > 1 {
        overview(&mut page, reports, &order);
    }
    for (number, report) in &order {
        mailbox(&mut page, *number, report);
    }
    page.push_str("</main>\n<footer class=\"wrap\">");
    if let Some(first) = reports.first() {
        let made = lang.fill("Made by {} {}.", &[&e(&first.tool.name), &e(&first.tool.version)]);
        let _ = write!(page, "{made}{}", lang.gap());
    }
    let held = lang.say("Passwords and tokens are not in this page; mailbox names, hosts and addresses are.");
    let _ = writeln!(page, "{held}</footer>\n</body>\n</html>");
    page.done()
}

fn rank(report: &Report) -> u8 {
    match conclusion(report) {
        Conclusion::NotMet => 0,
        Conclusion::NotChecked(_) => 1,
        Conclusion::Undecided => 2,
        Conclusion::NothingAsked => 3,
        Conclusion::Met => 4,
    }
}

fn overview(page: &mut Document, reports: &[Report], told: &[(usize, &Report)]) {
    let lang = page.lang;
    let _ = write!(
        page,
        "<section aria-labelledby=\"overview\">\n<h2 id=\"overview\">{}</h2>\n<p>",
        lang.say("Overview")
    );
    let counts = conclusions::counts(reports, true, lang).into_iter().map(|(sign, role, counted)| {
        format!("<span class=\"tag {}\">{} {counted}</span>", class(role), mark(sign))
    });
    let _ = writeln!(page, "{}</p>", counts.collect::<Vec<_>>().join(" · "));
    let _ = writeln!(
        page,
        "<div class=\"scroll\" role=\"region\" aria-labelledby=\"overview\" tabindex=\"0\"><table class=\"overview\">\n\
         <caption>{}</caption>\n<thead><tr><th scope=\"col\">{}</th>\
         <th scope=\"col\">{}</th><th scope=\"col\">{}</th></tr></thead>\n<tbody>",
        lang.say("Every mailbox of the run"),
        lang.say("Verdict"),
        lang.say("Mailbox"),
        lang.say("In words")
    );
    let shown: std::collections::HashSet<usize> = told.iter().map(|(number, _)| *number).collect();
    for (number, report) in reports.iter().enumerate().take(LISTED) {
        let (sign, word, role) = conclusions::short(report);
        let name = e(&report.mailbox);
        let name = if shown.contains(&number) { format!("<a href=\"#m{number}\">{name}</a>") } else { name };
        let sentence = e(&conclusions::line(report, lang));
        let _ = writeln!(
            page,
            "<tr><td class=\"tag {}\">{} {}</td><th scope=\"row\"><bdi>{name}</bdi></th><td>{sentence}</td></tr>",
            class(role),
            mark(sign),
            lang.say(word)
        );
    }
    page.push_str("</tbody></table></div>\n");
    if reports.len() > told.len() {
        let _ = writeln!(
            page,
            "<p>{}</p>",
            lang.fill(
                "{} of {} mailboxes are told in full below, those with a problem first. The JSON report has all.",
                &[&told.len().to_string(), &reports.len().to_string()]
            )
        );
    }
    page.push_str("</section>\n");
}

fn mailbox(page: &mut Document, number: usize, report: &Report) {
    let lang = page.lang;
    let columns = columns(report, lang);
    let _ = writeln!(
        page,
        "<section class=\"mailbox\" aria-labelledby=\"m{number}\">\n<h2 id=\"m{number}\"><bdi>{}</bdi></h2>",
        e(&report.mailbox)
    );
    let host = common_host(report).map_or(String::new(), |host| format!("<bdi>{}</bdi> · ", e(&host)));
    let _ = writeln!(
        page,
        "<p class=\"faint small\">{host}{} · {} · {}</p>",
        e(&words::moment(&report.started_at)),
        words::count(lang, report.endpoints.len(), "endpoint"),
        lang.fill("took {}", &[&words::duration(report.elapsed_ms)])
    );
    if let Some(sentence) = conclusions::sentence(report, &columns, lang) {
        let (sign, word, role) = conclusions::short(report);
        let _ = writeln!(
            page,
            "<p class=\"verdict {}\"><span>{}<span class=\"vh\">{}: </span></span><span>{}</span></p>",
            class(role),
            mark(sign),
            lang.say(word),
            e(&sentence)
        );
    }
    if let Some(open) = conclusions::beside(report, lang) {
        let _ = writeln!(page, "<p class=\"doubt\">{} {}</p>", mark("?"), e(&open));
    }
    if report.partial {
        let _ = writeln!(
            page,
            "<p class=\"doubt\">{} {}</p>",
            mark("!"),
            lang.say("The run was cut short, so cells may be missing.")
        );
    }
    matrix::write(page, number, report, &columns);
    statements::write(page, number, report, &columns);
    if !columns.is_empty() {
        let _ = writeln!(
            page,
            "<section aria-labelledby=\"m{number}-endpoints\">\n<h3 id=\"m{number}-endpoints\">{}</h3>",
            lang.say("Endpoints in detail")
        );
        for (at, column) in columns.iter().enumerate() {
            endpoint::write(page, &format!("m{number}e{at}"), report, column.endpoint);
        }
        page.push_str("</section>\n");
    }
    page.push_str("</section>\n");
}
