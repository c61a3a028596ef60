//! The command line of `discover` as typed.

#![allow(
    clippy::doc_markdown,
    clippy::struct_excessive_bools,
    reason = "the comments are help texts, where backticks would show; and a flag is a bool"
)]

use std::time::Duration;

use clap::builder::BoolishValueParser;
use clap::{ArgAction, Args};

use super::ReachArgs;
use mailprobe_run::plan::values;

/// Arguments of `discover`.
#[derive(Debug, Clone, Args)]
pub struct DiscoverArgs {
    /// Address or domain
    #[arg(value_name = "ADDRESS|DOMAIN")]
    pub subject: String,
    /// Ask over HTTP although the certificate is not trusted
    #[arg(long, env = "MAILPROBE_INSECURE", hide_env = true, value_parser = BoolishValueParser::new())]
    pub insecure: bool,
    /// How hosts are found and reached. SRV, MX and CNAME records are asked for directly.
    #[command(flatten)]
    pub reach: ReachArgs,
    /// Longest wait for one answer
    #[arg(long, value_name = "SECS", default_value = "10", env = "MAILPROBE_TIMEOUT", hide_env = true,
          value_parser = values::seconds)]
    pub timeout: Duration,
    /// Longest wait for DNS, for TCP, and for the TLS handshake
    #[arg(long, value_name = "SECS", default_value = "5", env = "MAILPROBE_CONNECT_TIMEOUT", hide_env = true,
          value_parser = values::seconds)]
    pub connect_timeout: Duration,
    /// Report format text or json, on standard output or in a file (repeats)
    #[arg(short, long, value_name = "FORMAT[=FILE]", env = "MAILPROBE_OUTPUT", hide_env = true)]
    pub output: Vec<String>,
    /// Show every question, also those that led nowhere; twice also logs to standard error
    #[arg(short, long, action = ArgAction::Count, env = "MAILPROBE_VERBOSE", hide_env = true)]
    pub verbose: u8,
    /// Say nothing on standard error but errors
    #[arg(short, long, env = "MAILPROBE_QUIET", hide_env = true, value_parser = BoolishValueParser::new())]
    pub quiet: bool,
}
