//! The prober against real servers: Dovecot in five characters, Cyrus, Postfix in two, Exim, nodemailer's, `SOGo` and
//! Apache, and a scripted Exchange. What a cell says here is what curl, openssl, imtest, swaks, gsasl, async-imap and
//! lettre see on the same servers, and what the servers' own logs say.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

#[path = "../lab/facts.rs"]
mod lab;

mod agreement;
mod apache;
mod cells;
mod exchange;
mod http;
mod lettre_client;
mod log;
mod makes;
mod names;
mod pop3;
mod send;
mod smtp;
mod sogo;
mod stock_client;
mod submission;
mod tls_versions;
mod visits;
