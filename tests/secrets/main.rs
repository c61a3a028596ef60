//! Whatever the credential and wherever a server repeats it: nothing that leaves a visit shows it.
//!
//! Looked at are the report in every form, `Debug` of everything that carries a secret, and every event that
//! is logged on the way, at every level, through `tracing` and through `log`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "tests stop where they fail"
)]

#[allow(dead_code, unused_imports, reason = "every suite uses its part of the kit")]
#[path = "../support/mod.rs"]
mod support;

mod echo;
mod logs;
mod rendered;

use echo::{Form, Place, answering};
use mailprobe_probes::model::{Command, Login, Method, Secret};
use proptest::prelude::*;
use support::{Seen, USER, Visit, leak};

/// Letters that make no word of ours, and characters that some format somewhere takes for its own.
const LETTERS: &[char] = &['q', 'z', 'x', 'j', 'Q', 'Z', 'X', 'J', '7'];
const HOSTILE: &[char] = &[
    '"',
    '\'',
    '\\',
    '%',
    '&',
    '<',
    '>',
    ' ',
    '=',
    '+',
    '/',
    ',',
    ';',
    ':',
    '(',
    ')',
    '{',
    '}',
    '[',
    ']',
    '*',
    '~',
    '$',
    '\u{e4}',
    '\u{df}',
    '\u{20ac}',
    '\u{65e5}',
    '\u{1f511}',
    '\u{202e}',
    '\t',
];

/// Six characters or more, at least three of them letters: six blanks stand in every indented report.
fn password() -> impl Strategy<Value = String> {
    let letter = || prop::sample::select(LETTERS);
    let any = prop::collection::vec(prop_oneof![letter(), prop::sample::select(HOSTILE)], 3..20);
    (prop::collection::vec(letter(), 3), any).prop_flat_map(|(mut letters, mut any)| {
        letters.append(&mut any);
        Just(letters).prop_shuffle().prop_map(|chars| chars.into_iter().collect())
    })
}

/// An opaque token, or one that looks like a JWT.
fn token() -> impl Strategy<Value = String> {
    let opaque = "[A-Za-z0-9._~+/-]{24,120}";
    let jwt = ("[A-Za-z0-9_-]{20,300}", prop::bool::ANY).prop_map(|(signature, readable)| {
        use base64::Engine as _;
        let encode = |text: &str| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(text);
        let claims = r#"{"aud":"https://outlook.office.com","exp":1795298400,"upn":"alice@example.com"}"#;
        format!(
            "{}.{}.{signature}",
            encode(r#"{"alg":"RS256","typ":"JWT"}"#),
            if readable { encode(claims) } else { encode("no JSON") }
        )
    });
    prop_oneof![opaque.prop_map(String::from), jwt]
}

fn method() -> impl Strategy<Value = &'static str> {
    prop::sample::select(
        &["PLAIN", "LOGIN", "LOGIN-COMMAND", "CRAM-MD5", "SCRAM-SHA-256", "XOAUTH2", "OAUTHBEARER"][..],
    )
}

/// How what the server says is cut.
#[derive(Debug, Clone, Copy)]
enum Segments {
    One,
    Two,
    Octets,
}

fn segments() -> impl Strategy<Value = Segments> {
    prop::sample::select(&[Segments::One, Segments::Two, Segments::Octets][..])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn no_output_of_a_visit_shows_a_secret_that_the_server_repeats(
        password in password(), token in token(), method in method(), place in Place::any(), form in Form::any(),
        segments in segments(),
    ) {
        let secret = if matches!(method, "XOAUTH2" | "OAUTHBEARER") { &token } else { &password };
        let spelling = form;
        let (seen, logged) = visit(&password, &token, method, place, form.write(secret), segments);
        for text in seen.outputs().iter().chain([&logged.tracing]) {
            for secret in [&password, &token] {
                let found = leak(text, secret.as_bytes());
                prop_assert_eq!(found, None, "{:?} {:?} {}\n{}\n{}", place, form, method, seen.transcript(), text);
            }
        }
        for (form, text) in rendered::forms(&seen) {
            for secret in [&password, &token] {
                let found = leak(&text, secret.as_bytes());
                prop_assert_eq!(found, None, "{}: {:?} {:?} {}\n{}", form, place, spelling, method, text);
            }
        }
        // What was said was really heard: a server that is not listened to proves nothing.
        prop_assert!(seen.heard[0].sent > 0);
        prop_assert!(logged.tracing.contains(logs::MARK), "the subscriber was not there");
    }

    #[test]
    fn debug_output_of_what_carries_a_secret_does_not_show_it(password in password(), token in token()) {
        let login = login(&password, &token);
        let command = Command::clear("m1 LOGIN alice ").and_secret(password.as_bytes(), "password").and("\r\n")
            .hiding([zeroize::Zeroizing::new(token.clone().into_bytes())]);
        let secret = Secret::new(password.as_str());
        for text in [format!("{login:?}"), format!("{login:#?}"), format!("{command:?}"), format!("{command:#?}"),
                     format!("{secret:?}"), command.shown()] {
            for secret in [&password, &token] {
                prop_assert_eq!(leak(&text, secret.as_bytes()), None, "{}", text);
            }
        }
    }
}

/// The repetition is noticed, too, wherever it is in full view.
#[test]
fn a_repetition_is_noticed_in_every_place_and_every_form() {
    let password = "Zq\"7 \\x%&<j\u{e4}>'X";
    for place in Place::ALL {
        for form in Form::ALL {
            // Base64 of an escaped form is two envelopes: nobody looks into both.
            if place == Place::Challenge && form != Form::Raw {
                continue;
            }
            let (seen, _) = visit(
                password,
                "a-token-that-is-never-sent",
                "PLAIN",
                place,
                form.write(password),
                Segments::One,
            );
            assert!(
                seen.finding_ids().contains(&"secret-echoed"),
                "{place:?} {form:?}\n{}",
                seen.transcript()
            );
        }
    }
}

/// A line is taken apart at blanks and brackets, which may be the password's own.
#[test]
fn a_password_that_begins_with_a_blank_or_looks_like_a_code_is_in_no_output() {
    for password in [" qqj*q'Z>$[ ", "[Zq]xjQ7zK", "[Zq] xjQ7zK"] {
        for place in Place::ALL {
            let method = if place == Place::Challenge { "LOGIN" } else { "PLAIN" };
            let echo = Form::Raw.write(password);
            let (seen, _) = visit(password, "a-token-that-is-never-sent", method, place, echo, Segments::One);
            for text in seen.outputs() {
                assert_eq!(leak(&text, password.as_bytes()), None, "{place:?}\n{text}");
            }
            for (form, text) in rendered::forms(&seen) {
                assert_eq!(leak(&text, password.as_bytes()), None, "{form} {place:?}\n{text}");
            }
        }
    }
}

/// async-imap writes every octet it reads to `log`, at its lowest level. Whoever turns that on must not find
/// a password there.
#[test]
fn the_log_of_the_imap_library_does_not_show_a_repeated_secret() {
    let (seen, logged) =
        visit("Zqxj-7-JXZQ", "unused-token", "PLAIN", Place::AtExamine, "Zqxj-7-JXZQ".into(), Segments::One);
    assert!(seen.finding_ids().contains(&"secret-echoed"), "it was said: {}", seen.transcript());
    assert_eq!(leak(&logged.log, b"Zqxj-7-JXZQ"), None, "{}", logged.log);
}

fn login(password: &str, token: &str) -> Login {
    Login {
        authcid: USER.into(),
        password: Some(Secret::new(password)),
        token: Some(Secret::new(token)),
        ..Login::default()
    }
}

fn visit(
    password: &str,
    token: &str,
    method: &str,
    place: Place,
    echo: Vec<u8>,
    segments: Segments,
) -> (Seen, logs::Logged) {
    let sink = logs::Sink::default();
    let mut visit = Visit::clear(&[]);
    visit.options.methods = vec![Method::from_name(method)];
    visit.login = login(password, token);
    visit.cut = std::sync::Arc::new(move |bytes| match segments {
        Segments::One => vec![bytes.to_vec()],
        Segments::Two => bytes.chunks(bytes.len() / 2 + 1).map(<[u8]>::to_vec).collect(),
        Segments::Octets => bytes.iter().map(|byte| vec![*byte]).collect(),
    });
    let listening = sink.clone();
    visit.before = Box::new(move || listening.listen());
    let seen = visit.unchecked(support::once(answering(place, echo)));
    (seen, sink.logged())
}

/// A report that does hold the secret shows it in every form: otherwise the property above would prove
/// nothing about them.
#[test]
fn a_secret_that_was_not_redacted_is_found_in_every_form() {
    let password = "Zq\"7&<j'X|*_`zQ";
    let (mut seen, _) = visit(password, "unused-token", "PLAIN", Place::Refusal, "-".into(), Segments::One);
    let spoil = |outcome: &mut mailprobe_probes::model::Outcome| {
        if let mailprobe_probes::model::Outcome::Refused { reply, .. } = outcome {
            reply.text = format!("no: {password} is wrong");
        }
    };
    seen.report.attempts.iter_mut().for_each(|attempt| spoil(&mut attempt.outcome));
    for line in &mut seen.report.transcript {
        line.text.push_str(password);
    }
    seen.report.url.push_str(password);
    for (form, text) in rendered::forms(&seen) {
        let told = leak(&text, password.as_bytes()).is_some();
        assert!(told || form == "README.txt", "{form}:\n{text}");
    }
}
