//! Tokens looked at.
