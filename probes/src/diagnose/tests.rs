use std::collections::HashSet;

use super::pasted::{Hints, explain};
use super::*;
use crate::model::{Kind, Protocol};

const PASSWORD: Step = Step::Login(Kind::Password);
const TOKEN: Step = Step::Login(Kind::Token);

fn every_rule() -> Vec<&'static Rule> {
    [POSITIVE, CATALOGUES, SENTENCES, CODES, REFUSALS, LAST].concat().into_iter().flatten().collect()
}

/// Every protocol and step that a rule admits, with the family it asks for.
fn circumstances(rule: &Rule) -> Vec<Hints<'static>> {
    let overs =
        [Over::IMAP, Over::POP3, Over::SMTP, Over::EWS, Over::ACTIVESYNC, Over::AUTODISCOVER, Over::OAUTH];
    let steps = [
        PASSWORD,
        TOKEN,
        Step::Session,
        Step::Greeting,
        Step::Capability,
        Step::Logout,
        Step::MailFrom,
        Step::Data,
        Step::Anonymous,
        Step::Request,
        Step::TokenRequest,
        Step::Unknown,
    ];
    let server = rule
        .servers
        .first()
        .map(|family| if *family == "exchange-cloud" { "exchange-online" } else { family });
    let over = overs.into_iter().filter(|over| rule.over.intersects(*over));
    over.flat_map(|over| {
        let admitted = steps.into_iter().filter(|step| rule.after.intersects(After::from(*step)));
        admitted.map(move |step| Hints { protocol: Some(over), step: Some(step), server })
    })
    .chain([Hints::default()])
    .collect()
}

#[test]
fn every_rule_has_an_id_of_its_own_words_and_a_source() {
    let mut ids = HashSet::new();
    for rule in every_rule() {
        let id = rule.id;
        assert!(ids.insert(id), "{id} twice");
        assert!(
            !id.is_empty() && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'),
            "{id}"
        );
        assert!(!rule.causes.is_empty() && !rule.source.is_empty() && !rule.example.is_empty(), "{id}");
        assert!(read_more(id).is_some_and(|address| address.starts_with("http")), "{id}: {}", rule.source);
        assert!(!rule.advice.remedy.contains("transcript"), "{id}: a pasted text has none");
        assert!(rule.advice.means.ends_with('.') && rule.advice.remedy.ends_with('.'), "{id}");
        assert!(rule.advice.next.is_empty() || rule.advice.next.ends_with('.'), "{id}");
        assert_eq!(
            rule.causes.iter().collect::<HashSet<_>>().len(),
            rule.causes.len(),
            "{id} names a cause twice"
        );
        assert!(!(rule.says.is_empty() && rule.codes.is_empty()), "{id} matches nothing");
        assert!(rule.with.is_empty() || !rule.says.is_empty(), "{id}: `with` asks for words");
        for piece in rule.says.iter().flat_map(|pieces| pieces.iter()).chain(rule.unless) {
            assert_eq!(*piece, piece.to_lowercase(), "{id}: texts are compared in lower case");
        }
        for code in rule.with.iter().chain(rule.codes) {
            assert!(code.contains(':') && *code == code.to_lowercase(), "{id}: {code}");
        }
    }
}

#[test]
fn no_rule_is_out_of_reach_each_explains_its_own_example() {
    let mut lost = Vec::new();
    for rule in every_rule() {
        let found: HashSet<String> = circumstances(rule)
            .iter()
            .filter_map(|hints| explain(rule.example, hints))
            .map(|explained| explained.diagnosis.rule)
            .collect();
        if !found.contains(rule.id) {
            lost.push(format!("{}: {} is explained by {found:?}", rule.id, rule.example));
        }
    }
    assert!(lost.is_empty(), "{}", lost.join("\n"));
}

#[test]
fn no_code_is_claimed_by_an_earlier_rule() {
    let mut seen: HashSet<String> = HashSet::new();
    for rule in every_rule()
        .into_iter()
        .filter(|rule| rule.unless.is_empty() && rule.after == After::ANY && rule.over == Over::ALL)
    {
        for code in rule.codes {
            assert!(seen.insert((*code).to_owned()), "{}: {code} is another rule's already", rule.id);
        }
    }
}

fn reply(line: &str) -> Reply {
    let (status, rest) = line.split_once(' ').unwrap();
    let (code, text) = match rest.strip_prefix('[').and_then(|inner| inner.split_once("] ")) {
        Some((code, text)) => (Some(code.to_owned()), text),
        None => (None, rest),
    };
    Reply { status: status.into(), code, enhanced: None, text: text.into() }
}

fn causes(step: Step, line: &str) -> Vec<Cause> {
    diagnose(&Answer::new(Protocol::Imap, step, &reply(line))).causes
}

#[test]
fn policy_stands_apart_from_credentials() {
    assert_eq!(causes(PASSWORD, "NO Basic authentication is disabled."), [Cause::BasicDisabled]);
    assert_eq!(
        causes(PASSWORD, "NO [ALERT] Unsupported authentication mechanism.")[0],
        Cause::MechanismUnsupported
    );
    assert_eq!(causes(PASSWORD, "NO no mechanism available")[0], Cause::MechanismUnsupported);
    for line in
        ["NO Basic authentication is disabled.", "NO [PRIVACYREQUIRED] Plaintext authentication disabled."]
    {
        assert!(!causes(PASSWORD, line).iter().any(|cause| cause.may_count_as_bad_password()), "{line}");
    }
}

#[test]
fn one_sentence_means_another_thing_after_a_token() {
    let line = "NO [AUTHENTICATIONFAILED] Authentication failed.";
    assert_eq!(causes(PASSWORD, line)[0], Cause::BadCredentials);
    assert_eq!(causes(TOKEN, line)[0], Cause::TokenInvalid);
}

#[test]
fn the_sentence_counts_before_the_code_unless_it_gives_no_reason() {
    assert_eq!(
        causes(PASSWORD, "NO [ALERT] Application-specific password required: https://x.example (Failure)"),
        [Cause::AppPasswordRequired]
    );
    assert_eq!(causes(PASSWORD, "NO [AUTHENTICATIONFAILED] Too many failed logins")[0], Cause::AccountLocked);
    assert_eq!(causes(PASSWORD, "NO [EXPIRED] Authentication failed."), [Cause::PasswordExpired]);
}

#[test]
fn codes_speak_for_sentences_nobody_has_on_record() {
    assert_eq!(causes(PASSWORD, "NO [EXPIRED] Bitte melden Sie sich im Portal an"), [Cause::PasswordExpired]);
    assert_eq!(causes(PASSWORD, "NO [UNAVAILABLE] Dienst gestört"), [Cause::Temporary]);
    assert_eq!(
        causes(PASSWORD, "NO [WEBALERT https://accounts.example/x] Anmelden"),
        [Cause::WebLoginRequired, Cause::AppPasswordRequired]
    );
    assert_eq!(causes(PASSWORD, "NO xyzzy"), [Cause::Unexplained]);
}

fn pop3(step: Step, line: &str) -> Vec<Cause> {
    diagnose(&Answer::new(Protocol::Pop3, step, &reply(line))).causes
}

#[test]
fn pop3_reads_its_own_codes_and_shares_the_sentences() {
    assert_eq!(pop3(PASSWORD, "-ERR Basic authentication is disabled"), [Cause::BasicDisabled]);
    assert_eq!(
        pop3(PASSWORD, "-ERR [AUTH] Unsupported authentication mechanism.")[0],
        Cause::MechanismUnsupported
    );
    assert_eq!(pop3(PASSWORD, "-ERR [AUTH] Username and password not accepted.")[0], Cause::BadCredentials);
    assert_eq!(pop3(TOKEN, "-ERR [AUTH] Username and password not accepted.")[0], Cause::TokenInvalid);
    assert_eq!(pop3(PASSWORD, "-ERR [SYS/TEMP] Etwas klemmt"), [Cause::Temporary]);
    assert_eq!(pop3(PASSWORD, "-ERR [LOGIN-DELAY] not yet"), [Cause::Throttled]);
    assert_eq!(pop3(PASSWORD, "-ERR [IN-USE] xyzzy"), [Cause::MailboxInUse]);
    let exchange = "-ERR Authentication failure: unknown user name or bad password.";
    assert_eq!(pop3(TOKEN, exchange)[0], Cause::TokenInvalid);
}

#[test]
fn what_a_reading_says_of_a_status_in_brackets_is_no_sentence_of_the_server() {
    let response = crate::model::HttpResponse {
        status: 503,
        reason: "Service Unavailable".into(),
        headers: vec![("Retry-After".into(), "60".into())],
        ..Default::default()
    };
    let reply = Reply {
        status: "503".into(),
        code: None,
        enhanced: None,
        text: "Service Unavailable (the service is unavailable)".into(),
    };
    let answer = Answer { http: Some(&response), ..Answer::new(Protocol::ActiveSync, PASSWORD, &reply) };
    assert_eq!(diagnose(&answer).causes, [Cause::Throttled, Cause::Temporary]);
}

#[test]
fn the_named_reason_of_an_error_challenge_counts_before_the_refusal_after_it() {
    let refusal = reply("NO [AUTHENTICATIONFAILED] Authentication failed.");
    let answer = Answer::new(Protocol::Imap, TOKEN, &refusal);
    let scope = r#"{"status":"insufficient_scope","scope":"mail"}"#;
    assert_eq!(diagnose(&Answer { challenge: Some(scope), ..answer }).causes, [Cause::TokenMissingScope]);
    assert_eq!(diagnose(&Answer { challenge: Some("[[[["), ..answer }).first(), Cause::TokenInvalid);
}

#[test]
fn a_yes_is_a_verdict_only_where_a_login_was_tried() {
    let ready = reply("OK password service ready");
    assert_eq!(diagnose(&Answer::new(Protocol::Imap, Step::Greeting, &ready)).causes, [Cause::Informational]);
    assert_eq!(diagnose(&Answer::new(Protocol::Imap, PASSWORD, &ready)).causes, [Cause::Accepted]);
}
