//! What the servers do for any client. Nothing of ours is asked here.

use crate::client::{Device, assertion, authorization, by_code, parameter, part, redeem, refresh};
use crate::lab;
use crate::person::{End, Person, alice};
use crate::server::{AUTHLIB, BOTH, OIDC, SCOPE, curl};

const BEARER_ASSERTION: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

fn by_assertion(algorithm: &str, audience: &str, identity: &str) -> crate::server::Answer {
    let assertion = assertion(algorithm, audience, identity);
    let fields = [("client_id", "certified"), ("grant_type", "client_credentials"), ("scope", SCOPE)];
    let proof = [("client_assertion_type", BEARER_ASSERTION), ("client_assertion", assertion.as_str())];
    OIDC.post("token", &[&fields[..], &proof].concat())
}

#[test]
fn an_application_gets_a_token_by_its_secret_and_none_by_another() {
    for server in BOTH {
        let good = server.token("daemon", &[("grant_type", "client_credentials"), ("scope", SCOPE)]);
        assert_eq!((good.status, good.text("scope").as_str()), (200, SCOPE), "{}", server.name);
        let fields = [("client_id", "daemon"), ("grant_type", "client_credentials")];
        let bad = server.post("token", &[&fields[..], &[("client_secret", "another")]].concat());
        assert_eq!(bad.refusal(), "401 invalid_client", "{}", server.name);
    }
}

#[test]
fn the_secret_may_come_by_basic() {
    let secret = url::form_urlencoded::byte_serialize(lab::text("secrets/client.secret").as_bytes())
        .collect::<String>();
    for server in BOTH {
        let url = server.endpoint("token");
        let user = format!("daemon:{secret}");
        assert_eq!(
            curl(&[&url, "--user", &user, "--data", "grant_type=client_credentials"]).status,
            200,
            "{}",
            server.name
        );
    }
}

#[test]
fn an_expired_secret_is_refused_and_called_expired() {
    let answer = OIDC.token("stale", &[("grant_type", "client_credentials")]);
    assert_eq!(answer.refusal(), "400 invalid_client");
    assert!(answer.text("error_description").ends_with("its client secret is expired"), "{}", answer.said);
}

#[test]
fn a_scope_that_is_not_the_clients_is_refused() {
    let answer = AUTHLIB.token("powerless", &[("grant_type", "client_credentials"), ("scope", SCOPE)]);
    assert_eq!(answer.refusal(), "400 invalid_scope");
}

#[test]
fn an_application_proves_itself_by_its_key_with_both_algorithms_once_each() {
    for (algorithm, audience) in [("RS256", OIDC.issuer()), ("PS256", OIDC.endpoint("token"))] {
        let identity = format!("{algorithm}-{}", std::process::id());
        assert_eq!(by_assertion(algorithm, &audience, &identity).status, 200, "{algorithm}");
        let again = by_assertion(algorithm, &audience, &identity);
        assert_eq!(again.refusal(), "401 invalid_client", "{algorithm}");
    }
    let elsewhere = by_assertion("RS256", "https://other.test", &format!("other-{}", std::process::id()));
    assert_eq!(elsewhere.refusal(), "401 invalid_client");
}

#[test]
fn a_token_of_oidcs_says_what_dovecot_looks_at() {
    let token = OIDC.of_application("daemon", SCOPE);
    let claims = part(&token, 1);
    assert_eq!(part(&token, 0)["alg"], "RS256");
    let key = curl(&[&format!("{}/jwks", OIDC.issuer())]);
    assert_eq!(part(&token, 0)["kid"], key.said["keys"][0]["kid"]);
    let expected = [
        ("iss", OIDC.issuer()),
        ("aud", lab::fact("TOKEN_AUDIENCE").to_owned()),
        ("scope", SCOPE.to_owned()),
    ];
    for (claim, value) in expected {
        assert_eq!(claims[claim], value);
    }
    assert_eq!(claims["email"], lab::fact("ALICE"));
}

#[test]
fn a_code_is_for_whom_has_the_verifier_and_for_once() {
    for server in BOTH {
        let code = |state: &str| {
            parameter(&alice().visits(&authorization(server, "app", state)).away(), "code").unwrap()
        };
        assert_eq!(
            redeem(server, "app", &code("a"), &"another".repeat(7)).refusal(),
            "400 invalid_grant",
            "{}",
            server.name
        );
        let tokens = by_code(server, "app", &alice());
        assert_eq!(tokens.status, 200, "{}", tokens.said);
        let code = code("b");
        let verifier = "a-verifier-of-more-than-forty-three-characters";
        assert_eq!(redeem(server, "app", &code, verifier).status, 200, "{}", server.name);
        assert_eq!(redeem(server, "app", &code, verifier).refusal(), "400 invalid_grant", "{}", server.name);
    }
}

#[test]
fn who_says_no_in_the_browser_is_sent_back_with_a_refusal() {
    for server in BOTH {
        let person = Person { answer: "deny", ..alice() };
        let sent = person.visits(&authorization(server, "app", "s-2")).away();
        assert_eq!(parameter(&sent, "error").as_deref(), Some("access_denied"), "{sent}");
        assert_eq!(parameter(&sent, "state").as_deref(), Some("s-2"), "{sent}");
    }
}

#[test]
fn a_device_waits_until_its_code_is_typed_in_and_then_has_a_token() {
    for server in BOTH {
        let device = Device::new(server);
        assert_eq!(device.shown.said["interval"], 1, "{}", server.name);
        assert_eq!(device.poll().refusal(), "400 authorization_pending", "{}", server.name);
        let End::Page(_) = device.is_answered_by(&alice()) else {
            panic!("{} sent a person away", server.name)
        };
        assert_eq!(device.poll().status, 200, "{}", server.name);
    }
}

#[test]
fn a_device_whose_person_says_no_is_told_so() {
    for server in BOTH {
        let device = Device::new(server);
        let person = Person { answer: "deny", ..alice() };
        device.is_answered_by(&person);
        assert_eq!(device.poll().refusal(), "400 access_denied", "{}", server.name);
    }
}

#[test]
fn a_refresh_token_is_good_for_one_time() {
    for server in BOTH {
        let first = by_code(server, "app", &alice()).text("refresh_token");
        let second = refresh(server, "app", &first);
        assert_eq!(second.status, 200, "{}", server.name);
        assert_ne!(second.text("refresh_token"), first, "{}", server.name);
        assert_eq!(refresh(server, "app", &first).refusal(), "400 invalid_grant", "{}", server.name);
    }
}

#[test]
fn a_revoked_refresh_token_is_refused() {
    for server in BOTH {
        let token = by_code(server, "app", &alice()).text("refresh_token");
        let revoked = server.post("revocation", &[("client_id", "app"), ("token", &token)]);
        assert_eq!(revoked.status, 200, "{}", revoked.said);
        assert_eq!(refresh(server, "app", &token).refusal(), "400 invalid_grant", "{}", server.name);
    }
}

#[test]
fn authlib_tells_dovecot_whose_token_it_is_and_nobody_else() {
    let token = AUTHLIB.of_application("daemon", SCOPE);
    let ask = |client: &str, secret: &str, token: &str| {
        let fields = [("client_id", client), ("client_secret", secret), ("token", token)];
        AUTHLIB.post("introspection", &fields).said
    };
    let dovecot = lab::fact("DOVECOT_SECRET");
    let known = ask("dovecot", dovecot, &token);
    assert_eq!(
        (known["active"].clone(), known["username"].clone()),
        (true.into(), lab::fact("ALICE").into())
    );
    assert_eq!(ask("dovecot", dovecot, "nobody's")["active"], false);
    assert_eq!(ask("daemon", &lab::text("secrets/client.secret"), &token)["active"], false);
}
