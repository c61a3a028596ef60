//! The dashboard for Grafana: its shape, its queries by promtool, and its metrics by what our source says that there is.

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;

use crate::tools::{content, text};

/// Where names of metrics are written down: the one-shot page, the canary's, and `/probe`.
const SOURCES: [&str; 3] = [
    include_str!("../../crates/report/src/prometheus.rs"),
    include_str!("../../crates/canary/src/metrics/mod.rs"),
    include_str!("../../crates/canary/src/http/probe.rs"),
];

/// Names of metrics in a query.
fn metrics(query: &str) -> BTreeSet<&str> {
    query
        .split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
        .filter(|word| word.starts_with("mailprobe_") || word.starts_with("probe_"))
        .collect()
}

fn exported(name: &str) -> bool {
    SOURCES
        .iter()
        .any(|source| source.contains(&format!("\"{name}\"")) || source.contains(&format!("# TYPE {name} ")))
}

fn dashboard() -> Value {
    serde_json::from_str(&text("grafana/mailprobe.json")).unwrap()
}

fn queries(dashboard: &Value) -> Vec<String> {
    let panels = dashboard["panels"].as_array().unwrap();
    let targets = panels.iter().flat_map(|panel| panel["targets"].as_array().cloned().unwrap_or_default());
    let mut all: Vec<String> = targets.map(|target| target["expr"].as_str().unwrap().to_owned()).collect();
    let notes = dashboard["annotations"]["list"].as_array().unwrap();
    all.extend(notes.iter().map(|note| note["expr"].as_str().unwrap().to_owned()));
    all
}

#[test]
fn every_metric_of_the_dashboard_and_of_the_rules_is_one_that_the_program_exports() {
    let dashboard = dashboard();
    let mut all = queries(&dashboard);
    for variable in dashboard["templating"]["list"].as_array().unwrap() {
        all.extend(variable["definition"].as_str().map(str::to_owned));
    }
    assert!(all.len() > 20, "{}", all.len());
    let rules = text("prometheus/mailprobe.rules.yml");
    let stories = text("prometheus/mailprobe.rules.test.yml");
    let code = |text: &str| {
        text.lines().filter(|line| !line.trim_start().starts_with('#')).collect::<Vec<_>>().join("\n")
    };
    for text in all.iter().cloned().chain([code(&rules), code(&stories)]) {
        for name in metrics(&text).into_iter().filter(|name| !name.ends_with('_')) {
            assert!(exported(name), "nothing exports {name}: {text}");
        }
    }
    assert!(!exported("probe_failed_due_to_regex"), "the look-up can say no");
}

#[test]
fn prometheus_can_read_every_query_of_the_dashboard() {
    let rules: Vec<Value> = queries(&dashboard())
        .iter()
        .enumerate()
        .map(|(number, query)| {
            let query = query
                .replace("$__rate_interval", "5m")
                .replace("$__interval", "5m")
                .replace("$job", ".*")
                .replace("$instance", ".*")
                .replace("$target", ".*");
            assert!(!query.contains('$'), "{query}");
            serde_json::json!({ "record": format!("query:{number}"), "expr": query })
        })
        .collect();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("rules.yml");
    // JSON is YAML.
    let document = serde_json::json!({ "groups": [{ "name": "dashboard", "rules": rules }] });
    fs::write(&file, document.to_string()).unwrap();
    content("promtool", &["check", "rules", file.to_str().unwrap()]);
}

#[test]
fn panels_have_numbers_of_their_own_lie_on_the_grid_and_do_not_overlap() {
    let dashboard = dashboard();
    let panels = dashboard["panels"].as_array().unwrap();
    let ids: BTreeSet<u64> = panels.iter().map(|panel| panel["id"].as_u64().unwrap()).collect();
    assert_eq!(ids.len(), panels.len());
    let mut taken = BTreeSet::new();
    for panel in panels {
        let at = |side: &str| panel["gridPos"][side].as_u64().unwrap();
        assert!(at("x") + at("w") <= 24, "{}", panel["title"]);
        for x in at("x")..at("x") + at("w") {
            for y in at("y")..at("y") + at("h") {
                assert!(taken.insert((x, y)), "{} lies on another", panel["title"]);
            }
        }
        if panel["type"] != "row" {
            // A data source by its variable: the file says nothing of whose it is.
            assert_eq!(panel["datasource"]["uid"], "${datasource}", "{}", panel["title"]);
            assert!(panel["targets"].as_array().is_some_and(|targets| !targets.is_empty()));
        }
    }
}
