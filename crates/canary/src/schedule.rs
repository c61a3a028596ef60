//! When which visit is due. Pure: the clock is an argument, so that a clock that jumps is only another argument.
//!
//! A visit comes at `epoch + k * interval + phase`, and the phase is a hash of target and module: a restart moves nobody, a
//! new target moves no other, and many targets spread over the interval by themselves. A jitter of one per cent, a hash too,
//! keeps visits from falling into step with others that are as regular. What is overdue because nobody was awake, or
//! because the clock was set forward, is not made up for: the next tick will do. A clock that was set back would leave the
//! next visit far away, so what lies further ahead than it ever may is planned anew.

use std::time::Duration;

use sha2::{Digest as _, Sha256};

use super::view::Micros;

/// Never-visited targets are first visited within this time, however long their interval is.
pub(super) const FIRST: Micros = 60 * 1_000_000;
/// Second looks in a row, after which the usual interval has to do.
const SOON_AGAIN: u32 = 3;

/// Microseconds of a duration.
pub fn micros(span: Duration) -> Micros {
    Micros::try_from(span.as_micros()).unwrap_or(Micros::MAX)
}

/// One target's module on the line of time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Beat {
    interval: Micros,
    phase: Micros,
    seed: u64,
    /// When the next visit is due.
    next: Micros,
    /// Not before, because a server asked for that.
    not_before: Micros,
    /// Second looks in a row.
    soon: u32,
}

impl Beat {
    /// The beat of a target's module. `visited` is whether it ever was.
    pub fn new(target: &str, module: &str, interval: Duration, now: Micros, visited: bool) -> Self {
        let seed = stable(target, module);
        let interval = micros(interval).max(1000);
        let phase = position(seed, interval);
        let mut beat = Self { interval, phase, seed, next: 0, not_before: Micros::MIN, soon: 0 };
        beat.next = beat.after(now);
        if !visited {
            beat.next = beat.next.min(now.saturating_add(position(seed, interval.min(FIRST))));
        }
        beat
    }

    /// When the next visit is due.
    pub fn next(&self) -> Micros {
        self.next.max(self.not_before)
    }

    /// Whether a server asked to be left alone until later than now.
    pub fn is_held_off(&self, now: Micros) -> bool {
        self.not_before > now
    }

    /// A visit begins now: the one after it is due at the next tick.
    pub fn begun(&mut self, now: Micros) {
        self.next = self.after(now);
    }

    /// A visit has ended. While something is turning a second look comes after `recheck`, where that is sooner than the
    /// next tick, and only a few times in a row.
    pub fn ended(&mut self, now: Micros, turning: bool, recheck: Duration) {
        if turning && self.soon < SOON_AGAIN {
            self.soon += 1;
            self.next = self.next.min(now.saturating_add(micros(recheck)));
        } else if !turning {
            self.soon = 0;
        }
    }

    /// A server asked to be left alone for a while.
    pub fn hold_off(&mut self, now: Micros, wait: Duration) {
        // A server that says "for ever" is asked again after a day.
        let wait = micros(wait).min(86_400 * 1_000_000);
        self.not_before = self.not_before.max(now.saturating_add(wait));
        // At a tick of its own: all who were held off together must not come back together.
        self.next = self.next.max(self.after(self.not_before));
    }

    /// Looks at the clock: whether the visit is due. What cannot be, because the clock jumped, is put right.
    pub fn is_due(&mut self, now: Micros) -> bool {
        let longest = self.interval.saturating_add(self.interval / 50);
        if self.not_before.saturating_sub(now) > 86_400 * 1_000_000 {
            self.not_before = Micros::MIN;
        }
        let from = now.max(self.not_before);
        if self.next.saturating_sub(from) > longest {
            self.next = self.after(from);
        }
        if self.next() > now {
            return false;
        }
        if now.saturating_sub(self.next()) > self.interval {
            self.next = self.after(now);
            self.not_before = Micros::MIN;
            return false;
        }
        true
    }

    /// How late the visit is.
    pub fn overdue(&self, now: Micros) -> Micros {
        now.saturating_sub(self.next()).max(0)
    }

    /// The first tick after a moment.
    fn after(&self, now: Micros) -> Micros {
        let mut number = now.saturating_sub(self.phase).div_euclid(self.interval);
        loop {
            let tick = self.tick(number);
            if tick > now {
                return tick;
            }
            number = number.saturating_add(1);
        }
    }

    fn tick(&self, number: i64) -> Micros {
        let jitter = self.interval / 100;
        // Never earlier than the tick itself, so that two ticks never change places.
        let by = position(mixed(self.seed, number), jitter.max(1));
        number.saturating_mul(self.interval).saturating_add(self.phase).saturating_add(by)
    }
}

/// A hash that is the same in every version and on every machine.
fn stable(target: &str, module: &str) -> u64 {
    let mut hash = Sha256::new();
    hash.update(target.as_bytes());
    hash.update([0]);
    hash.update(module.as_bytes());
    first(&hash.finalize())
}

fn mixed(seed: u64, number: i64) -> u64 {
    // The finalizer of SplitMix64: enough to scatter, and much cheaper than a digest for every tick.
    let mut z = seed ^ number.cast_unsigned().wrapping_mul(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

fn first(digest: &[u8]) -> u64 {
    digest.iter().take(8).fold(0, |number, byte| (number << 8) | u64::from(*byte))
}

fn position(hash: u64, length: Micros) -> Micros {
    let length = u64::try_from(length).unwrap_or(1).max(1);
    Micros::try_from(hash % length).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Micros = 1_000_000;
    const MINUTE: Micros = 60 * SECOND;
    const NOON: Micros = 1_795_000_000 * SECOND;
    const FIVE: Duration = Duration::from_secs(300);

    fn beat(target: &str, now: Micros) -> Beat {
        Beat::new(target, "default", FIVE, now, true)
    }

    /// Every moment at which a visit was due, looking once a second.
    fn visits(beat: &mut Beat, from: Micros, until: Micros) -> Vec<Micros> {
        let mut due = Vec::new();
        let mut now = from;
        while now < until {
            if beat.is_due(now) {
                due.push(now);
                beat.begun(now);
            }
            now += SECOND;
        }
        due
    }

    #[test]
    fn a_restart_moves_nobody() {
        let before = beat("sales", NOON).next();
        assert_eq!(beat("sales", NOON + 20 * SECOND).next() - before, 0);
        assert_ne!(beat("support", NOON).next(), before);
    }

    #[test]
    fn visits_come_once_an_interval_with_a_jitter_of_a_hundredth() {
        let due = visits(&mut beat("sales", NOON), NOON, NOON + 60 * MINUTE);
        assert_eq!(due.len(), 12);
        for pair in due.windows(2) {
            assert!((pair[1] - pair[0] - 5 * MINUTE).abs() <= 4 * SECOND, "{pair:?}");
        }
    }

    #[test]
    fn many_targets_spread_over_the_interval() {
        let mut of_minute = [0_u32; 5];
        for number in 0..2000 {
            let next = beat(&format!("box{number}"), NOON).next() - NOON;
            of_minute[usize::try_from(next / MINUTE).unwrap().min(4)] += 1;
        }
        assert!(of_minute.iter().all(|count| (330..470).contains(count)), "{of_minute:?}");
    }

    #[test]
    fn the_first_visit_of_all_does_not_wait_for_a_long_interval() {
        let daily =
            |visited| Beat::new("sales", "m", Duration::from_secs(86_400), NOON, visited).next() - NOON;
        assert!(daily(false) <= MINUTE);
        assert!(daily(true) > MINUTE, "a restart is no first visit");
    }

    #[test]
    fn a_clock_that_is_set_forward_makes_nobody_run_after_what_was_missed() {
        let mut beat = beat("sales", NOON);
        let due = visits(&mut beat, NOON + 3600 * MINUTE, NOON + 3610 * MINUTE);
        assert_eq!(due.len(), 2, "one an interval, from now on");
    }

    #[test]
    fn a_clock_that_is_set_back_stops_nobody() {
        let mut beat = beat("sales", NOON);
        beat.hold_off(NOON, Duration::from_secs(60));
        let then = NOON - 100_000 * MINUTE;
        assert_eq!(visits(&mut beat, then, then + 10 * MINUTE).len(), 2);
    }

    #[test]
    fn a_second_look_comes_soon_and_only_a_few_times() {
        let mut beat = beat("sales", NOON);
        let recheck = Duration::from_secs(10);
        let mut now = NOON;
        let mut soon = 0;
        for _ in 0..10 {
            beat.begun(now);
            beat.ended(now, true, recheck);
            soon += u32::from(beat.next() == now + 10 * SECOND);
            now = beat.next();
        }
        assert_eq!(soon, SOON_AGAIN);
        beat.ended(now, false, recheck);
        beat.begun(now);
        beat.ended(now, true, recheck);
        assert_eq!(beat.next(), now + 10 * SECOND, "the next change is another story");
    }

    #[test]
    fn a_server_that_asks_to_be_left_alone_is_left_alone() {
        let mut beat = beat("sales", NOON);
        beat.hold_off(NOON, Duration::from_secs(3600));
        assert!(beat.is_held_off(NOON));
        assert!(visits(&mut beat, NOON, NOON + 60 * MINUTE).is_empty());
        assert_eq!(visits(&mut beat, NOON + 60 * MINUTE, NOON + 70 * MINUTE).len(), 2);
        beat.hold_off(NOON, Duration::from_secs(u64::MAX));
        assert!(beat.next() <= NOON + 24 * 60 * MINUTE + 6 * MINUTE, "not for ever");
    }
}
