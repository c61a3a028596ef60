//! Refresh tokens that are good for one time: kept, exchanged, exchanged again, and named where one is refused.

use std::path::Path;

use crate::asking::{Asking, address};
use crate::client::by_code;
use crate::lab;
use crate::mailbox::judged;
use crate::person::alice;
use crate::profile::Profile;
use crate::server::{BOTH, OIDC, Server, curl};

/// Somebody has logged in with a browser; what `token get` then prints.
fn logged_in(server: Server, client: &str) -> (Profile, String) {
    let profile = Profile::new(server, client, "authorization-code", "");
    let mut asking = profile.get();
    let page = asking.until(|line| address(line, &server.endpoint("authorization")));
    curl(&[alice().visits(&page).away().as_str()]);
    let said = asking.says();
    assert_eq!(said.status, 0, "{}", said.err);
    (profile, said.out)
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[test]
fn a_token_that_is_over_soon_is_refreshed_without_a_person_again_and_again() {
    // Its access tokens live for 20 s: too short to be shown to anybody.
    let (profile, first) = logged_in(OIDC, "brief");
    let mut seen = vec![first];
    for _ in 0..3 {
        let said = profile.get().says();
        assert_eq!(said.status, 0, "{}", said.err);
        assert!(!seen.contains(&said.out), "an old token");
        assert_eq!(judged(&lab::imaps("keyed"), said.out.trim_end(), "127.71.5.1"), ["accepted and open"; 2]);
        seen.push(said.out);
    }
}

#[test]
fn a_token_that_is_good_for_long_is_kept() {
    for server in BOTH {
        let (profile, first) = logged_in(server, "app");
        let said = profile.get().says();
        assert_eq!((said.status, said.out), (0, first), "{}", said.err);
    }
}

#[test]
fn an_old_refresh_token_is_refused_and_named() {
    let (profile, _) = logged_in(OIDC, "brief");
    let (state, kept) = (profile.path("state"), profile.path("kept"));
    copy(&state, &kept);
    assert_eq!(profile.get().says().status, 0);
    // Somebody puts back a copy of yesterday.
    std::fs::remove_dir_all(&state).unwrap();
    copy(&kept, &state);
    let mut asking = profile.get();
    asking.until(|line| line.contains("the stored sign-in is not good any more").then_some(()));
    // No loop: the person is asked once, and all is well again.
    let page = asking.until(|line| address(line, &OIDC.endpoint("authorization")));
    curl(&[alice().visits(&page).away().as_str()]);
    let said = asking.says();
    assert_eq!(said.status, 0, "{}", said.err);
    assert_eq!(judged(&lab::imaps("keyed"), said.out.trim_end(), "127.71.5.2"), ["accepted and open"; 2]);
}

#[test]
fn a_refresh_token_that_was_revoked_meanwhile_is_named() {
    for server in BOTH {
        let token = by_code(server, "app", &alice()).text("refresh_token");
        let profile = Profile::new(server, "app", "refresh-token", "refresh_token_env = \"KEPT\"");
        server.post("revocation", &[("client_id", "app"), ("token", &token)]);
        let mut command = profile.command(&["token", "get", lab::fact("ALICE")]);
        command.env("KEPT", &token);
        let said = Asking::start(command).says();
        assert!(said.status == 1 && said.out.is_empty(), "{}{}", said.out, said.err);
        assert!(said.err.contains("invalid_grant"), "{}", said.err);
        assert!(!said.err.contains(&token), "{}", said.err);
    }
}

#[test]
fn five_at_once_do_not_spoil_each_others_refresh_tokens() {
    // A refresh token that comes twice would end the whole grant.
    let (profile, _) = logged_in(OIDC, "brief");
    let running: Vec<_> = (0..5).map(|_| profile.get()).collect();
    for said in running.into_iter().map(Asking::says) {
        assert_eq!(said.status, 0, "{}", said.err);
        assert_eq!(judged(&lab::imaps("keyed"), said.out.trim_end(), "127.71.5.3"), ["accepted and open"; 2]);
    }
    assert_eq!(profile.get().says().status, 0);
}

#[test]
fn what_is_forgotten_is_asked_for_again() {
    let (profile, _) = logged_in(OIDC, "app");
    let forgotten = Asking::start(profile.offline(&["token", "forget", lab::fact("ALICE")])).says();
    assert_eq!(
        (forgotten.status, forgotten.err.contains("1 stored sign-in forgotten")),
        (0, true),
        "{}",
        forgotten.err
    );
    let mut asking = profile.get();
    let page = asking.until(|line| address(line, &OIDC.endpoint("authorization")));
    curl(&[alice().visits(&page).away().as_str()]);
    assert_eq!(asking.says().status, 0);
}
