//! One `mailprobe check` from a configuration file: it gets its tokens, opens the mailbox, and explains where it cannot.

use serde_json::Value;

use crate::asking::address;
use crate::lab;
use crate::person::alice;
use crate::profile::Profile;
use crate::server::{BOTH, OIDC, curl};
use crate::tool::outcome;

const TOKENS: [&str; 2] = ["--methods", "XOAUTH2,OAUTHBEARER"];

/// Why `XOAUTH2` is refused, the likeliest first.
fn causes(report: &Value) -> Vec<String> {
    let attempts = report["endpoints"][0]["attempts"].as_array().unwrap();
    let attempt = attempts.iter().find(|attempt| attempt["method"] == "XOAUTH2").unwrap();
    attempt["causes"].as_array().unwrap().iter().map(|cause| cause.as_str().unwrap().to_owned()).collect()
}

fn findings(report: &Value) -> Vec<String> {
    let findings = report["findings"].as_array().unwrap();
    findings.iter().map(|finding| finding["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn an_application_gets_its_token_and_opens_a_mailbox_that_was_never_told_a_password() {
    for server in BOTH {
        let said = Profile::application(server, "daemon").check(&lab::imaps(server.mailbox), &TOKENS);
        let report = said.json();
        for method in ["XOAUTH2", "OAUTHBEARER"] {
            assert_eq!(outcome(&report, method), "accepted", "{}: {}", server.name, said.err);
        }
        assert_eq!(said.status, 0, "{}", said.err);
    }
}

#[test]
fn a_person_signs_in_while_the_check_waits() {
    let profile = Profile::new(OIDC, "app", "authorization-code", "");
    let endpoint = lab::imaps("keyed");
    let mut asking = profile.checking(&endpoint, &TOKENS);
    let page = asking.until(|line| address(line, &OIDC.endpoint("authorization")));
    curl(&[alice().visits(&page).away().as_str()]);
    let said = asking.says();
    assert_eq!((outcome(&said.json(), "XOAUTH2").as_str(), said.status), ("accepted", 0), "{}", said.err);
    // The next check asks nobody.
    let again = profile.check(&endpoint, &TOKENS);
    assert_eq!(outcome(&again.json(), "XOAUTH2"), "accepted", "{}", again.err);
}

#[test]
fn a_token_for_another_resource_is_named_beforehand_and_explains_the_refusal() {
    let more = "client_secret_env = \"SECRET\"\nresource = \"https://graph.lab.test\"\naudience = [\"mailprobe-lab\"]";
    let said = Profile::new(OIDC, "daemon", "client-credentials", more).check(&lab::imaps("keyed"), &TOKENS);
    let report = said.json();
    assert!(findings(&report).contains(&"token-wrong-audience".to_owned()), "{:?}", findings(&report));
    assert_eq!(
        (outcome(&report, "XOAUTH2").as_str(), causes(&report)[0].as_str()),
        ("refused", "token-wrong-audience")
    );
}

#[test]
fn without_a_token_the_report_says_why_and_no_server_is_shown_anything() {
    let said = Profile::application(OIDC, "stale").check(&lab::imaps("keyed"), &TOKENS);
    let report = said.json();
    assert!(findings(&report).contains(&"token-not-obtained".to_owned()), "{:?}", findings(&report));
    assert_eq!(outcome(&report, "XOAUTH2"), "not-tried");
    assert!(said.out.contains("its client secret is expired"), "{}", said.out);
    assert!(said.status != 0, "{}", said.err);
}

#[test]
fn neither_secret_nor_token_is_in_any_log() {
    let profile = Profile::application(OIDC, "daemon");
    let token = profile.get().says().out.trim_end().to_owned();
    let said = profile.check(&lab::imaps("keyed"), &[&TOKENS[..], &["-vv"]].concat());
    assert_eq!(said.status, 0, "{}", said.err);
    let secret = lab::text("secrets/client.secret");
    let encoded: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
    let signature = token.rsplit('.').next().unwrap();
    for hidden in [&secret, &encoded, signature] {
        assert!(!said.out.contains(hidden) && !said.err.contains(hidden), "{}{}", said.out, said.err);
    }
}
