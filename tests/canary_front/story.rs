//! The README's way from nothing to an alert, followed to the letter: its configuration, its commands, Debian's Alertmanager, the
//! tenant of before the cutover and then that of today. What changed then shows in Alertmanager, the history, the metrics, the
//! API and the dashboard.

use std::io::{BufRead as _, BufReader, Lines};
use std::path::Path;
use std::process::{Child, ChildStderr, ChildStdout, Command, Stdio};

use serde_json::Value;

use crate::devtools::Chrome;
use crate::network::Network;

/// A program of the story; ended as a person would end it.
struct Program(Child);

impl Drop for Program {
    fn drop(&mut self) {
        let _ = Command::new("kill").args(["-INT", &self.0.id().to_string()]).status();
        let _ = self.0.wait();
    }
}

impl Program {
    fn said(&mut self) -> Lines<BufReader<ChildStderr>> {
        BufReader::new(self.0.stderr.take().unwrap()).lines()
    }
}

/// The README's section, its shell blocks in order, and its configuration.
fn readme() -> (Vec<String>, String) {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    let section = text.split("\n## A canary\n").nth(1).unwrap().split("\n## ").next().unwrap();
    let blocks = |kind: &str| {
        let opening = format!("```{kind}\n");
        let blocks =
            section.split(&opening).skip(1).map(|block| block.split("\n```").next().unwrap().to_owned());
        blocks.collect::<Vec<_>>()
    };
    (blocks("sh"), blocks("toml").remove(0))
}

/// Prints each notification that Alertmanager sends, a line each.
const RECEIVER: &str = r#"
import http.server
class Told(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        print(self.rfile.read(int(self.headers["Content-Length"])).decode().strip(), flush=True)
        self.send_response(200)
        self.end_headers()
    def log_message(self, *_):
        pass
http.server.HTTPServer(("127.0.0.1", 9099), Told).serve_forever()
"#;
const ALERTMANAGER: &str = "route: {receiver: told, group_by: ['...'], group_wait: 0s, group_interval: 1s}\n\
    receivers:\n- name: told\n  webhook_configs: [{url: 'http://127.0.0.1:9099/', send_resolved: true}]\n";

/// What Alertmanager tells: `firing imaps://localhost:10993 PLAIN usable`.
struct Told {
    lines: Lines<BufReader<ChildStdout>>,
    _receiver: Program,
}

impl Told {
    fn begin(network: &Network) -> Self {
        let child = network
            .command("timeout")
            .args(["280", "python3", "-c", RECEIVER])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let mut child = child.unwrap();
        Self { lines: BufReader::new(child.stdout.take().unwrap()).lines(), _receiver: Program(child) }
    }

    /// The next notification; it ends when nobody has told anything for far too long.
    fn next(&mut self) -> Vec<String> {
        let line = self.lines.next().expect("Alertmanager tells no more").unwrap();
        let notification: Value = serde_json::from_str(&line).unwrap();
        let word = |alert: &Value, name: &str| alert["labels"][name].as_str().unwrap_or("?").to_owned();
        let alerts = notification["alerts"].as_array().unwrap().iter();
        let lines = alerts.map(|alert| {
            assert_eq!((word(alert, "target"), word(alert, "module")), ("alice".into(), "default".into()));
            let status = alert["status"].as_str().unwrap();
            format!("{status} {} {} {}", word(alert, "endpoint"), word(alert, "method"), word(alert, "state"))
        });
        lines.collect()
    }

    /// What is told until all of these were.
    fn all(&mut self, wanted: &[&str]) {
        let mut missing: Vec<&str> = wanted.to_vec();
        while !missing.is_empty() {
            for line in self.next() {
                assert!(wanted.contains(&line.as_str()), "`{line}` is not among {wanted:?}");
                missing.retain(|one| *one != line);
            }
        }
    }
}

const PASSWORD_TAKEN: &str = "firing imaps://localhost:10993 PLAIN usable";
/// What is told after the cutover: the alert is over, and three other cells changed as no rule says.
const CUTOVER: &[&str] = &[
    "resolved imaps://localhost:10993 PLAIN usable",
    "firing imaps://localhost:10993 LOGIN-COMMAND refused",
    "firing pop3s://localhost:10995 PLAIN refused",
    "firing pop3s://localhost:10995 USER-PASS refused",
];
/// Cells of the same, as the history and the API name them.
const CELLS: &[(&str, &str)] = &[
    ("imaps://localhost:10993", "LOGIN-COMMAND"),
    ("imaps://localhost:10993", "PLAIN"),
    ("pop3s://localhost:10995", "PLAIN"),
    ("pop3s://localhost:10995", "USER-PASS"),
];

#[test]
fn from_nothing_to_an_alert_and_through_the_cutover_as_the_readme_says() {
    let (blocks, config) = readme();
    let [tenant_of_before, canary, tenant_of_today, afterwards] = blocks.as_slice() else {
        panic!("{blocks:?}");
    };
    let network = Network::new();
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let run = |line: &str| {
        let output = network.shell(folder, line).output().unwrap();
        assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let begin = |line: &str, ready: &str| {
        let child = network
            .shell(folder, &format!("exec {line}"))
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut program = Program(child);
        let mut said = program.said();
        let line = said.find(|line| line.as_ref().unwrap().contains(ready));
        let line = line.unwrap_or_else(|| panic!("it never said `{ready}`")).unwrap();
        // What else it says is read, so that it never waits for a reader.
        std::thread::spawn(move || said.for_each(drop));
        (program, line)
    };

    let mut told = Told::begin(&network);
    std::fs::write(folder.join("alertmanager.yml"), ALERTMANAGER).unwrap();
    let alertmanager = "prometheus-alertmanager --config.file=alertmanager.yml --storage.path=alerts \
                        --cluster.listen-address= --web.listen-address=127.0.0.1:9093";
    let _alertmanager = begin(alertmanager, "Listening on");
    let (before, _) = begin(tenant_of_before, "Ctrl-C");
    std::fs::write(folder.join("canary.toml"), &config).unwrap();
    let (preparation, canary) = canary.rsplit_once('\n').unwrap();
    assert!(run(preparation).contains("canary.toml is in order: 1 target"));
    let (canary, pages) = canary.split_once(" #").unwrap();
    let (_canary, said) = begin(canary.trim_end(), "the canary watches");
    let pages = pages.split_once("pages on ").unwrap().1.trim();
    assert!(said.ends_with(pages), "{said} {pages}");

    assert_eq!(told.next(), [PASSWORD_TAKEN]);
    drop(before);
    let _today = begin(tenant_of_today, "Ctrl-C");
    told.all(CUTOVER);

    let (alerts, changes) = afterwards.split_once('\n').unwrap();
    let alerts = run(alerts);
    assert_eq!(alerts.matches("MailprobeCellChanged").count(), CUTOVER.len() - 1, "{alerts}");
    let changes = run(changes);
    // The latest first, and in the end the one that the story begins with.
    assert_eq!(changes.matches("\n  was ").count(), CELLS.len() + 1, "{changes}");
    for (endpoint, method) in CELLS {
        let cell = format!("alice  {method} on {endpoint} ");
        let story = changes
            .split("\n20")
            .find(|change| change.contains(&cell))
            .unwrap_or_else(|| panic!("{cell} {changes}"));
        assert!(story.contains("was usable") && story.contains("is  refused [basic-disabled]"), "{story}");
    }
    let page = |path: &str| run(&format!("curl --silent --show-error --fail '{pages}{path}'"));
    let metrics = page("metrics");
    assert!(metrics.contains("\nmailprobe_changes_total 5\n"), "{metrics}");
    let answer: Value = serde_json::from_str(&page("api/v1/targets/alice")).unwrap();
    let cells = answer["cells"].as_array().unwrap();
    for (endpoint, method) in CELLS {
        let of_metrics = format!("endpoint=\"{endpoint}\"");
        let row = metrics.lines().find(|line| {
            line.starts_with("mailprobe_cell_state{")
                && line.contains(&of_metrics)
                && line.contains(&format!("mechanism=\"{method}\""))
        });
        let row = row.unwrap_or_else(|| panic!("{method} on {endpoint}: {metrics}"));
        assert!(row.contains("state=\"refused\"") && row.ends_with(" 1"), "{row}");
        let cell = cells
            .iter()
            .find(|cell| cell["key"]["endpoint"] == **endpoint && cell["key"]["method"] == **method);
        assert_eq!(cell.unwrap()["cell"]["state"], "refused", "{answer}");
    }
    assert_eq!(answer["status"], "pass", "what is refused is meant to be");

    let mut chrome = Chrome::inside(&network);
    chrome.open(&format!("{pages}#/target/alice"));
    chrome.wait("document.querySelectorAll('.matrix .cell').length > 0 && document.querySelectorAll('.change').length === 5");
    let refused = |method: &str| {
        format!(
            "[...document.querySelectorAll('.matrix tbody tr')].find((row) => row.querySelector('th').textContent === '{method}')\
             .textContent.match(/refused/gi)?.length"
        )
    };
    for method in ["PLAIN", "LOGIN-COMMAND", "USER-PASS"] {
        let of_method = cells.iter().filter(|cell| cell["key"]["method"] == method);
        let count = of_method.filter(|cell| cell["cell"]["state"] == "refused").count();
        assert_eq!(chrome.eval(&refused(method)), count, "{method}: {answer}");
    }
    assert_eq!(chrome.eval("document.querySelectorAll('.cell.against').length"), 0);
    chrome.picture("cutover");
}
