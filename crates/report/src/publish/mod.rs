//! Reports into files. A file that is there is replaced in one step, so that whoever reads at that moment (a
//! textfile collector, a CI job) sees the old report or the new one; a bundle is evidence and never replaced.

use std::fs::{File, Metadata};
use std::io::{self, BufWriter, Seek as _, Write};
use std::path::{Path, PathBuf};

use mailprobe_probes::model::harmless;
use tempfile::NamedTempFile;

use crate::bundle::{BundleError, Evidence};

mod growing;
mod lines;

pub use growing::Growing;
pub use lines::Lines;

/// A file that was not written, in one sentence with its name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct PublishError(String);

/// Writes a report; a link is followed, and what is no ordinary file (a pipe, a device) is written to as it is. What
/// cannot be written leaves the report that was there as it was.
pub fn replace(path: &Path, bytes: &[u8]) -> Result<(), PublishError> {
    put(path, &mut |out| out.write_all(bytes)).map(drop).map_err(|error| cannot(path, &error))
}

/// Writes a report into what it is given.
type Writing<'w> = &'w mut dyn FnMut(&mut dyn Write) -> io::Result<()>;

/// Puts a report, or its beginning, where it belongs, and gives the file that more can be added to.
fn put(path: &Path, write: Writing<'_>) -> io::Result<File> {
    let target = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let old = std::fs::metadata(&target).ok();
    if old.as_ref().is_some_and(|facts| !facts.is_file()) {
        let file = File::options().append(true).open(&target)?;
        return written(&file, write).map(|()| file);
    }
    match draft(&target, false) {
        Ok(new) => publish(fill(new, write, old)?, &target),
        Err(error) if may_write_in_place(&error) => in_place(&target, write),
        Err(error) => Err(error),
    }
}

fn written(file: &File, write: Writing<'_>) -> io::Result<()> {
    let mut out = BufWriter::new(file);
    write(&mut out)?;
    out.flush()
}

/// The one name that a file has, or is going to have.
fn place_of(path: &Path) -> PathBuf {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let in_folder = || {
        let folder = folder.unwrap_or_else(|| Path::new(".")).canonicalize().ok()?;
        Some(folder.join(path.file_name()?))
    };
    path.canonicalize().ok().or_else(in_folder).unwrap_or_else(|| path.to_owned())
}

/// Writes a whole draft, down to the disk: a file that takes a report's place has to be there after a power cut, too.
fn fill(new: NamedTempFile, write: Writing<'_>, old: Option<Metadata>) -> io::Result<NamedTempFile> {
    written(new.as_file(), write)?;
    if let Some(old) = old {
        new.as_file().set_permissions(old.permissions())?;
    }
    new.as_file().sync_all()?;
    Ok(new)
}

fn publish(new: NamedTempFile, target: &Path) -> io::Result<File> {
    new.persist(target).map_err(|error| error.error)
}

/// Whether a file may be written to where no draft can be made beside it: the folder takes no new files. A disk that is
/// full is another matter, since whoever begins to write there destroys what stands in the file.
fn may_write_in_place(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem)
}

/// Overwrites before it cuts, so that room that the old report has is not given away first.
fn in_place(target: &Path, write: Writing<'_>) -> io::Result<File> {
    let mut file = File::options().write(true).create(true).truncate(false).open(target)?;
    written(&file, write)?;
    let end = file.stream_position()?;
    file.set_len(end)?;
    file.sync_all()?;
    Ok(file)
}

/// A file beside the target that goes away if nothing comes of it. A report may be read by whom the user's
/// umask lets; a bundle by its owner alone.
fn draft(target: &Path, private: bool) -> io::Result<NamedTempFile> {
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut options = File::options();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, if private { 0o600 } else { 0o666 });
    #[cfg(not(unix))]
    let _ = private;
    // Opened here, since an error is about the report, and should not name a draft that nobody asked for.
    let mut builder = tempfile::Builder::new();
    builder.prefix(".mailprobe-").make_in(folder.unwrap_or_else(|| Path::new(".")), |path| options.open(path))
}

/// Writes the evidence of a run, readable for its owner alone. What is there already is left alone.
pub fn bundle(path: &Path, evidence: Evidence) -> Result<(), PublishError> {
    let new = draft(path, true).map_err(|error| cannot(path, &error))?;
    match evidence.archive(BufWriter::new(new.as_file())) {
        Ok(mut out) => out.flush().and_then(|()| new.as_file().sync_all()),
        Err(BundleError::Io(error)) => Err(error),
        Err(error) => return Err(PublishError(error.to_string())),
    }
    .map_err(|error| cannot(path, &error))?;
    let kept = |file: File| drop(file);
    new.persist_noclobber(path).map(kept).map_err(|error| match error.error.kind() {
        io::ErrorKind::AlreadyExists => PublishError(format!(
            "{} has come into being during the run and is left alone: the bundle was not written",
            show(path)
        )),
        _ => cannot(path, &error.error),
    })
}

/// What a bundle is told to be where its parts could not be held until its end.
pub fn no_bundle(error: &io::Error) -> PublishError {
    PublishError(format!("the bundle cannot be put together: {error}"))
}

fn cannot(path: &Path, error: &io::Error) -> PublishError {
    PublishError(format!("{} cannot be written: {error}", show(path)))
}

fn show(path: &Path) -> String {
    harmless(path.as_os_str().as_encoded_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Lang;

    fn names(folder: &Path) -> Vec<String> {
        let entries = std::fs::read_dir(folder).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    #[test]
    fn a_report_replaces_its_file_and_keeps_the_rights_of_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("run.prom");
        replace(&file, b"one").unwrap();
        #[cfg(unix)]
        std::fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o640)).unwrap();
        let open = File::open(&file).unwrap();
        replace(&file, b"the second").unwrap();
        assert_eq!(std::fs::read(&file).unwrap(), b"the second");
        assert_eq!(io::read_to_string(open).unwrap(), "one", "who reads the old one reads it to its end");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);
        }
        assert_eq!(names(folder.path()), ["run.prom"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_a_link_and_a_device_a_device() {
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("run.json"), folder.path().join("latest"));
        std::fs::write(&file, "old").unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        replace(&link, b"new").unwrap();
        assert!(std::fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(std::fs::read(&file).unwrap(), b"new");
        replace(Path::new("/dev/null"), b"nothing").unwrap();
    }

    #[test]
    fn what_cannot_be_written_is_named_and_no_draft_of_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("no-such-folder").join("run.json");
        let told = [
            replace(&file, b"one").unwrap_err(),
            bundle(&file, Evidence::new(Lang::En)).unwrap_err(),
            Lines::new(file.clone()).finish().unwrap_err(),
        ];
        for message in told {
            let message = message.to_string();
            assert!(message.contains("run.json cannot be written: No such file"), "{message}");
            assert!(!message.contains(".mailprobe-") && !message.contains("at path"), "{message}");
        }
    }

    #[test]
    fn a_bundle_never_replaces_what_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("case.zip");
        bundle(&file, Evidence::new(Lang::En)).unwrap();
        let first = std::fs::read(&file).unwrap();
        assert!(first.starts_with(b"PK"));
        let message = bundle(&file, Evidence::new(Lang::En)).unwrap_err().to_string();
        assert!(message.contains("case.zip") && message.contains("left alone"), "{message}");
        assert_eq!(std::fs::read(&file).unwrap(), first);
        assert_eq!(names(folder.path()), ["case.zip"], "nothing half-made is left behind");
    }
}
