//! Clients that never come to a login, or come to one in the wrong way, are told what to change.

use serde_json::{Value, json};

use crate::messages::swaks;
use crate::tenant::{ALICE, Ended, PASSWORD, TOKEN, Tenant, client};

/// Python with `port`, `ca`, `user`, `secret` and a TLS `context` at hand.
fn python(tenant: &Tenant, door: &str, secret: &str, body: &str) -> (i32, String) {
    let script = format!(
        "import base64, imaplib, poplib, smtplib, socket, ssl, sys\nport, ca, user, secret = int(sys.argv[1]), *sys.argv[2:]\n\
         context = ssl.create_default_context(cafile=ca)\n{body}"
    );
    let port = tenant.port(door).to_string();
    client("/usr/bin/python3", &["-c", &script, &port, &tenant.file("ca.pem"), ALICE, secret])
}

fn openssl(tenant: &Tenant, door: &str, more: &[&str]) {
    let place = format!("127.0.0.1:{}", tenant.port(door));
    let (status, said) = client("openssl", &[&["s_client", "-connect", &place], more].concat());
    assert_ne!(status, 0, "{said}");
}

/// Whether it works, and the sentence.
fn verdict<'a>(ended: &'a Ended, protocol: &str) -> (&'a Value, &'a str) {
    let verdict = &ended.usage(protocol)["verdict"];
    (&verdict["works_today"], verdict["sentence"].as_str().unwrap())
}

#[test]
fn a_scanner_that_knows_plain_alone_is_told_which_logins_the_tenant_offers() {
    let mut tenant = Tenant::of("exchange-online-today");
    let login = ["--auth", "PLAIN", "--auth-user", ALICE, "--auth-password", PASSWORD];
    let (status, said) = swaks(&tenant, &login);
    assert_eq!(status, 28, "{said}");
    let ended = tenant.end();
    let wanted = "does not work today: it was offered LOGIN and XOAUTH2 and left without trying";
    assert_eq!(verdict(&ended, "smtp"), (&json!(false), wanted));
    assert!(ended.text.contains("\n    offered      LOGIN and XOAUTH2\n"), "{}", ended.text);
    let offered = &ended.report["connections"][0]["offered"];
    assert_eq!(offered["methods"], json!(["LOGIN", "XOAUTH2"]), "{offered}");
    assert!(ended.live.contains("left without a login; it was offered LOGIN and XOAUTH2"), "{}", ended.live);
}

#[test]
fn a_reader_with_a_password_that_sees_logindisabled_and_leaves_does_not_work() {
    let mut tenant = Tenant::of("exchange-online-today");
    let (status, said) = python(
        &tenant,
        "imaps",
        PASSWORD,
        "c = imaplib.IMAP4_SSL('localhost', port, ssl_context=context)\nc.logout()",
    );
    assert_eq!(status, 0, "{said}");
    let (status, said) = python(
        &tenant,
        "pop3s",
        PASSWORD,
        "c = poplib.POP3_SSL('localhost', port, context=context)\nc.capa()\nc.quit()",
    );
    assert_eq!(status, 0, "{said}");
    let ended = tenant.end();
    let wanted = "does not work today: it was offered XOAUTH2 alone and left without trying (LOGINDISABLED)";
    assert_eq!(verdict(&ended, "imap"), (&json!(false), wanted));
    let wanted = "does not work today: it was offered XOAUTH2 alone and left without trying";
    assert_eq!(verdict(&ended, "pop3"), (&json!(false), wanted));
}

#[test]
fn whoever_leaves_without_trying_beside_a_token_client_is_not_covered_by_its_token() {
    let mut tenant = Tenant::of("exchange-online-today");
    let leaves = "c = imaplib.IMAP4_SSL('localhost', port, ssl_context=context)\nc.logout()";
    assert_eq!(python(&tenant, "imaps", PASSWORD, leaves).0, 0);
    let logs_in = "c = imaplib.IMAP4_SSL('localhost', port, ssl_context=context)\n\
                   c.authenticate('XOAUTH2', lambda _: f'user={user}\\x01auth=Bearer {secret}\\x01\\x01'.encode())\nc.logout()";
    assert_eq!(python(&tenant, "imaps", TOKEN, logs_in).0, 0);
    let ended = tenant.end();
    let logins = ended.usage("imap")["logins"].as_array().unwrap();
    let works: Vec<&Value> = logins.iter().map(|login| &login["verdict"]["works_today"]).collect();
    assert_eq!(works, [&Value::Null, &json!(true)], "{logins:?}");
    let told =
        "1 connection without a login: it was offered XOAUTH2 alone and left without trying (LOGINDISABLED)";
    assert!(logins[0]["verdict"]["sentence"].as_str().unwrap().starts_with(told), "{logins:?}");
}

#[test]
fn tls_at_once_on_a_port_of_starttls_is_named_and_465_is_the_way_only_where_there_is_one() {
    let stories = [
        ("exchange-online-today", "smtp", "smtp", "587", "set the device to STARTTLS"),
        ("gmail", "smtp", "smtp", "587", "set the device to STARTTLS, or to port 465"),
        ("exchange-online-today", "imap", "imap", "143", "set the device to STARTTLS, or to port 993"),
        ("exchange-online-today", "pop3", "pop3", "110", "set the device to STARTTLS, or to port 995"),
    ];
    for (scenario, door, protocol, port, remedy) in stories {
        let mut tenant = Tenant::of(scenario);
        openssl(&tenant, door, &["-servername", "mail.example"]);
        let ended = tenant.end();
        let (works, sentence) = verdict(&ended, protocol);
        let told = format!("began TLS at once on {port}, where STARTTLS is expected: {remedy}");
        assert_eq!(works, &json!(false), "{sentence}");
        assert!(sentence.ends_with(&told), "{sentence}\n{told}");
        let connection = &ended.report["connections"][0];
        assert_eq!(connection["tls"]["ended"], "starttls-expected", "{connection}");
        assert_eq!(connection["tls"]["hello"]["sni"], "mail.example");
        assert!(ended.live.contains("TLS at once, where STARTTLS is expected"), "{}", ended.live);
    }
}

#[test]
fn clients_of_python_that_begin_tls_at_once_are_recognised_too() {
    for (door, protocol, opens) in [
        ("smtp", "smtp", "smtplib.SMTP_SSL('localhost', port, context=context, timeout=20)"),
        ("imap", "imap", "imaplib.IMAP4_SSL('localhost', port, ssl_context=context, timeout=20)"),
        ("pop3", "pop3", "poplib.POP3_SSL('localhost', port, context=context, timeout=20)"),
    ] {
        let mut tenant = Tenant::of("exchange-online-today");
        assert_ne!(python(&tenant, door, PASSWORD, opens).0, 0);
        let ended = tenant.end();
        let (_, sentence) = verdict(&ended, protocol);
        assert!(sentence.contains("where STARTTLS is expected"), "{sentence}");
    }
}

#[test]
fn whoever_speaks_without_tls_where_tls_is_expected_at_once_is_told_so() {
    for (door, protocol, says, told) in [
        (
            "smtps",
            "smtp",
            "EHLO scanner",
            "spoke without TLS on 465, where TLS is expected at once (it began with EHLO): set the device to port 587 with STARTTLS",
        ),
        (
            "imaps",
            "imap",
            "a CAPABILITY",
            "spoke without TLS on 993, where TLS is expected at once (it began with CAPABILITY): set the device to TLS (SSL), or to port 143 with STARTTLS",
        ),
        (
            "pop3s",
            "pop3",
            "USER alice",
            "spoke without TLS on 995, where TLS is expected at once (it began with USER): set the device to TLS (SSL), or to port 110 with STARTTLS",
        ),
        (
            "https",
            "https",
            "GET /EWS/Exchange.asmx HTTP/1.1",
            "spoke without TLS on 443, where TLS is expected at once (it began with GET): use an https:// address",
        ),
    ] {
        let mut tenant = Tenant::of("exchange-online-today");
        let body = format!(
            "s = socket.create_connection(('localhost', port), 20)\ns.sendall(b'{says}\\r\\n\\r\\n')\ns.recv(100)\ns.close()"
        );
        python(&tenant, door, PASSWORD, &body);
        let ended = tenant.end();
        let (works, sentence) = verdict(&ended, protocol);
        assert_eq!((works, sentence), (&json!(false), format!("does not work today: {told}").as_str()));
    }
}

#[test]
fn whoever_waits_for_a_greeting_on_a_port_of_tls_leaves_without_a_verdict_and_with_a_hint() {
    let mut tenant = Tenant::of("exchange-online-today");
    python(&tenant, "imaps", PASSWORD, "socket.create_connection(('localhost', port), 20).close()");
    let ended = tenant.end();
    let (works, sentence) = verdict(&ended, "imap");
    assert_eq!(works, &Value::Null);
    assert!(
        sentence.starts_with("connected to 993 and sent nothing: a device without TLS waits there"),
        "{sentence}"
    );
}

#[test]
fn whoever_still_waits_for_a_greeting_when_the_rehearsal_ends_is_in_the_report() {
    let mut tenant = Tenant::of("exchange-online-today");
    let mut waiting = Vec::new();
    for door in ["imaps", "https"] {
        waiting.push(std::net::TcpStream::connect(("127.0.0.1", tenant.port(door))).unwrap());
        // Connections are taken in their order: once a later one was served, this one is there.
        let place = format!("127.0.0.1:{}", tenant.port(door));
        let (_, said) = client("sh", &["-c", &format!("openssl s_client -connect {place} </dev/null")]);
        assert!(said.contains("CONNECTED"), "{said}");
    }
    let ended = tenant.end();
    let connections = ended.report["connections"].as_array().unwrap();
    let silent = connections.iter().filter(|connection| connection["tls"]["ended"] == "silent");
    let ports: Vec<&Value> = silent.map(|connection| &connection["port"]).collect();
    assert_eq!(ports.len(), 2, "{connections:?}");
}

#[test]
fn a_device_with_old_tls_alone_does_not_work_and_is_told_what_the_tenant_takes() {
    for (flag, version, door, protocol) in [
        ("-tls1", "1.0", "imaps", "imap"),
        ("-tls1_1", "1.1", "https", "https"),
        ("-tls1", "1.0", "smtp", "smtp"),
    ] {
        let mut tenant = Tenant::of("exchange-online-today");
        let starttls: &[&str] = if door == "smtp" { &["-starttls", "smtp"] } else { &[] };
        openssl(&tenant, door, &[&[flag, "-cipher", "ALL:@SECLEVEL=0"], starttls].concat());
        let ended = tenant.end();
        let (works, sentence) = verdict(&ended, protocol);
        let told = format!("does not work today: offers TLS {version} only; this tenant takes 1.2 and later");
        assert_eq!((works, sentence), (&json!(false), told.as_str()));
    }
}

#[test]
fn cipher_suites_that_exchange_online_takes_and_the_rehearsal_does_not_are_no_verdict() {
    let cbc = ["-tls1_2", "-cipher", "ECDHE-RSA-AES128-SHA256:ECDHE-RSA-AES256-SHA"];
    let mut tenant = Tenant::of("exchange-online-today");
    openssl(&tenant, "imaps", &cbc);
    let ended = tenant.end();
    let told =
        "its cipher suites are taken by Exchange Online, but not by this rehearsal: no verdict on the login";
    assert_eq!(verdict(&ended, "imap"), (&Value::Null, told));
    // Of Gmail's no list is on record.
    let mut tenant = Tenant::of("gmail");
    openssl(&tenant, "imaps", &cbc);
    let ended = tenant.end();
    let (works, sentence) = verdict(&ended, "imap");
    assert_eq!(works, &Value::Null);
    assert!(sentence.starts_with("none of its cipher suites is spoken by this rehearsal"), "{sentence}");
}

#[test]
fn a_secret_that_is_sent_without_tls_does_not_work_at_any_date() {
    let mut tenant = Tenant::of("exchange-online-today");
    let token = "c = imaplib.IMAP4('localhost', port, timeout=20)\n\
                 text = base64.b64encode(f'user={user}\\x01auth=Bearer {secret}\\x01\\x01'.encode()).decode()\n\
                 c.xatom('AUTHENTICATE', 'XOAUTH2', text)";
    python(&tenant, "imap", TOKEN, token);
    let password = "c = poplib.POP3('localhost', port, timeout=20)\nc.user(user)\nc.pass_(secret)";
    python(&tenant, "pop3", PASSWORD, password);
    let ended = tenant.end();
    let (works, sentence) = verdict(&ended, "imap");
    assert_eq!(works, &json!(false), "{sentence}");
    let told = "does not work today: XOAUTH2 with a token is refused (tls-required): it is sent without TLS; set the device to STARTTLS, or to port 993";
    assert_eq!(sentence, told);
    let (works, sentence) = verdict(&ended, "pop3");
    assert_eq!(works, &json!(false), "{sentence}");
    assert!(sentence.contains("USER-PASS with a password is refused (tls-required)"), "{sentence}");
}

#[test]
fn a_password_that_is_shown_as_a_token_is_recognised_and_stays_out_of_the_profile() {
    let mut tenant = Tenant::of("exchange-online-today");
    let shows = "c = imaplib.IMAP4_SSL('localhost', port, ssl_context=context)\n\
                 try: c.authenticate('XOAUTH2', lambda q: b'' if q else f'user={user}\\x01auth=Bearer {secret}\\x01\\x01'.encode())\n\
                 except imaplib.IMAP4.error: pass";
    let (status, said) = python(&tenant, "imaps", PASSWORD, shows);
    assert_eq!(status, 0, "{said}");
    let ended = tenant.end();
    let (works, sentence) = verdict(&ended, "imap");
    assert_eq!(works, &json!(false));
    assert!(sentence.starts_with("does not work today: it presented its password as a token"), "{sentence}");
    assert!(!tenant.read("profile.toml").contains("XOAUTH2"), "{}", tenant.read("profile.toml"));
    assert!(ended.text.contains("its password of 13 octets as a token"), "{}", ended.text);
}

#[test]
fn a_mechanism_that_the_tenant_does_not_know_is_answered_with_those_that_it_offers() {
    let mut tenant = Tenant::of("exchange-online-today");
    let asks = "c = smtplib.SMTP('localhost', port, 'x.example', timeout=20)\nc.starttls(context=context)\nc.ehlo('x.example')\n\
                assert c.docmd('AUTH', 'CRAM-MD5')[0] == 504\nc.quit()";
    let (status, said) = python(&tenant, "smtp", PASSWORD, asks);
    assert_eq!(status, 0, "{said}");
    let ended = tenant.end();
    let (works, sentence) = verdict(&ended, "smtp");
    let told = "does not work today: CRAM-MD5 without credentials is refused (mechanism-unsupported): this tenant offers LOGIN and XOAUTH2";
    assert_eq!((works, sentence), (&json!(false), told));
}

#[test]
fn whoever_begins_a_login_and_leaves_at_the_question_has_not_left_without_trying() {
    let mut tenant = Tenant::of("exchange-online-today");
    let begins = "c = smtplib.SMTP('localhost', port, 'x.example', timeout=20)\nc.starttls(context=context)\nc.ehlo('x.example')\n\
                  assert c.docmd('AUTH', 'LOGIN')[0] == 334\nc.close()";
    assert_eq!(python(&tenant, "smtp", PASSWORD, begins).0, 0);
    let ended = tenant.end();
    let told = "began a login (AUTH LOGIN) and left before it presented anything";
    assert_eq!(verdict(&ended, "smtp"), (&Value::Null, told));
    assert!(!ended.live.contains("left without a login"), "{}", ended.live);
}

#[test]
fn apop_is_a_login_that_is_refused_and_written_down() {
    let mut tenant = Tenant::of("exchange-online-today");
    let asks = "c = poplib.POP3_SSL('localhost', port, context=context)\n\
                try: c._shortcmd('APOP alice c4c9334bac560ecc979e58001b3e22fb')\nexcept poplib.error_proto: pass";
    let (status, said) = python(&tenant, "pop3s", PASSWORD, asks);
    assert_eq!(status, 0, "{said}");
    let ended = tenant.end();
    let told = "does not work today: APOP without credentials is refused (mechanism-unsupported): this tenant offers XOAUTH2";
    assert_eq!(verdict(&ended, "pop3"), (&json!(false), told));
}

#[cfg(unix)]
#[test]
fn the_report_is_printed_whichever_signal_ends_the_rehearsal() {
    for signal in ["-TERM", "-HUP", "-INT"] {
        let mut tenant = Tenant::of("exchange-online-today");
        swaks(&tenant, &["--quit-after", "EHLO"]);
        let ended = tenant.end_by(signal);
        assert_eq!(ended.status, 0, "{signal}");
        assert!(ended.text.contains("Device at 127.0.0.1"), "{signal}: {}", ended.text);
    }
}
