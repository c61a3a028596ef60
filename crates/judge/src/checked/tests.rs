//! Every way in which nothing is presented, and what may not be called green because of it.

use mailprobe_probes::model::{CertFacts, Failure, Finding, LineRange, Severity, TlsFacts};

use super::*;
use crate::sample::{self, judged, opened, skipped, tried as endpoint, unreachable};
use crate::{exit_code, judge};

const PASSWORD: &[Kind] = &[Kind::Password];
const BOTH: &[Kind] = &[Kind::Password, Kind::Token];

fn untrusted(url: &str, leaf: (&str, &str, &str, &str, &[&str])) -> EndpointReport {
    let (subject, issuer, not_before, not_after, sans) = leaf;
    let mut report = endpoint(url, vec![("PLAIN", skipped(Skip::UntrustedForbidden))]);
    report.tls = Some(TlsFacts {
        version: "TLSv1.3".into(),
        cipher: String::new(),
        group: None,
        alpn: None,
        server_name: "imap.example.com".into(),
        chain: vec![CertFacts {
            subject: subject.into(),
            issuer: issuer.into(),
            sans: sans.iter().map(|name| (*name).to_owned()).collect(),
            not_before: format!("{not_before}T00:00:00Z"),
            not_after: format!("{not_after}T00:00:00Z"),
            sha256: String::new(),
        }],
        trusted: false,
        problems: vec!["the chain leads to no trusted root".into()],
    });
    report
}

fn report(given: Option<&[Kind]>, endpoints: Vec<EndpointReport>, rules: &[&str]) -> Report {
    judged(Report { given: given.map(<[Kind]>::to_vec), ..sample::report(endpoints) }, rules)
}

fn told(open: &NotChecked) -> String {
    let reasons = open.reasons.iter().map(|reason| {
        let remedy = reason.why.remedy();
        let remedy = if remedy.is_empty() { String::new() } else { format!(" ({remedy})") };
        format!("{}{remedy}", reason.why.clauses().join("; "))
    });
    reasons.collect::<Vec<_>>().join("; ")
}

const GOOD: (&str, &str, &str, &str, &[&str]) =
    ("CN=a", "CN=ca", "2020-01-01", "2120-01-01", &["*.example.com"]);

#[test]
fn a_secret_that_no_server_saw_is_never_green_and_the_reason_is_named() {
    let at = "imaps://imap.example.com";
    let one = |method, skip| endpoint(at, vec![(method, skipped(skip))]);
    let cases: Vec<(EndpointReport, u8, &str)> = vec![
        (untrusted(at, GOOD), 3, "the certificate is not trusted (--ca-file, or --insecure)"),
        (
            untrusted(at, ("CN=a", "CN=ca", "2020-01-01", "2021-01-01", &["imap.example.com"])),
            3,
            "the certificate expired on 2021-01-01 (renew it, or --insecure)",
        ),
        (
            untrusted(at, ("CN=a", "CN=ca", "2200-01-01", "2201-01-01", &["imap.example.com"])),
            3,
            "the certificate is not valid before 2200-01-01 (check the clocks, or --insecure)",
        ),
        (
            untrusted(at, ("CN=a", "CN=a", "2020-01-01", "2120-01-01", &["imap.example.com"])),
            3,
            "the certificate is self-signed (--ca-file, or --insecure)",
        ),
        (
            untrusted(at, ("CN=a", "CN=ca", "2020-01-01", "2120-01-01", &["pop.example.net", "*.b.example"])),
            3,
            "the certificate is for pop.example.net, *.b.example, not for imap.example.com (use a name that it \
             covers, or --insecure)",
        ),
        (
            untrusted(at, ("CN=a", "CN=ca", "2020-01-01", "2021-01-01", &["pop.example.net"])),
            3,
            "the certificate expired on 2021-01-01; the certificate is for pop.example.net, not for \
             imap.example.com (renew it, or --insecure)",
        ),
        (
            one("PLAIN", Skip::PlaintextForbidden),
            3,
            "the connection is not encrypted (use TLS, or --allow-plaintext)",
        ),
        (one("PLAIN", Skip::Budget), 4, "the attempt budget is used up or 0 (--attempt-budget)"),
        (
            one("XOAUTH2", Skip::NoToken),
            3,
            "no method that was tried presents a password (--methods, or methods in --targets)",
        ),
        (endpoint(at, Vec::new()), 3, "no method was to be tried there (--methods, --no-unadvertised)"),
        (
            one("GSSAPI", Skip::Unimplemented),
            3,
            "the server offers no method that was to be tried (--methods, or leave out --no-unadvertised)",
        ),
        (
            one("PLAIN", Skip::NotAdvertised),
            3,
            "the server offers no method that was to be tried (--methods, or leave out --no-unadvertised)",
        ),
        (
            one("PLAIN", Skip::Unrepresentable),
            3,
            "the name or the secret holds a character that no method can carry",
        ),
        (
            one("SCRAM-SHA-256-PLUS", Skip::NoChannelBinding),
            3,
            "channel binding is not possible on this connection",
        ),
        (one("PLAIN", Skip::Cancelled), 3, "the run was cancelled first"),
        (
            endpoint("mapi://mail.example.com", vec![("Basic", skipped(Skip::NotAsked))]),
            3,
            "mailprobe only asks this service what it offers (add an endpoint that takes logins)",
        ),
        (unreachable(at, Trouble::ConnectionRefused), 3, "connection refused"),
        (unreachable(at, Trouble::NoSuchHost), 3, "no such host"),
        (unreachable(at, Trouble::Timeout), 3, "no answer in time"),
        (unreachable(at, Trouble::Throttled), 4, "the server limits how often it is asked"),
    ];
    for (endpoint, code, expected) in cases {
        // Without expectations, with one that decides on what is offered, and with one that any server meets.
        for rules in [&[][..], &["PLAIN=not-advertised"], &["PLAIN=not-accepted"]] {
            let report = report(Some(PASSWORD), vec![endpoint.clone()], rules);
            let open = not_checked(&report).unwrap();
            assert_eq!((open.missing, told(&open).as_str()), (Missing::Secrets, expected), "{rules:?}");
            assert_eq!(exit_code(std::slice::from_ref(&report)), code, "{expected} {rules:?}");
            assert_eq!(conclusion(&report), Conclusion::NotChecked(open), "{expected} {rules:?}");
            let verdict = report.verdict.unwrap();
            assert_eq!(verdict.status, VerdictStatus::Unknown, "{expected} {rules:?}");
        }
    }
}

#[test]
fn an_expectation_that_is_met_does_not_make_up_for_a_secret_that_nobody_saw() {
    // What is offered decides the only rule, and the password stays untried.
    let mut endpoint = untrusted("imaps://imap.example.com", GOOD);
    endpoint.advertised = vec![mailprobe_probes::model::Advertisement {
        stage: mailprobe_probes::model::Stage::AfterTls,
        offers: Vec::new(),
        capabilities: Vec::new(),
        evidence: LineRange::new(1, 2),
    }];
    let report = report(Some(PASSWORD), vec![endpoint], &["PLAIN=not-advertised"]);
    let verdict = report.verdict.as_ref().unwrap();
    let statuses: Vec<_> = verdict.rules.iter().map(|rule| (rule.rule(), rule.status)).collect();
    let statuses: Vec<_> = statuses.iter().map(|(rule, status)| (rule.as_str(), *status)).collect();
    assert_eq!(
        statuses,
        [
            ("PLAIN=not-advertised", VerdictStatus::Pass),
            ("a secret that was given is presented", VerdictStatus::Unknown)
        ]
    );
    assert_eq!(verdict.rules[1].because.to_string(), "not presented: the certificate is not trusted");
    assert_eq!(exit_code(&[report]), 3);
}

#[test]
fn each_kind_of_secret_counts_for_itself() {
    let at = "imaps://imap.example.com";
    let only_token = || endpoint(at, vec![("XOAUTH2", opened())]);
    let one = report(Some(BOTH), vec![only_token()], &[]);
    let open = not_checked(&one).unwrap();
    assert_eq!(open.missing, Missing::Secret(Kind::Password));
    assert_eq!(
        told(&open),
        "no method that was tried presents a password (--methods, or methods in --targets)"
    );
    assert_eq!(exit_code(&[one]), 3);
    let spent = endpoint(at, vec![("PLAIN", skipped(Skip::Budget)), ("XOAUTH2", opened())]);
    assert_eq!(exit_code(&[report(Some(BOTH), vec![spent], &["XOAUTH2=usable"])]), 4);
    let password = endpoint(at, vec![("PLAIN", opened()), ("XOAUTH2", skipped(Skip::Unrepresentable))]);
    let other = report(Some(BOTH), vec![password], &[]);
    assert_eq!(not_checked(&other).unwrap().missing, Missing::Secret(Kind::Token));
    // The secret that was not given is not missed.
    assert_eq!(not_checked(&report(Some(&[Kind::Token]), vec![only_token()], &[])), None);
}

#[test]
fn a_login_that_broke_before_it_was_shown_is_no_presentation() {
    let never = Outcome::Inconclusive {
        failure: Failure::new(Phase::Connect, Trouble::ConnectionReset, ""),
        answer: None,
        evidence: None,
    };
    let at = "imaps://imap.example.com";
    let report = report(
        Some(BOTH),
        vec![endpoint(at, vec![("XOAUTH2", opened()), ("PLAIN", never)])],
        &["XOAUTH2=usable"],
    );
    let open = not_checked(&report).unwrap();
    assert_eq!(
        (open.missing, told(&open).as_str()),
        (Missing::Secret(Kind::Password), "the connection was reset")
    );
    assert_eq!(exit_code(&[report]), 3);
}

#[test]
fn one_endpoint_of_several_that_could_not_be_tried_is_named() {
    let fine = || endpoint("imaps://imap.example.com", vec![("PLAIN", opened())]);
    let pop = "pop3s://pop.example.com";
    for (other, code) in [
        (unreachable(pop, Trouble::ConnectionRefused), 3),
        (untrusted(pop, GOOD), 3),
        (endpoint(pop, vec![("PLAIN", skipped(Skip::PlaintextForbidden))]), 3),
        (endpoint(pop, vec![("PLAIN", skipped(Skip::Budget))]), 4),
    ] {
        let report = report(Some(PASSWORD), vec![fine(), other], &["imap/PLAIN=usable"]);
        let open = not_checked(&report).unwrap();
        assert_eq!(open.missing, Missing::Endpoints);
        assert_eq!(open.reasons[0].endpoints, ["pop3s://pop.example.com:995"]);
        assert!(!open.reasons[0].everywhere);
        assert_eq!(report.verdict.as_ref().unwrap().status, VerdictStatus::Unknown, "{open:?}");
        assert_eq!(exit_code(std::slice::from_ref(&report)), code, "{open:?}");
    }
    // What the user left out by the choice of methods is the user's business, as long as the secret was seen somewhere.
    let report =
        report(Some(PASSWORD), vec![fine(), endpoint("ews://h", Vec::new())], &["imap/PLAIN=usable"]);
    assert_eq!(not_checked(&report), None);
}

#[test]
fn there_is_nothing_to_judge_only_where_nothing_was_asked_for() {
    let at = "imaps://imap.example.com";
    let asked_nothing = || endpoint(at, vec![("PLAIN", skipped(Skip::NotAsked))]);
    let quiet = report(Some(&[]), vec![asked_nothing()], &[]);
    assert_eq!((conclusion(&quiet), exit_code(&[quiet])), (Conclusion::NothingAsked, 0));
    let dead = report(Some(&[]), vec![unreachable(at, Trouble::NoSuchHost)], &[]);
    let open = not_checked(&dead).unwrap();
    assert_eq!((open.missing, open.reasons[0].everywhere), (Missing::Endpoints, true));
    assert_eq!(conclusion(&dead), Conclusion::NotChecked(open));
    assert_eq!(dead.verdict.as_ref().unwrap().rules[0].because.to_string(), "not checked: no such host");
    assert_eq!(exit_code(&[dead]), 3);
}

#[test]
fn a_report_of_an_earlier_version_shows_by_its_attempts_what_was_given() {
    let at = "imaps://imap.example.com";
    let old = report(None, vec![untrusted(at, GOOD)], &[]);
    assert_eq!(given(&old), PASSWORD);
    assert_eq!(exit_code(&[old]), 3);
    let bare = report(
        None,
        vec![endpoint(
            at,
            vec![("PLAIN", skipped(Skip::NoPassword)), ("GSSAPI", skipped(Skip::Unimplemented))],
        )],
        &[],
    );
    assert_eq!((given(&bare), exit_code(&[bare])), (Vec::new(), 0));
}

#[test]
fn a_token_that_its_issuer_does_not_give_leaves_its_endpoints_open() {
    let finding = Finding {
        id: "token-not-obtained".into(),
        severity: Severity::Critical,
        title: String::new(),
        explanation: String::new(),
        remedy: String::new(),
        endpoint: None,
        evidence: None,
    };
    let at = "imaps://imap.example.com";
    let attempts = vec![("PLAIN", opened()), ("XOAUTH2", skipped(Skip::NoToken))];
    let mut report = report(Some(BOTH), vec![endpoint(at, attempts)], &[]);
    report.findings = vec![finding];
    report.verdict = judge(&report, &[]);
    let open = not_checked(&report).unwrap();
    assert_eq!((open.missing, told(&open).as_str()), (Missing::Secret(Kind::Token), "no token was obtained"));
    assert_eq!(exit_code(&[report]), 3);
}

#[test]
fn a_server_that_offers_no_password_to_a_run_that_tries_what_is_offered_is_told_so() {
    let at = "imaps://imap.example.com";
    let tried = |offers: &[&str]| {
        let endpoint = sample::endpoint(at, vec![("XOAUTH2", skipped(Skip::NoToken))], offers);
        told(&not_checked(&report(Some(PASSWORD), vec![endpoint], &[])).unwrap())
    };
    assert_eq!(
        tried(&["XOAUTH2"]),
        "the server offers no method that presents a password (leave out --no-unadvertised, or --methods)"
    );
    // One that is offered and was not tried was left out by name; so it was where one was tried that is not offered.
    let by_name = "no method that was tried presents a password (--methods, or methods in --targets)";
    assert_eq!(tried(&["XOAUTH2", "PLAIN"]), by_name);
    assert_eq!(tried(&["OAUTHBEARER"]), by_name);
}
