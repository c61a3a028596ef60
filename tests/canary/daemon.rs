//! The program itself: what it says of a configuration, its signals, and its end.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, ChildStderr, Command, Stdio};

use crate::kit::Tenant;

fn mailprobe(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mailprobe"));
    command.env_clear().env("PATH", "/usr/bin:/bin").current_dir(folder).args(arguments);
    command
}

fn check(text: &str) -> (Option<i32>, String) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("canary.toml"), text).unwrap();
    let said = mailprobe(folder.path(), &["canary", "check", "--config", "canary.toml"]).output().unwrap();
    let text = [said.stdout, said.stderr].concat();
    (said.status.code(), String::from_utf8(text).unwrap())
}

#[test]
fn a_configuration_is_checked_without_a_password_and_said_in_one_line() {
    let (status, said) = check(
        "interval = \"5m\"\n[[target]]\nmailbox = \"a@example.com\"\nprovider = \"exchange-online\"\n\
         password_env = \"NOT_SET_HERE\"\nexpect = [\"imap/PLAIN=refused\"]\n",
    );
    assert_eq!(
        (status, said.as_str()),
        (Some(0), "canary.toml is in order: 1 target, 12 visits an hour, 0 sinks\n")
    );
}

#[test]
fn every_mistake_is_one_line_with_file_line_and_remedy() {
    let target = "[[target]]\nmailbox = \"a@example.com\"\nendpoints = [\"imaps://imap.example.com\"]\n";
    let cases: &[(&str, &str)] = &[
        ("", "canary.toml:1: nothing to watch: add a [[target]]"),
        ("intervall = 5\n", "canary.toml:1: unknown field `intervall`"),
        (
            &format!("interval = \"5\"\n{target}"),
            "canary.toml:1: `5` is no span of time: write one as 30s, 5m, 12h or 7d",
        ),
        (&format!("interval = \"0s\"\n{target}"), "canary.toml:1: `0s` is out of range: from 10ms to 365d"),
        ("[[target]]\nmailbox = \"a\"\nendpoints = [\"imaps://h\"]\n", "canary.toml:2: `a` is not a mailbox"),
        ("[[target]]\nmailbox = \"a@b\"\n", "canary.toml:2: no endpoint: add `endpoints"),
        (
            "[[target]]\nmailbox = \"a@b\"\nprovider = \"gmial\"\n",
            "canary.toml:3: unknown provider `gmial`: use ",
        ),
        (&format!("{target}modules = [\"x\"]\n"), "canary.toml:4: unknown module `x`"),
        (&format!("{target}policy = [\"modern\"]\n"), "canary.toml:4: "),
        (
            &format!("{target}expect = [\"PLAIN=usable\"]\n"),
            "canary.toml:4: expect PLAIN=usable needs a password: add password_env",
        ),
        (&format!("{target}password = \"x\"\n"), "canary.toml:4: unknown field `password`"),
        (
            &format!("{target}password_env = \"A\"\npassword_file = \"b\"\n"),
            "canary.toml:5: two places for one password: keep one of password_env, password_file and password_command",
        ),
        (&format!("{target}{target}"), "canary.toml:5: the target `a@example.com` is there already (line 1)"),
        (
            &format!("[history]\nurl = \"mysql://u:hunter2@h/d\"\n{target}"),
            "canary.toml:2: the url is neither sqlite:PATH",
        ),
        (
            &format!("[http]\nlisten = \"0.0.0.0:80\"\n{target}"),
            "canary.toml:1: listening on 0.0.0.0 sends passwords",
        ),
        (
            &format!("[[sink]]\nname = \"a\"\nkind = \"pager\"\n{target}"),
            "canary.toml:3: unknown kind of sink `pager`: use webhook, ",
        ),
        (
            &format!("[[sink]]\nname = \"a\"\nkind = \"slack\"\n{target}"),
            "canary.toml:3: a sink of kind `slack` needs one of `url`",
        ),
        (
            &format!("{target}[[maintenance]]\nfrom = \"22:00\"\nto = \"23:00\"\ntimezone = \"Mars\"\n"),
            "canary.toml:7: `Mars` is no time zone",
        ),
        (
            &format!("{target}[[maintenance]]\ngroups = [\"x\"]\nfrom = \"22:00\"\nto = \"23:00\"\n"),
            "canary.toml:5: no target has the group `x`",
        ),
        (
            &format!("[alerts]\nconfirm = {{ failures = 3, of = 2 }}\n{target}"),
            "canary.toml:2: confirm wants",
        ),
    ];
    for (text, wanted) in cases {
        let (status, said) = check(text);
        assert_eq!(status, Some(2), "{text}\n{said}");
        assert!(
            said.starts_with(&format!("mailprobe: error: {wanted}")),
            "{text}\nsaid   {said}wanted {wanted}"
        );
        assert!(said.lines().count() == 1 && !said.contains("hunter2"), "{said}");
    }
}

#[test]
fn the_configuration_in_the_readme_is_in_order() {
    let readme = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    let section = readme.split("\n## A canary\n").nth(1).unwrap();
    let text = section.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
    let folder = tempfile::tempdir().unwrap();
    std::fs::copy(crate::lab::file("certs/ca.pem"), folder.path().join("rehearsal-ca.pem")).unwrap();
    std::fs::write(folder.path().join("canary.toml"), text).unwrap();
    let said = mailprobe(folder.path(), &["canary", "check", "--config", "canary.toml"]).output().unwrap();
    let line = String::from_utf8([said.stdout, said.stderr].concat()).unwrap();
    assert_eq!(line, "canary.toml is in order: 1 target, 240 visits an hour, 1 sink\n");
}

struct Running {
    child: Child,
    said: BufReader<ChildStderr>,
}

impl Running {
    fn start(folder: &Path) -> Self {
        let mut child =
            mailprobe(folder, &["canary", "--config", "canary.toml"]).stderr(Stdio::piped()).spawn().unwrap();
        let said = BufReader::new(child.stderr.take().unwrap());
        Self { child, said }
    }

    /// Reads until a line says that.
    fn says(&mut self, wanted: &str) -> String {
        let mut all = String::new();
        loop {
            let mut line = String::new();
            assert!(self.said.read_line(&mut line).unwrap() > 0, "it never said `{wanted}`:\n{all}");
            if line.contains(wanted) {
                return line;
            }
            all.push_str(&line);
        }
    }

    fn signal(&self, name: &str) {
        let done = Command::new("kill").args([&format!("-{name}"), &self.child.id().to_string()]).status();
        assert!(done.unwrap().success());
    }
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_reads_again_when_told_or_when_the_file_changes_refuses_mistakes_and_ends_when_asked() {
    let folder = tempfile::tempdir().unwrap();
    let mut tenant = Tenant::open("before-cutover", folder.path()).await;
    let text = tenant.watched(folder.path(), "");
    let file = folder.path().join("canary.toml");
    std::fs::write(&file, &text).unwrap();
    let notify = folder.path().join("notify");
    let systemd = std::os::unix::net::UnixDatagram::bind(&notify).unwrap();
    let mut command = mailprobe(folder.path(), &["canary", "--config", "canary.toml"]);
    let mut child = command.env("NOTIFY_SOCKET", &notify).stderr(Stdio::piped()).spawn().unwrap();
    let said = BufReader::new(child.stderr.take().unwrap());
    let mut canary = Running { child, said };
    let told = || {
        let mut datagram = [0; 4096];
        let length = systemd.recv(&mut datagram).unwrap();
        String::from_utf8_lossy(&datagram[..length]).into_owned()
    };
    canary.says("the canary watches 1 target");
    assert!(told().contains("READY=1"));
    canary.signal("HUP");
    canary.says("the configuration was read again: 1 target");
    assert!(told().contains("RELOADING=1"));
    assert!(told().contains("READY=1"));
    std::fs::write(&file, format!("intervall = \"1s\"\n{text}")).unwrap();
    let refused = canary.says("was refused, the one before stays in force");
    assert!(refused.contains("canary.toml:1: unknown field `intervall`"), "{refused}");
    std::fs::write(&file, &text).unwrap();
    canary.says("the configuration was read again");
    canary.signal("TERM");
    canary.says("stopping");
    assert_eq!(canary.child.wait().unwrap().code(), Some(0));
    let last = std::iter::repeat_with(told).find(|words| words.contains("STOPPING=1"));
    assert!(last.is_some());
    tenant.end().await;
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_interrupt_ends_it_and_what_it_saw_is_written_down() {
    let folder = tempfile::tempdir().unwrap();
    let mut tenant = Tenant::open("before-cutover", folder.path()).await;
    let expect = "expect = [\"imap/PLAIN=refused\"]";
    std::fs::write(folder.path().join("canary.toml"), tenant.watched(folder.path(), expect)).unwrap();
    let url = format!("sqlite:{}", folder.path().join("canary.db").display());
    let mut canary = Running::start(folder.path());
    canary.says("the canary watches");
    let history = mailprobe::canary::history::History::open(&url).await.unwrap();
    while history.visits(None, None, None, 2).await.unwrap().len() < 2 {
        tokio::task::yield_now().await;
    }
    let second = mailprobe(folder.path(), &["canary", "--config", "canary.toml"]).output().unwrap();
    let said = String::from_utf8(second.stderr).unwrap();
    assert_eq!((second.status.code(), said.lines().count()), (Some(2), 1), "{said}");
    assert!(said.contains("another canary writes the history at") && said.contains("canary.db"), "{said}");
    canary.signal("INT");
    assert_eq!(canary.child.wait().unwrap().code(), Some(0));
    let visits = history.visits(Some("alice"), None, None, 99).await.unwrap();
    assert!(visits.iter().all(|visit| visit.status == "fail"), "{visits:?}");
    let filter = mailprobe::canary::history::ChangeFilter { limit: 9, ..Default::default() };
    assert_eq!(
        history.changes(&filter).await.unwrap().len(),
        1,
        "what should not be at the first look is told after the second"
    );
    tenant.end().await;
}
