//! The last lines: findings, expectations, counts and the verdict in one sentence.

use mailprobe_probes::model::{Expectation, Finding, Report, Severity, Verdict, VerdictStatus};

use super::columns::{Column, columns};
use super::layout::{Page, clean, cut, pad, width};
use super::style::{Role, Style};
use super::{matrix, words};

/// Most expectations listed where all of them are met.
const LISTED: usize = 12;

/// Every finding.
pub(super) fn findings(page: &mut Page<'_>, report: &Report, columns: &[Column<'_>]) {
    if report.findings.is_empty() {
        return;
    }
    page.gap();
    page.hang("", Role::Plain, "Also found", Role::Strong);
    for finding in by_severity(report) {
        page.gap();
        let (mark, word, role) = words::severity(finding.severity);
        let place =
            finding.endpoint.as_deref().map_or(String::new(), |url| format!(" ({})", label(url, columns)));
        let title = format!("{word}: {}{place}", clean(&finding.title));
        page.hang(&format!("  {mark} "), role, &title, Role::Strong);
        page.indented(4, &clean(&finding.explanation), Role::Plain);
        if !finding.remedy.is_empty() && finding.severity != Severity::Info {
            page.hang("    Do: ", Role::Strong, &clean(&finding.remedy), Role::Plain);
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
    let Some(verdict) = report.verdict.as_ref().filter(|verdict| !is_implied(verdict)) else { return };
    page.gap();
    let policy = if verdict.policy == "command line" {
        String::new()
    } else {
        format!(" of {}", clean(&verdict.policy))
    };
    page.hang("", Role::Plain, &format!("Expectations{policy}"), Role::Strong);
    page.gap();
    let brief = verdict.rules.len() > LISTED;
    let listed = |rule: &&Expectation| !brief || rule.status != VerdictStatus::Pass;
    let mut told: Vec<(&Expectation, Vec<String>)> = Vec::new();
    for rule in verdict.rules.iter().filter(listed) {
        let place = rule.endpoint.as_deref().map(|url| label(url, columns));
        let same = |known: &Expectation| {
            (&known.rule, known.status, &known.because, &known.origin)
                == (&rule.rule, rule.status, &rule.because, &rule.origin)
        };
        match told.iter_mut().find(|(known, _)| same(known)) {
            Some((_, places)) => places.extend(place),
            None => told.push((rule, place.into_iter().collect())),
        }
    }
    for (rule, places) in told {
        let (mark, _, role) = words::verdict(rule.status);
        let places = if places.is_empty() { String::new() } else { format!(" on {}", words::list(&places)) };
        let text = format!("{}{places}: {}", clean(&rule.rule), clean(&rule.because));
        page.hang(&format!("  {mark} "), role, &text, Role::Plain);
        if let Some(origin) = rule.origin.as_ref().filter(|_| rule.status != VerdictStatus::Pass) {
            let advice = if rule.severity == Severity::Info { "Advice: " } else { "" };
            let why = format!("{advice}{} [{}]", clean(&origin.because), clean(&origin.id));
            page.indented(4, why.trim_start(), Role::Faint);
            if rule.status == VerdictStatus::Fail && !origin.source.is_empty() {
                page.indented(4, &clean(&origin.source), Role::Faint);
            }
        }
    }
    let others = verdict.rules.iter().filter(|rule| !listed(rule)).count();
    if others > 0 {
        let text = format!("{others} more are met");
        page.hang("  ✓ ", Role::Good, &text, Role::Plain);
    }
}

/// Counts, then the verdict.
pub(super) fn verdict(page: &mut Page<'_>, report: &Report, columns: &[Column<'_>]) {
    page.gap();
    let cells = matrix::methods(report).len() * columns.len();
    let counts = [
        words::count(columns.len(), "endpoint"),
        words::count(cells, "cell"),
        words::duration(report.elapsed_ms),
    ];
    page.hang("", Role::Plain, &counts.join(" · "), Role::Faint);
    if report.partial {
        page.hang("! ", Role::Doubt, "The run was cut short, so cells may be missing.", Role::Plain);
    }
    if let Some(verdict) = &report.verdict {
        let (mark, _, role) = words::verdict(verdict.status);
        page.hang(&format!("{mark} "), role, &sentence(verdict, columns), Role::Strong);
    }
}

/// One line a mailbox, behind the reports of several.
pub(super) fn overview(reports: &[Report], style: &Style) -> String {
    let mut page = Page::new(style);
    let by = |status| {
        reports.iter().filter(|report| report.verdict.as_ref().is_some_and(|v| v.status == status)).count()
    };
    let mut counts = vec![format!("{} mailboxes", reports.len())];
    for status in [VerdictStatus::Pass, VerdictStatus::Fail, VerdictStatus::Unknown] {
        if by(status) > 0 {
            counts.push(format!("{} {}", by(status), words::verdict(status).1));
        }
    }
    page.hang("", Role::Plain, &counts.join(" · "), Role::Strong);
    let names: Vec<String> =
        reports.iter().map(|report| cut(&clean(&report.mailbox), style.width / 2)).collect();
    let name_width = names.iter().map(|name| width(name)).max().unwrap_or(0);
    for (report, name) in reports.iter().zip(&names) {
        let (mark, role, text) =
            report.verdict.as_ref().map_or(("·", Role::Faint, String::new()), |verdict| {
                let (mark, _, role) = words::verdict(verdict.status);
                (mark, role, sentence(verdict, &columns(report)))
            });
        page.hang(&format!("{mark} {}  ", pad(name, name_width)), role, &text, Role::Plain);
    }
    page.done()
}

/// The verdict in one sentence.
pub(super) fn sentence(verdict: &Verdict, columns: &[Column<'_>]) -> String {
    let at = |status| verdict.rules.iter().filter(move |rule| rule.status == status);
    let met = at(VerdictStatus::Pass).count();
    let all = verdict.rules.len();
    if is_implied(verdict) {
        let places = |status| words::list(&at(status).map(|rule| place(rule, columns)).collect::<Vec<_>>());
        let login = verdict.rules.iter().any(|rule| rule.rule == "a login is accepted");
        let (good, bad, open) = if login {
            ("A login is accepted", "No login is accepted", "Whether a login is accepted")
        } else {
            ("The mailbox opens", "The mailbox does not open", "Whether the mailbox opens")
        };
        return match verdict.status {
            VerdictStatus::Pass if all == 1 => format!("{good}."),
            VerdictStatus::Pass => format!("{good} on every endpoint."),
            VerdictStatus::Fail => format!("{bad} on {}.", places(VerdictStatus::Fail)),
            VerdictStatus::Unknown => format!("{open} on {} is not known.", places(VerdictStatus::Unknown)),
        };
    }
    if all == 0 {
        return format!("{} says nothing about this report.", clean(&verdict.policy));
    }
    match verdict.status {
        VerdictStatus::Pass if met < all => {
            format!("{met} of {} met; the others are advice.", words::count(all, "expectation"))
        }
        VerdictStatus::Pass if all == 1 => "The expectation is met.".to_owned(),
        VerdictStatus::Pass => format!("All {all} expectations are met."),
        VerdictStatus::Fail | VerdictStatus::Unknown => {
            let (failed, open) = (at(VerdictStatus::Fail).count(), at(VerdictStatus::Unknown).count());
            let mut parts = vec![format!("{met} of {} met", words::count(all, "expectation"))];
            if failed > 0 {
                parts.push(format!("{failed} not met"));
            }
            if open > 0 {
                parts.push(format!("{open} undecided"));
            }
            format!("{}.", parts.join(", "))
        }
    }
}

/// The implied expectation is the only one that is not written as a rule.
pub(super) fn is_implied(verdict: &Verdict) -> bool {
    !verdict.rules.is_empty() && verdict.rules.iter().all(|rule| !rule.rule.contains('='))
}

fn place(rule: &Expectation, columns: &[Column<'_>]) -> String {
    rule.endpoint.as_deref().map_or_else(|| "the endpoint".to_owned(), |url| label(url, columns))
}

/// The name of an endpoint in sentences. A URL that was visited at several addresses stays a URL.
pub(super) fn label(url: &str, columns: &[Column<'_>]) -> String {
    let mut with_url = columns.iter().filter(|column| column.endpoint.url == url);
    match (with_url.next(), with_url.next()) {
        (Some(column), None) => column.label.clone(),
        _ => clean(url),
    }
}
