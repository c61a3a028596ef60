//! `docs/bounds.md` is true: its figures are those of the code, its tests are there, and no parser is left out.

use std::path::Path;

use mailprobe_probes::dialect::Limits;

fn file(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn every_test_that_it_names_is_there() {
    let page = file("docs/bounds.md");
    let code = page.split('`').skip(1).step_by(2);
    let named: Vec<&str> =
        code.filter(|word| word.starts_with("tests/") || word.starts_with("probes/")).collect();
    assert!(named.len() > 20, "{named:?}");
    for name in named {
        assert!(file(name).contains("#[test]"), "{name}");
    }
}

#[test]
fn its_figures_are_those_of_the_code() {
    let page = file("docs/bounds.md");
    let limits = Limits::DEFAULT;
    for row in [
        format!("| a line of IMAP, POP3 or SMTP | {} KiB |", limits.line / 1024),
        format!(
            "| a response with its literals, a list, a reply of many lines | {} KiB |",
            limits.unit / 1024
        ),
        format!("| responses before an answer | {} |", limits.units),
        format!("| SASL rounds | {} |", limits.rounds),
        format!("| a session check altogether | {} KiB, {} lines |", limits.unit * 4 / 1024, limits.units),
    ] {
        assert!(page.contains(&row), "{row}");
    }
    for (source, constant, row) in [
        ("probes/src/dialect/imap/nesting.rs", "DEEPEST: usize = 32", "(IMAP, after the login) | 32 |"),
        ("probes/src/wire/http/bounded.rs", "MOST_INTERIM: usize = 16", "before an answer | 16 |"),
        ("probes/src/wire/http/bounded.rs", "WIRE_OCTETS: usize = 8", "(8 times that on the wire)"),
        (
            "probes/src/wire/http.rs",
            "MOST_HEAD: usize = 64 * 1024",
            "interim ones included | 64 KiB, 100 fields |",
        ),
        ("probes/src/wire/http.rs", "MOST_FIELDS: usize = 100", "64 KiB, 100 fields"),
        (
            "probes/src/probe/http/connection.rs",
            "MOST_CONTENT: usize = 256 * 1024",
            "HTTP: content | 256 KiB",
        ),
        ("probes/src/wire/resolve.rs", "MOST_ADDRESSES: usize = 64", "| addresses of a host | 64 |"),
        ("probes/src/wire/proxy.rs", "MOST: usize = 16 * 1024", "CONNECT | 16 KiB |"),
        ("probes/src/wire/record.rs", "MOST_LINES: usize = 1000", "| a transcript | 1,000 lines"),
        ("probes/src/wire/record.rs", "KEPT_OF_CONNECTION: usize = 24 * 1024", "24 KiB a connection"),
        ("probes/src/wire/facts.rs", "MOST_CERTIFICATES: usize = 10", "10 certificates, 100 names kept"),
        ("probes/src/service/xml.rs", "DEEPEST: usize = 32", "1 MiB, 32 deep, 8,192 elements"),
        (
            "probes/src/service/wbxml/decode.rs",
            "MAX_ELEMENTS: usize = 4096",
            "1 MiB, 32 deep, 4,096 elements",
        ),
    ] {
        assert!(file(source).contains(constant), "{source}: {constant}");
        assert!(page.contains(row), "{row}");
    }
}

#[test]
fn no_crate_that_parses_for_us_is_left_out() {
    let page = file("docs/bounds.md");
    let manifests = file("Cargo.toml") + &file("probes/Cargo.toml");
    for name in [
        "async-imap",
        "lettre",
        "hyper",
        "reqwest",
        "hickory",
        "rustls",
        "x509-parser",
        "tls-parser",
        "quick-xml",
        "serde_json",
        "toml",
        "csv",
        "zip",
    ] {
        assert!(manifests.contains(name), "{name} is not used any more");
        assert!(page.contains(&format!("\n| {name}")), "{name}");
    }
}
