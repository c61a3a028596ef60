//! Operating-system errors in our own terms: unwrapped here, once.

use std::fmt;
use std::io;

use super::proxy::ProxyTrouble;
use crate::model::{Failure, Phase, Trouble};

/// More than a bound allows, or another reason not to read on. It travels inside an [`io::Error`] through a library that
/// reads from us, and comes out of it as the failure that it is.
#[derive(Debug)]
pub(crate) struct Excess {
    cause: Trouble,
    detail: String,
}

impl fmt::Display for Excess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.detail)
    }
}

impl std::error::Error for Excess {}

impl Excess {
    /// The error that stops a library's reading.
    pub(crate) fn error(cause: Trouble, detail: impl Into<String>) -> io::Error {
        io::Error::new(io::ErrorKind::FileTooLarge, Self { cause, detail: detail.into() })
    }
}

/// What an I/O error means in a phase.
pub fn from_io(phase: Phase, error: &io::Error) -> Failure {
    use io::ErrorKind as K;
    if let Some(trouble) = error.get_ref().and_then(|inner| inner.downcast_ref::<ProxyTrouble>()) {
        return Failure::new(phase, trouble.cause, trouble.detail.clone());
    }
    if let Some(excess) = error.get_ref().and_then(|inner| inner.downcast_ref::<Excess>()) {
        return Failure::new(phase, excess.cause, excess.detail.clone());
    }
    let cause = match error.kind() {
        K::ConnectionRefused => Trouble::ConnectionRefused,
        K::ConnectionReset | K::BrokenPipe => Trouble::ConnectionReset,
        K::ConnectionAborted | K::UnexpectedEof | K::NotConnected => Trouble::ConnectionClosed,
        K::TimedOut => Trouble::Timeout,
        K::InvalidData => Trouble::TlsHandshake,
        // No route, no such network, a firewall's prohibition, and what nobody has a better word for.
        _ => Trouble::Unreachable,
    };
    Failure::new(phase, cause, describe(error))
}

/// The innermost sentence of an error.
fn describe(error: &io::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.get_ref().and_then(|inner| inner.source());
    while let Some(inner) = source {
        text = inner.to_string();
        source = inner.source();
    }
    crate::model::harmless(text.as_bytes())
}
