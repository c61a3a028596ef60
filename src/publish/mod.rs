//! Reports into files. A file that is there is replaced in one step, so that whoever reads at that moment (a
//! textfile collector, a CI job) sees the old report or the new one; a bundle is evidence and never replaced.

use std::fs::{File, Metadata, Permissions};
use std::io::{self, Write as _};
use std::path::Path;

use mailprobe_probes::model::{Report, harmless};
use tempfile::NamedTempFile;

use crate::lang::Lang;
use crate::plan::UserError;
use crate::report::bundle;

mod lines;

pub(crate) use lines::Lines;

/// Writes a report; a link is followed, and what is no ordinary file (a pipe, a device) is written to as it is. What
/// cannot be written leaves the report that was there as it was.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> Result<(), UserError> {
    put(path, bytes).map(drop).map_err(|error| cannot(path, &error))
}

/// Puts a report, or its beginning, where it belongs, and gives the file that more can be added to.
fn put(path: &Path, bytes: &[u8]) -> io::Result<File> {
    let target = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let old = std::fs::metadata(&target).ok();
    if old.as_ref().is_some_and(|facts| !facts.is_file()) {
        let mut file = File::options().append(true).open(&target)?;
        return file.write_all(bytes).map(|()| file);
    }
    match draft(&target, false) {
        Ok(new) => publish(fill(new, bytes, old)?, &target),
        Err(error) if may_write_in_place(&error) => in_place(&target, bytes),
        Err(error) => Err(error),
    }
}

/// Writes a whole draft, down to the disk: a file that takes a report's place has to be there after a power cut, too.
fn fill(mut new: NamedTempFile, bytes: &[u8], old: Option<Metadata>) -> io::Result<NamedTempFile> {
    new.write_all(bytes)?;
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
fn in_place(target: &Path, bytes: &[u8]) -> io::Result<File> {
    let mut file = File::options().write(true).create(true).truncate(false).open(target)?;
    file.write_all(bytes)?;
    file.set_len(bytes.len().try_into().unwrap_or(u64::MAX))?;
    file.sync_all()?;
    Ok(file)
}

/// A file beside the target that goes away if nothing comes of it. A report may be read by whom the user's
/// umask lets; a bundle by its owner alone.
fn draft(target: &Path, private: bool) -> io::Result<NamedTempFile> {
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut builder = tempfile::Builder::new();
    builder.prefix(".mailprobe-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(Permissions::from_mode(if private { 0o600 } else { 0o666 }));
    }
    #[cfg(not(unix))]
    let _ = private;
    builder.tempfile_in(folder.unwrap_or_else(|| Path::new(".")))
}

/// Writes the evidence of a run, readable for its owner alone. What is there already is left alone.
pub(crate) fn bundle(path: &Path, reports: &[Report], lang: Lang) -> Result<(), UserError> {
    let bytes = bundle::archive(reports, lang).map_err(|error| UserError::new(error.to_string()))?;
    let mut new = draft(path, true).map_err(|error| cannot(path, &error))?;
    new.write_all(&bytes).and_then(|()| new.as_file().sync_all()).map_err(|error| cannot(path, &error))?;
    let kept = |file: File| drop(file);
    new.persist_noclobber(path).map(kept).map_err(|error| match error.error.kind() {
        io::ErrorKind::AlreadyExists => UserError::new(format!(
            "{} has come into being during the run and is left alone: the bundle was not written",
            show(path)
        )),
        _ => cannot(path, &error.error),
    })
}

fn cannot(path: &Path, error: &io::Error) -> UserError {
    UserError::new(format!("{} cannot be written: {error}", show(path)))
}

fn show(path: &Path) -> String {
    harmless(path.as_os_str().as_encoded_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn a_bundle_never_replaces_what_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("case.zip");
        bundle(&file, &[], Lang::En).unwrap();
        let first = std::fs::read(&file).unwrap();
        assert!(first.starts_with(b"PK"));
        let message = bundle(&file, &[], Lang::En).unwrap_err().to_string();
        assert!(message.contains("case.zip") && message.contains("left alone"), "{message}");
        assert_eq!(std::fs::read(&file).unwrap(), first);
        assert_eq!(names(folder.path()), ["case.zip"], "nothing half-made is left behind");
    }
}
