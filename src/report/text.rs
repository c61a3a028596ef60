//! The report a person reads first: matrix, meaning, verdict; 80 columns, and no colour needed.

use mailprobe_probes::model::Report;

use super::columns::{columns, common_host};
use super::layout::{Page, clean, pad_left, width};
use super::style::{Role, Style};
use super::{matrix, meaning, summary, tls_versions, transcript, words};

/// One report after the other.
pub(super) fn render(reports: &[Report], style: &Style) -> String {
    several(reports, style, one)
}

/// Pages between rules, and an overview behind more than one.
pub(super) fn several(reports: &[Report], style: &Style, one: fn(&Report, &Style) -> String) -> String {
    let rule = style.paint(Role::Faint, &"─".repeat(style.width));
    let mut pages: Vec<String> = reports.iter().map(|report| one(report, style)).collect();
    if reports.len() > 1 {
        pages.push(summary::overview(reports, style));
    }
    pages.join(&format!("\n{rule}\n\n"))
}

/// Header, matrix and legend.
pub(super) fn matrix_only(report: &Report, style: &Style) -> String {
    let mut page = Page::new(style);
    header(&mut page, report);
    matrix::draw(&mut page, report, &columns(report, style.lang));
    page.done()
}

fn one(report: &Report, style: &Style) -> String {
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
