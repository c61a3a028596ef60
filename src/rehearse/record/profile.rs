//! A device as profiles in TOML, one for each protocol it logged in by: what `mailprobe devices --profiles` reads, to
//! hold it against a server later.

use serde::Serialize;

use super::{DeviceReport, Spoken, Use};
use crate::judge;

#[derive(Serialize)]
struct Profiles {
    device: Vec<Profile>,
}

/// The keys of a profile; what is not known stays out.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Profile {
    id: String,
    name: String,
    class: &'static str,
    protocols: Vec<String>,
    transports: Vec<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tls: Vec<String>,
    mechanisms: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    initial_response: Option<bool>,
    oauth: Vec<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    activesync: Vec<String>,
    status: &'static str,
    note: String,
}

impl DeviceReport {
    /// Every device that presented a login, as TOML.
    pub fn profile(&self) -> String {
        let mut device = Vec::new();
        for (number, seen) in self.devices.iter().enumerate() {
            let name = seen.name.clone().unwrap_or_else(|| format!("the device at {}", seen.address));
            let of_tokens = seen.protocols.iter().filter(|usage| usage.protocol == Spoken::Tokens);
            let flows: Vec<&'static str> =
                of_tokens.flat_map(|usage| &usage.grants).filter_map(|grant| flow(grant)).collect();
            for usage in &seen.protocols {
                device.extend(self.one(number + 1, &name, usage, &flows));
            }
        }
        let text = toml::to_string_pretty(&Profiles { device }).unwrap_or_default();
        format!(
            "# What devices did, written by mailprobe rehearse: mailprobe devices REPORT --profiles FILE holds it against a server.\n\n{text}"
        )
    }

    fn one(&self, number: usize, name: &str, usage: &Use, flows: &[&'static str]) -> Option<Profile> {
        let mut mechanisms: Vec<String> = Vec::new();
        for method in usage.methods.iter().map(|method| &method.method) {
            if judge::knows_method(method) && !mechanisms.contains(method) {
                mechanisms.push(method.clone());
            }
        }
        if mechanisms.is_empty() {
            return None;
        }
        let takes_tokens =
            ["XOAUTH2", "OAUTHBEARER", "Bearer"].iter().any(|name| mechanisms.iter().any(|m| m == name));
        let oauth = match (takes_tokens, flows) {
            (false, _) => Vec::new(),
            (true, []) => vec!["external"],
            (true, flows) => flows.to_vec(),
        };
        let initial = usage.methods.iter().filter_map(|method| method.initial_response);
        let certificate = match usage.checks_certificate {
            Some(true) => " It looks at the certificate.",
            Some(false) => " It does not look at the certificate.",
            None => "",
        };
        let in_clear = if usage.secret_in_clear { " It sent a secret without TLS." } else { "" };
        Some(Profile {
            id: format!("seen-{number}-{}", usage.protocol),
            name: name.to_owned(),
            class: if usage.protocol.name() == "smtp" { "scanner" } else { "client" },
            protocols: vec![usage.protocol.name().to_owned()],
            transports: usage.transports.clone(),
            tls: usage.tls_offered.iter().filter(|version| version.starts_with("1.")).cloned().collect(),
            mechanisms,
            initial_response: initial.reduce(|a, b| a || b),
            oauth,
            activesync: usage.activesync_versions.clone(),
            status: "verified",
            note: format!("Seen at {} on {}.{certificate}{in_clear}", self.scenario, self.day),
        })
    }
}

/// The flow behind a grant of the token endpoint, in the words of profiles.
fn flow(grant: &str) -> Option<&'static str> {
    match grant.strip_prefix("a token by ")? {
        "authorization_code" => Some("authorization-code"),
        "client_credentials" => Some("client-credentials"),
        device if device.ends_with(":device_code") => Some("device-code"),
        _ => None,
    }
}
