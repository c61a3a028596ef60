//! The closed vocabulary of causes, and a diagnosis made of them.

use serde::{Deserialize, Serialize};

macro_rules! causes {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)*) => {
        /// Why a server answered as it did. The vocabulary is closed: a reason that fits none is
        /// [`Cause::Unexplained`].
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum Cause {
            $($(#[$doc])* #[serde(rename = $name)] $variant,)*
        }

        impl Cause {
            /// Every cause.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The name used in reports.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }
        }
    };
}

causes! {
    /// The credentials were accepted (this does not prove that the mailbox opens).
    Accepted = "accepted",
    /// Greeting, list, continuation, orderly close: no verdict on the login.
    Informational = "informational",
    /// User name or password refused, without saying which.
    BadCredentials = "bad-credentials",
    /// The user name is not known.
    NoSuchUser = "no-such-user",
    /// The password has expired or must be changed first.
    PasswordExpired = "password-expired",
    /// Locked or banned for a while: too many failures, or suspected abuse.
    AccountLocked = "account-locked",
    /// The account, or its tenant, is switched off.
    AccountDisabled = "account-disabled",
    /// A second factor, or enrolment for one, is demanded.
    MfaRequired = "mfa-required",
    /// An app password is needed in place of the account password.
    AppPasswordRequired = "app-password-required",
    /// An interactive sign-in in a browser is demanded first.
    WebLoginRequired = "web-login-required",
    /// Password (Basic) authentication is switched off by service, tenant or policy.
    BasicDisabled = "basic-disabled",
    /// SMTP AUTH is off for the whole organisation.
    SmtpAuthDisabledTenant = "smtp-auth-disabled-tenant",
    /// SMTP AUTH is off for this mailbox.
    SmtpAuthDisabledMailbox = "smtp-auth-disabled-mailbox",
    /// This protocol is off for the mailbox or tenant.
    ProtocolDisabled = "protocol-disabled",
    /// The tenant's security defaults refuse the sign-in.
    SecurityDefaults = "security-defaults",
    /// A sign-in rule refuses.
    ConditionalAccess = "conditional-access",
    /// The client's country, network or address is refused.
    LocationBlocked = "location-blocked",
    /// The client program or app is not allowed.
    AppBlocked = "app-blocked",
    /// The service or protocol has ended for everyone.
    ServiceRetired = "service-retired",
    /// The token is unreadable, altered or refused without a named reason.
    TokenInvalid = "token-invalid",
    /// The token, grant, code or session has expired or was revoked.
    TokenExpired = "token-expired",
    /// The token is for another resource.
    TokenWrongAudience = "token-wrong-audience",
    /// Token, account or authority belongs to another tenant, cloud or kind of account.
    TokenWrongTenant = "token-wrong-tenant",
    /// The token belongs to another user than the mailbox asked for.
    TokenWrongUser = "token-wrong-user",
    /// The token lacks the scope or role.
    TokenMissingScope = "token-missing-scope",
    /// User or admin consent, or assignment of the user to the app, is missing.
    ConsentRequired = "consent-required",
    /// Client secret, certificate or assertion is wrong, expired, missing or not wanted.
    AppCredentialInvalid = "app-credential-invalid",
    /// The client id is not known in the tenant.
    AppNotFound = "app-not-found",
    /// The login is good but has no right to this mailbox or folder.
    NoMailboxPermission = "no-mailbox-permission",
    /// The login is good but may not send as this From address.
    SendAsDenied = "send-as-denied",
    /// The account or address leads to no mailbox here.
    NoSuchMailbox = "no-such-mailbox",
    /// The mailbox exists but cannot be used now.
    MailboxUnavailable = "mailbox-unavailable",
    /// Another connection holds the mailbox.
    MailboxInUse = "mailbox-in-use",
    /// The login mechanism is not offered or not switched on.
    MechanismUnsupported = "mechanism-unsupported",
    /// The login is allowed only inside TLS.
    TlsRequired = "tls-required",
    /// The TLS version is refused.
    TlsVersionTooOld = "tls-version-too-old",
    /// The client's protocol version is refused.
    ProtocolVersionTooOld = "protocol-version-too-old",
    /// The client broke the protocol.
    ClientProtocolError = "client-protocol-error",
    /// A command that needs a login came before one.
    NotAuthenticated = "not-authenticated",
    /// The HTTP, XML or OAuth request is malformed or incomplete.
    BadRequest = "bad-request",
    /// ActiveSync policy or device information must be exchanged first.
    ProvisioningRequired = "provisioning-required",
    /// This device is blocked, or cannot meet the policy.
    DeviceBlocked = "device-blocked",
    /// This device waits for an admin's release.
    DeviceQuarantined = "device-quarantined",
    /// The user has too many device partnerships.
    DeviceQuota = "device-quota",
    /// A rate, connection, volume or login-interval limit was hit.
    Throttled = "throttled",
    /// A fault on the server's side, usually passing.
    Temporary = "temporary",
    /// The answer points to another host or address.
    Redirect = "redirect",
    /// Message or sender was refused by mail policy; the login is not in question.
    MessageRejected = "message-rejected",
    /// A refusal for which no reason is known.
    Unexplained = "unexplained",
}

impl Cause {
    /// Whether an answer with this cause may have cost one bad-password attempt on the server.
    ///
    /// The attempt gate counts everything that is not known to stand before the password check.
    pub const fn may_count_as_bad_password(self) -> bool {
        matches!(
            self,
            Self::BadCredentials
                | Self::NoSuchUser
                | Self::PasswordExpired
                | Self::AccountLocked
                | Self::AccountDisabled
                | Self::MfaRequired
                | Self::AppPasswordRequired
                | Self::WebLoginRequired
                | Self::SecurityDefaults
                | Self::ConditionalAccess
                | Self::LocationBlocked
                | Self::AppBlocked
                | Self::Unexplained
        )
    }

    /// Whether the answer says nothing about the credentials and a later try may fare better.
    pub const fn is_passing(self) -> bool {
        matches!(self, Self::Throttled | Self::Temporary | Self::MailboxInUse)
    }
}

impl std::fmt::Display for Cause {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.name())
    }
}

/// Why an answer was given, most likely cause first, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnosis {
    /// Causes, most likely first; never empty.
    pub causes: Vec<Cause>,
    /// Id of the rule that said so.
    pub rule: String,
    /// What the answer means.
    pub explanation: String,
    /// What to do.
    pub remedy: String,
    /// Which check tells several causes apart; empty where there is one cause or no such check.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub next_check: String,
    /// Where to read more: the address of a public page; empty where there is none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub source: String,
}

impl Diagnosis {
    /// The most likely cause.
    pub fn first(&self) -> Cause {
        self.causes.first().copied().unwrap_or(Cause::Unexplained)
    }
}
