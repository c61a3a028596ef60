//! Getting, keeping and inspecting access tokens.
//!
//! [`Tokens`] gets one by the flow of a profile, keeps it with its refresh token, and gives the same one out until it is
//! about to expire. [`inspect`] judges any token against a mailbox; [`preflight`] does both for a run. [`realm`] asks how
//! an account's sign-in is decided.
//!
//! The requests are our own over [`Web`](crate::web::Web) and not those of the `oauth2` crate: it is five forms to one
//! endpoint, and what matters here is what the crate hides: the issuer's whole answer, bounded in size, for the
//! diagnosis. It brings second versions of hash, random and base64 crates, too. Signatures are aws-lc-rs's.
//!
//! A client does not verify a token's signature, and nothing here does.

mod answer;
mod assertion;
mod cache;
mod device;
pub mod inspect;
mod loopback;
mod places;
pub mod preflight;
pub mod realm;
mod request;
mod tokens;
mod trouble;

pub use cache::Cache;
pub use tokens::{Ask, Limits, Talk, Token, Tokens};
pub use trouble::{Refusal, TokenTrouble};
