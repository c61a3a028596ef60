//! Debian's Prometheus scrapes, and Debian's Alertmanager receives.

use std::io::Write as _;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use mailprobe_canary::alert::Pace;
use mailprobe_canary::alert::sink::Form;
use serde_json::Value;

use crate::delivery::{Store, run, webhook};
use crate::fleet::Fleet;
use crate::served::served;

/// A server that ends with the test.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn free() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn start(program: &str, arguments: &[String], folder: &Path) -> Server {
    let log = std::fs::File::create(folder.join("log")).unwrap();
    let child = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(log.try_clone().unwrap())
        .stderr(log)
        .spawn()
        .unwrap_or_else(|error| panic!("{program}: {error}; tests/lab/install installs it"));
    Server(child)
}

/// Asks until the answer is as wanted: the servers start when they start.
fn ask(url: &str, folder: &Path, wanted: impl Fn(&Value) -> bool) -> Value {
    let begun = Instant::now();
    loop {
        let output = Command::new("curl").args(["--silent", "--max-time", "5", url]).output().unwrap();
        if let Ok(answer) = serde_json::from_slice::<Value>(&output.stdout)
            && wanted(&answer)
        {
            return answer;
        }
        let log = || std::fs::read_to_string(folder.join("log")).unwrap_or_default();
        assert!(
            begun.elapsed() < Duration::from_mins(1),
            "{url}: {}\n{}",
            String::from_utf8_lossy(&output.stdout),
            log()
        );
        std::thread::yield_now();
    }
}

#[test]
fn prometheus_scrapes_the_metrics_and_the_probe() {
    let pages = served(Arc::new(Fleet::of(60)));
    let folder = tempfile::tempdir().unwrap();
    let address = pages.address;
    let config = format!(
        "global: {{scrape_interval: 1s, scrape_timeout: 1s}}\nscrape_configs:\n- job_name: canary\n  static_configs: [{{targets: ['{address}']}}]\n\
         - job_name: probe\n  metrics_path: /probe\n  params: {{module: [all]}}\n  static_configs: [{{targets: [contoso-0000]}}]\n  \
         relabel_configs:\n  - {{source_labels: [__address__], target_label: __param_target}}\n  \
         - {{source_labels: [__param_target], target_label: instance}}\n  - {{target_label: __address__, replacement: '{address}'}}\n"
    );
    std::fs::File::create(folder.path().join("prometheus.yml"))
        .unwrap()
        .write_all(config.as_bytes())
        .unwrap();
    let port = free();
    let arguments = [
        "--config.file=prometheus.yml",
        "--storage.tsdb.path=data",
        &format!("--web.listen-address=127.0.0.1:{port}"),
    ];
    let _server = start("prometheus", &arguments.map(str::to_owned), folder.path());
    let query = |text: &str| format!("http://127.0.0.1:{port}/api/v1/query?query={text}");
    let found = |answer: &Value| answer["data"]["result"].as_array().is_some_and(|result| !result.is_empty());
    let up = ask(&query("probe_success%7Btarget%3D%22northwind-0005%22%7D"), folder.path(), found);
    assert_eq!(up["data"]["result"][0]["value"][1], "0");
    let probe = ask(&query("probe_success%7Bjob%3D%22probe%22%7D"), folder.path(), found);
    assert_eq!(probe["data"]["result"][0]["metric"]["instance"], "contoso-0000");
    let all = ask(&query("count%20by%20(job)%20(up%20%3D%3D%201)"), folder.path(), |answer| {
        answer["data"]["result"].as_array().is_some_and(|result| result.len() == 2)
    });
    assert_eq!(all["status"], "success");
    assert!(
        !std::fs::read_to_string(folder.path().join("log"))
            .unwrap()
            .contains("level=warn component=\"scrape")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn alertmanager_receives_what_opens_and_what_is_over() {
    let folder = tempfile::tempdir().unwrap();
    let config = "route: {receiver: nobody}\nreceivers: [{name: nobody}]\n";
    std::fs::write(folder.path().join("alertmanager.yml"), config).unwrap();
    let port = free();
    let arguments = [
        "--config.file=alertmanager.yml",
        "--storage.path=data",
        "--cluster.listen-address=",
        &format!("--web.listen-address=127.0.0.1:{port}"),
    ];
    let _server = start("prometheus-alertmanager", &arguments.map(str::to_owned), folder.path());
    let alerts = format!("http://127.0.0.1:{port}/api/v2/alerts");
    ask(&alerts, folder.path(), Value::is_array);
    let store = Store::new().await;
    let quick =
        Pace { look: Duration::from_millis(20), first_wait: Duration::from_millis(50), ..Pace::default() };
    let _running = run(store.outbox(), quick, vec![("am", webhook(&alerts, Form::Alertmanager))]);
    store.change("sales", true, &["am"]).await;
    let found = ask(&alerts, folder.path(), |answer| answer.as_array().is_some_and(|all| !all.is_empty()));
    let alert = &found[0];
    assert_eq!(alert["labels"]["alertname"], "MailprobeCellChanged");
    assert_eq!((&alert["labels"]["target"], &alert["labels"]["state"]), (&"sales".into(), &"usable".into()));
    assert_eq!(alert["status"]["state"], "active");
    assert_eq!(alert["generatorURL"], "https://canary.example.com/#/target/sales");
    for name in ["answer_before", "answer_now", "since", "summary", "description"] {
        assert!(alert["annotations"][name].is_string(), "{name}: {alert}");
    }
    store.change("sales", false, &["am"]).await;
    ask(&alerts, folder.path(), |answer| answer.as_array().is_some_and(Vec::is_empty));
}
