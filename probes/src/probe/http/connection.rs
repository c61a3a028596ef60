//! One HTTP connection of a visit: opened, asked, and what its answers told.

use std::time::Instant;

use super::super::link::Link;
use crate::model::{Command, Fact, Failure, HttpRequest, LineRange, Phase, Transport, Trouble};
use crate::service::Subject;
use crate::wire::{Answered, HttpConnection, Place};

/// Octets of content that are read of one answer: a list of all folders fits, a web page need not.
const MOST_CONTENT: usize = 256 * 1024;

/// A connection that speaks HTTP.
pub(super) struct Connection<'a> {
    pub(super) link: Link<'a>,
    pub(super) subject: Subject,
    pub(super) facts: Vec<Fact>,
    http: Option<HttpConnection>,
    authority: String,
}

impl<'a> Connection<'a> {
    pub(super) fn new(link: Link<'a>, subject: Subject) -> Self {
        let authority = link.task.endpoint.authority();
        Self { link, subject, facts: Vec::new(), http: None, authority }
    }

    /// TCP, and TLS where the endpoint has it, up to the last phase asked for.
    pub(super) async fn open(&mut self, place: &Place) -> Result<(), Failure> {
        let stop = self.link.task.options.stop_after;
        self.http = None;
        if stop < Phase::Connect {
            return Ok(());
        }
        let io = self.link.dial(place).await?;
        let stream = if self.link.task.endpoint.transport == Transport::Plaintext {
            self.link.in_clear(io)
        } else if stop < Phase::Tls {
            return Ok(());
        } else {
            self.link.handshake(io).await?
        };
        self.http = Some(HttpConnection::new(stream, MOST_CONTENT).await?);
        Ok(())
    }

    /// One request and its answer, within the time of one reply.
    pub(super) async fn ask(
        &mut self,
        phase: Phase,
        request: &HttpRequest,
        authorization: Option<&Command>,
    ) -> Result<Answered, Failure> {
        let Some(http) = self.http.as_mut() else {
            return Err(Failure::new(phase, Trouble::ConnectionClosed, "the connection is closed"));
        };
        let mut request = request.clone();
        // What a support case is found by: the server repeats it in its log and in its answer.
        if let Some(id) = request_id() {
            request.headers.push(("client-request-id", id));
        }
        let begun = Instant::now();
        let limit = self.link.task.options.reply_timeout;
        let asking = http.ask(phase, &request, &self.authority, authorization);
        let answered = self.link.patience.wait(phase, limit, asking).await;
        self.link.spent(phase, begun);
        let answered = answered.and_then(|answered| answered);
        if answered.is_err() {
            self.link.log.settle();
            self.http = None;
        }
        answered
    }

    /// Whether the server has kept the connection open.
    pub(super) fn is_open(&self) -> bool {
        self.http.as_ref().is_some_and(HttpConnection::is_open)
    }

    /// Remembers what an answer told.
    pub(super) fn learn(&mut self, facts: Vec<(&'static str, String)>, evidence: LineRange) {
        self.facts.extend(facts.into_iter().map(|(name, value)| Fact {
            name: name.to_owned(),
            value,
            evidence,
        }));
    }
}

/// A random UUID (RFC 9562 section 5.4).
fn request_id() -> Option<String> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).ok()?;
    let value = u128::from_be_bytes(bytes) & !(0xf000 << 64) & !(0b11 << 62) | (0x4000 << 64) | (0b10 << 62);
    let hex = format!("{value:032x}");
    let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
    Some([part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)].join("-"))
}

#[cfg(test)]
mod tests {
    use super::request_id;

    #[test]
    fn a_request_id_is_a_uuid_of_version_4() {
        let id = request_id().unwrap();
        let shape: String = id.chars().map(|c| if c.is_ascii_hexdigit() { 'x' } else { c }).collect();
        assert_eq!(shape, "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx");
        assert_eq!(&id[14..15], "4");
        assert!("89ab".contains(&id[19..20]), "{id}");
    }
}
