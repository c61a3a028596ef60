//! Nagios and Icinga read what is for them, and what they would run is run against the lab.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::lab;
use crate::tools::{Said, content, example, in_the_lab, run, secret_file, text, with_mailprobe};

fn user() -> (String, String) {
    let trimmed = |flag: &str| content("id", &[flag]).trim().to_owned();
    (trimmed("-un"), trimmed("-gn"))
}

/// A main file around the example, with everything that Nagios writes in a folder of the test.
fn nagios(folder: &Path, objects: &Path) -> Said {
    let (user, group) = user();
    let here = folder.display();
    let main = format!(
        "cfg_file={}\nlog_file={here}/log\nlock_file={here}/lock\ntemp_file={here}/temp\ntemp_path={here}\n\
         check_result_path={here}\ncommand_file={here}/command\nnagios_user={user}\nnagios_group={group}\n\
         illegal_macro_output_chars=`~$&|'\"<>\n",
        objects.display()
    );
    let file = folder.join("nagios.cfg");
    fs::write(&file, main).unwrap();
    run(Command::new("nagios4").arg("-v").arg(file))
}

#[test]
fn nagios_reads_its_commands_and_services_without_a_warning() {
    let folder = tempfile::tempdir().unwrap();
    let said = nagios(folder.path(), &example("nagios/nagios.cfg"));
    assert!(said.out.contains("Total Warnings: 0\nTotal Errors:   0"), "{}", said.out);
    assert!(said.out.contains("Checked 2 services"), "{}", said.out);
    let worse = folder.path().join("worse.cfg");
    fs::write(&worse, text("nagios/nagios.cfg").replace("check_mailprobe!", "check_mail!")).unwrap();
    assert_ne!(nagios(folder.path(), &worse).status, 0);
}

/// The command line of a command, with Nagios' macros filled in.
fn command_line(name: &str, arguments: &[&str]) -> String {
    let all = text("nagios/nagios.cfg");
    let command =
        all.split("define command {").find(|part| part.contains(&format!("command_name    {name}\n")));
    let line = command.unwrap().lines().find_map(|line| line.trim().strip_prefix("command_line")).unwrap();
    let mut line = line.trim().replace("/usr/local/bin/mailprobe", "mailprobe");
    for (number, argument) in arguments.iter().enumerate() {
        line = line.replace(&format!("$ARG{}$", number + 1), argument);
    }
    assert!(!line.contains("$ARG"), "{line}");
    line
}

#[test]
fn what_nagios_runs_is_ok_where_passwords_are_refused_and_critical_where_one_is_taken() {
    let (path, folder) = (with_mailprobe(), tempfile::tempdir().unwrap());
    let password = folder.path().join("password");
    secret_file(&password, &lab::password("alice"));
    let policy = example("policy.toml");
    for (server, status, word) in [("cutover", 0, "OK"), ("modern", 2, "CRITICAL")] {
        let endpoint = lab::imaps(server);
        let line =
            command_line("check_mailprobe", &[lab::fact("ALICE"), &endpoint, policy.to_str().unwrap()])
                .replace("/etc/nagios4/mailprobe-password", password.to_str().unwrap());
        let mut shell = Command::new("sh");
        in_the_lab(&mut shell, path.path());
        let said = run(shell.args(["-c", &line]));
        assert_eq!(said.status, status, "{server}: {}{}", said.out, said.err);
        assert!(said.out.contains(word) && said.out.contains(" | "), "{}", said.out);
    }
    let line = command_line(
        "check_mailprobe_offers",
        &[lab::fact("ALICE"), &lab::imaps("cutover"), "imap/PLAIN=not-advertised"],
    );
    let mut shell = Command::new("sh");
    in_the_lab(&mut shell, path.path());
    assert_eq!(run(shell.args(["-c", &line])).status, 0, "{line}");
}

fn icinga(folder: &Path, objects: &Path) -> Said {
    let (user, group) = user();
    let file = folder.join("icinga2.conf");
    fs::write(&file, format!("include <itl>\ninclude \"{}\"\n", objects.display())).unwrap();
    let mut command = Command::new("icinga2");
    command.args(["daemon", "-C", "-c"]).arg(&file);
    for name in ["DataDir", "CacheDir", "LogDir", "InitRunDir", "SpoolDir"] {
        command.arg(format!("-D{name}={}", folder.display()));
    }
    run(command.arg(format!("-DRunAsUser={user}")).arg(format!("-DRunAsGroup={group}")))
}

#[test]
fn icinga_reads_its_command_and_makes_a_service_of_each_mailbox() {
    let folder = tempfile::tempdir().unwrap();
    let said = icinga(folder.path(), &example("nagios/icinga2.conf"));
    assert_eq!(said.status, 0, "{}{}", said.out, said.err);
    assert!(said.out.contains("Instantiated 1 Service."), "{}", said.out);
    let worse = folder.path().join("worse.conf");
    fs::write(
        &worse,
        text("nagios/icinga2.conf").replace("\"mailprobe\"", "\"mail\"").replacen("\"mail\"", "\"other\"", 1),
    )
    .unwrap();
    assert_ne!(icinga(folder.path(), &worse).status, 0);
}

#[test]
fn what_icinga_runs_is_a_command_line_of_ours() {
    let (path, folder) = (with_mailprobe(), tempfile::tempdir().unwrap());
    let password = folder.path().join("password");
    secret_file(&password, &lab::password("alice"));
    let token = folder.path().join("token");
    secret_file(&token, &lab::token("good"));
    let flags: Vec<String> = text("nagios/icinga2.conf")
        .lines()
        .filter_map(|line| Some(line.trim().strip_prefix("\"--")?.split_once('"')?.0.to_owned()))
        .collect();
    assert!(flags.len() >= 9, "{flags:?}");
    let mut command = Command::new(path.path().join("mailprobe"));
    in_the_lab(&mut command, path.path());
    command.args(["check", lab::fact("ALICE")]);
    let endpoint = lab::imaps("cutover");
    for flag in &flags {
        // Offers alone are another run: that flag and an expectation of a login exclude each other.
        if flag == "advertised-only" || flag == "ca-file" {
            continue;
        }
        command.arg(format!("--{flag}"));
        match flag.as_str() {
            "endpoint" => command.arg(&endpoint),
            "policy" => command.arg("modern-only"),
            "expect" => command.arg("XOAUTH2=usable"),
            "password-file" => command.arg(&password),
            "token-file" => command.arg(&token),
            "visit-timeout" => command.arg("45"),
            "output" => command.arg("nagios"),
            "quiet" => &mut command,
            other => panic!("{other}"),
        };
    }
    let said = run(&mut command);
    assert_eq!(said.status, 0, "{}{}", said.out, said.err);
}
