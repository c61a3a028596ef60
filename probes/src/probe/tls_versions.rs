//! Which versions of TLS a server takes: one short connection for each, which ends with the server's answer to the
//! hello. It works where no session comes about, and a server that takes nothing but TLS 1.0 is why it exists.

use std::time::Duration;

use futures_util::future::join_all;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::link::Link;
use super::story::Story;
use super::visit::Visit;
use crate::model::{
    Failure, Line, LineRange, Phase, Protocol, TlsAnswer, TlsProtocol, TlsVersion, Transport, Trouble,
};
use crate::wire::tls_versions::{Heard, MOST, hello, read};
use crate::wire::{Io, Place, Redactor, from_io};

/// One version, and what its connection leaves behind.
pub(super) struct Asked {
    pub(super) version: TlsVersion,
    pub(super) lines: Vec<Line>,
    pub(super) redactor: Redactor,
    /// The first line in which the server repeated a secret of another connection.
    pub(super) echoed: Option<u32>,
}

/// What an answer says of the version.
enum Said {
    Yes {
        cipher: String,
        words: &'static str,
    },
    No(String),
    /// No, if the server takes another version; else it may be about anything.
    Hint(Failure),
    Nothing(Failure),
}

/// Asks for every version, where that is wanted, on connections that are numbered after those of the visit.
pub(super) async fn ask(visit: &Visit<'_>, place: &Place, stories: &[Story]) -> Vec<Asked> {
    let task = visit.task;
    if !task.options.tls_versions
        || task.endpoint.transport == Transport::Plaintext
        || task.options.stop_after < Phase::Connect
    {
        return Vec::new();
    }
    let number = stories.iter().map(|story| story.number).max().unwrap_or_default();
    // Where nobody listens, four connections more tell nothing more.
    let unreachable = match stories.first() {
        Some(first) if stories.iter().all(|story| story.peer.is_none()) => first.failure.as_ref(),
        _ => None,
    };
    let asking = TlsProtocol::ALL.iter().zip(number + 1..).map(|(version, number)| async move {
        let link = visit.new_link(number);
        let log = link.log.clone();
        let (said, evidence) = match unreachable {
            Some(failure) => (Said::Nothing(failure.clone()), None),
            None => one(visit, link, *version, place).await,
        };
        (*version, log, said, evidence)
    });
    let answers = join_all(asking).await;
    let takes_any = answers.iter().any(|(_, _, said, _)| matches!(said, Said::Yes { .. }));
    let asked = answers.into_iter().map(|(version, log, said, evidence)| Asked {
        version: TlsVersion { version, answer: settled(said, evidence, takes_any) },
        lines: log.finish(),
        redactor: log.redactor(),
        echoed: log.echoed(),
    });
    asked.collect()
}

/// Whether a server that says nothing by itself waits for TLS: on an endpoint where it should speak first, its silence
/// is all there is to hear. The question has a connection of its own, and no more time than `limit`.
pub(super) async fn waits_for_tls(link: &mut Link<'_>, place: &Place, limit: Duration) -> bool {
    let mut random = [[0_u8; 32]; 3];
    if random.iter_mut().any(|part| getrandom::fill(part).is_err()) {
        return false;
    }
    let version = TlsProtocol::Tls12;
    let hello = hello(version, &link.task.endpoint.host, &random);
    let patience = link.patience.clone();
    let asking = async {
        let mut io = link.dial(place).await.ok()?;
        Some(exchange(link, &mut *io, &hello, version).await)
    };
    let answered = match patience.wait(Phase::Tls, limit, asking).await {
        Ok(None) => return false,
        Ok(Some(Said::Yes { .. } | Said::No(_))) => true,
        Ok(Some(Said::Hint(failure))) => failure.cause == Trouble::TlsHandshake,
        Ok(Some(Said::Nothing(_))) | Err(_) => false,
    };
    let words = if answered { "TLS answered" } else { "no TLS answered" };
    link.log.note(&format!("nothing was said, so a ClientHello was sent on another connection: {words}"));
    answered
}

fn settled(said: Said, evidence: Option<LineRange>, takes_any: bool) -> TlsAnswer {
    match (said, evidence) {
        (Said::Yes { cipher, words }, Some(evidence)) => {
            TlsAnswer::Accepted { cipher, words: words.to_owned(), evidence }
        }
        (Said::No(words), Some(evidence)) => TlsAnswer::Refused { words, evidence },
        (Said::Hint(failure), Some(evidence)) if takes_any => {
            TlsAnswer::Refused { words: failure.detail, evidence }
        }
        (Said::Hint(failure) | Said::Nothing(failure), evidence) => {
            TlsAnswer::Inconclusive { failure, evidence }
        }
        (Said::Yes { .. } | Said::No(_), None) => TlsAnswer::Inconclusive {
            failure: Failure::new(Phase::Tls, Trouble::Bug, "an answer without its lines"),
            evidence: None,
        },
    }
}

/// One connection from beginning to end, with the lines that show what was said.
async fn one(
    visit: &Visit<'_>,
    link: Link<'_>,
    version: TlsProtocol,
    place: &Place,
) -> (Said, Option<LineRange>) {
    let log = link.log.clone();
    // Held until the end of the connection.
    let opened = match visit.slots().await {
        Ok(slots) => {
            let (link, io) = visit.conversation.until_tls(link, place).await;
            io.map(|io| (io, link, slots))
        }
        Err(failure) => Err(failure),
    };
    let (mut io, link, _slots) = match opened {
        Ok(opened) => opened,
        Err(failure) => {
            let last = log.note(&format!("{version}: {}: {}", failure.phase, failure.detail));
            return (Said::Nothing(failure), Some(LineRange::new(1, 1).to(last)));
        }
    };
    let mut random = [[0_u8; 32]; 3];
    for part in &mut random {
        if getrandom::fill(part).is_err() {
            let failure = Failure::new(Phase::Tls, Trouble::Bug, "the operating system gives no randomness");
            let note = log.note(&format!("{version}: {}", failure.detail));
            return (Said::Nothing(failure), Some(note));
        }
    }
    let hello = hello(version, &visit.task.endpoint.host, &random);
    let first = log.note(&format!("a ClientHello that offers {version} alone, {} octets", hello.len()));
    let said = exchange(&link, &mut *io, &hello, version).await;
    let words = match &said {
        Said::Yes { cipher, words } => format!("{words}, {cipher}"),
        Said::No(words) => words.clone(),
        Said::Hint(failure) | Said::Nothing(failure) => failure.detail.clone(),
    };
    let last = log.note(&format!("{version}: {words}"));
    (said, Some(first.to(last)))
}

/// Sends the hello and reads as much of the answer as decides.
async fn exchange(link: &Link<'_>, io: &mut dyn Io, hello: &[u8], version: TlsProtocol) -> Said {
    let mut answer = Vec::with_capacity(1024);
    let talking = async {
        io.write_all(hello).await?;
        io.flush().await?;
        loop {
            if let Some(heard) = read(&answer, false, version) {
                return Ok(Some(heard));
            }
            let room = MOST.saturating_sub(answer.len());
            if room == 0 {
                return Ok(None);
            }
            if (&mut *io).take(u64::try_from(room).unwrap_or(u64::MAX)).read_buf(&mut answer).await? == 0 {
                return Ok(read(&answer, true, version));
            }
        }
    };
    let limit = link.task.options.connect_timeout;
    let protocol = link.task.endpoint.protocol;
    let ended: Result<std::io::Result<Option<Heard>>, Failure> =
        link.patience.wait(Phase::Tls, limit, talking).await;
    let failure = match ended {
        Ok(Ok(Some(heard))) => return judged(heard, protocol),
        Ok(Ok(None)) => {
            let detail = format!("more than {MOST} octets and no ServerHello");
            return Said::Nothing(Failure::new(Phase::Tls, Trouble::ReplyTooLarge, detail));
        }
        Ok(Err(error)) => from_io(Phase::Tls, &error),
        Err(failure) => failure,
    };
    // Words in the clear say more than how they ended.
    match read(&answer, true, version) {
        Some(heard @ Heard::NotTls(_)) => judged(heard, protocol),
        _ if answer.is_empty()
            && matches!(failure.cause, Trouble::ConnectionReset | Trouble::ConnectionClosed) =>
        {
            Said::Hint(Failure { detail: "reset the connection".to_owned(), ..failure })
        }
        _ => Said::Nothing(failure),
    }
}

fn judged(heard: Heard, protocol: Protocol) -> Said {
    let failure = |cause, detail: String| Failure::new(Phase::Tls, cause, detail);
    match heard {
        Heard::Chosen { cipher, retry } => {
            Said::Yes { cipher, words: if retry { "HelloRetryRequest" } else { "ServerHello" } }
        }
        Heard::Other(version) => Said::No(format!("answered with {version}")),
        Heard::Alert { name, vague: false } => Said::No(format!("alert {name}")),
        Heard::Alert { name, vague: true } => {
            Said::Hint(failure(Trouble::TlsHandshake, format!("alert {name}")))
        }
        Heard::Nothing => Said::Hint(failure(Trouble::ConnectionClosed, "closed the connection".to_owned())),
        Heard::NotTls(said) if refuses_a_version(protocol, &said) => Said::No(format!("said: {said}")),
        Heard::NotTls(said) => Said::Nothing(failure(
            Trouble::NotTls,
            format!("the peer does not speak TLS here; it said: {said}"),
        )),
        Heard::Broken(what) => {
            Said::Nothing(failure(Trouble::TlsHandshake, format!("the server sent {what}")))
        }
    }
}

/// Whether a sentence in the clear is a no to the version of TLS (`421 4.7.66 TLS 1.0 and 1.1 are not supported`)
/// and not to the connection, which would say nothing of versions.
fn refuses_a_version(protocol: Protocol, said: &str) -> bool {
    let text = said.to_ascii_lowercase();
    let is_no = match protocol {
        Protocol::Imap => text.starts_with("* bye") || text.starts_with("* no") || text.starts_with("* bad"),
        Protocol::Pop3 => text.starts_with("-err"),
        Protocol::Smtp => text.starts_with(['4', '5']),
        _ => false,
    };
    is_no && ["tls 1.", "tlsv1", "tls version"].iter().any(|piece| text.contains(piece))
}
