//! The simulated tenant: listeners that behave like Exchange Online and others, from scenarios that are data, and a
//! record of what a device tried.
//!
//! Every listener asks the tenant the same question ([`Bench::rule`]) and says the answer in its own protocol, in the
//! words of the scenario ([`Bench::words`]).
//!
//! Nothing leaves it: messages are thrown away, and no code here opens a connection.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic))]

mod doors;
mod house;
mod imap;
mod login;
pub mod oauth;
mod pop3;
pub mod record;
mod residents;
pub mod ruling;
mod sasl;
pub mod scenario;
mod sending;
pub mod serve;
mod smtp;
pub mod talk;
pub mod tenant;
pub mod web;

pub use house::{Circumstances, House};
pub use imap::Imap;
pub use pop3::Pop3;
pub use ruling::{Bench, Presented, Ruling, Words};
pub use smtp::Smtp;
pub use tenant::Tenant;
