//! SCRAM: servers that cannot prove that they know the password.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use mailprobe_probes::model::{Phase, Severity, Trouble};

use crate::support::{Script, Seen, Visit};

/// A server's first message that continues the client's nonce, with these further attributes.
fn first(attributes: &'static str) -> Script {
    let script =
        Script::new().ready("IMAP4rev1 SASL-IR AUTH=SCRAM-SHA-256").command("AUTHENTICATE SCRAM-SHA-256 *");
    script.make(move |lines| {
        let sent = lines.last().and_then(|line| line.rsplit(' ').next()).unwrap();
        let message = String::from_utf8(STANDARD.decode(sent).unwrap()).unwrap();
        let nonce = message.rsplit_once(",r=").unwrap().1;
        format!("+ {}\r\n", STANDARD.encode(format!("r={nonce}srv,{attributes}"))).into_bytes()
    })
}

fn run(script: Script) -> Seen {
    Visit::clear(&["SCRAM-SHA-256"]).run(script)
}

fn assert_not_authentic(seen: &Seen, why: &str) {
    let (failure, proof) =
        seen.assert_inconclusive("SCRAM-SHA-256", Phase::Auth, Trouble::ServerNotAuthentic);
    assert!(failure.detail.contains(why), "{failure:?}");
    let finding = seen.finding("server-not-authentic");
    assert_eq!(finding.severity, Severity::Critical);
    assert_eq!(seen.lines(finding.evidence.unwrap()), proof);
    assert!(proof[0].starts_with("m1 AUTHENTICATE SCRAM-SHA-256"), "{proof:?}");
}

#[test]
fn a_wrong_signature_is_a_server_that_is_not_authentic() {
    let wrong = STANDARD.encode(format!("v={}", STANDARD.encode([7_u8; 32])));
    let script = first("s=c2FsdHNhbHQ=,i=4096").client("*").line(&format!("+ {wrong}")).client("*");
    let seen = run(script.line("{tag} BAD cancelled"));
    assert_not_authentic(&seen, "signature is wrong");
    assert!(seen.received().contains(&"*"), "the exchange is cancelled: {:?}", seen.received());
}

#[test]
fn a_yes_without_any_signature_is_not_believed() {
    let seen = run(first("s=c2FsdHNhbHQ=,i=4096").client("*").line("{tag} OK welcome"));
    assert_not_authentic(&seen, "without having proved");
}

#[test]
fn a_yes_after_a_wrong_signature_was_cancelled_is_not_believed() {
    let wrong = STANDARD.encode(format!("v={}", STANDARD.encode([7_u8; 32])));
    let script = first("s=c2FsdHNhbHQ=,i=4096").client("*").line(&format!("+ {wrong}")).client("*");
    assert_not_authentic(&run(script.line("{tag} OK welcome all the same")), "signature is wrong");
}

#[test]
fn a_yes_before_the_first_message_was_answered_is_not_believed() {
    let script =
        Script::new().ready("IMAP4rev1 SASL-IR AUTH=SCRAM-SHA-256").command("AUTHENTICATE SCRAM-SHA-256 *");
    assert_not_authentic(&run(script.line("{tag} OK welcome")), "without having proved");
}

#[test]
fn more_rounds_of_hashing_than_anybody_needs_are_not_computed() {
    let seen = run(first("s=c2FsdHNhbHQ=,i=1000001").client("*").line("{tag} BAD cancelled"));
    let (failure, _) = seen.assert_inconclusive("SCRAM-SHA-256", Phase::Auth, Trouble::MechanismFailed);
    assert!(failure.detail.contains("1000001 iterations"), "{failure:?}");
    assert_eq!(seen.received()[1], "*", "no proof is sent");
}

#[test]
fn a_nonce_that_is_not_ours_is_not_answered() {
    let script = Script::new()
        .ready("IMAP4rev1 SASL-IR AUTH=SCRAM-SHA-256")
        .command("AUTHENTICATE SCRAM-SHA-256 *")
        .line(&format!("+ {}", STANDARD.encode("r=somebody-elses,s=c2FsdHNhbHQ=,i=4096")))
        .client("*")
        .line("{tag} BAD cancelled");
    let seen = run(script);
    let (failure, _) = seen.assert_inconclusive("SCRAM-SHA-256", Phase::Auth, Trouble::MechanismFailed);
    assert!(failure.detail.contains("does not continue ours"), "{failure:?}");
}

#[test]
fn the_servers_error_attribute_is_acknowledged_and_the_refusal_counts() {
    let error = STANDARD.encode("e=invalid-proof");
    let script = first("s=c2FsdHNhbHQ=,i=4096").client("*").line(&format!("+ {error}")).client("");
    let seen = run(script.line("{tag} NO [AUTHENTICATIONFAILED] no"));
    seen.assert_refused("SCRAM-SHA-256");
}
