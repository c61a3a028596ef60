//! Every wrong token of the lab's own maker: named by `token inspect` before it goes on any wire, and by `check` beside
//! what the lab's Dovecot says to it.

use serde_json::Value;

use crate::lab;
use crate::profile::Profile;
use crate::server::SCOPE;
use crate::tool::{self, outcome};

/// A kind of token, what `inspect` calls what is wrong with it, and its exit status. Who holds the key cannot be seen
/// from outside, and a token without a name is somebody's for all that one can see.
const KINDS: &[(&str, &[&str], i32)] = &[
    ("good", &[], 0),
    ("expired", &["token-expired"], 1),
    ("wrong-audience", &["token-wrong-audience"], 1),
    ("wrong-issuer", &["token-wrong-issuer"], 1),
    ("missing-scope", &["token-missing-scope"], 1),
    ("other-user", &["token-wrong-user"], 0),
    ("rogue-key", &[], 0),
];

/// What the lab's Dovecot wants of a token, as a profile says it.
fn wanted() -> Profile {
    let audience = format!("audience = [\"{}\"]", lab::fact("TOKEN_AUDIENCE"));
    Profile::at(lab::fact("TOKEN_ISSUER"), "mailprobe", "device-code", &audience)
}

fn ids(list: &Value) -> Vec<String> {
    list.as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn inspect_names_what_is_wrong_before_any_wire() {
    let profile = wanted();
    let mut wrong = Vec::new();
    for (kind, expected, status) in KINDS {
        let token = lab::token(kind);
        let config = profile.path("mailprobe.toml");
        let arguments =
            ["token", "inspect", lab::fact("ALICE"), "--protocol", "imap", "--token-env", "IT", "-o", "json"];
        let more = ["--oauth", "lab", "--config", config.to_str().unwrap()];
        let said = tool::mailprobe(&[&arguments[..], &more].concat()).env("IT", &token).say();
        let named = ids(&said.json()["remarks"]);
        if named != *expected || said.status != *status {
            wrong.push(format!("{kind}: {named:?}, {}: {}", said.status, said.err));
        }
        let signature = token.rsplit('.').next().unwrap();
        assert!(!said.out.contains(signature), "{kind}: the signature is shown");
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_right_token_is_right_for_the_scope_that_it_has() {
    let said = tool::mailprobe(&["token", "inspect", "-o", "json"]).input(&lab::token("good")).say();
    let told = said.json();
    assert_eq!(told["scopes"], serde_json::json!([SCOPE]));
    assert_eq!((told["user"].as_str(), told["form"].as_str()), (Some(lab::fact("ALICE")), Some("jwt")));
}

/// A kind of token, and what `check` says of it without a profile: the findings beforehand, and the likeliest cause
/// of the refusal. Dovecot itself does not say why.
const CHECKED: &[(&str, &[&str], &str)] = &[
    ("expired", &["token-expired"], "token-expired"),
    ("wrong-audience", &[], "token-invalid"),
    ("wrong-issuer", &[], "token-invalid"),
    ("missing-scope", &[], "token-invalid"),
    ("other-user", &["token-wrong-user"], "token-wrong-user"),
    ("rogue-key", &[], "token-invalid"),
];

#[test]
fn check_explains_the_refusal_by_what_it_saw_in_the_token() {
    let mut wrong = Vec::new();
    for (kind, expected, cause) in CHECKED {
        let more = ["--token-env", "IT", "--methods", "XOAUTH2", "-o", "json"];
        let said = tool::check(&lab::imaps("modern"), &more).env("IT", &lab::token(kind)).say();
        let report = said.json();
        let attempts = report["endpoints"][0]["attempts"].as_array().unwrap();
        let attempt = attempts.iter().find(|attempt| attempt["method"] == "XOAUTH2").unwrap();
        let named: Vec<String> =
            ids(&report["findings"]).into_iter().filter(|id| id.starts_with("token-")).collect();
        if outcome(&report, "XOAUTH2") != "refused" || named != *expected || attempt["causes"][0] != **cause {
            wrong.push(format!("{kind}: {} {named:?} {}", outcome(&report, "XOAUTH2"), attempt["causes"]));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
