use mailprobe_probes::model::{Cause, Failure, Outcome, Phase, Skip, Trouble};
use serde_json::{Value, json};

use super::{Format, SCHEMA, Style, render, sample};

fn validator() -> jsonschema::Validator {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    jsonschema::draft202012::meta::validate(&schema).unwrap();
    jsonschema::draft202012::new(&schema).unwrap()
}

fn complaints(document: &Value) -> Vec<String> {
    validator().iter_errors(document).map(|error| format!("{}: {error}", error.instance_path)).collect()
}

#[test]
fn every_report_of_ours_fits_the_published_schema() {
    let document: Value =
        serde_json::from_str(&render(Format::Json, &sample::every(), &Style::PLAIN)).unwrap();
    assert_eq!(complaints(&document), Vec::<String>::new());
    for report in document.as_array().unwrap() {
        assert_eq!(complaints(report), Vec::<String>::new());
    }
}

#[test]
fn what_the_contract_does_not_know_does_not_fit() {
    let good = serde_json::to_value(sample::wrong_password()).unwrap();
    assert!(complaints(&good).is_empty());
    let attempt = "/endpoints/0/attempts/0";
    for (pointer, key, value) in [
        (attempt, "causes", json!(["bad-luck"])),
        (attempt, "causes", json!([])),
        (attempt, "outcome", json!("denied")),
        (attempt, "reply", Value::Null),
        (attempt, "skip", json!("budget")),
        (attempt, "colour", json!("red")),
        ("", "schema", json!(2)),
        ("", "extra", json!(true)),
        ("/endpoints/0", "port", json!(0)),
        ("/endpoints/0", "phases_ms", json!({"lunch": 1})),
        ("/endpoints/0/advertised/0", "evidence", json!([1, 2, 3])),
        ("/verdict", "status", json!("maybe")),
    ] {
        let mut bad = good.clone();
        bad.pointer_mut(pointer).unwrap().as_object_mut().unwrap().insert(key.to_owned(), value);
        assert!(!complaints(&bad).is_empty(), "{pointer}/{key}");
    }
}

#[test]
fn a_tls_version_that_contradicts_itself_does_not_fit() {
    let good = serde_json::to_value(sample::old_device()).unwrap();
    assert_eq!(complaints(&good), Vec::<String>::new());
    for (of, key, value) in [
        (0, "version", json!("SSLv3")),
        (0, "accepted", Value::Null),
        (0, "evidence", Value::Null),
        (1, "cipher", json!("TLS_RSA_WITH_RC4_128_SHA")),
        (1, "accepted", json!(true)),
        (1, "colour", json!("red")),
    ] {
        let mut bad = good.clone();
        bad["endpoints"][0]["tls_versions"][of][key] = value;
        assert!(!complaints(&bad).is_empty(), "{of}/{key}");
    }
}

#[test]
fn the_vocabularies_of_the_schema_are_those_of_the_model() {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    let causes: Vec<&str> = schema["$defs"]["cause"]["oneOf"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| c["const"].as_str().unwrap())
        .collect();
    assert_eq!(causes, Cause::ALL.iter().map(|cause| cause.name()).collect::<Vec<_>>());
    let texts = |pointer: &str| -> Vec<String> {
        let list = schema.pointer(pointer).unwrap().as_array().unwrap();
        list.iter().filter_map(|name| name.as_str().map(str::to_owned)).collect()
    };
    for name in texts("/$defs/failure/properties/cause/enum") {
        serde_json::from_value::<Trouble>(json!(name)).unwrap();
    }
    for name in texts("/$defs/attempt/properties/skip/enum") {
        serde_json::from_value::<Skip>(json!(name)).unwrap();
    }
    for name in texts("/$defs/phase/enum") {
        serde_json::from_value::<Phase>(json!(name)).unwrap();
    }
}

#[test]
fn a_report_judged_by_a_policy_fits() {
    let policy = mailprobe_judge::Policy::shipped("modern-only").unwrap();
    let silent = Outcome::NotTried { skip: Skip::NoPassword };
    let endpoint = sample::endpoint("imaps://h", vec![sample::attempt("PLAIN", true, silent)]);
    let mut report = sample::report("a@b", vec![endpoint], &[]);
    report.verdict = mailprobe_judge::judge_by(&report, &[], &[policy], None);
    let good = serde_json::to_value(&report).unwrap();
    assert!(good["verdict"]["rules"][0]["origin"]["id"].is_string(), "{good}");
    assert_eq!(complaints(&good), Vec::<String>::new());
    let mut bad = good;
    bad["verdict"]["rules"][0]["origin"]["id"] = json!(1);
    assert!(!complaints(&bad).is_empty());
}

#[test]
fn an_inconclusive_attempt_and_a_failed_endpoint_fit() {
    let silent = Outcome::Inconclusive {
        failure: Failure::new(Phase::Auth, Trouble::Timeout, "no answer within 60 s"),
        answer: None,
        evidence: None,
    };
    let endpoint = sample::endpoint("imaps://h", vec![sample::attempt("PLAIN", true, silent)]);
    let report = serde_json::to_value(sample::report("a@b", vec![endpoint], &[])).unwrap();
    assert_eq!(complaints(&report), Vec::<String>::new());
}
