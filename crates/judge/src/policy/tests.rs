use jiff::civil::{Date, date};
use mailprobe_probes::model::{
    Cause, EndpointReport, Fact, Outcome, Severity, Skip, TlsAnswer, TlsProtocol, TlsVersion, VerdictStatus,
};

use super::*;
use crate::sample::{endpoint, lines, opened, refused, report, silent, skipped};
use crate::{exit_code, judge_by};

fn policy(rules: &str) -> Policy {
    Policy::read("mine.toml", &format!("name = \"mine\"\n{rules}")).unwrap_or_else(|error| panic!("{error}"))
}

fn rule(body: &str) -> Policy {
    policy(&format!("[[rule]]\nid = \"it\"\n{body}\n"))
}

fn judged(policy: &Policy, endpoint: EndpointReport) -> (VerdictStatus, String) {
    let verdict = judge_by(&report(vec![endpoint]), &[], std::slice::from_ref(policy), None).unwrap();
    (verdict.status, verdict.rules.first().map_or(String::new(), |rule| rule.because.to_string()))
}

#[test]
fn one_password_that_is_taken_is_too_many_and_one_token_that_works_is_enough() {
    use VerdictStatus::{Fail, Pass, Unknown};
    let password = rule("methods = [\"password\"]\nstate = \"not-accepted\"");
    let token = rule("methods = [\"token\"]\nstate = \"usable\"");
    let no = || refused(Cause::BasicDisabled);
    for (name, attempts, offers, expected) in [
        ("tokens only", vec![("PLAIN", no()), ("XOAUTH2", opened())], vec!["XOAUTH2"], (Pass, Pass)),
        ("a hole", vec![("PLAIN", no()), ("LOGIN", opened()), ("XOAUTH2", no())], vec![], (Fail, Fail)),
        ("one of two tokens", vec![("XOAUTH2", opened()), ("OAUTHBEARER", no())], vec![], (Unknown, Pass)),
        ("offered and never tried", vec![("PLAIN", no())], vec!["PLAIN", "CRAM-MD5"], (Unknown, Unknown)),
        (
            "no token given",
            vec![("PLAIN", no()), ("XOAUTH2", skipped(Skip::NoToken))],
            vec![],
            (Pass, Unknown),
        ),
        ("silence", vec![("PLAIN", silent()), ("XOAUTH2", silent())], vec![], (Unknown, Unknown)),
        ("budget", vec![("PLAIN", no()), ("LOGIN", skipped(Skip::Budget))], vec![], (Unknown, Unknown)),
    ] {
        let here = || endpoint("imaps://h", attempts.clone(), &offers);
        let is = (judged(&password, here()).0, judged(&token, here()).0);
        assert_eq!(is, expected, "{name}");
    }
}

#[test]
fn what_decided_is_named_with_its_lines() {
    let here = endpoint("smtp://h", vec![("PLAIN", refused(Cause::BasicDisabled)), ("LOGIN", opened())], &[]);
    let off = rule(
        "protocols = [\"smtp\"]\nmethods = [\"password\"]\nstate = \"not-accepted\"\nbecause = \"b\"\nsource = \"s\"",
    );
    let verdict = judge_by(&report(vec![here]), &[], &[off], None).unwrap();
    let rule = &verdict.rules[0];
    assert_eq!(
        (rule.rule().as_str(), rule.because.to_string().as_str()),
        ("smtp/every password=not-accepted", "LOGIN: accepted")
    );
    assert_eq!(rule.evidence, Some(lines()));
    let origin = rule.origin.as_ref().unwrap();
    assert_eq!((origin.policy.as_str(), origin.id.as_str(), origin.source.as_str()), ("mine", "it", "s"));
}

#[test]
fn a_rule_holds_from_its_first_day_until_the_day_before_its_end() {
    let dated =
        rule("methods = [\"password\"]\nstate = \"not-accepted\"\nfrom = 2026-12-31\nuntil = 2027-04-01");
    let here = report(vec![endpoint("smtp://h", vec![("LOGIN", opened())], &["LOGIN"])]);
    for (at, rules) in
        [(date(2026, 12, 30), 0), (date(2026, 12, 31), 1), (date(2027, 3, 31), 1), (date(2027, 4, 1), 0)]
    {
        let verdict = judge_by(&here, &[], std::slice::from_ref(&dated), Some(at)).unwrap();
        assert_eq!(verdict.rules.len(), rules, "{at}");
        let status = if rules == 0 { VerdictStatus::Unknown } else { VerdictStatus::Fail };
        assert_eq!(verdict.status, status, "{at}");
    }
    // Without a day the report's own counts, and a verdict over nothing is no success.
    let mut here = here;
    here.verdict = judge_by(&here, &[], &[dated], None);
    assert_eq!(exit_code(&[here]), 3);
}

#[test]
fn a_mailbox_can_be_left_out_by_name_or_by_domain() {
    let body = "methods = [\"password\"]\nstate = \"not-accepted\"\nexcept = ";
    for (except, rules) in [
        ("[\"ALICE@example.com\"]", 0),
        ("[\"*@example.COM\"]", 0),
        ("[\"bob@example.com\", \"*@other.example\"]", 1),
    ] {
        let here = report(vec![endpoint("imaps://h", vec![("PLAIN", opened())], &[])]);
        let verdict = judge_by(&here, &[], &[rule(&format!("{body}{except}"))], None).unwrap();
        assert_eq!(verdict.rules.len(), rules, "{except}");
    }
}

#[test]
fn advice_is_told_and_never_decides() {
    let advice = rule("methods = [\"password\"]\nstate = \"not-advertised\"\nseverity = \"info\"");
    let mut here = report(vec![endpoint("imaps://h", vec![("XOAUTH2", opened())], &["PLAIN", "XOAUTH2"])]);
    here.verdict = judge_by(&here, &["XOAUTH2=usable".parse().unwrap()], &[advice], None);
    let verdict = here.verdict.as_ref().unwrap();
    assert_eq!(verdict.policy(), "mine, command line");
    let statuses: Vec<_> = verdict.rules.iter().map(|rule| rule.status).collect();
    assert_eq!(statuses, [VerdictStatus::Pass, VerdictStatus::Fail]);
    assert_eq!((verdict.status, exit_code(&[here])), (VerdictStatus::Pass, 0));
}

#[test]
fn advice_that_nobody_can_decide_leaves_the_exit_status_alone() {
    let body = "tls-at-least = \"1.2\"\nseverity = ";
    for (severity, code) in [("info", 0), ("warning", 3)] {
        let advice = rule(&format!("{body}\"{severity}\""));
        let mut here = report(vec![endpoint("imaps://h", vec![("XOAUTH2", opened())], &["XOAUTH2"])]);
        here.verdict = judge_by(&here, &["XOAUTH2=usable".parse().unwrap()], &[advice], None);
        assert_eq!(exit_code(&[here]), code, "{severity}");
    }
}

#[test]
fn a_budget_that_is_spent_leaves_a_rule_for_later() {
    let off = rule("methods = [\"password\"]\nstate = \"not-accepted\"");
    let attempts = vec![("PLAIN", skipped(Skip::Budget)), ("LOGIN", skipped(Skip::Budget))];
    let mut here = report(vec![endpoint("imaps://h", attempts, &[])]);
    here.verdict = judge_by(&here, &[], &[off], None);
    assert_eq!(exit_code(&[here]), 4);
}

#[test]
fn versions_of_tls_and_of_activesync_have_a_floor() {
    let floor = rule("tls-at-least = \"1.2\"");
    let mut old = endpoint("imaps://h", vec![], &["PLAIN"]);
    assert_eq!(judged(&floor, old.clone()).0, VerdictStatus::Unknown);
    let asked = |version, taken: bool| TlsVersion {
        version,
        answer: if taken {
            TlsAnswer::Accepted { cipher: "c".into(), words: "w".into(), evidence: lines() }
        } else {
            TlsAnswer::Refused { words: "w".into(), evidence: lines() }
        },
    };
    old.tls_versions = vec![asked(TlsProtocol::Tls10, false), asked(TlsProtocol::Tls11, true)];
    assert_eq!(judged(&floor, old.clone()), (VerdictStatus::Fail, "TLS 1.1 is accepted".into()));
    old.tls_versions[1] = asked(TlsProtocol::Tls11, false);
    assert_eq!(judged(&floor, old).0, VerdictStatus::Pass);

    let floor = rule("activesync-at-least = \"16.1\"");
    for (offered, status) in [("14.1,16.1", VerdictStatus::Fail), ("16.1", VerdictStatus::Pass)] {
        let mut eas = endpoint("eas://h", vec![], &[]);
        eas.facts =
            vec![Fact { name: "activesync-versions".into(), value: offered.into(), evidence: lines() }];
        assert_eq!(judged(&floor, eas).0, status, "{offered}");
    }
    // It is not about other protocols.
    assert_eq!(judged(&floor, endpoint("imaps://h", vec![], &[])).1, "");
}

#[test]
fn all_mistakes_of_a_policy_are_told_at_once() {
    let text = "name = \"My Policy\"\n\
        [[rule]]\nid = \"one\"\nprotocols = [\"gopher\", \"imap\", \"uucp\"]\nmethods = [\"PLAIN\"]\nstate = \"dead\"\n\
        [[rule]]\nid = \"two\"\nmethods = [\"PLAIN\"]\nstate = \"refused\"\nfrom = 2027-01-01\nuntil = 2026-01-01\n\
        [[rule]]\nid = \"two\"\ntls-at-least = 1.2\ncolour = \"red\"\n";
    let told = Policy::read("mine.toml", text).unwrap_err().to_string();
    let places: Vec<&str> = told.lines().map(|line| line.split(": ").next().unwrap()).collect();
    let wanted = ["1:8", "4:14", "4:32", "6:9", "12:9", "14:6", "15:16", "16:1"];
    assert_eq!(places, wanted.map(|place| format!("mine.toml:{place}")), "{told}");
}

#[test]
fn a_mistake_is_named_with_file_line_value_and_what_is_allowed() {
    let head = "name = \"mine\"\n[[rule]]\nid = \"it\"\n";
    for (text, expected) in [
        (
            "protocols = [\"gopher\"]",
            &["mine.toml:4:14: unknown protocol `gopher`: use imap, pop3, smtp"] as &[_],
        ),
        (
            "methods = [\"PLIAN\"]\nstate = \"refused\"",
            &["mine.toml:4:", "`PLIAN`", "password, token, PLAIN"],
        ),
        (
            "methods = [\"PLAIN\"]\nstate = \"dead\"",
            &["mine.toml:5:9: unknown state `dead`: use usable, accepted"],
        ),
        ("methods = [\"PLAIN\"]", &["mine.toml:4:", "no `state`: use usable"]),
        ("state = \"refused\"", &["mine.toml:4:", "no `methods`"]),
        ("methods = []\nstate = \"refused\"", &["mine.toml:4:", "empty"]),
        ("methods = [\"password\", \"PLAIN\"]\nstate = \"refused\"", &["mine.toml:4:", "stands alone"]),
        ("wants = 1", &["mine.toml:4:", "`wants`", "`protocols`"]),
        (
            "severity = \"fatal\"\ntls-at-least = \"1.2\"",
            &["mine.toml:4:12: unknown severity `fatal`: use info, warning, critical"],
        ),
        ("tls-at-least = \"1.4\"", &["mine.toml:4:", "`1.4`: use 1.0, 1.1, 1.2, 1.3"]),
        ("activesync-at-least = \"new\"", &["mine.toml:4:", "`new`", "16.1"]),
        ("tls-at-least = \"1.2\"\nfrom = \"2026-12-31\"", &["mine.toml:5:", "2026-12-31"]),
        (
            "tls-at-least = \"1.2\"\nfrom = 2026-12-31T10:00:00Z",
            &["mine.toml:5:", "is no day", "without quotes"],
        ),
        (
            "tls-at-least = \"1.2\"\nfrom = 2027-01-01\nuntil = 2026-01-01",
            &["mine.toml:6:", "never in force"],
        ),
        ("tls-at-least = \"1.2\"\nexcept = [\"alice\"]", &["mine.toml:5:", "`alice`", "*@example.com"]),
        (
            "tls-at-least = \"1.2\"\nmethods = [\"PLAIN\"]\nstate = \"refused\"",
            &["mine.toml:3:", "one thing"],
        ),
        (
            "tls-at-least = \"1.2\"\n[[rule]]\nid = \"it\"\ntls-at-least = \"1.2\"",
            &["mine.toml:6:", "two rules", "`it`"],
        ),
        (
            "which = \"most\"\nmethods = [\"PLAIN\"]\nstate = \"refused\"",
            &["mine.toml:4:", "`most`: use all, any"],
        ),
        ("because = \"", &["mine.toml:4:"]),
    ] {
        let message = Policy::read("mine.toml", &format!("{head}{text}\n")).unwrap_err().to_string();
        for part in expected {
            assert!(message.contains(part), "{text}: {message}");
        }
    }
    let message = Policy::read("mine.toml", "name = \"mine\"\n").unwrap_err().to_string();
    assert!(message.contains("no rule"), "{message}");
    let hostile = Policy::read("mi\u{1b}[2Jne", "name = \"\\u001B[31m\"").unwrap_err().to_string();
    assert!(!hostile.contains('\u{1b}'), "{hostile}");
}

#[test]
fn every_shipped_policy_is_read_and_every_rule_of_it_says_why_and_where_that_is_written() {
    for (name, text) in SHIPPED {
        let policy = Policy::read(name, text).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(policy.name, *name);
        assert!(!policy.title.is_empty());
        assert!(policy.reviewed.is_some(), "{name} does not say when its sources were read");
        for rule in &policy.rules {
            assert!(rule.reviewed.is_some(), "{name}/{}", rule.id);
            assert!(!rule.because.is_empty() && rule.source.starts_with("https://"), "{name}/{}", rule.id);
        }
    }
    assert_eq!(Policy::all_shipped().len(), 7);
}

#[test]
fn smtp_with_a_password_is_fine_in_november_2026_and_fails_on_the_last_day_of_the_year() {
    let policy = Policy::shipped("exchange-online-2026-12").unwrap();
    let attempts = vec![("LOGIN", opened()), ("XOAUTH2", opened())];
    let here = report(vec![endpoint("smtp://smtp.office365.com", attempts, &["LOGIN", "XOAUTH2"])]);
    let status = |at| judge_by(&here, &[], std::slice::from_ref(&policy), at).unwrap().status;
    assert_eq!(status(None), VerdictStatus::Pass);
    assert_eq!(status(Some(date(2026, 12, 31))), VerdictStatus::Fail);
}

#[test]
fn ews_is_wanted_until_april_2027_and_unwanted_from_then_on() {
    let policy = Policy::shipped("exchange-online-2027-04").unwrap();
    let here = report(vec![endpoint("ews://outlook.office365.com", vec![("Bearer", opened())], &["Bearer"])]);
    let failed = |at| {
        let verdict = judge_by(&here, &[], std::slice::from_ref(&policy), Some(at)).unwrap();
        let failed = verdict.rules.into_iter().filter(|rule| rule.status == VerdictStatus::Fail);
        failed.map(|rule| rule.origin.unwrap().id).collect::<Vec<_>>()
    };
    assert_eq!(failed(date(2027, 3, 31)), Vec::<String>::new());
    assert_eq!(failed(date(2027, 4, 1)), ["ews-token-end"]);
}

#[test]
fn hosts_are_compared_by_whole_labels() {
    let policy = Policy::shipped("exchange-online-2026-12").unwrap();
    for (host, about) in [
        ("smtp.office365.com", true),
        ("outlook.office365.us", true),
        ("evil-office365.us", false),
        ("outlook.sovcloud.fr", true),
        ("autodiscover-s.outlook.sovcloud.de", true),
        ("smtp-mail.outlook.com", true),
        ("imap-mail.outlook.com", true),
        ("pop-mail.outlook.com", true),
        ("eas.outlook.com", true),
        ("smtp-hve.office365.com", true),
        ("smtp.hve.mx.microsoft", true),
        ("contoso-com.q-v1.mx.microsoft", false),
        ("smtp.office365.com.example", false),
    ] {
        assert_eq!(policy.is_about_host(host), about, "{host}");
    }
}

#[test]
fn what_is_learned_from_a_host_holds_for_it_and_fails_where_something_changed() {
    let attempts = vec![
        ("PLAIN", refused(Cause::BasicDisabled)),
        ("LOGIN", refused(Cause::BadCredentials)),
        ("XOAUTH2", opened()),
        ("CRAM-MD5", silent()),
    ];
    let good = report(vec![endpoint("imaps://h", attempts, &["XOAUTH2", "OAUTHBEARER"])]);
    let text = learn(std::slice::from_ref(&good), "mine");
    let learned = Policy::read("learned", &text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let ids: Vec<&str> = learned.rules.iter().map(|rule| rule.id.as_str()).collect();
    assert_eq!(ids, ["imap-plain", "imap-login", "imap-xoauth2", "imap-oauthbearer"]);
    assert_eq!(
        judge_by(&good, &[], std::slice::from_ref(&learned), None).unwrap().status,
        VerdictStatus::Pass
    );
    let mut changed = good;
    changed.endpoints[0].attempts[0].outcome = opened();
    assert_eq!(judge_by(&changed, &[], &[learned], None).unwrap().status, VerdictStatus::Fail);
}

/// Ids of the rules with this status, of a shipped policy on a day.
fn ids_of(
    policy: &str,
    url: &str,
    method: &str,
    outcome: Outcome,
    at: Date,
    status: VerdictStatus,
) -> Vec<String> {
    let policy = Policy::shipped(policy).unwrap();
    let here = report(vec![endpoint(url, vec![(method, outcome)], &[method])]);
    let verdict = judge_by(&here, &[], &[policy], Some(at)).unwrap();
    let of = verdict.rules.into_iter().filter(|rule| rule.status == status);
    of.map(|rule| rule.origin.unwrap().id).collect()
}

#[test]
fn a_password_at_high_volume_email_is_no_fault_until_september_2028() {
    let failed = |host: &str, at| {
        let url = format!("smtp://{host}");
        ids_of("exchange-online-2026-12", &url, "LOGIN", opened(), at, VerdictStatus::Fail)
    };
    for host in ["smtp-hve.office365.com", "SMTP.hve.mx.microsoft"] {
        assert_eq!(failed(host, date(2026, 12, 31)), Vec::<String>::new(), "{host}");
        assert_eq!(failed(host, date(2028, 8, 31)), Vec::<String>::new(), "{host}");
        assert_eq!(failed(host, date(2028, 9, 1)), ["hve-password-off"], "{host}");
    }
    assert_eq!(failed("smtp.office365.com", date(2028, 9, 1)), ["smtp-password-off"]);
}

#[test]
fn ews_that_a_tenants_list_shuts_is_advice_and_only_in_its_months() {
    let failed = |at| {
        let refused = refused(Cause::AppBlocked);
        let url = "ews://outlook.office365.com";
        ids_of("exchange-online-2026-12", url, "Bearer", refused, at, VerdictStatus::Fail)
    };
    assert_eq!(failed(date(2026, 9, 30)), Vec::<String>::new());
    assert_eq!(failed(date(2026, 10, 1)), ["ews-allow-list"]);
    assert_eq!(failed(date(2027, 4, 1)), Vec::<String>::new());
    let policy = Policy::shipped("exchange-online-2026-12").unwrap();
    let rule = policy.rules.iter().find(|rule| rule.id == "ews-allow-list").unwrap();
    assert_eq!(rule.severity, Severity::Info);
    for said in ["EWSEnabled", "EwsAllowedAppIDs", "Kiosk", "Microsoft Graph"] {
        assert!(rule.because.contains(said), "{said}: {}", rule.because);
    }
}

#[test]
fn a_personal_mailbox_sends_by_graph_whatever_its_token() {
    let on = date(2026, 11, 30);
    let url = "smtp://smtp-mail.outlook.com";
    let refused = refused(Cause::SmtpAuthDisabledMailbox);
    let passed = ids_of("outlook-personal", url, "XOAUTH2", refused, on, VerdictStatus::Pass);
    assert_eq!(passed, ["smtp-token-refused"]);
    let failed = ids_of(
        "outlook-personal",
        "imaps://imap-mail.outlook.com",
        "PLAIN",
        opened(),
        on,
        VerdictStatus::Fail,
    );
    assert_eq!(failed, ["password-off", "imap-password-not-offered"]);
}

#[test]
fn a_policy_is_old_ninety_days_after_its_sources_were_read() {
    let text = "name = \"mine\"\nreviewed = 2026-11-30\n[[rule]]\nid = \"a\"\ntls-at-least = \"1.2\"\n\
                [[rule]]\nid = \"b\"\ntls-at-least = \"1.3\"\nreviewed = 2026-12-24\n";
    let policy = Policy::read("mine.toml", text).unwrap();
    let days: Vec<_> = policy.rules.iter().map(|rule| rule.reviewed).collect();
    assert_eq!(days, [Some(date(2026, 11, 30)), Some(date(2026, 12, 24))]);
    for (at, age, is_old) in [
        (date(2026, 11, 29), -1, false),
        (date(2026, 11, 30), 0, false),
        (date(2027, 2, 28), 90, false),
        (date(2027, 3, 1), 91, true),
    ] {
        assert_eq!((policy.age(at), policy.is_old(at)), (Some(age), is_old), "{at}");
    }
    let silent = Policy::read("mine.toml", &text.replace("reviewed = 2026-11-30\n", "")).unwrap();
    assert_eq!((silent.age(date(2031, 1, 1)), silent.is_old(date(2031, 1, 1))), (None, false));
}
