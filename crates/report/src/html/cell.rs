//! One login: how it ended, in the server's own words, why, what to do, and the lines that prove it.

use mailprobe_probes::diagnose::read_more;
use mailprobe_probes::model::{
    Attempt, Diagnosis, EndpointReport, LineRange, Outcome, Reply, Session, Stage,
};
use maud::{Markup, PreEscaped, Render, html};

use super::parts::{Html, above, advice, class, fact, fill, lines, mark, more, quote};
use crate::lang::Lang;
use crate::layout::{clean, cut};
use crate::words;

/// Most lines of evidence shown on the spot, and the longest of them.
const LINES: usize = 24;
const LINE: usize = 300;

pub(super) fn details(
    id: &str,
    at: usize,
    endpoint: &EndpointReport,
    attempt: &Attempt,
    lang: Lang,
) -> Markup {
    let (sign, word, role) = words::outcome(&attempt.outcome);
    let offered = if attempt.advertised { "offered" } else { "not offered" };
    html! {
        details {
            summary {
                strong { (Html(cut(&clean(attempt.method.name()), 80))) } ": "
                span class={ "tag " (class(role)) } { (mark(sign)) " " (lang.say(word)) }
                span class="faint" { ", " (lang.say(offered)) }
            }
            // A browser unfolds what a link into it points at, not what it points at itself.
            div class="inside" id={ (id) "a" (at) } {
                "\n"
                @if let Some(reply) = attempt.outcome.reply() {
                    (above(lang, "The server said:"))
                    (quote(&whole(reply)))
                }
                (outcome(attempt, lang))
                @if let Some(diagnosis) = attempt.outcome.diagnosis() { (explained(diagnosis, lang)) }
                dl { "\n" (facts(id, endpoint, attempt, lang)) } "\n"
                @if let Some(range) = attempt.outcome.evidence() { (evidence(endpoint, range)) }
            }
        } "\n"
    }
}

fn explained(diagnosis: &Diagnosis, lang: Lang) -> Markup {
    html! {
        p { (Html(lang.tell(&diagnosis.explanation))) } "\n"
        @if !diagnosis.remedy.is_empty() { (advice(lang, "Do", &lang.tell(&diagnosis.remedy))) }
        @if let Some(address) = read_more(&diagnosis.rule) { (more(lang, &address)) }
    }
}

fn facts(id: &str, endpoint: &EndpointReport, attempt: &Attempt, lang: Lang) -> Markup {
    html! {
        @if let Some(diagnosis) = attempt.outcome.diagnosis() {
            @let causes: Vec<&str> = diagnosis.causes.iter().map(|cause| cause.name()).collect();
            (fact(lang, "Causes, likeliest first", Html(causes.join(", "))))
            (fact(lang, "Rule", html! { code { (Html(&diagnosis.rule)) } }))
        }
        (fact(lang, "Offered", offers(endpoint, attempt, lang)))
        @if attempt.connection > 0 {
            @let way = match attempt.initial_response {
                Some(true) => "{} on connection {}, first data with the command",
                Some(false) => "{} on connection {}, first data after the server's turn",
                None => "{} on connection {}",
            };
            @let took = [words::duration(attempt.elapsed_ms).render(), attempt.connection.render()];
            (fact(lang, "Took", fill(lang, way, &took)))
        }
        @for quirk in &attempt.quirks {
            (fact(lang, "Quirk", html! { bdi { (Html(lang.tell(quirk))) } }))
        }
        @if let Some(range) = attempt.outcome.evidence() {
            (fact(lang, "Proof", lines(id, endpoint, range, lang)))
        }
    }
}

/// Every line of an answer; only `quoted` joins its parts.
fn whole(reply: &Reply) -> String {
    reply.quoted().split('\n').map(clean).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" / ")
}

fn outcome(attempt: &Attempt, lang: Lang) -> Markup {
    let say = |words: &str| html! { p { (lang.say(words)) } "\n" };
    match &attempt.outcome {
        Outcome::Accepted { session: Session::Opened { .. }, .. } => say("The mailbox opened."),
        Outcome::Accepted { session: Session::Sent { message_id, .. }, .. } => {
            let id = html! { code { (Html(message_id)) } };
            html! { p { (fill(lang, "The server took message {}.", &[id])) } "\n" }
        }
        Outcome::Accepted { session: Session::Shut { reply, .. }, .. } => html! {
            (say("The login was accepted, but the mailbox stayed shut:"))
            (quote(&whole(reply)))
        },
        Outcome::Accepted { session: Session::NotChecked { failure, .. }, .. } => html! {
            p {
                (lang.say("Whether the mailbox opens is not known.")) (lang.gap())
                (lang.say(words::trouble(failure.cause).0))
            } "\n"
            (quote(&lang.tell(&failure.detail)))
        },
        Outcome::Refused { challenge, .. } => html! {
            @if let Some(challenge) = challenge {
                (above(lang, "The error report that came first, decoded:"))
                (quote(challenge))
            }
        },
        Outcome::Inconclusive { failure, .. } => {
            let (what, remedy) = words::trouble(failure.cause);
            let phase = lang.say(failure.phase.name());
            html! {
                p { (lang.fill("Nobody knows: stopped in {}. {}", &[phase, lang.say(what)])) } "\n"
                (quote(&lang.tell(&failure.detail)))
                (advice(lang, "Do", lang.say(remedy)))
            }
        }
        Outcome::NotTried { skip } => say(words::skip(*skip)),
    }
}

/// At which stages it was offered, and how it was spelt there.
fn offers(endpoint: &EndpointReport, attempt: &Attempt, lang: Lang) -> Markup {
    let mut stages = Vec::new();
    for list in &endpoint.advertised {
        let (stage, not) = match list.stage {
            Stage::BeforeTls => ("before TLS as {}", "not before TLS"),
            Stage::AfterTls => ("inside TLS as {}", "not inside TLS"),
            Stage::AfterLogin => ("after login as {}", "not after login"),
        };
        stages.push(match list.offers.iter().find(|offer| offer.method == attempt.method) {
            Some(offer) => {
                fill(lang, stage, &[html! { code { bdi { (Html(&offer.token)) } } }]).into_string()
            }
            None => lang.say(not).to_owned(),
        });
    }
    if stages.is_empty() {
        return html! { (lang.say("no list was heard")) };
    }
    PreEscaped(stages.join(if lang == Lang::Ja { "、" } else { ", " }))
}

fn evidence(endpoint: &EndpointReport, range: LineRange) -> Markup {
    let mut proof =
        endpoint.transcript.iter().filter(|line| (range.first..=range.last).contains(&line.n)).peekable();
    if proof.peek().is_none() {
        return Markup::default();
    }
    html! {
        blockquote {
            @for line in proof.take(LINES) {
                div {
                    (Html(line.direction.mark())) @if line.unexpected { "**" } " "
                    bdi { (Html(cut(&clean(&line.text), LINE))) }
                }
            }
        } "\n"
    }
}
