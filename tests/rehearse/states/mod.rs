//! What `mailprobe` has to say of each scenario: written down from what the scenario means, not from what was said.

mod cloud;
mod others;

pub(crate) const STATES: &[&[State]] = &[cloud::STATES, others::STATES];

/// A scenario, and what is to be said of one of its mailboxes.
pub(crate) struct State {
    pub(crate) scenario: &'static str,
    /// The day of the check.
    pub(crate) day: &'static str,
    /// Address, password, token.
    pub(crate) mailbox: (&'static str, &'static str, &'static str),
    pub(crate) doors: &'static [&'static str],
    /// Cell and what becomes of it; a later table stands before an earlier one.
    pub(crate) cells: &'static [Cells],
    /// Causes that have to be named in a cell beside the one that leads.
    pub(crate) among: Cells,
    /// Policy, day, and the rules that are not met.
    pub(crate) verdicts: &'static [(&'static str, &'static str, &'static [&'static str])],
    /// Exit status where every rule is met or open.
    pub(crate) exit: i32,
    /// What the token endpoint says to the password, where there is one: `a token`, or the error's number.
    pub(crate) grant: Option<&'static str>,
    /// Device, where it stands, and a part of the reason.
    pub(crate) devices: &'static [(&'static str, &'static str, &'static str)],
}

type Cells = &'static [(&'static str, &'static str)];

const ALICE: (&str, &str, &str) = ("alice@rehearsal.test", "correct horse", "rehearsal-token-of-alice");
const ALL: &[&str] = &["imaps", "pop3s", "smtp", "ews", "eas", "autodiscover"];
const LINES: &[&str] = &["imaps", "pop3s", "smtp"];

/// Mechanisms that Exchange does not know, offered or not.
const UNKNOWN: Cells = &[
    ("imap LOGIN", "refused: mechanism-unsupported"),
    ("pop3 LOGIN", "refused: mechanism-unsupported"),
    ("smtp PLAIN", "refused: mechanism-unsupported"),
];
const PASSWORDS: Cells = &[
    ("imap PLAIN", "usable"),
    ("imap LOGIN-COMMAND", "usable"),
    ("pop3 PLAIN", "usable"),
    ("pop3 USER-PASS", "usable"),
    ("smtp LOGIN", "usable"),
    ("ews Basic", "usable"),
    ("activesync Basic", "usable"),
    ("autodiscover Basic", "accepted"),
];
const TOKENS: Cells = &[
    ("imap XOAUTH2", "usable"),
    ("pop3 XOAUTH2", "usable"),
    ("smtp XOAUTH2", "usable"),
    ("ews Bearer", "usable"),
    ("activesync Bearer", "usable"),
    ("autodiscover Bearer", "accepted"),
];
/// Where passwords are off but for SMTP AUTH.
const BASIC_OFF: Cells = &[
    ("imap PLAIN", "refused: basic-disabled"),
    ("imap LOGIN-COMMAND", "refused: basic-disabled"),
    ("pop3 PLAIN", "refused: basic-disabled"),
    ("pop3 USER-PASS", "refused: basic-disabled"),
    ("smtp LOGIN", "usable"),
    ("ews Basic", "refused: basic-disabled"),
    ("activesync Basic", "refused: basic-disabled"),
    ("autodiscover Basic", "refused: basic-disabled"),
];
