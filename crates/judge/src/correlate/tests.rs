use mailprobe_probes::model::{EndpointReport, Fact, LineRange, Method};

use super::*;
use crate::sample::{endpoint, opened, refused, refused_with, report, skipped};

const SMTP: &str = "smtp://smtp.example.com";
const IMAP: &str = "imaps://imap.example.com";
const POP: &str = "pop3s://pop.example.com";

/// The causes of a method after correlation, and the ids of the findings.
fn settled(endpoints: Vec<EndpointReport>, on: usize, method: &str) -> (Vec<Cause>, Vec<String>) {
    let mut report = report(endpoints);
    let before: Vec<&str> = words(&report);
    let before: Vec<String> = before.into_iter().map(str::to_owned).collect();
    correlate(&mut report);
    assert_eq!(before, words(&report), "an outcome was changed");
    for finding in &report.findings {
        assert!(
            finding.endpoint.is_some() && finding.evidence.is_some() && finding.severity == Severity::Info
        );
        assert!(finding.explanation.contains("lines 3-4"), "{}", finding.explanation);
    }
    let method = Method::from_name(method);
    let attempt = report.endpoints[on].attempts.iter().find(|attempt| attempt.method == method).unwrap();
    let causes = attempt.outcome.diagnosis().map(|diagnosis| diagnosis.causes.clone()).unwrap_or_default();
    (causes, report.findings.iter().map(|finding| finding.id.clone()).collect())
}

fn words(report: &Report) -> Vec<&'static str> {
    report
        .endpoints
        .iter()
        .flat_map(|endpoint| &endpoint.attempts)
        .map(|attempt| attempt.outcome.word())
        .collect()
}

const BAD: &[Cause] = &[Cause::BadCredentials, Cause::BasicDisabled, Cause::AppPasswordRequired];
const TOKEN: &[Cause] =
    &[Cause::TokenInvalid, Cause::TokenExpired, Cause::TokenMissingScope, Cause::TokenWrongUser];
const SAID: &str =
    "535 5.7.3 Authentication unsuccessful [FR3P281CA0157.DEUP281.PROD.OUTLOOK.COM 2026-11-22]";

#[test]
fn one_sentence_for_password_and_token_means_that_smtp_auth_is_off_where_the_token_is_good_elsewhere() {
    let smtp = |password: &str| {
        let attempts = vec![
            ("LOGIN", refused_with(BAD, "smtp-bad-credentials", password)),
            ("XOAUTH2", refused_with(TOKEN, "smtp-token-refused", SAID)),
        ];
        endpoint(SMTP, attempts, &["LOGIN", "XOAUTH2"])
    };
    let imap = || endpoint(IMAP, vec![("XOAUTH2", opened())], &["XOAUTH2"]);
    // The host in brackets is another on each connection.
    let other_front = "535 5.7.3 Authentication unsuccessful [AM0PR01 2026-11-23]";
    let (causes, findings) = settled(vec![smtp(other_front), imap()], 0, "LOGIN");
    assert_eq!(causes[..2], [Cause::SmtpAuthDisabledMailbox, Cause::SmtpAuthDisabledTenant]);
    // Nothing shows that this password is right.
    assert!(causes.contains(&Cause::BadCredentials));
    assert_eq!(findings, ["correlated-smtp-auth-off"]);
    let (causes, _) = settled(vec![smtp(SAID), imap()], 0, "XOAUTH2");
    assert!(
        !causes.contains(&Cause::TokenInvalid) && causes[0] == Cause::SmtpAuthDisabledMailbox,
        "{causes:?}"
    );
    // Both may be wrong where neither opens anything.
    assert_eq!(settled(vec![smtp(SAID)], 0, "LOGIN"), (BAD.to_vec(), vec![]));
    // Another sentence for the password is another reason.
    assert_eq!(settled(vec![smtp("535 no such password"), imap()], 0, "LOGIN").0, BAD);
}

#[test]
fn what_a_server_said_plainly_of_the_password_stands() {
    let plain =
        refused_with(&[Cause::BadCredentials, Cause::AppPasswordRequired], "smtp-password-refused", SAID);
    let smtp = endpoint(SMTP, vec![("LOGIN", plain)], &["LOGIN"]);
    let imap = endpoint(IMAP, vec![("PLAIN", opened())], &["PLAIN"]);
    let (causes, findings) = settled(vec![smtp, imap], 0, "LOGIN");
    assert_eq!((causes[0], findings.len()), (Cause::BadCredentials, 0));
}

#[test]
fn a_password_that_opens_another_protocol_is_not_wrong_here() {
    let imap = || endpoint(IMAP, vec![("PLAIN", refused_with(BAD, "bad-credentials", "NO no"))], &["PLAIN"]);
    let pop = |host: &str| endpoint(host, vec![("PLAIN", opened())], &["PLAIN"]);
    let (causes, findings) = settled(vec![imap(), pop(POP)], 0, "PLAIN");
    assert_eq!(causes, [Cause::BasicDisabled, Cause::ProtocolDisabled, Cause::AppPasswordRequired]);
    assert_eq!(findings, ["correlated-password-known-good"]);
    // Another service has passwords of its own.
    assert_eq!(settled(vec![imap(), pop("pop3s://pop.other.example")], 0, "PLAIN").0, BAD);
    assert_eq!(settled(vec![imap(), pop("pop3s://192.0.2.1")], 0, "PLAIN").0, BAD);
}

#[test]
fn a_password_that_another_method_here_takes_leaves_the_method() {
    let attempts = vec![("PLAIN", opened()), ("SCRAM-SHA-1", refused(Cause::BadCredentials))];
    let (causes, findings) = settled(vec![endpoint(IMAP, attempts, &["PLAIN"])], 0, "SCRAM-SHA-1");
    assert_eq!(causes, [Cause::MechanismUnsupported]);
    assert_eq!(findings, ["correlated-other-password-method"]);
}

#[test]
fn a_refusal_where_only_tokens_are_offered_says_nothing_of_the_password() {
    let plain = || vec![("PLAIN", refused(Cause::BadCredentials))];
    let (causes, findings) = settled(vec![endpoint(IMAP, plain(), &["XOAUTH2"])], 0, "PLAIN");
    assert_eq!(causes, [Cause::BasicDisabled, Cause::MechanismUnsupported, Cause::BadCredentials]);
    assert_eq!(findings, ["correlated-password-not-offered"]);
    // Where a password is offered, or nothing at all, it may well be this one.
    for offers in [&["XOAUTH2", "LOGIN"] as &[&str], &[], &["GSSAPI"]] {
        assert_eq!(settled(vec![endpoint(IMAP, plain(), offers)], 0, "PLAIN").0, [Cause::BadCredentials]);
    }
}

#[test]
fn a_token_that_sends_mail_and_does_not_open_imap_lacks_the_scope_or_the_switch() {
    let smtp = || endpoint(SMTP, vec![("XOAUTH2", opened())], &["XOAUTH2"]);
    let failed = refused_with(TOKEN, "exchange-token-failed", "NO AUTHENTICATE failed.");
    let imap = endpoint(IMAP, vec![("XOAUTH2", failed)], &["XOAUTH2"]);
    let (causes, findings) = settled(vec![smtp(), imap], 1, "XOAUTH2");
    assert_eq!(causes, [Cause::ProtocolDisabled, Cause::TokenMissingScope, Cause::TokenWrongUser]);
    assert_eq!(findings, ["correlated-protocol-off-or-scope"]);
    // The mailbox that stays shut after the login is explained alike, and the login stays accepted.
    let Outcome::Refused { reply, diagnosis, evidence, .. } = refused_with(
        &[Cause::NoMailboxPermission, Cause::ProtocolDisabled],
        "authenticated-but-not-connected",
        "BAD not connected.",
    ) else {
        panic!("not refused")
    };
    let session = Session::Shut { reply: reply.clone(), evidence, diagnosis };
    let shut = Outcome::Accepted { reply, evidence, session };
    let (causes, _) =
        settled(vec![smtp(), endpoint(IMAP, vec![("XOAUTH2", shut)], &["XOAUTH2"])], 1, "XOAUTH2");
    assert_eq!(causes[0], Cause::ProtocolDisabled);
}

/// What is known of a token beforehand.
fn known(id: &str, url: &str) -> Finding {
    Finding {
        id: id.into(),
        severity: Severity::Warning,
        title: "t".into(),
        explanation: "e.".into(),
        remedy: "r".into(),
        endpoint: Some(url.into()),
        evidence: None,
    }
}

#[test]
fn a_token_without_a_role_leaves_open_why_exchange_refuses_it() {
    let smtp = || {
        let refused = refused_with(TOKEN, "smtp-exchange-token-unspecific", SAID);
        endpoint("smtp://smtp.office365.com", vec![("XOAUTH2", refused)], &["XOAUTH2"])
    };
    let causes = |report: &Report| {
        report.endpoints[0].attempts[0].outcome.diagnosis().map(|diagnosis| diagnosis.causes.clone()).unwrap()
    };
    let mut report = report(vec![smtp()]);
    report.findings.push(known("token-no-role", &smtp().url));
    correlate(&mut report);
    assert_eq!(causes(&report)[..2], [Cause::NoMailboxPermission, Cause::TokenMissingScope]);
    assert!(TOKEN.iter().all(|cause| causes(&report).contains(cause)), "{:?}", causes(&report));
    let finding = &report.findings[1];
    assert_eq!(finding.id, "correlated-right-in-exchange");
    for words in
        ["outside its scope", "30 minutes to 2 hours", "Leaves open XOAUTH2 on smtp://smtp.office365.com"]
    {
        assert!(finding.explanation.contains(words), "{words}: {}", finding.explanation);
    }
    assert!(!finding.explanation.contains("Settles"), "{}", finding.explanation);
    // A role that is missing for good is settled as ever.
    let mut report = crate::sample::report(vec![smtp()]);
    report.findings.push(known("token-missing-scope", &smtp().url));
    correlate(&mut report);
    assert_eq!(causes(&report)[0], Cause::TokenMissingScope);
    assert_eq!(report.findings[1].id, "correlated-token-preflight");
    assert!(report.findings[1].explanation.contains("Settles"));
}

#[test]
fn what_else_a_token_without_a_role_opens_leaves_its_right_here_open_too() {
    let smtp = || {
        let refused = refused_with(TOKEN, "smtp-exchange-token-unspecific", SAID);
        endpoint(SMTP, vec![("XOAUTH2", refused)], &["XOAUTH2"])
    };
    let first = |others: Vec<EndpointReport>| {
        let mut report = report([vec![smtp()], others].concat());
        report.findings.push(known("token-no-role", &smtp().url));
        correlate(&mut report);
        let causes = &report.endpoints[0].attempts[0].outcome.diagnosis().unwrap().causes;
        (causes.clone(), report.findings.last().unwrap().id.clone())
    };
    // Exchange grants each protocol by itself, so that EWS is open says that the token is genuine, and no more.
    let open = endpoint("ews://ews.example.com", vec![("Bearer", opened())], &["Bearer"]);
    let (causes, id) = first(vec![open]);
    assert_eq!(id, "correlated-right-in-exchange");
    assert_eq!(causes, [Cause::NoMailboxPermission, Cause::TokenMissingScope, Cause::TokenWrongUser]);
    // That it finds no right for itself says nothing of SMTP; that the token is for another resource says it all.
    let lines = LineRange::new(3, 4);
    assert_eq!(
        first(vec![ews("2000008", lines)]).0[..2],
        [Cause::NoMailboxPermission, Cause::TokenMissingScope]
    );
    assert_eq!(first(vec![ews("2000003", lines)]).0[0], Cause::TokenWrongAudience);
    // Where another mechanism takes the token, the right is there.
    let both = vec![("XOAUTH2", opened()), ("OAUTHBEARER", refused(Cause::TokenInvalid))];
    let mut report = report(vec![endpoint(SMTP, both, &["XOAUTH2"])]);
    report.findings.push(known("token-no-role", &smtp().url));
    correlate(&mut report);
    let causes = &report.endpoints[0].attempts[1].outcome.diagnosis().unwrap().causes;
    assert_eq!(*causes, [Cause::MechanismUnsupported]);
}

#[test]
fn a_second_token_mechanism_is_refused_for_itself() {
    let attempts = vec![("XOAUTH2", opened()), ("OAUTHBEARER", refused(Cause::TokenInvalid))];
    let (causes, _) = settled(vec![endpoint(IMAP, attempts, &["XOAUTH2"])], 0, "OAUTHBEARER");
    assert_eq!(causes, [Cause::MechanismUnsupported]);
}

fn ews(code: &str, at: LineRange) -> EndpointReport {
    let mut ews =
        endpoint("ews://ews.example.com", vec![("Bearer", refused(Cause::TokenInvalid))], &["Bearer"]);
    ews.facts = vec![Fact { name: "diagnostics-code".into(), value: code.into(), evidence: at }];
    ews
}

#[test]
fn what_ews_says_of_the_token_explains_the_other_protocols() {
    let here = LineRange::new(4, 9);
    let imap =
        || endpoint(IMAP, vec![("XOAUTH2", refused_with(TOKEN, "token-refused", "NO no"))], &["XOAUTH2"]);
    for (code, cause) in [
        ("2000002", Cause::TokenExpired),
        ("2000003", Cause::TokenWrongAudience),
        ("2000008", Cause::TokenMissingScope),
    ] {
        let (causes, findings) = settled(vec![ews(code, here), imap()], 1, "XOAUTH2");
        assert_eq!((causes[0], findings), (cause, vec!["correlated-token-diagnostics".to_owned()]), "{code}");
    }
    // A healthy server says 4000000 too; and what was said to another request is not about this token.
    assert_eq!(settled(vec![ews("4000000", here), imap()], 1, "XOAUTH2").0, TOKEN);
    assert_eq!(settled(vec![ews("2000003", LineRange::new(40, 41)), imap()], 1, "XOAUTH2").0, TOKEN);
    // Two reasons for one token are none.
    assert_eq!(settled(vec![ews("2000003", here), imap(), ews("2000002", here)], 1, "XOAUTH2").0, TOKEN);
}

#[test]
fn a_token_that_works_elsewhere_leaves_what_ews_says_to_ews() {
    let refused =
        || endpoint(POP, vec![("XOAUTH2", refused_with(TOKEN, "token-refused", "-ERR no"))], &["XOAUTH2"]);
    let imap = endpoint(IMAP, vec![("XOAUTH2", opened())], &["XOAUTH2"]);
    let all = || vec![ews("2000003", LineRange::new(4, 9)), refused(), imap.clone()];
    let (causes, findings) = settled(all(), 1, "XOAUTH2");
    assert_eq!(
        (causes[0], findings),
        (Cause::ProtocolDisabled, vec!["correlated-protocol-off-or-scope".to_owned()])
    );
    assert_eq!(settled(all(), 0, "Bearer").0, [Cause::TokenInvalid]);
}

#[test]
fn smtp_auth_is_not_off_where_one_login_is_taken() {
    let attempts = vec![
        ("PLAIN", opened()),
        ("LOGIN", refused_with(BAD, "smtp-bad-credentials", SAID)),
        ("XOAUTH2", refused_with(TOKEN, "smtp-token-refused", SAID)),
    ];
    let smtp = endpoint(SMTP, attempts, &["PLAIN", "LOGIN", "XOAUTH2"]);
    let imap = endpoint(IMAP, vec![("PLAIN", opened())], &["PLAIN"]);
    let (causes, findings) = settled(vec![smtp, imap], 0, "LOGIN");
    assert_eq!(
        (causes[0], findings),
        (Cause::MechanismUnsupported, vec!["correlated-other-password-method".to_owned()])
    );
}

#[test]
fn basic_goes_first_where_the_service_says_so_elsewhere_and_tokens_work() {
    let pop = |token| {
        let attempts = vec![
            ("USER-PASS", refused_with(BAD, "pop3-exchange-login-failed", "-ERR no")),
            ("XOAUTH2", token),
        ];
        endpoint(POP, attempts, &["USER-PASS", "XOAUTH2"])
    };
    let imap = |cause| endpoint(IMAP, vec![("PLAIN", refused(cause))], &["PLAIN"]);
    let (causes, findings) = settled(vec![pop(opened()), imap(Cause::BasicDisabled)], 0, "USER-PASS");
    assert_eq!(causes, [Cause::BasicDisabled, Cause::BadCredentials, Cause::AppPasswordRequired]);
    assert_eq!(findings, ["correlated-basic-disabled"]);
    // A wrong password beside a good token looks just so: without the server's word nothing is concluded.
    assert_eq!(settled(vec![pop(opened()), imap(Cause::AccountLocked)], 0, "USER-PASS").0, BAD);
    let no_token = pop(skipped(mailprobe_probes::model::Skip::NoToken));
    assert_eq!(settled(vec![no_token, imap(Cause::BasicDisabled)], 0, "USER-PASS").0, BAD);
}

#[test]
fn exchange_that_refuses_every_password_alike_beside_a_good_token_has_basic_off_first() {
    let attempts = |second: &str| {
        let no = |words: &str| refused_with(BAD, "smtp-bad-credentials", words);
        vec![("LOGIN", no(SAID)), ("PLAIN", no(second)), ("XOAUTH2", opened())]
    };
    let exchange = "smtp://smtp.office365.com";
    let (causes, _) = settled(vec![endpoint(exchange, attempts(SAID), &["LOGIN", "XOAUTH2"])], 0, "LOGIN");
    assert_eq!(causes[0], Cause::BasicDisabled);
    for (host, second) in [(exchange, "535 5.7.9 another"), (SMTP, SAID)] {
        let (causes, _) = settled(vec![endpoint(host, attempts(second), &["LOGIN", "XOAUTH2"])], 0, "LOGIN");
        assert_eq!(causes[0], Cause::BadCredentials, "{host} {second}");
    }
}

#[test]
fn the_same_report_comes_out_the_same_and_the_rule_that_read_the_answer_stays_named() {
    let smtp = endpoint(SMTP, vec![("XOAUTH2", opened())], &["XOAUTH2"]);
    let imap = endpoint(IMAP, vec![("XOAUTH2", refused_with(TOKEN, "token-refused", "NO no"))], &["XOAUTH2"]);
    let (mut one, mut two) = (report(vec![smtp.clone(), imap.clone()]), report(vec![smtp, imap]));
    correlate(&mut one);
    correlate(&mut two);
    assert_eq!(one, two);
    let diagnosis = one.endpoints[1].attempts[0].outcome.diagnosis().unwrap();
    assert_eq!(diagnosis.rule, "token-refused");
    assert!(
        diagnosis.explanation.starts_with("e The other cells say more: The same token"),
        "{}",
        diagnosis.explanation
    );
    // A second time there is nothing left to say.
    let findings = one.findings.len();
    correlate(&mut one);
    assert_eq!(one.findings.len(), findings);
}

#[test]
fn the_rules_that_name_a_wrong_password_outright_are_still_called_so() {
    use mailprobe_probes::diagnose::{Answer, Step, diagnose};
    use mailprobe_probes::model::{Kind, Protocol, Reply};
    let told = |protocol: Protocol, status: &str, text: &str| {
        let reply = Reply { status: status.into(), code: None, enhanced: None, text: text.into() };
        diagnose(&Answer::new(protocol, Step::Login(Kind::Password), &reply)).rule
    };
    let smtp =
        told(Protocol::Smtp, "535", "Authentication unsuccessful, the user credentials were incorrect.");
    let imap = told(Protocol::Imap, "NO", "no such user");
    assert_eq!([smtp.as_str(), imap.as_str()], super::cells::PLAINLY_CREDENTIALS);
}

#[test]
fn the_same_words_of_an_organisation_for_password_and_token_are_one_policy() {
    const WORDS: &str = "NO sign-in is disabled by your organisation [lb-7]";
    const TOKEN: &[Cause] = &[Cause::TokenInvalid, Cause::TokenExpired, Cause::TokenMissingScope];
    let imap = |plain, words: &str| {
        let attempts = vec![
            ("PLAIN", refused_with(plain, "r", words)),
            ("XOAUTH2", refused_with(TOKEN, "token-mentioned", words)),
        ];
        vec![endpoint(IMAP, attempts, &["PLAIN", "XOAUTH2"])]
    };
    for plain in [&[Cause::ConditionalAccess][..], &[Cause::Unexplained]] {
        let (causes, findings) = settled(imap(plain, WORDS), 0, "XOAUTH2");
        assert_eq!(causes, [Cause::ConditionalAccess]);
        assert_eq!(findings, ["correlated-one-policy"]);
        assert_eq!(settled(imap(plain, WORDS), 0, "PLAIN").0, [Cause::ConditionalAccess]);
    }
    // A cause that the server named plainly for both stands, and no policy is put before it.
    for named in [
        Cause::SmtpAuthDisabledTenant,
        Cause::SmtpAuthDisabledMailbox,
        Cause::BasicDisabled,
        Cause::ProtocolDisabled,
        Cause::SecurityDefaults,
        Cause::ServiceRetired,
        Cause::AccountDisabled,
        Cause::AppBlocked,
        Cause::LocationBlocked,
    ] {
        let words = "535 5.7.139 Authentication unsuccessful, this is disabled for the tenant";
        let both = || {
            let refused = || refused_with(&[named], "r", words);
            let attempts = vec![("LOGIN", refused()), ("XOAUTH2", refused())];
            vec![endpoint(SMTP, attempts, &["LOGIN", "XOAUTH2"])]
        };
        for method in ["LOGIN", "XOAUTH2"] {
            assert_eq!(settled(both(), 0, method), (vec![named], vec![]), "{method}");
        }
    }
    // The words that every server has for both are no policy.
    let (causes, findings) = settled(imap(BAD, "NO Authentication failed."), 0, "XOAUTH2");
    assert_eq!((causes.as_slice(), findings.len()), (TOKEN, 0));
    // Neither are other words for the other credential.
    let mut apart = imap(BAD, WORDS);
    apart[0].attempts[0].outcome = refused_with(BAD, "bad-credentials", "NO wrong password");
    assert_eq!(settled(apart, 0, "XOAUTH2").0, TOKEN);
}
