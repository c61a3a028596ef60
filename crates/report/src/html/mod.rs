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
use std::io::{self, Write};

use mailprobe_probes::model::Report;

use self::parts::{class, e, mark};
use super::columns::{columns, common_host};
use super::conclusions::Tally;
use super::document::Document;
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
        self.rows.push(0, place, sheet.add(&row(report, self.lang))?);
        // Those that need somebody's attention come first where not all are told.
        if self.told.takes(rank(report), place) {
            let mut page = Document::new(self.lang);
            mailbox(&mut page, place, report);
            self.told.push(rank(report), place, sheet.add(&page.done())?);
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
        out.write_all(b"</main>\n<footer class=\"wrap\">")?;
        if let Some((_, name, version)) = &self.made {
            let made = lang.fill("Made by {} {}.", &[&e(name), &e(version)]);
            write!(out, "{made}{}", lang.gap())?;
        }
        let held =
            lang.say("Passwords and tokens are not in this page; mailbox names, hosts and addresses are.");
        writeln!(out, "{held}</footer>\n</body>\n</html>")
    }
}

fn head(title: &str, lang: Lang) -> String {
    format!(
        "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"referrer\" content=\"no-referrer\">\n\
         <meta name=\"robots\" content=\"noindex\">\n<title>{}</title>\n<style>\n{STYLE}</style>\n\
         </head>\n<body>\n<a class=\"skip\" href=\"#main\">{}</a>\n\
         <header class=\"top\"><div class=\"wrap\"><h1>{}</h1>\n\
         <p class=\"faint\">{}</p>\n\
         </div></header>\n<main id=\"main\" class=\"wrap\" tabindex=\"-1\">\n",
        lang.code(),
        e(title),
        lang.say("Skip to the report"),
        lang.say("Which logins work"),
        lang.say("Every login method of a mailbox: offered, accepted, and does the mailbox then open?")
    )
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
        write!(
            out,
            "<section aria-labelledby=\"overview\">\n<h2 id=\"overview\">{}</h2>\n<p>",
            lang.say("Overview")
        )?;
        let counts = self.tally.counts(true, lang).into_iter().map(|(sign, role, counted)| {
            format!("<span class=\"tag {}\">{} {counted}</span>", class(role), mark(sign))
        });
        writeln!(out, "{}</p>", counts.collect::<Vec<_>>().join(" · "))?;
        writeln!(
            out,
            "<div class=\"scroll\" role=\"region\" aria-labelledby=\"overview\" tabindex=\"0\"><table class=\"overview\">\n\
             <caption>{}</caption>\n<thead><tr><th scope=\"col\">{}</th>\
             <th scope=\"col\">{}</th><th scope=\"col\">{}</th></tr></thead>\n<tbody>",
            lang.say("Every mailbox of the run"),
            lang.say("Verdict"),
            lang.say("Mailbox"),
            lang.say("In words")
        )?;
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
        out.write_all(b"</tbody></table></div>\n")?;
        if self.reports > told.len() {
            writeln!(
                out,
                "<p>{}</p>",
                lang.fill(
                    "{} of {} mailboxes are told in full below, those with a problem first. The JSON report has all.",
                    &[&told.len().to_string(), &self.reports.to_string()]
                )
            )?;
        }
        out.write_all(b"</section>\n")
    }
}

/// What stands around the name in a row. It is found again by this, since no name has markup of its own.
const NAME: (&str, &str) = ("<th scope=\"row\"><bdi>", "</bdi></th>");

fn row(report: &Report, lang: Lang) -> String {
    let (sign, word, role) = conclusions::short(report);
    format!(
        "<tr><td class=\"tag {}\">{} {}</td>{}{}{}<td>{}</td></tr>\n",
        class(role),
        mark(sign),
        lang.say(word),
        NAME.0,
        e(&report.mailbox),
        NAME.1,
        e(&conclusions::line(report, lang))
    )
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
    let (sign, word, role) = conclusions::short(report);
    let _ = writeln!(
        page,
        "<p class=\"verdict {}\"><span>{}<span class=\"vh\">{}: </span></span><span>{}</span></p>",
        class(role),
        mark(sign),
        lang.say(word),
        e(&conclusions::sentence(report, &columns, lang))
    );
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
