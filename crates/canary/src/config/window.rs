//! Maintenance windows: times in which nobody is told of what changes. What is still so when a window ends is told then.
//!
//! They are written in local time, because that is how maintenance is announced; the zone is the one that is named, so that
//! a server in UTC keeps to the clock on somebody's wall, summer time included.

use jiff::civil::{Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _, Zoned};

use super::TargetInfo;
use crate::view::Micros;

/// A time of the week.
#[derive(Debug, Clone, PartialEq)]
pub struct Window {
    /// Targets of these groups,
    pub groups: Vec<String>,
    /// and these; all where both are empty.
    pub targets: Vec<String>,
    /// Days on which it begins; every day where empty.
    pub days: Vec<Weekday>,
    /// When it begins.
    pub from: Time,
    /// When it ends; on the next day where that is not later than the beginning.
    pub to: Time,
    /// By whose clock.
    pub zone: TimeZone,
}

impl Window {
    /// Whether a target is in it.
    pub fn is_about(&self, target: &TargetInfo) -> bool {
        (self.groups.is_empty() && self.targets.is_empty())
            || self.targets.contains(&target.name)
            || self.groups.iter().any(|group| target.groups.contains(group))
    }

    /// When it ends, where it is open at that moment.
    pub fn ends(&self, now: Micros) -> Option<Micros> {
        let here = Timestamp::from_microsecond(now).ok()?.to_zoned(self.zone.clone());
        let yesterday = here.checked_sub(1.day()).ok()?;
        [yesterday, here].iter().find_map(|day| self.ends_if_begun_on(day, now))
    }

    fn ends_if_begun_on(&self, day: &Zoned, now: Micros) -> Option<Micros> {
        let date = day.date();
        if !self.days.is_empty() && !self.days.contains(&date.weekday()) {
            return None;
        }
        let last = if self.to > self.from { date } else { date.tomorrow().ok()? };
        let moment = |date: jiff::civil::Date, time: Time| {
            // An hour that the change to summer time leaves out begins after the gap.
            let zoned = date.to_datetime(time).to_zoned(self.zone.clone()).ok()?;
            Some(zoned.timestamp().as_microsecond())
        };
        let (from, to) = (moment(date, self.from)?, moment(last, self.to)?);
        (from <= now && now < to).then_some(to)
    }
}

/// A day of the week by its English name or its first three letters.
pub(super) const DAYS: &[(&str, Weekday)] = &[
    ("mon", Weekday::Monday),
    ("tue", Weekday::Tuesday),
    ("wed", Weekday::Wednesday),
    ("thu", Weekday::Thursday),
    ("fri", Weekday::Friday),
    ("sat", Weekday::Saturday),
    ("sun", Weekday::Sunday),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Micros {
        text.parse::<Timestamp>().unwrap().as_microsecond()
    }

    fn window(days: &[Weekday], from: &str, to: &str) -> Window {
        Window {
            groups: vec!["berlin".into()],
            targets: Vec::new(),
            days: days.to_vec(),
            from: from.parse().unwrap(),
            to: to.parse().unwrap(),
            zone: TimeZone::get("Europe/Berlin").unwrap(),
        }
    }

    #[test]
    fn a_window_follows_the_clock_on_the_wall_through_summer_time() {
        let nightly = window(&[], "02:00", "04:00");
        assert_eq!(nightly.ends(at("2026-01-10T01:30:00Z")), Some(at("2026-01-10T03:00:00Z")));
        assert_eq!(nightly.ends(at("2026-07-10T00:30:00Z")), Some(at("2026-07-10T02:00:00Z")));
        assert_eq!(nightly.ends(at("2026-07-10T02:00:00Z")), None, "the end is no longer in it");
        // The hour from 2 to 3 is left out in the night of the change.
        assert_eq!(nightly.ends(at("2026-03-29T01:30:00Z")), Some(at("2026-03-29T02:00:00Z")));
    }

    #[test]
    fn a_window_over_midnight_belongs_to_the_day_on_which_it_begins() {
        let sunday = window(&[Weekday::Sunday], "22:00", "03:00");
        assert_eq!(sunday.ends(at("2026-11-29T21:30:00Z")), Some(at("2026-11-30T02:00:00Z")));
        assert!(sunday.ends(at("2026-11-30T01:30:00Z")).is_some(), "Monday at half past two");
        assert_eq!(sunday.ends(at("2026-11-30T21:30:00Z")), None, "Monday evening");
    }

    #[test]
    fn a_window_is_about_its_groups_and_targets_or_about_everybody() {
        let of = |groups: &[&str]| TargetInfo {
            name: "sales".into(),
            mailbox: "sales@example.com".into(),
            groups: groups.iter().map(|group| (*group).to_owned()).collect(),
        };
        let mut window = window(&[], "02:00", "04:00");
        assert!(window.is_about(&of(&["berlin"])) && !window.is_about(&of(&["paris"])));
        window.targets.push("sales".into());
        assert!(window.is_about(&of(&["paris"])));
        (window.groups, window.targets) = (Vec::new(), Vec::new());
        assert!(window.is_about(&of(&[])));
    }
}
