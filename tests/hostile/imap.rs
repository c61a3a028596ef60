//! What a stock client's parser is given after a login.

use crate::program::check;
use crate::server::{Server, good, imap};

const PLAIN: &[&str] = &["--methods", "PLAIN", "--timeout", "10"];

/// `* 1 FETCH (BODYSTRUCTURE ((((...`
fn bomb() -> String {
    format!("* 1 FETCH (BODYSTRUCTURE {}\r\n", "(".repeat(2000))
}

/// The visit to this server and to a good one beside it: the causes of the session check, or `opened`.
fn beside_a_good_one(hostile: &Server) -> String {
    let good = good();
    let urls = [hostile.url("imap+plain"), good.url("imap+plain")];
    let said = check(&urls, PLAIN);
    let opened = said.attempt(&urls[1], "PLAIN");
    assert_eq!(opened["session"]["state"], "opened", "the good server's result is kept: {opened:#}");
    let attempt = said.attempt(&urls[0], "PLAIN");
    assert_eq!(attempt["outcome"], "accepted", "{attempt:#}");
    let session = &attempt["session"];
    session["failure"]["cause"].as_str().or(session["state"].as_str()).unwrap().to_owned()
}

#[test]
fn a_response_nested_two_thousand_deep_ends_one_session_check_and_not_the_program() {
    let hostile = imap(|line, tag| {
        line.say(bomb());
        line.say(format!("{tag} OK [READ-ONLY] done\r\n"));
    });
    assert_eq!(beside_a_good_one(&hostile), "nested-too-deeply");
}

#[test]
fn it_ends_nothing_where_it_comes_right_behind_the_answer_to_the_login() {
    let hostile = Server::new(|line| {
        line.say("* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready\r\n");
        while let Some(command) = line.hear() {
            let tag = command.split(' ').next().unwrap_or_default().to_owned();
            let behind = if command.contains("AUTHENTICATE") { bomb() } else { String::new() };
            line.say(format!("{tag} OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] done\r\n{behind}"));
        }
    });
    assert_eq!(beside_a_good_one(&hostile), "nested-too-deeply");
}

#[test]
fn before_the_login_and_at_the_goodbye_nobody_looks_into_it() {
    let hostile = Server::new(|line| {
        line.say(bomb());
    });
    let urls = [hostile.url("imap+plain")];
    let failure = &check(&urls, PLAIN).report()["endpoints"][0]["failure"];
    assert_eq!(failure["cause"], "protocol-violation", "{failure}");
    let hostile = Server::new(|line| {
        line.say("* OK ready\r\n");
        while let Some(command) = line.hear() {
            let tag = command.split(' ').next().unwrap_or_default().to_owned();
            line.say(bomb());
            line.say(format!("* CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN\r\n{tag} NO not today\r\n"));
        }
    });
    let urls = [hostile.url("imap+plain")];
    let attempt = check(&urls, PLAIN).attempt(&urls[0], "PLAIN");
    assert_eq!(attempt["outcome"], "refused", "{attempt:#}");
    let hostile = imap(|line, tag| {
        line.say(format!("* 3 EXISTS\r\n{tag} OK [READ-ONLY] done\r\n"));
        line.hear();
        line.say(bomb());
    });
    assert_eq!(beside_a_good_one(&hostile), "opened");
}

#[test]
fn no_disguise_brings_it_past_the_check() {
    let open = "(".repeat(2000);
    let disguises = [
        // Where a parser takes the parenthesis for text up to the next one, the quotation mark inside opens nothing.
        format!("* 1 FETCH (X (\"a) BODYSTRUCTURE {open}\")\r\n"),
        format!("* 1 FETCH (X (\"a) BODYSTRUCTURE {open}\r\n"),
        // A literal is announced in a sentence, where there are none.
        format!("* OK text {{{}}}\r\n* 1 FETCH (BODYSTRUCTURE {open}\r\n", 26 + open.len()),
        format!("* CAPABILITY IMAP4rev1 {{{}}}\r\n* 1 FETCH (BODYSTRUCTURE {open}\r\n", 26 + open.len()),
        // A list that goes on beyond its line.
        format!("* 1 FETCH (X (a\r\n) BODYSTRUCTURE {open}\r\n"),
        format!("* 1 FETCH (X a\r\nb BODYSTRUCTURE {open}\r\n"),
        format!("* 1 FETCH (BODYSTRUCTURE (\"a\" \"b\" NIL NIL NIL \"7BIT\" 1 NIL NIL NIL NIL {open}\r\n"),
    ];
    for disguise in disguises {
        let said = disguise.clone();
        let hostile = imap(move |line, tag| {
            line.say(&said);
            line.say(format!("{tag} OK [READ-ONLY] done\r\n"));
        });
        let word = beside_a_good_one(&hostile);
        assert!(matches!(word.as_str(), "nested-too-deeply" | "opened"), "{word}: {}", &disguise[..60]);
    }
}

#[test]
fn what_makes_the_parser_panic_it_does_not_get_to_read() {
    for said in [
        "* 1 FETCH (INTERNALDATE NIL)",
        "* OK [ALERT]\u{e9}",
        "* NO [PARSE]\u{1f4a3}",
        "* OK [ALERT]\u{fffd}",
    ] {
        let hostile = imap(move |line, tag| {
            line.say(format!("{said}\r\n* FLAGS ()\r\n* 0 EXISTS\r\n{tag} OK [READ-ONLY] done\r\n"));
        });
        assert_eq!(beside_a_good_one(&hostile), "opened", "{said}");
    }
}
