//! A mechanism from outside the crate, added to a run with one line: SASL EXTERNAL (RFC 4422 appendix A),
//! whose one message is an authorisation identity, empty here. What an empty first message looks like on the
//! wire is the dialect's business; the mechanism only says that there is one.
//!
//! ```text
//! cargo run --example custom_mechanism
//! ```
#![allow(clippy::print_stdout, reason = "an example talks on stdout")]

use std::sync::Arc;

use mailprobe_probes::dialect::Imap;
use mailprobe_probes::model::{Kind, Login, Skip};
use mailprobe_probes::sasl::{Context, Exchange, Flaw, Mechanism, Payload, Registry, SaslClient, Step};

struct External;

impl Mechanism for External {
    fn name(&self) -> &'static str {
        "EXTERNAL"
    }

    fn kind(&self) -> Kind {
        // It presents what the TLS layer holds; the gate treats it like a password.
        Kind::Password
    }

    fn start(&self, context: &Context<'_>) -> Result<Box<dyn SaslClient>, Skip> {
        Ok(Box::new(ExternalClient(context.login.authzid.clone().unwrap_or_default())))
    }
}

struct ExternalClient(String);

impl SaslClient for ExternalClient {
    fn initial(&mut self) -> Option<Payload> {
        Some(Payload::clear(self.0.clone()))
    }

    fn respond(&mut self, _challenge: &[u8]) -> Step {
        Step::Abort(Flaw::Unanswerable("EXTERNAL has one message".into()))
    }
}

fn main() {
    let mechanisms = Registry::standard().with(Arc::new(External));
    let names: Vec<&str> = mechanisms.iter().map(|mechanism| mechanism.name()).collect();
    println!("{}", names.join(" "));

    let login = Login { authcid: "alice@example.com".into(), ..Login::default() };
    let nonce = mailprobe_probes::sasl::random_nonce;
    let context =
        Context { login: &login, host: "imap.example.com", port: 993, binding: None, nonce: &nonce };
    if let Some(Ok(client)) = mechanisms.find("EXTERNAL").map(|mechanism| mechanism.start(&context)) {
        let mut exchange = Exchange::sasl("EXTERNAL", client, 3);
        let command = exchange.begin(&mut Imap::new(), usize::MAX);
        println!("{}", command.shown().trim_end());
    }
}
