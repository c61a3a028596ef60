//! Clients behind one address are told apart, each login has its verdict, the worst first, and many connections of one
//! client stay together.

use serde_json::{Value, json};

use crate::messages::{scanner, swaks};
use crate::tenant::{ALICE, Ended, PASSWORD, TOKEN, Tenant, client};

fn python(tenant: &Tenant, kind: &str, door: &str, secret: &str) -> (i32, String) {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/rehearse/clients.py");
    let port = tenant.port(door).to_string();
    client("/usr/bin/python3", &[script, kind, door, &port, &tenant.file("ca.pem"), ALICE, secret])
}

fn curl(tenant: &Tenant, scheme: &str, more: &[&str]) -> i32 {
    let (ca, url) = (tenant.file("ca.pem"), tenant.url(scheme, "/INBOX"));
    let fixed = ["-sS", "--ssl-reqd", "--max-time", "20", "--cacert", &ca, "-X", "EXAMINE INBOX", &url];
    client("curl", &[&fixed, more].concat()).0
}

fn devices(ended: &Ended) -> &Vec<Value> {
    ended.report["devices"].as_array().unwrap()
}

#[test]
fn a_password_scanner_beside_a_token_client_is_not_judged_by_the_others_token() {
    let mut tenant = Tenant::of("exchange-online-today");
    assert_eq!(python(&tenant, "token", "smtp", TOKEN).0, 0);
    assert_eq!(scanner(&tenant, &[]).0, 0);
    let ended = tenant.end();
    let devices = devices(&ended);
    assert_eq!(devices.len(), 2, "{}", ended.text);
    // The scanner stops, so it stands first, although it came last.
    let verdict = |at: usize| &devices[at]["protocols"][0]["verdict"];
    assert_eq!(
        (&devices[0]["name"], &verdict(0)["stops"]),
        (&"scanner.example".into(), &"2026-12-31".into())
    );
    assert_eq!(verdict(1)["sentence"], "works today, and at every later date on record");
    assert_eq!(devices[0]["protocols"][0]["methods"].as_array().unwrap().len(), 1);
    assert!(
        ended
            .text
            .contains("Device at 127.0.0.1, calls itself scanner.example, account alice@rehearsal.test\n")
    );
    // A profile is of one client: the scanner's has no XOAUTH2.
    let profile: toml::Table = tenant.read("profile.toml").parse().unwrap();
    assert_eq!(profile["device"][0]["mechanisms"].as_array().unwrap().len(), 1, "{profile}");
    assert_eq!(profile["device"][1]["mechanisms"][0].as_str(), Some("XOAUTH2"), "{profile}");
}

#[test]
fn a_password_and_a_token_that_nothing_else_tells_apart_have_a_verdict_each() {
    let mut tenant = Tenant::of("before-cutover");
    assert_eq!(curl(&tenant, "imaps", &["-u", ALICE, "--oauth2-bearer", TOKEN]), 0);
    assert_eq!(curl(&tenant, "imaps", &["-u", &format!("{ALICE}:{PASSWORD}")]), 0);
    let ended = tenant.end();
    let usage = ended.usage("imap");
    let logins = usage["logins"].as_array().unwrap();
    let told: Vec<(&Value, &Value)> =
        logins.iter().map(|login| (&login["secret"], &login["verdict"]["works_today"])).collect();
    assert_eq!(told, [(&json!("password"), &json!(false)), (&json!("token"), &json!(true))], "{usage}");
    assert_eq!(usage["verdict"]["works_today"], false);
    assert!(
        ended.text.contains("=> alice@rehearsal.test with a password: does not work today"),
        "{}",
        ended.text
    );
    assert!(ended.text.contains("=> alice@rehearsal.test with a token: works today"), "{}", ended.text);
    // Nor is a password client in the profiles by another one's token.
    let profile: toml::Table = tenant.read("profile.toml").parse().unwrap();
    assert_eq!(profile["device"].as_array().unwrap().len(), 2, "{profile}");
}

#[test]
fn two_accounts_of_one_device_are_two_entries() {
    let mut tenant = Tenant::of("exchange-online-today");
    assert_eq!(scanner(&tenant, &[]).0, 0);
    let other = ["--auth", "LOGIN", "--auth-user", "scanner@rehearsal.test", "--auth-password", "wrong"];
    assert_ne!(swaks(&tenant, &other).0, 0);
    let ended = tenant.end();
    let accounts: Vec<&Value> = devices(&ended).iter().map(|device| &device["account"]).collect();
    assert_eq!(accounts, ["scanner@rehearsal.test", ALICE], "the one that does not work stands first");
}

#[test]
fn a_wrong_password_and_then_the_right_one_are_both_there_in_order_and_counted() {
    let mut tenant = Tenant::of("exchange-online-today");
    let wrong = ["--auth", "LOGIN", "--auth-user", ALICE, "--auth-password", "wrong"];
    for _ in 0..2 {
        assert_ne!(swaks(&tenant, &wrong).0, 0);
    }
    assert_eq!(scanner(&tenant, &[]).0, 0);
    let ended = tenant.end();
    let usage = ended.usage("smtp");
    let tries = usage["logins"][0]["tries"].as_array().unwrap();
    let told: Vec<(&Value, &Value)> = tries.iter().map(|tried| (&tried["cause"], &tried["count"])).collect();
    assert_eq!(told, [(&json!("bad-credentials"), &json!(2)), (&json!("accepted"), &json!(1))], "{usage}");
    assert_eq!(usage["verdict"]["works_today"], true);
    let wrong = "login        LOGIN as alice@rehearsal.test, password of 5 octets, not the right one: refused: bad-credentials (2 times)\n";
    let (before, after) = ended.text.split_once(wrong).unwrap_or_else(|| panic!("{}", ended.text));
    assert!(!before.contains("login   ") && after.contains("the right one: accepted\n"), "{}", ended.text);
}

#[test]
fn parallel_connections_retries_and_dead_ones_of_one_program_stay_one_client() {
    let mut tenant = Tenant::of("before-cutover");
    let script = "import imaplib, ssl, sys, socket\nca, user, password = sys.argv[2:]\n\
                  context = ssl.create_default_context(cafile=ca)\n\
                  new = lambda: imaplib.IMAP4_SSL('localhost', int(sys.argv[1]), ssl_context=context, timeout=20)\n\
                  socket.create_connection(('localhost', int(sys.argv[1]))).close()\n\
                  dead = new(); dead.shutdown()\n\
                  try: new().authenticate('CRAM-MD5', lambda c: b'')\nexcept imaplib.IMAP4.error: pass\n\
                  open = [new() for _ in range(4)]\n\
                  [one.login(user, password) for one in open]\n[one.logout() for one in open]";
    let port = tenant.port("imaps").to_string();
    let arguments = ["-c", script, &port, &tenant.file("ca.pem"), ALICE, PASSWORD];
    let (status, said) = client("/usr/bin/python3", &arguments);
    assert_eq!(status, 0, "{said}");
    let ended = tenant.end();
    assert_eq!(ended.usage("imap")["connections"], 7, "{}", ended.text);
}

#[test]
fn an_app_that_gets_its_token_over_http_and_sends_by_smtp_is_one_client() {
    let mut tenant = Tenant::of("exchange-online-today");
    let script = "import json, smtplib, ssl, sys, urllib.request, urllib.parse\nhttps, smtp, ca, user, password, app = sys.argv[1:]\n\
                  context = ssl.create_default_context(cafile=ca)\n\
                  form = dict(grant_type='password', client_id=app, username=user, password=password, scope='https://outlook.office.com/SMTP.Send')\n\
                  url = f'https://localhost:{https}/rehearsal.test/oauth2/v2.0/token'\n\
                  with urllib.request.urlopen(url, urllib.parse.urlencode(form).encode(), context=context) as answer:\n  token = json.load(answer)['access_token']\n\
                  c = smtplib.SMTP('localhost', int(smtp), 'app.example', timeout=20)\nc.starttls(context=context)\nc.ehlo('app.example')\n\
                  c.auth('XOAUTH2', lambda challenge=None: f'user={user}\\x01auth=Bearer {token}\\x01\\x01', initial_response_ok=True)\n\
                  c.sendmail(user, ['x@example.com'], 'Subject: x\\r\\n\\r\\n')\nc.quit()";
    let (https, smtp) = (tenant.port("https").to_string(), tenant.port("smtp").to_string());
    let app = crate::web_devices::PUBLIC;
    let arguments = ["-c", script, &https, &smtp, &tenant.file("ca.pem"), ALICE, PASSWORD, app];
    let (status, said) = client("/usr/bin/python3", &arguments);
    assert_eq!(status, 0, "{said}");
    let ended = tenant.end();
    assert_eq!(devices(&ended).len(), 1, "{}", ended.text);
    assert_eq!(ended.usage("smtp")["verdict"]["works_today"], true);
    assert_eq!(ended.usage("token-endpoint")["grants"][0], "a token by password");
    let names = &devices(&ended)[0]["names"];
    assert_eq!(names.as_array().unwrap().len(), 2, "{names}");
}
