//! Judgement: a report goes in, a verdict and an exit status come out. Reads only the model, so that a stored
//! report can be judged again.

mod checked;
mod correlate;
mod devices;
mod diff;
mod exit;
mod expect;
mod kind;
mod marks;
mod policy;
mod rule;
mod written;

use mailprobe_probes::model::{Advertisement, EndpointReport, Offer, Stage};

pub use checked::{
    Conclusion, Flaw, Missing, NotChecked, Reason, Why, conclusion, not_checked, presented,
    stands_for_unchecked, trouble,
};
pub use correlate::correlate;
pub use devices::{Class, Device, DeviceVerdict, Flow, Place, Standing, Status, judge_devices};
pub use diff::{CellChange, CellState, Change, Diff, diff};
pub use exit::exit_code;
pub use expect::{day, judge, judge_by};
pub use kind::{kind, knows_method};
pub use policy::{Demand, Methods, OLD_AFTER_DAYS, Policy, PolicyRule, SHIPPED, Which, learn};
pub use rule::{Rule, RuleError, Wanted};
pub use written::{FileError, LARGEST_FILE};
pub(crate) use written::{Written, shown};

/// The capability lists that a client reads before it logs in: inside TLS where there is TLS.
pub(crate) fn login_lists(endpoint: &EndpointReport) -> impl Iterator<Item = &Advertisement> {
    let last =
        endpoint.advertised.iter().map(|list| list.stage).filter(|stage| *stage != Stage::AfterLogin).max();
    endpoint.advertised.iter().filter(move |list| Some(list.stage) == last)
}

/// Whether IMAP's LOGIN command is announced as switched off there.
pub(crate) fn login_disabled(endpoint: &EndpointReport) -> bool {
    let mut words = login_lists(endpoint).flat_map(|list| &list.capabilities);
    words.any(|word| word.eq_ignore_ascii_case("LOGINDISABLED"))
}

/// The offers of those lists.
pub(crate) fn login_offers(endpoint: &EndpointReport) -> impl Iterator<Item = &Offer> {
    login_lists(endpoint).flat_map(|list| &list.offers)
}

#[cfg(test)]
pub(crate) mod sample;
#[cfg(test)]
mod tests;
