//! SMTP's sentences: Exchange's, and those on sending. What all protocols share stands in `words`.

use super::advice as a;
use super::rule::{Advice, RULE, Rule};
use super::step::{After, Over};
use crate::model::Cause as C;

// Read 2026-11-30.
const DEPRECATION: &str = "https://techcommunity.microsoft.com/blog/exchange/updated-exchange-online-smtp-auth-basic-authentication-deprecation-timeline/4489835";
const SUBMISSION: &str = "https://learn.microsoft.com/en-us/exchange/clients-and-mobile-in-exchange-online/authenticated-client-smtp-submission";
const NDR: &str = "https://learn.microsoft.com/en-us/exchange/mail-flow-best-practices/non-delivery-reports-in-exchange-online/non-delivery-reports-in-exchange-online";
const TOKENS: &str = "https://learn.microsoft.com/en-us/exchange/client-developer/legacy-protocols/how-to-authenticate-an-imap-pop-smtp-application-by-using-oauth";

/// What to do, and the other ways to send, each with when it fits. Read 2026-11-30; for High Volume Email see
/// <https://learn.microsoft.com/en-us/exchange/mail-flow-best-practices/oauth-high-volume-mails-m365>.
macro_rules! or_another_way {
    ($first:literal) => {
        concat!(
            $first,
            " Other ways to send: Microsoft Graph sendMail, where the application can be changed; High Volume Email \
             (smtp-hve.office365.com), for recipients in the organisation only, with a password until September 2028; Azure \
             Communication Services (smtp.azurecomm.net), for recipients outside or many messages; SMTP relay through a \
             connector, for devices behind a fixed public IP address or with a certificate."
        )
    };
}

/// In order of precedence.
pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "smtp-auth-disabled-tenant",
        over: Over::SMTP,
        says: &[
            &["smtpclientauthentication is disabled for the tenant"],
            &["smtp", "auth", "disabled for the", "organization"],
        ],
        causes: &[C::SmtpAuthDisabledTenant],
        advice: Advice {
            means: "SMTP AUTH is switched off for the whole organisation. It says so whatever is presented, tokens included.",
            remedy: or_another_way!(
                "Switch it on for the mailbox that needs it (Set-CASMailbox -SmtpClientAuthenticationDisabled $false) or for the organisation (Set-TransportConfig)."
            ),
            next: "",
        },
        source: SUBMISSION,
        example: "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant. Visit https://aka.ms/smtp_auth_disabled for more information.",
        ..RULE
    },
    Rule {
        id: "smtp-auth-disabled-mailbox",
        over: Over::SMTP,
        says: &[
            &["smtpclientauthentication is disabled for the mailbox"],
            &["smtp", "auth", "disabled for the mailbox"],
        ],
        causes: &[C::SmtpAuthDisabledMailbox],
        advice: Advice {
            means: "SMTP AUTH is switched off for this mailbox. It says so whatever is presented, tokens included.",
            remedy: "Set-CASMailbox -SmtpClientAuthenticationDisabled $false for the mailbox, if it is meant to send. A personal Outlook.com mailbox has no such switch: send with Microsoft Graph sendMail.",
            next: "",
        },
        source: SUBMISSION,
        example: "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Mailbox. Visit https://aka.ms/smtp_auth_disabled for more information.",
        ..RULE
    },
    Rule {
        id: "smtp-basic-unsupported",
        over: Over::SMTP,
        says: &[&["basic authentication is not supported"], &["basic auth", "not supported"]],
        causes: &[C::BasicDisabled, C::ServiceRetired],
        advice: Advice {
            means: "Passwords are no longer taken for sending by this service. The server did not look at the password.",
            remedy: or_another_way!("Use OAuth (XOAUTH2)."),
            next: "",
        },
        source: DEPRECATION,
        example: "550 5.7.30 Basic authentication is not supported for Client Submission.",
        ..RULE
    },
    Rule {
        id: "smtp-basic-disabled",
        over: Over::SMTP,
        says: &[&["basic authentication is disabled"], &["basic auth", "disabled"]],
        causes: &[C::BasicDisabled, C::SecurityDefaults, C::ConditionalAccess],
        advice: Advice {
            means: "Password (Basic) authentication is switched off for sending: by the service, by policy, by security defaults or by a sign-in rule. The server did not look at the password.",
            remedy: or_another_way!(
                "Use OAuth (XOAUTH2). Exchange Online switches Basic for SMTP AUTH off by default at the end of December 2026; an administrator can switch it on again after that, until a final date that is to be announced in the second half of 2027. New tenants have it off."
            ),
            next: "The sign-in log of the account tells a policy, which leaves no entry, from a sign-in rule, which does.",
        },
        source: DEPRECATION,
        example: "535 5.7.139 Authentication unsuccessful, basic authentication is disabled.",
        ..RULE
    },
    Rule {
        id: "smtp-criteria-not-met",
        over: Over::SMTP,
        says: &[&["did not meet the criteria"]],
        causes: &[C::ConditionalAccess, C::SecurityDefaults, C::BasicDisabled],
        advice: Advice {
            means: "A sign-in rule of the organisation refuses: Conditional Access, an authentication policy that forbids Basic, or security defaults.",
            remedy: "Look at the sign-in log of the account: it names a sign-in rule, and has no entry where an authentication policy forbids Basic. Admit this sign-in, or use OAuth.",
            next: "The sign-in log has an entry where a rule refused, and none where a switch did.",
        },
        source: SUBMISSION,
        example: "535 5.7.139 Authentication unsuccessful, the request did not meet the criteria to be authenticated successfully. Contact your administrator.",
        ..RULE
    },
    Rule {
        id: "smtp-password-refused",
        over: Over::SMTP,
        says: &[&["the user credentials were incorrect"]],
        causes: &[C::BadCredentials, C::MfaRequired],
        advice: Advice {
            means: "Passwords are still taken here, and this user name or password is wrong. The attempt counts towards a lock.",
            remedy: "Check the login name and the password before the next attempt.",
            next: "The sign-in log of the account tells a wrong password from a demanded second factor.",
        },
        source: SUBMISSION,
        example: "535 5.7.139 Authentication unsuccessful, the user credentials were incorrect.",
        ..RULE
    },
    Rule {
        id: "smtp-attribution",
        over: Over::SMTP,
        says: &[&["tenantattribution"]],
        causes: &[C::NotAuthenticated, C::LocationBlocked, C::MessageRejected],
        advice: Advice {
            means: "The service cannot tell for which organisation it should relay: no login, and no connector that matches this address or certificate.",
            remedy: "Log in, or set up a connector that matches the sending address.",
            next: "Repeat with a login on port 587.",
        },
        source: NDR,
        example: "550 5.7.64 TenantAttribution; Relay Access Denied",
        ..RULE
    },
    Rule {
        id: "smtp-recipient-rules",
        over: Over::SMTP,
        says: &[
            &["resolver."],
            &["sendernotinallowedlist"],
            &["not allowed to send to"],
            &["not authorized to send to"],
            &["not accepting", "from"],
            &["restricted recipient"],
        ],
        causes: &[C::MessageRejected],
        advice: Advice {
            means: "The login is not in question: the recipient does not exist, or takes no mail from this sender.",
            remedy: "Check the recipient and its rules on who may write to it.",
            next: "",
        },
        source: NDR,
        example: "550 5.7.124 RESOLVER.RST.SenderNotInAllowedList; not allowed to send to this group",
        ..RULE
    },
    Rule {
        id: "smtp-not-authenticated",
        over: Over::SMTP,
        says: &[
            &["client not authenticated"],
            &["client was not authenticated"],
            &["not authenticated"],
            &["authentication required"],
            &["authentication is required"],
            &["authenticate first"],
            &["unauthenticated"],
            &["proper authentication required"],
            &["must authenticate"],
            &["requires authentication"],
            &["need to authenticate"],
            &["please log in first"],
            &["must log in"],
            &["must be authenticated"],
            &["login first"],
            &["auth first"],
            &["not logged in"],
            &["smtp auth", "required"],
            &["requires auth"],
        ],
        unless: &["dmarc", "dkim", "spf ", "resolver."],
        causes: &[C::NotAuthenticated],
        advice: a::NOT_AUTHENTICATED,
        source: "RFC 4954 section 6",
        example: "530 5.7.57 Client not authenticated to send mail.",
        ..RULE
    },
    Rule {
        id: "smtp-outbound-spam",
        over: Over::SMTP,
        says: &[
            &["bad outbound sender"],
            &["outbound spam"],
            &["outgoing mail", "suspended"],
            &["outgoing mail", "blocked"],
            &["outboundspam"],
            &["spam abuse detected"],
            &["banned sender"],
            &["restricted", "sending"],
            &["blocked from sending"],
            &["sending", "suspended"],
            &["compromised"],
            &["tenant has exceeded threshold"],
        ],
        unless: &["unregistered domain"],
        causes: &[C::MessageRejected, C::AccountLocked, C::AccountDisabled],
        advice: Advice {
            means: "The login is good, and the account or organisation is kept from sending, mostly after suspected spam.",
            remedy: "Secure the account, then have it taken off the list of restricted senders.",
            next: "The list of restricted entities names the account.",
        },
        source: "https://learn.microsoft.com/en-us/defender-office-365/outbound-spam-restore-restricted-users",
        example: "550 5.1.8 Access denied, bad outbound sender",
        ..RULE
    },
    Rule {
        id: "smtp-address-banned",
        over: Over::SMTP,
        says: &[&["banned sending ip"], &["not accepted from this ip"], &["credentials for relay"]],
        causes: &[C::LocationBlocked, C::MessageRejected],
        advice: a::LOCATION_BLOCKED,
        source: NDR,
        example: "550 5.7.708 Service unavailable. Access denied, traffic not accepted from this IP.",
        ..RULE
    },
    Rule {
        id: "smtp-send-as-denied",
        over: Over::SMTP,
        says: &[
            &["sender signature"],
            &["sender identity"],
            &["'from' address", "not"],
            &["from address", "not allowed"],
            &["send as this sender"],
            &["not owned by"],
            &["not allowed to send as"],
            &["sendasdenied"],
            &["send as denied"],
            &["sender address", "not allowed"],
            &["does not match a verified sender"],
            &["not a verified"],
            &["relaying disallowed as"],
            &["not one of your"],
            &["not an address of yours"],
            &["from address", "not yours"],
            &["sender address", "not yours"],
            &["address is not an alias"],
            &["does not belong to your account"],
            &["send on behalf"],
            &["sender address must match"],
            &["mail from must equal authorized user"],
            &["mail from must equal auth"],
            &["from address must be same as auth"],
            &["sender", "not authorized to send"],
            &["not authorised to send"],
            &["not authorized to send"],
            &["not authorized to perform", "send"],
            &["from address", "does not match"],
            &["sender is not allowed"],
            &["sender not allowed"],
            &["sender address is not valid"],
            &["not permitted to send"],
            &["not permitted as sender"],
            &["envelope-from", "not allowed"],
            &["from header", "not allowed"],
            &["sender", "mismatch"],
            &["sender address rejected: not logged in as"],
            &["sender address", "not belong"],
            &["not local sender"],
            &["different from", "login"],
            &["not allowed to use", "sender"],
            &["may not send", "as"],
            &["cannot send", "as "],
            &["send", "from this address"],
            &["send", "from that address"],
        ],
        causes: &[C::SendAsDenied],
        advice: a::SEND_AS,
        source: SUBMISSION,
        example: "550 5.7.60 SMTP; Client does not have permissions to send as this sender",
        ..RULE
    },
    Rule {
        id: "smtp-not-allowed-to-send",
        over: Over::SMTP,
        says: &[
            &["not allowed to send"],
            &["not enabled", "sending"],
            &["no permission"],
            &["does not have access rights"],
            &["smtp", "not enabled"],
            &["smtp", "is disabled"],
            &["smtp service", "disabled"],
        ],
        unless: &["auth"],
        causes: &[C::ProtocolDisabled, C::AccountDisabled, C::SendAsDenied],
        advice: Advice {
            means: "Sending is switched off for this account or domain.",
            remedy: "Switch SMTP on in the mailbox's settings, or have the account activated.",
            next: "The mailbox's settings for mail programs show whether SMTP is on.",
        },
        source: "https://help.mail.163.com/faq.do",
        example: "550 User has no permission",
        ..RULE
    },
    Rule {
        id: "smtp-relay-denied",
        over: Over::SMTP,
        after: After::ANY.difference(After::SESSION),
        says: &[&["relay"], &["allowed rcpthosts"]],
        unless: &["smtp-relay", "limit", "quota", "greylist", "graylist"],
        causes: &[C::NotAuthenticated, C::MessageRejected, C::SendAsDenied],
        advice: Advice {
            means: "The server does not take mail for this recipient from this client: mostly because no login went before, else because the account may not send there.",
            remedy: "Log in before the message; check the recipient and the sender's right to send outside.",
            next: "Repeat after a login: if the answer stays, a rule on sender or recipient is the matter.",
        },
        source: "RFC 5248 section 3.4; https://www.postfix.org/postconf.5.html#smtpd_relay_restrictions",
        example: "554 5.7.1 <user@example.net>: Relay access denied",
        ..RULE
    },
    Rule {
        id: "smtp-relay-denied-after-login",
        over: Over::SMTP,
        after: After::SESSION,
        says: &[&["relay"], &["allowed rcpthosts"]],
        unless: &["smtp-relay", "limit", "quota", "greylist", "graylist"],
        causes: &[C::MessageRejected, C::SendAsDenied],
        advice: Advice {
            means: "The login is good, and the server does not take a message for this recipient from this account.",
            remedy: "Check the recipient, and the account's right to send outside.",
            next: "Repeat with a recipient on the same server: if that is taken, sending outside is the matter.",
        },
        source: "RFC 5248 section 3.4; https://www.postfix.org/postconf.5.html#smtpd_relay_restrictions",
        example: "554 5.7.1 <user@example.net>: Relay access denied",
        ..RULE
    },
    Rule {
        id: "smtp-mechanism-unrecognized",
        over: Over::SMTP,
        says: &[&["unrecognized auth"], &["unrecognised auth"]],
        causes: &[C::MechanismUnsupported, C::TlsRequired],
        advice: Advice {
            means: "The server does not offer this mechanism, or not before TLS. It did not look at the credentials.",
            remedy: "Use one of the mechanisms that the server advertises inside TLS.",
            next: "Compare what is advertised before and after TLS.",
        },
        source: "RFC 4954 section 4",
        example: "504 5.7.4 Unrecognized authentication type",
        ..RULE
    },
    Rule {
        id: "smtp-auth-not-offered",
        over: Over::SMTP,
        says: &[
            &["auth", "not enabled"],
            &["when not advertised"],
            &["auth not available"],
            &["auth command", "not"],
            &["auth not supported"],
            &["auth is not available"],
            &["auth not allowed"],
            &["auth", "not permitted"],
            &["auth disabled"],
            &["does not support auth"],
        ],
        unless: &["tls", "mechanism", "ssl"],
        causes: &[C::MechanismUnsupported, C::TlsRequired],
        advice: Advice {
            means: "The server takes no login on this connection, or not at this point.",
            remedy: "Use the submission port with TLS (587 with STARTTLS, or 465).",
            next: "Compare what is advertised before and after TLS.",
        },
        source: "RFC 4954 section 4",
        example: "503 5.5.1 Error: authentication not enabled",
        ..RULE
    },
    Rule {
        id: "smtp-unusual-sending",
        over: Over::SMTP,
        says: &[
            &["unusual sending"],
            &["unusual", "activity"],
            &["suspicious sending"],
            &["suspicious", "activity"],
        ],
        causes: &[C::AccountLocked, C::Throttled],
        advice: a::ACCOUNT_LOCKED,
        source: "https://www.zoho.com/mail/help/usage-policy.html",
        example: "550 5.4.6 Unusual sending activity detected. Please try after sometime",
        ..RULE
    },
    Rule {
        id: "smtp-volume",
        over: Over::SMTP,
        says: &[
            &["submission rate"],
            &["sending rate"],
            &["sending limit"],
            &["sending quota"],
            &["message rate"],
            &["sender thread limit"],
            &["concurrent connections"],
            &["submissionquotaexceeded"],
            &["exceeded permitted limits"],
            &["recipients received"],
            &["maximum credits"],
            &["credits exceeded"],
            &["recipient limit"],
            &["recipientlimit"],
            &["too many recipients"],
            &["too many messages"],
            &["too much mail"],
            &["unusual rate"],
            &["daily", "quota"],
            &["daily", "limit"],
            &["hourly", "limit"],
            &["rate limit"],
            &["ratelimit"],
            &["maximum sending"],
            &["exceeded the maximum"],
            &["mails per"],
            &["messages per"],
            &["at a rate that"],
            &["too quickly"],
            &["too fast"],
            &["relay quota"],
            &["message quota"],
            &["messages quota"],
            &["email quota"],
            &["quota of*message"],
            &["quota of*mail"],
        ],
        unless: &["size"],
        causes: &[C::Throttled],
        advice: a::THROTTLED,
        source: "https://learn.microsoft.com/en-us/office365/servicedescriptions/exchange-online-service-description/exchange-online-limits",
        example: "432 4.3.2 Concurrent connections limit exceeded.",
        ..RULE
    },
    Rule {
        id: "smtp-unverified-domain",
        over: Over::SMTP,
        says: &[
            &["unregistered domain"],
            &["sandbox subdomain"],
            &["dmarc"],
            &["dkim"],
            &["spf "],
            &["unsolicited"],
            &["spam"],
            &["virus"],
            &["content rejected"],
            &["policy violation"],
        ],
        after: After::USE,
        unless: &["spamhaus", "blocked using", "client host"],
        causes: &[C::MessageRejected],
        advice: a::REJECTED,
        source: NDR,
        example: "550 5.7.750 Service unavailable. Client blocked from sending from unregistered domains.",
        ..RULE
    },
    Rule {
        id: "smtp-recipient-refused",
        over: Over::SMTP,
        after: After::USE,
        says: &[
            &["user unknown"],
            &["unknown user"],
            &["recipient address rejected"],
            &["no such user"],
            &["recipient not found"],
            &["recipient", "rejected"],
            &["mailbox unavailable"],
            &["recipientnotfound"],
            &["does not exist"],
            &["invalid recipient"],
        ],
        causes: &[C::MessageRejected],
        advice: a::REJECTED,
        source: "RFC 3463 section 3.2",
        example: "550 5.1.1 <nobody@example.com>: Recipient address rejected: User unknown",
        ..RULE
    },
];

/// Refusals without a reason, in the words of Exchange.
pub(super) const REFUSALS: &[Rule] = &[
    Rule {
        id: "smtp-exchange-unspecific-onprem",
        over: Over::SMTP,
        after: After::PASSWORD,
        servers: &["exchange-onprem"],
        says: &[&["authentication unsuccessful"]],
        causes: &[C::BadCredentials, C::MechanismUnsupported, C::ProtocolDisabled],
        advice: Advice {
            means: "Exchange refused the login without a reason: mostly the name or the password, else the connector's settings.",
            remedy: "Check the login name (domain\\user or user@domain) and the password, and what the receive connector admits.",
            next: "The receive connector's protocol log names the reason.",
        },
        source: "https://learn.microsoft.com/en-us/exchange/mail-flow/connectors/receive-connectors",
        example: "535 5.7.3 Authentication unsuccessful",
        ..RULE
    },
    Rule {
        id: "smtp-exchange-unspecific-personal",
        over: Over::SMTP,
        after: After::PASSWORD,
        servers: &["outlook-personal"],
        says: &[&["authentication unsuccessful"]],
        causes: &[C::BasicDisabled, C::BadCredentials],
        advice: Advice {
            means: "Personal Microsoft accounts take no password from mail clients any more, and are answered as if it were wrong.",
            remedy: "Use OAuth (XOAUTH2).",
            next: "Sign in with the same name and password in a browser.",
        },
        source: "https://support.microsoft.com/office/modern-authentication-methods-now-needed-to-continue-syncing-outlook-email-in-non-microsoft-email-apps-c5d65390-9676-4763-b41f-d7986499a90d",
        example: "535 5.7.3 Authentication unsuccessful",
        ..RULE
    },
    Rule {
        id: "smtp-exchange-unspecific",
        over: Over::SMTP,
        after: After::PASSWORD,
        servers: &["exchange"],
        says: &[&["authentication unsuccessful"]],
        causes: &[C::SmtpAuthDisabledMailbox, C::BadCredentials, C::BasicDisabled, C::MfaRequired],
        advice: Advice {
            means: "Exchange refused the login and gives no reason: SMTP AUTH switched off, a wrong password, a demanded second factor, or a sign-in rule.",
            remedy: "Check SmtpClientAuthenticationDisabled of the mailbox and the organisation, then the sign-in log of the account. Do not repeat the password before.",
            next: "The sign-in log has an entry for a wrong password or a rule, and none where SMTP AUTH is off.",
        },
        source: SUBMISSION,
        example: "535 5.7.3 Authentication unsuccessful",
        ..RULE
    },
    Rule {
        id: "smtp-exchange-token-unspecific",
        over: Over::SMTP,
        after: After::TOKEN,
        servers: &["exchange"],
        says: &[&["authentication unsuccessful"]],
        causes: &[
            C::TokenInvalid,
            C::TokenWrongUser,
            C::TokenMissingScope,
            C::TokenWrongAudience,
            C::TokenExpired,
            C::NoMailboxPermission,
        ],
        advice: Advice {
            means: "Exchange refused the token without naming a reason.",
            remedy: "Check the token's expiry, audience, scope or role (SMTP.Send, SMTP.SendAsApp), and that it belongs to this mailbox. For an application's token without a role run Test-ServicePrincipalAuthorization: Exchange has to grant Application SMTP.SendAsApp for this mailbox.",
            next: "Present the same token to EWS: its x-ms-diagnostics names the reason.",
        },
        source: TOKENS,
        example: "535 5.7.3 Authentication unsuccessful",
        ..RULE
    },
];
