//! Tokens of the real servers, and the mailboxes that they open.
