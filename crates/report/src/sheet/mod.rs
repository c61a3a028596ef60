//! What every form of a document is written with: where parts are put as they come, and where they are found again at the end.

mod form;
mod parts;
mod spool;

pub(crate) use form::{Best, Form, Ranked, Sheet};
pub(crate) use parts::Parts;
pub use spool::Spool;
