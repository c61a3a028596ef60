//! What `plan` says beforehand against what a run really presents: over every protocol and transport, to servers that write
//! down each credential they are shown, in this process and without a socket.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "tests stop where they fail"
)]

#[allow(dead_code, unused_imports, reason = "every suite uses its part of the kit")]
#[path = "../support/mod.rs"]
mod support;

mod play;
mod sasl;
mod servers;

use std::collections::BTreeMap;

use mailprobe_probes::model::Kind;
use play::{Case, Played, play};
use proptest::prelude::*;
use servers::{OFFERS, Place, Policy, SCHEMES};
use support::Flaw;

/// A property that opens sessions costs tens of milliseconds a case.
const CASES: u32 = 64;

/// What can be asked for by name. `NTLM` means a mechanism and a scheme, and mailprobe has the scheme alone.
const METHODS: &[&str] = &[
    "PLAIN",
    "LOGIN",
    "LOGIN-COMMAND",
    "USER-PASS",
    "APOP",
    "CRAM-MD5",
    "SCRAM-SHA-256",
    "SCRAM-SHA-256-PLUS",
    "XOAUTH2",
    "OAUTHBEARER",
    "Basic",
    "NTLM",
    "Bearer",
];

/// How often each method was shown a secret of a kind at each place.
type Counts = BTreeMap<(u16, String, &'static str), usize>;

fn word(kind: Kind) -> &'static str {
    match kind {
        Kind::Password => "password",
        Kind::Token => "token",
    }
}

fn shown(played: &Played) -> Counts {
    let mut counts = Counts::new();
    for shown in &played.shown {
        *counts.entry((shown.port, shown.method.clone(), word(shown.kind))).or_default() += 1;
    }
    counts
}

/// The same, as the forecast has it, over all mailboxes.
fn forecast(played: &Played) -> Counts {
    let mut counts = Counts::new();
    for mailbox in played.forecast["mailboxes"].as_array().unwrap() {
        for endpoint in mailbox["endpoints"].as_array().unwrap() {
            let url = endpoint["url"].as_str().unwrap();
            let port = play::port_of(url);
            for kind in ["password", "token"] {
                for method in endpoint[kind].as_array().unwrap() {
                    *counts.entry((port, method.as_str().unwrap().to_owned(), kind)).or_default() += 1;
                }
            }
        }
    }
    counts
}

fn of_accounts(played: &Played, what: &str) -> usize {
    let accounts = played.forecast["accounts"].as_array().unwrap();
    accounts.iter().map(|account| usize::try_from(account[what].as_u64().unwrap()).unwrap()).sum()
}

fn total(counts: &Counts, kind: &str) -> usize {
    counts.iter().filter(|((.., of), _)| *of == kind).map(|(_, number)| number).sum()
}

fn place() -> impl Strategy<Value = Place> {
    let service = prop::sample::select(servers::SERVICES);
    let policy = prop::sample::select(vec![Policy::Accept, Policy::RefuseUnseen, Policy::RefuseAsWrong]);
    let flaw = prop_oneof![6 => Just(Flaw::None), 1 => Just(Flaw::SelfSigned)];
    let offers = prop::sample::subsequence([OFFERS, SCHEMES].concat(), 0..=OFFERS.len() + SCHEMES.len());
    (service, offers, policy, flaw).prop_map(|(service, offers, policy, flaw)| Place {
        service,
        offers,
        policy,
        flaw,
    })
}

/// A place where everything is offered and taken.
fn open_place() -> impl Strategy<Value = Place> {
    prop::sample::select(servers::SERVICES).prop_map(Place::open)
}

fn flags() -> impl Strategy<Value = Vec<String>> {
    let switch = |flag: &'static str, percent: f64| {
        prop::bool::weighted(percent).prop_map(move |on| on.then(|| flag.to_owned()))
    };
    let methods = prop::option::weighted(0.4, prop::sample::subsequence(METHODS, 1..=4))
        .prop_map(|chosen| chosen.map(|names| format!("--methods={}", names.join(","))));
    let last = prop::sample::select(vec!["tls", "capability", "starttls", "auth", "session", "logout"]);
    let last =
        prop::option::weighted(0.15, last).prop_map(|last| last.map(|last| format!("--stop-after={last}")));
    let name = prop::sample::select(vec!["shared", "CORP\\{local}", "a:b", "two words", "tab\u{9}inside"]);
    let name =
        prop::option::weighted(0.3, name).prop_map(|name| name.map(|name| format!("--login-name={name}")));
    let budget =
        prop::option::of(0..4_u8).prop_map(|most| most.map(|most| format!("--attempt-budget={most}")));
    (
        (
            switch("--password-env=PW", 0.8),
            switch("--token-env=TOKEN", 0.7),
            switch("--allow-plaintext", 0.6),
        ),
        (switch("--no-unadvertised", 0.25), switch("--insecure", 0.3), switch("--activesync-post", 0.2)),
        (methods, last, name, budget),
    )
        .prop_map(|((a, b, c), (d, e, f), (g, h, i, j))| {
            [a, b, c, d, e, f, g, h, i, j].into_iter().flatten().collect()
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: CASES, failure_persistence: None, max_shrink_iters: 60, ..ProptestConfig::default() })]

    /// Whatever servers offer and answer: each presentation was named, and there are no more than were counted.
    #[test]
    fn nothing_is_presented_that_the_plan_does_not_name(
        places in prop::collection::vec(place(), 1..4), flags in flags(), mailboxes in 1..3_usize, listed: bool,
    ) {
        let case = Case { places, flags, mailboxes, listed };
        let Ok(played) = play(&case) else { return Ok(()) };
        let (shown, forecast) = (shown(&played), forecast(&played));
        for (what, times) in &shown {
            let most = forecast.get(what).copied().unwrap_or_default();
            prop_assert!(*times <= most, "{what:?} {times} times, forecast {most}\n{:#}", played.forecast);
        }
        for kind in ["password", "token"] {
            let most = of_accounts(&played, &format!("{kind}_presentations_at_most"));
            prop_assert!(total(&shown, kind) <= most, "{} {kind} {shown:?}\n{:#}", total(&shown, kind), played.forecast);
        }
        // One that some server takes is no wrong one there, and may be at the next.
        let bad = played.shown.iter().filter(|shown| shown.bad).count();
        let most = of_accounts(&played, "bad_attempts_at_most");
        prop_assert!(bad <= most, "{bad} bad attempts {shown:?}\n{:#}", played.forecast);
    }

    /// Where everything is offered and taken, exactly what was named is presented.
    #[test]
    fn servers_that_take_everything_are_shown_exactly_what_the_plan_names(
        places in prop::collection::vec(open_place(), 1..4), flags in flags(), mailboxes in 1..3_usize, listed: bool,
    ) {
        let case = Case { places, flags, mailboxes, listed };
        let Ok(played) = play(&case) else { return Ok(()) };
        let (shown, forecast) = (shown(&played), forecast(&played));
        prop_assert_eq!(&shown, &forecast, "{:#}", played.forecast);
        for kind in ["password", "token"] {
            prop_assert_eq!(total(&shown, kind), of_accounts(&played, &format!("{kind}_presentations_at_most")));
        }
    }
}

/// One place where everything is offered and taken, with both secrets.
fn at(service: &'static str, more: &[&str]) -> Played {
    let flags = ["--password-env=PW", "--token-env=TOKEN"].iter().chain(more).map(|flag| (*flag).to_owned());
    let case =
        Case { places: vec![Place::open(service)], flags: flags.collect(), mailboxes: 1, listed: false };
    play(&case).unwrap()
}

#[test]
fn a_mechanism_that_is_not_implemented_is_not_forecast() {
    for service in ["imaps", "pop3s", "smtps"] {
        let played = at(service, &[]);
        assert!(!forecast(&played).keys().any(|(_, method, _)| method == "NTLM"), "{:#}", played.forecast);
        assert_eq!(shown(&played), forecast(&played), "{:#}", played.forecast);
    }
    let played = at("imaps", &["--methods=NTLM,PLAIN"]);
    let endpoint = &played.forecast["mailboxes"][0]["endpoints"][0];
    assert_eq!(endpoint["password"], serde_json::json!(["PLAIN"]));
    assert_eq!(endpoint["not_tried"], serde_json::json!([{"method": "NTLM", "skip": "unimplemented"}]));
    assert!(forecast(&at("ews", &[])).keys().any(|(_, method, _)| method == "NTLM"));
}

#[test]
fn a_service_that_is_only_asked_gets_no_secret_and_is_forecast_none() {
    for service in ["mapi", "outlook-anywhere", "oab", "powershell", "reporting", "outlook-service"] {
        let played = at(service, &[]);
        assert_eq!((shown(&played), forecast(&played)), Default::default(), "{service}");
        assert_eq!(of_accounts(&played, "password_presentations_at_most"), 0, "{service}");
        let why = &played.forecast["mailboxes"][0]["endpoints"][0]["withheld"];
        assert_eq!(why, "this service is only asked what it offers");
    }
}

#[test]
fn the_recording_servers_see_every_kind_of_login() {
    // Were one blind, the properties above would hold for nothing.
    let seen: Vec<String> = ["imaps", "pop3s", "smtp", "ews", "eas", "autodiscover"]
        .iter()
        .flat_map(|service| shown(&at(service, &[])).into_keys().map(|(_, method, _)| method))
        .collect();
    for method in METHODS {
        assert!(seen.iter().any(|name| name == method), "{method}: {seen:?}");
    }
    let bad = Case {
        places: vec![Place { policy: Policy::RefuseAsWrong, ..Place::open("imaps") }],
        flags: vec!["--password-env=PW".into(), "--attempt-budget=2".into()],
        mailboxes: 1,
        listed: false,
    };
    assert_eq!(play(&bad).unwrap().shown.iter().filter(|shown| shown.bad).count(), 2);
}

#[test]
fn the_question_that_may_withhold_a_password_is_told_beforehand() {
    let plan = |more: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_mailprobe"));
        command
            .env_clear()
            .env("PW", "x")
            .args(["plan", "a@contoso.example", "--password-env", "PW"])
            .args(more);
        let said = command.output().unwrap();
        assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
        String::from_utf8(said.stdout).unwrap().split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let exchange = ["--endpoint", "imaps://outlook.office365.com"];
    let note = "check first asks the provider who decides sign-ins of the domain";
    assert!(plan(&exchange).contains(note), "{}", plan(&exchange));
    assert!(!plan(&[&exchange[..], &["--attempt-budget", "1"]].concat()).contains(note));
    assert!(!plan(&["--endpoint", "imaps://imap.contoso.example"]).contains(note));
}
