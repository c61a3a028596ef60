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

use mailprobe_probes::model::{Report, VerdictStatus};

use self::parts::{class, e, mark};
use super::columns::{columns, common_host};
use super::style::Role;
use super::{summary, words};

/// Mailboxes told in full; the overview has every one, JSON has everything.
const TOLD: usize = 250;
/// Most rows of the overview.
const LISTED: usize = 20_000;

const STYLE: &str = include_str!("style.css");
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// The whole document.
pub(super) fn render(reports: &[Report]) -> String {
    let title = match reports {
        [one] => format!("{}: {}", one.mailbox, short(one).1),
        several => format!("{} mailboxes", several.len()),
    };
    let mut page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"referrer\" content=\"no-referrer\">\n\
         <meta name=\"robots\" content=\"noindex\">\n<title>{} – mailprobe</title>\n<style>\n{STYLE}</style>\n\
         </head>\n<body>\n<a class=\"skip\" href=\"#main\">Skip to the report</a>\n\
         <header class=\"top\"><div class=\"wrap\"><h1>Which logins work</h1>\n\
         <p class=\"faint\">Every login method of a mailbox: offered, accepted, and does the mailbox then open?</p>\n\
         </div></header>\n<main id=\"main\" class=\"wrap\" tabindex=\"-1\">\n",
        e(&title)
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
        let _ = write!(page, "Made by {} {}. ", e(&first.tool.name), e(&first.tool.version));
    }
    page.push_str("Passwords and tokens are not in this page; mailbox names, hosts and addresses are.</footer>\n</body>\n</html>\n");
    page
}

fn rank(report: &Report) -> u8 {
    match report.verdict.as_ref().map(|verdict| verdict.status) {
        Some(VerdictStatus::Fail) => 0,
        Some(VerdictStatus::Unknown) => 1,
        None => 2,
        Some(VerdictStatus::Pass) => 3,
    }
}

/// Mark, word and colour of a mailbox.
fn short(report: &Report) -> (&'static str, &'static str, Role) {
    report.verdict.as_ref().map_or(("·", "nothing to judge", Role::Plain), |v| words::verdict(v.status))
}

fn overview(page: &mut String, reports: &[Report], told: &[(usize, &Report)]) {
    page.push_str("<section aria-labelledby=\"overview\">\n<h2 id=\"overview\">Overview</h2>\n<p>");
    let counts = [Some(VerdictStatus::Fail), Some(VerdictStatus::Unknown), Some(VerdictStatus::Pass), None];
    let counts = counts.into_iter().filter_map(|status| {
        let those = |report: &&Report| report.verdict.as_ref().map(|verdict| verdict.status) == status;
        let (sign, word, role) = short(reports.iter().find(those)?);
        let number = reports.iter().filter(those).count();
        Some(format!("<span class=\"tag {}\">{} {number} {word}</span>", class(role), mark(sign)))
    });
    let _ = writeln!(page, "{}</p>", counts.collect::<Vec<_>>().join(" · "));
    page.push_str(
        "<div class=\"scroll\" role=\"region\" aria-labelledby=\"overview\" tabindex=\"0\"><table class=\"overview\">\n\
         <caption>Every mailbox of the run</caption>\n<thead><tr><th scope=\"col\">Verdict</th>\
         <th scope=\"col\">Mailbox</th><th scope=\"col\">In words</th></tr></thead>\n<tbody>\n",
    );
    let shown: std::collections::HashSet<usize> = told.iter().map(|(number, _)| *number).collect();
    for (number, report) in reports.iter().enumerate().take(LISTED) {
        let (sign, word, role) = short(report);
        let name = e(&report.mailbox);
        let name = if shown.contains(&number) { format!("<a href=\"#m{number}\">{name}</a>") } else { name };
        let sentence = report
            .verdict
            .as_ref()
            .map_or(String::new(), |verdict| e(&summary::sentence(verdict, &columns(report))));
        let _ = writeln!(
            page,
            "<tr><td class=\"tag {}\">{} {word}</td><th scope=\"row\"><bdi>{name}</bdi></th><td>{sentence}</td></tr>",
            class(role),
            mark(sign)
        );
    }
    page.push_str("</tbody></table></div>\n");
    if reports.len() > told.len() {
        let _ = writeln!(
            page,
            "<p>{} of {} mailboxes are told in full below, those with a problem first. The JSON report has all.</p>",
            told.len(),
            reports.len()
        );
    }
    page.push_str("</section>\n");
}

fn mailbox(page: &mut String, number: usize, report: &Report) {
    let columns = columns(report);
    let _ = writeln!(
        page,
        "<section class=\"mailbox\" aria-labelledby=\"m{number}\">\n<h2 id=\"m{number}\"><bdi>{}</bdi></h2>",
        e(&report.mailbox)
    );
    let host = common_host(report).map_or(String::new(), |host| format!("<bdi>{}</bdi> · ", e(&host)));
    let _ = writeln!(
        page,
        "<p class=\"faint small\">{host}{} · {} · took {}</p>",
        e(&words::moment(&report.started_at)),
        words::count(report.endpoints.len(), "endpoint"),
        words::duration(report.elapsed_ms)
    );
    if let Some(verdict) = &report.verdict {
        let (sign, word, role) = words::verdict(verdict.status);
        let _ = writeln!(
            page,
            "<p class=\"verdict {}\"><span>{}<span class=\"vh\">{word}: </span></span><span>{}</span></p>",
            class(role),
            mark(sign),
            e(&summary::sentence(verdict, &columns))
        );
    }
    if report.partial {
        let _ = writeln!(
            page,
            "<p class=\"doubt\">{} The run was cut short, so cells may be missing.</p>",
            mark("!")
        );
    }
    matrix::write(page, number, report, &columns);
    statements::write(page, number, report, &columns);
    if !columns.is_empty() {
        let _ = writeln!(
            page,
            "<section aria-labelledby=\"m{number}-endpoints\">\n<h3 id=\"m{number}-endpoints\">Endpoints in detail</h3>"
        );
        for (at, column) in columns.iter().enumerate() {
            endpoint::write(page, &format!("m{number}e{at}"), report, column.endpoint);
        }
        page.push_str("</section>\n");
    }
    page.push_str("</section>\n");
}
