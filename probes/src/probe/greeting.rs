//! The server's first unit, and what its silence means.
//!
//! A server that waits for TLS where it should speak first says nothing, ever. The last quarter of the time that a
//! greeting has is spent on asking it, beside waiting on: the question takes no time of its own.

use super::connection::Connection;
use super::link::Link;
use super::tls_versions;
use crate::model::{Failure, LineRange, Phase, Trouble};
use crate::wire::Place;

/// One framed unit, within the time of one reply; or why there is none.
pub(super) async fn first_unit(
    connection: &mut Connection<'_>,
    place: &Place,
) -> Result<(Vec<u8>, LineRange), Failure> {
    let link = &connection.link;
    if link.number != 1 || link.tls.is_some() {
        return connection.unit(Phase::Greeting).await;
    }
    let (patience, limit) = (link.patience.clone(), link.task.options.reply_timeout);
    let mut other = Link::new(link.task, link.tools, patience.clone(), link.log.clone(), link.number);
    let last = limit / 4;
    match patience
        .wait(Phase::Greeting, limit.saturating_sub(last), connection.read_unit(Phase::Greeting))
        .await
    {
        Err(failure) if failure.cause == Trouble::Timeout => {}
        heard => return heard?,
    }
    let protocol = connection.dialect.protocol();
    let mut asked = !connection.buffer.is_empty();
    let mut asking = std::pin::pin!(tls_versions::waits_for_tls(&mut other, place, last));
    let mut reading =
        std::pin::pin!(patience.wait(Phase::Greeting, last, connection.read_unit(Phase::Greeting)));
    loop {
        tokio::select! {
            biased;
            heard = &mut reading => return heard.unwrap_or_else(|failure| Err(match failure.cause {
                // It is late by all of its time, whichever limit ends it.
                Trouble::Timeout | Trouble::Deadline => {
                    let seconds = limit.as_secs_f32();
                    Failure::new(Phase::Greeting, Trouble::Timeout, format!("no answer within {seconds} s"))
                }
                _ => failure,
            })),
            waits = &mut asking, if !asked => {
                asked = true;
                if waits {
                    let detail = format!("TLS answers on this port, not {protocol} in the clear");
                    return Err(Failure::new(Phase::Greeting, Trouble::WrongProtocol, detail));
                }
            }
        }
    }
}
