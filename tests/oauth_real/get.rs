//! `mailprobe token get` at the real servers, and the real mailboxes that what it prints opens.

use crate::asking::{address, shown_code};
use crate::lab;
use crate::mailbox::judged;
use crate::person::{Person, alice};
use crate::profile::Profile;
use crate::server::{AUTHLIB, BOTH, OIDC, Server, curl};
use crate::tool::Said;

const SOURCE: &str = "127.71.4.1";

/// The token, which is all that is on standard output; it opens the mailbox.
fn opens(server: Server, said: &Said) -> String {
    assert_eq!(said.status, 0, "{}{}", said.out, said.err);
    let token = said.out.trim_end().to_owned();
    assert!(!token.is_empty() && !token.contains(char::is_whitespace), "{}", said.out);
    assert!(!said.err.contains(&token), "the token is in what is said beside it");
    assert_eq!(
        judged(&lab::imaps(server.mailbox), &token, SOURCE),
        ["accepted and open"; 2],
        "{}",
        server.name
    );
    token
}

#[test]
fn an_application_by_its_secret() {
    for server in BOTH {
        opens(server, &Profile::application(server, "daemon").get().says());
    }
}

#[test]
fn an_application_by_its_certificate() {
    for algorithm in ["RS256", "PS256"] {
        opens(OIDC, &Profile::certified(OIDC, algorithm).get().says());
    }
}

#[test]
fn a_person_with_a_code_that_is_typed_in_elsewhere() {
    for server in BOTH {
        let profile = Profile::new(server, "app", "device-code", "");
        let mut asking = profile.get();
        let (page, code) = asking.until_both(|line| address(line, &server.issuer()), shown_code);
        Person { code: &code, ..alice() }.visits(&page);
        opens(server, &asking.says());
    }
}

#[test]
fn a_person_with_a_browser_on_this_machine() {
    for server in BOTH {
        let profile = Profile::new(server, "app", "authorization-code", "");
        let mut asking = profile.get();
        let page = asking.until(|line| address(line, &server.endpoint("authorization")));
        let back = alice().visits(&page).away();
        assert_eq!(curl(&[back.as_str()]).status, 200);
        opens(server, &asking.says());
    }
}

#[test]
fn a_person_who_says_no_is_the_end_of_it() {
    let no = || Person { answer: "deny", ..alice() };
    for server in BOTH {
        let profile = Profile::new(server, "app", "authorization-code", "");
        let mut asking = profile.get();
        let page = asking.until(|line| address(line, &server.endpoint("authorization")));
        curl(&[no().visits(&page).away().as_str()]);
        let said = asking.says();
        assert!(said.status == 1 && said.out.is_empty(), "{}{}", said.out, said.err);
        assert!(said.err.contains("access_denied"), "{}", said.err);

        let profile = Profile::new(server, "app", "device-code", "");
        let mut asking = profile.get();
        let (page, code) = asking.until_both(|line| address(line, &server.issuer()), shown_code);
        Person { code: &code, ..no() }.visits(&page);
        let said = asking.says();
        assert!(said.status == 1 && said.out.is_empty(), "{}{}", said.out, said.err);
        assert!(said.err.contains("access_denied"), "{}", said.err);
    }
}

#[test]
fn a_redirect_with_a_forged_state_gives_nobody_a_token() {
    let profile = Profile::new(OIDC, "app", "authorization-code", "");
    let mut asking = profile.get();
    let page = asking.until(|line| address(line, &OIDC.endpoint("authorization")));
    let back = alice().visits(&page).away();
    let forged: Vec<_> = back
        .query_pairs()
        .map(|(key, value)| if key == "state" { (key, "forged".into()) } else { (key, value) })
        .collect();
    let forged =
        url::Url::parse_with_params(&back.as_str()[..back.as_str().find('?').unwrap()], forged).unwrap();
    assert_ne!(curl(&[forged.as_str()]).status, 200);
    // Whoever sent that is not the person, who may still come.
    assert_eq!(curl(&[back.as_str()]).status, 200);
    opens(OIDC, &asking.says());
}

#[test]
fn an_expired_secret_is_named() {
    let said = Profile::application(OIDC, "stale").get().says();
    assert!(said.status == 1 && said.out.is_empty(), "{}{}", said.out, said.err);
    assert!(said.err.contains("its client secret is expired"), "{}", said.err);
    assert!(!said.err.contains(&lab::text("secrets/client.secret")), "{}", said.err);
}

#[test]
fn a_wrong_scope_is_named() {
    let said = Profile::application(AUTHLIB, "powerless").get().says();
    assert!(said.status == 1 && said.out.is_empty(), "{}{}", said.out, said.err);
    assert!(said.err.contains("invalid_scope"), "{}", said.err);
}
