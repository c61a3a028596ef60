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

use std::io::{self, Write};

use mailprobe_probes::model::Report;
use maud::{Markup, PreEscaped, html};

use self::parts::{Html, class, fill, mark};
use super::columns::{columns, common_host};
use super::conclusions::Tally;
use super::sheet::{Best, Form, Ranked, Sheet};
use super::{conclusions, words};
use crate::lang::Lang;
use mailprobe_judge::{Conclusion, conclusion};

/// Mailboxes told in full; the overview has every one, JSON has everything.
const TOLD: usize = 250;
/// Most rows of the overview.
const LISTED: usize = 20_000;

const STYLE: &str = include_str!("style.css");
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// The whole page. Rows of its overview and sections come mixed; what no page can hold in the end is not even written.
pub(super) struct Page {
    lang: Lang,
    reports: usize,
    tally: Tally,
    /// Name and verdict of the first report, for the title of a page that has no other.
    title: String,
    /// Place, name and version of what made the first report.
    made: Option<(usize, String, String)>,
    rows: Best,
    told: Best,
}

impl Page {
    pub(super) fn new(lang: Lang) -> Self {
        Self {
            lang,
            reports: 0,
            tally: Tally::default(),
            title: String::new(),
            made: None,
            rows: Best::new(LISTED),
            told: Best::new(TOLD),
        }
    }
}

impl Form for Page {
    fn begin(&self) -> String {
        head("mailprobe", self.lang)
    }

    fn report(&mut self, place: usize, report: &Report, sheet: &mut Sheet) -> io::Result<()> {
        if self.reports == 0 {
            let verdict = self.lang.say(conclusions::short(report).1);
            self.title = format!("{}: {verdict} – mailprobe", report.mailbox);
        }
        self.reports += 1;
        self.tally.add(report);
        if self.made.as_ref().is_none_or(|(first, ..)| place < *first) {
            self.made = Some((place, report.tool.name.clone(), report.tool.version.clone()));
        }
        // Also where the page will have no room for it: somebody may have to read the spool.
        self.rows.push(0, place, sheet.add(&row(report, self.lang).0)?);
        // Those that need somebody's attention come first where not all are told.
        if self.told.takes(rank(report), place) {
            self.told.push(rank(report), place, sheet.add(&mailbox(place, report, self.lang).0)?);
        }
        Ok(())
    }

    fn whole(&mut self, sheet: &mut Sheet, out: &mut dyn Write) -> io::Result<()> {
        let lang = self.lang;
        if self.reports != 1 {
            self.title = format!("{} – mailprobe", lang.fill("{} mailboxes", &[&self.reports.to_string()]));
        }
        out.write_all(head(&self.title, lang).as_bytes())?;
        let mut told = self.told.in_order();
        if self.reports <= TOLD {
            told.sort_unstable_by_key(|one| one.place);
        }
        if self.reports > 1 {
            self.overview(&told, sheet, out)?;
        }
        for one in &told {
            sheet.copy(one.span, out)?;
        }
        let foot = html! {
            (PreEscaped("</main>\n"))
            footer class="wrap" {
                @if let Some((_, name, version)) = &self.made {
                    (fill(lang, "Made by {} {}.", &[html! { (Html(name)) }, html! { (Html(version)) }])) (lang.gap())
                }
                (lang.say("Passwords and tokens are not in this page; mailbox names, hosts and addresses are."))
            }
            (PreEscaped("\n</body>\n</html>\n"))
        };
        out.write_all(foot.0.as_bytes())
    }
}

/// The page up to its first section. What stays open until the end of the page is written as it is: a template closes
/// whatever it opens.
fn head(title: &str, lang: Lang) -> String {
    let page = html! {
        (PreEscaped("<!doctype html>\n<html lang=\"")) (lang.code()) (PreEscaped("\">\n"))
        head {
            "\n"
            meta charset="utf-8"; "\n"
            meta http-equiv="Content-Security-Policy" content=(POLICY); "\n"
            meta name="viewport" content="width=device-width, initial-scale=1"; "\n"
            (PreEscaped("<meta name=\"color-scheme\" content=\"light dark\">\n"))
            meta name="referrer" content="no-referrer"; "\n"
            meta name="robots" content="noindex"; "\n"
            title { (Html(title)) } "\n"
            style { "\n" (PreEscaped(STYLE)) } "\n"
        }
        (PreEscaped("\n<body>\n"))
        a class="skip" href="#main" { (lang.say("Skip to the report")) } "\n"
        header class="top" {
            div class="wrap" {
                h1 { (lang.say("Which logins work")) } "\n"
                p class="faint" {
                    (lang.say("Every login method of a mailbox: offered, accepted, and does the mailbox then open?"))
                } "\n"
            }
        } "\n"
        (PreEscaped("<main id=\"main\" class=\"wrap\" tabindex=\"-1\">\n"))
    };
    page.into_string()
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

impl Page {
    fn overview(&self, told: &[Ranked], sheet: &mut Sheet, out: &mut dyn Write) -> io::Result<()> {
        let lang = self.lang;
        let counts = self.tally.counts(true, lang);
        let head = html! {
            (PreEscaped("<section aria-labelledby=\"overview\">\n"))
            h2 id="overview" { (lang.say("Overview")) } "\n"
            p {
                @for (at, (sign, role, counted)) in counts.into_iter().enumerate() {
                    @if at > 0 { " · " }
                    span class={ "tag " (class(role)) } { (mark(sign)) " " (counted) }
                }
            } "\n"
            (PreEscaped("<div class=\"scroll\" role=\"region\" aria-labelledby=\"overview\" tabindex=\"0\">"))
            (PreEscaped("<table class=\"overview\">\n"))
            caption { (lang.say("Every mailbox of the run")) } "\n"
            thead {
                tr {
                    @for head in ["Verdict", "Mailbox", "In words"] { th scope="col" { (lang.say(head)) } }
                }
            }
            (PreEscaped("\n<tbody>\n"))
        };
        out.write_all(head.0.as_bytes())?;
        let shown: std::collections::HashSet<usize> = told.iter().map(|one| one.place).collect();
        for row in self.rows.in_order() {
            let text = sheet.read(row.span)?;
            let number = row.place;
            if shown.contains(&number) {
                let linked = text.replacen(NAME.0, &format!("{}<a href=\"#m{number}\">", NAME.0), 1);
                out.write_all(linked.replacen(NAME.1, &format!("</a>{}", NAME.1), 1).as_bytes())?;
            } else {
                out.write_all(text.as_bytes())?;
            }
        }
        let foot = html! {
            (PreEscaped("</tbody></table></div>\n"))
            @if self.reports > told.len() {
                p {
                    (lang.fill(
                        "{} of {} mailboxes are told in full below, those with a problem first. The JSON report has all.",
                        &[&told.len().to_string(), &self.reports.to_string()],
                    ))
                } "\n"
            }
            (PreEscaped("</section>\n"))
        };
        out.write_all(foot.0.as_bytes())
    }
}

/// What stands around the name in a row. It is found again by this, since no name has markup of its own.
const NAME: (&str, &str) = ("<th scope=\"row\"><bdi>", "</bdi></th>");

fn row(report: &Report, lang: Lang) -> Markup {
    let (sign, word, role) = conclusions::short(report);
    html! {
        tr {
            td class={ "tag " (class(role)) } { (mark(sign)) " " (lang.say(word)) }
            th scope="row" { bdi { (Html(&report.mailbox)) } }
            td { (Html(conclusions::line(report, lang))) }
        } "\n"
    }
}

fn mailbox(number: usize, report: &Report, lang: Lang) -> Markup {
    let columns = columns(report, lang);
    let (sign, word, role) = conclusions::short(report);
    html! {
        section class="mailbox" aria-labelledby={ "m" (number) } {
            "\n"
            h2 id={ "m" (number) } { bdi { (Html(&report.mailbox)) } } "\n"
            p.faint.small {
                @if let Some(host) = common_host(report) { bdi { (Html(host)) } " · " }
                (Html(words::moment(&report.started_at))) " · "
                (words::count(lang, report.endpoints.len(), "endpoint")) " · "
                (lang.fill("took {}", &[&words::duration(report.elapsed_ms)]))
            } "\n"
            p class={ "verdict " (class(role)) } {
                span { (mark(sign)) span class="vh" { (lang.say(word)) ": " } }
                span { (Html(conclusions::sentence(report, &columns, lang))) }
            } "\n"
            @if let Some(open) = conclusions::beside(report, lang) {
                p class="doubt" { (mark("?")) " " (Html(open)) } "\n"
            }
            @if report.partial {
                p class="doubt" { (mark("!")) " " (lang.say("The run was cut short, so cells may be missing.")) } "\n"
            }
            (matrix::table(number, report, &columns, lang))
            (statements::sections(number, report, &columns, lang))
            @if !columns.is_empty() {
                section aria-labelledby={ "m" (number) "-endpoints" } {
                    "\n"
                    h3 id={ "m" (number) "-endpoints" } { (lang.say("Endpoints in detail")) } "\n"
                    @for (at, column) in columns.iter().enumerate() {
                        (endpoint::article(&format!("m{number}e{at}"), report, column.endpoint, lang))
                    }
                } "\n"
            }
        } "\n"
    }
}
