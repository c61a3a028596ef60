//! Arguments of the commands that connect to nothing: `policy`, `judge`, `devices`.

#![allow(clippy::doc_markdown, reason = "the comments are help texts, where backticks would show")]

use std::path::PathBuf;

use clap::{Args, Subcommand};
use jiff::civil::Date;

use super::{TextOrJson, choice};
use crate::output::Color;
use mailprobe_run::plan::values;

/// What to do with policies.
#[derive(Debug, Clone, Subcommand)]
pub enum PolicyCommand {
    /// List the shipped policies, with the day on which their sources were last read and their age
    List {
        /// Tell ages on this day, 2026-12-31 [default: today]
        #[arg(long, value_name = "DATE", value_parser = values::day)]
        at: Option<Date>,
    },
    /// Print a policy as TOML, with the source of every rule
    Show {
        /// Name of a shipped policy
        name: String,
    },
    /// Read policy files and name every mistake in each
    Check {
        /// Files, or names of shipped policies
        #[arg(required = true, value_name = "NAME|FILE")]
        policies: Vec<String>,
    },
    /// Print a policy that wants of every host what this report shows
    Learn {
        /// Report of a host that is as it should be (`-o json=FILE` or jsonl; `-` is standard input)
        report: PathBuf,
        /// Name of the new policy
        #[arg(long, default_value = "learned", value_parser = values::policy_name)]
        name: String,
    },
}

/// Arguments of `judge`.
#[derive(Debug, Clone, Args)]
pub struct JudgeArgs {
    /// Reports (`-o json=FILE` or jsonl; `-` is standard input)
    pub report: PathBuf,
    /// Policy: the name of a shipped one or a TOML file (repeats)
    #[arg(long, value_name = "NAME|FILE")]
    pub policy: Vec<String>,
    /// Rule as in `check`: [PROTOCOL/]METHOD=STATE (repeats)
    #[arg(long, value_name = "RULE")]
    pub expect: Vec<String>,
    /// Judge policies as they stand on this day, 2026-12-31 [default: the day of each report]
    #[arg(long, value_name = "DATE", requires = "policy", value_parser = values::day)]
    pub at: Option<Date>,
    /// Form of the answer
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    pub output: TextOrJson,
    /// Colour; auto means on a terminal unless NO_COLOR is set
    #[arg(long, value_name = "WHEN", default_value = "auto", env = "MAILPROBE_COLOR", hide_env = true,
          value_parser = choice::color())]
    pub color: Color,
}

/// Arguments of `devices`.
#[derive(Debug, Clone, Args)]
pub struct DevicesArgs {
    /// Report to hold the devices against (`-o json=FILE` or jsonl; `-` is standard input)
    pub report: Option<PathBuf>,
    /// Only this device, by its id (repeats)
    #[arg(long, value_name = "ID")]
    pub device: Vec<String>,
    /// Add device profiles from a TOML file; one with the id of a shipped one takes its place (repeats)
    #[arg(long, value_name = "FILE")]
    pub profiles: Vec<PathBuf>,
    /// Take the dates of these policies for every host [default: each shipped one for the hosts it names]
    #[arg(long, value_name = "NAME|FILE", requires = "report")]
    pub policy: Vec<String>,
    /// Only what has changed by this day, 2026-12-31 [default: whatever is announced]
    #[arg(long, value_name = "DATE", requires = "report", value_parser = values::day)]
    pub at: Option<Date>,
    /// Form of the answer
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    pub output: TextOrJson,
    /// Colour; auto means on a terminal unless NO_COLOR is set
    #[arg(long, value_name = "WHEN", default_value = "auto", env = "MAILPROBE_COLOR", hide_env = true,
          value_parser = choice::color())]
    pub color: Color,
}
