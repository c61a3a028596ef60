use super::*;
use crate::plan::error::PlanErrors;
use mailprobe_oauth::Source;

fn read<R: BufRead>(reader: R, format: Option<ListFormat>, name: &str) -> Rows<R> {
    Rows::new(reader, format, name.into())
}

fn settled(rows: impl Iterator<Item = Result<Target, PlanError>>) -> Result<Vec<Target>, String> {
    let (mut targets, mut mistakes) = (Vec::new(), PlanErrors::default());
    for row in rows {
        match row {
            Ok(target) => targets.push(target),
            Err(mistake) => mistakes.note(mistake),
        }
    }
    mistakes.settle(targets).map_err(|errors| errors.to_string())
}

fn csv(text: &str) -> Result<Vec<Target>, String> {
    settled(read(text.as_bytes(), Some(ListFormat::Csv), "boxes.csv"))
}

fn jsonl(text: &str) -> Result<Vec<Target>, String> {
    settled(read(text.as_bytes(), Some(ListFormat::Jsonl), "boxes.jsonl"))
}

fn place(target: &Target) -> String {
    target.row.as_ref().unwrap().to_string()
}

fn complaint(result: Result<Vec<Target>, String>) -> String {
    result.err().unwrap_or_else(|| "no complaint".into())
}

#[test]
fn a_csv_list_gives_targets_with_their_lines() {
    let list = "\u{feff}# cutover\r\n\r\nmailbox, endpoint, login-name, password_env, token_file, methods\r\n\
                alice@example.com, imaps://a.example; imap://a.example, CORP\\alice, PW, , PLAIN XOAUTH2\r\n\
                # bob follows\n\n\"bob@example.com\",,,,/run/token,\n";
    let targets = csv(list).unwrap();
    let alice = &targets[0];
    assert_eq!((place(alice).as_str(), alice.mailbox.as_str()), ("boxes.csv:4", "alice@example.com"));
    assert_eq!(alice.endpoints.iter().map(|e| e.port).collect::<Vec<_>>(), [993, 143]);
    assert_eq!(alice.login_name.as_deref(), Some("CORP\\alice"));
    assert!(alice.password == Some(Source::Env("PW".into())) && alice.token.is_none());
    assert_eq!(alice.methods.as_deref(), Some("PLAIN,XOAUTH2"));
    let bob = &targets[1];
    assert_eq!((place(bob).as_str(), bob.mailbox.as_str()), ("boxes.csv:7", "bob@example.com"));
    assert!(bob.token == Some(Source::File("/run/token".into())) && bob.endpoints.is_empty());
}

#[test]
fn a_json_list_gives_the_same_targets() {
    let list = "\u{feff}{\"mailbox\":\"alice@example.com\",\"endpoints\":[\"imaps://a.example\",\"imap://a.example\"],\
                \"methods\":[\"PLAIN\"],\"token_env\":null}\n\n# comment\n\
                {\"mailbox\":\"bob@example.com\",\"endpoint\":\"imaps://a.example\",\"login-name\":\"bob\"}";
    let targets = jsonl(list).unwrap();
    assert_eq!(targets[0].endpoints.len(), 2);
    assert!(targets[0].token.is_none());
    assert_eq!(
        (place(&targets[1]).as_str(), targets[1].login_name.as_deref()),
        ("boxes.jsonl:4", Some("bob"))
    );
}

#[test]
fn the_format_follows_name_or_first_character() {
    assert_eq!(by_name(std::path::Path::new("a/b.CSV")), Some(ListFormat::Csv));
    assert_eq!(by_name(std::path::Path::new("b.jsonl")), Some(ListFormat::Jsonl));
    assert_eq!(by_name(std::path::Path::new("-")), None);
    let object = "\n# comment\n  {\"mailbox\":\"a@b\"}\n";
    assert_eq!(settled(read(object.as_bytes(), None, "-")).unwrap().len(), 1);
    assert_eq!(settled(read("# comment\nmailbox\na@b\n".as_bytes(), None, "-")).unwrap().len(), 1);
}

#[test]
fn a_literal_password_is_refused_with_the_reason_and_never_shown() {
    let from_csv = complaint(csv("mailbox,password\nalice@example.com,hunter2\n"));
    assert!(
        from_csv.starts_with("boxes.csv:1: field `password`: a list of targets holds no password"),
        "{from_csv}"
    );
    assert!(from_csv.contains("password_env or password_file"), "{from_csv}");
    let from_json = complaint(jsonl("{\"mailbox\":\"a@b\",\"Password\":\"hunter2\"}"));
    assert!(from_json.starts_with("boxes.jsonl:1: field `password`"), "{from_json}");
    let token = complaint(jsonl("{\"access_token\":\"hunter2\"}"));
    assert!(token.contains("token_env or token_file"), "{token}");
    for message in [from_csv, from_json, token] {
        assert!(!message.contains("hunter2"), "{message}");
    }
}

#[test]
fn a_mistake_in_a_csv_list_names_line_and_remedy() {
    let long = format!("mailbox\n{}@b\n", "a".repeat(64 * 1024));
    for (list, expected) in [
        (
            "mailbox,colour\n",
            "boxes.csv:1: unknown field `colour`: use mailbox, endpoint, login_name, password_env",
        ),
        ("endpoint\n", "boxes.csv:1: the header has no column `mailbox`"),
        ("mailbox,mailbox\n", "boxes.csv:1: column `mailbox` stands twice"),
        ("mailbox;endpoint\na@b;c\n", "boxes.csv:1: the columns of the header are not separated by commas"),
        ("alice@example.com\n", "boxes.csv:1: the first line must be a header"),
        ("mailbox\na@b,c\n", "boxes.csv:2: 2 fields where the header has 1"),
        ("#\nmailbox,endpoint\na@b\n", "boxes.csv:3: 1 fields where the header has 2"),
        ("mailbox\n\"a@b\n", "boxes.csv:2: a quotation mark is not closed"),
        ("mailbox,endpoint\n,imaps://h\n", "boxes.csv:2: field `mailbox` is missing or empty"),
        ("mailbox,endpoint\na@b,h:993\n", "boxes.csv:2: field `endpoint`: `h:993` is not an endpoint URL"),
        (
            "mailbox,endpoint\na@b,imaps://h imaps://h:993\n",
            "boxes.csv:2: field `endpoint`: imaps://h:993 stands twice",
        ),
        (
            "mailbox,password_env,password_file\na@b,A,b\n",
            "boxes.csv:2: fields `password_env` and `password_file`",
        ),
        ("mailbox,x\u{1b}[2J\n", "unknown field `x\\x1B[2J`"),
        (&long, "boxes.csv:2: line longer than 64 KiB"),
        ("mailbox\n", "boxes.csv: holds no target"),
        ("", "boxes.csv: holds no target"),
    ] {
        let message = complaint(csv(list));
        assert!(message.contains(expected), "{expected}: {message}");
    }
}

#[test]
fn a_mistake_in_a_json_list_names_line_and_field() {
    for (list, expected) in [
        (
            "{\"mailbox\":\"a@b\"}\n{\"colour\":1}",
            "boxes.jsonl:2: unknown field `colour`: use mailbox, endpoint,",
        ),
        ("{\"mailbox\":5}", "boxes.jsonl:1: field `mailbox` must be a string"),
        ("{\"mailbox\":[\"a@b\"]}", "boxes.jsonl:1: field `mailbox` must be a string"),
        ("{\"methods\":{}}", "boxes.jsonl:1: field `methods` must be a string or a list of strings"),
        ("{\"endpoints\":[\"imaps://h\",1]}", "field `endpoints` must be a string or a list of strings"),
        ("{\"mailbox\":\"a@b\",\"mailbox\":\"c@d\"}", "boxes.jsonl:1: field `mailbox` stands twice"),
        ("{\"endpoint\":\"imaps://h\",\"endpoints\":[]}", "boxes.jsonl:1: field `endpoints` stands twice"),
        ("{\"mailbox\":\"a@b\"", "boxes.jsonl:1: not a JSON object: EOF while parsing an object (column 16)"),
        ("[1]", "boxes.jsonl:1: invalid type: sequence, expected one JSON object a line"),
        ("{}", "boxes.jsonl:1: field `mailbox` is missing or empty"),
    ] {
        let message = complaint(jsonl(list));
        assert!(message.contains(expected), "{expected}: {message}");
    }
}

#[test]
fn bytes_that_are_not_utf_8_are_refused() {
    let latin = read(&b"mailbox\ncaf\xe9@b\n"[..], Some(ListFormat::Csv), "boxes.csv");
    assert!(settled(latin).err().unwrap().contains("boxes.csv:2: not UTF-8"));
    let wide = read(&b"\xFF\xFEm\0"[..], None, "boxes.csv");
    assert!(settled(wide).err().unwrap().contains("is UTF-16: save it as UTF-8"));
}

#[test]
fn a_million_targets_are_taken_and_one_more_is_not() {
    struct Endless(u64);
    impl std::io::Read for Endless {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            use std::io::Write as _;
            let line = if self.0 == 0 { "mailbox\n".to_owned() } else { format!("m{}@b\n", self.0) };
            self.0 += 1;
            let mut room = buffer;
            room.write_all(line.as_bytes())?;
            Ok(line.len())
        }
    }
    let error =
        settled(read(std::io::BufReader::new(Endless(0)), Some(ListFormat::Csv), "boxes.csv")).err().unwrap();
    assert!(error.contains("more than 1000000 targets"), "{error}");
}
