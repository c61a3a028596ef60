//! Forecasts of single visits; `tests/forecast` holds them against visits that were made.

use super::super::probe_for;
use super::*;
use crate::model::{Endpoint, Secret};

fn login() -> Login {
    Login {
        authcid: "alice@example.com".into(),
        password: Some(Secret::new("hunter2")),
        token: Some(Secret::new("eyJ0")),
        ..Login::default()
    }
}

/// What is presented at a place, as `NAME` or, where it has to be offered, `NAME?`; and what is not.
fn told(url: &str, login: &Login, options: &Options) -> (Vec<String>, Forecast) {
    let (mechanisms, schemes) = (Registry::standard(), Schemes::standard());
    let endpoint: Endpoint = url.parse().unwrap();
    let repertoire = Repertoire { mechanisms: &mechanisms, schemes: &schemes };
    let prospect = Prospect { endpoint: &endpoint, login, token_to_come: false, options, repertoire };
    let forecast = probe_for(endpoint.protocol).unwrap().forecast(&prospect);
    let named = |one: &Presentation| format!("{}{}", one.method, if one.only_if_offered { "?" } else { "" });
    (forecast.presentations.iter().map(named).collect(), forecast)
}

fn presented(url: &str, options: &Options) -> Vec<String> {
    told(url, &login(), options).0
}

#[test]
fn a_line_protocol_presents_its_own_methods_and_no_scheme_of_http() {
    let all = presented("imaps://h", &Options::default());
    assert_eq!(all[..4], ["PLAIN", "LOGIN", "LOGIN-COMMAND", "XOAUTH2"], "{all:?}");
    assert!(all[4..].iter().all(|name| name.ends_with('?')), "{all:?}");
    assert!(all.contains(&"SCRAM-SHA-256-PLUS?".to_owned()) && !all.iter().any(|name| name.contains("NTLM")));
    let pop = presented("pop3s://h", &Options::default());
    assert!(pop.contains(&"USER-PASS".to_owned()) && pop.contains(&"APOP?".to_owned()), "{pop:?}");
    // The one scheme that both worlds have by name is no mechanism of ours.
    let options = Options { methods: vec![Method::from_name("NTLM")], ..Options::default() };
    let (names, forecast) = told("smtps://h", &login(), &options);
    assert!(names.is_empty());
    assert_eq!(forecast.skipped, [(Method::sasl("NTLM"), Skip::Unimplemented)]);
}

#[test]
fn a_service_that_is_only_asked_is_shown_nothing() {
    assert_eq!(presented("ews://h", &Options::default()), ["Basic", "Bearer", "NTLM?"]);
    for service in ["mapi", "outlook-anywhere", "oab", "powershell", "reporting", "outlook-service"] {
        for methods in [vec![], vec![Method::http("Basic")]] {
            let options = Options { methods, ..Options::default() };
            let (names, forecast) = told(&format!("{service}://h"), &login(), &options);
            assert_eq!((names.len(), forecast.withheld), (0, Some(Withheld::OnlyAsked)), "{service}");
        }
    }
}

#[test]
fn what_is_not_offered_is_left_alone_where_that_is_asked_for() {
    let options = Options { unadvertised: false, ..Options::default() };
    assert!(presented("imaps://h", &options).iter().all(|name| name.ends_with('?')));
    let options = Options { methods: vec![Method::sasl("PLAIN")], ..options };
    assert_eq!(presented("imaps://h", &options), ["PLAIN?"]);
    // APOP digests the greeting's timestamp, asked for by name or not.
    let options = Options { methods: vec![Method::Apop], ..Options::default() };
    assert_eq!(presented("pop3s://h", &options), ["APOP?"]);
}

#[test]
fn nothing_is_shown_without_tls_before_the_login_or_where_it_cannot_be_written() {
    let withheld = |url, options: &Options| told(url, &login(), options).1.withheld;
    assert_eq!(withheld("imap+plain://h", &Options::default()), Some(Withheld::Plaintext));
    let options = Options { stop_after: Phase::Tls, ..Options::default() };
    assert_eq!(withheld("ews://h", &options), Some(Withheld::LastPhase));
    let options = Options { allow_plaintext: true, ..Options::default() };
    assert!(!presented("imap+plain://h", &options).iter().any(|name| name.contains("-PLUS")));

    let odd =
        Login { authcid: "corp:alice x".into(), password: Some(Secret::new("a\0b")), ..Login::default() };
    let (names, forecast) = told("pop3s://h", &odd, &Options::default());
    assert!(!names.iter().any(|name| name.contains("PLAIN") || name.contains("USER-PASS")), "{names:?}");
    assert!(forecast.skipped.contains(&(Method::UserPass, Skip::Unrepresentable)), "{:?}", forecast.skipped);
    assert!(forecast.skipped.contains(&(Method::sasl("XOAUTH2"), Skip::NoToken)), "{:?}", forecast.skipped);
    let (names, _) =
        told("ews://h", &Login { password: Some(Secret::new("ab")), ..odd }, &Options::default());
    assert_eq!(names, ["NTLM?"], "a colon ends the user name of Basic");
}

#[test]
fn a_token_that_is_still_to_come_is_counted() {
    let (mechanisms, schemes) = (Registry::standard(), Schemes::standard());
    let (endpoint, login, options) = ("smtp://h".parse().unwrap(), Login::default(), Options::default());
    let repertoire = Repertoire { mechanisms: &mechanisms, schemes: &schemes };
    let prospect =
        Prospect { endpoint: &endpoint, login: &login, token_to_come: true, options: &options, repertoire };
    let forecast = probe_for(endpoint.protocol).unwrap().forecast(&prospect);
    let names: Vec<&str> = forecast.presentations.iter().map(|one| one.method.name()).collect();
    assert_eq!(names, ["XOAUTH2", "OAUTHBEARER"]);
}

#[test]
fn opening_an_activesync_mailbox_repeats_the_credential() {
    let repeats = |post, provision, stop_after| {
        let mut options = Options { stop_after, ..Options::default() };
        (options.http.activesync_post, options.http.activesync_provision) = (post, provision);
        told("eas://h", &login(), &options).1.most_repeats
    };
    assert_eq!(repeats(false, false, Phase::Logout), 0);
    assert_eq!(repeats(true, false, Phase::Logout), 3);
    assert_eq!(repeats(true, true, Phase::Logout), 6);
    assert_eq!(repeats(true, true, Phase::Auth), 0);
}
