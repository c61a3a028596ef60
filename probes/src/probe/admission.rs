//! At the gate: a session that is about to present a password waits for its turn.

use std::time::Duration;

use super::link::Link;
use super::news::Board;
use super::{Admission, Options, Pass, PasswordVerdict};
use crate::model::{Kind, Outcome, Phase, Secret, Skip, Trouble};

/// What a secret would travel over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Channel {
    /// A connection without TLS.
    Clear,
    /// TLS, with a certificate that is trusted or not.
    Tls {
        /// Whether it is.
        trusted: bool,
    },
}

/// Whether anything secret may go over this connection at all.
pub(super) fn may_present(link: &Link<'_>) -> Result<(), Skip> {
    let over = |trusted| Channel::Tls { trusted };
    may_go_over(link.tls.as_ref().map_or(Channel::Clear, |facts| over(facts.trusted)), &link.task.options)
}

/// Whether anything secret may go over such a channel.
pub(super) fn may_go_over(channel: Channel, options: &Options) -> Result<(), Skip> {
    match channel {
        Channel::Clear if !options.allow_plaintext => Err(Skip::PlaintextForbidden),
        Channel::Tls { trusted: false } if !options.insecure => Err(Skip::UntrustedForbidden),
        _ => Ok(()),
    }
}

/// Asks the gate where a password is at stake.
pub(super) async fn pass(
    link: &Link<'_>,
    kind: Kind,
    secret: &Secret,
    board: &Board,
) -> Result<Option<Box<dyn Pass>>, Outcome> {
    if kind != Kind::Password {
        if link.number == 1 {
            board.at_gate();
        }
        return Ok(None);
    }
    if link.tools.cancel.is_cancelled() {
        return Err(Outcome::NotTried { skip: Skip::Cancelled });
    }
    let long = Duration::from_secs(24 * 3600);
    let account = &link.task.login.authcid;
    let endpoint = link.task.destination();
    let asking = async {
        // On one endpoint the first connection asks first, so that two runs try in the same order.
        if link.number != 1 {
            board.until_at_gate().await;
        }
        let admission = link.tools.gate.admit(account, &endpoint, secret);
        if link.number == 1 {
            // The request is queued when it is first polled; the others come after it.
            let mut admission = admission;
            let first = futures_util::future::poll_immediate(&mut admission).await;
            board.at_gate();
            match first {
                Some(decided) => decided,
                None => admission.await,
            }
        } else {
            admission.await
        }
    };
    match link.patience.wait(Phase::Auth, long, asking).await {
        Ok(Admission::Go(pass)) if link.tools.cancel.is_cancelled() => {
            pass.settle(PasswordVerdict::NotLookedAt);
            Err(Outcome::NotTried { skip: Skip::Cancelled })
        }
        Ok(Admission::Go(pass)) => Ok(Some(pass)),
        Ok(Admission::Denied) => Err(Outcome::NotTried { skip: Skip::Budget }),
        Err(failure) if failure.cause == Trouble::Cancelled => {
            Err(Outcome::NotTried { skip: Skip::Cancelled })
        }
        Err(failure) => Err(Outcome::Inconclusive { failure, answer: None, evidence: None }),
    }
}
