//! Every command in the README, in `docs/` and in CONTRIBUTING is run, and what they show is what comes out.

use std::fs;
use std::path::Path;

use crate::lab;
use crate::tool::mailprobe;

fn document(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

/// The README and every page of `docs/`, by name.
fn documents() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    let pages = fs::read_dir(folder).unwrap().map(|page| page.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = pages.map(|page| format!("docs/{page}")).collect();
    names.push("README.md".to_owned());
    names.into_iter().map(|name| (name.clone(), document(&name))).collect()
}

/// `console` blocks: the command behind each `$`, continued lines joined, and the output under it.
fn consoles(text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for block in text.split("```console\n").skip(1) {
        let block = block.split("\n```").next().unwrap();
        for example in format!("\n{block}").split("\n$ ").skip(1) {
            let joined = example.replace("\\\n", " ");
            let (command, output) = joined.split_once('\n').unwrap_or((&joined, ""));
            found.push((
                command.split_whitespace().collect::<Vec<_>>().join(" "),
                output.trim_end().to_owned(),
            ));
        }
    }
    found
}

/// A shell's view of simple words and single quotes.
fn words(command: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for c in command.chars() {
        match c {
            '\'' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            c => words.last_mut().unwrap().push(c),
        }
    }
    words
}

/// Times and durations are not part of what is shown.
fn timeless(text: &str) -> String {
    let mask = |word: &str| {
        let digits = word.chars().any(|c| c.is_ascii_digit());
        if digits && (word.matches(':').count() == 2 || word.matches('-').count() == 2) {
            "TIME".to_owned()
        } else {
            word.to_owned()
        }
    };
    text.lines()
        .map(|line| {
            let line = line
                .split(" · ")
                .filter(|part| !part.ends_with(" ms") && !part.ends_with(" s"))
                .collect::<Vec<_>>()
                .join(" · ");
            line.split(' ').map(mask).collect::<Vec<_>>().join(" ").trim_end().to_owned()
        })
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn the_commands_of_the_documentation_do_what_it_shows() {
    assert!(consoles(&document("README.md")).len() >= 4, "the README has lost its examples");
    let examples: Vec<(String, String)> = documents().iter().flat_map(|(_, text)| consoles(text)).collect();
    assert!(examples.len() >= 20, "the documentation has lost its examples");
    let mut compared = 0;
    for (command, shown) in examples {
        let Some(arguments) =
            command.strip_prefix("cargo run --release -- ").or_else(|| command.strip_prefix("mailprobe "))
        else {
            // The others are the lab's and the test run's own; tests/run is how this test came to run.
            let script = command.split(' ').next().unwrap();
            assert!(
                Path::new(env!("CARGO_MANIFEST_DIR")).join(script).exists() || script == "export",
                "{command}"
            );
            continue;
        };
        let mut arguments = words(arguments);
        let real = arguments.iter().any(|word| word.contains("lab.test") || word.contains("boxes"))
            || arguments[0] != "check";
        if !real {
            // Hosts that are not ours are never asked: the plan shows that the command is understood.
            assert_eq!(arguments[0], "check", "{command}");
            arguments[0] = "plan".into();
        }
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let arguments: Vec<&str> = arguments
            .iter()
            .map(|word| if *word == "--password-prompt" { "--password-stdin" } else { word })
            .collect();
        let said = mailprobe(&arguments).input("a password\n").say();
        assert_ne!(said.status, 2, "{command}: {}", said.err);
        if !shown.is_empty() {
            assert!(real, "{command} shows output that nobody can check");
            assert_eq!(timeless(said.out.trim_end()), timeless(&shown), "{command}");
            compared += 1;
        }
    }
    assert!(compared > 0, "no output was compared");
    assert_eq!(lab::fact("IMAPS_PORT"), "10993", "the README names the lab's port");
}

#[test]
fn every_flag_the_documentation_names_exists() {
    let commands =
        ["check", "explain", "judge", "devices", "rehearse", "token get", "token inspect", "token forget"];
    let help = |command: &str| {
        let words: Vec<&str> = command.split(' ').chain(["--help"]).collect();
        mailprobe(&words).say().out
    };
    let help = commands.map(help).concat();
    for text in documents().into_iter().map(|(_, text)| text).chain([document("CONTRIBUTING.md")]) {
        for flag in text
            .split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'))
            .filter(|word| word.starts_with("--") && word.len() > 3)
        {
            let of_others = [
                "--release",
                "--path",
                "--example",
                "--test",
                "--no-default-features",
                "--workspace",
                "--lib",
                "--all-targets",
                "--bench",
                // amtool's
                "--alertmanager",
            ];
            assert!(of_others.contains(&flag) || help.contains(flag), "{flag}");
        }
    }
}

#[test]
fn every_page_is_linked_from_the_readme_and_every_link_leads_somewhere() {
    let readme = document("README.md");
    for (name, text) in documents() {
        assert!(name == "README.md" || readme.contains(&format!("]({name})")), "{name} is not in the README");
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(&name).parent().unwrap().to_path_buf();
        for link in text.split("](").skip(1).map(|rest| rest.split(')').next().unwrap()) {
            if link.starts_with("https://") {
                continue;
            }
            let (file, place) = link.split_once('#').unwrap_or((link, ""));
            let target = if file.is_empty() {
                text.clone()
            } else {
                assert!(folder.join(file).exists(), "{name}: {link}");
                fs::read_to_string(folder.join(file)).unwrap_or_default()
            };
            let anchor = |heading: &str| {
                let kept = heading.trim_start_matches('#').trim().to_lowercase();
                kept.chars()
                    .filter(|c| c.is_alphanumeric() || " -".contains(*c))
                    .collect::<String>()
                    .replace(' ', "-")
            };
            let found = place.is_empty()
                || target.lines().filter(|line| line.starts_with('#')).any(|line| anchor(line) == place);
            assert!(found, "{name}: {link}");
        }
    }
}

#[test]
fn the_services_that_are_only_asked_are_named_where_one_looks_for_an_endpoint() {
    let help = mailprobe(&["check", "--help"]).say().out;
    let readme = document("README.md");
    for scheme in ["mapi", "outlook-anywhere", "oab", "powershell", "reporting", "outlook-service"] {
        assert!(readme.contains(&format!("`{scheme}`")), "{scheme} is not in the README");
        assert!(
            help.split(|c: char| !c.is_alphanumeric() && c != '-').any(|word| word == scheme),
            "{scheme}: {help}"
        );
    }
}
