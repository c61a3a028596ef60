//! Files and tokens that mean harm: nested without end, or of one endless line.

use std::process::Command;

/// What the program says of a file with this content: its exit status, which no signal has.
fn read(name: &str, content: &str, arguments: &[&str]) -> i32 {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(name);
    std::fs::write(&file, content).unwrap();
    let file = file.to_str().unwrap();
    let arguments: Vec<&str> =
        arguments.iter().map(|word| if *word == "FILE" { file } else { word }).collect();
    let output = Command::new(env!("CARGO_BIN_EXE_mailprobe"))
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .args(&arguments)
        .stdin(std::fs::File::open(file).unwrap())
        .output()
        .unwrap();
    output.status.code().unwrap_or_else(|| {
        panic!("{arguments:?}: ended by a signal: {}", String::from_utf8_lossy(&output.stderr))
    })
}

#[test]
fn reports_policies_and_lists_that_nest_without_end_are_mistakes() {
    let deep = 100_000;
    let json = "[".repeat(deep);
    let objects = "{\"a\":".repeat(deep);
    let toml = format!("a = {}", "[".repeat(deep));
    let tables = format!("a = {}", "{ b = ".repeat(deep));
    let dotted = format!("{}a = 1", "a.".repeat(deep));
    let header = format!("[{}a]", "a.".repeat(deep));
    assert_eq!(read("r.json", &json, &["report", "FILE"]), 2);
    assert_eq!(read("r.json", &objects, &["report", "FILE"]), 2);
    assert_eq!(read("r.json", &objects, &["diff", "FILE", "examples/before-cutover.json"]), 2);
    assert_eq!(read("t.jsonl", &objects, &["check", "--targets", "FILE"]), 2);
    for text in [&toml, &tables, &dotted, &header] {
        assert_eq!(read("p.toml", text, &["policy", "show", "FILE"]), 2);
        assert_eq!(read("canary.toml", text, &["canary", "check", "--config", "FILE"]), 2);
        assert_eq!(read("s.toml", text, &["rehearse", "FILE"]), 2);
    }
}

#[test]
fn a_list_of_mailboxes_with_an_endless_row_is_a_mistake() {
    let fields = format!("mailbox,endpoint\n{}\n", "a,".repeat(200_000));
    let quoted = format!("mailbox,endpoint\n\"{}", "a\n".repeat(200_000));
    for text in [fields, quoted] {
        assert_eq!(read("t.csv", &text, &["check", "--targets", "FILE"]), 2);
    }
}

#[test]
fn pasted_answers_and_tokens_that_nest_without_end_are_read_as_far_as_they_can_be() {
    use base64::Engine as _;
    let encoded = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode("{\"a\":".repeat(3000));
    let token = format!("{encoded}.{encoded}.x");
    let token = read("token", &token, &["token", "inspect"]);
    assert!(matches!(token, 0 | 1), "{token}");
    let pasted = format!("* NO [AUTHENTICATIONFAILED] {}", "{\"a\":[".repeat(5000));
    let pasted = read("paste.txt", &pasted, &["explain", "-"]);
    assert!(matches!(pasted, 0 | 1 | 3), "{pasted}");
}
