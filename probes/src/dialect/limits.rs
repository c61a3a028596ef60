//! Bounds on everything a server can send on a line protocol.

/// How much is taken before an answer counts as none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// One line, octets.
    pub line: usize,
    /// One unit with everything that belongs to it (IMAP literals, all lines of a POP3 list), octets.
    pub unit: usize,
    /// Units before the pending command is answered.
    pub units: usize,
    /// SASL rounds.
    pub rounds: usize,
}

impl Limits {
    /// Generous beside every real server (RFC 9051 section 4 suggests 8,000 octets a line; RFC 4954
    /// section 4 wants 12,288 for SASL), small beside memory.
    pub const DEFAULT: Self = Self { line: 16 * 1024, unit: 64 * 1024, units: 500, rounds: 12 };
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}
