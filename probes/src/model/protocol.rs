//! The protocols of a mailbox, by the names of reports and by those of Entra's sign-in log.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! protocols {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $logged:literal;)*) => {
        /// The protocols that the prober knows by name.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[non_exhaustive]
        pub enum Protocol {
            $($(#[$doc])* #[serde(rename = $name)] $variant,)*
        }

        impl Protocol {
            /// Every protocol.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The name used in reports.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// The name of this client app in Entra's sign-in log, where it logs in without modern authentication
            /// (Microsoft Learn, "How to customize and filter identity activity logs").
            pub const fn sign_in_name(self) -> &'static str {
                match self { $(Self::$variant => $logged,)* }
            }
        }
    };
}

protocols! {
    /// IMAP4rev1 (RFC 3501) and IMAP4rev2 (RFC 9051).
    Imap = "imap", "IMAP4";
    /// POP3 (RFC 1939).
    Pop3 = "pop3", "POP3";
    /// SMTP submission with AUTH (RFC 6409, RFC 4954).
    Smtp = "smtp", "Authenticated SMTP";
    /// Exchange Web Services.
    Ews = "ews", "Exchange Web Services";
    /// Exchange ActiveSync (MS-ASHTTP).
    ActiveSync = "activesync", "Exchange ActiveSync";
    /// Autodiscover (MS-OXDISCO).
    Autodiscover = "autodiscover", "Autodiscover";
    /// MAPI over HTTP (MS-OXCMAPIHTTP).
    Mapi = "mapi", "MAPI over HTTP";
    /// Outlook Anywhere: RPC over HTTP (MS-RPCH).
    OutlookAnywhere = "outlook-anywhere", "Outlook Anywhere (RPC over HTTP)";
    /// Offline Address Book (MS-OXWOAB).
    OfflineAddressBook = "oab", "Offline Address Book";
    /// Exchange Online PowerShell over WS-Management.
    PowerShell = "powershell", "Exchange Online PowerShell";
    /// Reporting Web Services.
    Reporting = "reporting", "Reporting Web Services";
    /// Outlook Service, also known as Universal Outlook (Windows 10 Mail).
    OutlookService = "outlook-service", "Outlook Service";
}

impl Protocol {
    /// Whether it is spoken over HTTP.
    pub const fn is_http(self) -> bool {
        !matches!(self, Self::Imap | Self::Pop3 | Self::Smtp)
    }
}

impl fmt::Display for Protocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
