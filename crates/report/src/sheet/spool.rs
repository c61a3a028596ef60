//! Where finished parts of a document wait for its end: a file that a reader can find, or one that nobody sees.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write};

/// What is held in memory before a file is made: the reports of most runs.
const IN_MEMORY: usize = 256 * 1024;
/// How much is copied at a time.
const AT_ONCE: u64 = 64 * 1024;

/// Text that is only ever added to, and read back in any order.
#[derive(Debug)]
pub struct Spool {
    held: Held,
    len: u64,
}

#[derive(Debug)]
enum Held {
    /// Whether a file may take over once it has grown.
    Memory(Vec<u8>, bool),
    /// One that nobody sees.
    Unseen(File),
    Seen(File),
}

/// One part of a spool.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Span {
    pub(super) at: u64,
    pub(super) len: u32,
}

impl Spool {
    /// A spool that stays in memory, for documents that do.
    pub const fn in_memory() -> Self {
        Self { held: Held::Memory(Vec::new(), false), len: 0 }
    }

    /// A spool that goes into a file without a name once it has grown. Where there is no room for such a file, it is in
    /// memory.
    pub const fn unseen() -> Self {
        Self { held: Held::Memory(Vec::new(), true), len: 0 }
    }

    /// A spool in a file, which is empty and was opened to be read and added to at its end.
    pub const fn of(file: File) -> Self {
        Self { held: Held::Seen(file), len: 0 }
    }

    /// Adds a part. One that cannot be written whole leaves nothing of itself.
    pub(crate) fn add(&mut self, text: &str) -> io::Result<Span> {
        let span = Span { at: self.len, len: u32::try_from(text.len()).map_err(|_| too_long())? };
        match &mut self.held {
            Held::Memory(bytes, may_leave) => {
                bytes.extend_from_slice(text.as_bytes());
                if *may_leave && bytes.len() > IN_MEMORY {
                    match moved(bytes) {
                        Ok(file) => self.held = Held::Unseen(file),
                        Err(_) => *may_leave = false,
                    }
                }
            }
            Held::Unseen(file) => {
                if added(file, self.len, text).is_err() {
                    let mut bytes = back(file, self.len)?;
                    bytes.extend_from_slice(text.as_bytes());
                    self.held = Held::Memory(bytes, false);
                }
            }
            Held::Seen(file) => added(file, self.len, text)?,
        }
        self.len += u64::from(span.len);
        Ok(span)
    }

    /// Copies a part.
    pub(crate) fn copy(&mut self, span: Span, out: &mut dyn Write) -> io::Result<()> {
        match &mut self.held {
            Held::Memory(bytes, _) => {
                let at = usize::try_from(span.at).map_err(|_| too_long())?;
                let len = usize::try_from(span.len).map_err(|_| too_long())?;
                let part = bytes.get(at..at.saturating_add(len));
                out.write_all(part.ok_or(io::ErrorKind::UnexpectedEof)?)
            }
            Held::Unseen(file) | Held::Seen(file) => {
                file.seek(SeekFrom::Start(span.at))?;
                let mut left = u64::from(span.len);
                let mut buffer = vec![0; usize::try_from(left.min(AT_ONCE)).unwrap_or(0)];
                while left > 0 {
                    let now = usize::try_from(left.min(AT_ONCE)).unwrap_or(0);
                    let part = buffer.get_mut(..now).ok_or(io::ErrorKind::UnexpectedEof)?;
                    file.read_exact(part)?;
                    out.write_all(part)?;
                    left -= u64::try_from(now).unwrap_or(left);
                }
                Ok(())
            }
        }
    }

    /// Reads a part.
    pub(crate) fn read(&mut self, span: Span) -> io::Result<String> {
        let mut bytes = Vec::with_capacity(usize::try_from(span.len).unwrap_or(0));
        self.copy(span, &mut bytes)?;
        String::from_utf8(bytes).map_err(|_| io::ErrorKind::InvalidData.into())
    }

    /// Octets so far.
    pub const fn len(&self) -> u64 {
        self.len
    }

    /// Whether nothing was added yet.
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }
}

/// Adds to a file of this length, which keeps it where not all of the text can be written.
fn added(file: &mut File, len: u64, text: &str) -> io::Result<()> {
    // Somebody may have read from it meanwhile.
    file.seek(SeekFrom::Start(len))?;
    file.write_all(text.as_bytes()).inspect_err(|_| drop(file.set_len(len)))
}

/// What is in a file of this length.
fn back(file: &mut File, len: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(0))?;
    file.take(len).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// A file without a name that holds these octets.
fn moved(bytes: &[u8]) -> io::Result<File> {
    let mut file = tempfile::tempfile()?;
    file.write_all(bytes)?;
    Ok(file)
}

fn too_long() -> io::Error {
    io::Error::new(io::ErrorKind::FileTooLarge, "a report is larger than 4 GiB")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_read_back_in_any_order_from_memory_and_from_a_file() {
        let named = tempfile::tempfile().unwrap();
        for mut spool in [Spool::in_memory(), Spool::unseen(), Spool::of(named)] {
            let long = "x".repeat(IN_MEMORY + 1);
            let spans: Vec<_> = ["one", &long, "", "three"].map(|text| spool.add(text).unwrap()).into();
            assert_eq!(spool.read(spans[3]).unwrap(), "three");
            assert_eq!(spool.read(spans[1]).unwrap(), long);
            let fifth = spool.add("five").unwrap();
            assert_eq!(spool.read(spans[0]).unwrap(), "one");
            assert_eq!(spool.read(spans[2]).unwrap(), "");
            assert_eq!(spool.read(fifth).unwrap(), "five");
            assert_eq!(spool.len(), u64::try_from(IN_MEMORY + 1 + 12).unwrap());
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn what_cannot_be_written_is_an_error() {
        let file = File::options().read(true).append(true).open("/dev/full").unwrap();
        assert_eq!(Spool::of(file).add("one").unwrap_err().kind(), io::ErrorKind::StorageFull);
    }
}
