//! A command that is handed each notice as JSON on its standard input. No shell: the program and its arguments are
//! separate words, and nothing of a notice is ever an argument or a variable.

use std::process::Stdio;

use mailprobe_probes::model::harmless;
use mailprobe_probes::wire::BoxFuture;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::{Form, Refusal, Sink};
use crate::alert::message::cut;
use crate::alert::notice::Notice;
use crate::view::Micros;

/// Octets of its complaint that are read.
const MOST: u64 = 4 * 1024;

/// A command.
#[derive(Debug, Clone)]
pub struct Command {
    /// The program.
    pub program: String,
    /// Its arguments.
    pub arguments: Vec<String>,
}

impl Sink for Command {
    fn take<'a>(&'a self, notice: &'a Notice, now: Micros) -> BoxFuture<'a, Result<(), Refusal>> {
        Box::pin(async move {
            let document = format!("{}\n", Form::Json.document(notice, now));
            let failed = |what: &str, error: std::io::Error| Refusal::down(format!("{what}: {error}"));
            // Whoever takes too long is ended with the future.
            let mut child = tokio::process::Command::new(&self.program)
                .args(&self.arguments)
                .stdin(Stdio::piped())
                .stdout(Stdio::null())
                .stderr(Stdio::piped())
                .kill_on_drop(true)
                .spawn()
                .map_err(|error| failed("the command cannot be started", error))?;
            let (stdin, stderr) = (child.stdin.take(), child.stderr.take());
            let write = async {
                if let Some(mut stdin) = stdin {
                    // A command that does not want to know is judged by its exit status.
                    let _ = stdin.write_all(document.as_bytes()).await;
                    let _ = stdin.shutdown().await;
                }
            };
            let read = async {
                let mut said = Vec::new();
                if let Some(stderr) = stderr {
                    let mut bounded = stderr.take(MOST);
                    let _ = bounded.read_to_end(&mut said).await;
                    // The rest is taken as well, so that the command never waits for us.
                    let _ = tokio::io::copy(&mut bounded.into_inner(), &mut tokio::io::sink()).await;
                }
                said
            };
            let ((), said, status) = tokio::join!(write, read, child.wait());
            let status = status.map_err(|error| failed("the command cannot be waited for", error))?;
            if status.success() {
                return Ok(());
            }
            let first = said.split(|byte| *byte == b'\n').next().unwrap_or_default();
            let said = cut(&harmless(first), 200);
            let words =
                format!("the command failed ({status}){}{said}", if said.is_empty() { "" } else { ": " });
            Err(Refusal::down(words))
        })
    }
}
