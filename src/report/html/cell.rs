//! One login: how it ended, in the server's own words, why, what to do, and the lines that prove it.

use std::fmt::Write as _;

use mailprobe_probes::model::{Attempt, EndpointReport, LineRange, Outcome, Reply, Session, Stage};

use super::parts::{class, e, fact, lines, mark, quote};
use crate::report::layout::{clean, cut};
use crate::report::words;

/// Most lines of evidence shown on the spot, and the longest of them.
const LINES: usize = 24;
const LINE: usize = 300;

pub(super) fn write(page: &mut String, id: &str, at: usize, endpoint: &EndpointReport, attempt: &Attempt) {
    let (sign, word, role) = words::outcome(&attempt.outcome);
    // A browser unfolds what a link into it points at, not what it points at itself.
    let _ = writeln!(
        page,
        "<details><summary><strong>{}</strong>: <span class=\"tag {}\">{} {word}</span>\
         <span class=\"faint\">, {}</span></summary><div class=\"inside\" id=\"{id}a{at}\">",
        e(&cut(&clean(attempt.method.name()), 80)),
        class(role),
        mark(sign),
        if attempt.advertised { "offered" } else { "not offered" }
    );
    if let Some(reply) = attempt.outcome.reply() {
        page.push_str("<p class=\"small faint\">The server said:</p>\n");
        quote(page, &whole(reply));
    }
    outcome(page, attempt);
    if let Some(diagnosis) = attempt.outcome.diagnosis() {
        let _ = writeln!(page, "<p>{}</p>", e(&diagnosis.explanation));
        if !diagnosis.remedy.is_empty() {
            let _ = writeln!(page, "<p class=\"do\"><strong>Do:</strong> {}</p>", e(&diagnosis.remedy));
        }
    }
    page.push_str("<dl>\n");
    if let Some(diagnosis) = attempt.outcome.diagnosis() {
        let causes: Vec<&str> = diagnosis.causes.iter().map(|cause| cause.name()).collect();
        fact(page, "Causes, likeliest first", &e(&causes.join(", ")));
        fact(page, "Rule", &format!("<code>{}</code>", e(&diagnosis.rule)));
    }
    fact(page, "Offered", &offers(endpoint, attempt));
    if attempt.connection > 0 {
        let way = match attempt.initial_response {
            Some(true) => ", first data with the command",
            Some(false) => ", first data after the server's turn",
            None => "",
        };
        let text =
            format!("{} on connection {}{way}", words::duration(attempt.elapsed_ms), attempt.connection);
        fact(page, "Took", &text);
    }
    for quirk in &attempt.quirks {
        fact(page, "Quirk", &format!("<bdi>{}</bdi>", e(quirk)));
    }
    if let Some(range) = attempt.outcome.evidence() {
        fact(page, "Proof", &lines(id, endpoint, range));
    }
    page.push_str("</dl>\n");
    if let Some(range) = attempt.outcome.evidence() {
        evidence(page, endpoint, range);
    }
    page.push_str("</div></details>\n");
}

/// Every line of an answer; only `quoted` joins its parts.
fn whole(reply: &Reply) -> String {
    reply.quoted().split('\n').map(clean).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" / ")
}

fn outcome(page: &mut String, attempt: &Attempt) {
    match &attempt.outcome {
        Outcome::Accepted { session: Session::Opened { .. }, .. } => {
            page.push_str("<p>The mailbox opened.</p>\n");
        }
        Outcome::Accepted { session: Session::Sent { message_id, .. }, .. } => {
            let _ = writeln!(page, "<p>The server took message <code>{}</code>.</p>", e(message_id));
        }
        Outcome::Accepted { session: Session::Shut { reply, .. }, .. } => {
            page.push_str("<p>The login was accepted, but the mailbox stayed shut:</p>\n");
            quote(page, &whole(reply));
        }
        Outcome::Accepted { session: Session::NotChecked { failure }, .. } => {
            let _ = writeln!(
                page,
                "<p>Whether the mailbox opens is not known. {}</p>",
                words::trouble(failure.cause).0
            );
            quote(page, &failure.detail);
        }
        Outcome::Refused { challenge, .. } => {
            if let Some(challenge) = challenge {
                page.push_str("<p class=\"small faint\">The error report that came first, decoded:</p>\n");
                quote(page, challenge);
            }
        }
        Outcome::Inconclusive { failure, .. } => {
            let (what, remedy) = words::trouble(failure.cause);
            let _ = writeln!(page, "<p>Nobody knows: stopped in {}. {what}</p>", failure.phase);
            quote(page, &failure.detail);
            let _ = writeln!(page, "<p class=\"do\"><strong>Do:</strong> {remedy}</p>");
        }
        Outcome::NotTried { skip } => {
            let _ = writeln!(page, "<p>{}</p>", words::skip(*skip));
        }
    }
}

/// At which stages it was offered, and how it was spelt there.
fn offers(endpoint: &EndpointReport, attempt: &Attempt) -> String {
    let mut stages = Vec::new();
    for list in &endpoint.advertised {
        let stage = match list.stage {
            Stage::BeforeTls => "before TLS",
            Stage::AfterTls => "inside TLS",
            Stage::AfterLogin => "after login",
        };
        stages.push(match list.offers.iter().find(|offer| offer.method == attempt.method) {
            Some(offer) => format!("{stage} as <code><bdi>{}</bdi></code>", e(&offer.token)),
            None => format!("not {stage}"),
        });
    }
    if stages.is_empty() { "no list was heard".to_owned() } else { stages.join(", ") }
}

fn evidence(page: &mut String, endpoint: &EndpointReport, range: LineRange) {
    let mut proof =
        endpoint.transcript.iter().filter(|line| (range.first..=range.last).contains(&line.n)).peekable();
    if proof.peek().is_none() {
        return;
    }
    page.push_str("<blockquote>");
    for line in proof.take(LINES) {
        let star = if line.unexpected { "**" } else { "" };
        let _ = write!(
            page,
            "<div>{} <bdi>{}</bdi></div>",
            e(&format!("{}{star}", line.direction.mark())),
            e(&cut(&clean(&line.text), LINE))
        );
    }
    page.push_str("</blockquote>\n");
}
