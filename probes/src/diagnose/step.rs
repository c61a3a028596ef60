//! The circumstances of an answer: over which protocol, and after what.

use bitflags::bitflags;

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

bitflags! {
    /// A set of protocols. The token endpoint of OAuth is one of them here, though nothing of a mailbox.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub struct Over: u8 {
        /// IMAP.
        const IMAP = 1 << 0;
        /// POP3.
        const POP3 = 1 << 1;
        /// SMTP.
        const SMTP = 1 << 2;
        /// Exchange Web Services.
        const EWS = 1 << 3;
        /// Exchange ActiveSync.
        const ACTIVESYNC = 1 << 4;
        /// Autodiscover.
        const AUTODISCOVER = 1 << 5;
        /// A token endpoint (RFC 6749 section 3.2).
        const OAUTH = 1 << 6;
        /// IMAP and POP3.
        const STORE = Self::IMAP.bits() | Self::POP3.bits();
        /// The protocols of lines.
        const LINES = Self::STORE.bits() | Self::SMTP.bits();
        /// The services over HTTP, the token endpoint left out.
        const HTTP = Self::EWS.bits() | Self::ACTIVESYNC.bits() | Self::AUTODISCOVER.bits();
        /// Any protocol: also where it is not known.
        const ALL = Self::LINES.bits() | Self::HTTP.bits() | Self::OAUTH.bits();
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

bitflags! {
    /// A set of steps.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub(crate) struct After: u16 {
        const PASSWORD = 1 << 0;
        const TOKEN = 1 << 1;
        const SESSION = 1 << 2;
        const GREETING = 1 << 3;
        const CAPABILITY = 1 << 4;
        const LOGOUT = 1 << 5;
        const MAIL_FROM = 1 << 6;
        const DATA = 1 << 7;
        const ANONYMOUS = 1 << 8;
        const REQUEST = 1 << 9;
        const TOKEN_REQUEST = 1 << 10;
        /// Only where the step is not known.
        const UNKNOWN = 1 << 11;
        /// A login with either kind of credential.
        const LOGIN = Self::PASSWORD.bits() | Self::TOKEN.bits();
        /// What comes after an accepted login.
        const USE = Self::SESSION.bits() | Self::MAIL_FROM.bits() | Self::DATA.bits();
        /// Any step, or none that is known.
        const ANY = (1 << 12) - 1;
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
            Step::Unknown => Self::PASSWORD | Self::USE | Self::REQUEST | Self::TOKEN_REQUEST | Self::UNKNOWN,
        }
    }
}
