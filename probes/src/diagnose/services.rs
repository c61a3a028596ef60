//! Answers whose cause or remedy follows the service that gives them: what holds for Exchange leads astray at a sending
//! service, and a provider's own numbers say more than its sentence.

use super::advice as a;
use super::rule::{Advice, RULE, Rule};
use super::step::{After, Over};
use crate::model::Cause as C;

/// Families that are not Exchange's, and take something else in place of the account's password.
const OTHERS: &[&str] = &[
    "google",
    "yahoo",
    "icloud",
    "gmx",
    "netease",
    "qq",
    "yandex",
    "mail.ru",
    "zoho",
    "fastmail",
    "zimbra",
    "t-online",
    "naver",
    "dovecot",
    "cyrus",
    "courier",
    "postfix",
    "exim",
    "proton",
    "amazon-ses",
    "sendgrid",
    "mailgun",
    "mailjet",
    "postmark",
    "brevo",
    "sparkpost",
    "mailchimp",
];
/// Orange and La Poste: the last three digits of OFR and LPN codes. Read 2026-12-01.
const ORANGE: &str = "https://www.postmastery.com/orange-postmaster-smtp-error-codes-ofr/";

const fn orange(
    id: &'static str,
    says: &'static [&'static [&'static str]],
    causes: &'static [C],
    advice: Advice,
    example: &'static str,
) -> Rule {
    Rule { id, over: Over::SMTP, says, causes, advice, source: ORANGE, example, ..RULE }
}

/// In order of precedence.
pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "password-off-beside-second-factor",
        over: Over::ALL.difference(Over::OAUTH),
        says: &[
            &["basic auth*2fa"],
            &["basic auth*two-factor"],
            &["basic auth*two factor"],
            &["basic auth*multi-factor"],
            &["basic auth*mfa"],
            &["2fa*basic auth"],
            &["two-factor*basic auth"],
            &["password auth*2fa"],
            &["password auth*two-factor"],
        ],
        causes: &[C::AppPasswordRequired, C::MfaRequired, C::BasicDisabled],
        advice: Advice {
            means: "The account has a second factor, so its own password is not taken from programs.",
            remedy: "Create what this provider takes in its place (an API key or an app password) and present it as the password. The provider's page on sending says which.",
            next: "",
        },
        source: "https://www.twilio.com/docs/sendgrid/for-developers/sending-email/upgrade-your-authentication-method-to-api-keys",
        example: "535 Authentication failed: Basic authentication is not allowed with 2FA enabled.",
        ..RULE
    },
    Rule {
        id: "basic-disabled-elsewhere",
        over: Over::LINES,
        servers: OTHERS,
        says: &[
            &["basic auth*disabled"],
            &["basic auth*not supported"],
            &["basic auth*not allowed"],
            &["basic auth*no longer"],
            &["basic auth*blocked"],
            &["password authentication*disabled"],
            &["password authentication*no longer"],
            &["password login*disabled"],
            &["less secure app"],
        ],
        causes: &[C::BasicDisabled, C::AppPasswordRequired],
        advice: Advice {
            means: "The account's own password is not taken from programs here. The server did not look at it.",
            remedy: "Use what this provider takes in its place: OAuth, an app password or an API key. Its page on mail programs or on sending says which.",
            next: "",
        },
        source: "https://www.twilio.com/docs/sendgrid/for-developers/sending-email/upgrade-your-authentication-method-to-api-keys",
        example: "535 Basic authentication is disabled. See https://sendgrid.com/docs/",
        ..RULE
    },
    Rule {
        id: "app-password-refused",
        over: Over::LINES,
        says: &[
            &["invalid app password"],
            &["incorrect app password"],
            &["wrong app password"],
            &["app password is incorrect"],
            &["app password*is invalid"],
            &["app password*is wrong"],
            &["invalid app-specific password"],
            &["授权码错误"],
            &["授权码不正确"],
            &["授權碼錯誤"],
            &["アプリパスワードが正しく"],
        ],
        causes: &[C::BadCredentials, C::AppPasswordRequired],
        advice: Advice {
            means: "The server takes app passwords (authorization codes), and this one is not right.",
            remedy: "Copy the app password again without spaces, or create a new one: changing the account's password often revokes them. Check the login name.",
            next: "",
        },
        source: "https://support.google.com/accounts/answer/185833",
        example: "535 5.7.8 Invalid app password",
        ..RULE
    },
    Rule {
        id: "blocked-by-the-organisation",
        says: &[
            &["it department has blocked your email access"],
            &["your email access has been blocked"],
            &["you can't get there from here"],
            &["sign-in was successful but*does not meet the criteria"],
        ],
        causes: &[C::ConditionalAccess, C::DeviceBlocked],
        advice: a::CONDITIONAL_ACCESS,
        source: "https://learn.microsoft.com/en-us/entra/identity/conditional-access/troubleshoot-conditional-access",
        example: "Your email access has been blocked. This could be due to temporary conditions like your network location.",
        ..RULE
    },
    Rule {
        id: "ses-not-verified",
        over: Over::ALL,
        says: &[
            &["email address is not verified"],
            &["addresses are not verified"],
            &["identities failed the check"],
        ],
        causes: &[C::SendAsDenied, C::MessageRejected],
        advice: Advice {
            means: "The login is good. Amazon SES sends for verified addresses and domains only, in the region that was asked; in its sandbox the recipient has to be verified, too.",
            remedy: "Verify the sender's address or domain in the region that the answer names. If the address in the answer is the recipient's, ask for the account to leave the sandbox.",
            next: "The answer lists the identities that failed: they tell the sender from the recipient.",
        },
        source: "https://docs.aws.amazon.com/ses/latest/dg/troubleshoot-error-messages.html",
        example: "554 Message rejected: Email address is not verified. The following identities failed the check in region EU-WEST-1: user@example.com",
        ..RULE
    },
    Rule {
        id: "exchange-unknown-at-the-edge",
        over: Over::SMTP,
        after: After::ANY.difference(After::LOGIN),
        says: &[&["recipient address rejected: access denied"]],
        unless: &["proxy", "relay"],
        causes: &[C::NoSuchMailbox, C::MessageRejected],
        advice: Advice {
            means: "The login is not in question: the recipient's domain is in Exchange Online, and its directory has no such recipient (directory-based edge blocking).",
            remedy: "Check the recipient's address. If the mailbox is elsewhere, its administrator sets the accepted domain to internal relay or adds the recipient to the directory.",
            next: "",
        },
        source: "https://learn.microsoft.com/en-us/exchange/mail-flow-best-practices/use-directory-based-edge-blocking",
        example: "550 5.4.1 Recipient address rejected: Access denied. AS(201806281)",
        ..RULE
    },
    orange(
        "orange-login",
        &[&["ofr_305"], &["ofr*_305"], &["lpn*_305"]],
        &[C::BadCredentials],
        a::BAD_CREDENTIALS,
        "550 5.7.0 Code d'authentification invalide OFR_305",
    ),
    orange(
        "orange-login-wanted",
        &[&["ofr*_402"], &["lpn*_402"]],
        &[C::NotAuthenticated],
        a::NOT_AUTHENTICATED,
        "550 5.5.0 Authentification requise. OFR_402",
    ),
    orange(
        "orange-sender",
        &[
            &["ofr*_403"],
            &["ofr*_405"],
            &["ofr*_415"],
            &["ofr*_421"],
            &["lpn*_403"],
            &["lpn*_405"],
            &["lpn*_421"],
        ],
        &[C::SendAsDenied, C::MessageRejected],
        a::SEND_AS,
        "550 5.1.0 Emetteur invalide. Invalid Sender. OFR_415 [415]",
    ),
    orange(
        "orange-connections",
        &[&["ofr*_104"], &["lpn*_104"], &["trop de connexions"]],
        &[C::Throttled],
        a::THROTTLED,
        "421 ME Trop de connexions, veuillez verifier votre configuration. OFR005_104 [104]",
    ),
    orange(
        "orange-address",
        &[
            &["ofr*_102"],
            &["ofr*_103"],
            &["ofr*_510"],
            &["ofr*_999"],
            &["lpn*_101"],
            &["lpn*_102"],
            &["lpn*_103"],
            &["lpn*_510"],
        ],
        &[C::LocationBlocked, C::Throttled, C::Temporary],
        Advice {
            means: "The login is not in question: Orange or La Poste takes no mail from this address for now, after too many messages or for its reputation.",
            remedy: "Send by the provider's own outgoing server with a login, or slow down and wait some hours. For an address of your own ask the provider's postmaster.",
            next: "Repeat from another network: if the mail is taken there, the address is the matter.",
        },
        "550 ME Service refuse. Veuillez essayer plus tard. OFR006_103 [103]",
    ),
    orange(
        "orange-message",
        &[
            &["ofr*_401"],
            &["ofr*_506"],
            &["ofr*_513"],
            &["ofr*_514"],
            &["ofr*_517"],
            &["lpn*_401"],
            &["lpn*_506"],
            &["lpn*_517"],
        ],
        &[C::MessageRejected],
        a::REJECTED,
        "550 Mail rejete. Mail rejected. OFR_506 [506]",
    ),
];
