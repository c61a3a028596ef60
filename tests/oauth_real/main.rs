//! Tokens from real OAuth servers, oidc-provider and Authlib, and the mailboxes that they open: a Dovecot that judges
//! the first one's tokens by its key, and one that asks the second about each. What the servers are said to do they
//! do for curl too.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

#[path = "../lab/facts.rs"]
mod lab;
#[path = "../cli/tool.rs"]
#[allow(dead_code, reason = "not every suite needs all of it")]
mod tool;

mod asking;
mod check;
mod client;
mod get;
mod issuer;
mod mailbox;
mod person;
mod profile;
mod refresh;
mod server;
mod servers;
mod trouble;
mod wrong;
