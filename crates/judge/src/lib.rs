//! Judgement: a report goes in, a verdict and an exit status come out. Reads only the model, so that a stored
//! report can be judged again.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic))]

mod checked;
mod correlate;
mod decision;
mod devices;
mod diff;
mod exit;
mod expect;
mod kind;
mod marks;
mod mistakes;
mod policy;
mod rule;
mod written;

use mailprobe_probes::model::{Advertisement, EndpointReport, Offer, Stage};

pub use checked::{Conclusion, NotChecked, Reason, conclusion, not_checked, presented};
pub use correlate::correlate;
pub use devices::{Class, Device, DeviceVerdict, Flow, Place, Standing, Status, judge_devices};
pub use diff::{CellChange, CellState, Change, Diff, diff};
pub use exit::exit_code;
pub use expect::{day, judge, judge_by};
pub use kind::{kind, knows_method};
pub use mistakes::Mistakes;
pub use policy::{OLD_AFTER_DAYS, Policy, PolicyRule, SHIPPED, learn};
pub use rule::{Rule, RuleError};
pub use written::{FileError, LARGEST_FILE, Unreadable, Written, shown, text};

/// The capability lists that a client reads before it logs in: inside TLS where there is TLS.
pub fn login_lists(endpoint: &EndpointReport) -> impl Iterator<Item = &Advertisement> {
    let last =
        endpoint.advertised.iter().map(|list| list.stage).filter(|stage| *stage != Stage::AfterLogin).max();
    endpoint.advertised.iter().filter(move |list| Some(list.stage) == last)
}

/// Whether IMAP's LOGIN command is announced as switched off there.
pub fn login_disabled(endpoint: &EndpointReport) -> bool {
    let mut words = login_lists(endpoint).flat_map(|list| &list.capabilities);
    words.any(|word| word.eq_ignore_ascii_case("LOGINDISABLED"))
}

/// The offers of those lists.
pub fn login_offers(endpoint: &EndpointReport) -> impl Iterator<Item = &Offer> {
    login_lists(endpoint).flat_map(|list| &list.offers)
}

#[cfg(any(test, feature = "sample"))]
#[allow(missing_docs, clippy::missing_panics_doc, clippy::unwrap_used, reason = "tests alone use it")]
pub mod sample;
#[cfg(test)]
mod tests;
