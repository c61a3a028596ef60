//! Wording that servers of many makers share, over every protocol.

pub(super) mod access;
pub(super) mod fault;
pub(super) mod login;
pub(super) mod mailbox;
pub(super) mod named;
pub(super) mod order;
pub(super) mod sieve;
pub(super) mod translated;

/// Whether a text, in lower case, is one that a table of this room has a reason for: what was decoded on suspicion is
/// believed then.
pub(super) fn know(lower: &str) -> bool {
    [mailbox::RULES, named::RULES, translated::RULES, order::RULES, access::RULES, login::RULES]
        .into_iter()
        .flatten()
        .any(|rule| rule.is_said(lower))
}
