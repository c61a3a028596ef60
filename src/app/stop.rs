//! What ends a run early: Ctrl-C, and what a service manager (SIGTERM) or a terminal that closes (SIGHUP) sends
//! instead. The first ends the run with what is known, the second ends the program.

use mailprobe_probes::wire::CancellationToken;

/// Waits for both, as long as the run goes on. `last_words` are said before the program is ended.
pub(super) async fn stop_on_signal(cancel: CancellationToken, last_words: impl FnOnce()) {
    let mut signals = Signals::new();
    if signals.next().await.is_none() {
        return;
    }
    cancel.cancel();
    if let Some(number) = signals.next().await {
        last_words();
        #[expect(clippy::exit, reason = "the user asked twice; nothing is left to say")]
        std::process::exit(128 + number);
    }
}

/// Comes back with the first of them. From its first poll on they are ours.
#[cfg(feature = "rehearse")]
pub(super) async fn interrupted() {
    if Signals::new().next().await.is_none() {
        // Then it ends by the signal itself.
        std::future::pending::<()>().await;
    }
}

const SIGINT: i32 = 2;
#[cfg(unix)]
const SIGHUP: i32 = 1;
#[cfg(unix)]
const SIGTERM: i32 = 15;

/// The signals that end a run. One that cannot be heard keeps the effect that the system gives it.
struct Signals {
    #[cfg(unix)]
    others: Vec<(i32, tokio::signal::unix::Signal)>,
}

impl Signals {
    #[cfg(unix)]
    fn new() -> Self {
        use tokio::signal::unix::{SignalKind, signal};
        let others = [(SIGTERM, SignalKind::terminate()), (SIGHUP, SignalKind::hangup())];
        // Whoever starts a run with `nohup` wants it to outlive the terminal.
        let wanted = others.into_iter().filter(|(number, _)| *number != SIGHUP || !is_ignored(SIGHUP));
        Self { others: wanted.filter_map(|(number, kind)| Some((number, signal(kind).ok()?))).collect() }
    }

    #[cfg(not(unix))]
    fn new() -> Self {
        Self {}
    }

    /// The number of the next signal; nothing where Ctrl-C cannot be heard.
    #[cfg(unix)]
    async fn next(&mut self) -> Option<i32> {
        use std::task::Poll;
        let others = std::future::poll_fn(|context| {
            for (number, signal) in &mut self.others {
                if matches!(signal.poll_recv(context), Poll::Ready(Some(()))) {
                    return Poll::Ready(*number);
                }
            }
            Poll::Pending
        });
        tokio::select! {
            heard = tokio::signal::ctrl_c() => heard.ok().map(|()| SIGINT),
            number = others => Some(number),
        }
    }

    #[cfg(not(unix))]
    async fn next(&mut self) -> Option<i32> {
        tokio::signal::ctrl_c().await.ok().map(|()| SIGINT)
    }
}

/// Whether this process was started with a signal ignored, as Linux tells it (`SigIgn`, proc(5)); elsewhere nobody says.
#[cfg(unix)]
fn is_ignored(number: i32) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0);
    mask >> (number - 1) & 1 == 1
}
