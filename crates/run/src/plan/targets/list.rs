//! A list of targets that is read again and again: once for what is wrong with it, and then for what it asks for.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;
use std::sync::Arc;

use mailprobe_probes::model::harmless;

use super::copy::{self, Copy, Copying, Growing};
use super::{Rows, Target, by_name};
use crate::plan::error::{PlanError, Setting, words};
use crate::plan::request::ListFormat;
use mailprobe_oauth::{Source, World};

/// How much of a copy is read at a time.
const AT_ONCE: usize = 64 * 1024;

/// A list that was read once. Its text is kept and its targets are not: a million of them are a gigabyte.
///
/// The text is a copy, because what the first reading found to be right has to be what the others find: a pipe is read once, and
/// somebody may edit a file while the run goes on.
#[derive(Debug, Clone)]
pub(in crate::plan) struct List {
    name: Arc<str>,
    format: Option<ListFormat>,
    copy: Copy,
}

impl List {
    /// Its rows, from the first.
    pub(in crate::plan) fn rows(&self) -> impl Iterator<Item = Result<Target, PlanError>> + use<> {
        let reader = BufReader::with_capacity(AT_ONCE, self.copy.again());
        Rows::new(reader, self.format, Arc::clone(&self.name))
    }
}

/// A list that is read for the first time, and copied on the way.
pub(in crate::plan) struct Incoming<'r> {
    name: Arc<str>,
    reader: BufReader<Copying<Box<dyn Read + 'r>>>,
    format: Option<ListFormat>,
}

impl<'r> Incoming<'r> {
    /// Opens a list; `-` is standard input, which no password comes from then.
    ///
    /// # Errors
    /// A file that cannot be opened, and standard input that is wanted twice.
    pub(in crate::plan) fn open(
        path: &Path,
        format: Option<ListFormat>,
        password: Option<&Source>,
        world: &'r mut World<'_>,
    ) -> Result<Self, PlanError> {
        if path == Path::new("-") {
            if password == Some(&Source::Stdin) {
                let what =
                    words![Setting::PasswordStdin, " and ", Setting::Targets, " - both read standard input"];
                let remedy = words!["take the password from elsewhere"];
                return Err(PlanError::new(Setting::Targets, what).remedy(remedy));
            }
            return Ok(Self::new(Box::new(&mut *world.stdin), format, "standard input"));
        }
        let name = harmless(path.as_os_str().as_encoded_bytes());
        let file = File::open(path).map_err(|error| {
            let what = words!["cannot read ", Setting::Targets, format!(" {name}: {error}")];
            PlanError::new(Setting::Targets, what)
        })?;
        Ok(Self::new(Box::new(file), format.or_else(|| by_name(path)), &name))
    }

    fn new(from: Box<dyn Read + 'r>, format: Option<ListFormat>, name: &str) -> Self {
        let copying = Copying { from, copy: Growing::new(copy::MOST) };
        Self { name: name.into(), reader: BufReader::new(copying), format }
    }

    /// Reads all of it: every target, and what is wrong with the lines that are none, goes to `take`.
    ///
    /// What comes back is the list as far as it was read; that is all of it where nothing was wrong.
    pub(in crate::plan) fn read(self, take: impl FnMut(Result<Target, PlanError>)) -> List {
        let Self { name, mut reader, format } = self;
        let mut rows = Rows::new(&mut reader, format, Arc::clone(&name));
        // By its first octets, and those come in other pieces from a pipe than from the copy.
        let format = rows.format();
        rows.by_ref().for_each(take);
        drop(rows);
        List { name, format, copy: reader.into_inner().copy.whole() }
    }
}
