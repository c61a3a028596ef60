use super::*;

fn reply(line: &str) -> Reply {
    let (status, rest) = line.split_once(' ').unwrap();
    let (code, text) = match rest.strip_prefix('[').and_then(|inner| inner.split_once("] ")) {
        Some((code, text)) => (Some(code.to_owned()), text),
        None => (None, rest),
    };
    Reply { status: status.into(), code, enhanced: None, text: text.into() }
}

fn causes(step: Step, line: &str) -> Vec<Cause> {
    diagnose(&Answer { protocol: Protocol::Imap, step, reply: &reply(line), challenge: None }).causes
}

const PASSWORD: Step = Step::Login(Kind::Password);
const TOKEN: Step = Step::Login(Kind::Token);

#[test]
fn every_rule_has_an_id_of_its_own_words_and_a_source() {
    let mut ids = std::collections::HashSet::new();
    for rule in imap::RULES.iter().chain(pop3::RULES).chain(pop3::BY_CODE).chain(smtp::RULES) {
        assert!(ids.insert((rule.id, format!("{:?}", rule.after))), "{} twice", rule.id);
        assert!(!rule.causes.is_empty() && !rule.source.is_empty(), "{}", rule.id);
        assert!(rule.explanation.ends_with('.') && rule.remedy.ends_with('.'), "{}", rule.id);
        assert!(!(rule.says.is_empty() && rule.code.is_empty()), "{} matches nothing", rule.id);
        for piece in rule.says.iter().flat_map(|pieces| pieces.iter()) {
            assert_eq!(*piece, piece.to_lowercase(), "{}: texts are compared in lower case", rule.id);
        }
    }
}

#[test]
fn policy_stands_apart_from_credentials() {
    assert_eq!(causes(PASSWORD, "NO Basic authentication is disabled."), [Cause::BasicDisabled]);
    assert_eq!(
        causes(PASSWORD, "NO [ALERT] Unsupported authentication mechanism."),
        [Cause::MechanismUnsupported]
    );
    assert_eq!(causes(PASSWORD, "NO no mechanism available"), [Cause::MechanismUnsupported]);
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
fn the_sentence_counts_before_the_code() {
    assert_eq!(
        causes(PASSWORD, "NO [ALERT] Application-specific password required: https://x.example (Failure)"),
        [Cause::AppPasswordRequired]
    );
    assert_eq!(
        causes(PASSWORD, "NO [AUTHENTICATIONFAILED] Too many login attempts")[0],
        Cause::AccountLocked
    );
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
    diagnose(&Answer { protocol: Protocol::Pop3, step, reply: &reply(line), challenge: None }).causes
}

#[test]
fn pop3_reads_its_own_codes_and_shares_the_sentences() {
    assert_eq!(pop3(PASSWORD, "-ERR Basic authentication is disabled"), [Cause::BasicDisabled]);
    assert_eq!(
        pop3(PASSWORD, "-ERR [AUTH] Unsupported authentication mechanism."),
        [Cause::MechanismUnsupported]
    );
    assert_eq!(pop3(PASSWORD, "-ERR [AUTH] Username and password not accepted.")[0], Cause::BadCredentials);
    assert_eq!(pop3(TOKEN, "-ERR [AUTH] Username and password not accepted.")[0], Cause::TokenInvalid);
    assert_eq!(pop3(PASSWORD, "-ERR [SYS/TEMP] Etwas klemmt"), [Cause::Temporary]);
    assert_eq!(pop3(PASSWORD, "-ERR [LOGIN-DELAY] not yet"), [Cause::Throttled]);
    assert_eq!(pop3(PASSWORD, "-ERR [IN-USE] another session"), [Cause::MailboxInUse]);
    let exchange = "-ERR Authentication failure: unknown user name or bad password.";
    assert_eq!(pop3(TOKEN, exchange)[0], Cause::TokenInvalid);
}

/// The cause after a password, after a token.
fn smtp(line: &str) -> [Cause; 2] {
    [PASSWORD, TOKEN].map(|step| {
        let (status, text) = line.split_once(' ').unwrap();
        let (enhanced, text) = match text.split_once(' ') {
            Some((code, rest)) if code.split('.').count() == 3 => (Some(code.to_owned()), rest),
            _ => (None, text),
        };
        let reply = Reply { status: status.into(), code: None, enhanced, text: text.into() };
        diagnose(&Answer { protocol: Protocol::Smtp, step, reply: &reply, challenge: None }).first()
    })
}

#[test]
fn each_make_of_smtp_server_refuses_in_its_own_words() {
    for line in [
        "535 Incorrect authentication data",
        "535 5.7.8 Error: authentication failed: authentication failure",
        "535 Error: Authentication credentials invalid",
        "535 Error: Username and Password not accepted",
    ] {
        assert_eq!(smtp(line), [Cause::BadCredentials, Cause::TokenInvalid], "{line}");
    }
    for line in [
        "504 XOAUTH2 authentication mechanism not supported",
        "504 Error: Unrecognized authentication type",
        "535 5.7.8 Error: authentication failed: no mechanism available",
        "535 5.7.8 Error: authentication failed: Invalid authentication mechanism",
    ] {
        assert_eq!(smtp(line), [Cause::MechanismUnsupported; 2], "{line}: nobody looked at the credential");
    }
}

#[test]
fn a_passing_fault_is_one_by_its_class_alone() {
    for line in [
        "435 Unable to authenticate at present",
        "454 4.7.0 Temporary authentication failure: generic failure",
        "450 xyzzy",
        "459 4.9.9 xyzzy",
    ] {
        assert_eq!(smtp(line), [Cause::Temporary; 2], "{line}");
    }
    assert_eq!(smtp("550 xyzzy"), [Cause::Unexplained; 2]);
}
