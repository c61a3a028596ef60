//! The words for outcomes, failures and skips: what a person reads where a program reads a name.

use mailprobe_probes::model::{
    Attempt, Cause, EndpointReport, Method, Outcome, Session, Severity, Skip, Trouble, VerdictStatus, moment,
};

use super::style::Role;
use crate::lang::Lang;

/// Mark, word and colour of an outcome.
pub(super) const fn outcome(outcome: &Outcome) -> (&'static str, &'static str, Role) {
    match outcome {
        Outcome::Accepted { session: Session::Opened { .. } | Session::Sent { .. }, .. } => {
            ("✓", "usable", Role::Good)
        }
        Outcome::Accepted { .. } => ("~", "accepted", Role::Doubt),
        Outcome::Refused { .. } => ("✗", "refused", Role::Bad),
        Outcome::Inconclusive { .. } => ("?", "unclear", Role::Doubt),
        Outcome::NotTried { .. } => ("·", "not tried", Role::Faint),
    }
}

/// Mark, word and colour of a judgement.
pub(super) const fn verdict(status: VerdictStatus) -> (&'static str, &'static str, Role) {
    match status {
        VerdictStatus::Pass => ("✓", "met", Role::Good),
        VerdictStatus::Fail => ("✗", "not met", Role::Bad),
        VerdictStatus::Unknown => ("?", "undecided", Role::Doubt),
    }
}

/// Mark, word and colour of a finding.
pub(super) const fn severity(severity: Severity) -> (&'static str, &'static str, Role) {
    match severity {
        Severity::Critical => ("‼", "Critical", Role::Bad),
        Severity::Warning => ("!", "Warning", Role::Doubt),
        Severity::Info => ("i", "Note", Role::Plain),
    }
}

/// Whether a password got through that the server does not offer. Where a device on the path masks the offer, nobody knows
/// what the server offers.
pub(super) fn is_hole(endpoint: &EndpointReport, attempt: &Attempt) -> bool {
    !attempt.advertised
        && matches!(attempt.outcome, Outcome::Accepted { .. })
        && !is_token(&attempt.method)
        && endpoint.masked().is_none()
}

/// Whether a login counts although its answer says yes and no at once.
pub(super) fn contradicts_itself(attempt: &Attempt) -> bool {
    let names = ["yes-in-the-words-of-a-no", "yes-after-error-report"];
    attempt.quirks.iter().any(|quirk| names.contains(&quirk.as_str()))
}

/// Whether a method presents a token; every other one presents a password or something made from it.
pub(super) fn is_token(method: &Method) -> bool {
    matches!(method.name(), "XOAUTH2" | "OAUTHBEARER" | "Bearer")
}

/// Password methods in the order of the matrix.
const ORDER: &[&str] = &[
    "PLAIN",
    "LOGIN",
    "LOGIN-COMMAND",
    "USER-PASS",
    "Basic",
    "APOP",
    "CRAM-MD5",
    "DIGEST-MD5",
    "SCRAM-SHA-1",
    "SCRAM-SHA-1-PLUS",
    "SCRAM-SHA-256",
    "SCRAM-SHA-256-PLUS",
    "SCRAM-SHA-512",
    "SCRAM-SHA-512-PLUS",
];

/// Methods in the order of the matrix: passwords in the clear, challenges, everything else, tokens.
pub(super) fn rank(method: &Method) -> (usize, String) {
    const LAST: &[&str] = &["XOAUTH2", "OAUTHBEARER", "Bearer"];
    let name = method.name();
    let place = |list: &[&str]| list.iter().position(|known| *known == name);
    let rank = place(ORDER).or_else(|| place(LAST).map(|at| at + 1000)).unwrap_or(500);
    (rank, name.to_owned())
}

/// Whether a name is that of a password method which many servers have.
pub(super) fn is_common(method: &str) -> bool {
    ORDER.contains(&method)
}

/// Whether a refusal is about the way to log in and not about who logs in, so that another password or
/// token would not help.
pub(super) const fn is_policy(cause: Cause) -> bool {
    matches!(
        cause,
        Cause::BasicDisabled
            | Cause::SmtpAuthDisabledTenant
            | Cause::SmtpAuthDisabledMailbox
            | Cause::ProtocolDisabled
            | Cause::SecurityDefaults
            | Cause::ConditionalAccess
            | Cause::LocationBlocked
            | Cause::AppBlocked
            | Cause::ServiceRetired
            | Cause::MechanismUnsupported
            | Cause::TlsRequired
    )
}

/// Why nothing was presented, as the end of a sentence.
pub(super) const fn skip(skip: Skip) -> &'static str {
    match skip {
        Skip::Budget => {
            "The account's attempt budget is spent. Correct the password first; --attempt-budget allows more tries."
        }
        Skip::NoPassword => "No password was given (--password-prompt, --password-env, ...).",
        Skip::NoToken => "No token was given (--token-env, --token-file, --token-command).",
        Skip::PlaintextForbidden => {
            "The connection is not encrypted; --allow-plaintext would present secrets there."
        }
        Skip::UntrustedForbidden => "The certificate is not trusted; --ca-file names your own authority.",
        Skip::NotAsked => "Nothing was to be presented.",
        Skip::NotAdvertised => "The server does not offer this.",
        Skip::NoChannelBinding => "Channel binding is not possible on this connection.",
        Skip::Unimplemented => "mailprobe does not implement this.",
        Skip::Unrepresentable => "The name or secret holds a character that the command cannot carry.",
        Skip::NoRandomness => "This machine's random number generator failed, so nothing secret was sent.",
        Skip::Cancelled => "The run was cancelled first.",
        _ => "Nothing was presented.",
    }
}

/// What went wrong, as a sentence, and what to do about it.
pub(super) const fn trouble(trouble: Trouble) -> (&'static str, &'static str) {
    match trouble {
        Trouble::NoSuchHost => ("The host name does not exist.", "Check the spelling of the endpoint."),
        Trouble::NoAddress => ("The host has no address of the wanted family.", "Leave out -4 or -6."),
        Trouble::ResolverFailed => {
            ("The resolver failed.", "Check DNS from here, or use --dns-server or --resolve.")
        }
        Trouble::ConnectionRefused => {
            ("Nobody listens there.", "Check the port, and whether the service runs.")
        }
        Trouble::Unreachable => ("There is no way to the address.", "Check routing and firewalls from here."),
        Trouble::Timeout => ("No answer came in time.", "Check firewalls from here; --timeout waits longer."),
        Trouble::Deadline => ("The visit took too long.", "Try again, or raise --visit-timeout."),
        Trouble::ConnectionClosed => {
            ("The server closed the connection without an answer.", "Try again; see -v.")
        }
        Trouble::ConnectionReset => ("The connection was reset.", "Check firewalls and proxies in between."),
        Trouble::ProxyAuthRequired => (
            "The proxy asks who comes. The server was not reached.",
            "Name the user in --proxy (http://USER@HOST:PORT) and the password with --proxy-password-env.",
        ),
        Trouble::ProxyRefused => (
            "The proxy does not connect to the server.",
            "Ask who runs the proxy to allow this host and port.",
        ),
        Trouble::ProxyFailed => (
            "The proxy cannot be reached or does not speak its protocol.",
            "Check --proxy: scheme, host and port.",
        ),
        Trouble::TlsHandshake => {
            ("The TLS handshake failed.", "Check the certificate and the TLS settings there.")
        }
        Trouble::TlsVersion => {
            ("The server has no TLS version in common (1.2 or 1.3).", "Update its TLS settings.")
        }
        Trouble::NotTls => ("The server does not speak TLS here.", "Check the port; imap:// means STARTTLS."),
        Trouble::CertificateUntrusted => (
            "The certificate is not trusted.",
            "Name your authority with --ca-file; --insecure goes on without trust.",
        ),
        Trouble::StartTlsNotOffered => {
            ("The server does not offer STARTTLS.", "Use the implicit TLS port, or switch it on.")
        }
        Trouble::OfferMasked => (
            "A device on the path masks what the server offers.",
            "Switch off its SMTP inspection, or use the implicit TLS port.",
        ),
        Trouble::StartTlsRefused => {
            ("The server refused STARTTLS.", "Use the implicit TLS port, or see its log.")
        }
        Trouble::StartTlsInjection => (
            "Plaintext arrived behind the STARTTLS answer: a sign of injection.",
            "Do not log in on this connection.",
        ),
        Trouble::WrongProtocol => ("Another protocol answered.", "Check scheme and port of the endpoint."),
        Trouble::Redirected => (
            "The answer points to another place.",
            "If you trust that place, check it as an endpoint of its own.",
        ),
        Trouble::ProtocolViolation => ("The answer breaks the protocol.", "See the transcript with -v."),
        Trouble::LineTooLong
        | Trouble::ReplyTooLarge
        | Trouble::TooManyLines
        | Trouble::TooManyRounds
        | Trouble::NestedTooDeeply
        | Trouble::TooManyInterimAnswers => {
            ("The server sent more than any login needs.", "See the transcript with -v.")
        }
        Trouble::ServerClosing => ("The server said goodbye in place of an answer.", "Try again later."),
        Trouble::Temporary => ("The server has a passing fault.", "Try again later."),
        Trouble::Throttled => {
            ("The server limits how often it is asked.", "Wait, then try again with fewer connections.")
        }
        Trouble::MailboxInUse => {
            ("Another connection holds the mailbox.", "Try again after the other client has disconnected.")
        }
        Trouble::RequestRefused => (
            "The server did not accept the request, and did not check the credentials.",
            "Compare the endpoint's path and the request with the service's documentation (-v).",
        ),
        Trouble::Preauthenticated => {
            ("The server let us in without a login.", "Check from where it trusts connections.")
        }
        Trouble::MechanismFailed => {
            ("What the server sent cannot be used by the mechanism.", "See the transcript with -v.")
        }
        Trouble::ServerNotAuthentic => {
            ("The server could not prove that it knows the password.", "Check that this is the right server.")
        }
        Trouble::NotAsked => ("That was not asked for.", "Leave out --stop-after."),
        Trouble::Cancelled => ("The run was cancelled.", "Run it again."),
        Trouble::Bug => ("mailprobe went wrong.", "Please report it with the transcript (-v)."),
        _ => ("Nothing reliable was heard.", "See the transcript with -v."),
    }
}

/// What kept a login that was taken from being tried on the mailbox, as a sentence.
pub(super) const fn trouble_in_session(cause: Trouble) -> &'static str {
    match cause {
        // The credentials were checked before.
        Trouble::RequestRefused => "The server did not accept the request for the mailbox.",
        cause => trouble(cause).0,
    }
}

/// A number with its noun.
pub(super) fn count(lang: Lang, number: usize, noun: &str) -> String {
    match (lang, number) {
        (Lang::En, 1) => format!("1 {noun}"),
        // One and many are the same in Japanese.
        _ => lang.fill(&format!("{{}} {noun}s"), &[&number.to_string()]),
    }
}

/// Milliseconds as people say them.
pub(super) fn duration(ms: u64) -> String {
    match ms {
        0..1_000 => format!("{ms} ms"),
        1_000..60_000 => format!("{}.{} s", ms / 1_000, ms % 1_000 / 100),
        _ => format!("{} min {} s", ms / 60_000, ms % 60_000 / 1_000),
    }
}

/// An RFC 3339 time in UTC without its punctuation; what is none is shown as it is.
pub(super) fn moment(rfc3339: &str) -> String {
    moment::parse(rfc3339)
        .map_or_else(|| super::layout::cut(&super::layout::clean(rfc3339), 24), moment::shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_lists_read_as_a_person_writes_them() {
        let items = |n: usize| ["A", "B", "C"].iter().take(n).map(|&s| s.to_owned()).collect::<Vec<_>>();
        assert_eq!(
            (Lang::En.list(&items(1)), Lang::En.list(&items(2)), Lang::En.list(&items(3))),
            ("A".into(), "A and B".into(), "A, B and C".into())
        );
        assert_eq!(
            (duration(812), duration(3_940), duration(125_000)),
            ("812 ms".into(), "3.9 s".into(), "2 min 5 s".into())
        );
        assert_eq!(moment("2026-11-21T20:40:12.5+01:00"), "2026-11-21 19:40:12 UTC");
        assert_eq!(moment("\u{1b}[2J"), "\\x1B[2J");
    }

    #[test]
    fn what_is_not_in_a_masked_list_is_no_hole() {
        use mailprobe_probes::model::{Advertisement, LineRange, Reply, Stage};
        let lines = LineRange::new(1, 1);
        let reply = Reply { status: "235".into(), code: None, enhanced: None, text: String::new() };
        let attempt = Attempt {
            method: Method::sasl("PLAIN"),
            advertised: false,
            initial_response: None,
            outcome: Outcome::Accepted {
                reply,
                evidence: lines,
                session: Session::Opened { evidence: lines },
            },
            elapsed_ms: 0,
            connection: 1,
            quirks: Vec::new(),
        };
        let mut endpoint = EndpointReport::new(&"smtps://mail.example.com".parse().unwrap());
        let list = |word: &str| Advertisement {
            stage: Stage::AfterTls,
            offers: Vec::new(),
            capabilities: vec![word.to_owned()],
            evidence: lines,
        };
        endpoint.advertised = vec![list("8BITMIME")];
        assert!(is_hole(&endpoint, &attempt));
        endpoint.advertised = vec![list("XXXXXXXA")];
        assert!(!is_hole(&endpoint, &attempt));
    }
}
