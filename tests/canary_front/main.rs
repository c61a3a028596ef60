//! The canary's outward half: the pages over HTTP and in a browser, and the sinks that alerts go to.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

mod dashboard;
mod devtools;
mod fleet;
mod pages;
mod served;
