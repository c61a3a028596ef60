//! Clients that are not ours get in, and are refused, as the scenario says.

use crate::tenant::{ALICE, PASSWORD, TOKEN, Tenant, client};

/// curl's exit status for a refused login.
const LOGIN_DENIED: i32 = 67;

fn curl(tenant: &Tenant, scheme: &str, path: &str, more: &[&str]) -> (i32, String) {
    let (ca, url) = (tenant.file("ca.pem"), tenant.url(scheme, path));
    let mut arguments = vec!["-sS", "--ssl-reqd", "--max-time", "20", "--cacert", &ca, &url];
    arguments.extend(more);
    client("curl", &arguments)
}

fn swaks(tenant: &Tenant, door: &str, more: &[&str]) -> (i32, String) {
    let port = tenant.port(door).to_string();
    let tls = if door == "smtps" { "--tls-on-connect" } else { "--tls" };
    let mut arguments =
        vec!["--server", "127.0.0.1", "--port", &port, tls, "--timeout", "20", "--ehlo", "scanner.example"];
    arguments.extend(["--from", ALICE, "--to", "somebody@example.com"]);
    arguments.extend(more);
    client("swaks", &arguments)
}

fn python(tenant: &Tenant, kind: &str, door: &str, secret: &str) -> (i32, String) {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/rehearse/clients.py");
    let port = tenant.port(door).to_string();
    let arguments = [script, kind, door, &port, &tenant.file("ca.pem"), ALICE, secret];
    client("/usr/bin/python3", &arguments)
}

#[test]
fn before_the_cutover_curl_opens_the_inbox_with_password_and_token_on_every_door() {
    let tenant = Tenant::of("before-cutover");
    let user = format!("{ALICE}:{PASSWORD}");
    for (scheme, path) in [("imaps", "/INBOX"), ("imap", "/INBOX"), ("pop3s", "/"), ("pop3", "/")] {
        // curl's own request over POP3 is LIST.
        let request: &[&str] = if scheme.starts_with("imap") { &["-X", "EXAMINE INBOX"] } else { &[] };
        let (status, said) = curl(&tenant, scheme, path, &[request, &["-u", &user]].concat());
        assert_eq!(status, 0, "{scheme} password: {said}");
        let (status, said) =
            curl(&tenant, scheme, path, &[request, &["-u", ALICE, "--oauth2-bearer", TOKEN]].concat());
        assert_eq!(status, 0, "{scheme} token: {said}");
        let (status, said) = curl(&tenant, scheme, path, &[request, &["-u", "alice:wrong"]].concat());
        assert_eq!(status, LOGIN_DENIED, "{scheme} wrong password: {said}");
    }
}

#[test]
fn today_curl_is_refused_with_a_password_and_gets_in_with_a_token() {
    let tenant = Tenant::of("exchange-online-today");
    let user = format!("{ALICE}:{PASSWORD}");
    for scheme in ["imaps", "pop3s"] {
        let (status, said) = curl(&tenant, scheme, "/", &["-u", &user]);
        assert_eq!(status, LOGIN_DENIED, "{scheme}: {said}");
        let (status, said) = curl(&tenant, scheme, "/", &["-u", ALICE, "--oauth2-bearer", TOKEN]);
        assert_eq!(status, 0, "{scheme}: {said}");
    }
}

#[test]
fn a_token_in_the_line_of_pop3s_auth_is_answered_as_exchange_answers_it() {
    let mut tenant = Tenant::of("exchange-online-today");
    let (status, _) = curl(&tenant, "pop3s", "/", &["--sasl-ir", "-u", ALICE, "--oauth2-bearer", TOKEN]);
    assert_ne!(status, 0);
    let ended = tenant.end();
    let login = &ended.usage("pop3")["methods"][0];
    assert_eq!(
        (&login["method"], &login["last"]["cause"]),
        (&"XOAUTH2".into(), &"client-protocol-error".into())
    );
}

#[test]
fn swaks_sends_a_message_today_and_none_after_2026_and_the_words_are_microsofts() {
    let credentials = ["--auth", "LOGIN", "--auth-user", ALICE, "--auth-password", PASSWORD];
    let tenant = Tenant::of("exchange-online-today");
    for door in ["smtp", "smtps"] {
        let (status, said) = swaks(&tenant, door, &credentials);
        assert_eq!(status, 0, "{said}");
        assert!(said.contains("250 2.6.0 Queued mail for delivery"), "{said}");
    }
    let tenant = Tenant::of("smtp-auth-off-2027");
    let (status, said) = swaks(&tenant, "smtp", &credentials);
    assert_eq!(status, 28, "{said}");
    assert!(
        said.contains("535 5.7.139 Authentication unsuccessful, basic authentication is disabled."),
        "{said}"
    );
    let tenant = Tenant::of("smtp-auth-off-mailbox");
    let (_, said) = swaks(&tenant, "smtp", &credentials);
    assert!(said.contains("SmtpClientAuthentication is disabled for the Mailbox"), "{said}");
    let tenant = Tenant::of("security-defaults");
    let (_, said) = swaks(&tenant, "smtp", &credentials);
    assert!(said.contains("security defaults policy"), "{said}");
}

#[test]
fn without_a_login_and_as_another_swaks_sends_nothing() {
    let tenant = Tenant::of("exchange-online-today");
    let (status, said) = swaks(&tenant, "smtp", &[]);
    assert_ne!(status, 0);
    assert!(said.contains("530 5.7.57 Client not authenticated to send mail."), "{said}");
    let credentials = [
        "--auth",
        "LOGIN",
        "--auth-user",
        ALICE,
        "--auth-password",
        PASSWORD,
        "--from",
        "boss@rehearsal.test",
    ];
    let (status, said) = swaks(&tenant, "smtp", &credentials);
    assert_ne!(status, 0);
    assert!(said.contains("550 5.7.60"), "{said}");
}

#[test]
fn pythons_clients_agree_on_every_door() {
    let doors = ["imap", "imaps", "pop3", "pop3s", "smtp", "smtps"];
    let before = Tenant::of("before-cutover");
    let after = Tenant::of("smtp-auth-off-2027");
    for door in doors {
        let (status, said) = python(&before, "password", door, PASSWORD);
        assert_eq!((status, said.lines().last()), (0, Some("in")), "{door}: {said}");
        let (status, said) = python(&after, "password", door, PASSWORD);
        assert_eq!((status, said.lines().last()), (0, Some("out")), "{door}: {said}");
        for tenant in [&before, &after] {
            let (status, said) = python(tenant, "token", door, TOKEN);
            assert_eq!((status, said.lines().last()), (0, Some("in")), "{door}: {said}");
        }
    }
}

#[test]
fn the_mailbox_that_stays_shut_lets_python_log_in_and_not_select() {
    let tenant = Tenant::of("authenticated-but-not-connected");
    let (status, said) = python(&tenant, "token", "imaps", TOKEN);
    assert_eq!((status, said.lines().last()), (0, Some("in, not connected")), "{said}");
}

#[test]
fn gmail_gives_its_error_challenge_before_it_refuses_a_bad_token() {
    let tenant = Tenant::of("gmail");
    for door in ["imaps", "pop3s", "smtp"] {
        let (status, said) = python(&tenant, "token", door, "not a token");
        assert_eq!((status, said.lines().last()), (0, Some("out")), "{door}: {said}");
        assert!(said.contains("https://mail.google.com/"), "{door}: {said}");
    }
}

#[test]
fn the_busy_tenant_looks_at_three_logins_and_sends_the_fourth_away() {
    let tenant = Tenant::of("throttled");
    let user = format!("{ALICE}:{PASSWORD}");
    let story: Vec<i32> =
        (0..5).map(|_| curl(&tenant, "imaps", "/", &["-X", "EXAMINE INBOX", "-u", &user]).0).collect();
    assert_eq!(story[..3], [0, 0, 0]);
    assert!(story[3..].iter().all(|status| *status != 0), "{story:?}");
}
