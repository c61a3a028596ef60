//! `mailprobe discover`, and checks of what it finds. The names are dnsmasq's; the hosts are all behind one scripted
//! proxy, which has every one of them on it, so that nobody outside is asked.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unnecessary_wraps
)]

mod answers;
mod cloud;
mod names;
mod said;
mod world;
