//! The last lines: findings, expectations, counts and the verdict in one sentence.

use mailprobe_probes::model::{Expectation, Finding, Report, Severity, Verdict, VerdictStatus};

use super::columns::Column;
use super::layout::{Page, clean, cut, pad, width};
use super::style::{Role, Style};
use super::{conclusions, matrix, words};
use crate::lang::Lang;

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
    let Some(verdict) = report.verdict.as_ref().filter(|verdict| !is_implied(verdict)) else { return };
    let lang = page.style.lang;
    page.gap();
    let heading = if verdict.policy == "command line" {
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
        let (wanted, because) = (clean(&lang.tell(&rule.rule)), clean(&lang.tell(&rule.because)));
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
    if let Some(sentence) = conclusions::sentence(report, columns, lang) {
        let (mark, _, role) = conclusions::short(report);
        page.hang(&format!("{mark} "), role, &sentence, Role::Strong);
    }
}

/// One line a mailbox, behind the reports of several.
pub(super) fn overview(reports: &[Report], style: &Style) -> String {
    let (mut page, lang) = (Page::new(style), style.lang);
    let mut counts = vec![lang.fill("{} mailboxes", &[&reports.len().to_string()])];
    counts.extend(conclusions::counts(reports, false, lang).into_iter().map(|(_, _, counted)| counted));
    page.hang("", Role::Plain, &counts.join(" · "), Role::Strong);
    let names: Vec<String> =
        reports.iter().map(|report| cut(&clean(&report.mailbox), style.width / 2)).collect();
    let name_width = names.iter().map(|name| width(name)).max().unwrap_or(0);
    for (report, name) in reports.iter().zip(&names) {
        let (mark, _, role) = conclusions::short(report);
        let text = conclusions::line(report, lang);
        page.hang(&format!("{mark} {}  ", pad(name, name_width)), role, &text, Role::Plain);
    }
    page.done()
}

/// The verdict in one sentence.
pub(super) fn sentence(verdict: &Verdict, columns: &[Column<'_>], lang: Lang) -> String {
    let at = |status| verdict.rules.iter().filter(move |rule| rule.status == status);
    let met = at(VerdictStatus::Pass).count();
    let all = verdict.rules.len();
    if is_implied(verdict) {
        let places =
            |status| lang.list(&at(status).map(|rule| place(rule, columns, lang)).collect::<Vec<_>>());
        let login = verdict.rules.iter().any(|rule| rule.rule == "a login is accepted");
        let [good, everywhere, bad, open] = if login { LOGIN } else { OPENS };
        return match verdict.status {
            VerdictStatus::Pass if all == 1 => lang.say(good).to_owned(),
            VerdictStatus::Pass => lang.say(everywhere).to_owned(),
            VerdictStatus::Fail => lang.fill(bad, &[&places(VerdictStatus::Fail)]),
            VerdictStatus::Unknown => lang.fill(open, &[&places(VerdictStatus::Unknown)]),
        };
    }
    if all == 0 {
        return lang.fill("{} says nothing about this report.", &[&policies(verdict, lang)]);
    }
    match verdict.status {
        VerdictStatus::Pass if met < all => {
            let all = words::count(lang, all, "expectation");
            lang.fill("{} of {} met; the others are advice.", &[&met.to_string(), &all])
        }
        VerdictStatus::Pass if all == 1 => lang.say("The expectation is met.").to_owned(),
        VerdictStatus::Pass => lang.fill("All {} expectations are met.", &[&all.to_string()]),
        VerdictStatus::Fail | VerdictStatus::Unknown => {
            let (failed, open) = (at(VerdictStatus::Fail).count(), at(VerdictStatus::Unknown).count());
            let all = words::count(lang, all, "expectation");
            let mut parts = vec![lang.fill("{} of {} met", &[&met.to_string(), &all])];
            if failed > 0 {
                parts.push(lang.fill("{} not met", &[&failed.to_string()]));
            }
            if open > 0 {
                parts.push(lang.fill("{} undecided", &[&open.to_string()]));
            }
            if lang == Lang::Ja {
                format!("{}。", parts.join("、"))
            } else {
                format!("{}.", parts.join(", "))
            }
        }
    }
}

/// The names of a verdict's policies, and of the command line where it gave rules.
pub(super) fn policies(verdict: &Verdict, lang: Lang) -> String {
    verdict.policy.split(", ").map(|name| clean(&lang.tell(name))).collect::<Vec<_>>().join(", ")
}

/// What the implied expectation comes to: met by the only endpoint, by all, not met, open.
const OPENS: [&str; 4] = [
    "The mailbox opens.",
    "The mailbox opens on every endpoint.",
    "The mailbox does not open on {}.",
    "Whether the mailbox opens on {} is not known.",
];
/// The same where nothing but a login was asked for.
const LOGIN: [&str; 4] = [
    "A login is accepted.",
    "A login is accepted on every endpoint.",
    "No login is accepted on {}.",
    "Whether a login is accepted on {} is not known.",
];

/// Whether a verdict says that the mailbox opens, or does not, and nothing else.
pub(super) fn opens(verdict: &Verdict) -> bool {
    is_implied(verdict) && !verdict.rules.iter().any(|rule| rule.rule == "a login is accepted")
}

/// The implied expectation is the only one that is not written as a rule.
pub(super) fn is_implied(verdict: &Verdict) -> bool {
    !verdict.rules.is_empty() && verdict.rules.iter().all(|rule| !rule.rule.contains('='))
}

fn place(rule: &Expectation, columns: &[Column<'_>], lang: Lang) -> String {
    let nowhere = || lang.say("the endpoint").to_owned();
    rule.endpoint.as_deref().map_or_else(nowhere, |url| label(url, columns))
}

/// The name of an endpoint in sentences. A URL that was visited at several addresses stays a URL.
pub(super) fn label(url: &str, columns: &[Column<'_>]) -> String {
    let mut with_url = columns.iter().filter(|column| column.endpoint.url == url);
    match (with_url.next(), with_url.next()) {
        (Some(column), None) => column.label.clone(),
        _ => clean(url),
    }
}
