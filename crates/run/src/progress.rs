//! Progress of a long run, on standard error and only where a person looks at it.

use std::io::IsTerminal as _;

use indicatif::{ProgressBar, ProgressStyle};

/// A progress bar, or nothing.
#[derive(Debug)]
pub struct Progress(ProgressBar);

impl Progress {
    /// A bar over `mailboxes`, where `wanted` and standard error is a terminal.
    pub fn new(mailboxes: usize, wanted: bool) -> Self {
        if !wanted || !std::io::stderr().is_terminal() {
            return Self(ProgressBar::hidden());
        }
        let bar = ProgressBar::new(u64::try_from(mailboxes).unwrap_or(u64::MAX));
        let style =
            ProgressStyle::with_template("{spinner} {pos}/{len} mailboxes [{bar:40}] {elapsed}, {eta} left");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        bar.enable_steady_tick(std::time::Duration::from_millis(120));
        Self(bar)
    }

    /// One more mailbox is done.
    pub(super) fn mailbox_done(&self) {
        self.0.inc(1);
    }

    /// Takes the bar away, so that the report stands alone.
    pub fn clear(&self) {
        self.0.finish_and_clear();
    }
}
