//! One wrong password costs one bad attempt, by the server's own count, whatever the server answers to it and
//! whatever goodbye comes with the answer: over several mechanisms, several endpoints and several protocols of one
//! account, with a budget of one.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use mailprobe_run::AttemptGate;

use crate::support::{Said, Script, Visit};

/// How a server answers the wrong password.
#[derive(Clone, Copy, Debug)]
enum Way {
    /// With these words, and goes on.
    Says(&'static str),
    /// With these words, and closes the connection.
    Closes(&'static str),
    /// Not at all.
    Silence,
}

use Way::{Closes, Says, Silence};

/// IMAP; `{tag}` stands for the tag of the command.
const IMAP: &[Way] = &[
    Says("{tag} NO [AUTHENTICATIONFAILED] Authentication failed."),
    Says("{tag} NO LOGIN failed."),
    Says("{tag} NO"),
    Says("{tag} NO xyzzy"),
    Says("{tag} BAD xyzzy"),
    Says("{tag} BAD Authentication failure"),
    Says("{tag} BAD too many errors"),
    Says("{tag} NO Internal error"),
    Says("{tag} NO Server error, try again later"),
    Says("{tag} NO Lookup failed"),
    Says("{tag} NO Connection closed"),
    Says("{tag} NO [LIMIT] Too many login attempts"),
    Says("{tag} NO [ALERT] Too many failed logins"),
    Says("{tag} NO [CONTACTADMIN] locked"),
    Says("{tag} NO [EXPIRED] Password expired"),
    Says("{tag} NO [UNAVAILABLE] Invalid credentials"),
    Says("{tag} NO [UNAVAILABLE] Account is temporarily disabled."),
    Says("{tag} NO mailbox unavailable"),
    Says("{tag} NO [REFERRAL imap://other.example/] elsewhere"),
    Says("{tag} NO please log in first"),
    Says("{tag} OK Unable to authenticate"),
    // The code accuses the credentials, and the sentence speaks of something else.
    Says("{tag} NO [AUTHENTICATIONFAILED] Temporary authentication failure"),
    Says("{tag} NO [AUTHENTICATIONFAILED] mailbox in use"),
    Says("{tag} NO [AUTHENTICATIONFAILED] mechanism not supported"),
    Says("{tag} NO [AUTHENTICATIONFAILED] Service temporarily unavailable"),
    // The sentence allows a wrong password beside something else.
    Says("{tag} NO Temporary authentication failure"),
    Says("{tag} NO Invalid login or mechanism not supported"),
    Says("{tag} NO Login failure: TLS required or bad password"),
    Says("{tag} BAD Unknown command or bad password"),
    Says("{tag} NO [ALERT] Your account requires TLS. Invalid password."),
    Says("{tag} NO Login failed, temporary authentication failure (wrong password)"),
    Says("{tag} NO [PRIVACYREQUIRED] Authentication failed"),
    Says("{tag} NO AUTHENTICATE failed: mailbox in use"),
    // Neither says that the password was not looked at.
    Says("{tag} NO [CANNOT] bad password"),
    Says("{tag} NO [CANNOT] no"),
    Says("{tag} NO [NOPERM] failed"),
    Says("{tag} BAD Error in IMAP command AUTHENTICATE: failed"),
    Says("zz NO wrong tag"),
    Says("HTTP/1.1 400 Bad Request"),
    Says("+ "),
    Closes("* BYE Connection closed."),
    Closes("* BYE Connection is closed. 14"),
    Closes("* BYE Internal error"),
    Closes("* BYE"),
    Closes("* BYE Autologout"),
    Closes("* BYE Server shutting down"),
    Closes("* BYE Temporary problem, please try again later"),
    Closes("* BYE Too many invalid login attempts"),
    Closes("* BYE Logging out"),
    Closes("* BYE timed out"),
    Closes("{tag} NO Internal error"),
    Closes("{tag} NO Authentication fai"),
    Closes(""),
    Silence,
];

const POP3: &[Way] = &[
    Says("-ERR [AUTH] Authentication failed."),
    Says("-ERR Logon failure: unknown user name or bad password."),
    Says("-ERR"),
    Says("-ERR xyzzy"),
    Says("-ERR Internal error"),
    Says("-ERR temporary failure, try again later"),
    Says("-ERR Connection closed."),
    Says("-ERR timeout"),
    Says("-ERR too many errors"),
    Says("-ERR Protocol error"),
    Says("-ERR [SYS/TEMP] bad password"),
    Says("-ERR account is locked"),
    Says("-ERR [AUTH] mailbox locked"),
    Says("-ERR [IN-USE] Authentication failed"),
    Says("-ERR [SYS/PERM] no"),
    Says("-ERR maildrop already locked or bad password"),
    Says("-ERR unsupported mechanism or authentication failed"),
    Says("-ERR authentication failed, mailbox in use?"),
    Says("-ERR command not valid or wrong password"),
    Says("-ERR server busy"),
    Says("+OK authentication failed"),
    Says("+ "),
    Says("what?"),
    Closes("-ERR Connection closed."),
    Closes("-ERR Connection is closed. 10"),
    Closes("-ERR Internal error"),
    Closes("-ERR server signing off"),
    Closes(""),
    Silence,
];

const SMTP: &[Way] = &[
    Says("535 5.7.8 Authentication credentials invalid"),
    Says("535 5.7.3 Authentication unsuccessful"),
    Says("535"),
    Says("535 5.7.8 Temporary authentication failure"),
    Says("535 Authentication mechanism not supported or bad password"),
    Says("504 5.7.8 Authentication failed"),
    Says("502 5.7.8 Authentication credentials invalid"),
    Says("538 Authentication failed"),
    Says("550 5.7.1 xyzzy"),
    Says("530 5.7.0 Authentication required"),
    Says("554 5.7.0 Error"),
    Says("501 5.5.2 syntax error"),
    Says("503 5.5.1 bad sequence of commands"),
    Says("454 4.7.0 Authentication failed"),
    Says("454 4.7.0 invalid username or password"),
    Says("454 4.7.0 Too many login attempts, please try again later"),
    Says("451 4.3.0 Internal error"),
    Says("450 4.7.1 unknown command"),
    Says("432 4.7.12 A password transition is needed"),
    Says("235 2.7.0 Authentication failed"),
    Says("334 dGhpcmQ6"),
    Says("huh"),
    Closes("421 4.7.0 Connection closed"),
    Closes("421 4.7.0 too many errors"),
    Closes("421 4.4.2 timeout"),
    Closes("421 4.3.2 Service shutting down"),
    Closes("421 4.4.0 Failed to connect to relay server"),
    Closes("535 5.7.8 no"),
    Closes(""),
    Silence,
];

/// EWS and ActiveSync: a status line, and perhaps a field or a content behind it.
const WEB: &[Way] = &[
    Says("401 Unauthorized"),
    Says("401 Unauthorized|WWW-Authenticate: Basic realm=\"mail\""),
    Says("401 Unauthorized|WWW-Authenticate: Negotiate"),
    Says("401 Unauthorized|Retry-After: 30"),
    Says("403 Forbidden"),
    Says("400 Bad Request"),
    Says("404 Not Found"),
    Says("415 Unsupported Media Type"),
    Says("429 Too Many Requests"),
    Says("440 Login Timeout"),
    Says("449 Retry after sending a PROVISION command"),
    Says("451 Redirect"),
    Says("456 Blocked"),
    Says("457 Expired"),
    Says("500 Internal Server Error"),
    Says("502 Bad Gateway"),
    Says("503 Service Unavailable"),
    Says("504 Gateway Timeout"),
    Says("507 Insufficient Storage"),
    Says("200 OK|Content-Type: text/html"),
    Says("302 Found|Location: https://login.example.com/"),
    Closes("503 Service Unavailable"),
    Closes(""),
    Silence,
];

fn said(way: Way, ending: &str) -> Said {
    match way {
        Says(words) => Said { bytes: format!("{words}{ending}").into_bytes(), closes: false },
        // Half a line is no line.
        Closes(words) if words.ends_with(" fai") => Said { bytes: words.into(), closes: true },
        Closes("") => Said { bytes: Vec::new(), closes: true },
        Closes(words) => Said { bytes: format!("{words}{ending}").into_bytes(), closes: true },
        Silence => Said { bytes: Vec::new(), closes: false },
    }
}

/// Where the login stands on one connection of a line protocol.
#[derive(Default)]
struct Desk {
    /// Answers that the client still owes before its password is there.
    prompts: usize,
    /// Whether the password has been presented.
    asked: bool,
}

impl Desk {
    /// What the server says to a line; counts the lines that hold a password.
    fn hear(&mut self, protocol: &str, line: &str, way: Way, presented: &AtomicUsize) -> Said {
        let words: Vec<&str> = line.split(' ').collect();
        let verb = words.get(usize::from(protocol == "imap")).copied().unwrap_or_default();
        let last = |words: usize| line.split(' ').count() >= words;
        if self.prompts > 0 {
            self.prompts -= 1;
            if self.prompts == 0 {
                return self.judge(way, presented);
            }
            return said(
                Says(if protocol == "smtp" { "334 UGFzc3dvcmQ6" } else { "+ UGFzc3dvcmQ6" }),
                "\r\n",
            );
        }
        match verb {
            "LOGIN" | "PASS" => self.judge(way, presented),
            "AUTHENTICATE" if last(4) => self.judge(way, presented),
            "AUTH" if last(3) => self.judge(way, presented),
            "AUTHENTICATE" | "AUTH" => {
                self.prompts = if line.contains("LOGIN") { 2 } else { 1 };
                said(Says(if protocol == "smtp" { "334 " } else { "+ " }), "\r\n")
            }
            "EHLO" => said(Says("250-mail\r\n250 AUTH PLAIN LOGIN"), "\r\n"),
            "CAPA" => said(Says("+OK\r\nUSER\r\nSASL PLAIN LOGIN\r\n."), "\r\n"),
            "CAPABILITY" => {
                said(Says("* CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN AUTH=LOGIN\r\n{tag} OK done"), "\r\n")
            }
            "USER" => said(Says("+OK"), "\r\n"),
            // A mailbox that nobody has logged in to.
            "EXAMINE" => said(Says("{tag} BAD please log in first"), "\r\n"),
            "STAT" => said(Says("-ERR not logged in"), "\r\n"),
            "MAIL" => said(Says("530 5.7.57 Client not authenticated"), "\r\n"),
            _ => said(Closes(""), ""),
        }
    }

    fn judge(&mut self, way: Way, presented: &AtomicUsize) -> Said {
        assert!(!self.asked, "a second password on one connection");
        self.asked = true;
        presented.fetch_add(1, Ordering::SeqCst);
        said(way, "\r\n")
    }
}

fn lines(protocol: &'static str, way: Way, presented: Arc<AtomicUsize>) -> Script {
    let mut desk = Desk::default();
    let greeting = match protocol {
        "imap" => "* OK ready",
        "pop3" => "+OK ready",
        _ => "220 ready",
    };
    Script::new().line(greeting).serve(move |line| desk.hear(protocol, line, way, &presented))
}

fn web(way: Way, presented: Arc<AtomicUsize>) -> Script {
    Script::new().web(move |head, _| {
        let challenge = "401 Unauthorized|WWW-Authenticate: Basic realm=\"mail\"";
        let shown = head.lines().find_map(|line| line.strip_prefix("Authorization: ")).unwrap_or_default();
        let way = if shown.starts_with("Basic ") {
            presented.fetch_add(1, Ordering::SeqCst);
            way
        } else {
            Says(challenge)
        };
        match way {
            Says(words) | Closes(words) if !words.is_empty() => {
                let (status, field) = words.split_once('|').unwrap_or((words, "X-Nothing: more"));
                let close = if matches!(way, Closes(_)) { "Connection: close\r\n" } else { "" };
                let page = if field.ends_with("html") { "<html><title>Sign in</title></html>" } else { "" };
                let length = page.len();
                format!("HTTP/1.1 {status}\r\n{field}\r\n{close}Content-Length: {length}\r\n\r\n{page}")
                    .into()
            }
            // Silence cannot be told from hanging up here; a close is the harder of the two.
            _ => Vec::new(),
        }
    })
}

fn visit(protocol: &str) -> Visit {
    match protocol {
        "imap" => Visit::clear(&["PLAIN", "LOGIN", "LOGIN-COMMAND"]),
        "pop3" => Visit::pop3_clear(&["USER-PASS", "PLAIN", "LOGIN"]),
        "smtp" => Visit::smtp_clear(&["PLAIN", "LOGIN"]),
        service => Visit::http_clear(service, &["Basic"]),
    }
}

/// Visits these endpoints of one account, one behind the other, and gives the server's count of wrong passwords.
fn bad_attempts(endpoints: &[(&'static str, Way)]) -> usize {
    let gate = Arc::new(AttemptGate::new(1));
    let presented = Arc::new(AtomicUsize::new(0));
    for (protocol, way) in endpoints {
        let (protocol, way, counted) = (*protocol, *way, Arc::clone(&presented));
        let mut visit = visit(protocol);
        visit.gate = Arc::clone(&gate) as _;
        let seen = visit.unchecked(Box::new(move |_| {
            let counted = Arc::clone(&counted);
            Some(if matches!(protocol, "ews" | "eas") {
                web(way, counted)
            } else {
                lines(protocol, way, counted)
            })
        }));
        seen.check_report();
    }
    presented.load(Ordering::SeqCst)
}

fn one_each(protocol: &'static str, ways: &[Way]) {
    let wrong: Vec<String> = ways
        .iter()
        .map(|way| (way, bad_attempts(&[(protocol, *way); 3])))
        .filter(|(_, count)| *count != 1)
        .map(|(way, count)| format!("{way:?}: {count} bad attempts"))
        .collect();
    assert!(wrong.is_empty(), "{protocol}\n{}", wrong.join("\n"));
}

#[test]
fn over_imap() {
    assert!(IMAP.len() >= 25);
    one_each("imap", IMAP);
}

#[test]
fn over_pop3() {
    one_each("pop3", POP3);
}

#[test]
fn over_smtp() {
    assert!(SMTP.len() >= 25);
    one_each("smtp", SMTP);
}

#[test]
fn over_exchange_web_services() {
    one_each("ews", WEB);
}

#[test]
fn over_activesync() {
    one_each("eas", WEB);
}

#[test]
fn over_five_protocols_of_one_account() {
    // Whatever the first endpoint answers, the four others, which would refuse it plainly, are not asked.
    let plainly = [("imap", IMAP[0]), ("pop3", POP3[0]), ("smtp", SMTP[0]), ("ews", WEB[1]), ("eas", WEB[1])];
    for (first, ways) in [("imap", IMAP), ("pop3", POP3), ("smtp", SMTP), ("ews", WEB), ("eas", WEB)] {
        for way in ways {
            let others = plainly.iter().filter(|(protocol, _)| *protocol != first);
            let endpoints: Vec<_> = std::iter::once((first, *way)).chain(others.copied()).collect();
            assert_eq!(bad_attempts(&endpoints), 1, "{first}: {way:?}");
        }
    }
}
