//! The command line of `history` as typed, and what its moments mean.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::TextOrJson;
use mailprobe_probes::model::moment;
use mailprobe_run::plan::values;

/// The longest span, seconds: a century.
const LONGEST: i64 = 36_500 * 86_400;

/// Shown under the help.
pub const EXAMPLES: &str = "\
It reads the history beside a running canary, which is not disturbed.

Examples:
  mailprobe history changes --config canary.toml --since 7d
  mailprobe history visits --config canary.toml --target alice
  mailprobe history show 4711 --config canary.toml -o html=visit.html
  mailprobe history export --config canary.toml > history.jsonl";

/// Arguments of `history`.
#[derive(Debug, Clone, Args)]
pub struct HistoryArgs {
    /// What of it.
    #[command(subcommand)]
    pub of: HistoryOf,
}

/// Where the history is.
#[derive(Debug, Clone, Args)]
#[group(id = "history-place", required = true, multiple = false)]
pub struct PlaceArgs {
    /// The canary's configuration, which says where the history is
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// The history itself, where it is a file of SQLite
    #[arg(long, value_name = "FILE")]
    pub file: Option<PathBuf>,
}

/// Of what, and since when.
#[derive(Debug, Clone, Args)]
pub struct NarrowArgs {
    /// Of this target only
    #[arg(long, value_name = "NAME")]
    pub target: Option<String>,
    /// Not older: a span (30m, 12h, 7d), a day (2026-12-31) or a moment (RFC 3339)
    #[arg(long, value_name = "WHEN", value_parser = past)]
    pub since: Option<Timestamp>,
    /// At most so many, the latest
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub limit: u32,
}

/// What of the history.
#[derive(Debug, Clone, Subcommand)]
pub enum HistoryOf {
    /// Every target with the state of its cells, and since when
    Targets {
        /// Where.
        #[command(flatten)]
        place: PlaceArgs,
        /// Form of the answer; json is one object a line
        #[arg(short, long, value_name = "FORMAT", default_value = "text")]
        output: TextOrJson,
    },
    /// Confirmed changes, latest first
    Changes {
        /// Where.
        #[command(flatten)]
        place: PlaceArgs,
        /// Of what.
        #[command(flatten)]
        narrow: NarrowArgs,
        /// Form of the answer; json is one object a line
        #[arg(short, long, value_name = "FORMAT", default_value = "text")]
        output: TextOrJson,
    },
    /// Visits, latest first
    Visits {
        /// Where.
        #[command(flatten)]
        place: PlaceArgs,
        /// Of what.
        #[command(flatten)]
        narrow: NarrowArgs,
        /// Form of the answer; json is one object a line
        #[arg(short, long, value_name = "FORMAT", default_value = "text")]
        output: TextOrJson,
    },
    /// The report of one visit, in any form of `report`
    Show {
        /// The visit's number
        visit: i64,
        /// Where.
        #[command(flatten)]
        place: PlaceArgs,
        /// Report format, as in check, on standard output or in a file (repeats)
        #[arg(short, long, value_name = "FORMAT[=FILE]")]
        output: Vec<String>,
        /// Show the transcript in text reports
        #[arg(short, long)]
        verbose: bool,
    },
    /// Everything as JSON lines, latest first: cells, changes, and visits with their reports where they are kept
    Export {
        /// Where.
        #[command(flatten)]
        place: PlaceArgs,
    },
}

/// A moment that has been: since one that has not, nothing can have happened.
fn past(typed: &str) -> Result<Timestamp, String> {
    let then = typed_moment(typed)?;
    if then > Timestamp::now() {
        return Err("that is later than now (times are UTC where nothing else is said)".to_owned());
    }
    if then < Timestamp::UNIX_EPOCH {
        return Err("that is before 1970, and no history is older".to_owned());
    }
    Ok(then)
}

/// A span before now, a day or a moment.
fn typed_moment(typed: &str) -> Result<Timestamp, String> {
    let units = [('m', 60), ('h', 3600), ('d', 86_400)];
    let span = units.iter().find_map(|(unit, seconds)| {
        let number: i64 = typed.strip_suffix(*unit)?.parse().ok()?;
        number.checked_mul(*seconds).filter(|span| (0..=LONGEST).contains(span))
    });
    if let Some(seconds) = span {
        return Ok((Timestamp::now() - SignedDuration::from_secs(seconds)).max(Timestamp::UNIX_EPOCH));
    }
    let midnight = values::day(typed).ok().map(DateTime::from);
    let civil = midnight.or_else(|| moment::parse(typed)).ok_or_else(|| {
        "write a span (30m, 12h, 7d), a day (2026-12-31) or a moment (2026-12-31T08:00:00Z)".to_owned()
    })?;
    // The last day of the year 9999 is later than the last timestamp.
    Ok(TimeZone::UTC.to_timestamp(civil).unwrap_or(Timestamp::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_a_span_a_day_or_itself() {
        let ago = |typed: &str| {
            let then = typed_moment(typed).unwrap();
            Timestamp::now().duration_since(then).as_mins()
        };
        assert_eq!((ago("30m"), ago("12h"), ago("7d")), (30, 720, 10_080));
        assert_eq!(typed_moment("2026-12-31").unwrap().to_string(), "2026-12-31T00:00:00Z");
        assert_eq!(typed_moment("2026-12-31T08:00:00+09:00").unwrap().as_second(), 1_798_671_600);
        assert_eq!(ago("50000m"), 50_000, "minutes are not counted as days");
        for wrong in ["2099-01-01", "9999-12-31T23:59:59Z", "1969-12-31", "-0001-01-01"] {
            assert!(past(wrong).is_err(), "{wrong}");
        }
        assert!(past("36500d").is_ok() && past("1970-01-01").is_ok() && past("0m").is_ok());
        for wrong in ["", "7", "-1d", "yesterday", "2026-13-01", "99999999999999999999d"] {
            assert!(typed_moment(wrong).is_err(), "{wrong}");
        }
    }
}
