//! The three ways of a stream, handed around together.

use std::sync::Arc;

use super::{Dial, Resolver, Tls};

/// How hosts are found and reached.
#[derive(Clone)]
pub struct Reach {
    /// Names to addresses.
    pub resolver: Arc<Resolver>,
    /// Addresses to streams, through the proxy where there is one.
    pub dialer: Arc<dyn Dial>,
    /// Streams to TLS.
    pub tls: Tls,
}
