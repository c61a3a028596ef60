//! A server that lets everybody play every mechanism, and repeats what it was told in one place of its talk.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use proptest::prelude::*;

use crate::support::Script;

/// Where the secret is repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Greeting,
    Capability,
    /// As the name of a mechanism.
    Mechanism,
    UntaggedLine,
    Challenge,
    ContinuationText,
    Refusal,
    ResponseCode,
    Acceptance,
    Goodbye,
    WrongTag,
    NotImap,
    HalfALine,
    AtExamine,
    NotImapAtExamine,
    UntaggedAtExamine,
    GoodbyeAtExamine,
}

impl Place {
    pub(crate) const ALL: [Self; 17] = [
        Self::Greeting,
        Self::Capability,
        Self::Mechanism,
        Self::UntaggedLine,
        Self::Challenge,
        Self::ContinuationText,
        Self::Refusal,
        Self::ResponseCode,
        Self::Acceptance,
        Self::Goodbye,
        Self::WrongTag,
        Self::NotImap,
        Self::HalfALine,
        Self::AtExamine,
        Self::NotImapAtExamine,
        Self::UntaggedAtExamine,
        Self::GoodbyeAtExamine,
    ];

    pub(crate) fn any() -> impl Strategy<Value = Self> {
        prop::sample::select(&Self::ALL[..])
    }

    fn accepts(self) -> bool {
        matches!(
            self,
            Self::Acceptance
                | Self::AtExamine
                | Self::NotImapAtExamine
                | Self::UntaggedAtExamine
                | Self::GoodbyeAtExamine
        )
    }
}

/// How it is spelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Raw,
    Base64,
    /// Behind so many other octets, and with more behind it.
    InsideBase64(usize),
    InsideUrlBase64(usize),
    Percent,
    PercentLower,
    /// Every octet of it.
    PercentAll,
    Xml,
    Quoted,
    Hex,
    HexUpper,
    /// Base64 of what Windows makes of it.
    Utf16Base64,
    /// Every character by its number.
    References,
    HexReferences,
    Json,
    /// Only what JSON has to escape, and the slash.
    JsonSparing,
}

impl Form {
    pub(crate) const ALL: [Self; 20] = [
        Self::Raw,
        Self::Base64,
        Self::InsideBase64(0),
        Self::InsideBase64(1),
        Self::InsideBase64(2),
        Self::InsideBase64(3),
        Self::InsideUrlBase64(1),
        Self::InsideUrlBase64(2),
        Self::Percent,
        Self::PercentLower,
        Self::PercentAll,
        Self::Xml,
        Self::Quoted,
        Self::Hex,
        Self::HexUpper,
        Self::Utf16Base64,
        Self::References,
        Self::HexReferences,
        Self::Json,
        Self::JsonSparing,
    ];

    pub(crate) fn any() -> impl Strategy<Value = Self> {
        prop::sample::select(&Self::ALL[..])
    }

    pub(crate) fn write(self, secret: &str) -> Vec<u8> {
        let around = |front: usize| format!("{}{secret} and more", &"user"[..front]);
        let percent = |upper: bool| -> String {
            let one = |b: u8| match b {
                b if b.is_ascii_alphanumeric() || b"-._~".contains(&b) => char::from(b).to_string(),
                b if upper => format!("%{b:02X}"),
                b => format!("%{b:02x}"),
            };
            secret.bytes().map(one).collect()
        };
        let each_char =
            |write: &dyn Fn(u32) -> String| -> String { secret.chars().map(|c| write(c.into())).collect() };
        let each_unit =
            |write: &dyn Fn(u16) -> String| -> String { secret.encode_utf16().map(write).collect() };
        let each_octet = |write: &dyn Fn(u8) -> String| -> String { secret.bytes().map(write).collect() };
        match self {
            Self::Raw => secret.to_owned(),
            Self::Base64 => STANDARD.encode(secret),
            Self::InsideBase64(front) => STANDARD_NO_PAD.encode(around(front)),
            Self::InsideUrlBase64(front) => URL_SAFE_NO_PAD.encode(around(front)),
            Self::Percent => percent(true),
            Self::PercentLower => percent(false),
            Self::Xml => secret
                .replace('&', "&amp;")
                .replace('<', "&lt;")
                .replace('>', "&gt;")
                .replace('"', "&quot;")
                .replace('\'', "&apos;"),
            Self::Quoted => secret.replace('\\', "\\\\").replace('"', "\\\""),
            Self::PercentAll => each_octet(&|b| format!("%{b:02X}")),
            Self::Hex => each_octet(&|b| format!("{b:02x}")),
            Self::HexUpper => each_octet(&|b| format!("{b:02X}")),
            Self::Utf16Base64 => {
                STANDARD.encode(secret.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>())
            }
            Self::References => each_char(&|c| format!("&#{c};")),
            Self::HexReferences => each_char(&|c| format!("&#x{c:X};")),
            Self::Json => each_unit(&|unit| format!("\\u{unit:04x}")),
            Self::JsonSparing => {
                let text = serde_json::to_string(secret).unwrap();
                text[1..text.len() - 1].replace('/', "\\/")
            }
        }
        .into_bytes()
    }
}

/// A server that says `echo` in this place.
pub(crate) fn answering(place: Place, echo: Vec<u8>) -> Script {
    const LIST: &str = "IMAP4rev1 SASL-IR LITERAL+ AUTH=PLAIN AUTH=LOGIN";
    let echo_in = |places: &[Place]| if places.contains(&place) { echo.clone() } else { b"-".to_vec() };
    let greeting = if place == Place::Greeting {
        [b"* OK [CAPABILITY ", LIST.as_bytes(), b"] ready for ", &echo, b" again\r\n"].concat()
    } else {
        let (capability, mechanism) = (echo_in(&[Place::Capability]), echo_in(&[Place::Mechanism]));
        let list = [LIST.as_bytes(), b" X-", &capability, b" AUTH=", &mechanism];
        [b"* OK [CAPABILITY ", &list.concat()[..], b"] ready\r\n"].concat()
    };
    let mut login = Exchange { place, echo, tag: String::new(), mechanism: String::new(), heard: 0 };
    Script::new().raw(greeting).serve(move |line| login.answer(line))
}

/// One login as the server sees it.
struct Exchange {
    place: Place,
    echo: Vec<u8>,
    tag: String,
    mechanism: String,
    /// Lines that belong to the login.
    heard: usize,
}

impl Exchange {
    fn answer(&mut self, line: &str) -> Vec<u8> {
        let words: Vec<&str> = line.split(' ').collect();
        match words.as_slice() {
            [tag, "AUTHENTICATE", mechanism, ..] => {
                (self.tag, self.mechanism) = ((*tag).to_owned(), (*mechanism).to_owned());
            }
            [tag, "LOGIN", ..] => {
                (self.tag, self.mechanism) = ((*tag).to_owned(), "LOGIN-COMMAND".to_owned());
            }
            [tag, "EXAMINE", "INBOX"] => return self.examined(tag),
            [tag, "CAPABILITY"] => {
                return format!("* CAPABILITY IMAP4rev1\r\n{tag} OK done\r\n").into_bytes();
            }
            [_, "LOGOUT"] => return b"* BYE signing off\r\n".to_vec(),
            _ => {}
        }
        self.heard += 1;
        match (self.mechanism.as_str(), self.heard) {
            ("LOGIN", 1 | 2) | ("CRAM-MD5" | "XOAUTH2" | "OAUTHBEARER", 1) => self.challenge(),
            // The literal is on its way.
            ("LOGIN-COMMAND", 1) if line.ends_with("+}") => Vec::new(),
            _ => self.verdict(),
        }
    }

    fn challenge(&self) -> Vec<u8> {
        match self.place {
            Place::Challenge => {
                let told = [b"you said ", self.echo.as_slice(), b" before"].concat();
                format!("+ {}\r\n", STANDARD.encode(told)).into_bytes()
            }
            Place::ContinuationText => [b"+ ", self.echo.as_slice(), b"\r\n"].concat(),
            _ => b"+ UHJvbXB0Og==\r\n".to_vec(),
        }
    }

    fn verdict(&self) -> Vec<u8> {
        let (tag, echo) = (self.tag.as_bytes(), self.echo.as_slice());
        match self.place {
            Place::UntaggedLine => [b"* OK log: ", echo, b" tried\r\n", tag, b" NO no\r\n"].concat(),
            // Where the mechanism has no challenge of the server's, one comes too many.
            Place::Challenge | Place::ContinuationText
                if !matches!(self.mechanism.as_str(), "LOGIN" | "XOAUTH2") =>
            {
                [self.challenge().as_slice(), tag, b" NO no\r\n"].concat()
            }
            Place::ResponseCode => [tag, b" NO [X-DEBUG ", echo, b"] no\r\n"].concat(),
            Place::Acceptance => [tag, b" OK welcome, ", echo, b"\r\n"].concat(),
            Place::Goodbye => [b"* BYE ", echo, b" is wrong\r\n"].concat(),
            Place::WrongTag => [b"zz NO ", echo, b"\r\n"].concat(),
            Place::NotImap => [b"\x01 ", echo, b"\r\n"].concat(),
            Place::HalfALine => [tag, b" NO ", echo].concat(),
            place if place.accepts() => [tag, b" OK welcome\r\n"].concat(),
            _ => [tag, b" NO wrong: ", echo, b".\r\n"].concat(),
        }
    }

    fn examined(&self, tag: &str) -> Vec<u8> {
        let (tag, echo) = (tag.as_bytes(), self.echo.as_slice());
        match self.place {
            Place::NotImapAtExamine => [b"DEBUG ", echo, b"\r\n"].concat(),
            Place::UntaggedAtExamine => [b"* OK ", echo, b"\r\n", tag, b" OK done\r\n"].concat(),
            Place::GoodbyeAtExamine => [b"* BYE ", echo, b"\r\n"].concat(),
            Place::AtExamine => [tag, b" NO not for ", echo, b"\r\n"].concat(),
            _ => [tag, b" OK done\r\n"].concat(),
        }
    }
}
