//! The first line of a shell command's output, bounded in size and time.

use std::io::Read as _;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use zeroize::Zeroizing;

/// How often a command that has closed its output is asked whether it has ended.
const POLL: Duration = Duration::from_millis(10);

/// Runs a command and returns the first line of what it prints, with its line end.
///
/// Standard input is closed (a password manager asks on the terminal itself) and standard error goes to the
/// user. What was printed shows in no message.
pub(super) fn first_line(line: &str, longest: usize, time: Duration) -> Result<Zeroizing<Vec<u8>>, String> {
    let deadline = Instant::now() + time;
    let mut child = shell(line)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()
        .map_err(|error| format!("cannot be started: {error}"))?;
    let result = collect(&mut child, longest, deadline, time);
    if result.is_err() {
        // Without effect on a command that has ended by itself.
        let _ = child.kill();
        let _ = child.wait();
    }
    result
}

fn collect(
    child: &mut Child,
    longest: usize,
    deadline: Instant,
    time: Duration,
) -> Result<Zeroizing<Vec<u8>>, String> {
    let late = || format!("took longer than {} s and was stopped", time.as_secs().max(1));
    let stdout = child.stdout.take().ok_or("has no output")?;
    let bound = u64::try_from(longest).unwrap_or(u64::MAX).saturating_add(3);
    let (send, receive) = mpsc::channel();
    // A thread, because a read from a pipe cannot be given a deadline. It ends with the command's output.
    std::thread::spawn(move || {
        let mut printed = Zeroizing::new(Vec::new());
        let outcome = stdout.take(bound).read_to_end(&mut printed).map(|_| printed);
        let _ = send.send(outcome);
    });
    let left = deadline.saturating_duration_since(Instant::now());
    let printed = receive
        .recv_timeout(left)
        .map_err(|_| late())?
        .map_err(|error| format!("cannot be read from: {error}"))?;
    if printed.len() > longest + 2 {
        return Err(format!("printed more than {} KiB", longest / 1024));
    }
    let status = loop {
        match child.try_wait().map_err(|error| format!("cannot be waited for: {error}"))? {
            Some(status) => break status,
            None if Instant::now() >= deadline => return Err(late()),
            None => std::thread::sleep(POLL),
        }
    };
    if !status.success() {
        return Err(format!("failed ({status})"));
    }
    let end = printed.iter().position(|byte| *byte == b'\n').map_or(printed.len(), |at| at + 1);
    Ok(Zeroizing::new(printed.get(..end).unwrap_or_default().to_vec()))
}

#[cfg(windows)]
fn shell(line: &str) -> Command {
    use std::os::windows::process::CommandExt as _;
    let mut command = Command::new("cmd");
    // As typed: cmd has quoting rules of its own.
    command.raw_arg("/C").raw_arg(line);
    command
}

#[cfg(not(windows))]
fn shell(line: &str) -> Command {
    let mut command = Command::new("sh");
    command.arg("-c").arg(line);
    command
}
