//! One line for every event that is worth watching.

use mailprobe_probes::model::Cause;

use super::Note;
use super::transaction::counted;
use super::{Connection, Ended, Handshake, LoginTry, SecretShape};

/// The line of a note, where it has one.
pub fn live(connection: &Connection, note: &Note) -> Option<String> {
    let text = match note {
        Note::Command(command) => command.clone(),
        Note::Name(_) | Note::ActiveSync(_) | Note::Offered(_) => return None,
        Note::Grant(grant) => format!("token endpoint: {grant}"),
        Note::Login(tried) => login(tried),
        Note::Message(message) => message.live(),
        Note::Odd(what) => (*what).to_owned(),
    };
    Some(format!("{} {text}", head(connection)))
}

/// The line of a client that left although logins were offered.
pub(crate) fn left(connection: &Connection) -> Option<String> {
    let offer = connection.offered.as_ref()?;
    let trying = !connection.logins.is_empty()
        || !connection.transactions.is_empty()
        || connection.begun_login().is_some();
    let disabled = if offer.login_disabled { " (LOGINDISABLED)" } else { "" };
    (!trying).then(|| {
        format!("{} left without a login; it was offered {}{disabled}", head(connection), offer.words())
    })
}

/// Number, protocol and address.
pub(crate) fn head(connection: &Connection) -> String {
    format!("[{}] {} {}", connection.number, connection.spoken, connection.peer)
}

/// The line of a handshake.
pub(crate) fn handshake(connection: &Connection, tls: &Handshake) -> String {
    let text = match &tls.ended {
        Ended::Established { version, cipher } => format!("TLS {version} {cipher}"),
        Ended::CertificateRefused { alert } => {
            format!("TLS ended by the client: it does not take the certificate ({alert})")
        }
        Ended::Abandoned => "TLS ended by the client without a word".to_owned(),
        Ended::NothingInCommon { detail } => match tls.hello.as_ref().filter(|hello| hello.is_old()) {
            Some(hello) => format!("TLS not possible: the client offers {} only", hello.named()),
            None => format!("TLS not possible: {detail}"),
        },
        Ended::StarttlsExpected => "TLS at once, where STARTTLS is expected".to_owned(),
        Ended::Plaintext { detail, .. } | Ended::Silent { detail } | Ended::Broken { detail } => {
            format!("no TLS: {detail}")
        }
    };
    format!("{} {text}", head(connection))
}

/// A login in words, without its secret.
pub(super) fn login(tried: &LoginTry) -> String {
    let first = if tried.initial_response == Some(true) { " with initial response" } else { "" };
    let clear = if tried.in_clear { ", WITHOUT TLS" } else { "" };
    let right = if tried.matched { "the right one" } else { "not the right one" };
    // Over HTTP a token comes without a name.
    let whose = if tried.user.is_empty() { String::new() } else { format!(" as {},", tried.user) };
    let secret = match tried.secret {
        SecretShape::Nothing => String::new(),
        SecretShape::Password if tried.mistaken => {
            format!("{whose} its token of {} as a password", counted(tried.length, "octet"))
        }
        SecretShape::Token if tried.mistaken => {
            format!("{whose} its password of {} as a token", counted(tried.length, "octet"))
        }
        SecretShape::Password => format!("{whose} password of {}, {right}", counted(tried.length, "octet")),
        SecretShape::Token => format!("{whose} token of {}, {right}", counted(tried.length, "octet")),
    };
    let answer = match (tried.cause, tried.shut) {
        (Cause::Accepted, None) => "accepted".to_owned(),
        (Cause::Accepted, Some(cause)) => format!("accepted, mailbox shut: {cause}"),
        (cause, _) => format!("refused: {cause}"),
    };
    format!("{}{first}{secret}{clear}: {answer}", tried.method)
}
