//! What was tried, learned from the rest of a paste: the protocol, the kind of credential, the step and the server.

use super::lines::{is_frame, is_offer};
use super::reply::cut;
use crate::diagnose::{Over, Step, families};
use crate::model::Kind;

/// What a whole paste says of the attempt.
#[derive(Debug, Default)]
pub(super) struct Context {
    pub(super) protocol: Option<Over>,
    pub(super) kind: Option<Kind>,
    pub(super) server: Option<&'static str>,
    /// Whether Microsoft Graph is spoken of: it uses some codes of EWS with another meaning.
    pub(super) graph: bool,
    /// Whether OAuth is spoken of.
    pub(super) oauth: bool,
}

/// Most octets that are searched for circumstances.
const SEARCHED: usize = 256 * 1024;

const PROTOCOLS: &[(Over, &[&str])] = &[
    (
        Over::ACTIVESYNC,
        &[
            "activesync",
            "microsoft-server-activesync",
            "tbsync",
            "z-push",
            "zpush",
            "eas server",
            "[eas]",
            " eas ",
        ],
    ),
    (Over::AUTODISCOVER, &["autodiscover"]),
    (
        Over::EWS,
        &[
            "exchange.asmx",
            "/ews",
            "ews:",
            " ews ",
            "exchangelib",
            "exchange.webservices",
            "graph.microsoft.com",
            "graph api",
            "msgraph",
            "sendmail?",
            "mailfolders",
        ],
    ),
    (Over::IMAP, &["imap", ":993", ":143", " 993", "mcoimap"]),
    (Over::POP3, &["pop3", "poplib", ":995", ":110", "pop."]),
    (
        Over::SMTP,
        &[
            "smtp",
            ":587",
            ":465",
            ":25,",
            "postfix/",
            "exim",
            "mail from:",
            "rcpt to:",
            "phpmailer",
            "nodemailer",
            "eauth",
            "sendmail",
            "ポート : 25",
        ],
    ),
    (
        Over::OAUTH,
        &[
            "token endpoint",
            "oauth2/v2.0/token",
            "grant_type",
            "refresh_token",
            "msal",
            "adal",
            "invalid_grant",
            "login.microsoftonline.com",
            "oauth2:",
        ],
    ),
];

impl Context {
    pub(super) fn of(text: &str) -> Self {
        let lower = cut(text, SEARCHED).to_lowercase();
        let counted = PROTOCOLS.iter().map(|(over, words)| {
            (*over, words.iter().map(|word| lower.matches(word).take(50).count()).sum::<usize>())
        });
        let mut protocol = None;
        let mut most = 0;
        for (over, count) in counted {
            if count > most {
                (protocol, most) = (Some(over), count);
            }
        }
        let server = families::in_text(&lower);
        let graph = ["graph", "odata", "restapi", "-mg"].iter().any(|word| lower.contains(word));
        Self {
            protocol,
            kind: kind_of(&lower),
            server,
            graph,
            oauth: lower.lines().any(|line| line.contains("oauth") && !is_offer(line)),
        }
    }
}

/// The kind of credential in the whole of a text; nothing where both are spoken of.
fn kind_of(lower: &str) -> Option<Kind> {
    let mut found: Option<Kind> = None;
    for line in lower.lines().filter(|line| !is_offer(line) && !is_frame(line)) {
        match (found, kind_in(line)) {
            (Some(one), Some(other)) if one != other => return None,
            (None, Some(kind)) => found = Some(kind),
            _ => {}
        }
    }
    found
}

const TOKEN: &[&str] = &[
    "xoauth2",
    "oauthbearer",
    "bearer ",
    "oauth2credentials",
    "authentication oauth",
    "saslmechanismoauth2",
    "auth_type: oauth",
    "auth [xoauth2]",
    "access token",
    "access_token",
    "oauth2 token",
    "accesstoken",
    "auth_type=oauth2",
    "imap.accessasuser",
    "client_credentials",
    "client credentials flow",
    "client credential flow",
    "client-credentials",
];
const PASSWORD: &[&str] = &[
    "auth plain",
    "auth login",
    "auth cram",
    "authenticate plain",
    "authenticate login",
    "authenticator login",
    "authenticator plain",
    "auth [login]",
    "method plain",
    "method login",
    "method=plain",
    "method=login",
    "pass ",
    "basic ",
    "loginauth",
    "plainauth",
    "auth_login",
    "auth_plain",
    "retrying plain",
    "a=smtp_login",
    "a=smtp_plain",
];

/// The kind of credential that a piece of a text, in any case, speaks of.
pub(super) fn kind_in(text: &str) -> Option<Kind> {
    let text = text.to_ascii_lowercase();
    // The permission, and no host of SendGrid.
    let permission = |(_, behind): (&str, &str)| !behind.starts_with(|c: char| c.is_alphanumeric());
    if TOKEN.iter().any(|word| text.contains(word)) || text.split_once("smtp.send").is_some_and(permission) {
        return Some(Kind::Token);
    }
    let own = format!("{text} ");
    PASSWORD.iter().any(|word| own.contains(word)).then_some(Kind::Password)
}

/// What a client's line does.
pub(super) fn step_of(said: &str) -> Option<Step> {
    let upper = cut(said, 400).trim().trim_matches(['\'', '"']).to_ascii_uppercase();
    let upper = upper.trim_end_matches("\\R\\N");
    let has = |words: &[&str]| words.iter().any(|word| upper.contains(word));
    if has(&["MAIL FROM"]) {
        return Some(Step::MailFrom);
    }
    if has(&["RCPT TO"]) || upper == "DATA" {
        return Some(Step::Data);
    }
    if has(&[" SELECT ", " EXAMINE ", " LIST ", " STATUS "]) || upper == "STAT" || upper.starts_with("LIST") {
        return Some(Step::Session);
    }
    if has(&["LOGOUT"]) || upper == "QUIT" {
        return Some(Step::Logout);
    }
    if has(&["CAPABILITY"]) || upper == "CAPA" || upper.starts_with("EHLO") || upper.starts_with("HELO") {
        return Some(Step::Capability);
    }
    if upper.starts_with("LOGIN ") || has(&[" LOGIN "]) {
        return Some(Step::Login(Kind::Password));
    }
    kind_in(&format!("{said} ")).map(Step::Login)
}

/// Whether a line without any mark is a client's command.
pub(super) fn is_command(line: &str) -> bool {
    let line = line.trim().trim_start_matches("b'").trim_matches(['\'', '"']);
    let upper = cut(line, 200).to_ascii_uppercase();
    let word = upper.split([' ', '\\']).next().unwrap_or_default();
    let rest = upper.get(word.len()..).unwrap_or_default();
    match word {
        "EHLO" | "HELO" => rest.split_whitespace().count() == 1,
        "AUTH" => ["PLAIN", "LOGIN", "XOAUTH2", "OAUTHBEARER", "CRAM-MD5", "NTLM", "GSSAPI"]
            .iter()
            .any(|name| rest.trim_start().starts_with(name)),
        "MAIL" => rest.starts_with(" FROM:"),
        "RCPT" => rest.starts_with(" TO:"),
        "STARTTLS" | "DATA" | "QUIT" | "RSET" | "NOOP" | "STLS" | "CAPA" => {
            rest.trim_matches(['\\', 'R', 'N']).trim().is_empty()
        }
        "USER" | "PASS" => rest.split_whitespace().count() == 1 && word == line.get(..4).unwrap_or_default(),
        tag => {
            let tag = !tag.is_empty()
                && tag.len() <= 12
                && tag.bytes().any(|b| b.is_ascii_digit())
                && tag.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.');
            tag && [
                "AUTHENTICATE",
                "LOGIN",
                "SELECT",
                "EXAMINE",
                "CAPABILITY",
                "LOGOUT",
                "LIST",
                "STARTTLS",
                "ID",
                "NOOP",
                "NAMESPACE",
            ]
            .contains(&rest.split_whitespace().next().unwrap_or_default())
                && !rest.contains(" FAILED")
        }
    }
}

/// The step that a sentence around a server's words names.
pub(super) fn step_in(line: &str) -> Option<Step> {
    let lower = cut(line, 4000).to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    if has(&[
        "in reply to end of data",
        "data end",
        "end of data",
        "smtpdataerror",
        "data failed",
        "after data",
        "dataerror",
    ]) {
        return Some(Step::Data);
    }
    if has(&[
        "in reply to rcpt",
        "rcpt to",
        "reject: rcpt",
        "recipientsrefused",
        "after rcpt",
        "recipient command",
    ]) {
        return Some(Step::MailFrom);
    }
    if has(&["in reply to mail from", "mail from", "senderrefused", "0x800ccc78", "0x800ccc79", "after mail"])
    {
        return Some(Step::MailFrom);
    }
    if let Some(kind) = (!is_offer(line)).then(|| kind_in(line)).flatten() {
        return Some(Step::Login(kind));
    }
    if has(&["list command", "select command", "select ", "examine ", "uid fetch"]) && lower.contains("error")
    {
        return Some(Step::Session);
    }
    None
}
