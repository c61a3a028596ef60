//! Mailboxes that are named twice.

use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher as _;
use std::sync::Arc;

use mailprobe_probes::model::harmless;

use super::drafts::Draft;
use super::error::{PlanError, Row, Setting, words};
use super::targets::Target;

/// Who was named already. Sixteen octets for each stay until all have been looked at: who logs in to which mailbox, by a hash
/// that is keyed anew in every process, and the line. That a list of a million is refused for two names that only share a hash
/// happens once in thirty million.
#[derive(Default)]
pub(super) struct Seen {
    hasher: RandomState,
    /// The line; 0 stands for the command line.
    lines: HashMap<u64, u64>,
    /// What complaints call the list.
    list: Option<Arc<str>>,
}

impl Seen {
    /// The complaint where a target was named before.
    pub(super) fn again(&mut self, number: usize, target: &Target, draft: &Draft) -> Option<PlanError> {
        let key = self.hasher.hash_one((&draft.mailbox, &draft.authcid));
        let first = self.lines.insert(key, target.row.as_ref().map_or(0, |row| row.line));
        if self.list.is_none() {
            self.list = target.row.as_ref().map(|row| Arc::clone(&row.list));
        }
        let place = match (first?, &self.list) {
            (line @ 1.., Some(list)) => Row { list: Arc::clone(list), line }.to_string(),
            _ => "the command line".to_owned(),
        };
        let shown = harmless(draft.mailbox.as_bytes());
        let what = words![format!("{shown} was already named ({place})")];
        let error = PlanError::new(Setting::Mailbox(number), what);
        Some(target.met(error.remedy(words!["give it all endpoints there"])))
    }
}
