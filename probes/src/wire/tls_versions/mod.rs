//! One version of TLS, asked for by a hello of our own: rustls speaks nothing older than TLS 1.2, and devices do.
//!
//! [`hello`] writes the `ClientHello`, [`read`] reads what comes back. Both are pure, and no handshake is ever
//! completed: what a server would refuse after its `ServerHello` is not seen here.

mod answer;
mod hello;
#[cfg(test)]
mod tests;

pub(crate) use answer::{Heard, MOST, read};
pub(crate) use hello::hello;
