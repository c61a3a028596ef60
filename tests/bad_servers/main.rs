//! Servers that misbehave, one named misbehaviour each, and what the IMAP probe says of it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "tests stop where they fail"
)]

#[allow(dead_code, unused_imports, reason = "every suite uses its part of the kit")]
#[path = "../support/mod.rs"]
mod support;

mod capability;
mod certificate;
mod class;
mod contradiction;
mod echo;
mod exchange;
mod gate;
mod greeting;
mod http;
mod login_command;
mod masked;
mod one_attempt;
mod opened;
mod patience;
mod pop3;
mod redirect;
mod scram;
mod send;
mod session;
mod smtp;
mod starttls;
mod tls;
mod tls_versions;
mod token;
mod verdict;
mod web_class;
