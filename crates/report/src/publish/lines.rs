//! A report that grows while a run is on: a line for each mailbox that is done. A run that is killed leaves the lines
//! that were written, and nothing of them is held in memory.
//!
//! The first line takes the place of the file that was there, in one step, and the others are added to it. Until then the
//! old report stays as it was: a run that finds nothing out, or a disk without room, does not destroy it.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::PathBuf;

use super::{PublishError, cannot, put};

/// One file of lines.
#[derive(Debug)]
pub struct Lines {
    path: PathBuf,
    file: Option<File>,
    /// What went wrong first; nothing is written after it.
    failed: Option<PublishError>,
}

impl Lines {
    /// Lines for a file that is opened with the first of them.
    pub const fn new(path: PathBuf) -> Self {
        Self { path, file: None, failed: None }
    }

    /// Adds a line, which ends in a line feed.
    pub fn add(&mut self, line: &[u8]) {
        if self.failed.is_some() {
            return;
        }
        let done = match &mut self.file {
            Some(file) => file.write_all(line),
            None => put(&self.path, &mut |out| out.write_all(line)).map(|file| self.file = Some(file)),
        };
        self.failed = done.err().map(|error| cannot(&self.path, &error));
    }

    /// Ends the file, which is empty where no line came.
    pub fn finish(mut self) -> Result<(), PublishError> {
        if self.file.is_none() {
            self.add(b"");
        }
        if let Some(error) = self.failed {
            return Err(error);
        }
        match self.file.as_ref().map(File::sync_all) {
            // A pipe or a terminal has no disk behind it.
            Some(Err(error)) if error.kind() != io::ErrorKind::InvalidInput => {
                Err(cannot(&self.path, &error))
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_in_the_file_as_soon_as_it_was_added() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("run.jsonl");
        std::fs::write(&path, "old\n").unwrap();
        let mut lines = Lines::new(path.clone());
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "old\n", "nothing has been found out yet");
        lines.add(b"one\n");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "one\n");
        lines.add(b"two\n");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "one\ntwo\n");
        lines.finish().unwrap();
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_run_without_a_line_leaves_an_empty_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("run.jsonl");
        Lines::new(path.clone()).finish().unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_full_device_is_an_error_that_names_the_file() {
        let mut lines = Lines::new(PathBuf::from("/dev/full"));
        lines.add(b"one\n");
        lines.add(b"two\n");
        let message = lines.finish().unwrap_err().to_string();
        assert!(message.contains("/dev/full cannot be written"), "{message}");
    }
}
