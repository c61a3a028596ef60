//! A copy of a list: what was read once is read again, whatever becomes of the file meanwhile, and whether or not the list came
//! from a pipe.

use std::fs::File;
use std::io::{self, Read, Seek as _, SeekFrom, Write as _};
use std::sync::{Arc, Mutex, PoisonError};

/// Most octets of a list: a million targets of a kibibyte each.
pub(super) const MOST: u64 = 1024 * 1024 * 1024;
/// What is held in memory before a file is made: the lists of most runs.
const IN_MEMORY: usize = 256 * 1024;

/// A copy that grows.
#[derive(Debug)]
pub(super) struct Growing {
    held: Held,
    len: u64,
    most: u64,
}

#[derive(Debug)]
enum Held {
    /// Whether a file may take over once it has grown.
    Memory(Vec<u8>, bool),
    /// A file without a name: it is gone with the process, however that ends.
    File(File),
}

impl Growing {
    /// A copy of at most so many octets.
    pub(super) const fn new(most: u64) -> Self {
        Self { held: Held::Memory(Vec::new(), true), len: 0, most }
    }

    /// Adds what was read.
    fn add(&mut self, bytes: &[u8]) -> io::Result<()> {
        let len = self.len.saturating_add(as_u64(bytes.len()));
        if len > self.most {
            let words = format!("it is longer than {} MiB: split the list", self.most / 1024 / 1024);
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, words));
        }
        match &mut self.held {
            Held::Memory(held, may_leave) => {
                held.extend_from_slice(bytes);
                if *may_leave && held.len() > IN_MEMORY {
                    match moved(held) {
                        Ok(file) => self.held = Held::File(file),
                        Err(_) => *may_leave = false,
                    }
                }
            }
            Held::File(file) => {
                // Where there is no room for the file, the list is held in memory.
                if file.write_all(bytes).is_err() {
                    let mut held = back(file, self.len)?;
                    held.extend_from_slice(bytes);
                    self.held = Held::Memory(held, false);
                }
            }
        }
        self.len = len;
        Ok(())
    }

    /// The copy, to be read as often as one likes.
    pub(super) fn whole(self) -> Copy {
        Copy(Arc::new(match self.held {
            Held::Memory(bytes, _) => Whole::Memory(bytes),
            Held::File(file) => Whole::File(Mutex::new(file)),
        }))
    }
}

/// A file without a name that holds these octets.
fn moved(bytes: &[u8]) -> io::Result<File> {
    let mut file = tempfile::tempfile()?;
    file.write_all(bytes)?;
    Ok(file)
}

/// What was written to a file before.
fn back(file: &mut File, len: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(0))?;
    file.take(len).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn as_u64(len: usize) -> u64 {
    u64::try_from(len).unwrap_or(u64::MAX)
}

/// Reads, and copies what is read.
pub(super) struct Copying<R> {
    pub(super) from: R,
    pub(super) copy: Growing,
}

impl<R: Read> Read for Copying<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.from.read(buffer)?;
        self.copy.add(buffer.get(..read).unwrap_or_default())?;
        Ok(read)
    }
}

/// A copy.
#[derive(Debug, Clone)]
pub(super) struct Copy(Arc<Whole>);

#[derive(Debug)]
enum Whole {
    Memory(Vec<u8>),
    /// One reader at a time moves its place.
    File(Mutex<File>),
}

impl Copy {
    /// Reads it from its beginning; nobody else who reads it is in the way.
    pub(super) fn again(&self) -> Again {
        Again { copy: self.clone(), at: 0 }
    }
}

/// One reading of a copy.
#[derive(Debug)]
pub(super) struct Again {
    copy: Copy,
    at: u64,
}

impl Read for Again {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = match &*self.copy.0 {
            Whole::Memory(bytes) => {
                let rest = usize::try_from(self.at).ok().and_then(|at| bytes.get(at..));
                rest.unwrap_or_default().read(buffer)?
            }
            Whole::File(file) => {
                let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
                file.seek(SeekFrom::Start(self.at))?;
                file.read(buffer)?
            }
        };
        self.at += as_u64(read);
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn copied(text: &[u8], most: u64) -> io::Result<Copy> {
        let mut copying = Copying { from: text, copy: Growing::new(most) };
        io::copy(&mut copying, &mut io::sink())?;
        Ok(copying.copy.whole())
    }

    #[test]
    fn a_copy_is_read_again_from_memory_and_from_a_file_by_several_at_once() {
        for (len, in_memory) in [(10, true), (IN_MEMORY + 10, false)] {
            let text: Vec<u8> = (0..=u8::MAX).cycle().take(len).collect();
            let copy = copied(&text, MOST).unwrap();
            assert_eq!(matches!(*copy.0, Whole::Memory(_)), in_memory);
            let (mut one, mut other) = (copy.again(), copy.again());
            let mut first = [0; 5];
            one.read_exact(&mut first).unwrap();
            let mut whole = Vec::new();
            other.read_to_end(&mut whole).unwrap();
            let mut rest = Vec::new();
            one.read_to_end(&mut rest).unwrap();
            assert!(whole == text && [&first[..], &rest].concat() == text);
        }
    }

    #[test]
    fn a_copy_has_a_bound() {
        copied(&[0; 1000], 1000).unwrap();
        let error = copied(&[0; 1001], 1000).unwrap_err();
        assert!(error.to_string().ends_with("split the list"), "{error}");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_list_that_has_no_room_on_the_disk_is_held_in_memory() {
        let full = File::options().read(true).write(true).open("/dev/full").unwrap();
        let mut growing = Growing { held: Held::File(full), len: 0, most: MOST };
        growing.add(b"two").unwrap();
        let mut held = String::new();
        growing.whole().again().read_to_string(&mut held).unwrap();
        assert_eq!(held, "two");
    }
}
