//! Every command of ours that stands anywhere in the examples exists, and so do its flags.

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;

use crate::index::files;
use crate::lab;
use crate::tools::{example, in_the_lab, mailprobe, run, secret_file, text, with_mailprobe};

/// Our commands in a text, as the command with its words up to where it ends.
fn commands(text: &str) -> Vec<(String, Vec<String>)> {
    // A comment's continued line begins with its sign.
    let joined = text.replace("\\\n# ", " ").replace("\\\n#", " ").replace("\\\n", " ");
    let mut found = Vec::new();
    for (at, _) in joined.match_indices("mailprobe ") {
        let before = joined[..at].chars().next_back().unwrap_or('\n');
        if !(before.is_whitespace() || "`/\"'".contains(before)) {
            continue;
        }
        let rest = joined[at + "mailprobe ".len()..].split(['\n', '`', '|', ';', '\'']).next().unwrap();
        let mut words = rest.split_whitespace().map(|word| word.trim_matches(['"', ',', '.']).to_owned());
        // A volume or an image of that name is followed by flags of another program.
        let Some(command) = words.next().filter(|word| !word.starts_with('-')) else { continue };
        found.push((command, words.collect()));
    }
    found
}

#[test]
fn every_command_and_flag_of_ours_exists() {
    let help = run(mailprobe().arg("--help")).out;
    let known: Vec<String> = help
        .split("Commands:")
        .nth(1)
        .unwrap()
        .lines()
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| Some(line.split_whitespace().next()?.to_owned()))
        .collect();
    assert!(known.len() > 8, "{known:?}");
    let mut helps: BTreeMap<String, String> = BTreeMap::new();
    let mut seen = 0;
    for file in files() {
        for (command, words) in commands(&fs::read_to_string(&file).unwrap()) {
            // "mailprobe exports" is a sentence, and no command.
            if !known.contains(&command) {
                assert!(
                    !words.iter().any(|word| word.starts_with("--")),
                    "{}: {command} {words:?}",
                    file.display()
                );
                continue;
            }
            let mut path = vec![command.clone()];
            path.extend(words.first().filter(|word| word.chars().all(|c| c.is_ascii_lowercase())).cloned());
            let help = helps.entry(path.join(" ")).or_insert_with(|| {
                // The second word is a command of its own or an argument of the first.
                let two = run(mailprobe().args(&path).arg("--help"));
                let one = run(mailprobe().arg(&path[0]).arg("--help"));
                assert_eq!(one.status, 0, "{path:?}");
                one.out + &two.out
            });
            for flag in words.iter().filter(|word| word.starts_with("--")) {
                let name = flag.split('=').next().unwrap();
                assert!(help.contains(name), "{}: {command} has no {name}", file.display());
                seen += 1;
            }
        }
    }
    assert!(seen >= 15, "{seen}");
}

#[test]
fn what_the_service_for_one_shot_checks_runs_leaves_a_report_and_numbers() {
    let unit = text("systemd/mailprobe-check.service").replace("\\\n", " ");
    let line = unit.lines().find_map(|line| line.strip_prefix("ExecStart=/usr/local/bin/")).unwrap();
    let (path, folder) = (with_mailprobe(), tempfile::tempdir().unwrap());
    let here = folder.path().display().to_string();
    secret_file(&folder.path().join("password"), &lab::password("alice"));
    fs::copy(example("policy.toml"), folder.path().join("policy.toml")).unwrap();
    let targets = format!("mailbox,endpoint\n{},{}\n", lab::fact("ALICE"), lab::imaps("cutover"));
    fs::write(folder.path().join("targets.csv"), targets).unwrap();
    let line = line
        .replace("${CREDENTIALS_DIRECTORY}", &here)
        .replace("/etc/mailprobe", &here)
        .replace("/var/lib/mailprobe-check", &here)
        .replace("/var/lib/prometheus/node-exporter", &here);
    let mut words = line.split_whitespace();
    let mut command = Command::new(path.path().join(words.next().unwrap()));
    in_the_lab(&mut command, path.path());
    let said = run(command.args(words));
    assert_eq!(said.status, 0, "{}{}", said.out, said.err);
    assert!(said.out.contains(lab::fact("ALICE")), "{}", said.out);
    let numbers = fs::read_to_string(folder.path().join("mailprobe.prom")).unwrap();
    assert!(numbers.contains("mailprobe_mechanism_accepted{"), "{numbers}");
    assert!(folder.path().join("report.json").exists());
}
