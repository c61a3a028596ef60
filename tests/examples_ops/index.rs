//! The index of the examples: it names every file, each file says what it is and how it is tested, and none of them is left over.

use std::fs;
use std::path::{Path, PathBuf};

use crate::tools::{example, text};

/// Every file in `examples/`, whatever it is for.
pub(crate) fn files() -> Vec<PathBuf> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { walk(&path, found) } else { found.push(path) }
        }
    }
    let mut found = Vec::new();
    walk(&example(""), &mut found);
    found.sort();
    found
}

fn name(file: &Path) -> String {
    file.strip_prefix(example("")).unwrap().to_string_lossy().into_owned()
}

#[test]
fn the_index_names_every_file_and_none_that_is_not_there() {
    let index = text("README.md");
    for file in files() {
        let name = name(&file);
        assert!(name == "README.md" || index.contains(&format!("]({name})")), "{name} is not in the index");
    }
    for link in index.split("](").skip(1) {
        let link = link.split(')').next().unwrap();
        assert!(link.starts_with("http") || example(link).exists(), "{link}");
    }
}

#[test]
fn every_file_for_others_says_what_it_is_and_how_it_is_tested() {
    let mut seen = 0;
    for file in files() {
        let name = name(&file);
        // Programs have their own words, and reports no place for any.
        if !name.contains('/') && !name.ends_with(".toml") {
            continue;
        }
        let text = fs::read_to_string(&file).unwrap();
        assert!(text.contains("tests/examples_ops"), "{name} does not say how it is tested");
        let first = text.lines().find(|line| !line.starts_with("#!")).unwrap();
        assert!(
            first.starts_with("# ") || first.starts_with("/* ") || name.ends_with(".json"),
            "{name}: {first}"
        );
        seen += 1;
    }
    assert!(seen > 15, "{seen}");
}

#[test]
fn addresses_in_the_examples_are_nobodys() {
    for file in files() {
        let name = name(&file);
        if !name.contains('/') && !name.ends_with(".toml") {
            continue;
        }
        let text = fs::read_to_string(&file).unwrap();
        for (at, _) in text.match_indices('@') {
            let host: String = text[at + 1..]
                .chars()
                .take_while(|c| c.is_ascii_alphanumeric() || ".-".contains(*c))
                .collect();
            let host = host.trim_end_matches('.');
            if host.contains('.') {
                assert!(host.ends_with("example.com"), "{name}: {host}");
            }
        }
    }
}
