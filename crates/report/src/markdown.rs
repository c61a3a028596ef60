//! Markdown (GFM) for tickets and merge requests: verdict, matrix, meaning, findings, expectations.

use std::fmt::Write as _;
use std::io::{self, Write};

use mailprobe_probes::model::{Report, Severity, VerdictStatus};

use super::columns::{Column, columns};
use super::document::Document;
use super::escape::markdown;
use super::layout::{GLUE, cut};
use super::meaning::{Part, passages};
use super::sheet::{Best, Form, Sheet};
use super::{conclusions, matrix, summary, verdict, words};
use crate::lang::Lang;

/// Columns of a name in a table.
const NAME: usize = 40;
/// Most rows of the overview.
const LISTED: usize = 1_000;
/// Mailboxes that are told in full: a page with more is read by nobody.
const TOLD: usize = 50;

/// An overview of several mailboxes, then each. Its rows and the mailboxes come mixed.
pub(super) struct Tickets {
    lang: Lang,
    reports: usize,
    rows: Best,
    told: Best,
}

impl Tickets {
    pub(super) fn new(lang: Lang) -> Self {
        Self { lang, reports: 0, rows: Best::new(LISTED), told: Best::new(TOLD) }
    }
}

impl Form for Tickets {
    fn report(&mut self, place: usize, report: &Report, sheet: &mut Sheet) -> io::Result<()> {
        self.reports += 1;
        // Also where the table will have no room for it: somebody may have to read the spool.
        self.rows.push(0, place, sheet.add(&row(report, self.lang))?);
        if self.told.takes(0, place) {
            let mut text = Document::new(self.lang);
            one(&mut text, report);
            self.told.push(0, place, sheet.add(&text.done())?);
        }
        Ok(())
    }

    fn whole(&mut self, sheet: &mut Sheet, out: &mut dyn Write) -> io::Result<()> {
        let lang = self.lang;
        if self.reports > 1 {
            writeln!(
                out,
                "# {}\n\n| {} | {} |\n| --- | --- |",
                lang.fill("{} mailboxes", &[&self.reports.to_string()]),
                lang.say("Mailbox"),
                lang.say("Verdict")
            )?;
            for row in self.rows.in_order() {
                sheet.copy(row.span, out)?;
            }
            out.write_all(b"\n")?;
        }
        for told in self.told.in_order() {
            sheet.copy(told.span, out)?;
        }
        if self.reports > TOLD {
            writeln!(
                out,
                "{}",
                lang.fill(
                    "{} more are in the overview alone.",
                    &[&words::count(lang, self.reports - TOLD, "mailbox report")]
                )
            )?;
        }
        Ok(())
    }
}

fn row(report: &Report, lang: Lang) -> String {
    let sign = conclusions::short(report).0;
    format!("| {} | {sign} {} |\n", name(&report.mailbox), inline(&conclusions::line(report, lang)))
}

fn verdict(report: &Report, columns: &[Column<'_>], lang: Lang) -> String {
    format!("{} {}", conclusions::short(report).0, inline(&conclusions::sentence(report, columns, lang)))
}

fn one(text: &mut Document, report: &Report) {
    let lang = text.lang;
    let columns = columns(report, lang);
    let _ = writeln!(text, "## {}\n", name(&report.mailbox));
    let _ = writeln!(text, "**{}**\n", verdict(report, &columns, lang));
    let _ = writeln!(
        text,
        "{} · {} · {} {}\n",
        inline(&words::moment(&report.started_at)),
        words::duration(report.elapsed_ms),
        name(&report.tool.name),
        name(&report.tool.version)
    );
    if report.partial {
        let _ = writeln!(text, "{}\n", lang.say("The run was cut short, so cells may be missing."));
    }
    if let Some(open) = conclusions::beside(report, lang) {
        let _ = writeln!(text, "? {}\n", inline(&open));
    }
    table(text, report, &columns);
    let passages = passages(report, &columns, lang);
    if !passages.is_empty() {
        let _ = writeln!(text, "### {}\n", lang.say("What it means"));
    }
    for passage in passages {
        let weight = if passage.quiet { "" } else { "**" };
        let _ = writeln!(text, "- {} {weight}{}{weight}", passage.mark, inline(&passage.sentence));
        for told in passage.parts {
            part(text, &told);
        }
    }
    if !report.findings.is_empty() {
        let _ = writeln!(text, "\n### {}\n", lang.say("Also found"));
    }
    for finding in summary::by_severity(report) {
        let (mark, word, _) = words::severity(finding.severity);
        let place = finding
            .endpoint
            .as_deref()
            .map_or(String::new(), |url| format!(" ({})", inline(&verdict::label(url, &columns))));
        let (word, title) = (lang.say(word), inline(&lang.tell(&finding.title)));
        let _ = writeln!(text, "- {mark} **{word}: {title}**{place}  ");
        let _ = writeln!(text, "  {}", inline(&lang.tell(&finding.explanation)));
        if !finding.remedy.is_empty() && finding.severity != Severity::Info {
            let _ = writeln!(text, "  **{}:** {}", lang.say("Do"), inline(&lang.tell(&finding.remedy)));
        }
    }
    expectations(text, report, &columns);
    text.push_str("\n");
}

fn table(text: &mut Document, report: &Report, columns: &[Column<'_>]) {
    let lang = text.lang;
    let methods = matrix::methods(report);
    if methods.is_empty() {
        return;
    }
    let heads = columns
        .iter()
        .map(|column| column.head.iter().map(|(line, _)| inline(line)).collect::<Vec<_>>().join("<br>"));
    let _ = writeln!(text, "| {} | {} |", lang.say("Method"), heads.collect::<Vec<_>>().join(" | "));
    let _ = writeln!(text, "| --- |{}", " --- |".repeat(columns.len()));
    let mut cells = Vec::new();
    for method in &methods {
        let row: Vec<matrix::Cell> =
            columns.iter().map(|column| matrix::cell(column.endpoint, method)).collect();
        let shown: Vec<String> = row.iter().map(|cell| cell.text(lang)).collect();
        let _ = writeln!(text, "| {} | {} |", name(method.name()), shown.join(" | "));
        cells.extend(row);
    }
    let _ = writeln!(text, "\n{}\n", matrix::meanings(&cells, lang).join(" · "));
}

fn part(text: &mut Document, part: &Part) {
    let lang = text.lang;
    let line = match part {
        Part::Plain(told) | Part::Doubt(told) => inline(told),
        Part::Quote(names, told) if names.is_empty() => format!("> {}", inline(told)),
        Part::Quote(names, told) => format!("> {}: {}", inline(&names.join(", ")), inline(told)),
        Part::ErrorReport(told) => format!("> {}: {}", lang.say("Error report"), inline(told)),
        Part::Said(told) => format!("> {}", inline(told)),
        Part::Do(told) => format!("**{}:** {}", lang.say("Do"), inline(told)),
        Part::Next(told) => format!("**{}:** {}", lang.say("Next check"), inline(told)),
        Part::More(address) => format!("**{}:** <{address}>", lang.say("Read more")),
    };
    // Each is a paragraph of its own, so that nothing runs into a quotation.
    let _ = writeln!(text, "\n  {line}");
}

fn expectations(text: &mut Document, report: &Report, columns: &[Column<'_>]) {
    let Some(verdict) = report.verdict.as_ref().filter(|verdict| !verdict.is_implied()) else {
        return;
    };
    let lang = text.lang;
    let _ = writeln!(
        text,
        "\n### {}\n\n| | {} | {} | {} |\n| --- | --- | --- | --- |",
        lang.say("Expectations"),
        lang.say("Expectation"),
        lang.say("Endpoint"),
        lang.say("Because")
    );
    let (others, met): (Vec<_>, Vec<_>) =
        verdict.rules.iter().partition(|rule| rule.status != VerdictStatus::Pass);
    for rule in others.into_iter().chain(met).take(LISTED) {
        let (mark, word, _) = words::verdict(rule.status);
        let place = rule.endpoint.as_deref().map_or(String::new(), |url| verdict::label(url, columns));
        let _ = writeln!(
            text,
            "| {mark} {} | {} | {} | {} |",
            lang.say(word),
            name(&rule.rule()),
            inline(&place),
            inline(&lang.tell(&rule.because.to_string()))
        );
    }
}

fn inline(text: &str) -> String {
    markdown(&text.replace(GLUE, " "))
}

fn name(text: &str) -> String {
    inline(&cut(&super::layout::clean(text), NAME))
}
