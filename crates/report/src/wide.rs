//! Everything a person may want to see, endpoint by endpoint: the facts of the connection, what was offered
//! at which stage, every attempt with its lines, and all that the short report leaves out.

use mailprobe_probes::model::{Attempt, EndpointReport, LineRange, Method, Outcome, Report, Session, Stage};

use super::columns::columns;
use super::layout::{Page, clean, cut, pad, pad_left, width};
use super::style::{Role, Style};
use super::{meaning, summary, text, tls_versions, transcript, words};
use crate::lang::Lang;

/// One report after the other.
pub(super) fn pages(style: &Style) -> text::Pages {
    // Its table cannot be folded.
    text::Pages::new(&Style { width: style.width.max(80), ..*style }, one)
}

fn one(report: &Report, style: &Style) -> String {
    let mut page = Page::new(style);
    text::header(&mut page, report);
    let lang = style.lang;
    let columns = columns(report, lang);
    for column in &columns {
        facts(&mut page, column.endpoint);
        attempts(&mut page, column.endpoint);
    }
    if columns.iter().any(|column| !column.endpoint.attempts.is_empty()) {
        page.gap();
        let legend =
            "before, after, login: offered before TLS, inside TLS, after login; lines: of the transcript";
        page.indented(2, lang.say(legend), Role::Faint);
    }
    meaning::explain(&mut page, report, &columns);
    summary::findings(&mut page, report, &columns);
    summary::expectations(&mut page, report, &columns);
    if style.verbose {
        transcript::all(&mut page, &columns);
    }
    summary::verdict(&mut page, report, &columns);
    page.done()
}

fn facts(page: &mut Page<'_>, endpoint: &EndpointReport) {
    let lang = page.style.lang;
    page.gap();
    let peer = endpoint.peer.as_deref().map_or(String::new(), |peer| format!("  {}", clean(peer)));
    let via = endpoint
        .proxy
        .as_deref()
        .map_or(String::new(), |proxy| format!("  {}", lang.fill("via proxy {}", &[&clean(proxy)])));
    page.hang("", Role::Plain, &format!("{}{peer}{via}", clean(&endpoint.url)), Role::Strong);
    if let Some(tls) = &endpoint.tls {
        let mut parts = vec![clean(&tls.version).replace("TLSv", "TLS "), clean(&tls.cipher)];
        parts.extend(tls.group.as_deref().map(clean));
        parts.extend(tls.alpn.as_deref().map(|alpn| format!("ALPN {}", clean(alpn))));
        parts.push(lang.say(if tls.trusted { "trusted" } else { "NOT TRUSTED" }).to_owned());
        fact(page, "TLS", &parts.join(", "), if tls.trusted { Role::Plain } else { Role::Bad });
        for problem in &tls.problems {
            named(page, "", &clean(&lang.tell(problem)), Role::Bad);
        }
        if let Some(leaf) = tls.chain.first() {
            let text = lang.fill(
                "{}, by {}, until {}",
                &[&clean(&leaf.subject), &clean(&leaf.issuer), &words::moment(&leaf.not_after)],
            );
            fact(page, "certificate", &text, Role::Plain);
        }
    }
    for ((name, text, role), asked) in tls_versions::facts(endpoint, lang).zip(&endpoint.tls_versions) {
        let place =
            asked.evidence().map_or(String::new(), |evidence| format!(" ({})", lines(evidence, lang)));
        named(page, &name, &format!("{text}{place}"), role);
    }
    if let Some(name) = &endpoint.front_end {
        fact(page, "front end", &cut(&clean(name), 400), Role::Plain);
    }
    for (index, told) in endpoint.facts.iter().enumerate() {
        let value = cut(&clean(&told.value), 400);
        let text = format!("{} {value} ({})", clean(&told.name), lines(told.evidence, lang));
        named(page, if index == 0 { lang.say("told") } else { "" }, &text, Role::Plain);
    }
    if let Some(greeting) = &endpoint.greeting {
        fact(page, "greeting", &cut(&clean(greeting), 400), Role::Quote);
    }
    for list in &endpoint.advertised {
        let stage = match list.stage {
            Stage::BeforeTls => "before TLS",
            Stage::AfterTls => "inside TLS",
            Stage::AfterLogin => "after login",
        };
        let words: Vec<String> = list.capabilities.iter().map(|word| clean(word)).collect();
        fact(
            page,
            stage,
            &format!("{} ({})", cut(&words.join(" "), 1_000), lines(list.evidence, lang)),
            Role::Quote,
        );
    }
    if let Some(failure) = &endpoint.failure {
        let text = lang.fill(
            "in {}, {}: {}",
            &[
                lang.say(failure.phase.name()),
                &failure.cause.name(),
                &cut(&clean(&lang.tell(&failure.detail)), 400),
            ],
        );
        fact(page, "stopped", &text, Role::Bad);
    }
    let times: Vec<String> = endpoint
        .phases_ms
        .0
        .iter()
        .map(|(phase, ms)| format!("{}\u{a0}{ms}\u{a0}ms", lang.say(phase.name())))
        .collect();
    if !times.is_empty() {
        fact(page, "time", &times.join(", "), Role::Plain);
    }
}

/// A fact under a name of ours.
fn fact(page: &mut Page<'_>, name: &str, text: &str, role: Role) {
    named(page, page.style.lang.say(name), text, role);
}

/// A fact under a name that is the same in every language, or under the one before.
fn named(page: &mut Page<'_>, name: &str, text: &str, role: Role) {
    page.hang(&format!("  {}", pad(name, FACT.max(width(name) + 2))), Role::Faint, text, role);
}

/// Columns before the text of a fact.
const FACT: usize = 13;

/// Widest method name, so that a line of the table has 80 columns at most.
const NAME: usize = 18;

/// Columns of an outcome with its mark.
const OUTCOME: usize = 11;

/// The columns between the method and the outcome.
const STAGES: &[(Stage, &str)] =
    &[(Stage::BeforeTls, "before"), (Stage::AfterTls, "after"), (Stage::AfterLogin, "login")];

fn attempts(page: &mut Page<'_>, endpoint: &EndpointReport) {
    if endpoint.attempts.is_empty() {
        return;
    }
    let mut attempts: Vec<&Attempt> = endpoint.attempts.iter().collect();
    attempts.sort_by_key(|attempt| words::rank(&attempt.method));
    let name = |attempt: &Attempt| cut(&clean(attempt.method.name()), NAME);
    let name_width = attempts.iter().map(|attempt| width(&name(attempt))).max().unwrap_or(0).max(6);
    page.gap();
    let lang = page.style.lang;
    let mut head = format!("  {}", pad(lang.say("method"), name_width));
    for (_, word) in STAGES {
        head.push_str("  ");
        head.push_str(&pad(lang.say(word), word.len()));
    }
    head.push_str("  ");
    head.push_str(&pad(lang.say("outcome"), OUTCOME));
    head.push_str(&pad_left("ms", 7));
    head.push_str(&pad_left(lang.say("conn"), 6));
    head.push_str("  ");
    head.push_str(lang.say("lines"));
    let head = page.style.paint(Role::Faint, &head);
    page.line(&head);
    for attempt in attempts {
        let (mark, word, role) = words::outcome(&attempt.outcome);
        let mut line = format!("  {}", pad(&name(attempt), name_width));
        for (stage, word) in STAGES {
            line.push_str("  ");
            line.push_str(&pad(offered(endpoint, *stage, &attempt.method), word.len()));
        }
        line.push_str("  ");
        line.push_str(&page.style.paint(role, &pad(&format!("{mark} {}", lang.say(word)), OUTCOME)));
        line.push_str(&pad_left(&attempt.elapsed_ms.to_string(), 7));
        line.push_str(&pad_left(&attempt.connection.to_string(), 6));
        line.push_str("  ");
        line.push_str(&attempt.outcome.evidence().map_or("–".to_owned(), range));
        page.line(&line);
        details(page, attempt);
    }
}

fn details(page: &mut Page<'_>, attempt: &Attempt) {
    let lang = page.style.lang;
    if let Some(reply) = attempt.outcome.reply() {
        page.indented(6, &meaning::quoted(reply, lang), Role::Quote);
    }
    match &attempt.outcome {
        Outcome::Accepted { session: Session::Opened { evidence }, .. } => {
            page.indented(6, &lang.fill("mailbox opened ({})", &[&lines(*evidence, lang)]), Role::Plain);
        }
        Outcome::Accepted { session: Session::Sent { message_id, evidence }, .. } => {
            let text = lang
                .fill("message {} taken for delivery ({})", &[&clean(message_id), &lines(*evidence, lang)]);
            page.indented(6, &text, Role::Plain);
        }
        Outcome::Accepted { session: Session::Shut { reply, evidence, .. }, .. } => {
            let text =
                lang.fill("mailbox shut ({}): {}", &[&lines(*evidence, lang), &meaning::quoted(reply, lang)]);
            page.indented(6, &text, Role::Plain);
        }
        Outcome::Accepted { session: Session::NotChecked { failure, .. }, .. }
        | Outcome::Inconclusive { failure, .. } => {
            let detail = cut(&clean(&lang.tell(&failure.detail)), 400);
            page.indented(
                6,
                &lang.fill("{} in {}: {}", &[&failure.cause.name(), lang.say(failure.phase.name()), &detail]),
                Role::Plain,
            );
        }
        Outcome::NotTried { skip } => page.indented(6, &skip.name(), Role::Faint),
        Outcome::Refused { .. } => {}
    }
    if let Some(diagnosis) = attempt.outcome.diagnosis() {
        let causes: Vec<&str> = diagnosis.causes.iter().map(|cause| cause.name()).collect();
        page.indented(
            6,
            &lang.fill("{} (rule {})", &[&causes.join(", "), &clean(&diagnosis.rule)]),
            Role::Faint,
        );
    }
    for quirk in &attempt.quirks {
        page.indented(6, &lang.fill("quirk: {}", &[&clean(&lang.tell(quirk))]), Role::Doubt);
    }
}

pub(super) fn offered(endpoint: &EndpointReport, stage: Stage, method: &Method) -> &'static str {
    let mut heard = endpoint.advertised.iter().filter(|list| list.stage == stage).peekable();
    if heard.peek().is_none() {
        return "–";
    }
    if heard.any(|list| list.offers_method(method)) { "●" } else { "○" }
}

fn range(lines: LineRange) -> String {
    if lines.first == lines.last {
        lines.first.to_string()
    } else {
        format!("{}–{}", lines.first, lines.last)
    }
}

/// The lines of a transcript, in words.
pub(super) fn lines(lines: LineRange, lang: Lang) -> String {
    if lines.first == lines.last {
        lang.fill("line {}", &[&lines.first.to_string()]).replace(' ', "\u{a0}")
    } else {
        lang.fill("lines {}", &[&range(lines)]).replace(' ', "\u{a0}")
    }
}
