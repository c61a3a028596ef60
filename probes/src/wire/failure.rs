//! Operating-system errors in our own terms: unwrapped here, once.

use std::io;

use super::proxy::ProxyTrouble;
use crate::model::{Failure, Phase, Trouble};

/// What an I/O error means in a phase.
pub fn from_io(phase: Phase, error: &io::Error) -> Failure {
    use io::ErrorKind as K;
    if let Some(trouble) = error.get_ref().and_then(|inner| inner.downcast_ref::<ProxyTrouble>()) {
        return Failure::new(phase, trouble.cause, trouble.detail.clone());
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
