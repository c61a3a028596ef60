//! The container file by its linter, and the manifests for Kubernetes by Kubernetes' own schemas. Nothing is built or applied: the
//! lab has neither a registry nor a cluster.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::tools::{checker, content, example, run, text, yaml};

const FILE: &str = "container/Containerfile";

/// Its instructions, continued lines joined.
fn instructions() -> Vec<(String, String)> {
    let code: Vec<String> =
        text(FILE).lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect();
    let joined = code.join("\n").replace("\\\n", " ");
    joined
        .lines()
        .filter_map(|line| line.split_once(' '))
        .map(|(name, rest)| (name.to_owned(), rest.split_whitespace().collect::<Vec<_>>().join(" ")))
        .collect()
}

#[test]
fn hadolint_finds_nothing_in_the_container_file_and_something_in_a_worse_one() {
    let lint = checker("hadolint");
    content(&lint, &[example(FILE).to_str().unwrap()]);
    let folder = tempfile::tempdir().unwrap();
    let worse = folder.path().join("Containerfile");
    fs::write(&worse, text(FILE).replace("debian:bookworm-slim", "debian:latest")).unwrap();
    let said = run(Command::new(&lint).arg(&worse));
    assert!(said.status != 0 && said.out.contains("DL3007"), "{}", said.out);
}

#[test]
fn the_build_copies_all_that_cargo_reads_and_uses_the_compiler_that_the_package_wants() {
    let all = instructions();
    let copied: BTreeSet<&str> = all
        .iter()
        .filter(|(name, rest)| name == "COPY" && !rest.starts_with("--from"))
        .flat_map(|(_, rest)| rest.split(' ').filter(|word| !word.starts_with('.')))
        .collect();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for path in &copied {
        assert!(root.join(path).exists(), "{path}");
    }
    // Members of the workspace and everything that the compiler includes lie in these.
    for path in ["Cargo.toml", "Cargo.lock", "src", "probes", "crates"] {
        assert!(copied.contains(path), "{path}");
    }
    let version = fs::read_to_string(root.join("Cargo.toml")).unwrap();
    let version = version.split_once("rust-version = \"").unwrap().1.split_once('"').unwrap().0.to_owned();
    assert!(
        all.iter().any(|(name, rest)| name == "FROM" && rest.contains(&format!("rust:{version}-"))),
        "{version}"
    );
}

#[test]
fn the_image_runs_as_nobody_in_particular_and_says_whether_it_is_well() {
    let all = instructions();
    let last = |wanted: &str| {
        let found = all.iter().rev().find(|(name, _)| name == wanted);
        found.unwrap_or_else(|| panic!("no {wanted}")).1.clone()
    };
    assert_eq!(last("USER"), "65532:65532");
    assert!(last("HEALTHCHECK").contains("http://127.0.0.1:9325/healthz"));
    assert!(include_str!("../../crates/canary/src/http/router.rs").contains("\"/healthz\""));
    assert_eq!(last("ENTRYPOINT"), "[\"/usr/local/bin/mailprobe\"]");
    assert_eq!(all.iter().filter(|(name, _)| name == "FROM").count(), 2, "the compiler stays behind");
}

fn manifests() -> Vec<Value> {
    yaml(&example("kubernetes/canary.yaml"))
}

fn of_kind<'m>(manifests: &'m [Value], kind: &str) -> &'m Value {
    manifests.iter().find(|manifest| manifest["kind"] == kind).unwrap_or_else(|| panic!("no {kind}"))
}

#[test]
fn kubernetes_takes_the_manifests_and_no_others() {
    let validate = checker("kubernetes-validate");
    content(&validate, &["--strict", example("kubernetes/canary.yaml").to_str().unwrap()]);
    let folder = tempfile::tempdir().unwrap();
    let worse = folder.path().join("canary.yaml");
    fs::write(&worse, text("kubernetes/canary.yaml").replace("readOnlyRootFilesystem", "readOnlyRoot"))
        .unwrap();
    assert_ne!(run(Command::new(&validate).arg("--strict").arg(&worse)).status, 0);
}

#[test]
fn everything_that_the_deployment_refers_to_is_there() {
    let all = manifests();
    let pod = &of_kind(&all, "Deployment")["spec"]["template"]["spec"];
    assert_eq!(of_kind(&all, "Deployment")["spec"]["replicas"], 1);
    assert_eq!(of_kind(&all, "Deployment")["spec"]["strategy"]["type"], "Recreate");
    let container = &pod["containers"][0];
    let volumes: BTreeSet<&str> =
        pod["volumes"].as_array().unwrap().iter().map(|volume| volume["name"].as_str().unwrap()).collect();
    let mounts = container["volumeMounts"].as_array().unwrap();
    assert_eq!(volumes, mounts.iter().map(|mount| mount["name"].as_str().unwrap()).collect());
    for (kind, key) in [("ConfigMap", "configMap"), ("PersistentVolumeClaim", "persistentVolumeClaim")] {
        let volume = pod["volumes"].as_array().unwrap().iter().find(|volume| !volume[key].is_null()).unwrap();
        let name = volume[key].get("name").or_else(|| volume[key].get("claimName")).unwrap();
        assert_eq!(name, &of_kind(&all, kind)["metadata"]["name"]);
    }
    // The selectors find the pod, and the service the port.
    let labels = &of_kind(&all, "Deployment")["spec"]["template"]["metadata"]["labels"];
    assert_eq!(&of_kind(&all, "Service")["spec"]["selector"], labels);
    assert_eq!(&of_kind(&all, "Deployment")["spec"]["selector"]["matchLabels"], labels);
    assert_eq!(of_kind(&all, "Service")["spec"]["ports"][0]["targetPort"], container["ports"][0]["name"]);
    // Files of the configuration lie where the container has them.
    let config = of_kind(&all, "ConfigMap")["data"]["canary.toml"].as_str().unwrap();
    assert_eq!(container["args"], serde_json::json!(["canary", "--config", "/etc/mailprobe/canary.toml"]));
    for key in of_kind(&all, "Secret")["stringData"].as_object().unwrap().keys() {
        assert!(config.contains(&format!("\"/run/secrets/mailprobe/{key}\"")), "{key}");
    }
    for probe in ["startupProbe", "livenessProbe", "readinessProbe"] {
        let path = container[probe]["httpGet"]["path"].as_str().unwrap();
        assert!(
            include_str!("../../crates/canary/src/http/router.rs").contains(&format!("\"{path}\"")),
            "{path}"
        );
    }
}

#[test]
fn the_operators_resources_find_the_service_and_its_token() {
    let all = manifests();
    let operators = yaml(&example("kubernetes/prometheus-operator.yaml"));
    let (monitor, probe) = (of_kind(&operators, "ServiceMonitor"), of_kind(&operators, "Probe"));
    let service = of_kind(&all, "Service");
    assert_eq!(monitor["spec"]["selector"]["matchLabels"], service["metadata"]["labels"]);
    assert_eq!(monitor["spec"]["endpoints"][0]["port"], service["spec"]["ports"][0]["name"]);
    let address =
        format!("{}:{}", service["metadata"]["name"].as_str().unwrap(), service["spec"]["ports"][0]["port"]);
    assert_eq!(probe["spec"]["prober"]["url"], address.as_str());
    let secret = of_kind(&all, "Secret");
    for authorization in [&monitor["spec"]["endpoints"][0]["authorization"], &probe["spec"]["authorization"]]
    {
        assert_eq!(authorization["credentials"]["name"], secret["metadata"]["name"]);
        assert!(!secret["stringData"][authorization["credentials"]["key"].as_str().unwrap()].is_null());
    }
    let config = of_kind(&all, "ConfigMap")["data"]["canary.toml"].as_str().unwrap();
    let module = probe["spec"]["module"].as_str().unwrap();
    assert!(config.contains(&format!("[module.{module}]")));
    let target = probe["spec"]["targets"]["staticConfig"]["static"][0].as_str().unwrap();
    assert!(config.contains(&format!("name = \"{target}\"")));
}
