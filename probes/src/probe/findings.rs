//! What a visit tells besides its cells.

use crate::model::{
    EndpointReport, Finding, LineRange, Outcome, Severity, Stage, TlsProtocol, TlsVersion, Transport, Trouble,
};

/// Adds what the report itself shows. `injected` is what arrived behind the answer to STARTTLS, `tls_note` the
/// transcript's note on the handshake.
pub(super) fn add(report: &mut EndpointReport, injected: Option<LineRange>, tls_note: Option<LineRange>) {
    let mut found = Vec::new();
    let mut note = |id: &str, severity, title: &str, explanation: String, remedy: &str, evidence| {
        found.push(Finding {
            id: id.into(),
            severity,
            title: title.into(),
            explanation,
            remedy: remedy.into(),
            endpoint: Some(report.url.clone()),
            evidence,
        });
    };
    if let Some(tls) = report.tls.as_ref().filter(|tls| !tls.trusted) {
        note(
            "certificate-untrusted",
            Severity::Critical,
            "The certificate is not trusted",
            tls.problems.join("; "),
            "Install a certificate for this name from a trusted authority, or give its root with --ca-file.",
            tls_note,
        );
    }
    if report.failure.as_ref().is_some_and(|failure| failure.cause == Trouble::StartTlsInjection) {
        note(
            "starttls-injection",
            Severity::Critical,
            "Bytes arrived behind the answer to STARTTLS, before TLS",
            "Somebody on the path, or the server itself, put commands or answers in front of the encrypted session. \
             A client that reads them as if they came from inside TLS can be deceived."
                .into(),
            "Update the server; if it is up to date, look for a device on the path that rewrites mail traffic.",
            injected,
        );
    }
    let clear = report.advertised.iter().find(|list| list.stage == Stage::BeforeTls);
    if let Some(list) = clear.filter(|_| report.transport == Transport::StartTls) {
        let exposed: Vec<&str> = list
            .offers
            .iter()
            .filter(|offer| {
                matches!(offer.method.name(), "PLAIN" | "LOGIN" | "LOGIN-COMMAND" | "XOAUTH2" | "OAUTHBEARER")
            })
            .map(|offer| offer.method.name())
            .collect();
        if !exposed.is_empty() {
            note(
                "secrets-offered-in-clear",
                Severity::Warning,
                "The server takes secrets before TLS",
                format!("{} offered on the plaintext connection.", exposed.join(", ")),
                "Have the server offer these only inside TLS (LOGINDISABLED before it).",
                Some(list.evidence),
            );
        }
    }
    if let Some((masked, evidence)) = report.masked() {
        note(
            "offer-masked",
            Severity::Warning,
            "A device on the path masks what the server says",
            format!(
                "`{masked}` is what is left of what one side said: a firewall or other middlebox on the path inspects \
                 SMTP and overwrites what it does not know, mostly STARTTLS and AUTH. What is missing in this list \
                 may well be offered by the server."
            ),
            "Switch off SMTP inspection on the device (Cisco: no fixup protocol smtp, no inspect esmtp), or check from \
             another network.",
            Some(evidence),
        );
    }
    for attempt in &report.attempts {
        if let Outcome::Inconclusive { failure, evidence, .. } = &attempt.outcome
            && failure.cause == Trouble::ServerNotAuthentic
        {
            note(
                "server-not-authentic",
                Severity::Critical,
                "The server could not prove that it knows the password",
                format!("In {}: {}.", attempt.method, failure.detail),
                "Do not log in here before you know who answers: the certificate's key may be in other hands, or the \
                 server's store of verifiers is damaged.",
                *evidence,
            );
        }
    }
    report.findings.append(&mut found);
}

/// What the versions of TLS that the server takes mean, where they were asked for.
pub(super) fn tls_versions(report: &mut EndpointReport) {
    let lines =
        |asked: &[&TlsVersion]| asked.iter().filter_map(|asked| asked.evidence()).reduce(LineRange::to);
    let names = |asked: &[&TlsVersion]| {
        asked.iter().map(|asked| asked.version.to_string()).collect::<Vec<_>>().join(" and ")
    };
    let all = &report.tls_versions;
    let old: Vec<&TlsVersion> =
        all.iter().filter(|asked| asked.version.is_deprecated() && asked.accepted() == Some(true)).collect();
    let modern = [TlsProtocol::Tls12, TlsProtocol::Tls13];
    let missing: Vec<&TlsVersion> = all
        .iter()
        .filter(|asked| modern.contains(&asked.version) && asked.accepted() == Some(false))
        .collect();
    let mut found = Vec::new();
    if !old.is_empty() {
        found.push(Finding {
            id: "legacy-tls-accepted".into(),
            // Somebody decided on it or forgot it; no account is in danger where both sides know better.
            severity: Severity::Warning,
            title: "The server still takes TLS 1.0 or 1.1".into(),
            explanation: format!(
                "It answers a hello that offers {} alone. Devices that know nothing newer depend on it; RFC 8996 \
                 forbids both versions, and such a device stops when they are switched off.",
                names(&old)
            ),
            remedy: "Find in the server's log which devices still use them, update or replace those, then require \
                     TLS 1.2."
                .into(),
            endpoint: Some(report.url.clone()),
            evidence: lines(&old),
        });
    }
    if missing.len() == modern.len() {
        found.push(Finding {
            id: "modern-tls-missing".into(),
            severity: Severity::Critical,
            title: "The server takes neither TLS 1.2 nor TLS 1.3".into(),
            explanation: "Clients of today, mailprobe among them, open no session here and can try no login.".into(),
            remedy: "Switch on TLS 1.2 and 1.3 at the server; where its TLS library is too old for them, update it.".into(),
            endpoint: Some(report.url.clone()),
            evidence: lines(&missing),
        });
    }
    report.findings.append(&mut found);
}

/// The server said what only we should know.
pub(super) fn secret_echoed(report: &EndpointReport, evidence: Option<LineRange>) -> Finding {
    Finding {
        id: "secret-echoed".into(),
        severity: Severity::Critical,
        title: "The server repeated a secret".into(),
        explanation:
            "Part of what was sent as a secret came back in an answer. Servers that do this often also write \
                      it to their logs."
                .into(),
        remedy: "Change the password or revoke the token, and look through the server's logs.".into(),
        endpoint: Some(report.url.clone()),
        evidence,
    }
}
