//! One login: how it ended, in the server's own words, why, what to do, and the lines that prove it.

use std::fmt::Write as _;

use mailprobe_probes::diagnose::read_more;
use mailprobe_probes::model::{Attempt, EndpointReport, LineRange, Outcome, Reply, Session, Stage};

use super::parts::{above, advice, class, e, fact, lines, mark, more, quote};
use crate::document::Document;
use crate::lang::Lang;
use crate::layout::{clean, cut};
use crate::words;

/// Most lines of evidence shown on the spot, and the longest of them.
const LINES: usize = 24;
const LINE: usize = 300;

pub(super) fn write(page: &mut Document, id: &str, at: usize, endpoint: &EndpointReport, attempt: &Attempt) {
    let (sign, word, role) = words::outcome(&attempt.outcome);
    let lang = page.lang;
    // A browser unfolds what a link into it points at, not what it points at itself.
    let _ = writeln!(
        page,
        "<details><summary><strong>{}</strong>: <span class=\"tag {}\">{} {}</span>\
         <span class=\"faint\">, {}</span></summary><div class=\"inside\" id=\"{id}a{at}\">",
        e(&cut(&clean(attempt.method.name()), 80)),
        class(role),
        mark(sign),
        lang.say(word),
        lang.say(if attempt.advertised { "offered" } else { "not offered" })
    );
    if let Some(reply) = attempt.outcome.reply() {
        above(page, "The server said:");
        quote(page, &whole(reply));
    }
    outcome(page, attempt);
    if let Some(diagnosis) = attempt.outcome.diagnosis() {
        let _ = writeln!(page, "<p>{}</p>", e(&lang.tell(&diagnosis.explanation)));
        if !diagnosis.remedy.is_empty() {
            advice(page, "Do", &lang.tell(&diagnosis.remedy));
        }
        if let Some(address) = read_more(&diagnosis.rule) {
            more(page, &address);
        }
    }
    page.push_str("<dl>\n");
    if let Some(diagnosis) = attempt.outcome.diagnosis() {
        let causes: Vec<&str> = diagnosis.causes.iter().map(|cause| cause.name()).collect();
        fact(page, "Causes, likeliest first", &e(&causes.join(", ")));
        fact(page, "Rule", &format!("<code>{}</code>", e(&diagnosis.rule)));
    }
    fact(page, "Offered", &offers(endpoint, attempt, lang));
    if attempt.connection > 0 {
        let way = match attempt.initial_response {
            Some(true) => "{} on connection {}, first data with the command",
            Some(false) => "{} on connection {}, first data after the server's turn",
            None => "{} on connection {}",
        };
        let text = lang.fill(way, &[&words::duration(attempt.elapsed_ms), &attempt.connection.to_string()]);
        fact(page, "Took", &text);
    }
    for quirk in &attempt.quirks {
        fact(page, "Quirk", &format!("<bdi>{}</bdi>", e(&lang.tell(quirk))));
    }
    if let Some(range) = attempt.outcome.evidence() {
        fact(page, "Proof", &lines(id, endpoint, range, lang));
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

fn outcome(page: &mut Document, attempt: &Attempt) {
    let lang = page.lang;
    let say = |page: &mut Document, words: &str| {
        let _ = writeln!(page, "<p>{}</p>", lang.say(words));
    };
    match &attempt.outcome {
        Outcome::Accepted { session: Session::Opened { .. }, .. } => {
            say(page, "The mailbox opened.");
        }
        Outcome::Accepted { session: Session::Sent { message_id, .. }, .. } => {
            let id = format!("<code>{}</code>", e(message_id));
            let _ = writeln!(page, "<p>{}</p>", lang.fill("The server took message {}.", &[&id]));
        }
        Outcome::Accepted { session: Session::Shut { reply, .. }, .. } => {
            say(page, "The login was accepted, but the mailbox stayed shut:");
            quote(page, &whole(reply));
        }
        Outcome::Accepted { session: Session::NotChecked { failure, .. }, .. } => {
            let _ = writeln!(
                page,
                "<p>{}{}{}</p>",
                lang.say("Whether the mailbox opens is not known."),
                lang.gap(),
                lang.say(words::trouble(failure.cause).0)
            );
            quote(page, &lang.tell(&failure.detail));
        }
        Outcome::Refused { challenge, .. } => {
            if let Some(challenge) = challenge {
                above(page, "The error report that came first, decoded:");
                quote(page, challenge);
            }
        }
        Outcome::Inconclusive { failure, .. } => {
            let (what, remedy) = words::trouble(failure.cause);
            let phase = lang.say(failure.phase.name());
            let stopped = lang.fill("Nobody knows: stopped in {}. {}", &[phase, lang.say(what)]);
            let _ = writeln!(page, "<p>{stopped}</p>");
            quote(page, &lang.tell(&failure.detail));
            advice(page, "Do", lang.say(remedy));
        }
        Outcome::NotTried { skip } => {
            say(page, words::skip(*skip));
        }
    }
}

/// At which stages it was offered, and how it was spelt there.
fn offers(endpoint: &EndpointReport, attempt: &Attempt, lang: Lang) -> String {
    let mut stages = Vec::new();
    for list in &endpoint.advertised {
        let (stage, not) = match list.stage {
            Stage::BeforeTls => ("before TLS as {}", "not before TLS"),
            Stage::AfterTls => ("inside TLS as {}", "not inside TLS"),
            Stage::AfterLogin => ("after login as {}", "not after login"),
        };
        stages.push(match list.offers.iter().find(|offer| offer.method == attempt.method) {
            Some(offer) => lang.fill(stage, &[&format!("<code><bdi>{}</bdi></code>", e(&offer.token))]),
            None => lang.say(not).to_owned(),
        });
    }
    if stages.is_empty() {
        lang.say("no list was heard").to_owned()
    } else {
        stages.join(if lang == Lang::Ja { "、" } else { ", " })
    }
}

fn evidence(page: &mut Document, endpoint: &EndpointReport, range: LineRange) {
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
