//! Servers of every protocol that offer what they are told to, answer every login alike, and write each down.

use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use mailprobe_probes::model::Kind;

use crate::sasl::{Exchange, Turn, kind};
use crate::support::{Flaw, Script, Server};

/// The SASL mechanisms and login commands that are offered where everything is, a foreign one among them.
pub(crate) const OFFERS: &[&str] = &[
    "PLAIN",
    "LOGIN",
    "LOGIN-COMMAND",
    "USER-PASS",
    "APOP",
    "CRAM-MD5",
    "SCRAM-SHA-1",
    "SCRAM-SHA-1-PLUS",
    "SCRAM-SHA-256",
    "SCRAM-SHA-256-PLUS",
    "XOAUTH2",
    "OAUTHBEARER",
    "NTLM",
    "GSSAPI",
];

/// The schemes of HTTP likewise.
pub(crate) const SCHEMES: &[&str] = &["Basic", "Bearer", "NTLM", "Negotiate"];

/// Every kind of endpoint, by the scheme of its URL.
pub(crate) const SERVICES: &[&str] = &[
    "imaps",
    "imap",
    "imap+plain",
    "pop3s",
    "pop3",
    "pop3+plain",
    "smtps",
    "smtp",
    "smtp+plain",
    "ews",
    "ews+plain",
    "eas",
    "autodiscover",
    "mapi",
    "outlook-anywhere",
    "oab",
    "powershell",
    "reporting",
    "outlook-service",
];

/// How a server answers logins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Policy {
    Accept,
    /// By policy, before anybody looks at the password.
    RefuseUnseen,
    RefuseAsWrong,
}

/// One server.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub(crate) service: &'static str,
    pub(crate) offers: Vec<&'static str>,
    pub(crate) policy: Policy,
    pub(crate) flaw: Flaw,
}

/// One credential that a server was shown.
#[derive(Debug, Clone)]
pub(crate) struct Shown {
    pub(crate) port: u16,
    pub(crate) method: String,
    pub(crate) kind: Kind,
    /// Whether it was a password and refused as a wrong one.
    pub(crate) bad: bool,
}

pub(crate) type Recorder = Arc<Mutex<Vec<Shown>>>;

impl Place {
    /// Everything is offered, and taken.
    pub(crate) fn open(service: &'static str) -> Self {
        Self { service, offers: [OFFERS, SCHEMES].concat(), policy: Policy::Accept, flaw: Flaw::None }
    }

    pub(crate) fn url(&self, port: u16) -> String {
        format!("{}://imap.example.com:{port}", self.service)
    }

    fn offers(&self, method: &str) -> bool {
        self.offers.contains(&method)
    }

    fn mechanisms(&self) -> impl Iterator<Item = &'static str> {
        let commands = ["LOGIN-COMMAND", "USER-PASS", "APOP"];
        let of_http = |name: &&str| SCHEMES.contains(name) && *name != "NTLM";
        self.offers.iter().copied().filter(move |name| !commands.contains(name) && !of_http(name))
    }
}

/// A server that is dialled in this process.
pub(crate) fn serve(port: u16, place: Place, recorder: Recorder) -> Arc<Server> {
    let place = Arc::new(place);
    let scripts = move |_: usize| {
        let clerk =
            Clerk { port, place: Arc::clone(&place), recorder: Arc::clone(&recorder), exchange: None };
        Some(script(clerk))
    };
    Server::new(Box::new(scripts), Some(64 * 1024), Arc::new(|bytes: &[u8]| vec![bytes.to_vec()]))
}

fn script(mut clerk: Clerk) -> Script {
    let place = Arc::clone(&clerk.place);
    let protocol = place.service.trim_end_matches("+plain");
    let plain = place.service.ends_with("+plain");
    let stamp = if place.offers("APOP") { " <1896.697170952@example.com>" } else { "" };
    let pop3 = format!("+OK ready{stamp}");
    match protocol {
        "imaps" => Script::new().tls_as(place.flaw).line("* OK ready").serve(move |line| clerk.hear(line)),
        "imap" if plain => Script::new().line("* OK ready").serve(move |line| clerk.hear(line)),
        "imap" => Script::new()
            .ready("IMAP4rev1 STARTTLS LOGINDISABLED")
            .command("STARTTLS")
            .line("{tag} OK begin")
            .tls_as(place.flaw)
            .serve(move |line| clerk.hear(line)),
        "pop3s" => Script::new().tls_as(place.flaw).line(&pop3).serve(move |line| clerk.hear(line)),
        "pop3" if plain => Script::new().line(&pop3).serve(move |line| clerk.hear(line)),
        "pop3" => Script::new()
            .line(&pop3)
            .client("CAPA")
            .raw("+OK\r\nSTLS\r\n.\r\n")
            .client("STLS")
            .line("+OK begin")
            .tls_as(place.flaw)
            .serve(move |line| clerk.hear(line)),
        "smtps" => Script::new().tls_as(place.flaw).line("220 h ESMTP").serve(move |line| clerk.hear(line)),
        "smtp" if plain => Script::new().line("220 h ESMTP").serve(move |line| clerk.hear(line)),
        "smtp" => Script::new()
            .line("220 h ESMTP")
            .client("EHLO *")
            .raw("250-h\r\n250 STARTTLS\r\n")
            .client("STARTTLS")
            .line("220 begin")
            .tls_as(place.flaw)
            .serve(move |line| clerk.hear(line)),
        _ if plain => Script::new().web(move |head, _| clerk.answer(head)),
        _ => Script::new().tls_as(place.flaw).web(move |head, _| clerk.answer(head)),
    }
}

/// Answers one connection.
struct Clerk {
    port: u16,
    place: Arc<Place>,
    recorder: Recorder,
    exchange: Option<Exchange>,
}

impl Clerk {
    fn note(&self, method: &str, kind: Kind) {
        let bad = kind == Kind::Password && self.place.policy == Policy::RefuseAsWrong;
        self.recorder.lock().unwrap().push(Shown { port: self.port, method: method.to_owned(), kind, bad });
    }

    fn speaks(&self, protocol: &str) -> bool {
        self.place.service.starts_with(protocol)
    }

    fn hear(&mut self, line: &str) -> Vec<u8> {
        if self.exchange.is_some() {
            let data = if line == "*" { Vec::new() } else { STANDARD.decode(line).unwrap_or_default() };
            return self.go_on(Some(&data));
        }
        let answer = if self.speaks("imap") {
            self.imap(line)
        } else if self.speaks("pop3") {
            self.pop3(line)
        } else {
            self.smtp(line)
        };
        answer.unwrap_or_else(|| self.say("* BAD", "-ERR", "502"))
    }

    /// A line that begins as each protocol has it; IMAP's has the tag before it.
    fn say(&self, imap: &str, pop3: &str, smtp: &str) -> Vec<u8> {
        let line = if self.speaks("imap") {
            imap.replacen("* BAD", "{tag} BAD", 1)
        } else if self.speaks("pop3") {
            pop3.to_owned()
        } else {
            smtp.to_owned()
        };
        format!("{line} said\r\n").into_bytes()
    }

    /// The answer to a login.
    fn verdict(&self) -> Vec<u8> {
        match self.place.policy {
            Policy::Accept => self.say("{tag} OK [CAPABILITY IMAP4rev1]", "+OK", "235 2.7.0"),
            Policy::RefuseUnseen => self.say(
                "{tag} NO Basic authentication is disabled.",
                "-ERR Basic authentication is disabled.",
                "535 5.7.139 Authentication unsuccessful, basic authentication is disabled.",
            ),
            Policy::RefuseAsWrong => self.say(
                "{tag} NO [AUTHENTICATIONFAILED] Authentication failed.",
                "-ERR [AUTH] Authentication failed.",
                "535 5.7.8 Error: authentication failed.",
            ),
        }
    }

    fn begin(&mut self, words: &str) -> Vec<u8> {
        let (mechanism, initial) = match words.split_once(' ') {
            Some((mechanism, initial)) => (mechanism, Some(initial)),
            None => (words, None),
        };
        self.exchange = Some(Exchange::new(mechanism, self.place.policy == Policy::Accept));
        let data = initial.map(|text| STANDARD.decode(text).unwrap_or_default());
        self.go_on(data.as_deref())
    }

    fn go_on(&mut self, data: Option<&[u8]>) -> Vec<u8> {
        let Some(mut exchange) = self.exchange.take() else { return Vec::new() };
        let (turn, shown) = exchange.hear(data);
        if let Some(kind) = shown {
            self.note(exchange.mechanism(), kind);
        }
        match turn {
            Turn::Over => self.verdict(),
            Turn::Challenge(challenge) => {
                self.exchange = Some(exchange);
                let begin = if self.speaks("smtp") { "334" } else { "+" };
                format!("{begin} {}\r\n", STANDARD.encode(challenge)).into_bytes()
            }
        }
    }

    fn imap(&mut self, line: &str) -> Option<Vec<u8>> {
        let (_, command) = line.split_once(' ')?;
        let (name, rest) = command.split_once(' ').unwrap_or((command, ""));
        Some(match name {
            "CAPABILITY" => {
                let login = if self.place.offers("LOGIN-COMMAND") { "" } else { " LOGINDISABLED" };
                let auth: String = self.place.mechanisms().flat_map(|name| [" AUTH=", name]).collect();
                format!("* CAPABILITY IMAP4rev1 SASL-IR{login}{auth}\r\n{{tag}} OK done\r\n").into_bytes()
            }
            "AUTHENTICATE" => self.begin(rest),
            "LOGIN" => {
                self.note("LOGIN-COMMAND", Kind::Password);
                self.verdict()
            }
            "EXAMINE" => {
                b"* FLAGS ()\r\n* 1 EXISTS\r\n* OK [UIDVALIDITY 1] v\r\n{tag} OK [READ-ONLY] done\r\n"
                    .to_vec()
            }
            "LOGOUT" => b"* BYE bye\r\n{tag} OK done\r\n".to_vec(),
            _ => return None,
        })
    }

    fn pop3(&mut self, line: &str) -> Option<Vec<u8>> {
        let (name, rest) = line.split_once(' ').unwrap_or((line, ""));
        Some(match name {
            "CAPA" => {
                let user = if self.place.offers("USER-PASS") { "USER\r\n" } else { "" };
                let names: Vec<&str> = self.place.mechanisms().collect();
                format!("+OK\r\n{user}SASL {}\r\n.\r\n", names.join(" ")).into_bytes()
            }
            "AUTH" => self.begin(rest),
            "PASS" | "APOP" => {
                self.note(if name == "PASS" { "USER-PASS" } else { "APOP" }, Kind::Password);
                self.verdict()
            }
            "USER" | "QUIT" => b"+OK\r\n".to_vec(),
            "STAT" => b"+OK 0 0\r\n".to_vec(),
            _ => return None,
        })
    }

    fn smtp(&mut self, line: &str) -> Option<Vec<u8>> {
        let (name, rest) = line.split_once(' ').unwrap_or((line, ""));
        Some(match name {
            "EHLO" => {
                let names: Vec<&str> = self.place.mechanisms().collect();
                let auth = if names.is_empty() {
                    String::new()
                } else {
                    format!("250-AUTH {}\r\n", names.join(" "))
                };
                format!("250-h\r\n{auth}250 8BITMIME\r\n").into_bytes()
            }
            "AUTH" => self.begin(rest),
            "MAIL" | "RSET" | "NOOP" => b"250 2.0.0 OK\r\n".to_vec(),
            "QUIT" => b"221 2.0.0 bye\r\n".to_vec(),
            _ => return None,
        })
    }

    /// Answers one request.
    fn answer(&mut self, head: &str) -> Vec<u8> {
        let field = head.lines().find_map(|line| line.strip_prefix("Authorization: ")).unwrap_or_default();
        let (scheme, value) = field.split_once(' ').unwrap_or((field, ""));
        let data = STANDARD.decode(value).unwrap_or_default();
        // Without credentials, with an empty Bearer, or with NTLM's first message, which holds none.
        let opening = data.starts_with(b"NTLMSSP\0\x01");
        if value.is_empty() || opening {
            return say("401 Unauthorized", &self.challenges(opening), "");
        }
        let shown = if scheme == "Bearer" { kind(value.as_bytes()) } else { kind(&data) };
        // What opens the mailbox behind an accepted login shows the credential once more, and is counted apart.
        if !(head.starts_with("POST") && self.speaks("eas")) {
            self.note(scheme, shown);
        }
        match self.place.policy {
            Policy::Accept => self.accepted(),
            Policy::RefuseUnseen => say("403 Forbidden", "", ""),
            Policy::RefuseAsWrong => say("401 Unauthorized", &self.challenges(false), ""),
        }
    }

    fn challenges(&self, of_ntlm: bool) -> String {
        if of_ntlm {
            // A second message without names: Cyrus IMAP 3.6.1 sends this one.
            return "WWW-Authenticate: NTLM TlRMTVNTUAACAAAAHAAcADAAAAAFggIArcPENrcDxScAAAAAAAAAAAAAAAAAAAAAQwBZAFIAVQBTAC4ATABBAEIALgBUAEUAUwBUAA==".to_owned();
        }
        let offered = SCHEMES.iter().filter(|scheme| self.place.offers(scheme));
        let lines: Vec<String> = offered
            .map(|scheme| match *scheme {
                "Basic" => "WWW-Authenticate: Basic realm=\"x\"".to_owned(),
                scheme => format!("WWW-Authenticate: {scheme}"),
            })
            .collect();
        lines.join("\n")
    }

    fn accepted(&self) -> Vec<u8> {
        if self.speaks("eas") {
            return say("200 OK", "MS-ASProtocolVersions: 14.1,16.1\nMS-ASProtocolCommands: FolderSync", "");
        }
        let body = if self.speaks("autodiscover") { SETTINGS } else { INBOX };
        say("200 OK", "Content-Type: text/xml; charset=utf-8", body)
    }
}

fn say(status: &str, headers: &str, content: &str) -> Vec<u8> {
    let fields: String = headers.lines().flat_map(|line| [line, "\r\n"]).collect();
    format!("HTTP/1.1 {status}\r\n{fields}Content-Length: {}\r\n\r\n{content}", content.len()).into_bytes()
}

const INBOX: &str = "<?xml version=\"1.0\"?><s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\">\
    <s:Body><m:GetFolderResponse xmlns:m=\"http://schemas.microsoft.com/exchange/services/2006/messages\">\
    <m:ResponseMessages><m:GetFolderResponseMessage ResponseClass=\"Success\"><m:ResponseCode>NoError</m:ResponseCode>\
    <m:Folders><t:Folder xmlns:t=\"http://schemas.microsoft.com/exchange/services/2006/types\"><t:FolderId Id=\"AAMkAGxhYg==\"/>\
    </t:Folder></m:Folders></m:GetFolderResponseMessage></m:ResponseMessages></m:GetFolderResponse></s:Body></s:Envelope>";

const SETTINGS: &str = "<Autodiscover xmlns=\"http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006\">\
    <Response xmlns=\"http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a\"><Account>\
    <AccountType>email</AccountType><Action>settings</Action><Protocol><Type>EXCH</Type>\
    <EwsUrl>https://imap.example.com/EWS/Exchange.asmx</EwsUrl></Protocol></Account></Response></Autodiscover>";
