//! Servers that misbehave when they are asked for one version of TLS: what they do decides nothing unless it is an
//! answer, and no answer is a no.

use mailprobe_probes::model::{Phase, TlsAnswer, TlsProtocol, TlsVersion, Trouble};

use crate::support::{PASSWORD, Script, Seen, Step, Visit};

/// A visit that asks for the versions and for nothing else. The server plays this script on each of the four
/// connections, which are numbered from 1.
fn asked(mut visit: Visit, script: impl Fn(usize) -> Option<Script> + Send + 'static) -> Seen {
    visit.options.tls_versions = true;
    visit.options.stop_after = Phase::Connect;
    let seen = visit.run_many(move |number| if number == 0 { Some(Script::new()) } else { script(number) });
    assert!(!seen.received_a_secret());
    seen
}

/// Reads the beginning of the hello, so that the answer comes behind it.
fn hello() -> Script {
    Script::new().octets(5)
}

/// `openssl s_server -tls1_2 -cipher AES128-SHA` of Debian 12 to a hello for TLS 1.2.
fn server_hello_1_2() -> Vec<u8> {
    let mut record = vec![0x16, 3, 3, 0, 0x3d, 2, 0, 0, 0x39, 3, 3];
    record.extend_from_slice(&[0x8a; 32]);
    record.extend_from_slice(&[
        0, 0, 0x2f, 0, 0, 0x11, 0xff, 1, 0, 1, 0, 0, 0x23, 0, 0, 0, 0x16, 0, 0, 0, 0x17, 0, 0,
    ]);
    record
}

fn version(seen: &Seen, version: TlsProtocol) -> &TlsVersion {
    let versions: Vec<TlsProtocol> = seen.report.tls_versions.iter().map(|asked| asked.version).collect();
    assert_eq!(versions, TlsProtocol::ALL, "each version once, oldest first");
    seen.report.tls_versions.iter().find(|asked| asked.version == version).unwrap()
}

/// Every version came to nothing for this reason, and the lines say so.
fn assert_unclear(seen: &Seen, phase: Phase, cause: Trouble, words: &str) {
    for asked in TlsProtocol::ALL.iter().map(|each| version(seen, *each)) {
        let TlsAnswer::Inconclusive { failure, evidence } = &asked.answer else {
            panic!("{asked:?}\n{}", seen.transcript())
        };
        assert_eq!((failure.phase, failure.cause), (phase, cause), "{failure:?}");
        assert!(failure.detail.contains(words), "{failure:?}");
        let proof = seen.lines(evidence.expect("lines were exchanged"));
        assert!(proof.last().is_some_and(|line| line.contains(words)), "{proof:?}");
    }
    assert_eq!(seen.finding_ids(), Vec::<&str>::new(), "not knowing is no finding");
}

fn refusals(seen: &Seen) -> Vec<Option<&str>> {
    let word = |asked: &TlsVersion| asked.accepted() == Some(false);
    let each = TlsProtocol::ALL.iter().map(|each| version(seen, *each));
    each.map(|asked| word(asked).then(|| asked.words())).collect()
}

#[test]
fn who_does_not_ask_opens_no_connection_for_it() {
    let mut visit = Visit::tls(&[]);
    visit.options.stop_after = Phase::Connect;
    assert!(visit.run(Script::new()).report.tls_versions.is_empty());
    let mut plain = Visit::clear(&[]);
    (plain.options.tls_versions, plain.options.stop_after) = (true, Phase::Connect);
    assert!(plain.run(Script::new()).report.tls_versions.is_empty(), "no TLS, no versions");
}

#[test]
fn a_web_server_on_the_port_is_quoted_and_refuses_nothing() {
    let seen = asked(Visit::tls(&[]), |_| Some(hello().raw("HTTP/1.1 400 Bad Request\r\nServer: x\r\n\r\n")));
    let words = "the peer does not speak TLS here; it said: HTTP/1.1 400 Bad Request";
    assert_unclear(&seen, Phase::Tls, Trouble::NotTls, words);
}

#[test]
fn garbage_is_harmless_and_refuses_nothing() {
    let seen = asked(Visit::tls(&[]), |_| Some(hello().raw(b"\x1b[2J\xff\x00".repeat(50))));
    assert_unclear(&seen, Phase::Tls, Trouble::NotTls, "\\x1B[2J\\xFF\\x00");
}

#[test]
fn half_a_sentence_is_quoted_when_the_time_is_up() {
    let seen = asked(Visit::tls(&[]), |_| Some(hello().raw("* OK wait")));
    assert_unclear(&seen, Phase::Tls, Trouble::NotTls, "it said: * OK wait");
}

#[test]
fn an_endless_answer_is_read_up_to_its_bound() {
    let seen = asked(Visit::tls(&[]), |_| Some(hello().for_ever([0x16, 3, 3, 0, 0])));
    assert_unclear(&seen, Phase::Tls, Trouble::ReplyTooLarge, "more than 16384 octets and no ServerHello");
    let most = seen.heard[1..].iter().map(|heard| heard.sent).max().unwrap();
    // What the pipe holds comes on top of what was read.
    assert!(most <= 16 * 1024 + 64 * 1024 + 5, "{most} octets were taken");
}

#[test]
fn a_server_hello_that_lies_about_its_length_decides_nothing() {
    for (at, value, words) in [
        (6, 0xff, "a ServerHello of 16711737 octets, which is too long"),
        (8, 0x38, "a ServerHello that cannot be read"),
        (43, 0x21, "a ServerHello that cannot be read"),
        (3, 0xff, "a TLS record of 65341 octets, which is too long"),
    ] {
        let mut lying = server_hello_1_2();
        lying[at] = value;
        let seen = asked(Visit::tls(&[]), move |_| Some(hello().raw(lying.clone())));
        assert_unclear(&seen, Phase::Tls, Trouble::TlsHandshake, words);
    }
    let mut longer = server_hello_1_2();
    (longer[4], longer[8]) = (0xff, 0xfb);
    let seen = asked(Visit::tls(&[]), move |_| Some(hello().raw(longer.clone())));
    assert_unclear(&seen, Phase::Tls, Trouble::Timeout, "no answer within 15 s");
}

#[test]
fn silence_ends_after_the_time_to_connect() {
    let seen = asked(Visit::tls(&[]), |_| Some(hello()));
    assert_unclear(&seen, Phase::Tls, Trouble::Timeout, "no answer within 15 s");
}

#[test]
fn a_server_that_closes_on_every_hello_says_nothing_of_versions() {
    let seen = asked(Visit::tls(&[]), |_| Some(hello().close()));
    assert_unclear(&seen, Phase::Tls, Trouble::ConnectionClosed, "closed the connection");
}

#[test]
fn a_server_that_resets_on_every_hello_says_nothing_of_versions() {
    let seen = asked(Visit::tls(&[]).over_tcp(), |_| Some(hello().reset()));
    assert_unclear(&seen, Phase::Tls, Trouble::ConnectionReset, "reset the connection");
}

#[test]
fn a_server_that_closes_on_some_hellos_and_takes_another_refuses_those() {
    let script = |number| Some(if number == 3 { hello().raw(server_hello_1_2()) } else { hello().close() });
    let seen = asked(Visit::tls(&[]), script);
    let no = Some("closed the connection");
    assert_eq!(refusals(&seen), [no, no, None, no]);
    let TlsAnswer::Accepted { cipher, evidence, .. } = &version(&seen, TlsProtocol::Tls12).answer else {
        panic!()
    };
    assert_eq!(cipher, "TLS_RSA_WITH_AES_128_CBC_SHA");
    let proof = seen.lines(*evidence);
    assert!(proof[0].starts_with("a ClientHello that offers TLS 1.2 alone, "), "{proof:?}");
    assert_eq!(proof[1..], ["TLS 1.2: ServerHello, TLS_RSA_WITH_AES_128_CBC_SHA"]);
    assert_eq!(seen.finding_ids(), Vec::<&str>::new());
}

#[test]
fn an_alert_with_an_unknown_number_is_a_no_with_that_number() {
    let seen = asked(Visit::tls(&[]), |_| Some(hello().raw([0x15, 3, 3, 0, 2, 2, 200])));
    assert_eq!(refusals(&seen), [Some("alert number 200"); 4]);
    let finding = seen.finding("modern-tls-missing");
    let proof = seen.lines(finding.evidence.unwrap());
    assert!(
        proof.contains(&"TLS 1.2: alert number 200") && proof.contains(&"TLS 1.3: alert number 200"),
        "{proof:?}"
    );
}

#[test]
fn a_fault_on_the_servers_side_is_a_no_only_where_it_takes_another_version() {
    let fault = || hello().raw([0x15, 3, 1, 0, 2, 2, 80]);
    let seen = asked(Visit::tls(&[]), move |_| Some(fault()));
    assert_unclear(&seen, Phase::Tls, Trouble::TlsHandshake, "alert InternalError");
    let seen = asked(Visit::tls(&[]), move |number| {
        Some(if number == 3 { hello().raw(server_hello_1_2()) } else { fault() })
    });
    assert_eq!(refusals(&seen)[0], Some("alert InternalError"));
}

#[test]
fn an_answer_with_another_version_is_a_no_that_names_it() {
    let seen = asked(Visit::tls(&[]), |_| Some(hello().raw(server_hello_1_2())));
    let no = Some("answered with TLS 1.2");
    assert_eq!(refusals(&seen), [no, no, None, no]);
    assert_eq!(version(&seen, TlsProtocol::Tls12).accepted(), Some(true));
}

#[test]
fn an_answer_in_single_octets_is_the_same_answer() {
    let mut visit = Visit::tls(&[]);
    visit.cut = std::sync::Arc::new(|bytes: &[u8]| bytes.iter().map(|byte| vec![*byte]).collect());
    let seen = asked(visit, |_| Some(hello().raw(server_hello_1_2())));
    assert_eq!(version(&seen, TlsProtocol::Tls12).accepted(), Some(true));
}

#[test]
fn a_sentence_that_refuses_the_version_is_a_no_and_one_that_refuses_the_connection_is_not() {
    let script = |number: usize| {
        let ready =
            Script::new().line("220 mx.example.com").client("EHLO *").line("250-mx").line("250 STARTTLS");
        let begun = ready.client("STARTTLS").line("220 go on").octets(5);
        Some(match number {
            1 | 2 => begun.line("421 4.7.66 TLS 1.0 and 1.1 are not supported"),
            3 => begun.raw(server_hello_1_2()),
            _ => begun.line("421 4.7.0 Too many connections"),
        })
    };
    let seen = asked(Visit::smtp(&[]), script);
    let no = Some("said: 421 4.7.66 TLS 1.0 and 1.1 are not supported");
    assert_eq!(refusals(&seen), [no, no, None, None]);
    assert_eq!(version(&seen, TlsProtocol::Tls13).accepted(), None);
    let evidence = version(&seen, TlsProtocol::Tls10).evidence().unwrap();
    assert_eq!(seen.lines(evidence).len(), 2, "the hello and the answer");
}

#[test]
fn starttls_that_is_refused_or_not_offered_says_nothing_of_versions() {
    let refused = |_| {
        let offered = Script::new().ready("IMAP4rev1 STARTTLS LOGINDISABLED");
        Some(offered.command("STARTTLS").line("{tag} NO no certificate here"))
    };
    let seen = asked(Visit::starttls(&[]), refused);
    assert_unclear(&seen, Phase::StartTls, Trouble::StartTlsRefused, "NO no certificate here");
    let evidence = version(&seen, TlsProtocol::Tls13).evidence().unwrap();
    assert!(seen.lines(evidence).contains(&"m1 STARTTLS"), "{}", seen.transcript());
    let missing = |_| Some(Script::new().line("+OK").client("CAPA").line("+OK").line("USER").line("."));
    let seen = asked(Visit::pop3(&[]), missing);
    assert_unclear(&seen, Phase::StartTls, Trouble::StartTlsNotOffered, "does not offer STARTTLS");
}

#[test]
fn connections_that_are_refused_after_the_first_decide_nothing() {
    let seen = asked(Visit::tls(&[]), |_| None);
    assert_unclear(&seen, Phase::Connect, Trouble::ConnectionRefused, "refused");
}

#[test]
fn where_nobody_listens_nobody_is_asked_four_times_more() {
    let mut visit = Visit::tls(&[]);
    (visit.options.tls_versions, visit.options.stop_after) = (true, Phase::Connect);
    let dialed = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let counter = std::sync::Arc::clone(&dialed);
    let seen = visit.run_many(move |_| {
        counter.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        None
    });
    assert_eq!(dialed.load(std::sync::atomic::Ordering::Relaxed), 1);
    let TlsAnswer::Inconclusive { failure, evidence: None } = &version(&seen, TlsProtocol::Tls10).answer
    else {
        panic!("{:?}", seen.report.tls_versions)
    };
    assert_eq!((failure.phase, failure.cause), (Phase::Connect, Trouble::ConnectionRefused));
}

#[test]
fn cancelling_the_run_leaves_the_versions_open() {
    let visit = Visit::tls(&[]);
    let cancel = visit.cancel.clone();
    let seen = asked(visit, move |_| {
        let cancel = cancel.clone();
        Some(hello().run(move || cancel.cancel()))
    });
    assert_unclear(&seen, Phase::Tls, Trouble::Cancelled, "the run was cancelled");
}

#[test]
fn a_secret_that_the_server_says_in_place_of_tls_is_in_no_output() {
    for said in [format!("{PASSWORD} is your password\r\n"), format!("{} {PASSWORD}", "x".repeat(70))] {
        // That no output holds it is checked for every visit.
        let seen = asked(Visit::tls(&[]), move |_| Some(hello().raw(said.clone())));
        assert_unclear(&seen, Phase::Tls, Trouble::NotTls, "\u{2039}secret\u{203a}");
    }
}

#[test]
fn a_visit_whose_session_does_not_come_about_still_asks_for_the_versions() {
    let mut visit = Visit::tls(&["PLAIN"]);
    visit.options.tls_versions = true;
    let seen = visit.run_many(|number| {
        Some(if number == 3 {
            hello().raw(server_hello_1_2())
        } else {
            hello().raw([0x15, 3, 1, 0, 2, 2, 70])
        })
    });
    seen.assert_failed(Phase::Tls, Trouble::TlsVersion);
    assert_eq!(
        refusals(&seen),
        [Some("alert ProtocolVersion"), Some("alert ProtocolVersion"), None, Some("alert ProtocolVersion")]
    );
    assert_eq!(seen.report.transcript.last().map(|line| line.connection), Some(5));
}

#[test]
fn a_visit_that_logs_in_does_so_as_without_the_question() {
    let mut visit = Visit::tls(&["PLAIN"]);
    visit.options.tls_versions = true;
    let seen = visit.run_many(|number| {
        Some(match number {
            0 => Script::new()
                .step(Step::Tls(crate::support::Flaw::None, &rustls::version::TLS13))
                .plain()
                .accepted()
                .inbox_opens(),
            _ => hello().raw(server_hello_1_2()),
        })
    });
    seen.assert_usable("PLAIN");
    assert_eq!(version(&seen, TlsProtocol::Tls12).accepted(), Some(true));
}
