//! Wording that servers of many makers share, over every protocol.

pub(super) mod access;
pub(super) mod fault;
pub(super) mod login;
pub(super) mod order;
