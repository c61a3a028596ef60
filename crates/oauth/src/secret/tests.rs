use std::io::Cursor;

use super::*;

fn no_env(_: &str) -> Option<OsString> {
    None
}

fn no_terminal(_: &str) -> std::io::Result<String> {
    Err(std::io::Error::other("not a terminal"))
}

fn read(source: &Source) -> Result<Secret, String> {
    read_with(source, b"", &no_env)
}

fn read_with(
    source: &Source,
    stdin: &[u8],
    env: &dyn Fn(&str) -> Option<OsString>,
) -> Result<Secret, String> {
    let mut stdin = Cursor::new(stdin.to_vec());
    let mut world = World { env, stdin: &mut stdin, prompt: &no_terminal };
    let read = source.read("password", "alice@example.com", &mut world);
    read.map_err(|error| error.to_string())
}

fn file(content: &[u8], mode: u32) -> (tempfile::TempDir, Source) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("pw");
    std::fs::write(&path, content).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
    }
    (dir, Source::File(path))
}

#[test]
fn one_line_end_is_taken_off_and_no_more() {
    for (stdin, expected) in [
        (&b"hunter2\nnext"[..], &b"hunter2"[..]),
        (b"hunter2\r\n", b"hunter2"),
        (b" hunter2 \n", b" hunter2 "),
        (b"hunter2\r", b"hunter2\r"),
        (b"caf\xe9", b"caf\xe9"),
    ] {
        assert_eq!(read_with(&Source::Stdin, stdin, &no_env).unwrap().expose(), expected);
    }
    let (_dir, source) = file(b"hunter2\n", 0o600);
    assert_eq!(read(&source).unwrap().expose(), b"hunter2");
}

#[test]
fn a_missing_or_empty_variable_is_named() {
    let message = read(&Source::Env("MAIL_PW".into())).unwrap_err();
    assert_eq!(message, "the password variable MAIL_PW is not set: export it first");
    let message = read_with(&Source::Env("MAIL_PW".into()), b"", &|_| Some("".into())).unwrap_err();
    assert_eq!(message, "the password variable MAIL_PW is empty");
    assert!(
        read(&Source::Env("A=b".into())).unwrap_err().contains("is not the name of an environment variable")
    );
}

#[cfg(unix)]
#[test]
fn a_secret_is_taken_as_systemd_and_kubernetes_hand_it_over_and_no_other_mode_of_roots() {
    for mode in [0o440, 0o400, 0o600] {
        assert!(super::is_private(mode, 0), "{mode:o}");
    }
    for mode in [0o444, 0o640, 0o460, 0o441, 0o644] {
        assert!(!super::is_private(mode, 0), "{mode:o}");
    }
    assert!(!super::is_private(0o440, 1000), "its owner can mend that");
}

#[cfg(unix)]
#[test]
fn a_file_that_others_can_read_is_refused_with_its_mode_and_the_remedy() {
    for (mode, shown) in [(0o644, "0644"), (0o640, "0640"), (0o602, "0602")] {
        let (_dir, source) = file(b"hunter2\n", mode);
        let message = read(&source).unwrap_err();
        assert!(
            message.contains(&format!("has mode {shown}")) && message.contains("chmod 600 "),
            "{message}"
        );
        assert!(!message.contains("hunter2"), "{message}");
    }
}

#[test]
fn a_file_that_is_not_one_short_line_is_refused_without_showing_it() {
    let long = vec![b'x'; LONGEST + 1];
    for (content, expected) in [
        (&b""[..], "is empty"),
        (b"\n", "is empty"),
        (b"hunter2\nuser: alice\n", "has more than one line"),
        (b"hunter2\n\n", "has more than one line"),
        (b"\xEF\xBB\xBFhunter2\n", "byte order mark"),
        (b"\xFF\xFEh\0u\0", "byte order mark"),
        (&long, "is longer than 64 KiB"),
    ] {
        let (_dir, source) = file(content, 0o600);
        let message = read(&source).unwrap_err();
        assert!(message.contains(expected) && !message.contains("hunter2"), "{message}");
    }
    let (_dir, source) = file(&vec![b'x'; LONGEST], 0o600);
    assert_eq!(read(&source).unwrap().chars(), LONGEST);
}

#[test]
fn a_file_that_is_not_there_or_is_a_directory_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let message = read(&Source::File(dir.path().join("none"))).unwrap_err();
    assert!(message.starts_with("cannot read the password file ") && message.contains("none"), "{message}");
    assert!(read(&Source::File(dir.path().to_owned())).unwrap_err().contains("is a directory"));
}

#[test]
fn standard_input_and_terminal_say_what_is_missing() {
    assert_eq!(read(&Source::Stdin).unwrap_err(), "the password on standard input is empty");
    // Where else it may come from is for those to say who know how it is asked for.
    assert_eq!(read(&Source::Prompt).unwrap_err(), "there is no terminal to ask for the password");
}

#[cfg(unix)]
#[test]
fn a_command_gives_its_first_line() {
    let secret = read(&Source::Command("printf 'hunter2\\nuser: alice\\n'".into())).unwrap();
    assert_eq!(secret.expose(), b"hunter2");
}

#[cfg(unix)]
#[test]
fn a_command_that_fails_shows_its_status_and_nothing_it_said() {
    let message = read(&Source::Command("echo hunter2; exit 7".into())).unwrap_err();
    assert_eq!(message, "the password command failed (exit status: 7)");
    let message = read(&Source::Command("true".into())).unwrap_err();
    assert_eq!(message, "the first line that the password command prints is empty");
}

#[cfg(unix)]
#[test]
fn a_command_is_bounded_in_size_and_time() {
    let message = read(&Source::Command("yes hunter2".into())).unwrap_err();
    assert_eq!(message, "the password command printed more than 64 KiB");
    let message = command::first_line("exec sleep 30", 100, Duration::from_millis(50)).unwrap_err();
    assert!(message.contains("took longer than"), "{message}");
    let message = command::first_line("exec >&-; exec sleep 30", 100, Duration::from_millis(50)).unwrap_err();
    assert!(message.contains("took longer than"), "{message}");
}

#[test]
fn a_source_is_read_once_however_many_mailboxes_need_it() {
    let asked = std::cell::Cell::new(0);
    let env = |_: &str| {
        asked.set(asked.get() + 1);
        Some(OsString::from("hunter2"))
    };
    let mut stdin = Cursor::new(Vec::new());
    let mut world = World { env: &env, stdin: &mut stdin, prompt: &no_terminal };
    let mut vault = Vault::new(&mut world);
    for mailbox in ["alice@example.com", "bob@example.com"] {
        vault.secret(Kind::Password, &Source::Env("PW".into()), mailbox).unwrap();
    }
    drop(vault);
    assert_eq!(asked.get(), 1);
}
