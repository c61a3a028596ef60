//! The configurations of the canary in the examples, as the program itself checks them.

use std::fs;
use std::path::Path;

use crate::tools::{Said, example, mailprobe, run, secret_file, text, yaml};

/// A hash of `dashboard` by `htpasswd -nbBC 4`.
const USERS: &str = "admin:$2y$04$K7FOfSZ9lZ5n5W3nT7Yb8uQ5n0l1H0P3m9S1gqgQyq0YbVtHc2VZa\n";

/// What a file that the configuration names holds: pages are served by it, so it is read when the configuration is.
fn put(folder: &Path) {
    secret_file(&folder.join("dashboard-users"), USERS);
    secret_file(&folder.join("scrape-token"), "a-long-random-token-for-the-scraper\n");
    let key = rcgen::KeyPair::generate().unwrap();
    let certificate =
        rcgen::CertificateParams::new(vec!["mailprobe".into()]).unwrap().self_signed(&key).unwrap();
    secret_file(&folder.join("tls.crt"), &certificate.pem());
    secret_file(&folder.join("tls.key"), &key.serialize_pem());
}

/// The configuration with the folders of its secrets made one of the test's.
fn check(config: &str) -> Said {
    let folder = tempfile::tempdir().unwrap();
    put(folder.path());
    let here = format!("{}/", folder.path().display());
    let mut config = config.to_owned();
    for secrets in
        ["/run/credentials/mailprobe-canary.service/", "/run/secrets/tls/", "/run/secrets/mailprobe/"]
    {
        config = config.replace(secrets, &here);
    }
    let file = folder.path().join("canary.toml");
    fs::write(&file, config).unwrap();
    run(mailprobe().env("SCANNER_PASSWORD", "a password").args(["canary", "check", "--config"]).arg(file))
}

#[test]
fn the_program_takes_the_commented_configuration() {
    let said = check(&text("canary.toml"));
    assert_eq!(said.status, 0, "{}{}", said.out, said.err);
}

#[test]
fn a_mistake_in_it_is_named_with_its_line() {
    let wrong = text("canary.toml").replace("kind = \"slack\"", "kind = \"slick\"");
    let line = wrong.lines().position(|line| line.starts_with("kind = \"slick\"")).unwrap() + 1;
    let said = check(&wrong);
    assert_eq!(said.status, 2, "{}", said.err);
    assert!(said.err.contains(&format!("canary.toml:{line}")) && said.err.contains("slick"), "{}", said.err);
}

#[test]
fn what_is_commented_out_of_it_is_taken_as_well() {
    let mut config = text("canary.toml");
    for key in ["bearer_file", "cert", "key"] {
        config = config.replace(&format!("# {key} = "), &format!("{key} = "));
    }
    let config = config
        .replace("/etc/mailprobe/tls/chain.pem", "/run/secrets/tls/tls.crt")
        .replace("/run/credentials/mailprobe-canary.service/tls-key", "/run/secrets/tls/tls.key");
    let said = check(&config);
    assert_eq!(said.status, 0, "{}{}", said.out, said.err);
}

#[test]
fn the_program_takes_the_configuration_in_the_manifest_for_kubernetes() {
    let manifests = yaml(&example("kubernetes/canary.yaml"));
    let map = manifests.iter().find(|manifest| manifest["kind"] == "ConfigMap").unwrap();
    let said = check(map["data"]["canary.toml"].as_str().unwrap());
    assert_eq!(said.status, 0, "{}{}", said.out, said.err);
}

#[test]
fn the_program_takes_the_policy_and_forbids_passwords_by_it() {
    let said = run(mailprobe().args(["policy", "check"]).arg(example("policy.toml")));
    assert_eq!(said.status, 0, "{}", said.err);
    let judge = |report: &str| {
        let mut command = mailprobe();
        run(command.arg("judge").arg(example(report)).arg("--policy").arg(example("policy.toml")))
    };
    assert_eq!(judge("before-cutover.json").status, 1);
    assert_eq!(judge("after-cutover.json").status, 0);
}

#[test]
fn a_mailbox_that_prometheus_asks_for_is_one_of_the_configuration() {
    let job = yaml(&example("prometheus/prometheus.yml")).remove(0)["scrape_configs"][1].take();
    let config = text("canary.toml");
    let target = job["static_configs"][0]["targets"][0].as_str().unwrap();
    assert!(config.contains(&format!("name = \"{target}\"")), "{target}");
    let module = job["params"]["module"][0].as_str().unwrap();
    assert!(config.contains(&format!("[module.{module}]")), "{module}");
    let listen = config.split_once("listen = \"").unwrap().1.split_once('"').unwrap().0;
    assert!(text("prometheus/prometheus.yml").contains(&format!("replacement: {listen}\n")), "{listen}");
}
