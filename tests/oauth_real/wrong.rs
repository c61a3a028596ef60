//! Wrong tokens that `mailprobe` calls by name beforehand, beside the reason in the log of the Dovecot that refuses them:
//! the lab's own tokens, and those that a real server gives away.

use serde_json::Value;

use crate::asking::Asking;
use crate::client::by_code;
use crate::lab;
use crate::mailbox::reasons_of;
use crate::person::quirky;
use crate::profile::Profile;
use crate::server::{AUTHLIB, OIDC, SCOPE};
use crate::tool::outcome;

/// What the lab's Dovecots want of a token, as a profile says it.
fn wanted(issuer: &str) -> Profile {
    let audience = format!("audience = [\"{}\"]", lab::fact("TOKEN_AUDIENCE"));
    Profile::at(issuer, "daemon", "device-code", &audience)
}

fn named(list: &Value) -> Vec<String> {
    let ids = list.as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned());
    ids.filter(|id| id.starts_with("token-")).collect()
}

/// A kind of token, what is found in it, the likeliest cause of its refusal, and Dovecot's own reason, which it
/// tells its log only. Who holds the key cannot be seen from outside.
const CHECKED: &[(&str, &[&str], &str, &str)] = &[
    ("expired", &["token-expired"], "token-expired", "Token has expired"),
    ("wrong-audience", &["token-wrong-audience"], "token-wrong-audience", "client_id not found in aud field"),
    (
        "wrong-issuer",
        &["token-wrong-issuer"],
        "token-invalid",
        "Issuer 'https://login.other.test/' is not allowed",
    ),
    ("missing-scope", &["token-missing-scope"], "token-missing-scope", "scope set but not found in token"),
    (
        "other-user",
        &["token-wrong-user"],
        "token-wrong-user",
        "Username 'alice@lab.test' did not match 'bob@lab.test'",
    ),
    ("rogue-key", &[], "token-invalid", "Bad signature"),
];

#[test]
fn what_check_sees_in_a_token_is_what_dovecot_refuses_it_for() {
    let profile = wanted(lab::fact("TOKEN_ISSUER"));
    let mut wrong = Vec::new();
    for (number, (kind, findings, cause, reason)) in CHECKED.iter().enumerate() {
        let source = format!("127.71.6.{}", number + 1);
        let earlier = reasons_of("modern", &source).len();
        let endpoint = lab::imaps("modern");
        let arguments =
            ["check", lab::fact("ALICE"), "--endpoint", &endpoint, "--methods", "XOAUTH2", "-o", "json"];
        let more = ["--token-env", "IT", "--source-address", &source];
        let mut command = profile.command(&[&arguments[..], &more].concat());
        command.env("IT", lab::token(kind));
        let said = Asking::start(command).says();
        let report = said.json();
        let attempts = report["endpoints"][0]["attempts"].as_array().unwrap();
        let attempt = attempts.iter().find(|attempt| attempt["method"] == "XOAUTH2").unwrap();
        let found = named(&report["findings"]);
        let reasons = reasons_of("modern", &source).split_off(earlier);
        let judged = outcome(&report, "XOAUTH2") == "refused" && attempt["causes"][0] == **cause;
        if !judged || found != *findings || reasons != [format!("Local validation failed: {reason}")] {
            wrong.push(format!("{kind}: {found:?} {} {reasons:?}", attempt["causes"]));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// What `inspect` says: its exit status and the names of what is wrong.
fn inspected(profile: &Profile, token: &str) -> (i32, Vec<String>, Value) {
    let arguments =
        ["token", "inspect", lab::fact("ALICE"), "--protocol", "imap", "--token-env", "IT", "-o", "json"];
    let mut command = profile.offline(&arguments);
    command.env("IT", token);
    let said = Asking::start(command).says();
    let told = said.json();
    let signature = token.rsplit('.').next().unwrap();
    assert!(!said.out.contains(signature), "a signature, or all of it, is shown: {}", said.out);
    (said.status, named(&told["remarks"]), told)
}

#[test]
fn inspect_tells_a_real_servers_tokens_apart() {
    let profile = wanted(&OIDC.issuer());
    let grant = [("grant_type", "client_credentials")];
    let of = |more: &[(&str, &str)]| OIDC.token("daemon", &[&grant, more].concat()).text("access_token");
    let elsewhere = [("scope", SCOPE), ("resource", "https://graph.lab.test")];
    let cases: [(&str, String, i32, &[&str]); 5] = [
        ("right", of(&[("scope", SCOPE)]), 0, &[]),
        ("for another resource", of(&elsewhere), 1, &["token-wrong-audience"]),
        ("without a scope", of(&[]), 1, &["token-missing-scope"]),
        ("of another issuer", lab::token("good"), 1, &["token-wrong-issuer"]),
        (
            "another's",
            by_code(OIDC, "app", &quirky()).text("access_token"),
            0,
            &["token-other-client", "token-wrong-user"],
        ),
    ];
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|(what, token, status, expected)| {
            let (said, found, _) = inspected(&profile, token);
            (said != *status || found != *expected).then(|| format!("{what}: {said} {found:?}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn an_opaque_token_is_no_error() {
    let token = AUTHLIB.of_application("daemon", SCOPE);
    let (status, found, told) = inspected(&wanted(&AUTHLIB.issuer()), &token);
    assert_eq!((status, found, told["form"].as_str()), (0, Vec::new(), Some("opaque")));
}
