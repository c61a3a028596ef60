//! Which versions of TLS the lab's servers take behind STARTTLS, held against what `openssl s_client` gets there.

use mailprobe_probes::model::{Direction, Phase, TlsProtocol, TlsVersion};

use crate::lab;
use crate::visits::Visit;

fn openssl_gets(address: &str, starttls: &str, version: TlsProtocol) -> bool {
    let flag = match version {
        TlsProtocol::Tls10 => "-tls1",
        TlsProtocol::Tls11 => "-tls1_1",
        TlsProtocol::Tls12 => "-tls1_2",
        TlsProtocol::Tls13 => "-tls1_3",
    };
    let arguments =
        ["s_client", "-connect", address, "-starttls", starttls, flag, "-cipher", "ALL:@SECLEVEL=0"];
    let (_, said) = lab::program("openssl", &arguments, "");
    let suite = said.split("Cipher is ").nth(1).unwrap_or_else(|| panic!("{said}"));
    !suite.starts_with("(NONE)")
}

#[tokio::test]
async fn behind_starttls_we_find_the_versions_that_openssl_gets() {
    for (url, starttls) in [
        (lab::imap("modern"), "imap"),
        (lab::pop3("modern"), "pop3"),
        (lab::imap("cyrus"), "imap"),
        (lab::smtp("postfix"), "smtp"),
    ] {
        let address = url.rsplit('/').next().unwrap();
        let expected: Vec<Option<bool>> =
            TlsProtocol::ALL.iter().map(|version| Some(openssl_gets(address, starttls, *version))).collect();
        assert!(expected.contains(&Some(true)), "{url}");
        let mut visit = Visit::new(&url);
        (visit.options.tls_versions, visit.options.stop_after) = (true, Phase::Capability);
        let report = visit.run().await;
        let ours: Vec<Option<bool>> = report.tls_versions.iter().map(TlsVersion::accepted).collect();
        assert_eq!(ours, expected, "{url}: {:#?}", report.tls_versions);
        // Each asks for STARTTLS on a connection of its own, after the visit's.
        for connection in 2..=5 {
            let sent = report.transcript.iter().filter(|line| line.connection == connection);
            let said: Vec<&str> = sent
                .filter(|line| line.direction == Direction::Sent)
                .map(|line| line.text.as_str())
                .collect();
            assert!(said.last().is_some_and(|line| line.contains("STARTTLS") || *line == "STLS"), "{said:?}");
        }
    }
}
