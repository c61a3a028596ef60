use super::*;
use crate::House;
use crate::Presented;
use crate::house::Circumstances;
use crate::scenario::load;

/// 2026-11-22.
const NOW: u64 = 1_795_305_600;

fn house(name: &str) -> House {
    House::new(load(name).unwrap(), || NOW).unwrap()
}

fn report(house: &House, method: &Method, presented: &Presented<'_>) -> DeviceReport {
    let how = Circumstances { protocol: Protocol::Smtp, initial_response: Some(false), secured: true };
    let (_, tried) = house.judge(how, method, presented);
    let mut connection = Connection::new(1, Spoken::Mail(Protocol::Smtp), 10587, "192.0.2.7".into());
    let hello = Hello { versions: vec!["1.3".into(), "1.2".into()], ..Hello::default() };
    let ended = Ended::Established { version: "1.3".into(), cipher: "TLS_AES_128_GCM_SHA256".into() };
    connection.tls = Some(Handshake { starttls: true, hello: Some(hello), ended });
    connection.note(Note::Name("scanner<b>".into()));
    connection.note(Note::Login(Box::new(tried)));
    let mut record = Record::default();
    record.add(connection);
    DeviceReport::new(record, house, false, NOW)
}

const PASSWORD: Presented<'_> =
    Presented::Password { user: "alice@rehearsal.test", password: b"correct horse" };
const TOKEN: Presented<'_> =
    Presented::Token { user: Some("alice@rehearsal.test"), token: "rehearsal-token-of-alice" };

#[test]
fn a_scanner_with_a_password_works_today_and_stops_with_2026_whatever_scenario_it_was_tried_on() {
    for name in ["before-cutover", "exchange-online-today", "smtp-auth-off-2027", "throttled"] {
        let report = report(&house(name), &Method::sasl("LOGIN"), &PASSWORD);
        let verdict = &report.devices[0].protocols[0].verdict;
        assert_eq!(
            (verdict.works_today, verdict.stops.as_deref()),
            (Some(true), Some("2026-12-31")),
            "{name}"
        );
        assert!(
            verdict.sentence.starts_with(
                "works today, stops on 2026-12-31 because LOGIN with a password is refused from then on (basic-disabled), unless \
                 an administrator switches it on again; see https://"
            ),
            "{}",
            verdict.sentence
        );
    }
}

#[test]
fn at_every_date_the_scenarios_own_people_live_there_with_their_own_switches() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("ours.toml");
    let text = "extends = \"exchange-online-today\"\n[[mailbox]]\naddress = \"mfp@ours.test\"\npassword = \"toner\"\n";
    std::fs::write(&path, text).unwrap();
    let presented = Presented::Password { user: "mfp@ours.test", password: b"toner" };
    let verdict = |name: &str, presented: &Presented<'_>| {
        let report = report(&house(name), &Method::sasl("LOGIN"), presented);
        report.devices[0].protocols[0].verdict.sentence.clone()
    };
    assert!(verdict(path.to_str().unwrap(), &presented).starts_with("works today, stops on 2026-12-31"));
    assert!(
        verdict("security-defaults", &PASSWORD)
            .contains("does not work today: LOGIN with a password is refused (security-defaults)")
    );
    assert!(verdict("smtp-auth-off-mailbox", &PASSWORD).contains("(smtp-auth-disabled-mailbox)"));
}

#[test]
fn a_login_into_a_mailbox_that_stays_shut_does_not_count_as_working() {
    let house = house("authenticated-but-not-connected");
    let how = Circumstances { protocol: Protocol::Imap, initial_response: Some(true), secured: true };
    let (ruling, tried) = house.judge(how, &Method::sasl("XOAUTH2"), &TOKEN);
    assert_eq!(ruling.cause, Cause::Accepted);
    assert!(tried.dates.iter().all(|cause| *cause == Cause::NoMailboxPermission), "{:?}", tried.dates);
}

#[test]
fn a_token_goes_on_working_and_a_wrong_password_never_worked() {
    let token = report(&house("smtp-auth-off-2027"), &Method::sasl("XOAUTH2"), &TOKEN);
    assert_eq!(
        token.devices[0].protocols[0].verdict.sentence,
        "works today, and at every later date on record"
    );
    let wrong = Presented::Password { user: "alice", password: b"wrong" };
    let wrong = report(&house("exchange-online-today"), &Method::sasl("LOGIN"), &wrong);
    let sentence = &wrong.devices[0].protocols[0].verdict.sentence;
    assert!(
        sentence.starts_with("does not work today: LOGIN with a password is refused (bad-credentials): give"),
        "{sentence}"
    );
}

#[test]
fn plain_is_no_way_into_exchange_by_smtp_even_with_the_right_password() {
    let report = report(&house("before-cutover"), &Method::sasl("PLAIN"), &PASSWORD);
    let sentence = &report.devices[0].protocols[0].verdict.sentence;
    assert!(sentence.contains("(mechanism-unsupported)"), "{sentence}");
}

#[test]
fn where_the_service_has_no_dates_the_scenario_speaks_for_itself() {
    let password = Presented::Password { user: "alice@rehearsal.test", password: b"abcdefghijklmnop" };
    let works = report(&house("gmail"), &Method::sasl("PLAIN"), &password);
    assert!(works.devices[0].protocols[0].verdict.sentence.starts_with("works in this scenario"));
}

#[test]
fn no_form_of_the_report_holds_the_secret_and_html_holds_no_foreign_tag() {
    for presented in [PASSWORD, TOKEN] {
        let report = report(&house("before-cutover"), &Method::sasl("LOGIN"), &presented);
        for form in [report.text(), report.json(), report.html(), report.profile(), format!("{report:?}")] {
            assert!(!form.contains("correct horse") && !form.contains("rehearsal-token"), "{form}");
            assert!(form.contains("scanner"), "{form}");
        }
        assert!(report.html().contains("scanner&lt;b&gt;"));
        assert!(report.text().contains("LOGIN as alice@rehearsal.test, "), "{}", report.text());
        let read: toml::Table = report.profile().parse().unwrap();
        assert_eq!(read["device"][0]["mechanisms"][0].as_str(), Some("LOGIN"));
    }
}

#[test]
fn a_device_that_never_came_to_a_login_is_told_why() {
    let verdict = |ended: Ended| {
        let mut connection = Connection::new(1, Spoken::Mail(Protocol::Imap), 10993, "192.0.2.7".into());
        connection.tls = Some(Handshake { starttls: false, hello: None, ended });
        let mut record = Record::default();
        record.add(connection);
        DeviceReport::new(record, &house("before-cutover"), true, NOW).devices[0].protocols[0].clone()
    };
    let refused = verdict(Ended::CertificateRefused { alert: "UnknownCA".into() });
    assert!(refused.verdict.sentence.contains("does not trust the certificate"));
    assert_eq!(refused.checks_certificate, Some(true));
    let blind = verdict(Ended::Established { version: "1.2".into(), cipher: "X".into() });
    assert_eq!(blind.checks_certificate, Some(false));
    assert_eq!(verdict(Ended::Abandoned).checks_certificate, None);
}

#[test]
fn a_record_is_bounded() {
    let mut record = Record::default();
    for number in 0..MOST_CONNECTIONS + 3 {
        record.add(Connection::new(number, Spoken::Mail(Protocol::Imap), 1, String::new()));
    }
    assert_eq!((record.connections.len(), record.uncounted), (MOST_CONNECTIONS, 3));
    let mut connection = Connection::new(1, Spoken::Mail(Protocol::Imap), 1, String::new());
    for _ in 0..1000 {
        connection.note(Note::Command("NOOP".into()));
        connection.note(Note::Odd("x"));
    }
    assert_eq!((connection.commands.len(), connection.odd.len()), (MOST_COMMANDS, 1));
}

/// A report over these connections of one address.
fn told(house: &House, connections: Vec<Connection>) -> DeviceReport {
    let mut record = Record::default();
    for connection in connections {
        record.add(connection);
    }
    DeviceReport::new(record, house, false, NOW)
}

/// A connection over SMTP with these logins, each secured or not.
fn tries(house: &House, number: usize, logins: &[(&str, Presented<'_>, bool)]) -> Connection {
    let mut connection = Connection::new(number, Spoken::Mail(Protocol::Smtp), 10587, "192.0.2.7".into());
    for (method, presented, secured) in logins {
        let how = Circumstances { protocol: Protocol::Smtp, initial_response: None, secured: *secured };
        let (_, tried) = house.judge(how, &Method::sasl(method), presented);
        connection.note(Note::Login(Box::new(tried)));
    }
    connection
}

fn verdicts(report: &DeviceReport) -> Vec<(Option<bool>, String)> {
    let uses = report.devices.iter().flat_map(|device| &device.protocols);
    let logins = uses.flat_map(|usage| &usage.logins);
    logins.map(|login| (login.verdict.works_today, login.verdict.sentence.clone())).collect()
}

const WRONG: Presented<'_> = Presented::Password { user: "alice", password: b"wrong" };

#[test]
fn a_program_that_falls_back_on_one_connection_has_one_verdict_and_two_programs_have_two() {
    let house = house("before-cutover");
    let bad = Presented::Token { user: Some("alice@rehearsal.test"), token: "old" };
    let one = tries(&house, 1, &[("XOAUTH2", bad, true), ("LOGIN", PASSWORD, true)]);
    let report = told(&house, vec![one]);
    assert_eq!(verdicts(&report).len(), 1);
    assert_eq!(report.devices[0].protocols[0].logins[0].tries.len(), 2);
    assert_eq!(verdicts(&report)[0].0, Some(true));
    let apart =
        vec![tries(&house, 1, &[("LOGIN", PASSWORD, true)]), tries(&house, 2, &[("XOAUTH2", bad, true)])];
    let works: Vec<Option<bool>> =
        verdicts(&told(&house, apart)).into_iter().map(|(works, _)| works).collect();
    assert_eq!(works, [Some(false), Some(true)], "the worst first");
}

#[test]
fn a_device_that_gives_its_account_by_two_names_is_one_and_the_right_passwords_refusal_is_told() {
    let house = house("security-defaults");
    let report = told(
        &house,
        vec![tries(&house, 1, &[("LOGIN", WRONG, true)]), tries(&house, 2, &[("LOGIN", PASSWORD, true)])],
    );
    assert_eq!(report.devices.len(), 1);
    assert_eq!(report.devices[0].account.as_deref(), Some("alice@rehearsal.test"));
    let all = verdicts(&report);
    assert!(all.len() == 1 && all[0].1.contains("(security-defaults)"), "{all:?}");
}

#[test]
fn no_secret_without_tls_works_at_any_date_whatever_it_is() {
    for (method, presented) in [("LOGIN", PASSWORD), ("XOAUTH2", TOKEN), ("PLAIN", PASSWORD)] {
        for scenario in ["before-cutover", "exchange-online-today", "smtp-auth-off-2027"] {
            let house = house(scenario);
            let report = told(&house, vec![tries(&house, 1, &[(method, presented, false)])]);
            let tried = &report.devices[0].protocols[0].logins[0].tries[0].tried;
            assert!(tried.dates.iter().all(|cause| *cause == Cause::TlsRequired), "{:?}", tried.dates);
            let (works, sentence) = verdicts(&report).remove(0);
            assert_eq!(works, Some(false));
            assert!(
                sentence.ends_with("(tls-required): it is sent without TLS; set the device to STARTTLS"),
                "{sentence}"
            );
        }
    }
}

#[test]
fn a_token_that_is_shown_as_a_password_is_recognised_like_a_password_as_a_token() {
    let house = house("exchange-online-today");
    let token = Presented::Password { user: "alice@rehearsal.test", password: b"rehearsal-token-of-alice" };
    let report = told(&house, vec![tries(&house, 1, &[("LOGIN", token, true)])]);
    let sentence = &verdicts(&report)[0].1;
    assert!(
        sentence.starts_with("does not work today: it presented its token as a password (LOGIN"),
        "{sentence}"
    );
    assert!(report.text().contains("its token of 24 octets as a password"), "{}", report.text());
    assert!(report.profile().parse::<toml::Table>().unwrap()["device"].as_array().unwrap().is_empty());
}

#[test]
fn a_message_decides_over_its_own_login_alone() {
    let house = house("exchange-online-today");
    let message = |fate: Fate, account: Option<&str>| {
        let account = account.map(str::to_owned);
        Note::Message(Box::new(Transaction { account, octets: Some(9), fate, ..Transaction::empty() }))
    };
    let refused = || Fate::Refused { at: Stage::EndOfData, reply: "550 5.7.60 no".into() };
    let alice = Some("alice@rehearsal.test");
    let stories = [
        (vec![(refused(), alice)], Some(false)),
        (vec![(refused(), alice), (Fate::Accepted, alice)], Some(true)),
        (vec![(Fate::Accepted, alice), (refused(), alice)], Some(false)),
        (vec![(Fate::BrokenOff { at: Stage::Data }, alice)], None),
        (vec![(Fate::BrokenOff { at: Stage::Rcpt }, alice)], Some(true)),
        // What it tried before its login is a row, and not the login's fault.
        (vec![(Fate::Refused { at: Stage::Mail, reply: "530 5.7.57 no".into() }, None)], Some(true)),
    ];
    for (messages, works) in stories {
        let mut connection = tries(&house, 1, &[("LOGIN", PASSWORD, true)]);
        let count = messages.len();
        for (fate, account) in messages {
            connection.note(message(fate, account));
        }
        let report = told(&house, vec![connection]);
        assert_eq!(report.devices[0].protocols[0].verdict.works_today, works);
        assert_eq!(report.devices[0].protocols[0].messages.len(), count);
    }
    let mut connection = tries(&house, 1, &[("LOGIN", PASSWORD, true)]);
    for _ in 0..100 {
        connection.note(message(Fate::Accepted, alice));
    }
    connection.note(message(refused(), alice));
    assert_eq!((connection.messages, connection.transactions.len()), (100, MOST_MESSAGES));
    let report = told(&house, vec![connection]);
    assert_eq!(report.devices[0].protocols[0].verdict.works_today, Some(false), "the last one is kept");
    assert!(
        report.text().contains("(19 times)\n") && report.text().contains("... and 81 more\n"),
        "{}",
        report.text()
    );
}

#[test]
fn devices_that_nothing_but_their_tls_tells_apart_are_headed_by_it() {
    let house = house("before-cutover");
    let mut both: Vec<Connection> =
        (1..3).map(|number| tries(&house, number, &[("LOGIN", PASSWORD, true)])).collect();
    for (connection, fingerprint) in both.iter_mut().zip(["aaaaaaaaaaaa", "bbbbbbbbbbbb"]) {
        let hello =
            Hello { fingerprint: fingerprint.into(), versions: vec!["1.2".into()], ..Hello::default() };
        let ended = Ended::Established { version: "1.2".into(), cipher: String::new() };
        connection.tls = Some(Handshake { starttls: true, hello: Some(hello), ended });
    }
    let report = told(&house, both.clone());
    for offer in ["aaaaaaaaaaaa", "bbbbbbbbbbbb"] {
        let heading = format!("192.0.2.7, account alice@rehearsal.test, TLS offer {offer}");
        assert!(report.text().contains(&format!("Device at {heading}\n")), "{}", report.text());
        assert!(report.html().contains(&format!("<h2>{heading}</h2>")), "{}", report.html());
    }
    both.pop();
    assert!(!told(&house, both).text().contains("TLS offer"), "one alone needs no such mark");
}

#[test]
fn handshakes_that_come_to_nothing_are_told_by_what_the_client_offered() {
    let house = house("exchange-online-today");
    let verdict = |starttls: bool, versions: &[&str], ciphers: &[&str], ended: Ended| {
        let mut connection = Connection::new(1, Spoken::Mail(Protocol::Smtp), 10587, "192.0.2.7".into());
        let own = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect();
        let hello = Hello { versions: own(versions), ciphers: own(ciphers), ..Hello::default() };
        let hello = (!versions.is_empty()).then_some(hello);
        connection.tls = Some(Handshake { starttls, hello, ended });
        verdicts(&told(&house, vec![connection])).remove(0)
    };
    let nothing = || Ended::NothingInCommon { detail: "why".into() };
    let (works, sentence) = verdict(true, &["SSL 3.0"], &[], Ended::Broken { detail: "x".into() });
    assert_eq!(
        (works, sentence.as_str()),
        (Some(false), "does not work today: offers SSL 3.0 only; this tenant takes 1.2 and later")
    );
    let (works, sentence) = verdict(true, &["1.1", "1.0"], &[], nothing());
    assert!(works == Some(false) && sentence.contains("offers TLS 1.1 and 1.0 only"), "{sentence}");
    let (works, sentence) = verdict(true, &["1.2"], &["TLS_RSA_WITH_RC4_128_SHA"], nothing());
    assert!(
        works.is_none()
            && sentence.contains("none is among those that Exchange Online is documented to take (https://"),
        "{sentence}"
    );
    let (works, sentence) = verdict(true, &["1.2"], &["TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"], nothing());
    assert!(
        works.is_none() && sentence.starts_with("no TLS handshake with this rehearsal (why)"),
        "{sentence}"
    );
    let plain = Ended::Plaintext { command: "EHLO".into(), detail: String::new() };
    let (works, sentence) = verdict(true, &[], &[], plain);
    assert!(
        works == Some(false) && sentence.ends_with("asked for STARTTLS and went on without TLS (with EHLO)"),
        "{sentence}"
    );
}

#[test]
fn one_octet_is_one_octet() {
    let house = house("exchange-online-today");
    let password = Presented::Password { user: "alice@rehearsal.test", password: b"x" };
    let text = told(&house, vec![tries(&house, 1, &[("LOGIN", password, true)])]).text();
    assert!(text.contains("password of 1 octet, not the right one"), "{text}");
}
