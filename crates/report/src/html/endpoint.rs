//! One endpoint: the facts of its connection, its certificate, its times, its cells and its conversation.

use mailprobe_probes::model::{Direction, EndpointReport, Line, Report, Stage, TlsFacts, moment};
use maud::{Markup, html};

use super::parts::{Html, advice, class, fact, fill, lines, mark, told};
use super::{cell, times};
use crate::lang::Lang;
use crate::layout::{clean, cut};
use crate::{tls_versions, words};

/// Longest line of a transcript; the JSON report has the rest.
const LINE: usize = 1_000;

pub(super) fn article(id: &str, report: &Report, endpoint: &EndpointReport, lang: Lang) -> Markup {
    let mut attempts: Vec<_> = endpoint.attempts.iter().enumerate().collect();
    attempts.sort_by_key(|(_, attempt)| words::rank(&attempt.method));
    html! {
        article aria-labelledby=(id) {
            "\n"
            h4 id=(id) { bdi { (Html(&endpoint.url)) } } "\n"
            @if let Some(failure) = &endpoint.failure {
                @let (what, remedy) = words::trouble(failure.cause);
                @let phase = lang.say(failure.phase.name());
                p class="bad" {
                    (mark("✗")) " " (lang.fill("Stopped in {}: {}", &[phase, lang.say(what)])) " "
                    bdi { (Html(lang.tell(&failure.detail))) }
                } "\n"
                (advice(lang, "Do", lang.say(remedy)))
            }
            dl { "\n" (facts(id, endpoint, lang)) } "\n"
            @if let Some(tls) = &endpoint.tls { (chain(report, tls, lang)) }
            @if !endpoint.phases_ms.0.is_empty() { (times::table(&endpoint.phases_ms, lang)) }
            @if !attempts.is_empty() {
                h5 { (lang.say("Logins")) } "\n"
                @for (at, attempt) in attempts { (cell::details(id, at, endpoint, attempt, lang)) }
            }
            @if !endpoint.transcript.is_empty() { (transcript(id, endpoint, lang)) }
        } "\n"
    }
}

fn facts(id: &str, endpoint: &EndpointReport, lang: Lang) -> Markup {
    html! {
        @if let Some(peer) = &endpoint.peer { (fact(lang, "Answered", html! { code { (Html(peer)) } })) }
        @if let Some(tls) = &endpoint.tls { (session(tls, lang)) }
        @for ((name, text, role), asked) in tls_versions::facts(endpoint, lang).zip(&endpoint.tls_versions) {
            (told(&name, html! {
                span class=(class(role)) { (Html(text)) }
                @if let Some(range) = asked.evidence() { ", " (lines(id, endpoint, range, lang)) }
            }))
        }
        @if let Some(name) = &endpoint.front_end { (fact(lang, "Front end", html! { bdi { (Html(name)) } })) }
        @for heard in &endpoint.facts {
            (told(&cut(&clean(&heard.name), 60), html! {
                bdi { (Html(&heard.value)) } ", " (lines(id, endpoint, heard.evidence, lang))
            }))
        }
        @if let Some(greeting) = &endpoint.greeting {
            (fact(lang, "Greeting", html! { code { bdi { (Html(greeting)) } } }))
        }
        @for list in &endpoint.advertised {
            @let stage = match list.stage {
                Stage::BeforeTls => "Said before TLS",
                Stage::AfterTls => "Said inside TLS",
                Stage::AfterLogin => "Said after login",
            };
            (fact(lang, stage, html! {
                code { bdi { (Html(list.capabilities.join(" "))) } } ", " (lines(id, endpoint, list.evidence, lang))
            }))
        }
    }
}

/// What TLS agreed on, and what is wrong with the certificate.
fn session(tls: &TlsFacts, lang: Lang) -> Markup {
    let mut parts = vec![tls.version.replace("TLSv", "TLS "), tls.cipher.clone()];
    parts.extend(tls.group.clone());
    parts.extend(tls.alpn.as_ref().map(|alpn| format!("ALPN {alpn}")));
    let (role, sign, word) = if tls.trusted {
        ("good", "✓", "certificate trusted")
    } else {
        ("bad", "✗", "certificate not trusted")
    };
    html! {
        (fact(lang, "TLS", html! {
            (Html(parts.join(", "))) ", " span class=(role) { (mark(sign)) " " (lang.say(word)) }
        }))
        @for problem in &tls.problems {
            (fact(lang, "Problem", html! { span class="bad" { (mark("!")) " " (Html(lang.tell(problem))) } }))
        }
    }
}

fn chain(report: &Report, tls: &TlsFacts, lang: Lang) -> Markup {
    let Some(leaf) = tls.chain.first() else { return Markup::default() };
    let subject = html! { bdi { (Html(cut(&clean(&leaf.subject), 120))) } };
    let end = html! { (Html(words::moment(&leaf.not_after))) };
    html! {
        details {
            summary {
                (fill(lang, "Certificate: {}, until {}", &[subject, end]))
                (left(&report.started_at, &leaf.not_after, lang))
            }
            div class="inside" {
                "\n"
                @for (at, facts) in tls.chain.iter().enumerate() {
                    @let span = [words::moment(&facts.not_before), words::moment(&facts.not_after)];
                    h5 { (lang.say(if at == 0 { "Server" } else { "Issuer" })) } "\n"
                    dl {
                        "\n"
                        (fact(lang, "Subject", html! { bdi { (Html(&facts.subject)) } }))
                        (fact(lang, "Issuer", html! { bdi { (Html(&facts.issuer)) } }))
                        (fact(lang, "Valid", Html(lang.fill("{} to {}", &span.each_ref().map(String::as_str)))))
                        @if !facts.sans.is_empty() {
                            (fact(lang, "Names", html! { code { bdi { (Html(facts.sans.join(" "))) } } }))
                        }
                        (fact(lang, "SHA-256", html! { code { (Html(&facts.sha256)) } }))
                    } "\n"
                }
            }
        } "\n"
    }
}

/// How long the certificate still was good when the run began.
fn left(started_at: &str, not_after: &str, lang: Lang) -> Markup {
    let Some((end, began)) = moment::parse(not_after).zip(moment::parse(started_at)) else {
        return Markup::default();
    };
    let days = end.duration_since(began).as_hours() / 24;
    let days_left = lang.fill("{} days left", &[&days.to_string()]);
    html! {
        " "
        @match days {
            ..0 => strong class="bad" { "(" (lang.say("expired")) ")" },
            0..21 => strong class="doubt" { "(" (days_left) ")" },
            _ => { "(" (days_left) ")" }
        }
    }
}

fn transcript(id: &str, endpoint: &EndpointReport, lang: Lang) -> Markup {
    let marks = ["-> <-", "~> <~", "--", "**"].map(|marks| html! { code { (marks) } });
    let heads = [("Line", None), ("Conn.", Some("num")), ("At", Some("num")), ("Who", None), ("What", None)];
    // A stored file may number lines as it likes; a page may not have an identifier twice.
    let lines = endpoint.transcript.iter().scan(0, |highest, line| {
        let is_new = line.n > *highest;
        *highest = line.n.max(*highest);
        Some((line, is_new))
    });
    html! {
        details {
            summary { (lang.say("Transcript")) ": " (words::count(lang, endpoint.transcript.len(), "line")) }
            div class="inside" {
                "\n"
                table class="transcript" {
                    caption {
                        (fill(
                            lang,
                            "{} in the clear, {} inside TLS, {} a note, {} not expected; times in milliseconds",
                            &marks,
                        ))
                    } "\n"
                    thead {
                        tr { @for (head, class) in heads { th scope="col" class=[class] { (lang.say(head)) } } }
                    } "\n"
                    tbody {
                        "\n"
                        @for (line, is_new) in lines {
                            (row(is_new.then(|| format!("{id}l{}", line.n)), line, lang))
                        }
                    }
                } "\n"
            }
        } "\n"
    }
}

fn row(anchor: Option<String>, line: &Line, lang: Lang) -> Markup {
    let (class, who) = match line.direction {
        Direction::Sent => ("us", "sent in the clear"),
        Direction::SentTls => ("us", "sent inside TLS"),
        Direction::Received => ("them", "received in the clear"),
        Direction::ReceivedTls => ("them", "received inside TLS"),
        Direction::Note => ("note", "note"),
    };
    let (class, star) = if line.unexpected { ("odd", "**") } else { (class, "") };
    html! {
        tr id=[anchor] class=(class) {
            th scope="row" { (line.n) }
            td class="num" { (line.connection) }
            td class="num" { (line.at_ms) }
            td class="dir" {
                (mark(&format!("{}{star}", line.direction.mark())))
                span class="vh" { (lang.say(who)) @if line.unexpected { ", " (lang.say("not expected")) } }
            }
            td class="text" { bdi { (Html(cut(&clean(&line.text), LINE))) } }
        } "\n"
    }
}
