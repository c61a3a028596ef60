//! TLS that does not come about, or only in an old version.

use mailprobe_probes::model::{Phase, Trouble};
use rustls::version::TLS12;

use crate::support::{Flaw, Script, Step, Visit};

/// A fatal TLS alert in a record of its own.
fn alert(description: u8) -> Vec<u8> {
    vec![0x15, 3, 3, 0, 2, 2, description]
}

#[test]
fn an_alert_in_place_of_a_server_hello_is_named() {
    for (description, cause, word) in
        [(40, Trouble::TlsHandshake, "HandshakeFailure"), (112, Trouble::TlsHandshake, "UnrecognisedName")]
    {
        let seen = Visit::tls(&["PLAIN"]).run(Script::new().octets(5).raw(alert(description)).close());
        let failure = seen.assert_failed(Phase::Tls, cause);
        assert!(failure.detail.contains(word), "{failure:?}");
        assert_eq!(seen.report.tls, None);
    }
}

#[test]
fn a_server_of_another_age_is_a_matter_of_versions() {
    let seen = Visit::tls(&["PLAIN"]).run(Script::new().octets(5).raw(alert(70)).close());
    seen.assert_failed(Phase::Tls, Trouble::TlsVersion);
}

#[test]
fn plaintext_on_the_tls_port_is_quoted() {
    for opening in ["* OK Dovecot ready.", "220 mx.example.com ESMTP", "HTTP/1.1 400 Bad Request", "\x1b[2J"]
    {
        let seen = Visit::tls(&["PLAIN"]).run(Script::new().octets(5).line(opening));
        let failure = seen.assert_failed(Phase::Tls, Trouble::NotTls);
        assert!(failure.detail.contains(&opening.replace('\x1b', "\\x1B")), "{failure:?}");
        assert!(!seen.received_a_secret());
    }
}

#[test]
fn a_hang_up_during_the_handshake_is_a_closed_connection() {
    let seen = Visit::tls(&["PLAIN"]).run(Script::new().octets(5).close());
    seen.assert_failed(Phase::Tls, Trouble::ConnectionClosed);
}

#[test]
fn silence_in_the_handshake_ends_after_the_time_to_connect() {
    let seen = Visit::tls(&["PLAIN"]).run(Script::new().octets(5));
    let failure = seen.assert_failed(Phase::Tls, Trouble::Timeout);
    assert_eq!(failure.detail, "no answer within 15 s");
}

#[test]
fn tls_1_2_alone_is_enough() {
    let script = Script::new().step(Step::Tls(Flaw::None, &TLS12)).plain().accepted().inbox_opens();
    let seen = Visit::tls(&["PLAIN"]).run(script);
    seen.assert_usable("PLAIN");
    let tls = seen.report.tls.as_ref().unwrap();
    assert_eq!((tls.version.as_str(), tls.trusted), ("TLSv1.2", true));
}

#[test]
fn a_stream_that_ends_without_closing_tls_is_a_closed_connection_and_not_a_failed_handshake() {
    let seen = Visit::tls(&["PLAIN"]).run(Script::new().tls().plain().close());
    let (failure, proof) = seen.assert_inconclusive("PLAIN", Phase::Auth, Trouble::ConnectionClosed);
    assert!(proof.iter().any(|line| line.contains("AUTHENTICATE PLAIN")), "{failure:?} {proof:?}");
}

#[test]
fn a_good_server_over_tcp_and_tls_is_usable() {
    let script = Script::new().tls().plain().accepted().inbox_opens();
    let seen = Visit::tls(&["PLAIN"]).over_tcp().run(script);
    seen.assert_usable("PLAIN");
    assert!(seen.heard[0].tls && seen.report.failure.is_none() && seen.report.findings.is_empty());
}
