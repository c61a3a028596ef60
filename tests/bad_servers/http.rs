//! HTTP services that say strange things, too much, or nothing; and a scripted Exchange that says the right ones.

use std::sync::Arc;
use std::time::Duration;

use mailprobe_probes::model::{Cause, Outcome, Phase, Session, Skip, Trouble};

use crate::support::{PASSWORD, Script, Seen, TOKEN, USER, Visit};

/// An answer with this status line, header block and content.
pub(crate) fn say(status: &str, headers: &str, content: &str) -> Vec<u8> {
    let fields: String = headers.lines().flat_map(|line| [line.trim(), "\r\n"]).collect();
    format!("HTTP/1.1 {status}\r\n{fields}Content-Length: {}\r\n\r\n{content}", content.len()).into_bytes()
}

/// What the head of a request carries as `Authorization`.
pub(crate) fn authorization(head: &str) -> &str {
    head.lines().find_map(|line| line.strip_prefix("Authorization: ")).unwrap_or_default()
}

pub(crate) fn challenge() -> Vec<u8> {
    let headers = "WWW-Authenticate: Bearer client_id=\"00000002-0000-0ff1-ce00-000000000000\", \
                   trusted_issuers=\"00000001-0000-0000-c000-000000000000@*\", token_types=\"app_asserted_user_v1\", \
                   authorization_uri=\"https://login.microsoftonline.com/common/oauth2/authorize\"\n\
                   WWW-Authenticate: Basic Realm=\"\"\n\
                   X-FEServer: FR3P281CA0157\nrequest-id: 5cd2a36f-0000-4000-8000-000000000000";
    say("401 Unauthorized", headers, "")
}

pub(crate) const INBOX: &str = "<?xml version=\"1.0\"?><s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\">\
    <s:Header><h:ServerVersionInfo MajorVersion=\"15\" MinorVersion=\"20\" MajorBuildNumber=\"8158\" \
    MinorBuildNumber=\"17\" xmlns:h=\"http://schemas.microsoft.com/exchange/services/2006/types\"/></s:Header>\
    <s:Body><m:GetFolderResponse xmlns:m=\"http://schemas.microsoft.com/exchange/services/2006/messages\">\
    <m:ResponseMessages><m:GetFolderResponseMessage ResponseClass=\"Success\"><m:ResponseCode>NoError</m:ResponseCode>\
    <m:Folders><t:Folder xmlns:t=\"http://schemas.microsoft.com/exchange/services/2006/types\"><t:FolderId Id=\"AAMkAGxhYg==\"/>\
    </t:Folder></m:Folders></m:GetFolderResponseMessage></m:ResponseMessages></m:GetFolderResponse></s:Body></s:Envelope>";

/// A tenant after the cutover: passwords are still offered and never taken, tokens open the mailbox.
fn exchange(head: &str) -> Vec<u8> {
    if authorization(head) == format!("Bearer {TOKEN}") {
        return say("200 OK", "Content-Type: text/xml; charset=utf-8\nX-FEServer: FR3P281CA0157", INBOX);
    }
    challenge()
}

/// The visit to a server that answers every request of every connection in this way.
pub(crate) fn visit(visit: Visit, answer: impl Fn(&str) -> Vec<u8> + Send + Sync + 'static) -> Seen {
    let answer = Arc::new(answer);
    visit.run_many(move |_| {
        let answer = Arc::clone(&answer);
        Some(Script::new().web(move |head, _| answer(head)))
    })
}

pub(crate) fn ews(methods: &[&str]) -> Visit {
    Visit::http_clear("ews", methods)
}

#[test]
fn after_the_cutover_a_password_is_offered_and_refused_and_a_token_opens_the_mailbox() {
    let seen = visit(ews(&[]), exchange);
    let list = &seen.report.advertised[0];
    let offered: Vec<&str> = list.offers.iter().map(|offer| offer.method.name()).collect();
    assert_eq!(offered, ["Bearer", "Basic"]);
    let (reply, ..) = seen.assert_refused("Basic");
    assert_eq!(reply.status, "401");
    assert!(seen.attempt("Basic").advertised);
    let (session, proof) = seen.assert_accepted("Bearer");
    assert!(matches!(session, Session::Opened { .. }), "{session:?}");
    assert!(proof.iter().any(|line| line.contains("NoError")), "{proof:#?}");
    assert!(proof.iter().any(|line| line.starts_with("POST /EWS/Exchange.asmx")), "{proof:#?}");
    let fact = |name: &str| {
        let found = seen.report.facts.iter().find(|fact| fact.name == name);
        found.unwrap_or_else(|| panic!("no fact {name}: {:#?}", seen.report.facts)).value.clone()
    };
    assert_eq!(fact("bearer-client-id"), "00000002-0000-0ff1-ce00-000000000000");
    assert_eq!(fact("bearer-authorization-uri"), "https://login.microsoftonline.com/common/oauth2/authorize");
    assert!(fact("request-id").starts_with("5cd2a36f"));
    assert_eq!(seen.report.front_end.as_deref(), Some("FR3P281CA0157"));
}

#[test]
fn an_attempt_costs_one_request_after_the_two_that_ask_what_is_offered() {
    let seen = visit(ews(&[]), exchange);
    let requests: Vec<usize> = seen
        .heard
        .iter()
        .map(|heard| heard.lines.iter().filter(|line| line.starts_with("POST ")).count())
        .collect();
    assert_eq!(requests, [2, 1, 1]);
    let first: Vec<&String> =
        seen.heard[0].lines.iter().filter(|line| line.starts_with("Authorization")).collect();
    assert_eq!(first, ["Authorization: Bearer"], "once without the field, once with an empty one");
}

#[test]
fn secrets_travel_in_their_field_and_are_shown_as_labels() {
    let seen = visit(ews(&[]), exchange);
    assert!(seen.received_a_secret_by(1) && seen.received_a_secret_by(2));
    let transcript = seen.transcript();
    assert!(
        transcript
            .contains(&format!("Authorization: Basic ‹user {USER}, password {} chars›", PASSWORD.len()))
    );
    assert!(transcript.contains(&format!("Authorization: Bearer ‹token {} chars›", TOKEN.len())));
}

#[test]
fn a_password_that_is_repeated_in_a_page_is_replaced_and_reported() {
    let seen = visit(ews(&["Basic"]), |head| {
        if authorization(head).is_empty() { challenge() } else { say("403 Forbidden", "", PASSWORD) }
    });
    seen.finding("secret-echoed");
    seen.assert_refused("Basic");
}

#[test]
fn no_redirect_is_followed_with_or_without_a_credential() {
    for (status, header) in [
        ("302 Found", "Location: http://evil.example/"),
        ("307 Temporary Redirect", "Location: /EWS/Exchange.asmx"),
        ("451 Redirect", "X-MS-Location: https://eas.outlook.com/Microsoft-Server-ActiveSync"),
    ] {
        let seen = visit(ews(&["Bearer"]), move |head| {
            if authorization(head).contains(TOKEN) { say(status, header, "") } else { challenge() }
        });
        let (failure, _) = seen.assert_inconclusive("Bearer", Phase::Auth, Trouble::Redirected);
        let (_, target) = header.split_once(": ").unwrap();
        assert!(failure.detail.contains(target), "{failure:?}");
        assert_eq!(seen.heard.len(), 2, "no further connection");
    }
}

#[test]
fn what_is_not_exchange_web_services_decides_nothing() {
    let bomb = "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY b \"bbbbbbbbbb\">]><a>&b;</a>";
    let deep = "<a>".repeat(10_000);
    let other = Trouble::WrongProtocol;
    let pages: [(&str, &str, &str, Trouble); 5] = [
        ("200 OK", "Content-Type: text/html", "<!DOCTYPE html><title>Sign in to your account</title>", other),
        ("200 OK", "Content-Type: text/xml", bomb, other),
        ("200 OK", "Content-Type: text/xml", deep.leak(), Trouble::NestedTooDeeply),
        ("200 OK", "Content-Type: application/json", "{\"error\":\"no\"}", other),
        ("404 Not Found", "", "nothing here", other),
    ];
    for (status, header, content, cause) in pages {
        let seen = visit(ews(&["Bearer"]), move |head| {
            if authorization(head).contains(TOKEN) { say(status, header, content) } else { challenge() }
        });
        seen.assert_inconclusive("Bearer", Phase::Auth, cause);
    }
}

#[test]
fn a_throttled_or_broken_server_is_neither_yes_nor_no() {
    for (status, header, cause) in [
        ("429 Too Many Requests", "Retry-After: 30", Trouble::Throttled),
        ("503 Service Unavailable", "", Trouble::Throttled),
        ("502 Bad Gateway", "", Trouble::Temporary),
        ("500 Internal Server Error", "Content-Type: text/html", Trouble::Temporary),
    ] {
        let seen = visit(ews(&["Bearer"]), move |head| {
            if authorization(head).contains(TOKEN) { say(status, header, "") } else { challenge() }
        });
        seen.assert_inconclusive("Bearer", Phase::Auth, cause);
    }
}

#[test]
fn a_server_that_opens_for_everybody_has_accepted_nobody() {
    let seen = visit(ews(&["Basic"]), |_| say("200 OK", "Content-Type: text/xml", INBOX));
    let (failure, _) = seen.assert_inconclusive("Basic", Phase::Auth, Trouble::Preauthenticated);
    assert!(failure.detail.contains("without credentials"), "{failure:?}");
}

#[test]
fn a_server_that_hangs_up_on_a_scheme_has_not_answered() {
    // SOGo 5.8 does so on Bearer, Negotiate and NTLM, even on an empty Bearer token behind some proxies.
    let seen = visit(ews(&[]), |head| match authorization(head) {
        "" => challenge(),
        value if value.starts_with("Bearer") => Vec::new(),
        _ => say("200 OK", "Content-Type: text/xml", INBOX),
    });
    seen.assert_accepted("Basic");
    seen.assert_inconclusive("Bearer", Phase::Auth, Trouble::ConnectionClosed);
}

#[test]
fn a_service_that_never_answers_in_http_has_no_cells() {
    let banner = |_| Some(Script::new().line("220 mail.example.com ESMTP"));
    let seen = ews(&["Basic"]).unchecked(Box::new(banner));
    seen.check_report();
    assert_eq!(seen.report.failure.as_ref().unwrap().cause, Trouble::ProtocolViolation);
    assert!(!seen.received_a_secret());
}

#[test]
fn endless_headers_and_endless_content_are_cut_off() {
    let seen = ews(&["Bearer"]).run_many(|number| {
        Some(match number {
            0 => Script::new().web(|_, _| challenge()),
            _ => Script::new().client("POST *").raw("HTTP/1.1 200 OK\r\n").for_ever("X-More: of it\r\n"),
        })
    });
    seen.assert_inconclusive("Bearer", Phase::Auth, Trouble::ReplyTooLarge);
    let seen = ews(&["Bearer"]).run_many(|number| {
        Some(match number {
            0 => Script::new().web(|_, _| challenge()),
            _ => Script::new()
                .client("POST *")
                .raw("HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n<a>")
                .for_ever("<b/>".repeat(1000)),
        })
    });
    let (failure, _) = seen.assert_inconclusive("Bearer", Phase::Auth, Trouble::ReplyTooLarge);
    assert!(failure.detail.contains("bounds"), "{failure:?}");
    assert!(seen.heard[1].sent < 2 * 1024 * 1024, "{} octets were taken", seen.heard[1].sent);
}

#[test]
fn interim_answers_are_skipped_and_counted() {
    let interim = |times: usize| "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n".repeat(times);
    for (times, taken) in [(1, true), (16, true), (17, false)] {
        let seen = visit(ews(&["Bearer"]), move |head| {
            if authorization(head).contains(TOKEN) {
                [interim(times).into_bytes(), exchange(head)].concat()
            } else {
                challenge()
            }
        });
        if taken {
            seen.assert_accepted("Bearer");
        } else {
            let (failure, _) =
                seen.assert_inconclusive("Bearer", Phase::Auth, Trouble::TooManyInterimAnswers);
            assert_eq!(failure.detail, "more than 16 interim answers (1xx) and no answer");
        }
    }
}

#[test]
fn lengths_that_contradict_each_other_or_mean_nothing_are_no_answer() {
    for field in [
        "Content-Length: -1",
        "Content-Length: 5\r\nContent-Length: 7",
        "Content-Length: 99999999999999999999999",
        "Content-Length: 0x10",
        "Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff",
        "Transfer-Encoding: chunked\r\n\r\n-1",
    ] {
        let seen = visit(ews(&["Bearer"]), move |head| {
            if authorization(head).contains(TOKEN) {
                format!("HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n{field}\r\n\r\n{INBOX}").into_bytes()
            } else {
                challenge()
            }
        });
        let attempt = seen.attempt("Bearer");
        assert_eq!(attempt.outcome.word(), "inconclusive", "{field}: {attempt:#?}");
    }
}

#[test]
fn an_answer_that_may_have_no_content_is_read_without_it() {
    let seen = visit(ews(&["Bearer"]), |head| {
        if authorization(head).contains(TOKEN) {
            [b"HTTP/1.1 204 No Content\r\nContent-Length: 1000000\r\n\r\n".to_vec(), vec![b'a'; 100_000]]
                .concat()
        } else {
            challenge()
        }
    });
    assert_eq!(seen.attempt("Bearer").outcome.word(), "inconclusive", "{:#?}", seen.attempt("Bearer"));
}

#[test]
fn a_server_that_falls_silent_is_given_up() {
    let seen = ews(&["Bearer"]).run_many(|number| {
        Some(if number == 0 { Script::new().web(|_, _| challenge()) } else { Script::new() })
    });
    seen.assert_inconclusive("Bearer", Phase::Auth, Trouble::Timeout);
}

#[test]
fn nothing_secret_goes_out_in_the_clear_unasked() {
    let mut prepared = ews(&[]);
    prepared.options.allow_plaintext = false;
    let seen = visit(prepared, exchange);
    seen.assert_not_tried("Basic", Skip::PlaintextForbidden);
    seen.assert_not_tried("Bearer", Skip::PlaintextForbidden);
    assert!(!seen.received_a_secret());
}

#[test]
fn a_scheme_nobody_implements_is_listed_and_not_tried() {
    let seen = visit(ews(&[]), |_| {
        say("401 Unauthorized", "WWW-Authenticate: Negotiate\nWWW-Authenticate: DPoP", "")
    });
    seen.assert_not_tried("Negotiate", Skip::Unimplemented);
    seen.assert_not_tried("DPoP", Skip::Unimplemented);
    assert!(seen.attempt("Negotiate").advertised && !seen.attempt("Basic").advertised);
}

#[test]
fn a_200_with_the_mailbox_shut_is_accepted_and_not_usable() {
    let denied = INBOX.replace("Success", "Error").replace("NoError", "ErrorAccessDenied");
    let seen = visit(ews(&["Bearer"]), move |head| {
        if authorization(head).contains(TOKEN) {
            say("200 OK", "Content-Type: text/xml", &denied)
        } else {
            challenge()
        }
    });
    let (session, _) = seen.assert_accepted("Bearer");
    let Session::Shut { reply, .. } = session else { panic!("{session:?}") };
    assert_eq!(reply.code.as_deref(), Some("ErrorAccessDenied"));
}

const VERSIONS: &str =
    "MS-ASProtocolVersions: 2.5,12.0,12.1,14.0,14.1,16.1\nMS-ASProtocolCommands: FolderSync,Settings";

/// A server that takes the password and answers every POST with these octets.
fn activesync(visit_of: Visit, body: &'static [u8]) -> Seen {
    visit(visit_of, move |head| {
        if !authorization(head).starts_with("Basic") {
            return say("401 Unauthorized", "WWW-Authenticate: basic realm=\"SOGo\"", "");
        }
        if head.starts_with("OPTIONS") {
            return say("200 OK", VERSIONS, "");
        }
        let head = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: application/vnd.ms-sync.wbxml\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        [head.as_bytes(), body].concat()
    })
}

fn posting() -> Visit {
    let mut visit = Visit::http_clear("eas", &["Basic"]);
    visit.options.http.activesync_post = true;
    visit
}

#[test]
fn activesync_gets_options_and_no_post_unless_asked() {
    let seen = activesync(Visit::http_clear("eas", &["Basic"]), b"");
    let (session, _) = seen.assert_accepted("Basic");
    let Session::NotChecked { failure, .. } = session else { panic!("{session:?}") };
    assert!(
        failure.cause == Trouble::NotAsked && failure.detail.contains("--activesync-post"),
        "{failure:?}"
    );
    assert!(seen.heard.iter().flat_map(|heard| &heard.lines).all(|line| !line.starts_with("POST")));
    let versions = seen.report.facts.iter().find(|fact| fact.name == "activesync-versions").unwrap();
    assert!(versions.value.contains("16.1"), "{versions:?}");
}

#[test]
fn with_leave_foldersync_opens_the_mailbox_as_one_device() {
    // Status 1, a key, and no folders: as SOGo begins its answer.
    let seen =
        activesync(posting(), b"\x03\x01\x6a\x00\x00\x07\x56\x4c\x03\x31\x00\x01\x52\x03\x31\x00\x01\x01");
    let (session, _) = seen.assert_accepted("Basic");
    assert!(matches!(session, Session::Opened { .. }), "{session:?}\n{}", seen.transcript());
    let post = seen.heard[1].lines.iter().find(|line| line.starts_with("POST")).unwrap();
    assert!(post.contains("Cmd=FolderSync") && post.contains("DeviceId="), "{post}");
}

#[test]
fn a_blocked_device_and_broken_content_are_told_apart() {
    let seen = activesync(posting(), b"\x03\x01\x6a\x00\x00\x07\x56\x4c\x03\x31\x32\x39\x00\x01\x01");
    let Session::Shut { reply, .. } = seen.assert_accepted("Basic").0 else {
        panic!("{}", seen.transcript())
    };
    assert_eq!(reply.code.as_deref(), Some("129"));
    for broken in [&b"\x03\x01\x6a\xff\xff\xff\xff\x7f"[..], b"\x03\x01\x6a\x00\x00\x07\x56\x4c", b"garbage"]
    {
        let seen = activesync(posting(), broken);
        let Session::NotChecked { failure, .. } = seen.assert_accepted("Basic").0 else {
            panic!("{broken:?} {}", seen.transcript())
        };
        assert_eq!(failure.cause, Trouble::WrongProtocol, "{broken:?}");
    }
}

#[test]
fn ntlm_proves_the_password_only_to_a_challenge() {
    // The type 2 message that MS-NLMP section 4.2.4 computes with, without its target information.
    let type2 = "TlRMTVNTUAACAAAADAAMADgAAAAzgoriASNFZ4mrze8AAAAAAAAAACQAJABEAAAABgBwFwAAAA9TAGUAcgB2AGUAcgACAAwARABvAG0AYQBpAG4AAQAMAFMAZQByAHYAZQByAAAAAAA=";
    let seen = visit(ews(&["NTLM"]), move |head| {
        let value = authorization(head);
        match value.strip_prefix("NTLM ") {
            Some(message) if message.starts_with("TlRMTVNTUAABAAAA") => {
                say("401 Unauthorized", &format!("WWW-Authenticate: NTLM {type2}"), "")
            }
            Some(message) if message.starts_with("TlRMTVNTUAADAAAA") => {
                say("200 OK", "Content-Type: text/xml", INBOX)
            }
            _ => say("401 Unauthorized", "WWW-Authenticate: NTLM", ""),
        }
    });
    let (session, proof) = seen.assert_accepted("NTLM");
    assert!(matches!(session, Session::Opened { .. }), "{session:?}");
    assert!(proof.iter().any(|line| line.contains("‹NTLM response, user alice@example.com›")), "{proof:#?}");
    assert_eq!(seen.heard.len(), 2, "both messages on one connection");
    assert!(seen.report.facts.iter().any(|fact| fact.name.starts_with("ntlm-")), "{:?}", seen.report.facts);
}

#[test]
fn a_401_that_never_ends_is_asked_twice_at_most() {
    let seen =
        visit(ews(&[]), |_| say("401 Unauthorized", "WWW-Authenticate: NTLM\nWWW-Authenticate: Basic", ""));
    let (_, causes, _) = seen.assert_refused("Basic");
    assert!(causes.contains(&Cause::BadCredentials) || causes.contains(&Cause::Unexplained), "{causes:?}");
    let Outcome::Refused { .. } = &seen.attempt("NTLM").outcome else { panic!("{:?}", seen.attempt("NTLM")) };
    let posts = |lines: &[String]| lines.iter().filter(|line| line.starts_with("POST")).count();
    let requests: Vec<usize> = seen.heard.iter().map(|heard| posts(&heard.lines)).collect();
    assert_eq!(requests[0], 3, "what is offered: without the field, an empty Bearer, NTLM's first message");
    assert!(requests[1..].iter().all(|posts| *posts <= 2), "{requests:?}");
}

#[test]
fn the_other_legacy_services_are_asked_what_they_take_and_nothing_is_presented() {
    for url in [
        "mapi://imap.example.com",
        "outlook-anywhere://imap.example.com",
        "oab://imap.example.com",
        "powershell://imap.example.com",
        "reporting://imap.example.com",
        "outlook-service://imap.example.com",
    ] {
        let seen = Visit::at(url).run_many(|_| Some(Script::new().tls().web(|_, _| challenge())));
        assert_eq!(seen.heard.len(), 1, "{url}");
        assert!(!seen.received_a_secret());
        seen.assert_not_tried("Basic", Skip::NotAsked);
        seen.assert_not_tried("Bearer", Skip::NotAsked);
        assert!(seen.attempt("Basic").advertised, "{url}");
    }
}

#[test]
fn a_server_that_offers_ntlm_tells_its_names_to_a_message_without_a_credential() {
    let type2 = "NTLM TlRMTVNTUAACAAAADAAMADgAAAAzgoriASNFZ4mrze8AAAAAAAAAACQAJABEAAAABgBwFwAAAA9TAGUAcgB2AGUAcgACAAwARABvAG0AYQBpAG4AAQAMAFMAZQByAHYAZQByAAAAAAA=";
    let mut visit_of = ews(&["Bearer"]);
    visit_of.login.password = None;
    let seen = visit(visit_of, move |head| match authorization(head) {
        value if value.starts_with("NTLM ") => {
            say("401 Unauthorized", &format!("WWW-Authenticate: {type2}"), "")
        }
        _ => say("401 Unauthorized", "WWW-Authenticate: NTLM", ""),
    });
    let names: Vec<&str> = seen.report.facts.iter().map(|fact| fact.value.as_str()).collect();
    assert!(names.contains(&"Server") && names.contains(&"Domain"), "{:?}", seen.report.facts);
    let requests = seen.heard[0].lines.iter().filter(|line| line.starts_with("POST ")).count();
    assert_eq!(requests, 3, "without the field, with an empty Bearer, with NTLM's first message");
}

#[test]
fn compressed_content_is_not_unpacked() {
    // gzip of a gigabyte of zeros begins like this; nobody asked for any compression.
    let seen = visit(ews(&["Bearer"]), |head| {
        if !authorization(head).contains(TOKEN) {
            return challenge();
        }
        let body = [&b"\x1f\x8b\x08\0\0\0\0\0\0\x03"[..], &vec![0xff; 60_000]].concat();
        let head = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        [head.into_bytes(), body].concat()
    });
    seen.assert_inconclusive("Bearer", Phase::Auth, Trouble::WrongProtocol);
    assert!(seen.heard[1].lines.iter().all(|line| !line.to_lowercase().starts_with("accept-encoding")));
}

#[test]
fn a_header_that_comes_drop_by_drop_ends_with_the_time_of_one_reply() {
    let drops = "HTTP/1.1 200 OK\r\nX-Slow: yes and no\r\n\r\n";
    let seen = ews(&["Bearer"]).run_many(move |number| {
        Some(match number {
            0 => Script::new().web(|_, _| challenge()),
            _ => Script::new().client("POST *").slowly(drops, Duration::from_secs(5)),
        })
    });
    seen.assert_inconclusive("Bearer", Phase::Auth, Trouble::Timeout);
}

#[test]
fn content_beyond_its_bounds_is_called_so_and_not_another_protocol() {
    let deep = format!("<Envelope><Body>{}", "<a>".repeat(40));
    let many = format!("<Envelope><Body>{}</Body></Envelope>", "<a/>".repeat(9_000));
    let long = format!("<Envelope><Body>{}", "x".repeat(300 * 1024));
    let asked = |service: &str, content: &str| {
        let content = content.to_owned();
        let of = if service == "ews" { ews(&["Bearer"]) } else { Visit::http_clear(service, &["Bearer"]) };
        visit(of, move |head| {
            if authorization(head).contains(TOKEN) {
                say("200 OK", "Content-Type: text/xml", &content)
            } else {
                challenge()
            }
        })
    };
    for service in ["ews", "autodiscover"] {
        for (content, cause) in [
            (&deep, Trouble::NestedTooDeeply),
            (&many, Trouble::ReplyTooLarge),
            (&long, Trouble::ReplyTooLarge),
        ] {
            let seen = asked(service, content);
            let (failure, _) = seen.assert_inconclusive("Bearer", Phase::Auth, cause);
            assert!(!failure.detail.contains("this is not"), "{failure:?}");
        }
    }
    // FolderSync without a status, whose elements are too deep, and too many.
    let deep = [&b"\x03\x01\x6a\x00\x00\x07\x56"[..], &[0x56; 40]].concat();
    let many = [&b"\x03\x01\x6a\x00\x00\x07\x56"[..], &[0x16; 9_000]].concat();
    for (content, cause) in [(deep, Trouble::NestedTooDeeply), (many, Trouble::ReplyTooLarge)] {
        let seen = activesync(posting(), content.leak());
        let Session::NotChecked { failure, .. } = seen.assert_accepted("Basic").0 else {
            panic!("{}", seen.transcript())
        };
        assert_eq!(failure.cause, cause, "{failure:?}");
    }
}
