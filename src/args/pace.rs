//! How long a run may wait and how much of it goes on at once, as typed.

#![allow(clippy::doc_markdown, reason = "the comments are help texts, where backticks would show")]

use std::sync::LazyLock;
use std::time::Duration;

use clap::Args;

use mailprobe_run::plan::request::Pace;
use mailprobe_run::plan::{Limits, values};

/// The default as the help shows it.
fn default_connect() -> &'static str {
    static TEXT: LazyLock<String> = LazyLock::new(|| Pace::default().connect.as_secs().to_string());
    &TEXT
}

/// How long things may take, and how many go on at once.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Pace")]
pub struct PaceArgs {
    /// Longest wait for one reply, and for everything at one endpoint unless --visit-timeout says otherwise [default: 60]
    #[arg(long, value_name = "SECS", env = "MAILPROBE_TIMEOUT", hide_env = true,
          value_parser = values::seconds)]
    pub timeout: Option<Duration>,
    /// Longest wait for TCP, and for the TLS handshake
    #[arg(long, value_name = "SECS", default_value = default_connect(), env = "MAILPROBE_CONNECT_TIMEOUT", hide_env = true,
          value_parser = values::seconds)]
    pub connect_timeout: Duration,
    /// Longest time for one endpoint with all its methods [default: --timeout where it is given, else 180]
    #[arg(long, value_name = "SECS", env = "MAILPROBE_VISIT_TIMEOUT", hide_env = true,
          value_parser = values::seconds)]
    pub visit_timeout: Option<Duration>,
    /// Connections open at once in the whole run
    #[arg(long, value_name = "N", default_value_t = Limits::default().run, env = "MAILPROBE_CONCURRENCY", hide_env = true,
          value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub concurrency: u32,
    /// Connections open at once to one host
    #[arg(long, value_name = "N", default_value_t = Limits::default().per_host, env = "MAILPROBE_PER_HOST", hide_env = true,
          value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub per_host: u32,
    /// Connections open at once for one mailbox
    #[arg(long, value_name = "N", default_value_t = Limits::default().per_mailbox, env = "MAILPROBE_PER_MAILBOX", hide_env = true,
          value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub per_mailbox: u32,
}
