//! Outlook, Outlook Express and Windows Live Mail: the codes in the dialogs of sending and receiving.

use super::ClientSaying as S;
use super::faults as f;

const LIST: &str = "http://tthosting.dk/MSOutlookErrorCodes.htm";
const POP: &str = "http://pc-error-free.com/blog/?p=20";
const OUTGOING: &str = "https://bobcares.com/blog/outlook-cannot-connect-to-smtp-server-error/";
const INCOMING: &str = "https://irohastack.com/?p=4177";

pub(super) const SAYINGS: &[S] = &[
    S::coded(
        "client-outlook-certificate",
        "Outlook",
        f::CERTIFICATE,
        &["0x800ccc01", "0x800ccc02"],
        LIST,
        "Error 0x800CCC02: Invalid certificate date.",
    ),
    S::coded(
        "client-outlook-name",
        "Outlook",
        f::NAME,
        &["0x800ccc0d"],
        LIST,
        "Cannot find the host 'mail.example.com'. Error Number: 0x800CCC0D",
    ),
    S::coded(
        "client-outlook-connect",
        "Outlook",
        f::CONNECT,
        &["0x800ccc0e", "0x800ccc05", "0x800ccc14", "0x800ccc15", "0x800ccc40", "0x800ccc44"],
        LIST,
        "Task 'mail.example.com - Sending' reported error (0x800CCC0E): 'Cannot connect to the server.'",
    ),
    S::coded(
        "client-outlook-connect-incoming",
        "Outlook",
        f::CONNECT,
        &["0x80042108"],
        INCOMING,
        "Task 'user@example.com - Receiving' reported error (0x80042108): 'Outlook is unable to connect to your incoming (POP3) e-mail server.'",
    ),
    S::coded(
        "client-outlook-connect-outgoing",
        "Outlook",
        f::CONNECT,
        &["0x80042109"],
        OUTGOING,
        "reported error (0x80042109): 'Outlook cannot connect to your outgoing (SMTP) e-mail server.'",
    ),
    S::coded(
        "client-outlook-timeout",
        "Outlook",
        f::TIMEOUT,
        &["0x800ccc19", "0x8004210a", "0x8004210b"],
        LIST,
        "(0x800CCC19): 'The operation timed out waiting for a response from the receiving (POP) server.'",
    ),
    S::coded(
        "client-outlook-dropped",
        "Outlook",
        f::DROPPED,
        &["0x800ccc0f", "0x800ccc12", "0x800ccc13", "0x800ccc06", "0x800ccc09", "0x800ccc0a"],
        LIST,
        "Your server has unexpectedly terminated the connection. Possible causes for this include server problems, network problems, or a long period of inactivity. Error Number: 0x800CCC0F",
    ),
    S::coded(
        "client-outlook-tls",
        "Outlook",
        f::HANDSHAKE,
        &["0x800ccc1a"],
        LIST,
        "Your server does not support the connection encryption type you have specified. (0x800CCC1A)",
    ),
    S::coded(
        "client-outlook-login",
        "Outlook",
        f::LOGIN,
        &["0x800ccc18", "0x800ccc16", "0x800ccc00"],
        LIST,
        "Unable to logon to the server using Secure Password Authentication. Error Number: 0x800CCC18",
    ),
    S::coded(
        "client-outlook-login-pop",
        "Outlook",
        f::LOGIN,
        &["0x800ccc91", "0x800ccc92"],
        POP,
        "There was a problem logging onto your mail server. Your Password was rejected. Error Number: 0x800CCC92",
    ),
    S::coded(
        "client-outlook-pop-refused",
        "Outlook",
        f::POP_REFUSED,
        &["0x800ccc90", "0x800ccc93"],
        POP,
        "Task 'x - Receiving' reported error (0x800CCC90): 'Your incoming (POP3) e-mail server has reported an internal error.'",
    ),
    S::coded(
        "client-outlook-login-imap",
        "Outlook",
        f::LOGIN,
        &["0x800cccd1"],
        LIST,
        "Error Number: 0x800CCCD1 Login failed",
    ),
    S::coded(
        "client-outlook-busy",
        "Outlook",
        f::BUSY,
        &["0x800ccc0b", "0x800ccc03"],
        LIST,
        "Error 0x800CCC0B: Server or maildrop is busy.",
    ),
    S::coded(
        "client-outlook-sender",
        "Outlook",
        f::SENDER_REFUSED,
        &["0x800ccc78"],
        LIST,
        "Task 'mail.example.com - Sending' reported error (0x800CCC78): 'Cannot send the message. Verify the e-mail address in your account properties.'",
    ),
    S::coded(
        "client-outlook-recipient",
        "Outlook",
        f::RECIPIENT_REFUSED,
        &["0x800ccc79"],
        LIST,
        "The message could not be sent because one of the recipients was rejected by the server. Error Number: 0x800CCC79",
    ),
    S::coded(
        "client-outlook-message",
        "Outlook",
        f::MESSAGE,
        &["0x800ccc69", "0x800ccc6d", "0x800ccc6e", "0x800ccc6f", "0x800ccc10"],
        LIST,
        "Error Number: 0x800CCC6F, SMTP_REJECTED",
    ),
    S::coded(
        "client-outlook-protocol",
        "Outlook",
        f::GARBLED,
        &["0x800ccc60", "0x800ccc61", "0x800ccc62", "0x800ccc63", "0x800ccc64", "0x800ccc65", "0x800ccc66"],
        LIST,
        "The server responded with an invalid response. Error Number: 0x800CCC60",
    ),
];
