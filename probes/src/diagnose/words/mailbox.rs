//! Sentences about the mailbox behind a login that was taken.

use super::super::advice as a;
use super::super::rule::{Advice, RULE, Rule};
use super::super::step::Over;
use crate::model::Cause as C;

/// In order of precedence.
pub(in super::super) const RULES: &[Rule] = &[
    Rule {
        id: "mailbox-logon-failure",
        over: Over::SMTP,
        says: &[&["mailbox logon failure"], &["mailbox log on failure"]],
        causes: &[C::NoMailboxPermission, C::Temporary, C::MailboxUnavailable],
        advice: Advice {
            means: "The SMTP login was taken, and the mailbox behind it could not be opened for it: the application has no right to it, the grant has not spread yet, or the store has a fault.",
            remedy: "Check that the service principal or user has a right to this mailbox; after a new grant wait up to an hour.",
            next: "Open the same mailbox with the same identity over IMAP or EWS.",
        },
        source: "https://learn.microsoft.com/en-us/exchange/client-developer/legacy-protocols/how-to-authenticate-an-imap-pop-smtp-application-by-using-oauth",
        example: "430 4.2.0 STOREDRV; mailbox logon failure",
        ..RULE
    },
    Rule {
        id: "mailbox-locked-by-a-session",
        over: Over::STORE,
        says: &[&["mailbox", "already locked"], &["maildrop", "already locked"], &["mailbox is busy"]],
        causes: &[C::MailboxInUse],
        advice: a::IN_USE,
        source: "RFC 1939 section 4, RFC 2449 section 8.1.1",
        example: "-ERR [IN-USE] Mailbox is already locked. POP access denied",
        ..RULE
    },
    Rule {
        id: "mailbox-not-opened",
        over: Over::STORE,
        says: &[
            &["couldn't open inbox"],
            &["can't open mailbox"],
            &["cannot open mailbox"],
            &["couldn't open mailbox"],
        ],
        unless: &["permission", "in use", "another session", "timeout while waiting for lock"],
        causes: &[C::MailboxUnavailable, C::Temporary, C::MailboxInUse],
        advice: a::MAILBOX_UNAVAILABLE,
        source: "https://doc.dovecot.org",
        example: "-ERR [IN-USE] Couldn't open INBOX: Internal error occurred. Refer to server log for more information.",
        ..RULE
    },
    Rule {
        id: "mailbox-not-accessible",
        over: Over::SMTP,
        says: &[&["mailbox cannot be accessed"], &["mailbox can not be accessed"]],
        causes: &[C::MailboxUnavailable, C::AccountDisabled, C::NoSuchMailbox],
        advice: Advice {
            means: "The name leads to a mailbox that cannot be opened: it is blocked, has no licence, was moved, or is inactive.",
            remedy: "Check in the admin centre that the user may sign in and that the mailbox is there and licensed.",
            next: "Open the mailbox in a browser with the same account.",
        },
        source: "https://learn.microsoft.com/en-us/exchange/mail-flow-best-practices/non-delivery-reports-in-exchange-online/non-delivery-reports-in-exchange-online",
        example: "550 5.2.1 Mailbox cannot be accessed",
        ..RULE
    },
    Rule {
        id: "feature-off-for-the-user",
        over: Over::LINES,
        says: &[
            &["imap feature disabled"],
            &["pop3 feature disabled"],
            &["smtp feature disabled"],
            &["feature", "disabled for this user"],
            &["feature is disabled"],
        ],
        causes: &[C::ProtocolDisabled],
        advice: a::PROTOCOL_DISABLED,
        source: "https://doc.kopano.io",
        example: "a1 NO LOGIN imap feature disabled",
        ..RULE
    },
];
