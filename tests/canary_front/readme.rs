//! What the canary's page of the documentation says of sinks is what the program takes, and every page that it names is served.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use crate::fleet::Fleet;
use crate::served::served;

fn documentation() -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/canary.md")).unwrap()
}

#[test]
fn the_sinks_of_the_documentation_are_taken_as_they_stand_there() {
    let text = documentation();
    let block = text.split("```toml\n").find(|block| block.contains("storm_share")).unwrap();
    let block = block.split("\n```").next().unwrap();
    let quiet = text.split("```toml\n").find(|block| block.starts_with("[[maintenance]]")).unwrap();
    let block = [block, quiet.split("\n```").next().unwrap()].join("\n");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("canary.toml");
    let rest = "\n[module.default]\nadvertised_only = true\n\n[[target]]\nmailbox = \"alice@example.com\"\n\
                endpoints = [\"imaps://imap.example.com\"]\ngroups = [\"europe\"]\n";
    std::fs::write(&file, format!("{block}\n{rest}")).unwrap();
    let check = || {
        let output = Command::new(env!("CARGO_BIN_EXE_mailprobe"))
            .args(["canary", "check", "--config"])
            .arg(&file)
            .output()
            .unwrap();
        (output.status.code(), String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())
    };
    let (status, said) = check();
    assert_eq!(status, Some(0), "{said}");
    assert!(said.contains("4 sinks"), "{said}");
    std::fs::write(&file, format!("{}\n{rest}", block.replace("\"slack\"", "\"slak\""))).unwrap();
    assert_eq!(check().0, Some(2), "what is wrong is seen");
}

#[test]
fn every_page_that_the_documentation_names_is_served() {
    let text = documentation();
    let section = text.split("## The canary's pages").nth(1).unwrap().split("\n## ").next().unwrap();
    let served = served(Arc::new(Fleet::of(6)));
    let mut asked = 0;
    for row in section.lines().filter(|line| line.starts_with("| `/")) {
        let paths = row.split('|').nth(1).unwrap();
        for path in paths.split('`').filter(|word| word.starts_with('/') && !word.ends_with("/events")) {
            let path = path.split('?').next().unwrap().replace("NAME", "contoso-0000").replace("ID", "1");
            let query = if ["/probe", "/api/v1/timeline", "/api/v1/latency"].contains(&path.as_str()) {
                "?target=contoso-0000"
            } else {
                ""
            };
            assert_eq!(served.get(&format!("{path}{query}")).status, 200, "{path}");
            asked += 1;
        }
    }
    assert!(asked >= 12, "{asked}");
}
