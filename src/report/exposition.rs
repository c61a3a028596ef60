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

/// A page of samples, family by family.
#[derive(Default)]
pub struct Page {
    families: Vec<(Name, Kind, Vec<String>)>,
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
        // A second sample of the same series makes the whole file unreadable.
        if self.seen.contains(&series) {
            return;
        }
        let line = format!("{series} {value}");
        self.seen.insert(series);
        match self.families.iter_mut().find(|(known, ..)| known.0 == name.0) {
            Some((.., lines)) if lines.len() >= SERIES => self.dropped += 1,
            Some((.., lines)) => lines.push(line),
            None => self.families.push((name, kind, vec![line])),
        }
    }

    /// Adds 1 or 0.
    pub fn flag(&mut self, name: Name, labels: &[(&str, &str)], value: bool) {
        self.add(name, labels, if value { "1" } else { "0" });
    }

    /// The text of the page.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for ((name, help), kind, lines) in &self.families {
            let _ =
                writeln!(text, "# HELP {name} {help}\n# TYPE {name} {}\n{}", kind.word(), lines.join("\n"));
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
