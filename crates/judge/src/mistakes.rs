//! All mistakes of a file at once. Who corrects one and is then told of the next reads the same file again and again.

use std::fmt;
use std::ops::Range;

use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue, Error, ValueDeserializer};

use super::written::{FileError, LARGEST_FILE, Written, one_line};

/// Mistakes that are told; of more, the number.
const MOST: usize = 50;

/// The mistakes of one file, each once, in the order of the file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mistakes {
    told: Vec<FileError>,
    more: usize,
    /// Whether the file was not read to its end for all that was wrong.
    is_cut: bool,
    /// Tables from which something was taken out that could not be read: they are not judged any further.
    damaged: Vec<Range<usize>>,
    /// Keys and tables that were taken out, by their keys.
    gone: Vec<String>,
}

impl Mistakes {
    /// Notes a mistake.
    pub fn note(&mut self, mistake: FileError) {
        if self.told.contains(&mistake) {
            return;
        }
        if self.told.len() < MOST {
            self.told.push(mistake);
        } else {
            self.more += 1;
        }
    }

    /// The value, or the mistake noted.
    pub fn keep<T>(&mut self, read: Result<T, FileError>) -> Option<T> {
        read.map_err(|mistake| self.note(mistake)).ok()
    }

    /// The values without mistakes in them; all others are noted.
    pub fn keep_all<T>(&mut self, read: impl Iterator<Item = Result<T, FileError>>) -> Vec<T> {
        read.filter_map(|one| self.keep(one)).collect()
    }

    /// How many there are so far.
    pub fn number(&self) -> usize {
        self.told.len() + self.more
    }

    /// Whether there is none so far.
    pub fn is_empty(&self) -> bool {
        self.told.is_empty()
    }

    /// Whether everything that is written could be read, whatever it means.
    pub fn is_all_there(&self) -> bool {
        self.damaged.is_empty()
    }

    /// Whether something of this table is missing because it could not be read.
    pub fn is_damaged(&self, table: &Range<usize>) -> bool {
        self.damaged.contains(table)
    }

    /// Whether something of this name is not there because it could not be read.
    pub fn is_gone(&self, name: &str) -> bool {
        self.gone.iter().any(|gone| gone == name)
    }

    /// Says that something of this name is there and cannot be used, which was told already.
    pub fn take_for_gone(&mut self, name: String) {
        self.gone.push(name);
    }

    /// What was read, or every mistake in the order of the file.
    ///
    /// # Errors
    /// The mistakes, where there is one.
    pub fn settle<T>(mut self, read: Option<T>) -> Result<T, Self> {
        match read {
            Some(read) if self.is_empty() => Ok(read),
            _ => {
                self.told.sort_by_key(|mistake| (mistake.line, mistake.column));
                Err(self)
            }
        }
    }
}

impl fmt::Display for Mistakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, mistake) in self.told.iter().enumerate() {
            let before = if number == 0 { "" } else { "\n" };
            write!(f, "{before}{mistake}")?;
        }
        match (self.is_cut, self.more) {
            (true, _) => f.write_str("\nand more"),
            (false, 0) => Ok(()),
            (false, more) => write!(f, "\nand {more} more"),
        }
    }
}

impl std::error::Error for Mistakes {}

impl Written<'_> {
    /// The file as one value, with every key left out that cannot be read; each such is noted. `None` where it is no TOML, for
    /// then nothing behind the mistake means what it says.
    pub fn read_all<T: DeserializeOwned>(&self, mistakes: &mut Mistakes) -> Option<T> {
        if self.text.len() > LARGEST_FILE {
            mistakes.note(self.too_large());
            return None;
        }
        let told = |error: &Error| {
            let at = error.span().unwrap_or(0..0);
            self.error(&at, one_line(error.message()))
        };
        let root = DeTable::parse(self.text).map_err(|error| mistakes.note(told(&error))).ok()?;
        let own = root.span();
        let mut table = root.into_inner();
        loop {
            let whole = Spanned::new(own.clone(), DeValue::Table(table.clone()));
            let error = match T::deserialize(ValueDeserializer::from(whole)) {
                Ok(read) => return Some(read),
                Err(error) => error,
            };
            let at = error.span().unwrap_or(0..0);
            // What a table lacks may be what was taken out of it.
            if !mistakes.is_damaged(&at) {
                mistakes.note(told(&error));
            }
            if mistakes.number() > MOST {
                mistakes.is_cut = true;
                return None;
            }
            let out = take_out(&mut table, &own, &at)?;
            mistakes.damaged.push(out.of);
            mistakes.gone.extend(out.key);
        }
    }
}

/// What was taken out.
struct Out {
    /// The key, where it was not one of several values.
    key: Option<String>,
    /// The table that it stood in.
    of: Range<usize>,
}

/// Takes out the key or value that stands at a place; the deepest one, for tables that are not written by themselves have the
/// place of their first child.
fn take_out<'i>(table: &mut DeTable<'i>, own: &Range<usize>, at: &Range<usize>) -> Option<Out> {
    if let Some(out) = table.iter_mut().find_map(|(_, value)| take_out_of(value, own, at)) {
        return Some(out);
    }
    let is_it = |key: &Spanned<_>, value: &Spanned<DeValue<'i>>| key.span() == *at || value.span() == *at;
    let key = table.iter().find(|(key, value)| is_it(key, value)).map(|(key, _)| key.clone())?;
    table.remove(&key);
    Some(Out { key: Some(key.into_inner().into_owned()), of: own.clone() })
}

fn take_out_of<'i>(value: &mut Spanned<DeValue<'i>>, own: &Range<usize>, at: &Range<usize>) -> Option<Out> {
    let inner = value.span();
    match value.get_mut() {
        DeValue::Table(table) => take_out(table, &inner, at),
        DeValue::Array(array) => {
            if let Some(out) = array.iter_mut().find_map(|one| take_out_of(one, own, at)) {
                return Some(out);
            }
            let before = array.len();
            let kept = std::mem::replace(array, std::iter::empty().collect())
                .into_iter()
                .filter(|one| one.span() != *at);
            *array = kept.collect::<DeArray<'i>>();
            (array.len() < before).then(|| Out { key: None, of: own.clone() })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Default, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct File {
        number: Option<u8>,
        #[serde(default)]
        row: Vec<Row>,
    }

    #[derive(Debug, Default, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Row {
        #[allow(dead_code, reason = "only that it must be there")]
        name: String,
        #[serde(default)]
        words: Vec<String>,
    }

    fn read(text: &str) -> (Option<File>, Vec<String>) {
        let mut mistakes = Mistakes::default();
        let file = Written { file: "a.toml", text }.read_all::<File>(&mut mistakes);
        let told = mistakes.settle(None::<()>).unwrap_err().told;
        (file, told.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn every_key_that_cannot_be_read_is_told_and_the_rest_is_read() {
        let text =
            "number = 300\ncolour = 1\n[[row]]\nname = 5\n[[row]]\nname = \"b\"\nwords = [\"x\", 1, 2]\n";
        let (file, told) = read(text);
        let file = file.unwrap();
        assert_eq!((file.number, file.row.len()), (None, 1), "a row without its name is none");
        assert_eq!(file.row[0].words, ["x"]);
        let places: Vec<&str> = told.iter().map(|mistake| mistake.split(": ").next().unwrap()).collect();
        assert_eq!(
            places,
            ["a.toml:1:10", "a.toml:2:1", "a.toml:4:8", "a.toml:7:15", "a.toml:7:18"],
            "{told:?}"
        );
    }

    #[test]
    fn what_is_no_toml_is_one_mistake() {
        let (file, told) = read("number = \ncolour = 1\nx = [\n");
        assert!(file.is_none() && told.len() == 1, "{told:?}");
    }

    #[test]
    fn more_mistakes_than_anybody_reads_are_counted() {
        let text = (0..60).fold(String::new(), |text, number| text + &format!("key{number} = 1\n"));
        let mut mistakes = Mistakes::default();
        assert!(Written { file: "a.toml", text: &text }.read_all::<File>(&mut mistakes).is_none());
        let shown = mistakes.to_string();
        assert!(shown.lines().count() == 51 && shown.ends_with("\nand more"), "{shown}");
    }
}
