//! Tokens of the real servers, and what they open: `mailprobe check` beside the word of the Dovecot that judged.

use crate::client::{Device, by_code};
use crate::lab;
use crate::person::{alice, quirky};
use crate::server::{AUTHLIB, BOTH, OIDC, SCOPE, Server};
use crate::tool::{self, outcome};

/// What `check` says about this token at an endpoint, as `XOAUTH2`'s and `OAUTHBEARER`'s outcome, connecting from an
/// address of the test's own.
pub(crate) fn judged(endpoint: &str, token: &str, source: &str) -> [String; 2] {
    let more =
        ["--token-env", "IT", "--methods", "XOAUTH2,OAUTHBEARER", "--source-address", source, "-o", "json"];
    let said = tool::check(endpoint, &more).env("IT", token).say();
    let report = said.json();
    let attempts = report["endpoints"][0]["attempts"].as_array().unwrap();
    ["XOAUTH2", "OAUTHBEARER"].map(|method| {
        let attempt = attempts.iter().find(|attempt| attempt["method"] == method).unwrap();
        let opened = if attempt["usable"] == true { " and open" } else { "" };
        format!("{}{opened}", outcome(&report, method))
    })
}

/// Why Dovecot refused what came from there.
fn reasons(server: Server, source: &str) -> Vec<String> {
    reasons_of(server.mailbox, source)
}

/// The same of any of the lab's Dovecots.
pub(crate) fn reasons_of(mailbox: &str, source: &str) -> Vec<String> {
    let log = lab::log(mailbox);
    let lines = log.lines().filter(|line| line.contains(&format!(",{source},")));
    lines.filter_map(|line| Some(line.split_once("oauth2 failed: ")?.1.to_owned())).collect()
}

fn endpoints(server: Server) -> Vec<String> {
    let name = server.mailbox;
    let mut all = vec![lab::imaps(name), lab::imap(name), lab::pop3s(name), lab::pop3(name)];
    if name == "keyed" {
        all.extend([lab::smtp("postfix-keyed"), lab::smtps("postfix-keyed")]);
    }
    all
}

#[test]
fn an_applications_token_opens_the_mailbox_by_every_door() {
    for (server, source) in BOTH.into_iter().zip(["127.71.1.1", "127.71.1.2"]) {
        let earlier = reasons(server, source);
        let token = server.of_application("daemon", SCOPE);
        for endpoint in endpoints(server) {
            assert_eq!(judged(&endpoint, &token, source), ["accepted and open"; 2], "{endpoint}");
        }
        assert_eq!(reasons(server, source), earlier, "{}", server.name);
    }
}

#[test]
fn a_persons_token_opens_the_mailbox_whether_by_browser_or_by_device() {
    for (server, source) in BOTH.into_iter().zip(["127.71.2.1", "127.71.2.2"]) {
        let device = Device::new(server);
        device.is_answered_by(&alice());
        for answer in [by_code(server, "app", &alice()), device.poll()] {
            let token = answer.text("access_token");
            let endpoint = lab::imaps(server.mailbox);
            assert_eq!(judged(&endpoint, &token, source), ["accepted and open"; 2], "{endpoint}");
        }
    }
}

/// Gets a token, says whom from, and why Dovecot does not take it. Each is real: a server gave it away.
type Case = (&'static str, Server, fn() -> String, &'static str);

fn without_scope() -> String {
    OIDC.token("daemon", &[("grant_type", "client_credentials")]).text("access_token")
}

fn for_another_resource() -> String {
    let resource = ("resource", "https://graph.lab.test");
    OIDC.token("daemon", &[("grant_type", "client_credentials"), ("scope", SCOPE), resource])
        .text("access_token")
}

fn revoked() -> String {
    let tokens = by_code(AUTHLIB, "app", &alice());
    let token = tokens.text("access_token");
    AUTHLIB.post("revocation", &[("client_id", "app"), ("token", &token)]);
    token
}

const CASES: &[Case] = &[
    ("without a scope", OIDC, without_scope, "Local validation failed: scope set but not found in token"),
    (
        "for another resource",
        OIDC,
        for_another_resource,
        "Local validation failed: client_id not found in aud field",
    ),
    (
        "another's",
        OIDC,
        || by_code(OIDC, "app", &quirky()).text("access_token"),
        "Local validation failed: Username 'alice@lab.test' did not match 'quirky@lab.test'",
    ),
    (
        "of the lab's own maker",
        OIDC,
        || lab::token("good"),
        "Local validation failed: Issuer 'https://login.lab.test/' is not allowed",
    ),
    (
        "of another scope",
        AUTHLIB,
        || AUTHLIB.of_application("powerless", ""),
        "Introspection failed: Token is not valid for scope 'IMAP.AccessAsUser.All'",
    ),
    (
        "another's",
        AUTHLIB,
        || by_code(AUTHLIB, "app", &quirky()).text("access_token"),
        "Introspection failed: Username 'alice@lab.test' did not match 'quirky@lab.test'",
    ),
    ("revoked", AUTHLIB, revoked, "Introspection failed: Provided token is not valid"),
    (
        "the other server's",
        AUTHLIB,
        || OIDC.of_application("daemon", SCOPE),
        "Introspection failed: Provided token is not valid",
    ),
];

#[test]
fn a_token_that_is_not_for_this_mailbox_is_refused_for_its_own_reason() {
    let mut wrong = Vec::new();
    for (number, (what, server, token, reason)) in CASES.iter().enumerate() {
        let source = format!("127.71.3.{}", number + 1);
        let earlier = reasons(*server, &source).len();
        let outcomes = judged(&lab::imaps(server.mailbox), &token(), &source);
        let reasons = reasons(*server, &source).split_off(earlier);
        if outcomes != ["refused"; 2] || reasons != [*reason; 2] {
            wrong.push(format!("{what} at {}: {outcomes:?} {reasons:?}", server.mailbox));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
