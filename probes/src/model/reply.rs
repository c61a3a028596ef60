//! A server's final answer to one command, taken apart as far as its protocol takes it apart.

use serde::{Deserialize, Serialize};

/// Which way an answer goes, in terms every protocol has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// `OK`, `+OK`, `2xx`.
    Yes,
    /// `NO`, `BAD`, `-ERR`, `4xx`, `5xx`.
    No,
    /// The server says goodbye: `* BYE`, `421`.
    Bye,
}

/// An answer with the protocol's own words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    /// The protocol's status word or number: `OK`, `NO`, `BAD`, `BYE`, `-ERR`, `535`.
    pub status: String,
    /// Response code without its brackets, arguments included, verbatim: `AUTHENTICATIONFAILED`,
    /// `SYS/TEMP`, `WEBALERT https://...` (RFC 5530, RFC 9051 section 7.1, RFC 3206).
    pub code: Option<String>,
    /// Enhanced status code: `5.7.139` (RFC 3463).
    pub enhanced: Option<String>,
    /// The rest, with control characters made visible. Lines of a long answer are joined by `\n`.
    pub text: String,
}

/// Response codes that call a failure temporary: RFC 5530 section 3 (`UNAVAILABLE`, `INUSE`), RFC 2449 section 8.1
/// (`IN-USE`, `LOGIN-DELAY`), RFC 3206 section 4 (`SYS/TEMP`).
const TRANSIENT: &[&str] = &["UNAVAILABLE", "INUSE", "IN-USE", "SYS/TEMP", "LOGIN-DELAY"];

impl Reply {
    /// The name of the response code, without its arguments; empty where there is none.
    pub fn code_name(&self) -> &str {
        self.code.as_deref().unwrap_or_default().split(' ').next().unwrap_or_default()
    }

    /// Whether the response code of IMAP or POP3 says that the same command may succeed later.
    pub fn has_transient_code(&self) -> bool {
        TRANSIENT.iter().any(|code| code.eq_ignore_ascii_case(self.code_name()))
    }

    /// Whether a code says that the credentials were looked at and are wrong: `AUTHENTICATIONFAILED` (RFC 5530 section 3),
    /// `AUTH` (RFC 3206 section 5), and in SMTP the enhanced code 5.7.8 or a 535 (RFC 4954 section 6) whose enhanced code
    /// names nothing else, as 5.7.139 does.
    pub fn has_code_for_wrong_credentials(&self) -> bool {
        let named = ["AUTHENTICATIONFAILED", "AUTH"];
        let enhanced = self.enhanced.as_deref();
        named.iter().any(|code| code.eq_ignore_ascii_case(self.code_name()))
            || enhanced == Some("5.7.8")
            || (self.status == "535"
                && matches!(enhanced, None | Some("5.7.0" | "5.7.1" | "5.7.3" | "5.0.0")))
    }

    /// The answer as one line, as a person would quote it.
    pub fn quoted(&self) -> String {
        let mut line = self.status.clone();
        if let Some(code) = &self.code {
            line.push_str(" [");
            line.push_str(code);
            line.push(']');
        }
        for part in [self.enhanced.as_deref(), Some(self.text.as_str())].into_iter().flatten() {
            if !part.is_empty() {
                line.push(' ');
                line.push_str(part);
            }
        }
        line
    }
}
