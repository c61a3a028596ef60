//! One endpoint: the facts of its connection, its certificate, its times, its cells and its conversation.

use std::fmt::Write as _;

use mailprobe_probes::model::{Direction, EndpointReport, Report, Stage, TlsFacts, moment};

use super::parts::{advice, class, e, fact, lines, mark, told};
use super::{cell, times};
use crate::document::Document;
use crate::lang::Lang;
use crate::layout::{clean, cut};
use crate::{tls_versions, words};

/// Longest line of a transcript; the JSON report has the rest.
const LINE: usize = 1_000;

pub(super) fn write(page: &mut Document, id: &str, report: &Report, endpoint: &EndpointReport) {
    let _ = writeln!(
        page,
        "<article aria-labelledby=\"{id}\">\n<h4 id=\"{id}\"><bdi>{}</bdi></h4>",
        e(&endpoint.url)
    );
    let lang = page.lang;
    if let Some(failure) = &endpoint.failure {
        let (what, remedy) = words::trouble(failure.cause);
        let phase = lang.say(failure.phase.name());
        let stopped = lang.fill("Stopped in {}: {}", &[phase, lang.say(what)]);
        let detail = e(&lang.tell(&failure.detail));
        let _ = writeln!(page, "<p class=\"bad\">{} {stopped} <bdi>{detail}</bdi></p>", mark("✗"));
        advice(page, "Do", lang.say(remedy));
    }
    facts(page, id, endpoint);
    if let Some(tls) = &endpoint.tls {
        chain(page, report, tls);
    }
    if !endpoint.phases_ms.0.is_empty() {
        times::write(page, &endpoint.phases_ms);
    }
    if !endpoint.attempts.is_empty() {
        let _ = writeln!(page, "<h5>{}</h5>", lang.say("Logins"));
        let mut attempts: Vec<_> = endpoint.attempts.iter().enumerate().collect();
        attempts.sort_by_key(|(_, attempt)| words::rank(&attempt.method));
        for (at, attempt) in attempts {
            cell::write(page, id, at, endpoint, attempt);
        }
    }
    if !endpoint.transcript.is_empty() {
        transcript(page, id, endpoint);
    }
    page.push_str("</article>\n");
}

fn facts(page: &mut Document, id: &str, endpoint: &EndpointReport) {
    let lang = page.lang;
    page.push_str("<dl>\n");
    if let Some(peer) = &endpoint.peer {
        fact(page, "Answered", &format!("<code>{}</code>", e(peer)));
    }
    if let Some(tls) = &endpoint.tls {
        let mut parts = vec![tls.version.replace("TLSv", "TLS "), tls.cipher.clone()];
        parts.extend(tls.group.clone());
        parts.extend(tls.alpn.as_ref().map(|alpn| format!("ALPN {alpn}")));
        let (role, sign, word) = if tls.trusted {
            ("good", "✓", "certificate trusted")
        } else {
            ("bad", "✗", "certificate not trusted")
        };
        fact(
            page,
            "TLS",
            &format!(
                "{}, <span class=\"{role}\">{} {}</span>",
                e(&parts.join(", ")),
                mark(sign),
                lang.say(word)
            ),
        );
        for problem in &tls.problems {
            fact(
                page,
                "Problem",
                &format!("<span class=\"bad\">{} {}</span>", mark("!"), e(&lang.tell(problem))),
            );
        }
    }
    for ((name, text, role), asked) in tls_versions::facts(endpoint, lang).zip(&endpoint.tls_versions) {
        let place =
            asked.evidence().map_or(String::new(), |range| format!(", {}", lines(id, endpoint, range, lang)));
        told(page, &name, &format!("<span class=\"{}\">{}</span>{place}", class(role), e(&text)));
    }
    if let Some(name) = &endpoint.front_end {
        fact(page, "Front end", &format!("<bdi>{}</bdi>", e(name)));
    }
    for heard in &endpoint.facts {
        let place = lines(id, endpoint, heard.evidence, lang);
        told(page, &cut(&clean(&heard.name), 60), &format!("<bdi>{}</bdi>, {place}", e(&heard.value)));
    }
    if let Some(greeting) = &endpoint.greeting {
        fact(page, "Greeting", &format!("<code><bdi>{}</bdi></code>", e(greeting)));
    }
    for list in &endpoint.advertised {
        let stage = match list.stage {
            Stage::BeforeTls => "Said before TLS",
            Stage::AfterTls => "Said inside TLS",
            Stage::AfterLogin => "Said after login",
        };
        let place = lines(id, endpoint, list.evidence, lang);
        let said = e(&list.capabilities.join(" "));
        fact(page, stage, &format!("<code><bdi>{said}</bdi></code>, {place}"));
    }
    page.push_str("</dl>\n");
}

fn chain(page: &mut Document, report: &Report, tls: &TlsFacts) {
    let Some(leaf) = tls.chain.first() else { return };
    let lang = page.lang;
    let subject = format!("<bdi>{}</bdi>", e(&cut(&clean(&leaf.subject), 120)));
    let title = lang.fill("Certificate: {}, until {}", &[&subject, &e(&words::moment(&leaf.not_after))]);
    let left = left(&report.started_at, &leaf.not_after, lang).unwrap_or_default();
    let _ = writeln!(page, "<details><summary>{title}{left}</summary><div class=\"inside\">");
    for (at, facts) in tls.chain.iter().enumerate() {
        let _ = writeln!(page, "<h5>{}</h5>\n<dl>", lang.say(if at == 0 { "Server" } else { "Issuer" }));
        fact(page, "Subject", &format!("<bdi>{}</bdi>", e(&facts.subject)));
        fact(page, "Issuer", &format!("<bdi>{}</bdi>", e(&facts.issuer)));
        let span =
            lang.fill("{} to {}", &[&words::moment(&facts.not_before), &words::moment(&facts.not_after)]);
        fact(page, "Valid", &e(&span));
        if !facts.sans.is_empty() {
            fact(page, "Names", &format!("<code><bdi>{}</bdi></code>", e(&facts.sans.join(" "))));
        }
        fact(page, "SHA-256", &format!("<code>{}</code>", e(&facts.sha256)));
        page.push_str("</dl>\n");
    }
    page.push_str("</div></details>\n");
}

/// How long the certificate still was good when the run began.
fn left(started_at: &str, not_after: &str, lang: Lang) -> Option<String> {
    let days = moment::parse(not_after)?.duration_since(moment::parse(started_at)?).as_hours() / 24;
    let days_left = |days: i64| lang.fill("{} days left", &[&days.to_string()]);
    Some(match days {
        ..0 => format!(" <strong class=\"bad\">({})</strong>", lang.say("expired")),
        0..21 => format!(" <strong class=\"doubt\">({})</strong>", days_left(days)),
        _ => format!(" ({})", days_left(days)),
    })
}

fn transcript(page: &mut Document, id: &str, endpoint: &EndpointReport) {
    let lang = page.lang;
    let _ = writeln!(
        page,
        "<details><summary>{}: {}</summary><div class=\"inside\">\n<table class=\"transcript\">\
         <caption>{}</caption>\n<thead><tr><th scope=\"col\">{}</th><th scope=\"col\" class=\"num\">{}</th>\
         <th scope=\"col\" class=\"num\">{}</th><th scope=\"col\">{}</th><th scope=\"col\">{}</th></tr></thead>\n<tbody>",
        lang.say("Transcript"),
        words::count(lang, endpoint.transcript.len(), "line"),
        lang.fill(
            "{} in the clear, {} inside TLS, {} a note, {} not expected; times in milliseconds",
            &["<code>-&gt; &lt;-</code>", "<code>~&gt; &lt;~</code>", "<code>--</code>", "<code>**</code>"]
        ),
        lang.say("Line"),
        lang.say("Conn."),
        lang.say("At"),
        lang.say("Who"),
        lang.say("What")
    );
    let mut highest = 0;
    for line in &endpoint.transcript {
        let (class, who) = match line.direction {
            Direction::Sent => ("us", "sent in the clear"),
            Direction::SentTls => ("us", "sent inside TLS"),
            Direction::Received => ("them", "received in the clear"),
            Direction::ReceivedTls => ("them", "received inside TLS"),
            Direction::Note => ("note", "note"),
        };
        let (class, star) = if line.unexpected { ("odd", "**") } else { (class, "") };
        let odd = if line.unexpected { format!(", {}", lang.say("not expected")) } else { String::new() };
        let who = lang.say(who);
        // A stored file may number lines as it likes; a page may not have an identifier twice.
        let anchor = if line.n > highest { format!(" id=\"{id}l{}\"", line.n) } else { String::new() };
        highest = highest.max(line.n);
        let _ = writeln!(
            page,
            "<tr{anchor} class=\"{class}\"><th scope=\"row\">{}</th><td class=\"num\">{}</td><td class=\"num\">{}</td>\
             <td class=\"dir\">{}<span class=\"vh\">{who}{odd}</span></td><td class=\"text\"><bdi>{}</bdi></td></tr>",
            line.n,
            line.connection,
            line.at_ms,
            mark(&format!("{}{star}", line.direction.mark())),
            e(&cut(&clean(&line.text), LINE))
        );
    }
    page.push_str("</tbody></table>\n</div></details>\n");
}
