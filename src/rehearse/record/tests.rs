use super::*;
use crate::rehearse::House;
use crate::rehearse::Presented;
use crate::rehearse::house::Circumstances;
use crate::rehearse::scenario::load;

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
                "works today, stops on 2026-12-31 because LOGIN with a password is refused from then on (basic-disabled); see https://"
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
