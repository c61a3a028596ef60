//! What clients say by themselves: codes and sentences of mail programs, operating systems, TLS libraries, browsers,
//! phones, scripting languages and device panels, and of relays where they are the client.
//!
//! A client's words seldom name a cause. They say which layer failed: the name, the connection, TLS, the certificate,
//! the protocol, the sign-in for a token, the login, the mailbox or the sending. So an entry tells the layer, what to
//! do about it, and which line of the server's to look for. It names a cause of the closed vocabulary only where the
//! code establishes one. A line of the server's in the same text always says more than any entry here.

mod applications;
mod browsers;
mod dotnet;
mod faults;
mod java;
mod match_text;
mod node;
mod nss_apple;
mod openssl;
mod outlook;
mod panels;
mod phones;
mod refused;
mod relays;
mod scripting;
mod signin;
mod tools;
mod windows;

use faults::Fault;
use match_text::Haystack;

use crate::model::{Cause, Diagnosis};

/// The layer at which a client's attempt failed, from the outermost to the innermost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Layer {
    /// The server's name was not resolved.
    NameResolution,
    /// No connection was made, or it broke.
    Connection,
    /// The TLS handshake failed.
    Tls,
    /// The client refused the server's certificate.
    Certificate,
    /// The two sides did not understand each other.
    Protocol,
    /// No token was obtained.
    SignIn,
    /// The login itself failed.
    Login,
    /// The login was accepted and the mailbox did not open.
    Mailbox,
    /// The login was accepted, or not needed, and the message was not taken.
    Sending,
    /// The client stopped by itself, before it asked the server.
    Client,
}

impl Layer {
    /// The name used in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::NameResolution => "name-resolution",
            Self::Connection => "connection",
            Self::Tls => "tls",
            Self::Certificate => "certificate",
            Self::Protocol => "protocol",
            Self::SignIn => "sign-in",
            Self::Login => "login",
            Self::Mailbox => "mailbox",
            Self::Sending => "sending",
            Self::Client => "client",
        }
    }

    /// The name for people.
    pub const fn title(self) -> &'static str {
        match self {
            Self::NameResolution => "name resolution",
            Self::Connection => "connection",
            Self::Tls => "TLS handshake",
            Self::Certificate => "server certificate",
            Self::Protocol => "mail protocol",
            Self::SignIn => "sign-in for a token",
            Self::Login => "login attempt",
            Self::Mailbox => "mailbox",
            Self::Sending => "sending",
            Self::Client => "client's own settings",
        }
    }

    /// Every layer.
    pub const ALL: &'static [Self] = &[
        Self::NameResolution,
        Self::Connection,
        Self::Tls,
        Self::Certificate,
        Self::Protocol,
        Self::SignIn,
        Self::Login,
        Self::Mailbox,
        Self::Sending,
        Self::Client,
    ];
}

/// One thing that a client is on record to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientSaying {
    /// Stable id, unique among these and among the rules.
    pub id: &'static str,
    /// Whose words these are.
    pub client: &'static str,
    /// What failed and what to do.
    fault: Fault,
    /// Codes in lower case. Each counts as a whole word only.
    codes: &'static [&'static str],
    /// Sentences in lower case: the pieces of one of them occur in this order, close to each other.
    says: &'static [&'static [&'static str]],
    /// Where not empty, one of these must occur, too: for codes that are bare numbers.
    beside: &'static [&'static str],
    /// None of these occurs: with them the words mean something else.
    unless: &'static [&'static str],
    /// Whether it only heads a message whose reason follows: anything else that is known says more.
    headline: bool,
    /// A public page.
    source: &'static str,
    /// A text that it is found in. The tests run it.
    example: &'static str,
}

impl ClientSaying {
    const fn coded(
        id: &'static str,
        client: &'static str,
        fault: Fault,
        codes: &'static [&'static str],
        source: &'static str,
        example: &'static str,
    ) -> Self {
        Self {
            id,
            client,
            fault,
            codes,
            says: &[],
            beside: &[],
            unless: &[],
            headline: false,
            source,
            example,
        }
    }

    const fn said(
        id: &'static str,
        client: &'static str,
        fault: Fault,
        says: &'static [&'static [&'static str]],
        source: &'static str,
        example: &'static str,
    ) -> Self {
        Self {
            id,
            client,
            fault,
            codes: &[],
            says,
            beside: &[],
            unless: &[],
            headline: false,
            source,
            example,
        }
    }

    const fn and_codes(mut self, codes: &'static [&'static str]) -> Self {
        self.codes = codes;
        self
    }

    const fn and_says(mut self, says: &'static [&'static [&'static str]]) -> Self {
        self.says = says;
        self
    }

    const fn beside(mut self, words: &'static [&'static str]) -> Self {
        self.beside = words;
        self
    }

    const fn unless(mut self, words: &'static [&'static str]) -> Self {
        self.unless = words;
        self
    }

    const fn headline(mut self) -> Self {
        self.headline = true;
        self
    }

    /// The layer that failed.
    pub const fn layer(&self) -> Layer {
        self.fault.layer
    }

    /// Whether it is a mere headline: "Could not authenticate", and the reason in another line.
    pub const fn is_headline(&self) -> bool {
        self.headline
    }

    /// The causes that it establishes, most likely first.
    pub const fn causes(&self) -> &'static [Cause] {
        self.fault.causes
    }

    /// What it means, what to do and where to read more.
    pub fn diagnosis(&self) -> Diagnosis {
        Diagnosis {
            causes: self.fault.causes.to_vec(),
            rule: self.id.to_owned(),
            explanation: self.fault.advice.means.to_owned(),
            remedy: self.fault.advice.remedy.to_owned(),
            next_check: self.fault.advice.next.to_owned(),
            source: self.source.to_owned(),
        }
    }

    /// Where it stands in a text: the length of what was matched, and where that begins.
    fn position(&self, text: &Haystack) -> Option<usize> {
        if !self.beside.is_empty() && !self.beside.iter().any(|word| text.holds(word)) {
            return None;
        }
        if self.unless.iter().any(|word| text.holds(word)) {
            return None;
        }
        let coded = self.codes.iter().find_map(|code| text.word(code));
        coded.or_else(|| self.says.iter().find_map(|pieces| text.sentence(pieces)))
    }
}

/// Every entry. Codes and sentences of one program stand before those that many print; headlines count last of all.
const TABLES: &[&[ClientSaying]] = &[
    relays::SAYINGS,
    windows::SAYINGS,
    outlook::SAYINGS,
    tools::SAYINGS,
    signin::SAYINGS,
    applications::SAYINGS,
    phones::SAYINGS,
    panels::SAYINGS,
    java::SAYINGS,
    node::SAYINGS,
    scripting::SAYINGS,
    openssl::SAYINGS,
    nss_apple::SAYINGS,
    browsers::SAYINGS,
    dotnet::SAYINGS,
    refused::SAYINGS,
];

/// Every entry.
pub fn all() -> impl Iterator<Item = &'static ClientSaying> {
    TABLES.iter().copied().flatten()
}

/// What of a text is a client's own saying, and the line that it stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Said<'a> {
    /// The entry.
    pub saying: &'static ClientSaying,
    /// The line, as it was pasted.
    pub line: &'a str,
}

/// The most telling saying of a client in a text: to be asked where no line of a server was found.
pub fn find(text: &str) -> Option<&'static ClientSaying> {
    let haystack = Haystack::new(text);
    let said = |headline: bool| {
        all().find(|saying| saying.headline == headline && saying.position(&haystack).is_some())
    };
    said(false).or_else(|| said(true))
}

/// [`find`], with the line of the text that it was read in.
pub fn find_line(text: &str) -> Option<Said<'_>> {
    let saying = find(text)?;
    let lines = || text.lines().map(str::trim).filter(|line| !line.is_empty());
    let stands = |line: &&str| saying.position(&Haystack::new(line)).is_some();
    // A sentence may be wrapped, and what it counts beside may stand elsewhere.
    let begins = |line: &&str| {
        let line = Haystack::new(line);
        saying.codes.iter().any(|code| line.word(code).is_some())
            || saying.says.iter().any(|pieces| pieces.first().is_some_and(|piece| line.holds(piece)))
    };
    let line = lines().find(stands).or_else(|| lines().find(begins)).or_else(|| lines().next())?;
    Some(Said { saying, line })
}

/// Every sentence that an entry can tell, for whoever says them in another language.
pub(super) fn sentences() -> impl Iterator<Item = &'static str> {
    all().flat_map(|saying| {
        let advice = saying.fault.advice;
        [advice.means, advice.remedy, advice.next]
    })
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
