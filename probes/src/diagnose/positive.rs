//! Answers that are no refusal: what they say depends on the step alone.

use super::advice as a;
use super::rule::{RULE, Rule};
use super::step::{After, Over};
use crate::model::Cause as C;

/// The rule of a yes that says no in words.
pub(super) const IN_THE_WORDS_OF_A_NO: &str = "yes-in-the-words-of-a-no";

/// In order of precedence. The codes are the way an answer goes.
pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "logindisabled-until-tls",
        over: Over::IMAP,
        after: After::CAPABILITY,
        says: &[&["logindisabled", "starttls"]],
        with: &["way:yes", "way:aside"],
        causes: &[C::TlsRequired, C::Informational],
        advice: super::rule::Advice {
            means: "The server takes no LOGIN on this connection as it is, and offers STARTTLS.",
            remedy: "Start TLS and ask for the capabilities again.",
            next: "The capabilities after STARTTLS show whether passwords are taken inside TLS.",
        },
        source: "RFC 9051 section 6.2.3",
        example: "* CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED",
        ..RULE
    },
    Rule {
        id: "logindisabled-for-good",
        over: Over::IMAP,
        after: After::CAPABILITY,
        says: &[&["logindisabled"]],
        unless: &["auth=plain", "auth=login"],
        with: &["way:yes", "way:aside"],
        causes: &[C::BasicDisabled, C::Informational],
        advice: super::rule::Advice {
            means: "The server announces that it takes no password: LOGIN is disabled and no password mechanism is listed.",
            remedy: "Use one of the listed mechanisms (XOAUTH2, OAUTHBEARER).",
            next: "",
        },
        source: "RFC 9051 section 6.2.3",
        example: "* CAPABILITY IMAP4rev1 AUTH=XOAUTH2 LOGINDISABLED SASL-IR",
        ..RULE
    },
    Rule {
        id: "token-error-challenge-status",
        over: Over::LINES,
        codes: &["sasl:*"],
        causes: &[C::TokenInvalid, C::TokenExpired, C::TokenMissingScope, C::TokenWrongUser],
        advice: a::TOKEN_REFUSED,
        source: "RFC 7628 section 3.2.2; https://developers.google.com/workspace/gmail/imap/xoauth2-protocol",
        example: "+ eyJzdGF0dXMiOiI0MDAiLCJzY2hlbWVzIjoiQmVhcmVyIiwic2NvcGUiOiJodHRwczovL21haWwuZ29vZ2xlLmNvbS8ifQ==",
        ..RULE
    },
    Rule {
        id: "went-on",
        codes: &["way:aside"],
        causes: &[C::Informational],
        advice: a::INFORMATIONAL,
        source: "RFC 9051 section 7, RFC 4954 section 4, RFC 5034 section 4",
        example: "+ ",
        ..RULE
    },
    Rule {
        id: "capa-without-passwords",
        over: Over::POP3,
        after: After::CAPABILITY,
        says: &[&["sasl xoauth2"], &["sasl oauthbearer"]],
        unless: &["\nuser", "plain", " login"],
        with: &["way:yes"],
        causes: &[C::Informational, C::BasicDisabled],
        advice: super::rule::Advice {
            means: "A list of capabilities in which only token mechanisms stand and USER does not.",
            remedy: "Use OAuth (XOAUTH2).",
            next: "",
        },
        source: "RFC 2449 section 6",
        example: "+OK\nTOP\nUIDL\nSASL XOAUTH2\nSTLS",
        ..RULE
    },
    Rule {
        id: "speaks-of-itself",
        over: Over::LINES,
        after: After::UNKNOWN,
        says: &[
            &["ready"],
            &["capability"],
            &["capabilities"],
            &["esmtp"],
            &["list follows"],
            &["hello"],
            &["greets"],
            &["at your service"],
            &["starttls"],
            &["bye"],
            &["goodbye"],
            &["signing off"],
            &["signing-off"],
            &["closing"],
            &["logout"],
            &["logging out"],
        ],
        unless: &["logged", "authenticated", "success"],
        with: &["way:yes"],
        causes: &[C::Informational],
        advice: a::INFORMATIONAL,
        source: "RFC 9051 section 7.1, RFC 1939 section 4, RFC 5321 section 4.3",
        example: "220 mail.example.com ESMTP Postfix",
        ..RULE
    },
    Rule {
        id: "informational",
        after: After(8 + 16 + 32),
        codes: &["way:yes"],
        causes: &[C::Informational],
        advice: a::INFORMATIONAL,
        source: "RFC 9051 section 7.1, RFC 1939 section 4, RFC 5321 section 4.3",
        example: "* OK IMAP4rev1 server ready",
        ..RULE
    },
    Rule {
        id: "page-in-place-of-the-service",
        over: Over::HTTP,
        codes: &["field:page"],
        causes: &[C::WebLoginRequired, C::BadRequest],
        advice: super::rule::Advice {
            means: "A web page answered in place of the service: a sign-in page, a portal, or a wrong path.",
            remedy: "Check host and path of the service, and whether a portal stands before it.",
            next: "Open the address in a browser: a sign-in page tells of a portal, anything else of a wrong path.",
        },
        source: "RFC 9110 section 15.3",
        example: "HTTP/1.1 200 OK\nContent-Type: text/html\n\n<html><head><title>Sign in</title></head></html>",
        ..RULE
    },
    Rule {
        id: "served-without-credentials",
        after: After::ANONYMOUS,
        codes: &["http:2*", "way:yes"],
        causes: &[C::Informational, C::Redirect],
        advice: a::INFORMATIONAL,
        source: "RFC 9110 section 15.3",
        example: "HTTP/1.1 200 OK\n\n",
        ..RULE
    },
    Rule {
        id: IN_THE_WORDS_OF_A_NO,
        over: Over::LINES,
        after: After::LOGIN,
        says: &[
            &["unable to"],
            &["could not"],
            &["cannot"],
            &["can't"],
            &["failed to"],
            &["authentication fail"],
            &["authentication error"],
            &["authentication unsuccessful"],
            &["authenticate fail"],
            &["auth fail"],
            &["login fail"],
            &["login incorrect"],
            &["login invalid"],
            &["logon fail"],
            &["sign-in failed"],
            &["unsuccessful"],
            &["denied"],
            &["refused"],
            &["rejected"],
            &["incorrect"],
            &["invalid"],
            &["not authenticated"],
            &["not authorized"],
            &["not authorised"],
            &["not logged in"],
            &["not accepted"],
            &["not allowed"],
            &["wrong password"],
            &["bad password"],
            &["bad credentials"],
            &["wrong credentials"],
            &["is disabled"],
            &["been disabled"],
            &["is locked"],
            &["try again"],
        ],
        unless: &[
            "last failed",
            "failed login attempt",
            "failed logins",
            "failed attempts",
            "since last",
            "last login",
        ],
        with: &["way:yes"],
        codes: &["code:authenticationfailed", "code:authorizationfailed", "class:4", "class:5"],
        causes: &[C::Accepted, C::Unexplained],
        advice: super::rule::Advice {
            means: "The answer says yes, and its words say no. One of the two is wrong.",
            remedy: "Do not trust the login before the mailbox has been opened; report the answer to the server's operator.",
            next: "Open the mailbox: it opens only if the login was really accepted.",
        },
        source: "RFC 9051 section 7.1, RFC 1939 section 3, RFC 5321 section 4.2: the status counts, the text is for people",
        example: "a1 OK Unable to authenticate",
        ..RULE
    },
    Rule {
        id: "accepted",
        after: After(1 + 2 + 512 + 1024),
        codes: &["way:yes"],
        causes: &[C::Accepted],
        advice: a::ACCEPTED,
        source: "RFC 9051 section 7.1.1, RFC 4954 section 4, RFC 5034 section 4, RFC 9110 section 15.3",
        example: "a1 OK LOGIN completed",
        ..RULE
    },
    Rule {
        id: "done",
        codes: &["way:yes"],
        causes: &[C::Accepted, C::Informational],
        advice: a::ACCEPTED,
        source: "RFC 9051 section 7.1.1, RFC 5321 section 4.2",
        example: "250 2.1.0 Sender OK",
        ..RULE
    },
];
