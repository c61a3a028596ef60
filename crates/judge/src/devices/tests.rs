use jiff::civil::date;
use mailprobe_probes::model::{Cause, EndpointReport, Fact, Kind, Skip, TlsAnswer, TlsFacts, TlsVersion};

use super::*;
use crate::sample::{endpoint, lines, opened, refused, report, skipped};
use crate::{Policy, kind};

const OLD: &str = "
[[device]]
id = \"old\"
name = \"old scanner\"
class = \"scanner\"
protocols = [\"smtp\"]
tls = [\"1.0\", \"1.1\"]
mechanisms = [\"LOGIN\", \"PLAIN\"]

[[device]]
id = \"new\"
name = \"new scanner\"
class = \"scanner\"
protocols = [\"smtp\"]
tls = [\"1.2\"]
mechanisms = [\"XOAUTH2\", \"LOGIN\"]
oauth = [\"device-code\"]

[[device]]
id = \"phone\"
name = \"phone\"
class = \"client\"
protocols = [\"activesync\"]
mechanisms = [\"Bearer\", \"Basic\"]
activesync = [\"14.0\", \"14.1\"]
";

fn stands(id: &str, endpoints: Vec<EndpointReport>, at: Option<jiff::civil::Date>) -> Place {
    let mut devices = Device::read("mine.toml", OLD).unwrap();
    devices.retain(|device| device.id == id);
    let verdicts = judge_devices(&devices, &report(endpoints), &[], &Policy::all_shipped(), at);
    verdicts[0].places.first().cloned().unwrap()
}

fn smtp(host: &str, tls: &str, attempts: Vec<(&str, Outcome)>, offers: &[&str]) -> EndpointReport {
    let mut endpoint = endpoint(&format!("smtp://{host}"), attempts, offers);
    endpoint.tls = Some(TlsFacts {
        version: tls.into(),
        cipher: String::new(),
        group: None,
        alpn: None,
        server_name: host.into(),
        chain: Vec::new(),
        trusted: true,
        problems: Vec::new(),
    });
    endpoint
}

use mailprobe_probes::model::Outcome;

fn asked(endpoint: &mut EndpointReport, version: TlsProtocol, taken: bool) {
    let answer = if taken {
        TlsAnswer::Accepted { cipher: "c".into(), words: "w".into(), evidence: lines() }
    } else {
        TlsAnswer::Refused { words: "w".into(), evidence: lines() }
    };
    endpoint.tls_versions.push(TlsVersion { version, answer });
}

#[test]
fn a_device_stops_at_tls_where_every_version_it_speaks_is_refused_and_only_there() {
    let open = || smtp("h", "TLSv1.3", vec![("LOGIN", opened())], &["LOGIN"]);
    // TLS 1.3 was negotiated; of the old versions nobody asked.
    let unasked = stands("old", vec![open()], None);
    assert_eq!(
        (unasked.standing, unasked.remedy.as_str()),
        (Standing::CannotBeTold, "check again with --tls-versions")
    );
    let mut half = open();
    asked(&mut half, TlsProtocol::Tls10, false);
    assert_eq!(stands("old", vec![half.clone()], None).standing, Standing::CannotBeTold);
    asked(&mut half, TlsProtocol::Tls11, false);
    let stopped = stands("old", vec![half], None);
    assert_eq!((stopped.standing, stopped.evidence), (Standing::StopsAtTls, Some(lines())));
    let mut taken = open();
    asked(&mut taken, TlsProtocol::Tls10, true);
    assert_eq!(stands("old", vec![taken], None).standing, Standing::Works);
}

#[test]
fn a_device_gets_in_by_the_first_of_its_methods_that_is_offered_and_taken() {
    let here = |attempts, offers: &[&str]| stands("new", vec![smtp("h", "TLSv1.2", attempts, offers)], None);
    let no = || refused(Cause::BasicDisabled);
    let works = here(vec![("XOAUTH2", opened()), ("LOGIN", no())], &["XOAUTH2", "LOGIN"]);
    assert_eq!(
        (works.standing, works.because.as_str()),
        (Standing::Works, "XOAUTH2 is offered and accepted")
    );
    let second = here(vec![("XOAUTH2", no()), ("LOGIN", opened())], &["XOAUTH2", "LOGIN"]);
    assert!(
        second.standing == Standing::Works && second.because.contains("XOAUTH2 is refused as basic-disabled")
    );
    // What is taken and not offered does not help a device that reads the offers.
    let hidden = here(vec![("LOGIN", opened())], &["CRAM-MD5"]);
    assert_eq!(hidden.standing, Standing::StopsAtLogin);
    assert!(
        hidden.because.contains("XOAUTH2, LOGIN") && hidden.remedy.contains("device-code"),
        "{}",
        hidden.because
    );
    // A wrong password of ours says nothing of the device's.
    let ours = here(vec![("LOGIN", refused(Cause::BadCredentials))], &["LOGIN"]);
    assert_eq!(ours.standing, Standing::CannotBeTold);
    let untried = here(vec![("XOAUTH2", skipped(Skip::NoToken)), ("LOGIN", no())], &["XOAUTH2", "LOGIN"]);
    assert_eq!(untried.standing, Standing::CannotBeTold);
}

#[test]
fn a_device_that_works_on_exchange_online_stops_on_the_day_that_is_announced() {
    let here = |host: &str| {
        vec![smtp(
            host,
            "TLSv1.2",
            vec![("LOGIN", opened()), ("XOAUTH2", refused(Cause::SmtpAuthDisabledTenant))],
            &["LOGIN"],
        )]
    };
    let stops = stands("new", here("smtp.office365.com"), None);
    assert_eq!((stops.standing, stops.on.as_deref()), (Standing::StopsOnDate, Some("2026-12-31")));
    assert!(stops.because.contains("[exchange-online-2026-12/smtp-password-off]"), "{}", stops.because);
    let before = stands("new", here("smtp.office365.com"), Some(date(2026, 12, 30)));
    assert_eq!(before.standing, Standing::Works);
    // Dates of a service are not those of another.
    assert_eq!(stands("new", here("smtp.example.com"), None).standing, Standing::Works);
    // Whoever names a policy means it for every host.
    let mut devices = Device::read("mine.toml", OLD).unwrap();
    devices.retain(|device| device.id == "new");
    let named = [Policy::shipped("exchange-online-2026-12").unwrap()];
    let verdicts = judge_devices(&devices, &report(here("smtp.example.com")), &named, &[], None);
    assert_eq!(verdicts[0].standing, Standing::StopsOnDate);
}

#[test]
fn high_volume_email_has_a_day_of_its_own() {
    let here = |host: &str| vec![smtp(host, "TLSv1.2", vec![("LOGIN", opened())], &["LOGIN"])];
    for host in ["smtp-hve.office365.com", "smtp.hve.mx.microsoft"] {
        let stops = stands("new", here(host), None);
        assert_eq!(
            (stops.standing, stops.on.as_deref()),
            (Standing::StopsOnDate, Some("2028-09-01")),
            "{host}"
        );
        assert!(stops.because.contains("[exchange-online-2026-12/hve-password-off]"), "{}", stops.because);
        assert_eq!(stands("new", here(host), Some(date(2028, 8, 31))).standing, Standing::Works);
    }
    let stops = stands("new", here("smtp.office365.com"), None);
    assert!(stops.because.contains("unless an administrator switches it on again"), "{}", stops.because);
}

#[test]
fn a_client_that_gives_up_at_logindisabled_stops_beside_a_token_mechanism_that_works() {
    let here = |words: &[&str]| {
        let mut imap = endpoint("imaps://h", vec![("XOAUTH2", opened())], &["XOAUTH2"]);
        imap.advertised[0].capabilities = words.iter().map(|word| (*word).to_owned()).collect();
        report(vec![imap])
    };
    let devices = Device::shipped();
    let node: Vec<Device> = devices.into_iter().filter(|device| device.id == "node-imap").collect();
    let stands = |report: &mailprobe_probes::model::Report| {
        judge_devices(&node, report, &[], &[], None)[0].places[0].clone()
    };
    let stopped = stands(&here(&["IMAP4rev1", "AUTH=XOAUTH2", "LOGINDISABLED"]));
    assert_eq!(stopped.standing, Standing::StopsAtLogin);
    assert!(stopped.because.contains("LOGINDISABLED") && stopped.evidence.is_some(), "{}", stopped.because);
    assert_eq!(stands(&here(&["IMAP4rev1", "AUTH=XOAUTH2"])).standing, Standing::Works);
    // Another client reads the offer beside it.
    let mut other = node.clone();
    other[0].stops_at_logindisabled = false;
    let report = here(&["AUTH=XOAUTH2", "LOGINDISABLED"]);
    assert_eq!(judge_devices(&other, &report, &[], &[], None)[0].standing, Standing::Works);
}

#[test]
fn a_phone_stops_where_its_activesync_versions_are_not_offered() {
    let here = |versions: &str| {
        let mut eas = endpoint("eas://h", vec![("Basic", opened())], &["Basic"]);
        eas.facts =
            vec![Fact { name: "activesync-versions".into(), value: versions.into(), evidence: lines() }];
        stands("phone", vec![eas], None)
    };
    assert_eq!(here("2.5,12.1,14.1,16.1").standing, Standing::Works);
    let stopped = here("16.0,16.1");
    assert!(
        stopped.standing == Standing::StopsAtLogin && stopped.because.contains("14.0, 14.1"),
        "{}",
        stopped.because
    );
}

#[test]
fn the_best_endpoint_counts_for_a_protocol_and_other_protocols_are_left_out() {
    let shut = smtp("a", "TLSv1.2", vec![("LOGIN", refused(Cause::BasicDisabled))], &["LOGIN"]);
    let open = smtp("b", "TLSv1.2", vec![("LOGIN", opened())], &["LOGIN"]);
    assert_eq!(stands("new", vec![shut, open], None).endpoint, "smtp://b:587");
    let devices = Device::read("mine.toml", OLD).unwrap();
    let imap = report(vec![endpoint("imaps://h", vec![("PLAIN", opened())], &["PLAIN"])]);
    let verdicts = judge_devices(&devices, &imap, &[], &[], None);
    assert!(verdicts.iter().all(|verdict| verdict.standing == Standing::NotInReport));
    let plain = endpoint("smtp+plain://h", vec![("LOGIN", opened())], &["LOGIN"]);
    assert!(stands("new", vec![plain], None).because.contains("transport"));
}

#[test]
fn the_shipped_profiles_are_forty_and_more_and_none_claims_what_it_does_not_show() {
    let devices = Device::read("devices.toml", SHIPPED).unwrap_or_else(|error| panic!("{error}"));
    assert!(devices.len() >= 40, "{}", devices.len());
    for device in &devices {
        let shown = device.status == Status::Unverified || !device.evidence.is_empty();
        assert!(shown, "{} has no evidence", device.id);
        assert!(device.evidence.iter().all(|address| address.starts_with("http")), "{}", device.id);
        let token = device.mechanisms.iter().any(|method| kind::kind(method) == Some(Kind::Token));
        assert_eq!(
            token,
            !device.oauth.is_empty(),
            "{}: a token mechanism and a flow go together",
            device.id
        );
        for protocol in &device.protocols {
            assert!(
                device.mechanisms.iter().any(|method| kind::fits(method, *protocol)),
                "{}/{protocol}",
                device.id
            );
        }
        assert!(
            device.activesync.is_empty() || device.protocols.contains(&Protocol::ActiveSync),
            "{}",
            device.id
        );
    }
}

#[test]
fn all_mistakes_of_a_file_of_profiles_are_told_at_once() {
    let text = OLD.replacen("\"scanner\"", "\"toaster\"", 1).replacen(
        "\"LOGIN\", \"PLAIN\"",
        "\"LOGINN\", \"PLAIM\"",
        1,
    );
    let told = Device::read("mine.toml", &text.replacen("\"1.2\"", "1.2", 1)).unwrap_err().to_string();
    let words: Vec<&str> = told.lines().map(|line| line.split('`').nth(1).unwrap_or_default()).collect();
    assert_eq!(words, ["toaster", "LOGINN", "PLAIM", "1.2"], "{told}");
}

#[test]
fn a_mistake_in_a_profile_is_named_with_its_line_and_what_is_allowed() {
    let with = |from: &str, to: &str| {
        let text = OLD.replacen(from, to, 1);
        Device::read("mine.toml", &text).unwrap_err().to_string()
    };
    for (from, to, expected) in [
        (
            "class = \"scanner\"",
            "class = \"toaster\"",
            "mine.toml:5:9: unknown class `toaster`: use scanner, client",
        ),
        ("\"LOGIN\"", "\"LOGINN\"", "mine.toml:8:15: unknown mechanism `LOGINN`: use PLAIN"),
        ("\"smtp\"", "\"uucp\"", "mine.toml:6:14: unknown protocol `uucp`"),
        ("\"1.0\"", "\"0.9\"", "mine.toml:7:8: unknown TLS version `0.9`: use 1.0"),
        ("id = \"new\"", "id = \"old\"", "mine.toml:11:6: two devices have the id `old`"),
        ("id = \"old\"", "id = \"Old One\"", "mine.toml:3:6: `Old One` is no id"),
        ("name = \"old scanner\"", "nam = \"x\"", "`nam`"),
        ("\"device-code\"", "\"carrier pigeon\"", "unknown flow `carrier pigeon`: use authorization-code"),
    ] {
        let message = with(from, to);
        assert!(message.contains(expected), "{message}");
    }
    assert!(Device::read("mine.toml", "").unwrap_err().to_string().contains("[[device]]"));
}
