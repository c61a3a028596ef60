//! The wire: names to addresses, addresses to streams, streams to TLS, and the tap that writes down what
//! passes. Nothing here knows a mail protocol.

use std::future::Future;
use std::pin::Pin;

mod dial;
mod facts;
mod failure;
mod http;
mod known;
mod meter;
mod patience;
#[cfg(target_os = "linux")]
mod prompt;
mod proxy;
mod reach;
mod record;
mod records;
mod redact;
mod resolve;
mod spelling;
mod tap;
mod tls;
pub(crate) mod tls_versions;
mod verify;

pub use dial::{Dial, Dialer, Io, Place};
pub use http::{Answered, HttpConnection};
pub use meter::Meter;
pub use patience::Patience;
pub use proxy::Proxied;
pub use reach::Reach;
pub use record::Log;
pub use records::Srv;
pub use redact::Redactor;
pub use resolve::{Family, Override, Resolver, ResolverSetupError, Settings as ResolverSettings};
pub use tap::Tap;
pub use tls::{Tls, TlsFailure, TlsSession, TlsSetupError};
/// Ends every visit of a run. Clones share it.
pub use tokio_util::sync::CancellationToken;

pub(crate) use failure::Excess;
pub use failure::from_io;

/// A boxed future that can move between threads.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
