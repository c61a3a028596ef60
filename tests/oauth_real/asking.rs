//! A `mailprobe` that wants something of a person: it runs on while the test reads what it says.

use std::io::{BufRead as _, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use crate::tool::Said;

/// How long it may be silent before the test gives up on it.
const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) struct Asking {
    child: Child,
    lines: Receiver<(bool, String)>,
    out: String,
    err: String,
}

impl Asking {
    pub(crate) fn start(mut command: Command) -> Self {
        let mut child =
            command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (sender, lines) = channel();
        read(child.stdout.take().unwrap(), true, sender.clone());
        read(child.stderr.take().unwrap(), false, sender);
        Self { child, lines, out: String::new(), err: String::new() }
    }

    /// Waits for the line in which there is what the test needs.
    pub(crate) fn until<T>(&mut self, find: impl Fn(&str) -> Option<T>) -> T {
        while let Some(line) = self.line() {
            if let Some(found) = find(&line) {
                return found;
            }
        }
        panic!("it has ended without saying that: {}{}", self.out, self.err);
    }

    /// The same for two things, which may be in one line.
    pub(crate) fn until_both<A, B>(
        &mut self,
        first: impl Fn(&str) -> Option<A>,
        second: impl Fn(&str) -> Option<B>,
    ) -> (A, B) {
        let (mut a, mut b) = (None, None);
        self.until(|_| Some(()));
        loop {
            let so_far = format!("{}{}", self.out, self.err);
            a = a.or_else(|| so_far.lines().find_map(&first));
            b = b.or_else(|| so_far.lines().find_map(&second));
            if let (Some(_), Some(_)) = (&a, &b) {
                return (a.unwrap(), b.unwrap());
            }
            self.until(|_| Some(()));
        }
    }

    /// Lets it come to its end.
    pub(crate) fn says(mut self) -> Said {
        while self.line().is_some() {}
        let status = self.child.wait().unwrap().code().unwrap_or(-1);
        Said { status, out: self.out, err: self.err }
    }

    fn line(&mut self) -> Option<String> {
        match self.lines.recv_timeout(PATIENCE) {
            Ok((is_out, line)) => {
                let all = if is_out { &mut self.out } else { &mut self.err };
                all.push_str(&line);
                Some(line)
            }
            Err(std::sync::mpsc::RecvTimeoutError::Disconnected) => None,
            Err(std::sync::mpsc::RecvTimeoutError::Timeout) => {
                let _ = self.child.kill();
                panic!("it hangs: {}{}", self.out, self.err);
            }
        }
    }
}

fn read(from: impl Read + Send + 'static, is_out: bool, to: Sender<(bool, String)>) {
    std::thread::spawn(move || {
        for line in BufReader::new(from).lines().map_while(Result::ok) {
            if to.send((is_out, line + "\n")).is_err() {
                break;
            }
        }
    });
}

/// The first address of that beginning in a line.
pub(crate) fn address(line: &str, beginning: &str) -> Option<String> {
    let rest = line.get(line.find(beginning)?..)?;
    Some(rest.split(|letter: char| letter.is_whitespace() || "\"'<>".contains(letter)).next()?.to_owned())
}

/// The code that a device shows: `BCDF-GHJK`, as both servers make them.
pub(crate) fn shown_code(line: &str) -> Option<String> {
    let looks = |word: &&str| {
        word.len() == 9
            && word
                .char_indices()
                .all(|(at, letter)| if at == 4 { letter == '-' } else { letter.is_ascii_uppercase() })
    };
    line.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '-').find(looks).map(str::to_owned)
}
