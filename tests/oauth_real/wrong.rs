//! The lab's wrong tokens.
