//! The LOGIN command: how a user name and a password are written (RFC 9051 sections 4.3 and 6.2.3).
//!
//! Quoted strings carry printable ASCII, with `"` and `\` escaped. Anything else goes as a literal:
//! 8-bit text is no part of a quoted string before UTF-8 was enabled, and servers that take it anyway
//! disagree on what it means.

use std::collections::VecDeque;

use super::{Flight, has};
use crate::dialect::Until;
use crate::model::{Command, Secret, Skip};

/// Which literals need no go-ahead from the server (RFC 7888).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Literals {
    /// Every literal waits.
    Waiting,
    /// `LITERAL-`: up to 4,096 octets do not wait.
    Short,
    /// `LITERAL+`: none waits.
    Any,
}

impl Literals {
    /// What a capability list allows.
    pub(super) fn offered(capabilities: &[String]) -> Self {
        if has(capabilities, "LITERAL+") {
            Self::Any
        } else if has(capabilities, "LITERAL-") || has(capabilities, "IMAP4rev2") {
            Self::Short
        } else {
            Self::Waiting
        }
    }

    fn waits(self, length: usize) -> bool {
        match self {
            Self::Waiting => true,
            Self::Short => length > 4096,
            Self::Any => false,
        }
    }
}

/// The flights of `start user password`, cut where a literal has to wait for its go-ahead.
pub(super) fn flights(
    start: Command,
    user: &str,
    password: &Secret,
    literals: Literals,
) -> Result<VecDeque<Flight>, Skip> {
    let label = format!("password {} chars", password.chars());
    let arguments = [(user.as_bytes(), None), (password.expose(), Some(label))];
    let mut flights = VecDeque::new();
    let mut command = start;
    for (position, (bytes, label)) in arguments.into_iter().enumerate() {
        if bytes.contains(&0) {
            // No form of an IMAP string can hold a NUL outside the BINARY extension's literal8.
            return Err(Skip::Unrepresentable);
        }
        if position > 0 {
            command = command.and(" ");
        }
        if is_quotable(bytes) {
            command = append(command, quoted(bytes), label);
        } else {
            if literals.waits(bytes.len()) {
                let announced = command.and(format!("{{{}}}\r\n", bytes.len()));
                flights.push_back(Flight { command: announced, until: Until::Continuation });
                command = Command::new();
            } else {
                command = command.and(format!("{{{}+}}\r\n", bytes.len()));
            }
            command = append(command, bytes.to_vec(), label);
        }
    }
    flights.push_back(Flight { command: command.and("\r\n"), until: Until::Success });
    Ok(flights)
}

fn append(command: Command, bytes: Vec<u8>, label: Option<String>) -> Command {
    match label {
        None => command.and(bytes),
        Some(label) => command.and_secret(bytes, label),
    }
}

fn is_quotable(bytes: &[u8]) -> bool {
    bytes.len() <= 1024 && bytes.iter().all(|b| matches!(b, 0x20..=0x7e))
}

fn quoted(bytes: &[u8]) -> Vec<u8> {
    let mut text = Vec::with_capacity(bytes.len() + 2);
    text.push(b'"');
    for byte in bytes {
        if matches!(byte, b'"' | b'\\') {
            text.push(b'\\');
        }
        text.push(*byte);
    }
    text.push(b'"');
    text
}
