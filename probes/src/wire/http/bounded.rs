//! Bounds on one HTTP answer, before hyper reads it: on its interim answers, which hyper skips without counting them
//! (RFC 9110 section 15.2 sets no number), on the heads of all together, and on the octets of its content.
//!
//! It looks for the ends of heads and at their status codes, and for nothing else. Where it takes something else for a
//! head than hyper does, one of its bounds is reached all the same.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use parking_lot::{Mutex, MutexGuard};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::MOST_HEAD;
use crate::model::Trouble;
use crate::wire::Excess;

/// Interim answers before an answer. Real servers send one or two.
const MOST_INTERIM: usize = 16;
/// Octets of a status line that are looked at: `HTTP/1.1 100`.
const STATUS: usize = 12;
/// How many octets an octet of content may take on the wire: a chunk of one takes six (RFC 9112 section 7.1).
const WIRE_OCTETS: usize = 8;

/// A stream that ends with an error where an answer goes beyond its bounds.
#[derive(Debug)]
pub(super) struct Bounded<S> {
    inner: S,
    count: Count,
}

/// The count of one connection; clones share it.
#[derive(Debug, Clone)]
pub(super) struct Count(Arc<Mutex<Answer>>);

/// How far an answer has come.
#[derive(Debug)]
struct Answer {
    most_content: usize,
    in_head: bool,
    /// The beginning of the status line.
    status: Vec<u8>,
    /// Whether the status line has ended.
    has_status: bool,
    /// Octets of the line that is read, its end left out.
    line: usize,
    interim: usize,
    head: usize,
    content: usize,
}

impl<S> Bounded<S> {
    /// Counts what comes from `inner`; of content it takes what `most_content` octets may need on the wire.
    pub(super) fn new(inner: S, most_content: usize) -> (Self, Count) {
        let count = Count(Arc::new(Mutex::new(Answer::new(most_content))));
        (Self { inner, count: count.clone() }, count)
    }
}

impl Count {
    /// Another answer begins.
    pub(super) fn begin(&self) {
        let mut answer = self.answer();
        *answer = Answer::new(answer.most_content);
    }

    fn answer(&self) -> MutexGuard<'_, Answer> {
        self.0.lock()
    }
}

impl Answer {
    const fn new(most_content: usize) -> Self {
        Self {
            most_content,
            in_head: true,
            status: Vec::new(),
            has_status: false,
            line: 0,
            interim: 0,
            head: 0,
            content: 0,
        }
    }

    fn take(&mut self, bytes: &[u8]) -> io::Result<()> {
        for (at, octet) in bytes.iter().enumerate() {
            if !self.in_head {
                self.content += bytes.len() - at;
                break;
            }
            self.head += 1;
            self.octet_of_head(*octet);
        }
        if self.interim > MOST_INTERIM {
            let detail = format!("more than {MOST_INTERIM} interim answers (1xx) and no answer");
            return Err(Excess::error(Trouble::TooManyInterimAnswers, detail));
        }
        if self.head > MOST_HEAD {
            let detail = format!("the header of the answer has more than {MOST_HEAD} octets");
            return Err(Excess::error(Trouble::ReplyTooLarge, detail));
        }
        let most = self.most_content.saturating_mul(WIRE_OCTETS).saturating_add(MOST_HEAD);
        if self.content > most {
            let detail = format!("the server sent more than {most} octets");
            return Err(Excess::error(Trouble::ReplyTooLarge, detail));
        }
        Ok(())
    }

    fn octet_of_head(&mut self, octet: u8) {
        match octet {
            b'\n' if self.line > 0 => {
                self.has_status = true;
                self.line = 0;
            }
            // Empty lines before the status line are skipped, by hyper too.
            b'\n' if !self.has_status => {}
            b'\n' => self.end_of_head(),
            b'\r' => {}
            _ => {
                self.line += 1;
                if !self.has_status && self.status.len() < STATUS {
                    self.status.push(octet);
                }
            }
        }
    }

    fn end_of_head(&mut self) {
        // 101 is a final answer, to a question that is not asked here.
        let interim = match self.status.get(9..) {
            Some([b'1', b'0', b'1']) => false,
            Some([b'1', tens, ones]) => tens.is_ascii_digit() && ones.is_ascii_digit(),
            _ => false,
        };
        self.in_head = interim;
        self.interim += usize::from(interim);
        self.status.clear();
        self.has_status = false;
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Bounded<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        ready!(Pin::new(&mut self.inner).poll_read(cx, buf))?;
        let fresh = buf.filled().get(before..).unwrap_or_default();
        Poll::Ready(self.count.answer().take(fresh))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Bounded<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(pieces: &[&[u8]]) -> (Answer, io::Result<()>) {
        let mut answer = Answer::new(1000);
        let taken = pieces.iter().try_for_each(|piece| answer.take(piece));
        (answer, taken)
    }

    #[test]
    fn heads_end_with_an_empty_line_however_they_arrive() {
        let said = b"HTTP/1.1 100 Continue\r\n\r\n\r\nHTTP/1.1 103 Early Hints\nLink: x\n\nHTTP/1.1 200 OK\r\nA: b\r\n\r\ncontent";
        let octets: Vec<&[u8]> = said.chunks(1).collect();
        for pieces in [&octets[..], &[&said[..]]] {
            let (answer, outcome) = taken(pieces);
            assert!(outcome.is_ok());
            assert_eq!((answer.interim, answer.in_head, answer.content), (2, false, 7));
        }
    }

    #[test]
    fn what_is_not_interim_is_the_answer() {
        for line in ["HTTP/1.1 101 Switching", "HTTP/1.1 204", "HTTP/1.1 1xx", "HTTP/1.1 1", "220 mx ESMTP"] {
            let (answer, _) = taken(&[format!("{line}\r\n\r\n1").as_bytes()]);
            assert_eq!((answer.interim, answer.content), (0, 1), "{line}");
        }
    }

    #[test]
    fn every_part_has_a_bound_and_a_new_answer_begins_anew() {
        let cause = |outcome: io::Result<()>| {
            crate::wire::from_io(crate::model::Phase::Auth, &outcome.unwrap_err()).cause
        };
        let interim = b"HTTP/1.1 102 Processing\r\n\r\n";
        assert!(taken(&[&interim.repeat(MOST_INTERIM)]).1.is_ok());
        assert_eq!(cause(taken(&[&interim.repeat(MOST_INTERIM + 1)]).1), Trouble::TooManyInterimAnswers);
        assert_eq!(cause(taken(&[b"HTTP/1.1 200 OK\r\n", &vec![b'a'; MOST_HEAD]]).1), Trouble::ReplyTooLarge);
        assert_eq!(cause(taken(&[&b"\r\n".repeat(MOST_HEAD)]).1), Trouble::ReplyTooLarge);
        let content = vec![b'a'; 8 * 1000 + MOST_HEAD];
        assert!(taken(&[b"HTTP/1.1 200 OK\r\n\r\n", &content]).1.is_ok());
        assert_eq!(cause(taken(&[b"HTTP/1.1 200 OK\r\n\r\na", &content]).1), Trouble::ReplyTooLarge);
        let (_, count) = Bounded::new(tokio::io::empty(), 1000);
        count.answer().take(&interim.repeat(MOST_INTERIM)).unwrap();
        count.begin();
        count.answer().take(&interim.repeat(MOST_INTERIM)).unwrap();
    }
}
