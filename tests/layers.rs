//! What packages cannot say of themselves: which package may use which, that no circle leads through the rooms inside one, and
//! which layer of the probes may use which. Reads manifests and `use` lines.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use std::collections::{BTreeMap, BTreeSet};
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

/// Package, and the packages of ours that it may use: its floor is above all of theirs.
const PACKAGES: &[(&str, &[&str])] = &[
    ("mailprobe-probes", &[]),
    ("mailprobe-judge", &["probes"]),
    ("mailprobe-oauth", &["probes"]),
    // What changed is judged there and said here.
    ("mailprobe-report", &["probes", "judge"]),
    ("mailprobe-run", &["probes", "judge", "oauth"]),
    ("mailprobe-rehearse", &["probes", "judge"]),
    ("mailprobe-canary", &["probes", "judge", "oauth", "report", "run"]),
    ("mailprobe", &["probes", "judge", "oauth", "report", "run", "rehearse", "canary"]),
];

/// Module of `src`, and what it may use beside itself.
const PROGRAM: &[(&str, &[&str])] = &[
    // The command line as typed: all that clap reads, and what it asks of explain.
    ("args", &["explain", "output"]),
    // Commands that connect to nothing.
    ("offline", &["args", "mistake"]),
    ("explain", &["mistake"]),
    // Where reports go, and what is said of a mistake.
    ("output", &[]),
    ("mistake", &[]),
    // The whole way on loopback: a tenant, a plan against it, the run, the report.
    ("demo", &["mistake"]),
];

/// What `plan`, `judge` and `report` may use of the probes: a report must be renderable from a stored file,
/// and a plan must be made without a socket.
const OF_PROBES: &[(&str, &[&str])] = &[
    ("crates/judge/src", &["model"]),
    // From diagnose only the address of a page to read more on, which is checked below: an address in a stored report
    // may be anybody's, so a page links to the rules' own alone.
    ("crates/report/src", &["model", "diagnose"]),
    // From wire only data, which is checked below.
    ("crates/run/src/plan", &["model", "probe", "wire"]),
    ("crates/oauth/src/providers", &["model"]),
    ("src/explain", &["model", "diagnose"]),
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
    check(&here(""), OF_PROBES, "mailprobe_probes::");
}

/// Where a package lives.
fn home(package: &str) -> PathBuf {
    match package.strip_prefix("mailprobe-") {
        None => here(""),
        Some("probes") => here("probes"),
        Some(name) => here("crates").join(name),
    }
}

/// The packages of ours that a manifest names for its code, those for its tests left out.
fn named(package: &str) -> BTreeSet<String> {
    let manifest: toml::Table =
        fs::read_to_string(home(package).join("Cargo.toml")).unwrap().parse().unwrap();
    let names = manifest["dependencies"].as_table().unwrap().keys();
    names.filter_map(|name| name.strip_prefix("mailprobe-").map(str::to_owned)).collect()
}

#[test]
fn a_package_uses_only_those_on_floors_below_its_own() {
    for (at, (package, allowed)) in PACKAGES.iter().enumerate() {
        let allowed: BTreeSet<String> = allowed.iter().map(|name| (*name).to_owned()).collect();
        let below: BTreeSet<String> =
            PACKAGES[..at].iter().map(|(name, _)| name.replacen("mailprobe-", "", 1)).collect();
        assert!(allowed.is_subset(&below), "{package} stands below what it uses");
        assert_eq!(named(package), allowed, "{package}");
    }
    let members: toml::Table = fs::read_to_string(here("Cargo.toml")).unwrap().parse().unwrap();
    let members = members["workspace"]["members"].as_array().unwrap().len();
    assert_eq!(members + 1, PACKAGES.len(), "a member of the workspace stands in no row");
}

#[test]
fn the_house_has_five_floors() {
    let mut floors: BTreeMap<&str, usize> = BTreeMap::new();
    for (package, uses) in PACKAGES {
        let below = uses.iter().map(|name| floors[format!("mailprobe-{name}").as_str()]).max();
        floors.insert(package, below.map_or(1, |below| below + 1));
    }
    assert_eq!(floors["mailprobe"], 5, "{floors:?}");
}

/// The top modules that a path from inside a file leads to: `crate::NAME`, or as many `super::` as lead to the root; several where
/// they stand in braces.
fn lead_to(file: &[String], path: &str) -> Vec<String> {
    let mut depth = file.len();
    let mut rest = path;
    if let Some(after) = rest.strip_prefix("crate::") {
        (rest, depth) = (after, 0);
    }
    while let Some(after) = rest.strip_prefix("super::") {
        let Some(above) = depth.checked_sub(1) else { return Vec::new() };
        (rest, depth) = (after, above);
    }
    if depth > 0 {
        return Vec::new();
    }
    let name = |text: &str| {
        text.trim_start().split(|c: char| !c.is_ascii_lowercase() && c != '_').next().unwrap().to_owned()
    };
    let Some(several) = rest.strip_prefix('{') else { return vec![name(rest)] };
    let mut open = 0_u32;
    let ends = several.find(|c| {
        open = open + u32::from(c == '{') - u32::from(c == '}' && open > 0);
        c == '}' && open == 0
    });
    let mut open = 0_u32;
    let parts = several[..ends.unwrap_or(several.len())].split(|c| {
        open = open + u32::from(c == '{') - u32::from(c == '}' && open > 0);
        c == ',' && open == 0
    });
    parts.map(name).collect()
}

/// What the modules at the root of a package use of each other, tests left out.
fn rooms(root: &Path) -> BTreeMap<String, BTreeSet<String>> {
    let mut paths = Vec::new();
    files(root, &mut paths);
    let mut graph: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for path in paths {
        let inside = path.strip_prefix(root).unwrap().with_extension("");
        let module: Vec<String> = inside
            .iter()
            .map(|part| part.to_string_lossy().into_owned())
            .filter(|part| part != "mod")
            .collect();
        if module
            .iter()
            .any(|part| part.contains("test") || ["lib", "main", "sample"].contains(&part.as_str()))
        {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
        let code: String =
            code.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
        let uses = graph.entry(module[0].clone()).or_default();
        for prefix in ["crate::", "super::"] {
            for (at, _) in code.match_indices(prefix) {
                if code[..at].ends_with(|c: char| c.is_alphanumeric() || c == ':' || c == '_') {
                    continue;
                }
                uses.extend(lead_to(&module, &code[at..]).into_iter().filter(|name| !name.is_empty()));
            }
        }
    }
    let known: BTreeSet<String> = graph.keys().cloned().collect();
    for (module, uses) in &mut graph {
        uses.retain(|used| used != module && known.contains(used));
    }
    graph
}

#[test]
fn no_circle_leads_through_the_rooms_of_a_package() {
    for (package, _) in PACKAGES {
        let mut graph = rooms(&home(package).join("src"));
        assert!(!graph.is_empty(), "{package}");
        // Whoever uses nobody is taken away, until nobody is left; a circle stays.
        loop {
            let done: Vec<String> =
                graph.iter().filter(|(_, uses)| uses.is_empty()).map(|(module, _)| module.clone()).collect();
            if done.is_empty() {
                break;
            }
            for module in done {
                graph.remove(&module);
                for uses in graph.values_mut() {
                    uses.remove(&module);
                }
            }
        }
        assert!(graph.is_empty(), "{package}: {graph:?}");
    }
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
    files(&here("crates/report/src"), &mut paths);
    for path in paths.iter().filter(|path| !path.ends_with("lang/tests.rs")) {
        let text = fs::read_to_string(path).unwrap();
        for (at, prefix) in text.match_indices("mailprobe_probes::diagnose") {
            let rest = &text[at + prefix.len()..];
            assert!(rest.starts_with("::read_more;"), "{}", path.display());
        }
    }
}

#[test]
fn a_plan_knows_no_command_line_and_no_connection() {
    let mut paths = Vec::new();
    files(&here("crates/run/src/plan"), &mut paths);
    assert!(!paths.is_empty(), "the plan has moved");
    for path in paths {
        let text = fs::read_to_string(&path).unwrap();
        assert!(!text.contains("clap"), "{} names clap", path.display());
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
        for (at, prefix) in code.match_indices("mailprobe_probes::wire::") {
            let names = code[at + prefix.len()..].split(';').next().unwrap().trim_matches(['{', '}']);
            let is_data = |name: &str| matches!(name.trim(), "Family" | "Override");
            assert!(names.split(',').all(is_data), "{} uses {names}", path.display());
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
