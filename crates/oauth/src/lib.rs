//! Getting, keeping and inspecting access tokens.
//!
//! [`Tokens`] gets one by the flow of a profile, keeps it with its refresh token, and gives the same one out until it is
//! about to expire. [`inspect`] judges any token against a mailbox. [`realm`] asks how an account's sign-in is
//! decided. A [`profile`] says whose tokens, for which client and how; a [`Source`] is where a secret comes from; [`providers`] is the table of
//! known services, whose rows are issuers, too.
//!
//! The requests are our own over [`Web`](crate::web::Web) and not those of the `oauth2` crate: it is five forms to one
//! endpoint, and what matters here is what the crate hides: the issuer's whole answer, bounded in size, for the
//! diagnosis. It brings second versions of hash, random and base64 crates, too. Signatures are aws-lc-rs's.
//!
//! A client does not verify a token's signature, and nothing here does.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic))]

mod answer;
mod assertion;
mod cache;
mod device;
pub mod inspect;
mod jws;
pub mod lock;
mod loopback;
mod mistake;
mod needs;
mod places;
pub mod profile;
pub mod providers;
pub mod realm;
mod request;
mod secret;
mod talk;
mod tokens;
mod trouble;
pub mod web;

pub use cache::Cache;
pub use mistake::Mistake;
pub use needs::Need;
pub use secret::{Kept, SecretError, Source, Vault, World};
pub use talk::{Talk, now};
pub use tokens::{Ask, Limits, Token, Tokens};
pub use trouble::{Refusal, TokenTrouble};
