//! A token looked at before it goes on the wire: what it says of itself (RFC 7519, RFC 9068, Entra's access-tokens), and
//! whether that fits the mailbox, the protocol and the time.
//!
//! Its claims are hints and no proof: a client cannot verify the signature, and none is ever shown. A token that is no JWT
//! is opaque, which is no error: those of personal accounts and of Google are.

mod claims;
pub mod ews;
mod judge;
mod show;
#[cfg(test)]
mod tests;

pub use claims::{Claims, Look};
pub use judge::moment;
pub use judge::{Against, Remark, judge};
pub use show::{Status, json, text};
