//! Device profiles: what a scanner, a client or a library speaks, as data; and whether it keeps working against what
//! a report shows.

mod against;
mod file;
mod login;

use mailprobe_probes::model::{Method, Protocol, TlsProtocol, Transport};
use serde::{Serialize, Serializer};

pub use against::{DeviceVerdict, Place, Standing, judge_devices};

use super::Mistakes;

/// One device, client or library.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Device {
    /// Stable id.
    pub id: String,
    /// Product, with the versions it is about.
    pub name: String,
    /// Who makes it.
    pub vendor: String,
    /// What kind of thing it is.
    pub class: Class,
    /// Protocols it logs in over.
    pub protocols: Vec<Protocol>,
    /// How it does TLS.
    pub transports: Vec<Transport>,
    /// Versions of TLS it speaks; empty where that is not known.
    pub tls: Vec<TlsProtocol>,
    /// Methods in its own order.
    pub mechanisms: Vec<Method>,
    /// Whether its first data goes with the command, where that is known.
    pub initial_response: Option<bool>,
    /// How it gets a token; never where empty.
    pub oauth: Vec<Flow>,
    /// Versions of ActiveSync it speaks; empty where that is not known.
    #[serde(serialize_with = "versions")]
    pub activesync: Vec<(u16, u16)>,
    /// Year of its newest root certificates, where that is known.
    pub roots_until: Option<u16>,
    /// Whether it gives up at `LOGINDISABLED`, which is about the LOGIN command alone, whatever else is offered.
    pub stops_at_logindisabled: bool,
    /// How far to believe this.
    pub status: Status,
    /// Addresses of what says so.
    pub evidence: Vec<String>,
    /// What else a reader should know.
    pub note: String,
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
        pub enum $name {
            $($(#[$vdoc])* #[serde(rename = $word)] $variant,)*
        }

        impl $name {
            /// The words of a profile.
            const WORDS: &'static [(&'static str, Self)] = &[$(($word, Self::$variant),)*];

            /// The word of a profile.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }
        }
    };
}

words! {
    /// Kinds of devices.
    Class {
        /// Printers and scanners that send mail.
        Scanner = "scanner",
        /// Programs people read mail with.
        Client = "client",
        /// What a program is built with.
        Library = "library",
        /// Relays, gateways and the like.
        Server = "server",
        /// Storage, power supplies, monitoring.
        Appliance = "appliance",
        /// Business applications.
        LineOfBusiness = "line-of-business",
    }
}

words! {
    /// How far to believe a profile.
    Status {
        /// Seen on the wire.
        Verified = "verified",
        /// Its maker's pages or source say so.
        Documented = "documented",
        /// Heard elsewhere, or assumed from the class of device.
        Unverified = "unverified",
    }
}

words! {
    /// How a device gets a token.
    Flow {
        /// Sign-in in a browser (RFC 6749 section 4.1).
        AuthorizationCode = "authorization-code",
        /// A code typed elsewhere (RFC 8628).
        DeviceCode = "device-code",
        /// As an app (RFC 6749 section 4.4).
        ClientCredentials = "client-credentials",
        /// Another program brings it.
        External = "external",
    }
}

/// The shipped profiles as TOML.
const SHIPPED: &str = include_str!("devices.toml");

impl Device {
    /// Reads profiles; `file` is what messages call it.
    ///
    /// # Errors
    /// Every mistake, with its line and column.
    pub fn read(file: &str, text: &str) -> Result<Vec<Self>, Mistakes> {
        file::read(file, text)
    }

    /// The shipped profiles.
    pub fn shipped() -> Vec<Self> {
        Self::read("devices.toml", SHIPPED).unwrap_or_default()
    }

    /// How ActiveSync versions are written.
    pub fn activesync_versions(&self) -> Vec<String> {
        self.activesync.iter().map(|(major, minor)| format!("{major}.{minor}")).collect()
    }
}

fn versions<S: Serializer>(list: &[(u16, u16)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(list.iter().map(|(major, minor)| format!("{major}.{minor}")))
}

#[cfg(test)]
mod tests;
