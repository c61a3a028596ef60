//! The table of layers in the design: which module may use which. Reads the `use crate::` lines.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Module of `probes/src`, and what it may use beside itself.
const PROBES: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("dialect", &["model"]),
    ("service", &["model"]),
    ("diagnose", &["model"]),
    // From dialect only the trait, which is checked below.
    ("sasl", &["model", "dialect"]),
    // From sasl what a transcript may say of a token.
    ("scheme", &["model", "sasl", "service"]),
    ("wire", &["model"]),
    ("session", &["model", "wire", "dialect"]),
    ("probe", &["model", "wire", "dialect", "service", "sasl", "scheme", "diagnose", "session"]),
];

/// Module of `src`, and what it may use beside itself and `mailprobe_probes`.
const PROGRAM: &[(&str, &[&str])] = &[
    // The plan names the formats and the rules that it reads from the command line.
    ("plan", &["report", "judge", "providers", "explain", "lang"]),
    ("providers", &[]),
    // A catalogue, which knows nothing of what it translates.
    ("lang", &[]),
    ("web", &["plan", "run"]),
    ("discover", &["plan", "run", "providers", "web"]),
    // A client's assertion and the simulated tenant's tokens are signed in one place.
    ("jws", &[]),
    ("lock", &[]),
    ("oauth", &["plan", "providers", "web", "jws", "lock"]),
    // What the cells of a report say of each other is judged before anybody reads it.
    ("run", &["plan", "judge"]),
    ("judge", &[]),
    // What changed is judged there and said here.
    ("report", &["judge", "lang"]),
    ("stored", &["plan"]),
    // Commands that connect to nothing.
    ("offline", &["plan", "judge", "report", "stored"]),
    ("publish", &["plan", "report", "lang"]),
    ("rehearse", &["judge", "jws"]),
    // Its command line is part of the plan's, and a mistake in it one of the plan's.
    ("explain", &["plan", "report", "lang"]),
    // Scheduled checks: a plan for every target, the run, its verdict; reports are told in the forms that are there.
    ("canary", &["plan", "run", "judge", "report", "oauth", "web", "providers", "lock"]),
    // The whole way on loopback: a tenant, a plan against it, the run, the report.
    ("demo", &["rehearse", "plan", "run", "judge", "report", "lang"]),
];

/// What `plan`, `judge` and `report` may use of the probes: a report must be renderable from a stored file,
/// and a plan must be made without a socket.
const OF_PROBES: &[(&str, &[&str])] = &[
    ("judge", &["model"]),
    // From diagnose only the address of a page to read more on, which is checked below: an address in a stored report
    // may be anybody's, so a page links to the rules' own alone.
    ("report", &["model", "diagnose"]),
    ("plan", &["model", "probe"]),
    ("providers", &["model"]),
    ("explain", &["model", "diagnose"]),
];

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    // A module may be one file beside others.
    if !folder.is_dir() {
        return;
    }
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// Every module named behind `prefix` in the code of a module, its tests left out.
fn used(root: &Path, module: &str, prefix: &str) -> BTreeSet<String> {
    let mut paths = Vec::new();
    files(&root.join(module), &mut paths);
    paths.retain(|path| {
        let name = path.file_stem().unwrap().to_string_lossy();
        !name.contains("test") && name != "sample"
    });
    let single = root.join(format!("{module}.rs"));
    paths.extend(single.exists().then_some(single));
    assert!(!paths.is_empty(), "{module} has no files: the table is out of date");
    let mut modules = BTreeSet::new();
    for path in paths {
        let text = fs::read_to_string(&path).unwrap();
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
        for (at, _) in code.match_indices(prefix) {
            let name: String = code[at + prefix.len()..]
                .chars()
                .take_while(|c| c.is_ascii_lowercase() || *c == '_')
                .collect();
            modules.insert(name);
        }
    }
    modules.remove(module);
    modules.remove("");
    modules
}

fn check(root: &Path, table: &[(&str, &[&str])], prefix: &str) {
    for (module, allowed) in table {
        let allowed: BTreeSet<String> = allowed.iter().map(|name| (*name).to_owned()).collect();
        let used = used(root, module, prefix);
        let beyond: Vec<_> = used.difference(&allowed).collect();
        assert!(beyond.is_empty(), "{module} uses {beyond:?}, which its layer does not allow");
    }
}

fn here(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)
}

#[test]
fn the_probes_keep_to_their_layers() {
    check(&here("probes/src"), PROBES, "crate::");
}

#[test]
fn the_program_keeps_to_its_layers() {
    check(&here("src"), PROGRAM, "crate::");
    check(&here("src"), OF_PROBES, "mailprobe_probes::");
}

#[test]
fn every_module_stands_in_the_table() {
    for (root, table) in [("probes/src", PROBES), ("src", PROGRAM)] {
        for entry in fs::read_dir(here(root)).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            let known =
                matches!(name.as_str(), "lib" | "main" | "app") || table.iter().any(|(m, _)| *m == name);
            assert!(known, "{root}/{name} is in no layer");
        }
    }
}

#[test]
fn a_report_asks_the_diagnosis_for_addresses_alone() {
    let mut paths = Vec::new();
    files(&here("src/report"), &mut paths);
    for path in paths {
        let text = fs::read_to_string(&path).unwrap();
        for (at, prefix) in text.match_indices("mailprobe_probes::diagnose") {
            let rest = &text[at + prefix.len()..];
            assert!(rest.starts_with("::read_more;"), "{}", path.display());
        }
    }
}

#[test]
fn mechanisms_know_no_protocol_only_the_dialect_trait() {
    let mut paths = Vec::new();
    files(&here("probes/src/sasl"), &mut paths);
    for path in paths.iter().filter(|path| !path.to_string_lossy().contains("tests")) {
        let text = fs::read_to_string(path).unwrap();
        assert!(!text.contains("Imap") && !text.contains("dialect::imap"), "{}", path.display());
    }
}

#[test]
fn the_sans_io_modules_name_no_runtime_no_socket_and_no_clock() {
    for module in ["model", "sasl", "dialect", "service", "scheme", "diagnose"] {
        let mut paths = Vec::new();
        files(&here("probes/src").join(module), &mut paths);
        for path in paths {
            let text = fs::read_to_string(&path).unwrap();
            for word in ["tokio", "std::net::Tcp", "std::net::Udp", "Instant", "SystemTime", "std::fs"] {
                assert!(!text.contains(word), "{} names {word}", path.display());
            }
        }
    }
}
