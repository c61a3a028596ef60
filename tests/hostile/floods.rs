//! Servers that do not stop: what they send is not kept, and what they are is said.

use std::time::Duration;

use crate::program::{Said, check};
use crate::server::{Line, Server, good};

/// The program itself takes about half of it in a debug build.
const MOST_KIB: u64 = 60 * 1024;

/// The visit to a flood, and a good server beside it whose result is kept.
fn flooded(hostile: &Server, scheme: &str, method: &str) -> (Said, String) {
    let good = good();
    let urls = [hostile.url(scheme), good.url("imap+plain")];
    let said = check(&urls, &["--timeout", "8"]);
    assert_eq!(said.attempt(&urls[1], "PLAIN")["session"]["state"], "opened", "{}", said.out);
    assert!(said.took < Duration::from_secs(10), "it took {:?}", said.took);
    let peak = hostile.peak_kib();
    assert!(peak > 0, "nobody looked");
    assert!(peak < MOST_KIB, "{peak} KiB");
    let endpoint = said.endpoint(&urls[0]);
    let cause = endpoint["failure"]["cause"].as_str().map_or_else(
        || {
            let attempt = said.attempt(&urls[0], method);
            let failure = if attempt["outcome"] == "accepted" {
                &attempt["session"]["failure"]
            } else {
                &attempt["failure"]
            };
            failure["cause"].as_str().unwrap_or_else(|| panic!("{attempt:#}")).to_owned()
        },
        str::to_owned,
    );
    (said, cause)
}

/// An HTTP server that asks for Basic and floods whoever brings a password, after this.
fn http(beginning: &'static str, piece: impl Into<Vec<u8>>) -> Server {
    let piece = piece.into();
    Server::new(move |line: &mut Line| {
        while let Some(head) = line.request() {
            if head.contains("\nAuthorization: Basic") {
                line.say(beginning);
                return line.flood(&piece);
            }
            line.say("HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n");
        }
    })
}

#[test]
fn interim_answers_without_end_are_counted() {
    for piece in [
        "HTTP/1.1 100 Continue\r\n\r\n",
        "HTTP/1.1 102 Processing\r\nX: y\r\n\r\n",
        "HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n",
        "HTTP/1.0 199 Miscellaneous\n\n",
    ] {
        let (_, cause) = flooded(&http("", piece), "ews+plain", "Basic");
        assert_eq!(cause, "too-many-interim-answers", "{piece}");
    }
}

#[test]
fn whatever_of_an_http_answer_has_no_end_is_cut_off() {
    const CHUNKED: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nTransfer-Encoding: chunked\r\n\r\n";
    let cases: [(&str, &str, &str); 12] = [
        ("HTTP/1.1 200 O", "K", "reply-too-large"),
        ("HTTP/1.1 200 OK\r\n", "X-More: of it\r\n", "reply-too-large"),
        ("HTTP/1.1 200 OK\r\nX-Long: ", "a", "reply-too-large"),
        ("HTTP/1.1 200 OK\r\nX", "a", "reply-too-large"),
        ("", "\r\n", "reply-too-large"),
        ("HTTP/1.1 100 Continue\r\nX-Long: ", "a", "reply-too-large"),
        ("HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n<a>", "<b/>", "reply-too-large"),
        (
            "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 18446744073709551615\r\n\r\n<a>",
            "<b/>",
            "reply-too-large",
        ),
        (CHUNKED, "1\r\n<\r\n", "reply-too-large"),
        (CHUNKED, "4;ext=\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"\r\n<b/>\r\n", "wrong-protocol"),
        (
            "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nTransfer-Encoding: chunked\r\n\r\n4;ext=",
            "a",
            "wrong-protocol",
        ),
        (
            "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n",
            "X-Trailer: more\r\n",
            "wrong-protocol",
        ),
    ];
    for (beginning, piece, wanted) in cases {
        let (_, cause) = flooded(&http(beginning, piece), "ews+plain", "Basic");
        assert_eq!(cause, wanted, "{beginning:?} and {piece:?} without end");
    }
}

/// A line server that greets, and floods in place of the answer to the command that has this word.
fn line(greeting: &'static str, capability: &'static str, at: &'static str, piece: &'static str) -> Server {
    Server::new(move |line: &mut Line| {
        if at.is_empty() {
            return line.flood(piece);
        }
        line.say(greeting);
        while let Some(command) = line.hear() {
            if command.contains(at) {
                return line.flood(piece);
            }
            let tag = command.split(' ').next().unwrap_or_default().to_owned();
            line.say(if command.contains("AUTH") && !command.contains("EHLO") {
                if capability.starts_with("250") {
                    "235 2.7.0 welcome\r\n".to_owned()
                } else if capability.starts_with("+OK") {
                    "+OK welcome\r\n".to_owned()
                } else {
                    format!("{tag} OK [CAPABILITY IMAP4rev1] welcome\r\n")
                }
            } else {
                capability.replace("{tag}", &tag)
            });
        }
    })
}

const IMAP: (&str, &str) = (
    "* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready\r\n",
    "* CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN\r\n{tag} OK done\r\n",
);
const POP3: (&str, &str) = ("+OK ready\r\n", "+OK list\r\nSASL PLAIN\r\n.\r\n");
const SMTP: (&str, &str) = ("220 mx ESMTP\r\n", "250-mx\r\n250 AUTH PLAIN\r\n");

/// A scheme, its greeting and list, where the flood begins, what it is made of, and the causes that name it.
type Case = (&'static str, (&'static str, &'static str), &'static str, &'static str, &'static [&'static str]);

#[test]
fn lines_without_end_and_lists_without_end_are_cut_off_in_every_phase() {
    let cases: [Case; 17] = [
        ("imap+plain", IMAP, "", "a", &["line-too-long"]),
        ("imap+plain", IMAP, "", "* OK ready\r\n", &["too-many-lines"]),
        ("imap+plain", ("* OK ready\r\n", IMAP.1), "CAPABILITY", "* 1 EXISTS\r\n", &["too-many-lines"]),
        ("imap+plain", IMAP, "AUTHENTICATE", "* 1 EXISTS\r\n", &["too-many-lines"]),
        ("imap+plain", IMAP, "AUTHENTICATE", "+ YWJj\r\n", &["mechanism-failed"]),
        ("imap+plain", IMAP, "EXAMINE", "* 1 EXISTS\r\n", &["too-many-lines", "reply-too-large"]),
        ("imap+plain", IMAP, "EXAMINE", "* LIST () \"/\" {60000}\r\n", &["reply-too-large"]),
        ("imap+plain", IMAP, "EXAMINE", "(", &["line-too-long"]),
        (
            "imap+plain",
            IMAP,
            "EXAMINE",
            "* 1 FETCH (FLAGS (\\Seen))\r\n",
            &["too-many-lines", "reply-too-large"],
        ),
        ("pop3+plain", POP3, "", "a", &["line-too-long"]),
        ("pop3+plain", POP3, "CAPA", "+OK\r\nSASL PLAIN\r\n", &["reply-too-large"]),
        ("pop3+plain", POP3, "STAT", "a", &["line-too-long"]),
        ("smtp+plain", SMTP, "", "220-a\r\n", &["reply-too-large"]),
        ("smtp+plain", SMTP, "EHLO", "250-a\r\n", &["reply-too-large"]),
        ("smtp+plain", SMTP, "AUTH PLAIN", "235-a\r\n", &["reply-too-large"]),
        ("smtp+plain", SMTP, "MAIL FROM", "250-a\r\n", &["reply-too-large"]),
        ("smtp+plain", SMTP, "MAIL FROM", "a", &["line-too-long"]),
    ];
    for (scheme, (greeting, capability), at, piece, wanted) in cases {
        let (said, cause) = flooded(&line(greeting, capability, at, piece), scheme, "PLAIN");
        assert!(
            wanted.contains(&cause.as_str()),
            "{scheme} at {at:?}, {piece:?} without end: {cause}\n{}",
            said.out
        );
    }
}

#[test]
fn records_of_tls_without_end_are_no_handshake() {
    // An alert that warns, a change of cipher, an empty piece of a handshake, and a certificate that goes on and on.
    for piece in [
        &b"\x15\x03\x03\x00\x02\x01\x5a"[..],
        b"\x14\x03\x03\x00\x01\x01",
        b"\x16\x03\x03\x00\x00",
        b"\x16\x03\x03\x00\x05\x02\xff\xff\xff\x00",
        b"\x17\x03\x03\x00\x00",
    ] {
        let hostile = Server::new(move |line: &mut Line| line.flood(piece));
        let (said, cause) = flooded(&hostile, "imaps", "PLAIN");
        let named = ["tls-handshake", "tls-version", "timeout"].contains(&cause.as_str());
        assert!(named, "{piece:x?}: {cause} {}", said.out);
    }
}
