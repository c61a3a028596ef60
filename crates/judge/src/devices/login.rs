//! Whether a device gets through the login of one endpoint.

use mailprobe_probes::model::{EndpointReport, Kind, LineRange, Method, Outcome, Session};

use super::{Class, Device};
use crate::decision::is_about_credential;
use crate::written::activesync_version;
use crate::{kind, login_disabled, login_lists, login_offers};

/// What the report says of a device's login.
pub(super) enum Login {
    /// It gets in by this method.
    Works { method: Method, because: String, evidence: Option<LineRange> },
    /// It does not.
    Stops { because: String, remedy: String, evidence: Option<LineRange> },
    /// Nobody can say.
    Unknown { because: String, remedy: String },
}

/// The first of the device's methods that is offered and gets in, in the device's order.
pub(super) fn login(device: &Device, endpoint: &EndpointReport) -> Login {
    if let Some(stop) = old_activesync(device, endpoint).or_else(|| gives_up(device, endpoint)) {
        return stop;
    }
    let own: Vec<&Method> =
        device.mechanisms.iter().filter(|method| kind::fits(method, endpoint.protocol)).collect();
    let names = own.iter().map(|method| method.name()).collect::<Vec<_>>().join(", ");
    if own.is_empty() {
        return Login::Unknown {
            because: "its profile names no method for this protocol".to_owned(),
            remedy: "add the mechanisms to its profile".to_owned(),
        };
    }
    if login_lists(endpoint).next().is_none() && endpoint.attempts.is_empty() {
        let because = endpoint.failure.as_ref().map_or_else(
            || "the report has no capability list".to_owned(),
            |failure| format!("the visit ended in {}: {}", failure.phase, failure.cause.name()),
        );
        return Login::Unknown { because, remedy: "check the endpoint again".to_owned() };
    }
    let (mut open, mut refused, mut evidence) = (Vec::new(), Vec::new(), None);
    for method in own {
        match fate(method, endpoint) {
            Fate::In(lines) => {
                let mut because = format!("{method} is offered and accepted");
                if !refused.is_empty() {
                    because = format!("{because}; {}, and it may try that first", refused.join("; "));
                }
                return Login::Works { method: method.clone(), because, evidence: lines };
            }
            Fate::Open(why) => open.push(format!("{method} {why}")),
            Fate::Refused(why, lines) => {
                evidence = evidence.or(lines);
                refused.push(format!("{method} {why}"));
            }
            Fate::NotOffered => {}
        }
    }
    if !open.is_empty() {
        return Login::Unknown {
            because: open.join("; "),
            remedy: "check again with this password or token (--methods, --password-env, --token-env)"
                .to_owned(),
        };
    }
    let because = if refused.is_empty() {
        format!("it knows {names}, and none of these is offered")
    } else {
        format!("it knows {names}; {}", refused.join("; "))
    };
    let evidence = evidence.or_else(|| login_lists(endpoint).next().map(|list| list.evidence));
    Login::Stops { because, remedy: remedy(device), evidence }
}

/// What the user can do about a login that is shut.
fn remedy(device: &Device) -> String {
    if device.oauth.is_empty() {
        let update = match device.class {
            Class::Scanner | Class::Appliance => "update its firmware to one with OAuth",
            _ => "use a version or setting with OAuth",
        };
        format!("{update}, put a relay or an OAuth proxy in front of it, or replace it")
    } else {
        let flows = device.oauth.iter().map(|flow| flow.name()).collect::<Vec<_>>().join(", ");
        format!("let the server accept a token for this protocol; the device gets one by {flows}")
    }
}

/// RFC 9051 section 7.2.2: `LOGINDISABLED` is about the LOGIN command. Some clients take it for every login.
fn gives_up(device: &Device, endpoint: &EndpointReport) -> Option<Login> {
    if !device.stops_at_logindisabled || !login_disabled(endpoint) {
        return None;
    }
    Some(Login::Stops {
        because: "it gives up at LOGINDISABLED, even where a token mechanism is offered".to_owned(),
        remedy: "use a version that tries its token mechanism all the same, or another library".to_owned(),
        evidence: login_lists(endpoint).next().map(|list| list.evidence),
    })
}

fn old_activesync(device: &Device, endpoint: &EndpointReport) -> Option<Login> {
    let fact = endpoint.facts.iter().find(|fact| fact.name == "activesync-versions")?;
    let offered: Vec<(u16, u16)> = fact.value.split(',').filter_map(activesync_version).collect();
    let common = device.activesync.iter().any(|version| offered.contains(version));
    if device.activesync.is_empty() || offered.is_empty() || common {
        return None;
    }
    Some(Login::Stops {
        because: format!(
            "it speaks ActiveSync {}, and the server takes {}",
            device.activesync_versions().join(", "),
            fact.value
        ),
        remedy: "update it to a version that speaks ActiveSync 16.1, or use another app".to_owned(),
        evidence: Some(fact.evidence),
    })
}

enum Fate {
    In(Option<LineRange>),
    Refused(String, Option<LineRange>),
    Open(String),
    NotOffered,
}

fn fate(method: &Method, endpoint: &EndpointReport) -> Fate {
    let heard = login_lists(endpoint).next().is_some();
    let offered = login_offers(endpoint).any(|offer| offer.method == *method);
    let attempt = endpoint.attempts.iter().find(|attempt| attempt.method == *method);
    let offered = offered || attempt.is_some_and(|attempt| attempt.advertised);
    // A device reads the offers: what is accepted and not offered does not help it.
    if heard && !offered {
        return Fate::NotOffered;
    }
    let token = kind::kind(method) == Some(Kind::Token);
    match attempt.map(|attempt| (&attempt.outcome, attempt.outcome.evidence())) {
        Some((Outcome::Accepted { session: Session::Shut { diagnosis, .. }, .. }, lines)) => {
            Fate::Refused(format!("is accepted and the mailbox stays shut as {}", diagnosis.first()), lines)
        }
        Some((Outcome::Accepted { .. }, lines)) => Fate::In(lines),
        Some((Outcome::Refused { diagnosis, .. }, _)) if is_about_credential(diagnosis.first()) => {
            let what = if token { "token" } else { "password" };
            Fate::Open(format!("was refused as {}, which may be this {what}", diagnosis.first()))
        }
        Some((Outcome::Refused { diagnosis, .. }, lines)) => {
            Fate::Refused(format!("is refused as {}", diagnosis.first()), lines)
        }
        Some((Outcome::Inconclusive { failure, .. }, _)) => {
            Fate::Open(format!("got no reliable answer: {}", failure.cause.name()))
        }
        Some((Outcome::NotTried { .. }, _)) | None if offered => {
            Fate::Open("is offered and was not tried".to_owned())
        }
        Some((Outcome::NotTried { .. }, _)) | None => Fate::Open("was not tried".to_owned()),
    }
}
