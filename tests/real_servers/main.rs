//! The prober against real servers: Dovecot in five characters, and Cyrus. What a cell says here is what
//! curl, openssl and imtest see on the same servers, and what the servers' own logs say.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

#[path = "../lab/facts.rs"]
mod lab;

mod agreement;
mod cells;
mod log;
mod names;
mod pop3;
mod send;
mod smtp;
mod stock_client;
mod tls_versions;
mod visits;
