//! What one connection of a server does, step by step.

use std::time::Duration;

use super::Flaw;

/// Computes what is sent from the lines received so far.
pub(crate) type Answer = Box<dyn Fn(&[String]) -> Vec<u8> + Send>;

/// Answers one line after the other.
pub(crate) type Clerk = Box<dyn FnMut(&str) -> Said + Send>;

/// What a server that answers line by line says to one line.
pub(crate) struct Said {
    pub(crate) bytes: Vec<u8>,
    /// Whether it then closes the connection.
    pub(crate) closes: bool,
}

impl From<Vec<u8>> for Said {
    fn from(bytes: Vec<u8>) -> Self {
        Self { bytes, closes: false }
    }
}

/// Answers one HTTP request after the other: from the head, with its lines joined by a line feed, and the content.
pub(crate) type Web = Box<dyn FnMut(&str, &[u8]) -> Vec<u8> + Send>;

/// One step. In everything that is sent, `{tag}` stands for the tag of the last command.
pub(crate) enum Step {
    /// Sends these bytes in one piece.
    Send(Vec<u8>),
    /// Sends them one at a time.
    Slowly(Vec<u8>, Duration),
    /// Sends them again and again: so many times, or until the client hangs up.
    Repeat(Vec<u8>, Option<usize>),
    /// Sends what a function makes of the lines received so far.
    Make(Answer),
    /// Reads a line, takes its first word for a tag and compares the rest with a pattern.
    Command(String),
    /// Reads a line and compares it with a pattern.
    Client(String),
    /// Reads so many bytes.
    Octets(usize),
    /// Takes part in a TLS handshake as this server.
    Tls(Flaw, &'static rustls::SupportedProtocolVersion),
    /// Closes the connection.
    Close,
    /// Resets it (TCP only).
    Reset,
    /// Does something else.
    Do(Box<dyn FnOnce() + Send>),
    /// Answers every further HTTP request; nothing said means that the connection is closed.
    Web(Web),
    /// Answers every further line with the bytes that a function gives for it, until the client hangs up.
    Serve(Clerk),
}

/// The steps of one connection. When they are used up, the server says nothing more and listens until the
/// client hangs up.
#[derive(Default)]
pub(crate) struct Script(pub(crate) Vec<Step>);

impl Script {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    pub(crate) fn step(mut self, step: Step) -> Self {
        self.0.push(step);
        self
    }

    /// Says a line.
    pub(crate) fn line(self, text: &str) -> Self {
        self.raw(format!("{text}\r\n"))
    }

    /// Sends bytes as they are.
    pub(crate) fn raw(self, bytes: impl Into<Vec<u8>>) -> Self {
        self.step(Step::Send(bytes.into()))
    }

    pub(crate) fn slowly(self, bytes: &str, pause: Duration) -> Self {
        self.step(Step::Slowly(bytes.into(), pause))
    }

    pub(crate) fn for_ever(self, bytes: impl Into<Vec<u8>>) -> Self {
        self.step(Step::Repeat(bytes.into(), None))
    }

    pub(crate) fn make(self, answer: impl Fn(&[String]) -> Vec<u8> + Send + 'static) -> Self {
        self.step(Step::Make(Box::new(answer)))
    }

    /// Expects a command; `*` in the pattern stands for anything.
    pub(crate) fn command(self, pattern: &str) -> Self {
        self.step(Step::Command(pattern.into()))
    }

    /// Expects a line that is no command.
    pub(crate) fn client(self, pattern: &str) -> Self {
        self.step(Step::Client(pattern.into()))
    }

    pub(crate) fn octets(self, count: usize) -> Self {
        self.step(Step::Octets(count))
    }

    pub(crate) fn tls(self) -> Self {
        self.tls_as(Flaw::None)
    }

    pub(crate) fn tls_as(self, flaw: Flaw) -> Self {
        self.step(Step::Tls(flaw, &rustls::version::TLS13))
    }

    pub(crate) fn close(self) -> Self {
        self.step(Step::Close)
    }

    pub(crate) fn reset(self) -> Self {
        self.step(Step::Reset)
    }

    pub(crate) fn run(self, action: impl FnOnce() + Send + 'static) -> Self {
        self.step(Step::Do(Box::new(action)))
    }

    pub(crate) fn web(self, answer: impl FnMut(&str, &[u8]) -> Vec<u8> + Send + 'static) -> Self {
        self.step(Step::Web(Box::new(answer)))
    }

    pub(crate) fn serve<S: Into<Said>>(self, mut answer: impl FnMut(&str) -> S + Send + 'static) -> Self {
        self.step(Step::Serve(Box::new(move |line| answer(line).into())))
    }

    /// A greeting with this capability list.
    pub(crate) fn ready(self, capabilities: &str) -> Self {
        self.line(&format!("* OK [CAPABILITY {capabilities}] ready"))
    }

    /// PLAIN in one line, up to the server's verdict.
    pub(crate) fn plain(self) -> Self {
        self.ready("IMAP4rev1 SASL-IR AUTH=PLAIN").command("AUTHENTICATE PLAIN *")
    }

    /// A login is accepted with a list, so that nobody has to ask for one.
    pub(crate) fn accepted(self) -> Self {
        self.line("{tag} OK [CAPABILITY IMAP4rev1 IDLE] welcome")
    }

    /// INBOX opens.
    pub(crate) fn inbox_opens(self) -> Self {
        self.command("EXAMINE INBOX")
            .line("* FLAGS (\\Answered \\Seen)")
            .line("* 3 EXISTS")
            .line("* OK [UIDVALIDITY 1] valid")
            .line("{tag} OK [READ-ONLY] done")
            .command("LOGOUT")
    }
}
