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
fn every_mistake_is_one_line_with_file_line_column_and_remedy() {
    let target = "[[target]]\nmailbox = \"a@example.com\"\nendpoints = [\"imaps://imap.example.com\"]\n";
    let cases: &[(&str, &str)] = &[
        ("", "canary.toml:1:1: nothing to watch: add a [[target]]"),
        ("intervall = 5\n", "canary.toml:1:1: unknown field `intervall`"),
        (
            &format!("interval = \"5\"\n{target}"),
            "canary.toml:1:12: `5` is no span of time: write one as 30s, 5m, 12h or 7d",
        ),
        (
            &format!("interval = \"0s\"\n{target}"),
            "canary.toml:1:12: `0s` is out of range: from 10ms to 365d",
        ),
        (
            "[[target]]\nmailbox = \"a\"\nendpoints = [\"imaps://h\"]\n",
            "canary.toml:2:11: `a` is not a mailbox",
        ),
        ("[[target]]\nmailbox = \"a@b\"\n", "canary.toml:2:11: no endpoint: add `endpoints"),
        (
            "[[target]]\nmailbox = \"a@b\"\nprovider = \"gmial\"\n",
            "canary.toml:3:12: unknown provider `gmial`: use ",
        ),
        (&format!("{target}modules = [\"x\"]\n"), "canary.toml:4:12: unknown module `x`"),
        (&format!("{target}policy = [\"modern\"]\n"), "canary.toml:4:11: "),
        (
            &format!("{target}expect = [\"PLAIN=usable\"]\n"),
            "canary.toml:4:11: expect PLAIN=usable needs a password: add password_env, password_file or password_command",
        ),
        (&format!("{target}password = \"x\"\n"), "canary.toml:4:1: unknown field `password`"),
        (
            &format!("{target}password_env = \"A\"\npassword_file = \"b\"\n"),
            "canary.toml:5:17: two places for one password: keep one of password_env, password_file and password_command",
        ),
        (
            &format!("{target}{target}"),
            "canary.toml:5:11: the target `a@example.com` is there already (line 1)",
        ),
        (
            &format!("[history]\nurl = \"mysql://u:hunter2@h/d\"\n{target}"),
            "canary.toml:2:7: the url is neither sqlite:PATH",
        ),
        (
            &format!("[http]\nlisten = \"0.0.0.0:80\"\n{target}"),
            "canary.toml:1:1: listening on 0.0.0.0 sends passwords",
        ),
        (
            &format!("[[sink]]\nname = \"a\"\nkind = \"pager\"\n{target}"),
            "canary.toml:3:8: unknown kind of sink `pager`: use webhook, ",
        ),
        (
            &format!("[[sink]]\nname = \"a\"\nkind = \"slack\"\n{target}"),
            "canary.toml:3:8: a sink of kind `slack` needs one of `url`",
        ),
        (
            &format!("{target}[[maintenance]]\nfrom = \"22:00\"\nto = \"23:00\"\ntimezone = \"Mars\"\n"),
            "canary.toml:7:12: `Mars` is no time zone",
        ),
        (
            &format!("{target}[[maintenance]]\ngroups = [\"x\"]\nfrom = \"22:00\"\nto = \"23:00\"\n"),
            "canary.toml:5:11: no target has the group `x`",
        ),
        (
            &format!("[alerts]\nconfirm = {{ failures = 3, of = 2 }}\n{target}"),
            "canary.toml:2:11: confirm wants",
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
fn all_mistakes_of_a_configuration_are_told_at_once_in_the_order_of_the_file() {
    let text = "\
interval = \"often\"
[[target]]
mailbox = \"alice@example.com\"
endpoints = [\"imap.example.com:993\"]
password_env = \"A\"
password_file = \"b\"
[[target]]
mailbox = \"bob@example.com\"
endpoints = [\"imaps://imap.example.com\"]
password_env = \"B\"
expect = [\"PLAIN=usable\", \"PLAIN=refused\"]
[[target]]
name = \"carol\"
mailbox = \"carol@example.com\"
endpoints = [\"imaps://imap.example.com\"]
modules = [\"strict\", \"quick\"]
colour = \"red\"
[[target]]
mailbox = \"dora@example.com\"
endpoints = [\"imaps://imap.example.com\"]
modules = [\"strict\", \"quick\"]
[module.quick]
timeout = 5
[limits]
visits = 0
[network]
family = \"ipv5\"
";
    let (status, said) = check(text);
    assert_eq!(status, Some(2), "{said}");
    let wanted = [
        "1:12: `often` is no span of time",
        "4:14: `imap.example.com:993`: `imap.example.com:993` is not an endpoint URL",
        "6:17: two places for one password",
        "11:27: expect PLAIN=usable and expect PLAIN=refused contradict each other",
        "17:1: unknown field `colour`",
        "21:12: unknown module `strict`: use quick",
        "23:11: invalid type: integer `5`, expected a string",
        "25:10: `0`: write a number from 1 to 10000",
        "27:10: unknown family `ipv5`: use ipv4, ipv6",
    ];
    let lines: Vec<&str> = said.strip_prefix("mailprobe: error: ").unwrap().lines().collect();
    assert_eq!(lines.len(), wanted.len(), "{said}");
    for (line, wanted) in lines.iter().zip(wanted) {
        assert!(line.starts_with(&format!("canary.toml:{wanted}")), "{line}\n{wanted}");
    }
}

#[test]
fn of_very_many_mistakes_fifty_are_told_and_the_others_counted() {
    let target = |number: usize| {
        format!(
            "[[target]]\nname = \"n{number}\"\nmailbox = \"a@example.com\"\nendpoints = [\"h{number}\"]\n"
        )
    };
    let (status, said) = check(&(0..120).map(target).collect::<Vec<_>>().concat());
    assert_eq!((status, said.lines().count()), (Some(2), 51), "{said}");
    assert_eq!(said.lines().last(), Some("and 70 more"));
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

/// A test that fails leaves no canary behind, which would hold the output of the whole run open.
impl Drop for Running {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
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
    put(&file, &format!("intervall = \"1s\"\n{text}"));
    let refused = canary.says("was refused, the one before stays in force");
    assert!(refused.contains("canary.toml:1:1: unknown field `intervall`"), "{refused}");
    put(&file, &text);
    canary.says("the configuration was read again");
    canary.signal("TERM");
    canary.says("stopping");
    assert_eq!(canary.child.wait().unwrap().code(), Some(0));
    let last = std::iter::repeat_with(told).find(|words| words.contains("STOPPING=1"));
    assert!(last.is_some());
    tenant.end().await;
}

/// A whole file in the place of another, in one step: a canary that looks in between would read the half of it.
#[cfg(unix)]
fn put(file: &Path, text: &str) {
    let new = file.with_extension("new");
    std::fs::write(&new, text).unwrap();
    std::fs::rename(&new, file).unwrap();
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
    let history = mailprobe_canary::history::History::open(&url).await.unwrap();
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
    let filter = mailprobe_canary::history::ChangeFilter { limit: 9, ..Default::default() };
    assert_eq!(
        history.changes(&filter).await.unwrap().len(),
        1,
        "what should not be at the first look is told after the second"
    );
    tenant.end().await;
}
