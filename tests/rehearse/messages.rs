//! What became of the message is in every form of the report, and a refused message is no success.

use serde_json::Value;

use crate::tenant::{ALICE, Ended, PASSWORD, Tenant, client};

/// swaks as a scanner, without a login unless `more` has one.
pub(crate) fn swaks(tenant: &Tenant, more: &[&str]) -> (i32, String) {
    let port = tenant.port("smtp").to_string();
    let fixed = ["--server", "127.0.0.1", "--port", &port, "--tls", "--timeout", "20"];
    let shown = ["--ehlo", "scanner.example", "--from", ALICE, "--to", "somebody@example.com"];
    client("swaks", &[&fixed, &shown[..], more].concat())
}

/// The same with the right password.
pub(crate) fn scanner(tenant: &Tenant, more: &[&str]) -> (i32, String) {
    let login = ["--auth", "LOGIN", "--auth-user", ALICE, "--auth-password", PASSWORD];
    swaks(tenant, &[&login, more].concat())
}

/// A session of Python's smtplib inside TLS: `c` is the client, connected and after STARTTLS and EHLO.
fn python(tenant: &Tenant, body: &str) -> (i32, String) {
    let script = format!(
        "import smtplib, ssl, sys\nc = smtplib.SMTP('localhost', int(sys.argv[1]), 'app.example', timeout=20)\n\
         c.starttls(context=ssl.create_default_context(cafile=sys.argv[2]))\nc.ehlo('app.example')\n\
         user, password = sys.argv[3:]\n{body}"
    );
    let port = tenant.port("smtp").to_string();
    client("/usr/bin/python3", &["-c", &script, &port, &tenant.file("ca.pem"), ALICE, PASSWORD])
}

fn sentence(usage: &Value) -> &str {
    usage["verdict"]["sentence"].as_str().unwrap()
}

/// What is said of the message in text, HTML and while it runs.
fn told(tenant: &Tenant, ended: &Ended, wanted: &str) {
    let row = format!("\n    message      {wanted}");
    assert!(ended.text.contains(&row), "{row} is not in {}", ended.text);
    let html = tenant.read("report.html");
    assert!(html.contains(&format!("message {wanted}")), "{wanted} is not in {html}");
}

#[test]
fn a_scanner_that_may_not_send_as_its_sender_logs_in_and_does_not_work() {
    let mut tenant = Tenant::of("exchange-online-today");
    let (status, said) = scanner(&tenant, &["--from", "boss@rehearsal.test"]);
    assert!(status != 0 && said.contains("550 5.7.60"), "{said}");
    let ended = tenant.end();
    let usage = ended.usage("smtp");
    assert_eq!(usage["verdict"]["works_today"], false);
    assert!(
        sentence(usage)
            .starts_with("logs in, but its message was refused today: 550 5.7.60 SMTP; Client does"),
        "{usage}"
    );
    let message = &usage["messages"][0];
    assert_eq!(
        (&message["outcome"], &message["at"], &message["account"], &message["sender"]),
        (&"refused".into(), &"end-of-data".into(), &ALICE.into(), &"boss@rehearsal.test".into())
    );
    assert!(message["reply"].as_str().unwrap().starts_with("550 5.7.60 "), "{message}");
    told(&tenant, &ended, "refused at the end of the message: 550 5.7.60 SMTP; Client does not have");
    assert!(ended.live.contains("smtp 127.0.0.1 message refused at the end of the message: 550 5.7.60"));
    assert!(!ended.text.contains("works today"), "{}", ended.text);
}

#[test]
fn a_message_that_was_taken_is_told_with_its_size_and_recipients() {
    let mut tenant = Tenant::of("exchange-online-today");
    let more = ["--to", "a@example.com,b@example.com", "--data", "Subject: x\\n\\n12345\\n"];
    let (status, said) = scanner(&tenant, &more);
    assert_eq!(status, 0, "{said}");
    let ended = tenant.end();
    let usage = ended.usage("smtp");
    let message = &usage["messages"][0];
    assert_eq!((&message["outcome"], &message["recipients"]), (&"accepted".into(), &2.into()), "{usage}");
    let octets = message["octets"].as_u64().unwrap();
    assert!((20..40).contains(&octets), "{message}");
    told(&tenant, &ended, &format!("accepted, {octets} octets to 2 recipients, sent as {ALICE}"));
    assert!(
        ended
            .live
            .contains(&format!("message of {octets} octets for 2 recipients accepted, and thrown away"))
    );
    assert_eq!(ended.report["connections"][0]["messages"], 1);
    assert!(sentence(usage).starts_with("works today, stops on 2026-12-31"), "{usage}");
}

#[test]
fn a_login_without_a_message_says_so() {
    let mut tenant = Tenant::of("exchange-online-today");
    scanner(&tenant, &["--quit-after", "AUTH"]);
    let ended = tenant.end();
    assert_eq!(ended.usage("smtp")["messages"][0]["outcome"], "not-tried");
    told(&tenant, &ended, "not tried");
    assert!(sentence(ended.usage("smtp")).starts_with("works today"));
}

#[test]
fn a_scanner_without_a_login_is_told_that_it_tried_to_send_without_one() {
    let mut tenant = Tenant::of("exchange-online-today");
    assert_ne!(swaks(&tenant, &[]).0, 0);
    let ended = tenant.end();
    let usage = ended.usage("smtp");
    assert_eq!(usage["verdict"]["works_today"], false, "{usage}");
    assert_eq!(
        sentence(usage),
        "does not work today: tried to send without a login: refused 530 5.7.57; this tenant offers LOGIN and XOAUTH2"
    );
    told(&tenant, &ended, "refused at MAIL: 530 5.7.57 Client not authenticated to send mail.");
}

#[test]
fn a_burst_of_pipelined_commands_without_a_login_is_one_refused_message() {
    let mut tenant = Tenant::of("exchange-online-today");
    let body = "c.send('MAIL FROM:<a@b.test>\\r\\nRCPT TO:<c@d.test>\\r\\nDATA\\r\\n')\n\
                for _ in range(3): assert c.getreply()[0] == 530\nc.quit()";
    let (status, said) = python(&tenant, body);
    assert_eq!(status, 0, "{said}");
    let ended = tenant.end();
    let messages = ended.usage("smtp")["messages"].as_array().unwrap();
    assert_eq!(messages.len(), 1, "{messages:?}");
    assert_eq!((&messages[0]["at"], &messages[0]["account"]), (&"mail".into(), &Value::Null));
}

#[test]
fn a_message_that_was_refused_first_and_accepted_later_is_both_in_that_order() {
    let mut tenant = Tenant::of("exchange-online-today");
    scanner(&tenant, &["--from", "boss@rehearsal.test"]);
    assert_eq!(scanner(&tenant, &[]).0, 0);
    let ended = tenant.end();
    let usage = ended.usage("smtp");
    let outcomes: Vec<&Value> =
        usage["messages"].as_array().unwrap().iter().map(|message| &message["outcome"]).collect();
    assert_eq!(outcomes, ["refused", "accepted"], "{usage}");
    assert_eq!(usage["verdict"]["works_today"], true);
    told(&tenant, &ended, "refused at the end of the message");
    told(&tenant, &ended, "accepted, ");
}

#[test]
fn whoever_leaves_in_the_middle_of_a_message_has_sent_nothing_and_no_verdict() {
    let mut tenant = Tenant::of("exchange-online-today");
    let body = "c.login(user, password)\nc.mail(user)\nc.rcpt('x@example.com')\nassert c.docmd('DATA')[0] == 354\n\
                c.send('Subject: x\\r\\n')\nc.close()";
    let (status, said) = python(&tenant, body);
    assert_eq!(status, 0, "{said}");
    let ended = tenant.end();
    let usage = ended.usage("smtp");
    assert_eq!(usage["verdict"]["works_today"], Value::Null, "{usage}");
    assert_eq!(
        sentence(usage),
        "logs in, but left in the middle of its message, after 12 octets: nothing was sent"
    );
    assert_eq!(usage["messages"][0]["outcome"], "broken-off");
    told(&tenant, &ended, "broken off by the client in DATA, not sent (12 octets to 1 recipient");
    assert!(ended.live.contains("message broken off by the client in DATA"), "{}", ended.live);
}

#[test]
fn whoever_leaves_before_its_message_has_no_verdict_and_whoever_takes_it_back_does() {
    for (body, sentence_of_it, works) in [
        ("c.mail(user)\nc.close()", "logs in, but left after MAIL, before its message was sent", Value::Null),
        (
            "c.mail(user)\nc.rcpt('x@example.com')\nc.quit()",
            "logs in, but left after RCPT, before its message was sent",
            Value::Null,
        ),
        ("c.mail(user)\nc.rset()\nc.quit()", "works today, stops on 2026-12-31", true.into()),
    ] {
        let mut tenant = Tenant::of("exchange-online-today");
        let (status, said) = python(&tenant, &format!("c.login(user, password)\n{body}"));
        assert_eq!(status, 0, "{said}");
        let ended = tenant.end();
        let usage = ended.usage("smtp");
        assert!(sentence(usage).starts_with(sentence_of_it), "{body}: {usage}");
        assert_eq!(usage["verdict"]["works_today"], works, "{body}");
        assert_eq!(usage["messages"][0]["outcome"], "broken-off", "{body}");
    }
}

#[test]
fn a_message_ends_with_its_dot_however_long_its_lines_are() {
    let mut tenant = Tenant::of("exchange-online-today");
    // A scanner that does not wrap its base64. A dot at the start of a line is doubled on the way, and counts once.
    let body = "c.login(user, password)\nfor n in (16383, 17000, 100000, 1000000):\n  c.mail(user)\n  c.rcpt('x@example.com')\n\
                \x20 code, words = c.data('Subject: x\\r\\n\\r\\n' + 'x' * n + '\\r\\n.x\\r\\n')\n  assert code == 250, words\nc.quit()";
    let (status, said) = python(&tenant, body);
    assert_eq!(status, 0, "{said}");
    let ended = tenant.end();
    let usage = ended.usage("smtp");
    let messages = usage["messages"].as_array().unwrap().iter();
    let octets: Vec<u64> = messages.map(|message| message["octets"].as_u64().unwrap()).collect();
    assert_eq!(octets, [16_383, 17_000, 100_000, 1_000_000].map(|line| line + 20), "{usage}");
    assert_eq!(usage["verdict"]["works_today"], true, "{usage}");
}

/// A tenant whose messages may have a thousand octets.
fn narrow() -> (tempfile::TempDir, Tenant) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("narrow.toml");
    let list = "\"SIZE 1000\", \"PIPELINING\", \"AUTH LOGIN XOAUTH2\", \"CHUNKING\"";
    std::fs::write(&path, format!("extends = \"exchange-online-today\"\n[smtp]\nafter_tls = [{list}]\n"))
        .unwrap();
    let tenant = Tenant::of(path.to_str().unwrap());
    (dir, tenant)
}

#[test]
fn a_message_that_is_too_big_is_refused_at_its_end_or_as_soon_as_its_size_is_named() {
    let (_dir, mut tenant) = narrow();
    let (status, said) = scanner(&tenant, &["--body", &"x".repeat(5000)]);
    assert!(status != 0 && said.contains("552 5.3.4"), "{said}");
    let ended = tenant.end();
    assert_eq!(ended.usage("smtp")["messages"][0]["at"], "end-of-data");
    told(&tenant, &ended, "refused at the end of the message: 552 5.3.4 ");
    assert!(
        sentence(ended.usage("smtp")).starts_with("logs in, but its message was refused today: 552 5.3.4")
    );

    let (_dir, mut tenant) = narrow();
    // smtplib names the size with MAIL.
    let body = "c.login(user, password)\ntry: c.sendmail(user, ['x@example.com'], 'Subject: x\\r\\n\\r\\n' + 'y' * 5000)\n\
                except smtplib.SMTPSenderRefused as e: print(e)\nc.quit()";
    let (_, said) = python(&tenant, body);
    assert!(said.contains("552"), "{said}");
    let ended = tenant.end();
    assert_eq!(ended.usage("smtp")["messages"][0]["at"], "mail");
    assert_eq!(ended.usage("smtp")["verdict"]["works_today"], false);
}

#[test]
fn a_message_without_a_recipient_that_is_taken_is_refused_in_the_words_for_the_recipient() {
    let mut tenant = Tenant::of("exchange-online-today");
    let body = "c.login(user, password)\nc.mail(user)\nassert c.docmd('RCPT TO:<>')[0] == 501\n\
                assert c.docmd('DATA')[0] == 503\nc.quit()";
    let (status, said) = python(&tenant, body);
    assert_eq!(status, 0, "{said}");
    let ended = tenant.end();
    told(&tenant, &ended, "refused at RCPT: 501 5.5.4 Invalid arguments");
    assert_eq!(ended.usage("smtp")["verdict"]["works_today"], false);
}
