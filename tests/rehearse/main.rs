//! The simulated tenant as devices meet it: the real binary, and clients that are not ours: curl, swaks, Python's own,
//! imapflow, nodemailer, pyactivesync, `DavMail`, and an `ActiveSync` client with libwbxml's codec.
#![cfg(feature = "rehearse")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

mod activesync_client;
mod agreement;
mod apart;
#[cfg(feature = "canary")]
mod canary_tokens;
mod checked;
mod clients;
mod crowd;
mod davmail;
mod demo;
mod devices;
mod judged;
mod messages;
mod mistakes;
mod node_clients;
mod states;
mod stumbles;
mod tenant;
mod thousand;
#[path = "../watcher/mod.rs"]
mod watcher;
mod web_devices;
