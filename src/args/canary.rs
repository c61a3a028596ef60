//! The command line of `canary` as typed.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// Shown under the help.
pub(super) const EXAMPLES: &str = "\
It runs until it is told to stop (Ctrl-C, SIGTERM). SIGHUP, or a change of the
file, makes it read its configuration again; one with a mistake is refused, and
the canary goes on with the one before.

Examples:
  mailprobe canary check --config canary.toml
  mailprobe canary --config canary.toml";

/// Arguments of `canary`.
#[derive(Debug, Clone, Args)]
pub struct CanaryArgs {
    /// The configuration, a TOML file
    #[arg(long, value_name = "FILE", required = true)]
    pub config: Option<PathBuf>,
    /// What else than to run.
    #[command(subcommand)]
    pub command: Option<CanaryCommand>,
}

/// What can be done without running.
#[derive(Debug, Clone, Subcommand)]
pub enum CanaryCommand {
    /// Check a configuration and say what it would do; connects to nothing and reads no password
    Check {
        /// The configuration, a TOML file
        #[arg(long, value_name = "FILE")]
        config: PathBuf,
    },
}
