//! Markdown (GFM) for tickets and merge requests: verdict, matrix, meaning, findings, expectations.

use std::fmt::Write as _;

use mailprobe_probes::model::{Report, Severity, VerdictStatus};

use super::columns::{Column, columns};
use super::escape::markdown;
use super::layout::{GLUE, cut};
use super::meaning::{Part, passages};
use super::{matrix, summary, words};

/// Columns of a name in a table.
const NAME: usize = 40;
/// Most rows of the overview.
const LISTED: usize = 1_000;
/// Mailboxes that are told in full: a page with more is read by nobody.
const TOLD: usize = 50;

/// An overview of several mailboxes, then each.
pub(super) fn render(reports: &[Report]) -> String {
    let mut text = String::new();
    if reports.len() > 1 {
        overview(&mut text, reports);
    }
    for report in reports.iter().take(TOLD) {
        one(&mut text, report);
    }
    if reports.len() > TOLD {
        let _ = writeln!(
            text,
            "{} more are in the overview alone.",
            words::count(reports.len() - TOLD, "mailbox report")
        );
    }
    text
}

fn overview(text: &mut String, reports: &[Report]) {
    let _ = writeln!(text, "# {} mailboxes\n\n| Mailbox | Verdict |\n| --- | --- |", reports.len());
    for report in reports.iter().take(LISTED) {
        let _ = writeln!(text, "| {} | {} |", name(&report.mailbox), verdict(report, &columns(report)));
    }
    text.push('\n');
}

fn verdict(report: &Report, columns: &[Column<'_>]) -> String {
    report.verdict.as_ref().map_or_else(
        || "nothing to judge".to_owned(),
        |verdict| {
            let mark = words::verdict(verdict.status).0;
            format!("{mark} {}", inline(&summary::sentence(verdict, columns)))
        },
    )
}

fn one(text: &mut String, report: &Report) {
    let columns = columns(report);
    let _ = writeln!(text, "## {}\n", name(&report.mailbox));
    let _ = writeln!(text, "**{}**\n", verdict(report, &columns));
    let _ = writeln!(
        text,
        "{} · {} · {} {}\n",
        inline(&words::moment(&report.started_at)),
        words::duration(report.elapsed_ms),
        name(&report.tool.name),
        name(&report.tool.version)
    );
    if report.partial {
        text.push_str("The run was cut short, so cells may be missing.\n\n");
    }
    table(text, report, &columns);
    let passages = passages(report, &columns);
    if !passages.is_empty() {
        text.push_str("### What it means\n\n");
    }
    for passage in passages {
        let weight = if passage.quiet { "" } else { "**" };
        let _ = writeln!(text, "- {} {weight}{}{weight}", passage.mark, inline(&passage.sentence));
        for told in passage.parts {
            part(text, &told);
        }
    }
    if !report.findings.is_empty() {
        text.push_str("\n### Also found\n\n");
    }
    for finding in summary::by_severity(report) {
        let (mark, word, _) = words::severity(finding.severity);
        let place = finding
            .endpoint
            .as_deref()
            .map_or(String::new(), |url| format!(" ({})", inline(&summary::label(url, &columns))));
        let _ = writeln!(text, "- {mark} **{word}: {}**{place}  ", inline(&finding.title));
        let _ = writeln!(text, "  {}", inline(&finding.explanation));
        if !finding.remedy.is_empty() && finding.severity != Severity::Info {
            let _ = writeln!(text, "  **Do:** {}", inline(&finding.remedy));
        }
    }
    expectations(text, report, &columns);
    text.push('\n');
}

fn table(text: &mut String, report: &Report, columns: &[Column<'_>]) {
    let methods = matrix::methods(report);
    if methods.is_empty() {
        return;
    }
    let heads = columns
        .iter()
        .map(|column| column.head.iter().map(|(line, _)| inline(line)).collect::<Vec<_>>().join("<br>"));
    let _ = writeln!(text, "| Method | {} |", heads.collect::<Vec<_>>().join(" | "));
    let _ = writeln!(text, "| --- |{}", " --- |".repeat(columns.len()));
    let mut cells = Vec::new();
    for method in &methods {
        let row: Vec<matrix::Cell> =
            columns.iter().map(|column| matrix::cell(column.endpoint, method)).collect();
        let shown: Vec<String> = row.iter().map(matrix::Cell::text).collect();
        let _ = writeln!(text, "| {} | {} |", name(method.name()), shown.join(" | "));
        cells.extend(row);
    }
    let _ = writeln!(text, "\n{}\n", matrix::meanings(&cells).join(" · "));
}

fn part(text: &mut String, part: &Part) {
    let line = match part {
        Part::Plain(told) | Part::Doubt(told) => inline(told),
        Part::Quote(names, told) if names.is_empty() => format!("> {}", inline(told)),
        Part::Quote(names, told) => format!("> {}: {}", inline(&names.join(", ")), inline(told)),
        Part::ErrorReport(told) => format!("> Error report: {}", inline(told)),
        Part::Said(told) => format!("> {}", inline(told)),
        Part::Do(told) => format!("**Do:** {}", inline(told)),
        Part::Next(told) => format!("**Next check:** {}", inline(told)),
    };
    // Each is a paragraph of its own, so that nothing runs into a quotation.
    let _ = writeln!(text, "\n  {line}");
}

fn expectations(text: &mut String, report: &Report, columns: &[Column<'_>]) {
    let Some(verdict) = report.verdict.as_ref().filter(|verdict| !summary::is_implied(verdict)) else {
        return;
    };
    text.push_str(
        "\n### Expectations\n\n| | Expectation | Endpoint | Because |\n| --- | --- | --- | --- |\n",
    );
    let (others, met): (Vec<_>, Vec<_>) =
        verdict.rules.iter().partition(|rule| rule.status != VerdictStatus::Pass);
    for rule in others.into_iter().chain(met).take(LISTED) {
        let (mark, word, _) = words::verdict(rule.status);
        let place = rule.endpoint.as_deref().map_or(String::new(), |url| summary::label(url, columns));
        let _ = writeln!(
            text,
            "| {mark} {word} | {} | {} | {} |",
            name(&rule.rule),
            inline(&place),
            inline(&rule.because)
        );
    }
}

fn inline(text: &str) -> String {
    markdown(&text.replace(GLUE, " "))
}

fn name(text: &str) -> String {
    inline(&cut(&super::layout::clean(text), NAME))
}
