//! The text format of Prometheus, version 0.0.4: families with their help and type, every series once, and no more
//! series of one name than a receiver can bear. What a series means is said by those who add it.

use std::collections::HashSet;
use std::fmt::Write as _;

use super::escape::label_value;
use super::layout::{clean, cut};

/// Most series of one name, whatever a stored report holds.
const SERIES: usize = 10_000;
/// Columns of a label's value.
const LABEL: usize = 200;

/// Name, and what it is.
pub type Name = (&'static str, &'static str);

#[derive(Clone, Copy)]
enum Kind {
    Gauge,
    Counter,
}

impl Kind {
    const fn word(self) -> &'static str {
        match self {
            Self::Gauge => "gauge",
            Self::Counter => "counter",
        }
    }
}

/// A series and its value.
type Sample = (String, String);

/// A page of samples, family by family.
#[derive(Default)]
pub struct Page {
    families: Vec<(Name, Kind, Vec<Sample>)>,
    seen: HashSet<String>,
    dropped: usize,
}

impl Page {
    /// Adds a gauge, unless that series is there already.
    pub fn add(&mut self, name: Name, labels: &[(&str, &str)], value: &str) {
        self.sample(name, Kind::Gauge, labels, value);
    }

    /// Adds a counter; its name ends in `_total`.
    pub fn count(&mut self, name: Name, labels: &[(&str, &str)], value: u64) {
        self.sample(name, Kind::Counter, labels, &value.to_string());
    }

    /// Series left out to keep their number bounded.
    pub fn dropped(&self) -> usize {
        self.dropped
    }

    fn sample(&mut self, name: Name, kind: Kind, labels: &[(&str, &str)], value: &str) {
        let labels: Vec<String> = labels
            .iter()
            .map(|(label, value)| format!("{label}=\"{}\"", label_value(&cut(&clean(value), LABEL))))
            .collect();
        let series = match labels.as_slice() {
            [] => name.0.to_owned(),
            labels => format!("{}{{{}}}", name.0, labels.join(",")),
        };
        self.put(name, kind, (series, value.to_owned()));
    }

    fn put(&mut self, name: Name, kind: Kind, sample: Sample) {
        // A second sample of the same series makes the whole file unreadable.
        if !self.seen.insert(sample.0.clone()) {
            return;
        }
        match self.families.iter_mut().find(|(known, ..)| known.0 == name.0) {
            Some((.., samples)) if samples.len() >= SERIES => self.dropped += 1,
            Some((.., samples)) => samples.push(sample),
            None => self.families.push((name, kind, vec![sample])),
        }
    }

    /// Adds the samples of another page behind those that are there.
    pub(crate) fn append(&mut self, other: Self) {
        for (name, kind, samples) in other.families {
            for sample in samples {
                self.put(name, kind, sample);
            }
        }
        self.seen.extend(other.seen);
        self.dropped += other.dropped;
    }

    /// The samples of a page that holds nothing but gauges, by their series.
    pub(crate) fn into_gauges(self) -> impl Iterator<Item = (Name, String, String)> {
        let families = self.families.into_iter();
        families.flat_map(|(name, _, samples)| {
            samples.into_iter().map(move |(series, value)| (name, series, value))
        })
    }

    /// Adds a gauge as another page had it.
    pub(crate) fn put_gauge(&mut self, name: Name, series: String, value: String) {
        self.put(name, Kind::Gauge, (series, value));
    }

    /// Adds 1 or 0.
    pub fn flag(&mut self, name: Name, labels: &[(&str, &str)], value: bool) {
        self.add(name, labels, if value { "1" } else { "0" });
    }

    /// The text of the page.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for ((name, help), kind, samples) in &self.families {
            let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} {}", kind.word());
            for (series, value) in samples {
                let _ = writeln!(text, "{series} {value}");
            }
        }
        text
    }
}

/// The labels and some more.
pub fn with<'l>(labels: &[(&'l str, &'l str)], more: &[(&'l str, &'l str)]) -> Vec<(&'l str, &'l str)> {
    [labels, more].concat()
}

/// Milliseconds as seconds.
pub fn seconds(ms: u64) -> String {
    format!("{}.{:03}", ms / 1_000, ms % 1_000)
}
