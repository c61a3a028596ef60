//! The report a person reads first: matrix, meaning, verdict; 80 columns, and no colour needed.

use std::io::{self, Write};

use mailprobe_probes::model::Report;

use super::columns::{columns, common_host};
use super::layout::{Page, clean, pad_left, width};
use super::sheet::{Form, Parts, Sheet};
use super::style::{Role, Style};
use super::summary::Overview;
use super::{matrix, meaning, summary, tls_versions, transcript, words};

/// Pages between rules, and an overview behind more than one.
pub(super) struct Pages {
    style: Style,
    page: fn(&Report, &Style) -> String,
    /// What stands between two pages.
    rule: String,
    parts: Parts,
    overview: Overview,
}

impl Pages {
    pub(super) fn new(style: &Style, page: fn(&Report, &Style) -> String) -> Self {
        let rule = style.paint(Role::Faint, &"─".repeat(style.width));
        Self {
            style: *style,
            page,
            rule: format!("\n{rule}\n\n"),
            parts: Parts::default(),
            overview: Overview::default(),
        }
    }
}

impl Form for Pages {
    fn report(&mut self, place: usize, report: &Report, sheet: &mut Sheet) -> io::Result<()> {
        if !self.parts.is_empty() {
            sheet.add(&self.rule)?;
        }
        self.parts.push(place, sheet.add(&(self.page)(report, &self.style))?);
        self.overview.add(place, report, &self.style, sheet)
    }

    fn lacks_only_its_end(&self) -> bool {
        self.parts.are_in_order()
    }

    fn end(&mut self, sheet: &mut Sheet, out: &mut dyn Write) -> io::Result<()> {
        if self.parts.len() > 1 {
            out.write_all(self.rule.as_bytes())?;
            self.overview.write(&self.style, sheet, out)?;
        }
        Ok(())
    }

    fn whole(&mut self, sheet: &mut Sheet, out: &mut dyn Write) -> io::Result<()> {
        self.parts.copy(&self.rule, sheet, out)?;
        self.end(sheet, out)
    }
}

/// Header, matrix and legend.
pub(super) fn matrix_only(report: &Report, style: &Style) -> String {
    let mut page = Page::new(style);
    header(&mut page, report);
    matrix::draw(&mut page, report, &columns(report, style.lang));
    page.done()
}

/// The page of one mailbox.
pub(super) fn one(report: &Report, style: &Style) -> String {
    let mut page = Page::new(style);
    header(&mut page, report);
    let columns = columns(report, style.lang);
    matrix::draw(&mut page, report, &columns);
    tls_versions::lines(&mut page, &columns);
    meaning::explain(&mut page, report, &columns);
    summary::findings(&mut page, report, &columns);
    summary::expectations(&mut page, report, &columns);
    if style.verbose {
        transcript::all(&mut page, &columns);
    }
    summary::verdict(&mut page, report, &columns);
    page.done()
}

/// Mailbox, time and, where all endpoints share it, the host.
pub(super) fn header(page: &mut Page<'_>, report: &Report) {
    let (mailbox, time) = (clean(&report.mailbox), words::moment(&report.started_at));
    let room = page.style.width.saturating_sub(width(&mailbox));
    let (mailbox_shown, time_shown) =
        (page.style.paint(Role::Strong, &mailbox), page.style.paint(Role::Faint, &time));
    if room > width(&time) + 1 {
        let space = pad_left("", room - width(&time));
        page.line(&format!("{mailbox_shown}{space}{time_shown}"));
    } else {
        page.hang("", Role::Plain, &mailbox, Role::Strong);
        page.line(&time_shown);
    }
    if let Some(host) = common_host(report) {
        page.hang("", Role::Plain, &host, Role::Plain);
    }
    let mut proxies: Vec<&str> = report.endpoints.iter().filter_map(|one| one.proxy.as_deref()).collect();
    proxies.dedup();
    for proxy in proxies {
        page.hang(
            "",
            Role::Plain,
            &page.style.lang.fill("through the proxy {}", &[&clean(proxy)]),
            Role::Faint,
        );
    }
}
