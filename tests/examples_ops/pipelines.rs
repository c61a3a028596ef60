//! The pipelines: by the schemas that GitHub and GitLab publish, and their scripts run against the lab.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::lab;
use crate::tools::{Said, checker, content, example, in_the_lab, run, text, with_mailprobe, yaml};

/// Stands for docker: what comes behind the image's name is the program's.
const DOCKER: &str =
    "#!/bin/sh\nwhile [ \"$1\" != \"$IMAGE\" ]; do shift; done\nshift\nexec mailprobe \"$@\"\n";

fn schema(name: &str, path: &str) -> Said {
    let mut command = Command::new(checker("check-jsonschema"));
    command.args(["--builtin-schema", name]);
    if name.ends_with("gitlab-ci") {
        command.args(["--data-transform", "gitlab-ci"]);
    }
    run(command.arg(path))
}

#[test]
fn github_and_gitlab_take_their_files_and_no_others() {
    for (name, path, key) in [
        ("vendor.github-workflows", "ci/github.yml", "runs-on:"),
        ("vendor.gitlab-ci", "ci/gitlab.yml", "resource_group:"),
    ] {
        let said = schema(name, example(path).to_str().unwrap());
        assert_eq!(said.status, 0, "{path}: {}{}", said.out, said.err);
        let folder = tempfile::tempdir().unwrap();
        let worse = folder.path().join("worse.yml");
        fs::write(&worse, text(path).replace(key, "run-on:")).unwrap();
        assert_ne!(schema(name, worse.to_str().unwrap()).status, 0, "{path}");
    }
}

/// Runs the lines as a pipeline's shell does, in a folder with a policy.
fn play(folder: &Path, script: &str, variables: &[(&str, &str)]) -> Said {
    let path = with_mailprobe();
    let docker = path.path().join("docker");
    fs::write(&docker, DOCKER).unwrap();
    fs::set_permissions(&docker, fs::Permissions::from_mode(0o755)).unwrap();
    fs::copy(example("policy.toml"), folder.join("policy.toml")).unwrap();
    let file = folder.join("script.sh");
    fs::write(&file, format!("#!/bin/bash\n{script}\n")).unwrap();
    content("shellcheck", &["--severity=style", file.to_str().unwrap()]);
    let mut shell = Command::new("bash");
    in_the_lab(&mut shell, path.path());
    shell.args(["-e", "script.sh"]).current_dir(folder).env("MAIL_PASSWORD", lab::password("alice"));
    run(shell.envs(variables.iter().copied()))
}

/// The words of a step or job that are shell.
fn gitlab() -> String {
    let document = yaml(&example("ci/gitlab.yml")).remove(0);
    let lines = document["mail-logins"]["script"].as_array().unwrap().clone();
    lines.iter().map(|line| line.as_str().unwrap()).collect::<Vec<_>>().join("\n")
}

fn github() -> String {
    let document = yaml(&example("ci/github.yml")).remove(0);
    let steps = document["jobs"]["check"]["steps"].as_array().unwrap().clone();
    steps.iter().filter_map(|step| step["run"].as_str()).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_pipeline_passes_where_passwords_are_off_fails_where_one_is_taken_and_leaves_its_test_cases() {
    let mailbox = lab::fact("ALICE");
    for (name, script) in [("gitlab", gitlab()), ("github", github())] {
        for (server, status) in [("cutover", 0), ("modern", 1)] {
            let folder = tempfile::tempdir().unwrap();
            let endpoint = lab::imaps(server);
            let summary = folder.path().join("summary");
            let variables = [
                ("MAILBOX", mailbox),
                ("ENDPOINT", &endpoint),
                ("IMAGE", "image"),
                ("GITHUB_STEP_SUMMARY", summary.to_str().unwrap()),
            ];
            let said = play(folder.path(), &script, &variables);
            assert_eq!(said.status, status, "{name}: {}{}", said.out, said.err);
            let cases = fs::read_to_string(folder.path().join("mailprobe.xml")).unwrap();
            assert!(cases.contains("<testsuite ") && cases.contains("<failure") == (status == 1), "{cases}");
            serde_json::from_str::<Value>(&fs::read_to_string(folder.path().join("mailprobe.json")).unwrap())
                .unwrap();
            if name == "github" && status == 0 {
                assert!(fs::read_to_string(summary).unwrap().contains("| PLAIN"));
            }
        }
    }
}

#[test]
fn a_mistake_in_the_policy_ends_a_pipeline_before_anything_is_presented() {
    let folder = tempfile::tempdir().unwrap();
    let script = gitlab().replace("policy.toml", "absent.toml");
    let said = play(
        folder.path(),
        &script,
        &[("MAILBOX", lab::fact("ALICE")), ("ENDPOINT", &lab::imaps("cutover"))],
    );
    assert_eq!(said.status, 2, "{}", said.err);
    assert!(!folder.path().join("mailprobe.xml").exists());
}
