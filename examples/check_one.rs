//! One visit with the library, and its report as JSON:
//!
//! ```text
//! MAILBOX_PASSWORD=... cargo run --example check_one -- imaps://imap.example.com alice@example.com [CA.pem]
//! ```
#![allow(clippy::print_stdout, reason = "an example talks on stdout")]

use std::error::Error;
use std::sync::Arc;

use mailprobe_probes::model::{Endpoint, Login, Secret};
use mailprobe_probes::probe::{OpenGate, Options, Slots, Task, Tools, probe_for};
use mailprobe_probes::sasl::Registry;
use mailprobe_probes::scheme::Schemes;
use mailprobe_probes::wire::{CancellationToken, Dialer, Resolver, ResolverSettings, Tls};
use rustls::pki_types::{CertificateDer, pem::PemObject as _};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let usage = "check_one ENDPOINT MAILBOX [CA.pem], with the password in MAILBOX_PASSWORD";
    let endpoint: Endpoint = arguments.next().ok_or(usage)?.parse()?;
    let mailbox = arguments.next().ok_or(usage)?;
    let roots = match arguments.next() {
        None => None,
        Some(file) => Some(CertificateDer::pem_file_iter(file)?.collect::<Result<Vec<_>, _>>()?),
    };
    let probe = probe_for(endpoint.protocol).ok_or("this protocol cannot be checked yet")?;
    let login = Login {
        authcid: mailbox,
        password: std::env::var("MAILBOX_PASSWORD").ok().map(Secret::new),
        token: std::env::var("MAILBOX_TOKEN").ok().map(Secret::new),
        ..Login::default()
    };
    let task = Task {
        endpoint,
        address: None,
        mailbox: login.authcid.clone(),
        login: Arc::new(login),
        options: Options::default(),
        slots: Slots::default(),
    };
    let tools = Tools {
        resolver: Arc::new(Resolver::new(ResolverSettings::default())),
        dialer: Arc::new(Dialer::default()),
        tls: Tls::new(roots.as_deref())?,
        mechanisms: Registry::standard(),
        schemes: Schemes::standard(),
        // A real run asks a gate that counts; this example presents the password once per method.
        gate: Arc::new(OpenGate),
        cancel: CancellationToken::new(),
    };
    let report = probe.run(&task, &tools).await;
    println!("{}", serde_json::to_string_pretty(&report)?);
    Ok(())
}
