//! What a device did is in the report, and what becomes of it on the next date; its secret is not.

use crate::tenant::{ALICE, PASSWORD, Tenant, client, mailprobe};

fn scanner(tenant: &Tenant, more: &[&str]) -> (i32, String) {
    let port = tenant.port("smtp").to_string();
    let arguments = [
        "--server",
        "127.0.0.1",
        "--port",
        &port,
        "--tls",
        "--timeout",
        "20",
        "--ehlo",
        "scanner.example",
        "--from",
        ALICE,
        "--to",
        "somebody@example.com",
        "--auth",
        "LOGIN",
        "--auth-user",
        ALICE,
        "--auth-password",
        PASSWORD,
    ];
    client("swaks", &[&arguments, more].concat())
}

#[test]
fn a_scanner_pointed_at_2027_is_described_and_told_when_it_stops() {
    let mut tenant = Tenant::of("smtp-auth-off-2027");
    assert_eq!(scanner(&tenant, &[]).0, 28);
    let ended = tenant.end();
    assert_eq!(ended.status, 0);
    let usage = ended.usage("smtp");
    assert_eq!(ended.report["devices"][0]["name"], "scanner.example");
    assert_eq!(usage["transports"], serde_json::json!(["starttls"]));
    assert!(usage["tls_offered"].as_array().unwrap().contains(&"1.2".into()), "{usage}");
    assert_eq!(usage["secret_in_clear"], false);
    let login = &usage["methods"][0]["last"];
    assert_eq!(
        (&login["method"], &login["secret"], &login["length"]),
        (&"LOGIN".into(), &"password".into(), &13.into())
    );
    assert_eq!((&login["matched"], &login["cause"]), (&true.into(), &"basic-disabled".into()));
    assert_eq!(usage["verdict"]["stops"], "2026-12-31");
    let connection = &ended.report["connections"][0];
    assert_eq!(connection["commands"], serde_json::json!(["EHLO", "STARTTLS", "EHLO", "AUTH LOGIN", "QUIT"]));
    assert!(connection["tls"]["hello"]["ciphers"].as_array().unwrap().len() > 3, "{connection}");
    assert_eq!(connection["tls"]["ended"], "established");
    assert!(
        ended.text.contains("=> works today, stops on 2026-12-31 because LOGIN with a password"),
        "{}",
        ended.text
    );
    assert!(ended.live.contains("smtp 127.0.0.1 LOGIN as alice@rehearsal.test, password of 13 octets, the right one: refused: basic-disabled"), "{}", ended.live);
    let profile: toml::Table = tenant.read("profile.toml").parse().unwrap();
    assert_eq!(profile["device"][0]["mechanisms"][0].as_str(), Some("LOGIN"));
    let listed = mailprobe(tenant.state())
        .args(["devices", "--profiles", &tenant.file("profile.toml"), "--device", "seen-1-smtp"])
        .output()
        .unwrap();
    let listed = String::from_utf8([listed.stdout, listed.stderr].concat()).unwrap();
    assert!(listed.contains("scanner.example") && listed.contains("mechanisms LOGIN"), "{listed}");
    let html = tenant.read("report.html");
    assert!(html.starts_with("<!doctype html>") && html.contains("stops on 2026-12-31"));
    for form in [ended.everything(), html, tenant.read("profile.toml")] {
        assert!(!form.contains(PASSWORD) && !form.contains("Y29ycmVjdCBob3JzZQ"), "{form}");
    }
}

#[test]
fn whether_a_device_looks_at_the_certificate_is_seen_with_one_that_nobody_trusts() {
    let tenant = |arguments: &[&str]| {
        let mut tenant = Tenant::with("before-cutover", &["--bad-certificate"]);
        let url = tenant.url("imaps", "/");
        let (status, _) =
            client("curl", &[&["-sS", "--max-time", "20", "-u", "alice:x", &url], arguments].concat());
        (status, tenant.end())
    };
    let (status, careful) = tenant(&[]);
    assert_eq!(status, 60);
    assert_eq!(careful.usage("imap")["checks_certificate"], true);
    assert!(
        careful.usage("imap")["verdict"]["sentence"]
            .as_str()
            .unwrap()
            .contains("does not trust the certificate")
    );
    let (_, careless) = tenant(&["-k"]);
    assert_eq!(careless.usage("imap")["checks_certificate"], false);
    assert!(careless.text.contains("DOES NOT LOOK at it"), "{}", careless.text);
}

#[test]
fn a_password_sent_before_tls_is_noted_and_its_words_are_not() {
    let mut tenant = Tenant::of("before-cutover");
    let script = "import poplib, sys\nclient = poplib.POP3('localhost', int(sys.argv[1]), timeout=20)\n\
                  client.user(sys.argv[2])\nclient.pass_(sys.argv[3])";
    let (status, said) =
        client("/usr/bin/python3", &["-c", script, &tenant.port("pop3").to_string(), ALICE, PASSWORD]);
    assert!(status == 1 && said.contains("TLS required"), "{said}");
    let ended = tenant.end();
    let usage = ended.usage("pop3");
    assert_eq!(usage["secret_in_clear"], true, "{usage}");
    assert!(ended.text.contains("sent a password or token without TLS"), "{}", ended.text);
    assert!(!ended.everything().contains(PASSWORD));
}

#[test]
fn a_device_with_old_tls_alone_is_refused_and_described() {
    let mut tenant = Tenant::of("before-cutover");
    let place = format!("127.0.0.1:{}", tenant.port("imaps"));
    // openssl 3 sends such a hello only at security level 0.
    let arguments = [
        "s_client",
        "-connect",
        &place,
        "-tls1_1",
        "-cipher",
        "ALL:@SECLEVEL=0",
        "-servername",
        "old.example",
    ];
    let (status, _) = client("openssl", &arguments);
    assert_ne!(status, 0);
    let ended = tenant.end();
    let usage = ended.usage("imap");
    assert_eq!(
        (&usage["tls_offered"], &usage["sni"]),
        (&serde_json::json!(["1.1"]), &serde_json::json!(["old.example"]))
    );
    assert_eq!(usage["verdict"]["works_today"], false, "{usage}");
    assert_eq!(
        usage["verdict"]["sentence"],
        "does not work today: offers TLS 1.1 only; this tenant takes 1.2 and later"
    );
}

#[test]
fn it_ends_by_itself_after_so_many_connections_or_seconds() {
    let mut tenant = Tenant::with("before-cutover", &["--connections", "2", "--ca-out", "CA"]);
    for _ in 0..2 {
        scanner(&tenant, &["--quit-after", "AUTH"]);
    }
    let ended = tenant.wait();
    assert_eq!((ended.status, ended.usage("smtp")["connections"].as_u64()), (0, Some(2)));
    let mut tenant = Tenant::with("before-cutover", &["--for", "0.1"]);
    let ended = tenant.wait();
    assert!(ended.text.contains("Nothing connected."), "{}", ended.text);
}

#[test]
fn the_authority_stays_the_same_so_that_a_device_trusts_it_once() {
    let dir = tempfile::tempdir().unwrap();
    let once = |name: &str| {
        let file = dir.path().join(name);
        let doors =
            ["--imap", "--imaps", "--pop3", "--pop3s", "--smtp", "--smtps"].map(|door| [door, "0"]).concat();
        let status = crate::tenant::mailprobe(dir.path())
            .args(["rehearse", "--for", "0.1", "-q", "--ca-out", file.to_str().unwrap()])
            .args(doors)
            .output()
            .unwrap();
        assert!(status.status.success(), "{}", String::from_utf8_lossy(&status.stderr));
        std::fs::read_to_string(file).unwrap()
    };
    let first = once("first.pem");
    assert_eq!(first, once("second.pem"));
    assert!(first.contains("BEGIN CERTIFICATE") && !first.contains("PRIVATE"));
}

#[test]
fn a_certificate_from_files_is_the_one_that_is_shown() {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name).to_str().unwrap().to_owned();
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    std::fs::write(at("cert.pem"), made.cert.pem()).unwrap();
    std::fs::write(at("key.pem"), made.signing_key.serialize_pem()).unwrap();
    let tenant = Tenant::with("before-cutover", &["--cert", &at("cert.pem"), "--key", &at("key.pem")]);
    let url = tenant.url("imaps", "/");
    let arguments =
        ["-sS", "--max-time", "20", "--cacert", &at("cert.pem"), "-u", &format!("{ALICE}:{PASSWORD}"), &url];
    let (status, said) = client("curl", &arguments);
    assert_eq!(status, 0, "{said}");
}

#[test]
fn on_an_address_that_others_can_reach_it_warns_and_relays_nothing() {
    let mut tenant = Tenant::with("before-cutover", &["--listen", "0.0.0.0", "--ca-out", "CA"]);
    let (status, said) = scanner(&tenant, &[]);
    assert!(status == 0 && said.contains("250 2.6.0"), "{said}");
    let ended = tenant.end();
    assert!(ended.live.contains("message of ") && ended.live.contains("thrown away"), "{}", ended.live);
    assert!(tenant.welcome.contains("warning: others can reach 0.0.0.0"), "{}", tenant.welcome);
}
