//! The circumstances of an answer: over which protocol, and after what.

use crate::model::{Kind, Protocol};

/// What the client had just done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Step {
    /// Presented a credential.
    Login(Kind),
    /// Been accepted, and asked for the mailbox.
    Session,
    /// Nothing yet: the server spoke by itself.
    Greeting,
    /// Asked what the server can do.
    Capability,
    /// Said goodbye.
    Logout,
    /// Named the sender of a message (SMTP).
    MailFrom,
    /// Sent a message (SMTP).
    Data,
    /// Sent an HTTP request without credentials.
    Anonymous,
    /// Sent an HTTP request; what it presented is not known or does not matter.
    Request,
    /// Asked a token endpoint for a token.
    TokenRequest,
    /// Not known.
    Unknown,
}

/// A set of protocols. The token endpoint of OAuth is one of them here, though nothing of a mailbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Over(pub(super) u8);

impl Over {
    /// IMAP.
    pub const IMAP: Self = Self(1);
    /// POP3.
    pub const POP3: Self = Self(2);
    /// SMTP.
    pub const SMTP: Self = Self(4);
    /// Exchange Web Services.
    pub const EWS: Self = Self(8);
    /// Exchange ActiveSync.
    pub const ACTIVESYNC: Self = Self(16);
    /// Autodiscover.
    pub const AUTODISCOVER: Self = Self(32);
    /// A token endpoint (RFC 6749 section 3.2).
    pub const OAUTH: Self = Self(64);
    /// IMAP and POP3.
    pub const STORE: Self = Self(3);
    /// The protocols of lines.
    pub const LINES: Self = Self(7);
    /// The services over HTTP, the token endpoint left out.
    pub const HTTP: Self = Self(56);
    /// Any protocol: also where it is not known.
    pub const ALL: Self = Self(127);

    /// Whether the sets have a member in common.
    pub const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

impl From<Protocol> for Over {
    fn from(protocol: Protocol) -> Self {
        match protocol {
            Protocol::Imap => Self::IMAP,
            Protocol::Pop3 => Self::POP3,
            Protocol::Smtp => Self::SMTP,
            Protocol::ActiveSync => Self::ACTIVESYNC,
            Protocol::Autodiscover => Self::AUTODISCOVER,
            // Nobody logs in to the legacy services; what their front end says is what it says of EWS.
            _ => Self::EWS,
        }
    }
}

/// A set of steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct After(pub(super) u16);

impl After {
    pub(crate) const PASSWORD: Self = Self(1);
    pub(crate) const TOKEN: Self = Self(2);
    pub(crate) const SESSION: Self = Self(4);
    pub(crate) const GREETING: Self = Self(8);
    pub(crate) const CAPABILITY: Self = Self(16);
    pub(crate) const LOGOUT: Self = Self(32);
    pub(crate) const MAIL_FROM: Self = Self(64);
    pub(crate) const DATA: Self = Self(128);
    pub(crate) const ANONYMOUS: Self = Self(256);
    pub(crate) const REQUEST: Self = Self(512);
    pub(crate) const TOKEN_REQUEST: Self = Self(1024);
    /// A login with either kind of credential.
    pub(crate) const LOGIN: Self = Self(3);
    /// What comes after an accepted login.
    pub(crate) const USE: Self = Self(4 + 64 + 128);
    /// Only where the step is not known.
    pub(crate) const UNKNOWN: Self = Self(2048);
    /// Any step, or none that is known.
    pub(crate) const ANY: Self = Self(4095);

    pub(crate) const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

impl From<Step> for After {
    fn from(step: Step) -> Self {
        match step {
            Step::Login(Kind::Password) => Self::PASSWORD,
            Step::Login(Kind::Token) => Self::TOKEN,
            Step::Session => Self::SESSION,
            Step::Greeting => Self::GREETING,
            Step::Capability => Self::CAPABILITY,
            Step::Logout => Self::LOGOUT,
            Step::MailFrom => Self::MAIL_FROM,
            Step::Data => Self::DATA,
            Step::Anonymous => Self::ANONYMOUS,
            Step::Request => Self::REQUEST,
            Step::TokenRequest => Self::TOKEN_REQUEST,
            // Refusals are pasted, mostly of a password, and mostly not of a greeting or a goodbye.
            Step::Unknown => Self(1 + 4 + 64 + 128 + 512 + 1024 + 2048),
        }
    }
}
