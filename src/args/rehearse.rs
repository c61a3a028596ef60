//! The command line of `rehearse` as typed.

#![allow(
    clippy::doc_markdown,
    clippy::struct_excessive_bools,
    reason = "the comments are help texts, where backticks would show; and a flag is a bool"
)]

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use mailprobe_run::plan::values;

/// Shown under the help.
pub const EXAMPLES: &str = "\
Point a device at the printed ports and give it a mailbox of the scenario
(--show NAME); every message it sends is thrown away. Ctrl-C ends the rehearsal
and prints what the device did, and until when that works.

Examples:
  mailprobe rehearse --list
  mailprobe rehearse smtp-auth-off-2027 --listen 192.0.2.10 --smtp 587 \\
      --ca-out rehearsal-ca.pem
  mailprobe rehearse exchange-online-today --bad-certificate --for 60
  mailprobe rehearse ./ours.toml -o html=devices.html -o profile=scanner.toml";

/// Arguments of `rehearse`.
#[derive(Debug, Clone, Args)]
pub struct RehearseArgs {
    /// A shipped scenario (--list), or the path of a TOML file
    #[arg(value_name = "SCENARIO", default_value = "exchange-online-today")]
    pub scenario: String,
    /// List the shipped scenarios
    #[arg(long, conflicts_with = "show")]
    pub list: bool,
    /// Print a scenario's TOML: its mailboxes, switches and words
    #[arg(long, value_name = "NAME")]
    pub show: Option<String>,
    /// Where it listens.
    #[command(flatten)]
    pub ports: PortArgs,
    /// What certificate it shows.
    #[command(flatten)]
    pub certificate: CertificateArgs,
    /// When it ends.
    #[command(flatten)]
    pub end: EndArgs,
    /// Device report at the end: text, json, html or profile (TOML), on standard output or in a file (repeats)
    #[arg(short, long, value_name = "FORMAT[=FILE]")]
    pub output: Vec<String>,
    /// No lines on standard error while devices connect
    #[arg(short, long)]
    pub quiet: bool,
}

/// Where it listens.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Ports")]
pub struct PortArgs {
    /// Address to listen on; strangers may reach any but a loopback one
    #[arg(long, value_name = "ADDR", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    pub listen: IpAddr,
    /// Added to the well-known ports: 10000 makes IMAP 10143; 0 takes the well-known ones
    #[arg(long, value_name = "N", default_value_t = 10000, value_parser = clap::value_parser!(u16).range(0..=60000))]
    pub port_base: u16,
    /// Port of IMAP with STARTTLS; 0 is any free one, here and below
    #[arg(long, value_name = "PORT")]
    pub imap: Option<u16>,
    /// Port of IMAP over TLS
    #[arg(long, value_name = "PORT")]
    pub imaps: Option<u16>,
    /// Port of POP3 with STLS
    #[arg(long, value_name = "PORT")]
    pub pop3: Option<u16>,
    /// Port of POP3 over TLS
    #[arg(long, value_name = "PORT")]
    pub pop3s: Option<u16>,
    /// Port of SMTP submission with STARTTLS
    #[arg(long, value_name = "PORT")]
    pub smtp: Option<u16>,
    /// Port of SMTP submission over TLS
    #[arg(long, value_name = "PORT")]
    pub smtps: Option<u16>,
    /// Port of EWS, ActiveSync, Autodiscover and the token endpoint over HTTPS
    #[arg(long, value_name = "PORT")]
    pub https: Option<u16>,
    /// Connections at a time
    #[arg(long, value_name = "N", default_value_t = 2000, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub max_connections: u32,
    /// Connections at a time from one address
    #[arg(long, value_name = "N", default_value_t = 1500, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub max_per_address: u32,
}

/// What certificate it shows.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Certificate")]
pub struct CertificateArgs {
    /// Certificate chain in PEM, leaf first [default: one by the rehearsal's own authority]
    #[arg(long, value_name = "PEM", requires = "key")]
    pub cert: Option<PathBuf>,
    /// Its private key in PEM
    #[arg(long, value_name = "PEM", requires = "cert")]
    pub key: Option<PathBuf>,
    /// Name in the certificate beside localhost and the address (repeats)
    #[arg(long, value_name = "NAME", conflicts_with = "cert", value_parser = values::ehlo_name)]
    pub name: Vec<String>,
    /// Write the certificate of the rehearsal's own authority, for the device to trust
    #[arg(long, value_name = "FILE", conflicts_with_all = ["cert", "bad_certificate"])]
    pub ca_out: Option<PathBuf>,
    /// Show a certificate that nobody trusts: does the device look?
    #[arg(long, conflicts_with = "cert")]
    pub bad_certificate: bool,
}

/// When it ends.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "End")]
pub struct EndArgs {
    /// End after so many seconds
    #[arg(long = "for", value_name = "SECS", value_parser = values::seconds)]
    pub duration: Option<Duration>,
    /// End after so many connections
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub connections: Option<u32>,
}
