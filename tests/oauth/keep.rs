//! Tokens between runs: kept for their owner alone, renewed once, rotated, revoked, forgotten.

use std::sync::atomic::{AtomicUsize, Ordering};

use mailprobe_rehearse::web::Response;

use crate::hostile::{TOKEN, token_for};
use crate::issuer::{Answer, Issuer, SECRET, Said, USER};

const DAEMON: &str =
    "client_id = \"x\"\nflow = \"client-credentials\"\nclient_secret_env = \"SECRET\"\nscopes = [\"mail\"]\n";

/// A file that only its owner can read.
pub(crate) fn private(issuer: &Issuer, name: &str, content: &str) -> String {
    use std::os::unix::fs::PermissionsExt as _;
    let path = issuer.path(name);
    std::fs::write(&path, content).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    path
}

fn kept(issuer: &Issuer) -> Vec<std::path::PathBuf> {
    let folder = std::fs::read_dir(issuer.home.path().join("mailprobe/tokens")).unwrap();
    let paths = folder.map(|entry| entry.unwrap().path());
    paths.filter(|path| path.extension().is_some_and(|end| end == "json")).collect()
}

#[test]
fn a_token_is_asked_for_once_and_its_file_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let issuer = Issuer::odd(|_| token_for(3600));
    issuer.profile(DAEMON);
    for _ in 0..3 {
        assert_eq!(issuer.get().token(), TOKEN);
    }
    assert_eq!(issuer.token_requests(), 1);
    let files = kept(&issuer);
    assert_eq!(files.len(), 1);
    assert_eq!(files[0].metadata().unwrap().permissions().mode() & 0o777, 0o600);
    assert!(!std::fs::read_to_string(&files[0]).unwrap().contains(SECRET));
}

#[test]
fn a_token_that_is_about_to_expire_is_not_given_out_again() {
    let issuer = Issuer::odd(|_| token_for(299));
    issuer.profile(DAEMON);
    issuer.get();
    issuer.get();
    assert_eq!(issuer.token_requests(), 2);
}

#[test]
fn many_processes_at_once_ask_once() {
    let issuer = Issuer::odd(|_| token_for(3600));
    issuer.profile(DAEMON);
    let children: Vec<_> = (0..6).map(|_| issuer.get_command(&[]).spawn().unwrap()).collect();
    for child in children {
        assert_eq!(Said::of(child).token(), TOKEN);
    }
    assert_eq!(issuer.token_requests(), 1);
}

#[test]
fn a_file_that_is_no_token_file_any_more_is_as_good_as_none() {
    let issuer = Issuer::odd(|_| token_for(3600));
    issuer.profile(DAEMON);
    issuer.get();
    std::fs::write(&kept(&issuer)[0], "{\"tokens\":[").unwrap();
    assert_eq!(issuer.get().token(), TOKEN);
    assert_eq!(issuer.token_requests(), 2);
}

/// An issuer that takes each refresh token once, and none after the third.
fn rotating() -> Issuer {
    let turn = AtomicUsize::new(0);
    Issuer::odd(move |request| {
        let body = String::from_utf8_lossy(&request.body).into_owned();
        let number = turn.load(Ordering::SeqCst);
        if number >= 3 || !body.contains(&format!("refresh_token=refresh-{number}-made-up")) {
            let text = "{\"error\":\"invalid_grant\",\"error_description\":\"AADSTS700082: The refresh token has expired due to inactivity.\"}";
            return Answer::Say(Response::with_body(400, "application/json", text));
        }
        turn.store(number + 1, Ordering::SeqCst);
        let next = number + 1;
        let text = format!(
            "{{\"access_token\":\"{TOKEN}\",\"token_type\":\"Bearer\",\"expires_in\":60,\"refresh_token\":\"refresh-{next}-made-up\"}}"
        );
        Answer::Say(Response::with_body(200, "application/json", text))
    })
}

#[test]
fn the_newest_refresh_token_is_used_and_one_that_was_revoked_ends_it_in_one_sentence() {
    let issuer = rotating();
    let file = private(&issuer, "refresh", "refresh-0-made-up");
    issuer
        .profile(&format!("client_id = \"x\"\nflow = \"refresh-token\"\nrefresh_token_file = \"{file}\"\n"));
    for _ in 0..3 {
        assert_eq!(issuer.get().token(), TOKEN);
    }
    let said = issuer.get();
    assert_eq!(said.status, 1, "{}", said.err);
    assert!(said.err.contains("AADSTS700082") && said.err.contains("get a new one"), "{}", said.err);
    assert!(!said.err.contains("-made-up"), "{}", said.err);
    assert_eq!(issuer.token_requests(), 4);
    // It is known now, and the issuer is not bothered again until there is another one.
    let said = issuer.get();
    assert_eq!((said.status, issuer.token_requests()), (2, 4), "{}", said.err);
}

#[test]
fn a_second_resource_is_got_by_the_refresh_token_of_the_first_sign_in() {
    let issuer = Issuer::odd(|request| {
        let body = String::from_utf8_lossy(&request.body).into_owned();
        let scope = body.split("scope=").nth(1).unwrap_or_default().split('&').next().unwrap().to_owned();
        let text = format!(
            "{{\"access_token\":\"token-for-{scope}\",\"expires_in\":3600,\"refresh_token\":\"refresh-made-up\"}}"
        );
        Answer::Say(Response::with_body(200, "application/json", text))
    });
    let with = |scope: &str| {
        issuer.profile(&format!("client_id = \"x\"\nflow = \"password\"\nscopes = [\"{scope}\"]\n"));
        Said::of(issuer.get_command(&["--password-env", "PW"]).spawn().unwrap()).token().to_owned()
    };
    for _ in 0..2 {
        assert_eq!((with("one"), with("two")), ("token-for-one".to_owned(), "token-for-two".to_owned()));
    }
    let asked = issuer.asked.lock().unwrap();
    let grants: Vec<bool> = asked
        .iter()
        .filter(|line| line.starts_with("POST"))
        .map(|line| line.contains("grant_type=password"))
        .collect();
    assert_eq!(
        grants,
        [true, false],
        "the password once, then its refresh token, then what is kept: {asked:?}"
    );
}

#[test]
fn forget_takes_the_tokens_of_a_profile_of_a_mailbox_or_all() {
    let issuer = Issuer::odd(|_| token_for(3600));
    issuer.profile(DAEMON);
    let forget = |more: &[&str]| {
        let arguments = [&["token", "forget"], more].concat();
        Said::of(issuer.command(&arguments).spawn().unwrap()).err
    };
    issuer.get();
    assert!(forget(&["--oauth", "a"]).contains("1 stored sign-in forgotten"));
    assert!(kept(&issuer).is_empty());
    assert!(forget(&["--all"]).contains("0 stored sign-ins"));
    issuer.get();
    assert!(
        forget(&["--oauth", "a", USER]).contains("1 stored"),
        "an application's own is for every mailbox"
    );
    assert_eq!(issuer.token_requests(), 2);
}
