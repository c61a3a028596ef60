//! The simulated tenant: listeners that behave like Exchange Online and others, from scenarios that are data, and a
//! record of what a device tried.
//!
//! Every listener asks the tenant the same question ([`Bench::rule`]) and says the answer in its own protocol, in the
//! words of the scenario ([`Bench::words`]).

pub mod oauth;
pub mod ruling;
pub mod web;

pub use ruling::{Bench, Presented, Ruling, Words};
