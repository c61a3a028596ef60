//! The same over HTTP: the status comes before the content, and what a status says is not contradicted by what is
//! concluded from it.

use mailprobe_probes::model::{Cause, Phase, Trouble};

use crate::class::undecided;
use crate::support::{Script, Seen, TOKEN, Visit};

/// An answer with this status line, header block and content.
fn http(status: &str, headers: &str, content: &str) -> Vec<u8> {
    let fields: String = headers.lines().flat_map(|line| [line.trim(), "\r\n"]).collect();
    format!("HTTP/1.1 {status}\r\n{fields}Content-Length: {}\r\n\r\n{content}", content.len()).into_bytes()
}

/// A visit to a service that challenges, and answers so to a credential.
fn web(
    service: &str,
    method: &str,
    status: &'static str,
    headers: &'static str,
    content: &'static str,
) -> Seen {
    let challenge = "WWW-Authenticate: Basic realm=\"mail\"\nWWW-Authenticate: Bearer realm=\"mail\"";
    Visit::http_clear(service, &[method]).run_many(move |_| {
        Some(Script::new().web(move |head, _| {
            let shown =
                head.lines().find_map(|line| line.strip_prefix("Authorization: ")).unwrap_or_default();
            let has_secret = shown.starts_with("Basic ") || shown.contains(TOKEN);
            if has_secret { http(status, headers, content) } else { http("401 Unauthorized", challenge, "") }
        }))
    })
}

#[test]
fn what_http_calls_temporary_decides_nothing_whatever_it_says() {
    for service in ["ews", "eas", "autodiscover"] {
        for (status, cause) in [
            ("429 Too Many Requests", Trouble::Throttled),
            ("503 Service Unavailable", Trouble::Throttled),
            ("504 Gateway Timeout", Trouble::Temporary),
        ] {
            for words in ["", "Basic authentication is disabled.", "Invalid credentials", "Bad Request"] {
                let seen = web(service, "Basic", status, "Content-Type: text/plain", words);
                let (failure, causes) = undecided(&seen, "Basic");
                let fits = failure.cause == cause || failure.cause == Trouble::Temporary;
                assert!(failure.phase == Phase::Auth && fits, "{service} {status} {words}: {failure:?}");
                let passing = matches!(causes[0], Cause::Throttled | Cause::Temporary);
                assert!(passing, "{service} {status} {words}: {causes:?}");
            }
        }
    }
}

#[test]
fn activesync_does_not_contradict_itself_about_a_request_that_it_does_not_take() {
    for (status, causes) in [
        ("400 Bad Request", &[Cause::BadRequest][..]),
        ("406 Not Acceptable", &[Cause::BadRequest]),
        ("413 Content Too Large", &[Cause::BadRequest]),
        ("415 Unsupported Media Type", &[Cause::BadRequest]),
        ("440 Login Timeout", &[Cause::WebLoginRequired, Cause::TokenExpired]),
        ("419 Authentication Timeout", &[Cause::WebLoginRequired, Cause::TokenExpired]),
        ("449 Retry after sending a PROVISION command", &[Cause::ProvisioningRequired]),
    ] {
        for method in ["Basic", "Bearer"] {
            let seen = web("eas", method, status, "", "");
            let (failure, found) = undecided(&seen, method);
            assert!(causes.contains(&found[0]), "{status}: {found:?}");
            // "Ask again later" would be wrong advice: the same request gets the same answer.
            assert_eq!(failure.cause.name(), "request-refused", "{status}");
        }
    }
}

#[test]
fn ews_that_offers_only_windows_logins_takes_no_basic() {
    for offer in [
        "WWW-Authenticate: Negotiate\nWWW-Authenticate: NTLM",
        "WWW-Authenticate: Negotiate, NTLM",
        "WWW-Authenticate: NTLM",
        "WWW-Authenticate: Digest realm=\"mail\", nonce=\"x\", qop=\"auth, auth-int\"",
    ] {
        for service in ["ews", "eas", "autodiscover"] {
            let seen = Visit::http_clear(service, &["Basic"])
                .run_many(move |_| Some(Script::new().web(move |_, _| http("401 Unauthorized", offer, ""))));
            let (_, causes, _) = seen.assert_refused("Basic");
            assert_eq!(causes[0], Cause::MechanismUnsupported, "{service} {offer}: {causes:?}");
        }
    }
    let seen = Visit::http_clear("ews", &["Basic"]).run_many(|_| {
        let offer = "WWW-Authenticate: Negotiate, NTLM, Basic realm=\"mail\"";
        Some(Script::new().web(move |_, _| http("401 Unauthorized", offer, "")))
    });
    assert_eq!(
        seen.assert_refused("Basic").1[0],
        Cause::BadCredentials,
        "Basic is offered in the same field"
    );
}

#[test]
fn a_login_page_in_place_of_the_service_is_no_yes() {
    for service in ["ews", "eas", "autodiscover"] {
        let page = "<!DOCTYPE html><html><head><title>Sign in</title></head><body>Sign in</body></html>";
        let seen = web(service, "Basic", "200 OK", "Content-Type: text/html", page);
        seen.assert_inconclusive("Basic", Phase::Auth, Trouble::WrongProtocol);
    }
}

#[test]
fn a_web_service_does_not_contradict_itself() {
    // Whatever is answered in place of the service, nothing was accepted.
    for (status, headers, content) in [
        ("200 OK", "", ""),
        ("204 No Content", "", ""),
        ("200 OK", "Content-Type: text/plain", "authentication failed"),
    ] {
        for service in ["ews", "eas", "autodiscover"] {
            let seen = web(service, "Basic", status, headers, content);
            let (failure, causes) = undecided(&seen, "Basic");
            assert_eq!(
                (failure.cause, causes),
                (Trouble::WrongProtocol, &[Cause::Unexplained][..]),
                "{service}"
            );
        }
    }
    for (service, status) in [
        ("ews", "400 Bad Request"),
        ("ews", "415 Unsupported Media Type"),
        ("autodiscover", "440 Login Timeout"),
        ("eas", "505 HTTP Version Not Supported"),
        ("eas", "511 Network Authentication Required"),
    ] {
        let seen = web(service, "Basic", status, "", "");
        assert_eq!(undecided(&seen, "Basic").0.cause.name(), "request-refused", "{service} {status}");
    }
    // What a number means to us is no word of the server's.
    for words in ["Access denied by conditional access policy", "Sign-in is disabled by your organisation"] {
        for (service, method) in [("ews", "Basic"), ("eas", "Basic"), ("eas", "Bearer")] {
            let seen = web(service, method, "403 Forbidden", "Content-Type: text/plain", words);
            let (_, causes, _) = seen.assert_refused(method);
            assert_eq!(causes[0], Cause::ConditionalAccess, "{service} {words}: {causes:?}");
        }
    }
    let seen = Visit::http_clear("ews", &["Bearer"]).run_many(|_| {
        Some(Script::new().web(|_, _| http("401 Unauthorized", "WWW-Authenticate: Negotiate, NTLM", "")))
    });
    assert_eq!(seen.assert_refused("Bearer").1, [Cause::MechanismUnsupported]);
}
