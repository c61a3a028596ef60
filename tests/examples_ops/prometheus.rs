//! Prometheus' and Alertmanager's own checkers over the files for them.

use std::fs;

use crate::tools::{content, example, run, text, yaml};

const FOLDER: &str = "prometheus";

fn rules() -> Vec<serde_json::Value> {
    let document = yaml(&example("prometheus/mailprobe.rules.yml")).remove(0);
    let groups = document["groups"].as_array().unwrap().clone();
    groups.iter().flat_map(|group| group["rules"].as_array().unwrap().clone()).collect()
}

#[test]
fn promtool_takes_the_scrape_configuration_and_the_rules() {
    let config = example("prometheus/prometheus.yml");
    let said = content("promtool", &["check", "config", config.to_str().unwrap()]);
    assert!(said.contains("1 rule files found"), "{said}");
    content("promtool", &["check", "rules", example("prometheus/mailprobe.rules.yml").to_str().unwrap()]);
}

#[test]
fn every_story_of_the_alerts_comes_out_as_it_is_told() {
    let stories = example("prometheus/mailprobe.rules.test.yml");
    content("promtool", &["test", "rules", stories.to_str().unwrap()]);
}

#[test]
fn the_stories_notice_when_a_certificate_is_told_late_and_when_refused_is_an_alert() {
    let folder = tempfile::tempdir().unwrap();
    let stories = folder.path().join("mailprobe.rules.test.yml");
    fs::copy(example("prometheus/mailprobe.rules.test.yml"), &stories).unwrap();
    for (right, wrong) in [
        ("< 30 * 86400", "< 20 * 86400"),
        (
            "mailprobe_cell_expectation_met{job=~\"mailprobe.*\"} == 0",
            "mailprobe_cell_state{job=~\"mailprobe.*\"} == 1",
        ),
    ] {
        let broken = text("prometheus/mailprobe.rules.yml").replace(right, wrong);
        assert_ne!(broken, text("prometheus/mailprobe.rules.yml"), "{right}");
        fs::write(folder.path().join("mailprobe.rules.yml"), broken).unwrap();
        let said = run(std::process::Command::new("promtool").args(["test", "rules"]).arg(&stories));
        assert_eq!(said.status, 1, "{wrong}: {}", said.out);
    }
}

#[test]
fn every_alert_has_a_story_a_severity_and_words() {
    let stories = text("prometheus/mailprobe.rules.test.yml");
    let mut alerts = 0;
    for rule in rules() {
        let Some(name) = rule["alert"].as_str() else { continue };
        alerts += 1;
        assert!(stories.contains(name), "{name} has no story");
        let severity = rule["labels"]["severity"].as_str().unwrap();
        assert!(["critical", "warning", "info"].contains(&severity), "{name}");
        for words in ["summary", "description"] {
            assert!(rule["annotations"][words].as_str().is_some_and(|text| text.len() > 10), "{name}");
        }
        let expression = rule["expr"].as_str().unwrap();
        assert!(!(expression.contains("throttled\"} == 1") && severity == "critical"), "{name}");
    }
    assert!(alerts > 15, "{alerts}");
}

#[test]
fn alertmanager_takes_its_configuration_and_tells_the_right_people() {
    let config = example(FOLDER).join("alertmanager.yml");
    content("amtool", &["check-config", config.to_str().unwrap()]);
    let cases: &[(&[&str], &str)] = &[
        (&["alertname=MailprobeThrottledForLong", "severity=info"], "nobody"),
        (&["alertname=MailprobePasswordAccepted", "severity=critical"], "on-call"),
        (&["alertname=MailprobeStorm", "severity=critical"], "on-call"),
        (&["alertname=MailprobeCertificateExpiresSoon", "severity=warning"], "tickets"),
        // Those that the canary sends by itself.
        (&["alertname=MailprobeCellChanged", "state=usable"], "on-call"),
        (&["alertname=MailprobeManyChanged"], "on-call"),
        (&["alertname=MailprobeExpiry"], "tickets"),
        (&["alertname=MailprobeReminder"], "tickets"),
    ];
    for (labels, receiver) in cases {
        let config = format!("--config.file={}", config.display());
        let verify = format!("--verify.receivers={receiver}");
        let mut arguments = vec!["config", "routes", "test", &config, &verify];
        arguments.extend(*labels);
        content("amtool", &arguments);
    }
    // The names that a sender uses are spelt the same here.
    let sender = include_str!("../../crates/canary/src/alert/message.rs");
    for name in ["MailprobeCellChanged", "MailprobeExpiry", "MailprobeManyChanged", "MailprobeReminder"] {
        assert!(sender.contains(&format!("\"{name}\"")), "{name}");
    }
}

#[test]
fn an_inhibition_names_alerts_that_exist() {
    let known: Vec<String> =
        rules().iter().filter_map(|rule| Some(rule["alert"].as_str()?.to_owned())).collect();
    let words = text("prometheus/alertmanager.yml");
    let names =
        words.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| word.starts_with("Mailprobe"));
    let of_the_canary = ["CellChanged", "Expiry", "ManyChanged", "Reminder"];
    let mut seen = 0;
    for name in names.filter(|name| *name != "Mailprobe") {
        let own = of_the_canary.iter().any(|end| name.ends_with(end));
        assert!(own || known.iter().any(|alert| alert == name), "{name}");
        seen += 1;
    }
    assert!(seen > 5);
}
