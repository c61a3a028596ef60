//! What systemd is told of a service of type `notify` (sd_notify(3)): ready, reloading, stopping, and that it lives.
//! Elsewhere nobody listens, and nothing is said.

use std::time::Duration;

#[cfg(target_os = "linux")]
use sd_notify::NotifyState;

/// Ready to work, or again.
pub(super) fn ready(status: &str) {
    #[cfg(target_os = "linux")]
    tell(&[NotifyState::Ready, NotifyState::Status(status)]);
    #[cfg(not(target_os = "linux"))]
    let _ = status;
}

/// The configuration is read again; [`ready`] ends that.
pub(super) fn reloading() {
    #[cfg(target_os = "linux")]
    if let Ok(now) = NotifyState::monotonic_usec_now() {
        tell(&[NotifyState::Reloading, now]);
    }
}

/// The end has begun.
pub(super) fn stopping() {
    #[cfg(target_os = "linux")]
    tell(&[NotifyState::Stopping]);
}

/// It still goes round.
pub(super) fn alive() {
    #[cfg(target_os = "linux")]
    tell(&[NotifyState::Watchdog]);
}

/// How often systemd wants to hear that, where it does.
pub(super) fn watchdog() -> Option<Duration> {
    #[cfg(target_os = "linux")]
    {
        let mut micros = 0;
        // Half of the time that is allowed, as sd_watchdog_enabled(3) recommends.
        sd_notify::watchdog_enabled(false, &mut micros).then(|| Duration::from_micros(micros / 2))
    }
    #[cfg(not(target_os = "linux"))]
    None
}

#[cfg(target_os = "linux")]
fn tell(states: &[NotifyState<'_>]) {
    // Without a socket there is nobody to tell; with one that fails, nothing helps.
    let _ = sd_notify::notify(false, states);
}
