//! What the line protocols share: how a line is found, and how a first SASL message is written.

use super::{Frame, Limits};
use crate::model::{Command, Trouble};

/// The length of the first line in `rest` without its line feed, or why there is none yet.
pub(super) fn length(rest: &[u8], limits: &Limits) -> Result<usize, Frame> {
    match rest.iter().position(|byte| *byte == b'\n') {
        Some(length) if length <= limits.line => Ok(length),
        None if rest.len() <= limits.line => Err(Frame::Partial),
        _ => Err(Frame::TooLarge(Trouble::LineTooLong, limits.line)),
    }
}

/// The command that begins an exchange, with the first message where one travels with it. An empty one is
/// written as one equals sign (RFC 4959 section 3, RFC 4954 section 4, RFC 5034 section 4).
pub(super) fn with_initial(command: Command, initial: Option<Command>) -> Command {
    match initial {
        None => command.and("\r\n"),
        Some(data) if data.is_empty() => command.and(" =\r\n"),
        Some(data) => command.and(" ").and_all(data).and("\r\n"),
    }
}
