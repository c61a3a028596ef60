//! That nothing of ours is without its Japanese.

use std::cell::RefCell;

thread_local! {
    static MISSING: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

pub(super) fn note_missing(english: &str) {
    MISSING.with_borrow_mut(|missing| missing.push(english.to_owned()));
}
