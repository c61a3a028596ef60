//! The alerts of one sink that are open: those that began and have not ended. They are sent again to receivers that
//! forget (Alertmanager), and people are reminded of them.

use std::collections::HashMap;

use super::notice::{Notice, Phase, Subject};
use super::outbox::How;
use crate::view::Micros;

/// A change that no rule is about stays visible in Alertmanager for so long.
const TOLD: Micros = 24 * 3_600 * 1_000_000;
/// Most alerts kept open; with a hundred thousand targets a storm keeps the number far below.
const MOST: usize = 10_000;

/// Open alerts by what they are about.
#[derive(Debug, Default)]
pub(super) struct Open {
    alerts: HashMap<String, (Notice, How)>,
}

impl Open {
    /// Takes note of what the sink was told.
    pub(super) fn note(&mut self, notice: &Notice, how: How) {
        let identity = notice.identity();
        match notice.phase {
            Phase::Closes => {
                self.alerts.remove(&identity);
            }
            Phase::Opens | Phase::Moves | Phase::Tells => {
                if matches!(notice.subject, Subject::Reminder { .. }) {
                    return;
                }
                // A storm is one, and it stands for those that find no room.
                let storm = matches!(notice.subject, Subject::Storm { .. });
                if storm || self.alerts.len() < MOST || self.alerts.contains_key(&identity) {
                    self.alerts.insert(identity, (notice.clone(), how));
                }
            }
        }
    }

    /// Forgets what is about something that is watched no more.
    pub(super) fn keep_only(&mut self, watched: impl Fn(&Subject) -> bool) {
        self.alerts.retain(|_, (notice, _)| watched(&notice.subject));
    }

    /// What the sink itself was told and is open now, oldest first: not the parts of a summary.
    pub(super) fn told(&mut self, now: Micros) -> Vec<&Notice> {
        self.all(now).into_iter().filter(|(_, how)| *how == How::Told).map(|(notice, _)| notice).collect()
    }

    /// Problems that are open now, oldest first, with the parts of summaries and without the summaries.
    pub(super) fn problems(&mut self, now: Micros) -> Vec<&Notice> {
        self.all(now).into_iter().map(|(notice, _)| notice).filter(|notice| is_problem(notice)).collect()
    }

    /// The parts of summaries that are problems now.
    pub(super) fn parts(&self) -> Vec<&Notice> {
        let parts = self.alerts.values().filter(|(notice, how)| *how == How::Summed && is_problem(notice));
        parts.map(|(notice, _)| notice).collect()
    }

    /// The end of a storm that had settled while parts of it were problems, where none of them is any more.
    pub(super) fn end_of_storm(&self, now: Micros) -> Option<Notice> {
        let settled = |notice: &&Notice| {
            matches!(notice.subject, Subject::Storm { .. }) && notice.phase == Phase::Moves
        };
        let storm = self.alerts.values().map(|(notice, _)| notice).find(settled)?;
        if !self.parts().is_empty() {
            return None;
        }
        let mut end = Notice { phase: Phase::Closes, at: now, ..storm.clone() };
        // What its parts were they are no more.
        if let Subject::Storm { kinds, .. } = &mut end.subject {
            kinds.clear();
        }
        Some(end)
    }

    fn all(&mut self, now: Micros) -> Vec<&(Notice, How)> {
        self.alerts
            .retain(|_, (notice, _)| notice.phase != Phase::Tells || now.saturating_sub(notice.at) < TOLD);
        let mut all: Vec<&(Notice, How)> = self.alerts.values().collect();
        all.sort_by_key(|(notice, _)| notice.at);
        all
    }
}

fn is_problem(notice: &Notice) -> bool {
    notice.phase != Phase::Tells && !matches!(notice.subject, Subject::Storm { .. })
}
