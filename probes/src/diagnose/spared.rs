//! Which answers to a password cost no attempt: only those that say positively that nobody compared it, or that it was
//! right. A goodbye, an error without a reason and a throttle say neither, whatever class they are of.

use crate::model::{Cause, Diagnosis, Protocol, Reply};

/// Response codes that place the failure outside the credentials: RFC 5530 section 3 (the subsystem that would check them
/// is down), RFC 2449 section 8.1 (the account logged in a moment ago, or holds the maildrop), RFC 3206 section 4 (a
/// system error, as opposed to the credentials).
const CODES: &[&str] = &["UNAVAILABLE", "SYS/TEMP", "SYS/PERM", "LOGIN-DELAY", "INUSE", "IN-USE"];

/// Sentences that say that what checks passwords could not be asked (RFC 4954 section 6; Postfix, Dovecot, Exim, qmail and
/// Gmail).
const NOT_ASKED: &[&str] = &[
    "temporary authentication failure",
    "connection lost to authentication server",
    "unable to authenticate at present",
    "cannot authenticate due to a temporary system problem",
    "problem with child and i can't auth",
];
/// What checks passwords, in the words of servers.
const CHECKERS: &[&str] = &[
    "authentication server",
    "auth server",
    "authentication service",
    "auth service",
    "authentication backend",
    "auth backend",
    "back end",
    "backend",
    "ldap",
    "radius",
];
/// How it was when it could not be asked.
const AWAY: &[&str] = &[
    "unavailable",
    "not available",
    "is down",
    "not responding",
    "unreachable",
    "connection lost",
    "timed out",
    "timeout",
    "cannot",
    "can't",
    "could not",
    "unable to",
    "failed to connect",
];

/// Words that accuse the credentials. An answer that holds one of them allows a wrong password, whatever else it offers:
/// "TLS required or bad password".
const ACCUSES: &[&str] = &[
    "password",
    "passwd",
    "passphrase",
    "passcode",
    "passwort",
    "kennwort",
    "wachtwoord",
    "mot de passe",
    "contrase",
    "senha",
    "парол",
    "パスワード",
    "密码",
    "密碼",
    "credential",
    "authentication fail",
    "authentication error",
    "authentication unsuccessful",
    "authenticate fail",
    "auth fail",
    "login fail",
    "logon fail",
    "sign-in fail",
    "login incorrect",
    "incorrect",
    "invalid login",
    "bad login",
    "invalid user",
    "bad user",
    "unknown user",
    "mismatch",
    "denied",
    "rejected",
    "unauthori",
];

/// Sentences on record that hold such a word and still say positively what stands before the check: the word is the noun
/// for what was asked, or the name of the kind of login.
const INNOCENT: &[&str] = &[
    "authentication unsuccessful, smtpclientauthentication is disabled",
    "login failed. logon is disabled for plaintext",
    "login failed, imap access is not activated",
];
/// The same, where the code beside it calls the failure temporary (Dovecot, Postfix).
const INNOCENT_IN_PASSING: &[&str] = &["temporary authentication failure"];

/// What Postfix says, with code 5.7.8, in front of whatever its SASL library reports (`smtpd_sasl_glue.c`).
const POSTFIX: &str = "error: authentication failed: ";
/// Reports of such a library that are about the mechanism alone (Dovecot, Cyrus SASL).
const NO_MECHANISM: &[&str] = &[
    "invalid authentication mechanism",
    "unsupported authentication mechanism",
    "authentication mechanism not supported",
    "no mechanism available",
];

/// Rules that know nothing but a code which does not say whether the password was compared.
const DOUBTFUL: &[&str] = &["code-cannot", "code-noperm", "pop3-system-fault-lasting"];

/// Sentences of a server that does not know the command, or could not decode what came with it.
const NOT_UNDERSTOOD: &[&str] = &[
    "unknown command",
    "command unknown",
    "unrecognized command",
    "unrecognised command",
    "command unrecognized",
    "command not recognized",
    "command not implemented",
    "command not supported",
    "unsupported command",
    "unimplemented command",
    "invalid command",
    "bad command",
    "no such command",
    "decode",
    "base64",
    "base 64",
    "error in imap command received",
];

/// Whether this answer to a password says positively that the password was not looked at, or was right, so that it costs no
/// attempt. HTTP says it with nothing but a success: a refusal and a fault of its front ends look alike from here.
pub fn spares_the_password(protocol: Protocol, reply: &Reply, diagnosis: &Diagnosis) -> bool {
    if protocol.is_http() || diagnosis.causes.iter().any(|cause| cause.may_count_as_bad_password()) {
        return false;
    }
    let text = reply.text.to_lowercase();
    if is_about_the_mechanism(&text) {
        return true;
    }
    if accuses(&text, reply) || DOUBTFUL.contains(&diagnosis.rule.as_str()) {
        return false;
    }
    match diagnosis.first() {
        // Nobody compares a password that should not have come this way, and Dovecot says so beside [AUTH].
        Cause::TlsRequired | Cause::TlsVersionTooOld | Cause::ProtocolVersionTooOld => true,
        _ if reply.has_code_for_wrong_credentials() => false,
        // What stands before the check, for whoever asks.
        Cause::MechanismUnsupported
        | Cause::BasicDisabled
        | Cause::SmtpAuthDisabledTenant
        | Cause::SmtpAuthDisabledMailbox
        | Cause::ProtocolDisabled
        | Cause::ServiceRetired
        // What stands behind it.
        | Cause::NoMailboxPermission
        | Cause::SendAsDenied
        | Cause::MailboxInUse => true,
        Cause::Temporary | Cause::Throttled => is_coded(reply) || could_not_ask(&text),
        Cause::ClientProtocolError => {
            matches!(reply.status.as_str(), "500" | "502" | "504") || is_foreign(&text)
        }
        _ => is_coded(reply),
    }
}

/// Whether the whole sentence is a report about the mechanism. Dovecot puts `[AUTH]` before it, Postfix 5.7.8.
fn is_about_the_mechanism(text: &str) -> bool {
    let report = text.strip_prefix(POSTFIX).unwrap_or(text);
    NO_MECHANISM.contains(&report.trim_end_matches(['.', ' ']))
}

fn is_coded(reply: &Reply) -> bool {
    CODES.iter().any(|code| code.eq_ignore_ascii_case(reply.code_name()))
}

fn accuses(text: &str, reply: &Reply) -> bool {
    let passing = reply.has_transient_code() || reply.status.starts_with('4');
    let innocent = INNOCENT.iter().chain(INNOCENT_IN_PASSING.iter().filter(|_| passing));
    let rest = innocent.fold(text.to_owned(), |rest, words| rest.replace(words, " "));
    ACCUSES.iter().any(|word| rest.contains(word))
}

fn could_not_ask(text: &str) -> bool {
    NOT_ASKED.iter().any(|words| text.contains(words))
        || (CHECKERS.iter().any(|checker| text.contains(checker))
            && AWAY.iter().any(|away| text.contains(away)))
}

fn is_foreign(text: &str) -> bool {
    NOT_UNDERSTOOD.iter().any(|words| text.contains(words))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnose::{Answer, Step, diagnose};
    use crate::model::Kind;

    /// Whether an answer to a password costs nothing.
    fn spares(protocol: Protocol, line: &str) -> bool {
        let (status, rest) = line.split_once(' ').unwrap_or((line, ""));
        let coded = rest.strip_prefix('[').and_then(|inner| inner.split_once("] "));
        let (code, rest) = coded.map_or((None, rest), |(code, text)| (Some(code.to_owned()), text));
        let first = rest.split(' ').next().unwrap_or_default();
        let is_number =
            first.split('.').count() == 3 && first.bytes().all(|b| b.is_ascii_digit() || b == b'.');
        let (enhanced, text) = if protocol == Protocol::Smtp && is_number {
            (Some(first.to_owned()), rest.trim_start_matches(first).trim_start())
        } else {
            (None, rest)
        };
        let reply = Reply { status: status.to_owned(), code, enhanced, text: text.to_owned() };
        let diagnosis = diagnose(&Answer::new(protocol, Step::Login(Kind::Password), &reply));
        spares_the_password(protocol, &reply, &diagnosis)
    }

    #[test]
    fn what_says_that_nobody_looked_costs_nothing() {
        for (protocol, line) in [
            (Protocol::Imap, "NO Basic authentication is disabled."),
            (
                Protocol::Imap,
                "NO [PRIVACYREQUIRED] Plaintext authentication disallowed on non-secure connections.",
            ),
            (Protocol::Imap, "NO [UNAVAILABLE] Temporary authentication failure. [mail:2026-01-15]"),
            (Protocol::Imap, "NO [UNAVAILABLE] back end is down"),
            (Protocol::Imap, "NO [UNAVAILABLE] Basic authentication is disabled."),
            (Protocol::Imap, "BAD Unknown command AUTHENTICATE"),
            (Protocol::Imap, "NO [ALERT] Unsupported authentication mechanism."),
            (Protocol::Imap, "BAD User is authenticated but not connected."),
            (Protocol::Imap, "BYE IMAP access disabled for this account."),
            (Protocol::Pop3, "-ERR [SYS/TEMP] Temporary authentication failure."),
            (Protocol::Pop3, "-ERR [SYS/PERM] Unable to open maildrop: System I/O error"),
            (Protocol::Pop3, "-ERR [IN-USE] Mailbox is locked by another POP3 session."),
            (Protocol::Pop3, "-ERR maildrop already locked"),
            (
                Protocol::Pop3,
                "-ERR [AUTH] Plaintext authentication disallowed on non-secure (SSL/TLS) connections.",
            ),
            (Protocol::Imap, "NO LOGIN failed. Logon is disabled for plaintext without TLS"),
            (Protocol::Imap, "NO remote authentication server unavailable"),
            (Protocol::Imap, "BAD Error in IMAP command AUTHENTICATE: Unknown command (0.001 + 0.000 secs)."),
            (Protocol::Pop3, "-ERR [LOGIN-DELAY] Logins must be at least 10 minutes apart"),
            (Protocol::Smtp, "454 4.7.0 Temporary authentication failure"),
            (
                Protocol::Smtp,
                "454 4.7.0 Temporary authentication failure: Connection lost to authentication server",
            ),
            (Protocol::Smtp, "454 4.3.0 Cannot contact LDAP server"),
            (Protocol::Smtp, "435 Unable to authenticate at present"),
            (
                Protocol::Smtp,
                "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.",
            ),
            (Protocol::Smtp, "538 5.7.11 Encryption required for requested authentication mechanism"),
            (Protocol::Smtp, "535 5.7.8 Error: authentication failed: Invalid authentication mechanism"),
            (Protocol::Smtp, "535 5.7.8 Error: authentication failed: no mechanism available"),
            (Protocol::Pop3, "-ERR [AUTH] Unsupported authentication mechanism."),
            (Protocol::Smtp, "504 5.7.4 Unrecognized authentication type"),
            (Protocol::Smtp, "502 5.5.2 Error: command not recognized"),
        ] {
            assert!(spares(protocol, line), "{line}");
        }
    }

    #[test]
    fn what_says_less_than_that_costs_an_attempt() {
        for (protocol, line) in [
            (Protocol::Imap, "NO Internal error"),
            (Protocol::Imap, "NO Server busy, try again later"),
            (Protocol::Imap, "BYE Connection closed."),
            (Protocol::Imap, "NO [UNAVAILABLE] Invalid password"),
            (Protocol::Imap, "NO [UNAVAILABLE] Account is temporarily disabled."),
            (Protocol::Imap, "NO [LIMIT] Too many logins"),
            (Protocol::Imap, "NO [REFERRAL imap://other.example/] elsewhere"),
            (Protocol::Imap, "NO mailbox unavailable"),
            (Protocol::Imap, "BAD too many errors"),
            // The code accuses the credentials.
            (Protocol::Imap, "NO [AUTHENTICATIONFAILED] Temporary authentication failure"),
            (Protocol::Imap, "NO [AUTHENTICATIONFAILED] mailbox in use"),
            (Protocol::Imap, "NO [AUTHENTICATIONFAILED] mechanism not supported"),
            (Protocol::Imap, "NO [AUTHENTICATIONFAILED] Service temporarily unavailable"),
            (Protocol::Imap, "NO [AUTHENTICATIONFAILED] IMAP is not enabled. Please check your settings"),
            (Protocol::Pop3, "-ERR [AUTH] mailbox locked"),
            (Protocol::Pop3, "-ERR [AUTH] Login fail. Service is not open"),
            (Protocol::Smtp, "535 5.7.8 Temporary authentication failure"),
            (Protocol::Smtp, "535 Temporary authentication failure"),
            (Protocol::Smtp, "504 5.7.8 Unrecognized authentication type"),
            // The sentence does.
            (Protocol::Imap, "NO Temporary authentication failure"),
            (Protocol::Imap, "NO Invalid login or mechanism not supported"),
            (Protocol::Imap, "NO Login failure: TLS required or bad password"),
            (Protocol::Imap, "BAD Unknown command or bad password"),
            (Protocol::Imap, "NO [ALERT] Your account requires TLS. Invalid password."),
            (Protocol::Imap, "NO [PRIVACYREQUIRED] Authentication failed"),
            (Protocol::Imap, "NO AUTHENTICATE failed: mailbox in use"),
            (Protocol::Imap, "NO [UNAVAILABLE] temporary authentication failure (wrong password)"),
            (Protocol::Pop3, "-ERR maildrop already locked or bad password"),
            (Protocol::Pop3, "-ERR unsupported mechanism or authentication failed"),
            (Protocol::Smtp, "535 Authentication mechanism not supported or bad password"),
            (Protocol::Smtp, "502 5.7.0 Authentication credentials invalid"),
            // Neither says anything.
            (Protocol::Imap, "NO [CANNOT] no"),
            (Protocol::Imap, "NO [NOPERM] failed"),
            (Protocol::Imap, "BAD Error in IMAP command AUTHENTICATE: failed"),
            (Protocol::Pop3, "-ERR [SYS/PERM] no"),
            (Protocol::Pop3, "-ERR Connection closed."),
            (Protocol::Pop3, "-ERR [SYS/TEMP] bad password"),
            (Protocol::Smtp, "421 4.7.0 Connection closed"),
            (Protocol::Smtp, "450 4.7.1 unknown command"),
            (Protocol::Smtp, "454 4.7.0 Authentication failed"),
            (Protocol::Smtp, "454 4.7.0 Too many login attempts, please try again later"),
            (Protocol::Smtp, "501 5.5.2 syntax error"),
            (Protocol::Ews, "503 Service Unavailable"),
            (Protocol::ActiveSync, "403 Forbidden"),
        ] {
            assert!(!spares(protocol, line), "{line}");
        }
    }
}
