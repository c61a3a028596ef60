//! Our own check of the tenant finds in every cell what the tenant decided.

use mailprobe_probes::model::{Cause, Protocol};
use mailprobe_rehearse::scenario::{SHIPPED, Scenario, load};
use mailprobe_rehearse::{Bench as _, Presented, Tenant as Judge};

use crate::checked::known_at;
use crate::tenant::{Tenant, mailprobe};

const METHODS: &[&str] =
    &["PLAIN", "LOGIN", "XOAUTH2", "OAUTHBEARER", "LOGIN-COMMAND", "USER-PASS", "Basic", "Bearer"];

/// What the tenant decides about the first mailbox of its scenario.
fn decided(scenario: &Scenario, protocol: Protocol, method: &str) -> (Cause, bool) {
    let sasl = !matches!(method, "LOGIN-COMMAND" | "USER-PASS" | "Basic" | "Bearer");
    if sasl && !scenario.line(protocol).understands(method) {
        return (Cause::MechanismUnsupported, false);
    }
    let mailbox = &scenario.mailbox[0];
    let (password, token) = (mailbox.password.as_ref().unwrap(), &mailbox.tokens[0]);
    let presented = if matches!(method, "XOAUTH2" | "OAUTHBEARER" | "Bearer") {
        let token = std::str::from_utf8(token.expose()).unwrap();
        Presented::Token { user: Some(&mailbox.address), token }
    } else {
        Presented::Password { user: &mailbox.address, password: password.expose() }
    };
    let ruling = Judge::new(scenario.clone(), || 1_800_000_000).rule(protocol, &presented);
    (ruling.cause, ruling.shut.is_none())
}

#[test]
fn every_cell_of_every_shipped_scenario_is_what_the_tenant_decided() {
    let mut cells = 0;
    for shipped in SHIPPED.iter().filter(|shipped| shipped.name != "throttled") {
        let scenario = load(shipped.name).unwrap();
        let tenant = Tenant::of(shipped.name);
        let secret = |text: &[u8]| String::from_utf8(text.to_vec()).unwrap();
        let mailbox = &scenario.mailbox[0];
        let mut check = mailprobe(tenant.state());
        check
            .env("PW", secret(mailbox.password.as_ref().unwrap().expose()))
            .env("TOKEN", secret(mailbox.tokens[0].expose()));
        check.args([
            "check",
            &mailbox.address,
            "--password-env",
            "PW",
            "--token-env",
            "TOKEN",
            "--attempt-budget",
            "100",
        ]);
        check.args(["--ca-file", &tenant.file("ca.pem"), "--resolve", "localhost:127.0.0.1", "-o", "json"]);
        let mut endpoints: Vec<String> =
            ["imap", "imaps", "pop3", "pop3s", "smtp", "smtps"].map(|scheme| tenant.url(scheme, "")).into();
        for scheme in ["ews", "eas", "autodiscover"].iter().filter(|_| shipped.name != "gmail") {
            endpoints.push(format!("{scheme}://localhost:{}", tenant.port("https")));
        }
        check.args(["--methods", &known_at(&endpoints, METHODS), "--activesync-post"]);
        check.args(endpoints.iter().flat_map(|endpoint| ["--endpoint", endpoint]));
        let output = check.output().unwrap();
        let report: serde_json::Value = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)));
        for endpoint in report["endpoints"].as_array().unwrap() {
            let protocol: Protocol = serde_json::from_value(endpoint["protocol"].clone()).unwrap();
            assert_eq!(endpoint["failure"], serde_json::Value::Null, "{} {}", shipped.name, endpoint["url"]);
            for attempt in endpoint["attempts"].as_array().unwrap() {
                let method = attempt["method"].as_str().unwrap();
                if attempt["outcome"] == "not-tried" {
                    // Neither offered nor worth a try unadvertised.
                    assert_eq!(attempt["advertised"], false, "{} {method}: {attempt}", shipped.name);
                    continue;
                }
                let place = format!("{} {} {method}", shipped.name, endpoint["url"]);
                let (cause, opens) = decided(&scenario, protocol, method);
                let outcome = if cause == Cause::Accepted { "accepted" } else { "refused" };
                assert_eq!(attempt["outcome"], outcome, "{place}: {attempt}");
                if cause == Cause::Accepted {
                    // Autodiscover opens no mailbox.
                    let usable = if protocol == Protocol::Autodiscover { None } else { Some(opens) };
                    assert_eq!(attempt["usable"].as_bool(), usable, "{place}");
                } else {
                    let causes = attempt["causes"].as_array().unwrap();
                    // Nobody has on record in which words EWS will be gone; the tenant's bare 403 tells a policy alone.
                    let told = if cause == Cause::ServiceRetired { Cause::ProtocolDisabled } else { cause };
                    assert!(causes.contains(&told.name().into()), "{place}: {told} is not in {causes:?}");
                }
                cells += 1;
            }
        }
    }
    assert!(cells > 200, "{cells} cells");
}
