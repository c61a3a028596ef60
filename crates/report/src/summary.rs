//! The last lines: findings, expectations, counts and the verdict in one sentence.

use std::io::{self, Write};

use mailprobe_probes::model::{Basis, Expectation, Finding, Report, Severity, VerdictStatus};

use super::columns::Column;
use super::conclusions::Tally;
use super::layout::{Page, clean, cut, pad, width};
use super::sheet::{Parts, Sheet};
use super::style::{Role, Style};
use super::verdict::{label, policies};
use super::{conclusions, matrix, words};

/// Most expectations listed where all of them are met.
const LISTED: usize = 12;

/// Every finding.
pub(super) fn findings(page: &mut Page<'_>, report: &Report, columns: &[Column<'_>]) {
    if report.findings.is_empty() {
        return;
    }
    let lang = page.style.lang;
    page.gap();
    page.hang("", Role::Plain, lang.say("Also found"), Role::Strong);
    for finding in by_severity(report) {
        page.gap();
        let (mark, word, role) = words::severity(finding.severity);
        let place =
            finding.endpoint.as_deref().map_or(String::new(), |url| format!(" ({})", label(url, columns)));
        let title = format!("{}: {}{place}", lang.say(word), clean(&lang.tell(&finding.title)));
        page.hang(&format!("  {mark} "), role, &title, Role::Strong);
        page.indented(4, &clean(&lang.tell(&finding.explanation)), Role::Plain);
        if !finding.remedy.is_empty() && finding.severity != Severity::Info {
            let label = format!("    {}: ", lang.say("Do"));
            page.hang(&label, Role::Strong, &clean(&lang.tell(&finding.remedy)), Role::Plain);
        }
    }
}

/// Findings, most severe first.
pub(super) fn by_severity(report: &Report) -> Vec<&Finding> {
    let mut findings: Vec<_> = report.findings.iter().collect();
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    findings
}

/// Expectations that were typed; the implied one is told by the verdict alone.
pub(super) fn expectations(page: &mut Page<'_>, report: &Report, columns: &[Column<'_>]) {
    let Some(verdict) = report.verdict.as_ref().filter(|verdict| !verdict.is_implied()) else { return };
    let lang = page.style.lang;
    page.gap();
    let heading = if verdict.by == [Basis::CommandLine] {
        lang.say("Expectations").to_owned()
    } else {
        lang.fill("Expectations of {}", &[&policies(verdict, lang)])
    };
    page.hang("", Role::Plain, &heading, Role::Strong);
    page.gap();
    let brief = verdict.rules.len() > LISTED;
    let listed = |rule: &&Expectation| !brief || rule.status != VerdictStatus::Pass;
    let mut told: Vec<(&Expectation, Vec<String>)> = Vec::new();
    for rule in verdict.rules.iter().filter(listed) {
        let place = rule.endpoint.as_deref().map(|url| label(url, columns));
        let same = |known: &Expectation| {
            (&known.subject, known.status, &known.because, &known.origin)
                == (&rule.subject, rule.status, &rule.because, &rule.origin)
        };
        match told.iter_mut().find(|(known, _)| same(known)) {
            Some((_, places)) => places.extend(place),
            None => told.push((rule, place.into_iter().collect())),
        }
    }
    for (rule, places) in told {
        let (mark, _, role) = words::verdict(rule.status);
        let (wanted, because) =
            (clean(&lang.tell(&rule.rule())), clean(&lang.tell(&rule.because.to_string())));
        let text = if places.is_empty() {
            format!("{wanted}: {because}")
        } else {
            format!("{}: {because}", lang.fill("{} on {}", &[&wanted, &lang.list(&places)]))
        };
        page.hang(&format!("  {mark} "), role, &text, Role::Plain);
        if let Some(origin) = rule.origin.as_ref().filter(|_| rule.status != VerdictStatus::Pass) {
            let because = clean(&lang.tell(&origin.because));
            let why = if rule.severity == Severity::Info {
                format!("{}: {because} [{}]", lang.say("Advice"), clean(&origin.id))
            } else {
                format!("{because} [{}]", clean(&origin.id))
            };
            page.indented(4, why.trim_start(), Role::Faint);
            if rule.status == VerdictStatus::Fail && !origin.source.is_empty() {
                let source = clean(&origin.source);
                let source = match origin.reviewed.as_str() {
                    "" => source,
                    day => lang.fill("{} (read {})", &[&source, &clean(day)]),
                };
                page.indented(4, &source, Role::Faint);
            }
        }
    }
    let others = verdict.rules.iter().filter(|rule| !listed(rule)).count();
    if others > 0 {
        let text = lang.fill("{} more are met", &[&others.to_string()]);
        page.hang("  ✓ ", Role::Good, &text, Role::Plain);
    }
}

/// Counts, then the verdict.
pub(super) fn verdict(page: &mut Page<'_>, report: &Report, columns: &[Column<'_>]) {
    let lang = page.style.lang;
    page.gap();
    let cells = matrix::methods(report).len() * columns.len();
    let counts = [
        words::count(lang, columns.len(), "endpoint"),
        words::count(lang, cells, "cell"),
        words::duration(report.elapsed_ms),
    ];
    page.hang("", Role::Plain, &counts.join(" · "), Role::Faint);
    if report.partial {
        page.hang(
            "! ",
            Role::Doubt,
            lang.say("The run was cut short, so cells may be missing."),
            Role::Plain,
        );
    }
    // Beside a failure, or an answer that decides nothing, what was not checked has a line of its own.
    if let Some(open) = conclusions::beside(report, lang) {
        page.hang("? ", Role::Doubt, &open, Role::Plain);
    }
    let (mark, _, role) = conclusions::short(report);
    page.hang(&format!("{mark} "), role, &conclusions::sentence(report, columns, lang), Role::Strong);
}

/// One line a mailbox, behind the reports of several.
#[derive(Debug, Default)]
pub(super) struct Overview {
    tally: Tally,
    /// Columns of the longest name.
    name_width: usize,
    /// What the lines are made of once that is known.
    rows: Parts,
}

/// Stands between the fields of a row that was set aside. What was made harmless holds no control character.
const BETWEEN: char = '\u{1f}';

impl Overview {
    pub(super) fn add(
        &mut self,
        place: usize,
        report: &Report,
        style: &Style,
        sheet: &mut Sheet,
    ) -> io::Result<()> {
        self.tally.add(report);
        let name = cut(&clean(&report.mailbox), style.width / 2);
        self.name_width = self.name_width.max(width(&name));
        let word = conclusions::short(report).1;
        let line = conclusions::line(report, style.lang);
        self.rows.push(place, sheet.set_aside(&format!("{word}{BETWEEN}{name}{BETWEEN}{line}"))?);
        Ok(())
    }

    pub(super) fn write(&mut self, style: &Style, sheet: &mut Sheet, out: &mut dyn Write) -> io::Result<()> {
        let (mut page, lang) = (Page::new(style), style.lang);
        let mut counts = vec![lang.fill("{} mailboxes", &[&self.rows.len().to_string()])];
        counts.extend(self.tally.counts(false, lang).into_iter().map(|(_, _, counted)| counted));
        page.hang("", Role::Plain, &counts.join(" · "), Role::Strong);
        out.write_all(page.done().as_bytes())?;
        for (_, span) in self.rows.in_order() {
            let row = sheet.read_aside(span)?;
            let mut fields = row.splitn(3, BETWEEN);
            let mut field = || fields.next().unwrap_or_default();
            let ((mark, role), name, line) = (conclusions::mark(field()), field(), field());
            let mut page = Page::new(style);
            page.hang(&format!("{mark} {}  ", pad(name, self.name_width)), role, line, Role::Plain);
            out.write_all(page.done().as_bytes())?;
        }
        Ok(())
    }
}
