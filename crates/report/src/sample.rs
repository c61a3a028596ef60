//! Reports for tests: the nights mailprobe was made for, and one from somebody who does not like us.

use mailprobe_probes::diagnose::read_more;
use mailprobe_probes::model::{
    Advertisement, Attempt, Cause, CertFacts, Diagnosis, Direction, Endpoint, EndpointReport, Failure,
    Finding, Line, LineRange, Method, Offer, Outcome, Phase, PhaseTimes, Reply, Report, Session, Severity,
    Skip, Stage, TlsAnswer, TlsFacts, TlsProtocol, TlsVersion, Tool, Trouble,
};

use mailprobe_judge::sample as kit;

pub(super) fn report(mailbox: &str, endpoints: Vec<EndpointReport>, rules: &[&str]) -> Report {
    let report = Report {
        tool: Tool { name: "mailprobe".into(), version: "0.1.0".into() },
        mailbox: mailbox.into(),
        started_at: "2026-11-21T19:40:12.104Z".into(),
        elapsed_ms: 3_940,
        ..kit::report(endpoints)
    };
    kit::judged(report, rules)
}

pub(super) fn endpoint(url: &str, attempts: Vec<Attempt>) -> EndpointReport {
    let endpoint: Endpoint = url.parse().unwrap();
    let mut report = EndpointReport::new(&endpoint);
    report.peer = Some(format!("192.0.2.10:{}", endpoint.port));
    report.greeting = Some("* OK The Microsoft Exchange IMAP4 service is ready.".into());
    report.phases_ms =
        PhaseTimes(vec![(Phase::Resolve, 3), (Phase::Connect, 21), (Phase::Tls, 44), (Phase::Auth, 640)]);
    report.tls = endpoint.has_tls().then(tls);
    report.attempts = attempts;
    report
}

pub(super) fn tls() -> TlsFacts {
    TlsFacts {
        version: "TLSv1.3".into(),
        cipher: "TLS13_AES_256_GCM_SHA384".into(),
        group: Some("X25519MLKEM768".into()),
        alpn: None,
        server_name: "outlook.office365.com".into(),
        chain: vec![CertFacts {
            subject: "CN=outlook.com".into(),
            issuer: "CN=DigiCert Cloud Services CA-1,O=DigiCert Inc,C=US".into(),
            sans: vec!["*.office365.com".into()],
            not_before: "2026-05-01T00:00:00Z".into(),
            not_after: "2027-05-01T23:59:59Z".into(),
            sha256: "00".repeat(32),
        }],
        trusted: true,
        problems: Vec::new(),
    }
}

pub(super) fn offers(stage: Stage, methods: &[&str]) -> Advertisement {
    let offers: Vec<Offer> = methods
        .iter()
        .map(|name| match Method::from_name(name) {
            Method::LoginCommand => Offer { token: "IMAP4rev1".into(), method: Method::LoginCommand },
            method => Offer { token: format!("AUTH={name}"), method },
        })
        .collect();
    let mut capabilities = vec!["IMAP4rev1".to_owned(), "SASL-IR".to_owned()];
    capabilities.extend(offers.iter().filter(|o| o.token != "IMAP4rev1").map(|o| o.token.clone()));
    Advertisement { stage, offers, capabilities, evidence: LineRange::new(2, 3) }
}

pub(super) fn reply(status: &str, code: Option<&str>, text: &str) -> Reply {
    Reply { status: status.into(), code: code.map(str::to_owned), enhanced: None, text: text.into() }
}

pub(super) fn attempt(method: &str, advertised: bool, outcome: Outcome) -> Attempt {
    let tried = !matches!(outcome, Outcome::NotTried { .. });
    Attempt {
        method: Method::from_name(method),
        advertised,
        initial_response: tried.then_some(true),
        outcome,
        elapsed_ms: if tried { 41 } else { 0 },
        connection: u32::from(tried),
        quirks: Vec::new(),
    }
}

pub(super) fn usable() -> Outcome {
    Outcome::Accepted {
        reply: reply("OK", None, "AUTHENTICATE completed."),
        evidence: LineRange::new(12, 13),
        session: Session::Opened { evidence: LineRange::new(14, 18) },
    }
}

pub(super) fn refused(reply: Reply, diagnosis: Diagnosis) -> Outcome {
    Outcome::Refused { reply, challenge: None, evidence: LineRange::new(6, 7), diagnosis }
}

pub(super) fn skipped(skip: Skip) -> Outcome {
    Outcome::NotTried { skip }
}

pub(super) fn diagnosis(causes: &[Cause], rule: &str, explanation: &str, remedy: &str) -> Diagnosis {
    Diagnosis {
        causes: causes.into(),
        rule: rule.into(),
        explanation: explanation.into(),
        remedy: remedy.into(),
        next_check: String::new(),
        source: read_more(rule).unwrap_or_default(),
    }
}

fn basic_off() -> Diagnosis {
    diagnosis(
        &[Cause::BasicDisabled, Cause::ProtocolDisabled],
        "exchange-online-login-failed",
        "Exchange Online takes no password over IMAP any more. The refusal stands before the password, so it says \
         nothing about whether the password is right.",
        "Use XOAUTH2. A new password would not help.",
    )
}

/// (a) Exchange Online after the cutover.
pub(super) fn cut_over() -> Report {
    let no = |words: &str| refused(reply("NO", None, words), basic_off());
    let attempts = |said: bool| {
        vec![
            attempt("PLAIN", false, no("AUTHENTICATE failed.")),
            attempt("LOGIN", false, no("AUTHENTICATE failed.")),
            attempt("LOGIN-COMMAND", false, no("LOGIN failed.")),
            attempt("XOAUTH2", said, usable()),
            attempt("OAUTHBEARER", false, skipped(Skip::NotAdvertised)),
        ]
    };
    let mut implicit = endpoint("imaps://outlook.office365.com", attempts(true));
    implicit.advertised =
        vec![offers(Stage::AfterTls, &["XOAUTH2"]), offers(Stage::AfterLogin, &["PLAIN", "XOAUTH2"])];
    implicit.transcript = conversation();
    let mut upgraded = endpoint("imap://outlook.office365.com", attempts(true));
    upgraded.advertised = vec![
        offers(Stage::BeforeTls, &["PLAIN"]),
        offers(Stage::AfterTls, &["XOAUTH2"]),
        offers(Stage::AfterLogin, &["PLAIN", "XOAUTH2"]),
    ];
    report(
        "alice@contoso.example",
        vec![implicit, upgraded],
        &["PLAIN=refused", "LOGIN-COMMAND=refused", "XOAUTH2=usable"],
    )
}

fn conversation() -> Vec<Line> {
    let said = |n: u32, direction: Direction, unexpected: bool, text: &str| Line {
        n,
        connection: 1,
        at_ms: u64::from(n) * 23,
        direction,
        unexpected,
        text: text.into(),
    };
    vec![
        said(1, Direction::Note, false, "connected to 192.0.2.10:993, TLSv1.3"),
        said(
            2,
            Direction::ReceivedTls,
            false,
            "* OK The Microsoft Exchange IMAP4 service is ready. [TQBXAEgAUABSADIAMQBDAEEAMAAwADYAMAAuAG4A]",
        ),
        said(3, Direction::SentTls, false, "a1 CAPABILITY"),
        said(
            4,
            Direction::ReceivedTls,
            false,
            "* CAPABILITY IMAP4 IMAP4rev1 AUTH=XOAUTH2 LOGINDISABLED SASL-IR UIDPLUS MOVE ID",
        ),
        said(5, Direction::ReceivedTls, false, "a1 OK CAPABILITY completed."),
        said(6, Direction::SentTls, false, "a2 AUTHENTICATE PLAIN ‹password 14 chars›"),
        said(7, Direction::ReceivedTls, true, "a2 NO AUTHENTICATE failed."),
    ]
}

/// (b) Everything works.
pub(super) fn all_fine() -> Report {
    let mut endpoint = endpoint(
        "imaps://imap.example.com",
        ["PLAIN", "LOGIN", "LOGIN-COMMAND", "SCRAM-SHA-256", "XOAUTH2", "OAUTHBEARER"]
            .iter()
            .map(|method| attempt(method, true, usable()))
            .collect(),
    );
    endpoint.advertised = vec![offers(
        Stage::AfterTls,
        &["PLAIN", "LOGIN", "LOGIN-COMMAND", "SCRAM-SHA-256", "XOAUTH2", "OAUTHBEARER"],
    )];
    let mut report = report("ops-canary@example.com", vec![endpoint], &[]);
    report.elapsed_ms = 812;
    report
}

/// (c) A mistyped password costs one bad attempt, and the token still works.
pub(super) fn wrong_password() -> Report {
    let why = diagnosis(
        &[Cause::BadCredentials, Cause::NoSuchUser],
        "rfc5530-authenticationfailed",
        "The server looked at the password and did not take it.",
        "Check the password at the web sign-in, then run mailprobe again.",
    );
    let no = refused(reply("NO", Some("AUTHENTICATIONFAILED"), "Authentication failed."), why);
    let mut endpoint = endpoint(
        "imaps://imap.example.com",
        vec![
            attempt("PLAIN", true, no),
            attempt("LOGIN", true, skipped(Skip::Budget)),
            attempt("LOGIN-COMMAND", true, skipped(Skip::Budget)),
            attempt("XOAUTH2", true, skipped(Skip::NoToken)),
            attempt("GSSAPI", true, skipped(Skip::Unimplemented)),
        ],
    );
    endpoint.advertised =
        vec![offers(Stage::AfterTls, &["PLAIN", "LOGIN", "LOGIN-COMMAND", "XOAUTH2", "GSSAPI"])];
    report("bob@example.com", vec![endpoint], &[])
}

/// (d) One port answers, one does not, one has the wrong certificate.
pub(super) fn unreachable() -> Report {
    let mut dead = endpoint("imaps://imap.example.com", Vec::new());
    dead.tls = None;
    dead.peer = None;
    dead.phases_ms = PhaseTimes(vec![(Phase::Resolve, 3), (Phase::Connect, 15_000)]);
    dead.greeting = None;
    dead.failure =
        Some(Failure::new(Phase::Connect, Trouble::Timeout, "TCP to 192.0.2.10:993: no answer within 15 s"));
    let mut untrusted = endpoint(
        "imap://imap.example.com",
        ["PLAIN", "LOGIN-COMMAND"]
            .iter()
            .map(|m| attempt(m, true, skipped(Skip::UntrustedForbidden)))
            .collect(),
    );
    untrusted.advertised = vec![offers(Stage::AfterTls, &["PLAIN", "LOGIN-COMMAND"])];
    let facts = TlsFacts {
        trusted: false,
        problems: vec!["the certificate has expired (2026-10-31)".into()],
        ..tls()
    };
    untrusted.tls = Some(facts);
    let mut slow = endpoint(
        "imap+plain://imap.example.com:1143",
        vec![attempt(
            "PLAIN",
            true,
            Outcome::Inconclusive {
                failure: Failure::new(Phase::Auth, Trouble::Throttled, "the server closed the connection"),
                answer: Some(Box::new((
                    reply("BYE", Some("UNAVAILABLE"), "Too many connections, try again later."),
                    diagnosis(
                        &[Cause::Throttled],
                        "rfc5530-unavailable",
                        "The server limits connections.",
                        "Wait a minute, then try again.",
                    ),
                ))),
                evidence: Some(LineRange::new(4, 5)),
            },
        )],
    );
    slow.advertised = vec![offers(Stage::BeforeTls, &["PLAIN"])];
    let mut report = report("carol@example.com", vec![dead, untrusted, slow], &[]);
    report.partial = true;
    report.findings = vec![Finding {
        id: "tls-certificate-expired".into(),
        severity: Severity::Critical,
        title: "The certificate has expired".into(),
        explanation: "It was valid until 2026-10-31. Clients refuse to connect, or teach people to click warnings away."
            .into(),
        remedy: "Renew the certificate.".into(),
        endpoint: Some("imap://imap.example.com:143".into()),
        evidence: None,
    }];
    report
}

/// (e) A stored report that somebody wrote to attack whoever looks at it.
pub(super) fn hostile() -> Report {
    let escape = "\u{1b}]0;owned\u{7}\u{1b}[2J\u{9b}31m";
    let rtl = "invoice\u{202e}gpj.exe\u{2066}\u{200b}";
    let page = "<script>alert(1)</script>&<img src=x onerror=alert(1)>";
    let why = diagnosis(
        &[Cause::Unexplained],
        &format!("rule{escape}"),
        &format!("{escape} {rtl} {page}"),
        &format!("run{escape}\r\nrm -rf /"),
    );
    let long = "A".repeat(5_000);
    let said = format!("{escape}{rtl}\nsecond line\r {page} {long}");
    let mut bad = endpoint(
        "imaps://imap.example.com",
        vec![
            attempt("PLAIN", true, refused(reply(&format!("NO{escape}"), Some(page), &said), why.clone())),
            attempt(&format!("X-{}\u{1b}[31m", "W".repeat(300)), true, skipped(Skip::Unimplemented)),
            attempt(
                "XOAUTH2",
                false,
                Outcome::Inconclusive {
                    failure: Failure::new(Phase::Auth, Trouble::ProtocolViolation, said.clone()),
                    answer: None,
                    evidence: None,
                },
            ),
            attempt(
                "LOGIN",
                false,
                Outcome::Accepted {
                    reply: reply("OK", None, &said),
                    evidence: LineRange::new(1, 1),
                    session: Session::Shut {
                        reply: reply("NO", None, escape),
                        evidence: LineRange::new(2, 2),
                        diagnosis: why,
                    },
                },
            ),
        ],
    );
    bad.attempts[0].quirks = vec![escape.into()];
    bad.url = format!("imaps://{escape}{rtl}:993");
    bad.host = format!("{escape}.example");
    bad.peer = Some(escape.into());
    bad.greeting = Some(said.clone());
    bad.advertised = vec![offers(Stage::AfterTls, &["PLAIN", &format!("X-{escape}")])];
    bad.advertised[0].capabilities.push(said.clone());
    bad.transcript = vec![Line {
        n: 1,
        connection: 1,
        at_ms: 1,
        direction: Direction::ReceivedTls,
        unexpected: true,
        text: said.clone(),
    }];
    let mut facts = tls();
    facts.version = format!("TLSv1.3{escape}");
    facts.trusted = false;
    facts.problems = vec![said.clone()];
    facts.chain[0].subject = said;
    facts.chain[0].not_after = escape.into();
    bad.tls = Some(facts);
    let mut report = report(&format!("mallory{escape}{rtl}@example.com"), vec![bad], &["PLAIN=refused"]);
    report.started_at = escape.into();
    report.findings = vec![Finding {
        id: "x".into(),
        severity: Severity::Warning,
        title: escape.into(),
        explanation: rtl.into(),
        remedy: page.into(),
        endpoint: Some(escape.into()),
        evidence: None,
    }];
    report
}

/// (f) Two mailboxes on two hosts: one server has a hole, one a mailbox that stays shut.
pub(super) fn two_mailboxes() -> Vec<Report> {
    let shut = Outcome::Accepted {
        reply: reply("OK", None, "AUTHENTICATE completed."),
        evidence: LineRange::new(12, 13),
        session: Session::Shut {
            reply: reply("BAD", None, "User is authenticated but not connected."),
            evidence: LineRange::new(14, 15),
            diagnosis: diagnosis(
                &[Cause::NoMailboxPermission, Cause::TokenWrongUser, Cause::ProtocolDisabled],
                "imap-authenticated-not-connected",
                "The identity is good but may not open this mailbox: the token belongs to somebody else, the service \
                 principal has no FullAccess, or IMAP is off for the mailbox.",
                "Compare the token's user with the mailbox, then check ImapEnabled and mailbox permissions.",
            ),
        },
    };
    let token_no = Outcome::Refused {
        reply: reply("NO", Some("AUTHENTICATIONFAILED"), "Authentication failed."),
        challenge: Some("{\"status\":\"invalid_token\",\"scope\":\"mail\"}".into()),
        evidence: LineRange::new(8, 11),
        diagnosis: diagnosis(
            &[Cause::TokenInvalid],
            "sasl-invalid-token",
            "The server does not take the token.",
            "Get a new token.",
        ),
    };
    let hosts = |token: &Outcome| {
        let mut exchange = endpoint(
            "imaps://outlook.office365.com",
            vec![
                attempt("PLAIN", true, refused(reply("NO", None, "AUTHENTICATE failed."), basic_off())),
                attempt("XOAUTH2", true, token.clone()),
            ],
        );
        exchange.advertised = vec![offers(Stage::AfterTls, &["PLAIN", "XOAUTH2"])];
        let mut dovecot = endpoint(
            "imap://mail.contoso.example",
            vec![
                attempt(
                    "PLAIN",
                    false,
                    refused(
                        reply("NO", None, "Unsupported authentication mechanism."),
                        diagnosis(
                            &[Cause::MechanismUnsupported],
                            "imap-unsupported-mechanism",
                            "The server does not know the mechanism or has it switched off.",
                            "Use one that is offered.",
                        ),
                    ),
                ),
                attempt("LOGIN-COMMAND", false, usable()),
                attempt("XOAUTH2", true, token_no.clone()),
            ],
        );
        dovecot.advertised =
            vec![offers(Stage::BeforeTls, &["LOGIN-COMMAND"]), offers(Stage::AfterTls, &["XOAUTH2"])];
        vec![exchange, dovecot]
    };
    let rules = ["PLAIN=refused", "LOGIN-COMMAND=not-accepted", "imap/XOAUTH2=usable"];
    vec![
        report("alice@contoso.example", hosts(&usable()), &rules),
        report("scan@contoso.example", hosts(&shut), &rules),
    ]
}

/// A server that a device of 2009 can still talk to and we cannot, beside one of today.
pub(super) fn old_device() -> Report {
    let lines = LineRange::new(21, 22);
    let yes = |cipher: &str| TlsAnswer::Accepted {
        cipher: cipher.into(),
        words: "ServerHello".into(),
        evidence: lines,
    };
    let no = |words: &str| TlsAnswer::Refused { words: words.into(), evidence: lines };
    let asked = |answers: [TlsAnswer; 4]| {
        let each = TlsProtocol::ALL.iter().zip(answers);
        each.map(|(version, answer)| TlsVersion { version: *version, answer }).collect()
    };
    let mut old = endpoint("smtps://printer-relay.example.com", Vec::new());
    (old.tls, old.greeting) = (None, None);
    old.failure =
        Some(Failure::new(Phase::Tls, Trouble::TlsVersion, "the server takes neither TLS 1.2 nor TLS 1.3"));
    old.tls_versions = asked([
        yes("TLS_RSA_WITH_RC4_128_SHA"),
        no("answered with TLS 1.0"),
        no("alert ProtocolVersion"),
        no("alert ProtocolVersion"),
    ]);
    let mut new = endpoint("smtp://smtp.example.com", vec![attempt("PLAIN", true, usable())]);
    new.advertised = vec![offers(Stage::AfterTls, &["PLAIN"])];
    let silent = Failure::new(Phase::Tls, Trouble::Timeout, "no answer within 15 s");
    new.tls_versions = asked([
        no("closed the connection"),
        no("alert ProtocolVersion"),
        yes("TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"),
        TlsAnswer::Inconclusive { failure: silent, evidence: Some(lines) },
    ]);
    report("scan@example.com", vec![old, new], &[])
}

pub(crate) fn every() -> Vec<Report> {
    let mut all = vec![cut_over(), all_fine(), wrong_password(), unreachable(), old_device(), hostile()];
    all.extend(two_mailboxes());
    all
}
