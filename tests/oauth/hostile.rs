//! Issuers that answer with something else, too much or nothing, and clients that are not what they were.

use std::time::{Duration, Instant};

use mailprobe_rehearse::web::Response;

use crate::issuer::{Answer, Issuer, SECRET, Said, USER};

/// An opaque access token.
pub(crate) const TOKEN: &str = "opaque-token-that-no-log-may-show";
const DAEMON: &str =
    "client_id = \"x\"\nflow = \"client-credentials\"\nclient_secret_env = \"SECRET\"\nscopes = [\"mail\"]\n";

/// A token that is good for so many seconds.
pub(crate) fn token_for(seconds: u64) -> Answer {
    let text = format!("{{\"access_token\":\"{TOKEN}\",\"token_type\":\"Bearer\",\"expires_in\":{seconds}}}");
    Answer::Say(Response::with_body(200, "application/json", text))
}

fn say(status: u16, kind: &str, text: &str) -> Answer {
    Answer::Say(Response::with_body(status, kind, text))
}

/// What is said where the token endpoint answers so, after a look at what holds for all of them.
fn told(answer: impl Fn() -> Answer + Send + Sync + 'static) -> Said {
    let issuer = Issuer::odd(move |_| answer());
    issuer.profile(DAEMON);
    let begun = Instant::now();
    let said = issuer.get();
    assert!(begun.elapsed() < Duration::from_secs(20), "it took {:?}", begun.elapsed());
    assert_eq!(said.out, "");
    assert!(!said.err.contains(SECRET), "{}", said.err);
    assert_eq!(issuer.token_requests(), 1, "nothing is asked twice");
    said
}

#[test]
fn html_in_place_of_a_token_is_called_that_and_not_shown() {
    let said = told(|| say(200, "text/html", "<html><body>made-up-secret-of-an-app</body></html>"));
    assert_eq!(said.status, 3);
    assert!(said.err.contains("answers 200 with HTML (text/html) in place of a token"), "{}", said.err);
}

#[test]
fn fifty_megabytes_are_not_read() {
    let said = told(|| Answer::Flood);
    assert_eq!(said.status, 3);
    assert!(said.err.contains("more than 128 KiB"), "{}", said.err);
}

#[test]
fn interim_answers_without_end_are_given_up() {
    let said = told(|| Answer::Interim);
    assert_eq!(said.status, 3);
    assert!(said.err.contains("no answer in time"), "{}", said.err);
}

#[test]
fn an_issuer_that_never_answers_is_given_up() {
    let said = told(|| Answer::Never);
    assert_eq!(said.status, 3);
    assert!(said.err.contains("no answer in time"), "{}", said.err);
}

#[test]
fn an_issuer_and_a_server_that_never_answer_share_the_time_of_one_visit() {
    let issuer = Issuer::odd(|_| Answer::Never);
    issuer.profile(DAEMON);
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("imap+plain://{}", silent.local_addr().unwrap());
    let arguments = [
        "check",
        USER,
        "--oauth",
        "a",
        "--endpoint",
        &endpoint,
        "--allow-plaintext",
        "--timeout",
        "6",
        "-o",
        "json",
    ];
    let begun = Instant::now();
    let mut command = issuer.command(&arguments);
    command.args(["--ca-file", &Issuer::trust()]);
    let said = Said::of(command.spawn().unwrap());
    assert!(begun.elapsed() < Duration::from_secs(8), "it took {:?}", begun.elapsed());
    assert_eq!(said.status, 3, "{}", said.err);
    assert!(said.err.contains("no token in 3 s, half the time of the visit"), "{}", said.err);
    assert!(said.out.contains("\"token-not-obtained\""), "{}", said.out);
    assert!(said.out.contains("no answer within") || said.out.contains("\"deadline\""), "{}", said.out);
}

#[test]
fn a_redirect_is_not_followed_with_credentials() {
    let said = told(|| {
        Answer::Say(
            Response::of(307).field("Location", "https://evil.example/collect?made-up-secret-of-an-app"),
        )
    });
    assert_eq!(said.status, 3);
    assert!(said.err.contains("redirects to evil.example (307)"), "{}", said.err);
}

#[test]
fn an_expired_client_secret_is_named_and_an_echo_of_it_is_taken_out() {
    let said = told(|| {
        let text = "AADSTS7000222: The provided client secret keys for app 'x' are expired. made-up-secret-of-an-app";
        say(
            401,
            "application/json",
            &format!("{{\"error\":\"invalid_client\",\"error_description\":\"{text}\"}}"),
        )
    });
    assert_eq!(said.status, 1);
    assert!(
        said.err.contains("AADSTS7000222") && said.err.contains("[app-credential-invalid]"),
        "{}",
        said.err
    );
}

#[test]
fn a_clock_that_is_ten_minutes_off_is_said_with_the_refusal() {
    let said = told(|| {
        let text = "{\"error\":\"invalid_client\",\"error_description\":\"AADSTS700024: Client assertion is not within its valid time range.\"}";
        Answer::Say(
            Response::with_body(401, "application/json", text).field("Date", "Sun, 06 Nov 1994 08:49:37 GMT"),
        )
    });
    assert!(said.err.contains("minutes ahead of the issuer's: set it right"), "{}", said.err);
}

#[test]
fn a_tenant_that_the_issuer_does_not_know_is_said_before_any_secret_is_sent() {
    let issuer = Issuer::with(|_| |_: &_| say(400, "application/json", "{\"error\":\"invalid_tenant\"}"));
    issuer.profile(DAEMON);
    let said = issuer.get();
    assert_eq!(said.status, 3);
    assert!(said.err.contains("the issuer does not know this tenant"), "{}", said.err);
    assert!(!issuer.asked.lock().unwrap().join("\n").contains("secret"));
}

#[test]
fn a_configuration_of_another_issuer_or_without_tls_gets_no_secret() {
    for (text, words) in [
        (
            r#"{"issuer":"https://evil.example","token_endpoint":"https://evil.example/t"}"#,
            "of another issuer",
        ),
        ("<html>", "it is HTML"),
    ] {
        let issuer = Issuer::with(|_| move |_: &_| say(200, "application/json", text));
        issuer.profile(DAEMON);
        let said = issuer.get();
        assert!(said.status == 3 && said.err.contains(words), "{}", said.err);
    }
}

#[test]
fn a_secret_file_with_two_lines_is_a_mistake_of_the_users() {
    let issuer = Issuer::odd(|_| token_for(60));
    let file = crate::keep::private(&issuer, "two", "one\ntwo\n");
    issuer.profile(
        &DAEMON.replace("client_secret_env = \"SECRET\"", &format!("client_secret_file = \"{file}\"")),
    );
    let said = issuer.get();
    assert_eq!(said.status, 2);
    assert!(said.err.contains("has more than one line") && !said.err.contains("two lines\n"), "{}", said.err);
    assert_eq!(issuer.token_requests(), 0);
}
