//! Answers of Microsoft's and Google's services whose remedy is their own. Each would else be told what holds for
//! every server, which here leads astray.

use super::advice as a;
use super::rule::{Advice, RULE, Rule};
use super::step::{After, Over};
use crate::model::Cause as C;

const HVE: &str =
    "https://learn.microsoft.com/en-us/exchange/mail-flow-best-practices/high-volume-mails-m365";
const DIRECT_SEND: &str = "https://techcommunity.microsoft.com/blog/exchange/introducing-more-control-over-direct-send-in-exchange-online/4408790";
const LIMITS: &str = "https://learn.microsoft.com/en-us/office365/servicedescriptions/exchange-online-service-description/exchange-online-limits";
const APP_PASSWORDS: &str = "https://support.google.com/accounts/answer/185833";
const DELEGATION: &str =
    "https://developers.google.com/identity/protocols/oauth2/service-account#error-codes";
const IMPERSONATION: &str = "https://learn.microsoft.com/en-us/exchange/client-developer/exchange-web-services/how-to-authenticate-an-ews-application-by-using-oauth";
const DEVICES: &str = "https://learn.microsoft.com/en-us/powershell/module/exchange/set-casmailbox";

/// For a delegated token that carries the header of an app.
const HEADER_TOO_MANY: Advice = Advice {
    means: "The token is a user's own (delegated), and the request carries an ExchangeImpersonation header, which only an app's token may.",
    remedy: "Leave the ExchangeImpersonation header out and open the user's own mailbox, or get an app-only token.",
    next: "Decode the token: scp means a user's token, roles an app's.",
};
/// For an app's token without it.
pub(super) const HEADER_MISSING: Advice = Advice {
    means: "The token was taken: an app's token has no mailbox of its own, and the request does not say whom to act for.",
    remedy: "Send the ExchangeImpersonation header with the mailbox's primary address.",
    next: "",
};
const TOO_LARGE: Advice = Advice {
    means: "The message is larger than the limit after its conversion: attachments grow by about a third on the way. The refusal is permanent, and the login is not in question.",
    remedy: "Send less at a time: lower the scan's resolution, split the job, or send a link. Then compare the message size limits of the mailbox and the organisation.",
    next: "Send one page: if it goes through, the size is the cause.",
};

/// Sentences, in order of precedence.
pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "smtp-organization-configuration",
        over: Over::SMTP,
        says: &[
            &["organization configuration doesn't allow this authentication request"],
            &["organization configuration does not allow this authentication request"],
            &["organisation configuration doesn't allow this authentication request"],
        ],
        causes: &[C::SecurityDefaults, C::BasicDisabled, C::ConditionalAccess],
        advice: Advice {
            means: "The organisation's own settings refuse a password here: security defaults, or an authentication policy without Basic for this account. This is the answer of High Volume Email (smtp-hve.office365.com). The password was not checked.",
            remedy: "Give the account an authentication policy that allows Basic for SMTP (New-AuthenticationPolicy -AllowBasicAuthSmtp, Set-User -AuthenticationPolicy), and replace security defaults by Conditional Access that leaves this account out. Or use OAuth.",
            next: "Entra admin center, properties of the tenant: it says whether security defaults are on. Get-OrganizationConfig shows DefaultAuthenticationPolicy.",
        },
        source: HVE,
        example: "535 5.7.139 Authentication unsuccessful, the organization configuration doesn't allow this authentication request.",
        ..RULE
    },
    Rule {
        id: "smtp-direct-send",
        over: Over::SMTP,
        says: &[&["direct send not allowed"], &["tenantinboundattribution"]],
        causes: &[C::MessageRejected, C::NotAuthenticated],
        advice: Advice {
            means: "The organisation rejects Direct Send (RejectDirectSend): mail from one of its own domains that arrives at its MX without a login and without a connector that matches.",
            remedy: "Set up an inbound connector that matches the device's address or certificate, or have the device log in (SMTP AUTH with OAuth, High Volume Email). An administrator can allow it again with Set-OrganizationConfig -RejectDirectSend $false.",
            next: "Get-OrganizationConfig shows RejectDirectSend; the message trace shows whether a connector was matched.",
        },
        source: DIRECT_SEND,
        example: "550 5.7.68 TenantInboundAttribution; Direct Send not allowed for this organization from unauthorized sources",
        ..RULE
    },
    Rule {
        id: "smtp-too-large-after-conversion",
        over: Over::SMTP,
        says: &[
            &["5.2.270"],
            &["message", "too large", "after conversion"],
            &["message size", "after conversion"],
        ],
        causes: &[C::MessageRejected],
        advice: TOO_LARGE,
        source: LIMITS,
        example: "554 Submission failed with 5.2.270",
        ..RULE
    },
    Rule {
        id: "gmail-password-refused",
        over: Over::LINES,
        after: After::PASSWORD,
        servers: &["google"],
        says: &[
            &["username and password not accepted"],
            &["invalid credentials (failure)"],
            &["p=badcredentials"],
        ],
        causes: &[C::BadCredentials, C::AppPasswordRequired],
        advice: Advice {
            means: "Gmail refused this user name and password. It takes no account password from mail programs any more, and answers as if it were wrong.",
            remedy: "Create an app password (2-Step Verification has to be on) and use it in place of the account's password, or use OAuth. If it was an app password, check the whole address, and create a new one: changing the account's password revokes them.",
            next: "Sign in with the same name and password in a browser: if that works, the app password is what is missing.",
        },
        source: APP_PASSWORDS,
        example: "535 5.7.8 Username and Password not accepted. For more information, go to https://support.google.com/mail/?p=BadCredentials x1-2.3 - gsmtp",
        ..RULE
    },
    Rule {
        id: "google-delegation-in-words",
        after: After::ANY.difference(After::PASSWORD),
        says: &[
            &["client is unauthorized to retrieve access tokens using this method"],
            &["client not authorized for any of the scopes requested"],
        ],
        causes: &[C::ConsentRequired, C::TokenMissingScope, C::AppBlocked],
        advice: Advice {
            means: "The service account or client has no domain-wide delegation for these scopes.",
            remedy: "Have the Workspace administrator delegate the scope https://mail.google.com/ to the service account's client id.",
            next: "",
        },
        source: DELEGATION,
        example: "Error 401: Client is unauthorized to retrieve access tokens using this method.",
        ..RULE
    },
    Rule {
        id: "ews-impersonation-not-allowed-in-words",
        says: &[&["exchangeimpersonation soap header must not exist"]],
        causes: &[C::BadRequest],
        advice: HEADER_TOO_MANY,
        source: IMPERSONATION,
        example: "ExchangeImpersonation SOAP header must not exist for this type of OAuth token.",
        ..RULE
    },
    Rule {
        id: "ews-impersonation-missing-in-words",
        says: &[&["exchangeimpersonation soap header must be present"]],
        causes: &[C::BadRequest, C::Accepted],
        advice: HEADER_MISSING,
        source: IMPERSONATION,
        example: "ExchangeImpersonation SOAP header must be present for this type of OAuth token.",
        ..RULE
    },
    Rule {
        id: "eas-quarantine-in-words",
        says: &[
            &["exchange activesync", "device has been quarantined"],
            &["device access state", "quarantined"],
            &["device", "temporarily blocked from accessing content", "quarantin"],
            &["device is quarantined"],
            &["temporarily blocked from synchronizing"],
            &["until your administrator grants it access"],
        ],
        causes: &[C::DeviceQuarantined],
        advice: QUARANTINE,
        source: DEVICES,
        example: "Your device is temporarily blocked from accessing content via Exchange ActiveSync because the device has been quarantined.",
        ..RULE
    },
    Rule {
        id: "eas-block-in-words",
        says: &[
            &["device access state", "blocked"],
            &["device", "denied access to the server via exchange activesync"],
            &["device", "blocked", "exchange activesync"],
        ],
        causes: &[C::DeviceBlocked],
        advice: Advice {
            means: "Exchange sent this message in place of the mailbox: the login works, and the device waits for an administrator or is blocked by a rule.",
            remedy: "Have an administrator allow the device (Exchange admin center, Mobile device access; or Set-CASMailbox -ActiveSyncAllowedDeviceIDs).",
            next: "The device's access state and its reason (Get-MobileDevice) tell a block from a quarantine.",
        },
        source: "https://learn.microsoft.com/en-us/exchange/clients/exchange-activesync/exchange-activesync",
        example: "Device access state: Blocked",
        ..RULE
    },
    Rule {
        id: "eas-no-sync-request",
        says: &[
            &["not a mobilesync responseschema"],
            &["incorrect request"],
            &["without the required get parameters"],
        ],
        causes: &[C::BadRequest, C::NotAuthenticated],
        advice: a::BAD_REQUEST,
        source: "https://github.com/Z-Hub/Z-Push",
        example: "Invalid input XML: not a mobilesync responseschema.",
        ..RULE
    },
    Rule {
        id: "dovecot-log-of-a-refusal",
        over: Over::LINES,
        says: &[&["(auth failed,", "attempts"]],
        causes: &[C::BadCredentials, C::AppPasswordRequired],
        advice: a::BAD_CREDENTIALS,
        source: "https://doc.dovecot.org/main/core/admin/logging.html",
        example: "imap-login: Disconnected: Connection closed (auth failed, 1 attempts in 2 secs): user=<user@example.com>, method=PLAIN",
        ..RULE
    },
];

/// For a device that waits, in a sync as in the message about it.
pub(super) const QUARANTINE: Advice = Advice {
    means: "The device is quarantined: it syncs, and gets one message that says so in place of the mailbox.",
    remedy: "Have an administrator allow the device: in the list of quarantined devices of the Exchange admin center, or by adding its DeviceId to ActiveSyncAllowedDeviceIDs of the mailbox (Set-CASMailbox). Nothing has to be done on the device.",
    next: "Get-MobileDevice -Mailbox USER shows DeviceAccessState, its reason, and the DeviceId.",
};

/// A code of its own beside a sentence that nobody knows.
pub(super) const CODES: &[Rule] = &[Rule {
    id: "smtp-too-large-after-conversion-code",
    over: Over::SMTP,
    codes: &["enhanced:5.2.270"],
    causes: &[C::MessageRejected],
    advice: TOO_LARGE,
    source: LIMITS,
    example: "554 5.2.270 xyzzy",
    ..RULE
}];

/// What a service's code means together with its sentence, before the code alone.
pub(super) const EWS: &[Rule] = &[
    Rule {
        id: "outlook-sending-guard",
        with: &["ews:errorinternalservererror", "ews:errormessagesubmissionblocked"],
        says: &[&["wascl"], &["refusequota"]],
        causes: &[C::Throttled, C::MessageRejected, C::AccountLocked],
        advice: Advice {
            means: "The guard of Outlook.com against abuse does not let the account send now: its quota is used up, or it is suspected.",
            remedy: "Sign in at outlook.com and follow what is asked there; send less, and wait a day.",
            next: "Send one message in the browser with the same account.",
        },
        source: "https://support.microsoft.com/en-us/office/sending-limits-in-outlook-com-279ee200-594c-40f0-9ec8-bb6af7735c2e",
        example: "<Envelope><Body><ResponseMessage ResponseClass=\"Error\"><MessageText>An internal server error occurred. The operation failed., WASCL UserAction verdict is not None. Actual verdict is RefuseQuota.</MessageText><ResponseCode>ErrorInternalServerError</ResponseCode></ResponseMessage></Body></Envelope>",
        ..RULE
    },
    Rule {
        id: "ews-impersonation-not-allowed",
        with: &["ews:errorinvalidexchangeimpersonationheaderdata"],
        says: &[&["must not exist"]],
        causes: &[C::BadRequest],
        advice: HEADER_TOO_MANY,
        source: IMPERSONATION,
        example: "<Envelope><Body><Fault><faultcode>a:ErrorInvalidExchangeImpersonationHeaderData</faultcode><faultstring>ExchangeImpersonation SOAP header must not exist for this type of OAuth token.</faultstring></Fault></Body></Envelope>",
        ..RULE
    },
];
