//! Stories of tokens.
