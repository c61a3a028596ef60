//! A report that grows beside its target while a run is on, and takes the target's place at the end in one step.
//!
//! What grows is called like the target with `.partial` behind it, has the target's rights where there is one, and holds
//! every mailbox that is done, whole. A run that is killed leaves it; one that ends takes it away. A file that has that name
//! already is somebody's, most likely of a run that was killed: it is left alone, and the name gets a number.
//!
//! Where the folder takes no new file, or the target is none (a pipe, a device), what grows is a file without a name.

use std::fs::{File, Metadata};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use mailprobe_probes::model::Report;

use super::{PublishError, cannot, place_of, put, show};
use crate::{Format, Spool, Stream, Style};

/// Most files of runs that were killed beside one target.
const MOST: usize = 100;

/// One report that grows.
pub struct Growing {
    path: PathBuf,
    /// The path without its links.
    target: PathBuf,
    format: Format,
    style: Style,
    /// Names that belong to other reports of the run.
    taken: Vec<PathBuf>,
    stream: Option<Stream>,
    /// What stands beside the target, and a second hold on it.
    partial: Option<(PathBuf, File)>,
    reports: usize,
    /// What went wrong first; nothing is added after it.
    failed: Option<io::Error>,
}

impl Growing {
    /// A report in a file, which is touched when the first mailbox is done. `taken` are the files of the run's other
    /// reports.
    pub fn new(path: &Path, format: Format, style: &Style, taken: &[PathBuf]) -> Self {
        Self {
            path: path.to_owned(),
            target: place_of(path),
            format,
            style: *style,
            taken: taken.iter().map(|path| place_of(path)).collect(),
            stream: None,
            partial: None,
            reports: 0,
            failed: None,
        }
    }

    /// What is going to grow beside the target where everything is as it is now, and what has the name already that it
    /// would have.
    pub fn beside(&self) -> Option<(PathBuf, Option<PathBuf>)> {
        if std::fs::metadata(&self.target).is_ok_and(|facts| !facts.is_file()) {
            return None;
        }
        let is_free = |path: &PathBuf| std::fs::symlink_metadata(path).is_err();
        let name = self.names().find(is_free)?;
        Some((name, self.names().next().filter(|first| !is_free(first))))
    }

    /// `run.json.partial`, `run.json.2.partial`, ...
    fn names(&self) -> impl Iterator<Item = PathBuf> + '_ {
        let name = self.target.file_name().unwrap_or_default();
        let numbered = (1..=MOST).map(move |number| {
            let mut name = name.to_owned();
            if number > 1 {
                name.push(format!(".{number}"));
            }
            name.push(".partial");
            self.target.with_file_name(name)
        });
        numbered.filter(|name| !self.taken.contains(name))
    }

    /// Adds the report of a mailbox that is done.
    pub fn add(&mut self, place: usize, report: &Report) {
        if self.failed.is_some() {
            return;
        }
        let mut stream = self.stream.take().unwrap_or_else(|| {
            let spool = self.begin();
            Stream::new(self.format, &self.style, spool, Spool::unseen())
        });
        match stream.report(place, report) {
            Ok(()) => self.reports += 1,
            Err(error) => self.failed = Some(error),
        }
        self.stream = Some(stream);
    }

    fn begin(&mut self) -> Spool {
        let old = std::fs::metadata(&self.target).ok();
        if old.as_ref().is_some_and(|facts| !facts.is_file()) {
            return Spool::unseen();
        }
        let names: Vec<PathBuf> = self.names().collect();
        for name in names {
            match made(&name, old.as_ref()) {
                Ok((file, again)) => {
                    self.partial = Some((name, again));
                    return Spool::of(file);
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                // Whether the target can be written to is found out when it has to be.
                Err(_) => break,
            }
        }
        Spool::unseen()
    }

    /// Puts the whole report in the target's place.
    ///
    /// # Errors
    /// What cannot be written, with the name of the file that has what was found out.
    pub fn finish(mut self) -> Result<(), PublishError> {
        let done = match self.failed.take() {
            Some(error) => Err(error),
            None => self.put(),
        };
        let left = self.partial.take().filter(|(name, file)| is_the_same(name, file)).map(|(name, _)| name);
        match (done, left) {
            (Err(error), Some(left)) if self.reports > 0 => Err(PublishError(format!(
                "{} cannot be written: {error}; {} has what was written before",
                show(&self.path),
                show(&left)
            ))),
            (Err(error), left) => {
                left.map(std::fs::remove_file);
                Err(cannot(&self.path, &error))
            }
            (Ok(()), left) => {
                left.map(std::fs::remove_file);
                Ok(())
            }
        }
    }

    fn put(&mut self) -> io::Result<()> {
        let empty = || Stream::new(self.format, &self.style, Spool::in_memory(), Spool::in_memory());
        let mut stream = self.stream.take().unwrap_or_else(empty);
        if stream.lacks_only_its_end()
            && self.is_still_the_target()
            && let Some((name, file)) = &mut self.partial
        {
            finished(&mut stream, file, &self.target)?;
            if is_the_same(name, file) && std::fs::rename(name, &self.target).is_ok() {
                self.partial = None;
                return Ok(());
            }
            // Somebody took it away. It is still open, and can be copied.
        }
        put(&self.path, &mut |out| stream.whole(out)).map(drop)
    }

    /// Whether a file may take the place that was found at the beginning.
    fn is_still_the_target(&self) -> bool {
        let is_file = || std::fs::metadata(&self.target).map_or(true, |facts| facts.is_file());
        place_of(&self.path) == self.target && is_file()
    }
}

/// A new file with the rights of the old one, and a second hold on it.
fn made(name: &Path, old: Option<&Metadata>) -> io::Result<(File, File)> {
    let mut options = File::options();
    options.read(true).append(true).create_new(true);
    // Nobody reads in it before it has the rights that it is to have.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, if old.is_some() { 0o600 } else { 0o666 });
    let file = options.open(name)?;
    let with_rights = old.map_or(Ok(()), |old| file.set_permissions(old.permissions()));
    match with_rights.and_then(|()| file.try_clone()) {
        Ok(again) => Ok((file, again)),
        Err(error) => {
            std::fs::remove_file(name).ok();
            Err(error)
        }
    }
}

/// Whether a name still leads to the file that was made under it.
#[cfg(unix)]
fn is_the_same(name: &Path, file: &File) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let which = |facts: Metadata| (facts.dev(), facts.ino());
    let (there, ours) = (std::fs::symlink_metadata(name), file.metadata());
    there.is_ok_and(|there| ours.is_ok_and(|ours| which(there) == which(ours)))
}

#[cfg(not(unix))]
fn is_the_same(name: &Path, _: &File) -> bool {
    name.is_file()
}

/// Adds the end, down to the disk. Where there is no room for it, what was there stays as it was.
fn finished(stream: &mut Stream, file: &mut File, target: &Path) -> io::Result<()> {
    let len = file.metadata()?.len();
    let mut out = BufWriter::new(&*file);
    let ended = stream.end(&mut out).and_then(|()| out.flush());
    drop(out);
    if let Ok(old) = std::fs::metadata(target) {
        file.set_permissions(old.permissions())?;
    }
    ended.and_then(|()| file.sync_all()).inspect_err(|_| drop(file.set_len(len)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{render, sample};

    fn names(folder: &Path) -> Vec<String> {
        let entries = std::fs::read_dir(folder).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    fn grown(path: &Path, format: Format, order: &[usize]) -> Result<(), PublishError> {
        let reports = sample::two_mailboxes();
        let mut growing = Growing::new(path, format, &Style::PLAIN, &[]);
        for place in order {
            growing.add(*place, &reports[*place]);
        }
        growing.finish()
    }

    #[test]
    fn a_report_is_the_same_whether_it_grew_or_not_and_nothing_is_left_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("run");
        for format in Format::ALL {
            for (order, reports) in [
                (&[][..], &[][..]),
                (&[0], &sample::two_mailboxes()[..1]),
                (&[0, 1], &sample::two_mailboxes()),
                (&[1, 0], &sample::two_mailboxes()),
            ] {
                grown(&path, *format, order).unwrap();
                let written = std::fs::read_to_string(&path).unwrap();
                assert_eq!(written, render(*format, reports, &Style::PLAIN), "{} {order:?}", format.name());
                assert_eq!(names(folder.path()), ["run"]);
            }
        }
    }

    #[test]
    fn while_it_grows_the_old_report_stands_and_the_new_one_is_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("run.json");
        std::fs::write(&path, "old").unwrap();
        let mut growing = Growing::new(&path, Format::Json, &Style::PLAIN, &[]);
        assert_eq!(names(folder.path()), ["run.json"], "nothing was found out yet");
        growing.add(1, &sample::all_fine());
        assert_eq!(names(folder.path()), ["run.json", "run.json.partial"]);
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "old");
        let partial = folder.path().join("run.json.partial");
        let (reports, note) = crate::stored::whole_reports(&partial).unwrap();
        assert_eq!((reports, note.is_some()), (vec![sample::all_fine()], true));
        // Where somebody takes it away, the report is written all the same.
        growing.add(2, &sample::all_fine());
        std::fs::remove_file(partial).unwrap();
        growing.finish().unwrap();
        assert_eq!(crate::stored::reports(&path).unwrap().len(), 2);
        assert_eq!(names(folder.path()), ["run.json"]);
    }

    #[test]
    fn what_has_the_name_already_is_left_alone_and_so_is_another_report_of_the_run() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::write(at("run.partial"), "somebody's").unwrap();
        let mut growing = Growing::new(&at("run"), Format::Csv, &Style::PLAIN, &[at("run.2.partial")]);
        let here = folder.path().canonicalize().unwrap();
        assert_eq!(growing.beside(), Some((here.join("run.3.partial"), Some(here.join("run.partial")))));
        growing.add(0, &sample::all_fine());
        assert_eq!(names(folder.path()), ["run.3.partial", "run.partial"]);
        growing.finish().unwrap();
        assert_eq!(std::fs::read_to_string(at("run.partial")).unwrap(), "somebody's");
        assert_eq!(names(folder.path()), ["run", "run.partial"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_a_link_and_its_file_keeps_its_rights() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("run.json"), folder.path().join("latest"));
        std::fs::write(&file, "old").unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o640)).unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        for order in [&[0, 1], &[1, 0]] {
            grown(&link, Format::Json, order).unwrap();
            assert!(std::fs::symlink_metadata(&link).unwrap().is_symlink());
            assert_eq!(crate::stored::reports(&file).unwrap(), sample::two_mailboxes());
            assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_full_device_is_an_error_that_names_the_file() {
        let message = grown(Path::new("/dev/full"), Format::Csv, &[0, 1]).unwrap_err().to_string();
        assert!(message.starts_with("/dev/full cannot be written: No space left"), "{message}");
        grown(Path::new("/dev/null"), Format::Csv, &[0, 1]).unwrap();
    }

    #[test]
    fn a_folder_that_is_not_there_is_named_and_nothing_is_made() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("no-such-folder").join("run.csv");
        let message = grown(&path, Format::Csv, &[0]).unwrap_err().to_string();
        assert!(message.contains("run.csv cannot be written: No such file"), "{message}");
        assert!(names(folder.path()).is_empty());
    }
}
