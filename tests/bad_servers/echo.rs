//! Servers that repeat what they were told in confidence. That no output shows it is checked for every
//! visit; here, that it is noticed and said.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use mailprobe_probes::model::{Phase, Secret, Severity, Trouble};

use crate::support::{PASSWORD, Script, Seen, TOKEN, Visit, pieces};

fn refused_with(words: &str) -> Seen {
    let seen = Visit::clear(&["PLAIN"]).run(Script::new().plain().line(&format!("{{tag}} NO {words}")));
    seen.assert_refused("PLAIN");
    seen
}

fn assert_noticed(seen: &Seen) {
    let finding = seen.finding("secret-echoed");
    assert_eq!(finding.severity, Severity::Critical);
}

#[test]
fn a_password_in_a_refusal_is_hidden_and_noticed() {
    let seen = refused_with(&format!("user alice used password {PASSWORD}, which is wrong"));
    assert_noticed(&seen);
    let (reply, _, proof) = seen.assert_refused("PLAIN");
    assert_eq!(reply.text, "user alice used password ‹secret›, which is wrong");
    assert_eq!(*proof.last().unwrap(), "m1 NO user alice used password ‹secret›, which is wrong");
}

#[test]
fn a_password_in_base64_is_hidden_and_noticed() {
    assert_noticed(&refused_with(&format!("[AUTHENTICATIONFAILED] bad: {}", STANDARD.encode(PASSWORD))));
    for front in ["\0alice@example.com\0", "a", "ab", "abc"] {
        assert_noticed(&refused_with(&STANDARD.encode(format!("{front}{PASSWORD} and more"))));
    }
}

#[test]
fn a_password_in_a_response_code_is_hidden_and_noticed() {
    let seen = refused_with(&format!("[X-DEBUG pass={PASSWORD}] no"));
    assert_noticed(&seen);
    assert_eq!(seen.assert_refused("PLAIN").0.code.as_deref(), Some("X-DEBUG pass=‹secret›"));
}

#[test]
fn a_password_across_two_segments_is_hidden_and_noticed() {
    let (one, two) = PASSWORD.split_at(6);
    let script =
        Script::new().plain().raw(format!("{{tag}} NO you said {one}")).raw(format!("{two} to me\r\n"));
    let seen = Visit::clear(&["PLAIN"]).run(script);
    assert_eq!(seen.assert_refused("PLAIN").0.text, "you said ‹secret› to me");
    assert_noticed(&seen);
}

#[test]
fn a_token_in_an_error_report_is_hidden_and_noticed() {
    let report = STANDARD.encode(format!("{{\"status\":\"400\",\"token\":\"{TOKEN}\"}}"));
    let script = Script::new()
        .ready("IMAP4rev1 SASL-IR AUTH=XOAUTH2")
        .command("AUTHENTICATE XOAUTH2 *")
        .line(&format!("+ {report}"))
        .client("")
        .line("{tag} NO no");
    let seen = Visit::clear(&["XOAUTH2"]).run(script);
    seen.assert_refused("XOAUTH2");
    assert_noticed(&seen);
}

#[test]
fn a_password_among_the_capabilities_is_hidden_and_noticed() {
    let script = Script::new()
        .ready(&format!("IMAP4rev1 SASL-IR AUTH=PLAIN X-{PASSWORD}"))
        .command("AUTHENTICATE PLAIN *");
    let seen = Visit::clear(&["PLAIN"]).run(script.line("{tag} NO no"));
    assert_eq!(seen.report.advertised[0].capabilities[3], "X-‹secret›");
    assert_noticed(&seen);
}

#[test]
fn a_password_echoed_at_examine_is_hidden_and_noticed() {
    let script = Script::new().plain().accepted().command("EXAMINE INBOX");
    let seen = Visit::clear(&["PLAIN"]).run(script.line(&format!("{{tag}} NO not for {PASSWORD}")));
    seen.assert_accepted("PLAIN");
    assert_noticed(&seen);
}

#[test]
fn a_password_echoed_at_examine_in_a_line_that_is_not_imap_is_hidden_and_noticed() {
    let script = Script::new().plain().accepted().command("EXAMINE INBOX");
    let seen = Visit::clear(&["PLAIN"]).run(script.line(&format!("DEBUG login as alice with {PASSWORD}")));
    seen.assert_accepted("PLAIN");
    assert_noticed(&seen);
}

#[test]
fn a_quotation_is_not_cut_in_the_middle_of_a_token() {
    // The search for secrets finds whole ones: a message that quotes the beginning of a line must not leave
    // it half of one.
    let token: String = (0..400_u32).filter_map(|n| char::from_digit(n * 7 % 36, 36)).collect();
    let mut visit = Visit::clear(&["XOAUTH2"]);
    visit.login.token = Some(Secret::new(token.as_str()));
    let script = Script::new().ready("IMAP4rev1 SASL-IR AUTH=XOAUTH2").command("AUTHENTICATE XOAUTH2 *");
    let seen = visit.run(script.line(&format!("zz NO {token}")));
    let (failure, _) = seen.assert_inconclusive("XOAUTH2", Phase::Auth, Trouble::ProtocolViolation);
    assert!(!pieces(&token).iter().any(|piece| failure.detail.contains(piece)), "{failure:?}");
}

#[test]
fn a_password_that_is_escaped_twice_over_is_hidden() {
    // Escaped by the server for a quoted string, then by us because of the direction mark in it.
    let password = "qz\"7\u{202e}xjZ";
    let script = Script::new().plain().line("{tag} NO user alice, password \"qz\\\"7\u{202e}xjZ\"");
    let seen = Visit::clear(&["PLAIN"]).password(password).run(script);
    assert_eq!(seen.assert_refused("PLAIN").0.text, "user alice, password \"‹secret›\"");
    assert_noticed(&seen);
}

#[test]
fn a_password_echoed_in_half_a_line_is_hidden_and_noticed() {
    let seen =
        Visit::clear(&["PLAIN"]).run(Script::new().plain().raw(format!("{{tag}} NO {PASSWORD}")).close());
    assert_noticed(&seen);
}

#[test]
fn a_password_in_place_of_tls_is_hidden() {
    let seen = Visit::tls(&["PLAIN"]).run(Script::new().octets(5).line(&format!("hello {PASSWORD}")));
    let failure = seen.assert_failed(Phase::Tls, Trouble::NotTls);
    assert!(failure.detail.contains("hello ‹secret›"), "{failure:?}");
}

#[test]
fn the_finding_points_at_the_line_that_repeated_the_secret() {
    let seen = refused_with(&format!("password {PASSWORD} is wrong"));
    let evidence = seen.finding("secret-echoed").evidence.expect("no claim without lines");
    assert!(seen.lines(evidence).contains(&"m1 NO password ‹secret› is wrong"), "{}", seen.transcript());
}

#[test]
fn an_honest_server_is_not_accused() {
    let seen = refused_with("[AUTHENTICATIONFAILED] Invalid credentials");
    assert!(seen.report.findings.is_empty(), "{:?}", seen.finding_ids());
}

#[test]
fn a_password_in_the_dress_of_a_front_ends_name_is_not_shown() {
    // Base64 of UTF-16LE, as Exchange greets: no search of the line finds it, the decoded name is searched.
    let greeting = "* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready. [cABhAHMAcwAuAHcAbwByAGQALgBlAHgAYQBtAHAAbABlADcA]";
    let script = Script::new().line(greeting).command("AUTHENTICATE PLAIN *").line("{tag} NO LOGIN failed.");
    let seen = Visit::clear(&["PLAIN"]).password("pass.word.example7").run(script);
    assert_eq!(seen.report.front_end.as_deref(), Some("\u{2039}secret\u{203a}"));
}
