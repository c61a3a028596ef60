//! The server's messages and the spelling of names (RFC 5802 sections 5.1 and 7).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::model::harmless;
use crate::sasl::Flaw;

/// Most rounds of PBKDF2 that a server may ask for: about a quarter of a second of SHA-256. Real servers ask
/// for 4,096 to some 100,000; without a bound one message could keep a processor busy for a quarter of an
/// hour.
pub(super) const MAX_ITERATIONS: u32 = 1_000_000;

/// A name in a GS2 header or a SCRAM message: `,` and `=` have a meaning there (RFC 5801 section 4).
pub(in crate::sasl) fn saslname(name: &str) -> String {
    name.replace('=', "=3D").replace(',', "=2C")
}

/// Whether this can be a nonce: printable ASCII without a comma, and something at all.
pub(super) fn is_nonce(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_graphic() && b != b',')
}

/// `server-first-message`: what the proof is computed from.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ServerFirst {
    /// Our nonce and the server's.
    pub(super) nonce: String,
    /// The account's salt.
    pub(super) salt: Vec<u8>,
    /// Rounds of PBKDF2. Fewer than the 4,096 of RFC 5802 section 5.1 are accepted: the operator learns more
    /// from the server's verdict than from our refusal.
    pub(super) iterations: u32,
}

impl ServerFirst {
    /// Reads the message. The attributes have a fixed order; extensions behind them are ignored, and are
    /// under the proof all the same.
    pub(super) fn parse(message: &[u8], client_nonce: &str) -> Result<Self, Flaw> {
        let text = text(message)?;
        let mut attributes = text.split(',');
        let mut next = |name| attributes.next().and_then(|attribute| attribute.strip_prefix(name));
        if text.starts_with("m=") {
            return Err(Flaw::Unanswerable("the server demands a SCRAM extension that nobody knows".into()));
        }
        if let Some(error) = text.strip_prefix("e=") {
            return Err(Flaw::Unanswerable(format!("the server gave up: {}", quoted(error))));
        }
        let nonce = next("r=").ok_or_else(|| malformed("no nonce", text))?;
        // Anything but our nonce with more behind it is an answer to somebody else, or a replay.
        if !nonce.starts_with(client_nonce) || nonce.len() <= client_nonce.len() || !is_nonce(nonce) {
            return Err(malformed("the nonce does not continue ours", text));
        }
        let salt = next("s=").and_then(|salt| STANDARD.decode(salt).ok());
        let salt = salt.filter(|salt| !salt.is_empty()).ok_or_else(|| malformed("no salt", text))?;
        let iterations = next("i=").and_then(count).ok_or_else(|| malformed("no iteration count", text))?;
        if iterations > u64::from(MAX_ITERATIONS) {
            return Err(Flaw::Unanswerable(format!(
                "the server asks for {iterations} iterations; more than {MAX_ITERATIONS} are not computed"
            )));
        }
        let iterations = u32::try_from(iterations).map_err(|_| malformed("no iteration count", text))?;
        Ok(Self { nonce: nonce.to_owned(), salt, iterations })
    }
}

/// `server-final-message`: the server's proof, or why there is none.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum ServerFinal {
    /// `v=`: the signature.
    Signature(Vec<u8>),
    /// `e=`: it refuses. The text is in the transcript; the refusal that counts comes next.
    Error,
}

impl ServerFinal {
    /// Reads the message; extensions are ignored.
    pub(super) fn parse(message: &[u8]) -> Result<Self, Flaw> {
        let text = text(message)?;
        let first = text.split(',').next().unwrap_or_default();
        if first.starts_with("e=") {
            return Ok(Self::Error);
        }
        first
            .strip_prefix("v=")
            .and_then(|signature| STANDARD.decode(signature).ok())
            .map(Self::Signature)
            .ok_or_else(|| malformed("neither a signature nor an error", text))
    }
}

/// A `posit-number`. `str::parse` alone would take a sign, too.
fn count(text: &str) -> Option<u64> {
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    // Too many digits for a number are still a number over the bound.
    let value = if digits && text.len() > 19 { u64::MAX } else { text.parse().ok()? };
    (digits && value > 0).then_some(value)
}

fn text(message: &[u8]) -> Result<&str, Flaw> {
    std::str::from_utf8(message).map_err(|_| {
        Flaw::Unanswerable(format!("a SCRAM message that is not UTF-8: {}", quoted(&harmless(message))))
    })
}

fn malformed(what: &str, text: &str) -> Flaw {
    Flaw::Unanswerable(format!("a malformed SCRAM message ({what}): {}", quoted(text)))
}

fn quoted(text: &str) -> String {
    // Whole: it is cut for display only after it was searched for secrets.
    harmless(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(message: &str) -> Result<ServerFirst, Flaw> {
        ServerFirst::parse(message.as_bytes(), "abc")
    }

    fn why(message: &str) -> String {
        match first(message) {
            Err(Flaw::Unanswerable(why)) => why,
            other => panic!("{message}: {other:?}"),
        }
    }

    #[test]
    fn a_first_message_is_read_with_its_extensions() {
        let expected = ServerFirst { nonce: "abcdef".into(), salt: b"salt".to_vec(), iterations: 1 };
        assert_eq!(first("r=abcdef,s=c2FsdA==,i=1"), Ok(expected));
        assert_eq!(first("r=abcdef,s=c2FsdA==,i=4096,x=y,t=ü").unwrap().iterations, 4096);
    }

    #[test]
    fn iterations_are_bounded() {
        assert_eq!(first("r=abcd,s=c2FsdA==,i=1000000").unwrap().iterations, 1_000_000);
        for over in ["1000001", "4294967295", "4294967296", "99999999999999999999999999"] {
            let why = why(&format!("r=abcd,s=c2FsdA==,i={over}"));
            assert!(why.contains("more than 1000000 are not computed"), "{why}");
        }
        for wrong in ["0", "-1", "+1", "", "4096 ", "4096\r\n", "0x10", "1e3", "٣"] {
            let why = why(&format!("r=abcd,s=c2FsdA==,i={wrong}"));
            assert!(why.contains("no iteration count"), "{wrong}: {why}");
        }
    }

    #[test]
    fn the_nonce_must_be_ours_and_more() {
        for foreign in ["abc", "ab", "", "xabcdef", "ABCdef", "abc def", "abc\u{7f}", "abcdéf"] {
            let why = why(&format!("r={foreign},s=c2FsdA==,i=4096"));
            assert!(why.contains("does not continue ours"), "{foreign}: {why}");
        }
    }

    #[test]
    fn extensions_that_must_be_understood_are_not() {
        assert!(why("m=x,r=abcd,s=c2FsdA==,i=4096").contains("extension"));
        assert!(why("m=").contains("extension"));
    }

    #[test]
    fn an_error_instead_of_a_first_message_is_told_in_harmless_form() {
        assert_eq!(why("e=other-error"), "the server gave up: other-error");
        assert_eq!(why("e=\u{1b}[2J"), "the server gave up: \\x1B[2J");
    }

    #[test]
    fn attributes_out_of_order_or_missing_are_malformed() {
        for message in [
            "",
            ",",
            "r=",
            "r=abcd",
            "r=abcd,s=c2FsdA==",
            "s=c2FsdA==,r=abcd,i=4096",
            "r=abcd,i=4096,s=c2FsdA==",
            "r=abcd,,s=c2FsdA==,i=4096",
            "R=abcd,s=c2FsdA==,i=4096",
            "r=abcd,s=,i=4096",
            "r=abcd,s=c2FsdA,i=4096",
            "r=abcd,s=c2Fs dA==,i=4096",
            "r=abcd,s=!!!!,i=4096",
            " r=abcd,s=c2FsdA==,i=4096",
        ] {
            assert!(why(message).contains("malformed"), "{message}");
        }
        let Err(Flaw::Unanswerable(why)) = ServerFirst::parse(b"r=abcd\xff,s=c2FsdA==,i=4096", "abc") else {
            panic!("not UTF-8, and read");
        };
        assert!(why.contains("not UTF-8") && why.contains("\\xFF"), "{why}");
    }

    #[test]
    fn a_final_message_is_a_signature_or_an_error() {
        let signature = || Ok(ServerFinal::Signature(b"salt".to_vec()));
        assert_eq!(ServerFinal::parse(b"v=c2FsdA=="), signature());
        assert_eq!(ServerFinal::parse(b"v=c2FsdA==,x=y"), signature());
        assert_eq!(ServerFinal::parse(b"v="), Ok(ServerFinal::Signature(Vec::new())));
        assert_eq!(ServerFinal::parse(b"e=invalid-proof"), Ok(ServerFinal::Error));
        assert_eq!(ServerFinal::parse(b"e="), Ok(ServerFinal::Error));
        for message in
            [&b""[..], b"v", b"v=c2FsdA", b"x=y,v=c2FsdA==", b"V=c2FsdA==", b"v=\xff", b" v=c2FsdA=="]
        {
            assert!(matches!(ServerFinal::parse(message), Err(Flaw::Unanswerable(_))), "{message:?}");
        }
    }

    #[test]
    fn names_are_escaped_once() {
        assert_eq!(saslname("a,b=c"), "a=2Cb=3Dc");
        assert_eq!(saslname("=2C"), "=3D2C");
        assert_eq!(saslname("jürgen@example.com"), "jürgen@example.com");
    }

    #[test]
    fn nonces_are_printable_and_have_no_comma() {
        assert!(is_nonce("fyko+d2lbbFgONRv9qkxdawL=/!~"));
        for wrong in ["", "a,b", "a b", "a\n", "é"] {
            assert!(!is_nonce(wrong), "{wrong}");
        }
    }
}
