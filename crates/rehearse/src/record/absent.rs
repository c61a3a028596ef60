//! Why a client came to no login, and what to change on it.

use mailprobe_probes::model::Protocol;

use super::transaction::counted;
use super::verdict::{Verdict, too_old};
use super::{Connection, Ended, Fate, Handshake, Hello, Offer, Spoken};
use crate::House;
use crate::doors::{DOORS, Manner};
use crate::scenario::{Floor, Scenario};

/// What connections without a login lead to. `alone` says that the client has no login over this protocol.
pub(super) fn judge(own: &[&Connection], house: &House, day: &str, alone: bool) -> Vec<(usize, Verdict)> {
    let scenario = house.tenant.scenario();
    let mut faults: Vec<(usize, String)> = Vec::new();
    for fault in own.iter().filter_map(|connection| fault(connection, scenario)) {
        match faults.iter_mut().find(|(_, known)| *known == fault) {
            Some((count, _)) => *count += 1,
            None => faults.push((1, fault)),
        }
    }
    let verdict = |works_today, sentence| Verdict { works_today, stops: None, sentence };
    if !alone {
        // HTTP asks without a login first, and a line client that was put right may have done what its like does.
        let told = faults.into_iter().map(|(count, fault)| {
            let sentence = format!(
                "{} without a login: {fault}; if that was another client, it does not work",
                counted(count, "connection")
            );
            (count, verdict(None, sentence))
        });
        let is_line = own.iter().all(|connection| line(connection.spoken).is_some());
        return told.filter(|_| is_line).collect();
    }
    if faults.is_empty() {
        return vec![(own.len(), verdict(None, unclear(own, scenario)))];
    }
    let when = house.when(day);
    faults
        .into_iter()
        .map(|(count, fault)| (count, verdict(Some(false), format!("does not work {when}: {fault}"))))
        .collect()
}

/// What is wrong with a client that this connection is of, where that is certain.
fn fault(connection: &Connection, scenario: &Scenario) -> Option<String> {
    if too_old(&[connection], scenario.tls.minimum) {
        return old_tls(connection, scenario.tls.minimum);
    }
    match connection.tls.as_ref().map(|tls| &tls.ended) {
        Some(Ended::StarttlsExpected) => {
            let at = well_known(connection.spoken, false)?;
            let remedy = starttls(connection.spoken, scenario);
            return Some(format!("began TLS at once on {at}, where STARTTLS is expected: {remedy}"));
        }
        Some(Ended::Plaintext { command, .. }) if connection.tls.as_ref().is_some_and(|tls| tls.starttls) => {
            return Some(format!("asked for STARTTLS and went on without TLS (with {command})"));
        }
        Some(Ended::Plaintext { command, .. }) => {
            let at = well_known(connection.spoken, true)?;
            let remedy = tls_at_once(connection.spoken, scenario);
            return Some(format!(
                "spoke without TLS on {at}, where TLS is expected at once (it began with {command}): {remedy}"
            ));
        }
        _ => {}
    }
    sent_without_login(connection, scenario).or_else(|| left(connection, scenario))
}

fn old_tls(connection: &Connection, floor: Floor) -> Option<String> {
    let offered = connection.tls.as_ref()?.hello.as_ref()?.named();
    let taken = match floor {
        Floor::Tls12 => "1.2 and later",
        Floor::Tls13 => "1.3",
    };
    Some(format!("offers {offered} only; this tenant takes {taken}"))
}

fn sent_without_login(connection: &Connection, scenario: &Scenario) -> Option<String> {
    let refused = connection.transactions.iter().find_map(|message| match &message.fate {
        Fate::Refused { reply, .. } if message.account.is_none() => Some(reply),
        _ => None,
    })?;
    // Its two codes name it; the words stand in the message's row.
    let codes: Vec<&str> =
        refused.split(' ').take_while(|word| word.starts_with(|c: char| c.is_ascii_digit())).collect();
    let offers = offers(connection.spoken, scenario)
        .map_or_else(String::new, |offer| format!("; this tenant offers {}", offer.listed()));
    Some(format!("tried to send without a login: refused {}{offers}", codes.join(" ")))
}

fn left(connection: &Connection, scenario: &Scenario) -> Option<String> {
    let offer = connection.offered.as_ref().filter(|_| connection.begun_login().is_none())?;
    let established = match connection.tls.as_ref().map(|tls| &tls.ended) {
        None => false,
        Some(Ended::Established { .. }) => true,
        Some(_) => return None,
    };
    // What other HTTP services are asked without a login is part of looking around.
    let is_mailbox = matches!(
        connection.spoken,
        Spoken::Mail(Protocol::Imap | Protocol::Pop3 | Protocol::Smtp | Protocol::Ews | Protocol::ActiveSync)
    );
    if !is_mailbox || established != offer.in_tls {
        return None;
    }
    let disabled = if offer.login_disabled { " (LOGINDISABLED)" } else { "" };
    let remedy = if offer.methods.is_empty() && !offer.in_tls {
        format!(": {}", starttls(connection.spoken, scenario))
    } else {
        String::new()
    };
    Some(format!("it was offered {} and left without trying{disabled}{remedy}", offer.words()))
}

/// Where nothing is certain.
fn unclear(own: &[&Connection], scenario: &Scenario) -> String {
    let handshakes = || own.iter().filter_map(|connection| connection.tls.as_ref());
    let ended = |wanted: fn(&Ended) -> bool| handshakes().any(|tls| wanted(&tls.ended));
    let in_common = handshakes().find(|tls| matches!(tls.ended, Ended::NothingInCommon { .. }));
    if ended(|ended| matches!(ended, Ended::CertificateRefused { .. })) {
        return "came to no login: it does not trust the certificate (--ca-out writes the authority to install on it)"
            .to_owned();
    }
    if let Some(tls) = in_common {
        return nothing_in_common(tls, scenario);
    }
    if ended(|ended| matches!(ended, Ended::Abandoned)) {
        return "came to no login: it left during the handshake, perhaps over the certificate".to_owned();
    }
    if handshakes().any(|tls| !tls.starttls && matches!(tls.ended, Ended::Silent { .. }))
        && let Some(at) = own.first().and_then(|first| well_known(first.spoken, true))
    {
        return format!(
            "connected to {at} and sent nothing: a device without TLS waits there for a greeting that does not come, \
             because TLS is expected at once"
        );
    }
    if let Some(command) = own.iter().rev().find_map(|connection| connection.begun_login()) {
        return format!("began a login ({command}) and left before it presented anything");
    }
    let offered = own.iter().rev().find_map(|connection| connection.offered.as_ref());
    match offered {
        Some(offer) if offer.in_tls => format!("presented no login: it was offered {}", offer.words()),
        _ if own.iter().any(|connection| connection.tls.is_some()) => "presented no login".to_owned(),
        _ => "presented no login, and did not begin TLS".to_owned(),
    }
}

/// No handshake, although the versions fit. What the rehearsal cannot speak says nothing about the real service.
fn nothing_in_common(tls: &Handshake, scenario: &Scenario) -> String {
    let Ended::NothingInCommon { detail } = &tls.ended else { return "presented no login".to_owned() };
    let offered = |list: &[String]| {
        let suites = |hello: &Hello| hello.ciphers.iter().any(|suite| list.contains(suite));
        tls.hello.as_ref().is_some_and(suites)
    };
    let service = scenario.service_title();
    if offered(&spoken_suites()) {
        return format!("no TLS handshake with this rehearsal ({detail}): no verdict on the login");
    }
    if offered(&scenario.tls.service_ciphers) {
        return format!(
            "its cipher suites are taken by {service}, but not by this rehearsal: no verdict on the login"
        );
    }
    let list = if scenario.tls.service_ciphers.is_empty() {
        String::new()
    } else {
        format!(", and none is among those that {service} is documented to take ({})", scenario.tls.source)
    };
    format!("none of its cipher suites is spoken by this rehearsal{list}: no verdict on the login")
}

/// The suites of the rehearsal, by IANA name.
fn spoken_suites() -> Vec<String> {
    let all = rustls::crypto::aws_lc_rs::DEFAULT_CIPHER_SUITES.iter();
    all.map(|suite| format!("{:?}", suite.suite()).replacen("TLS13_", "TLS_", 1)).collect()
}

/// How a device without TLS, or with TLS at once, is set right on a port of STARTTLS.
pub(super) fn starttls(spoken: Spoken, scenario: &Scenario) -> String {
    let implicit = line(spoken).filter(|protocol| scenario.line(*protocol).implicit_tls);
    let port = implicit.and_then(|_| well_known(spoken, true));
    let other = port.map_or_else(String::new, |port| format!(", or to port {port}"));
    format!("set the device to STARTTLS{other}")
}

/// How a device without TLS is set right on a port where TLS comes first.
fn tls_at_once(spoken: Spoken, scenario: &Scenario) -> String {
    let Some(protocol) = line(spoken) else { return "use an https:// address".to_owned() };
    let starttls = well_known(spoken, false).unwrap_or_default();
    if scenario.line(protocol).implicit_tls {
        format!("set the device to TLS (SSL), or to port {starttls} with STARTTLS")
    } else {
        format!("set the device to port {starttls} with STARTTLS")
    }
}

/// What the tenant offers inside TLS.
pub(super) fn offers(spoken: Spoken, scenario: &Scenario) -> Option<Offer> {
    let protocol = line(spoken)?;
    Some(Offer::of(protocol, &scenario.line(protocol).after_tls, true))
}

/// The line protocol, if it is one.
fn line(spoken: Spoken) -> Option<Protocol> {
    match spoken {
        Spoken::Mail(protocol @ (Protocol::Imap | Protocol::Pop3 | Protocol::Smtp)) => Some(protocol),
        _ => None,
    }
}

/// The port that a device knows the door by, whichever it is here.
fn well_known(spoken: Spoken, at_once: bool) -> Option<u16> {
    let door = DOORS.iter().find(|door| match (door.manner, line(spoken)) {
        (Manner::Line { protocol, implicit }, Some(own)) => protocol == own && implicit == at_once,
        (Manner::Https, None) => at_once,
        _ => false,
    });
    door.map(|door| door.well_known)
}
