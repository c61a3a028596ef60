//! A device as a profile in TOML: what it can do, to be held against a server later.

use serde::Serialize;

use super::DeviceReport;

#[derive(Serialize)]
struct Profiles {
    device: Vec<Profile>,
}

#[derive(Serialize)]
struct Profile {
    name: String,
    seen_at: String,
    seen_on: String,
    protocol: Vec<Spoken>,
}

#[derive(Serialize)]
struct Spoken {
    protocol: String,
    transports: Vec<&'static str>,
    tls_versions: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    checks_certificate: Option<bool>,
    secret_in_clear: bool,
    methods: Vec<String>,
    initial_response: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    activesync_versions: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    grants: Vec<String>,
}

impl DeviceReport {
    /// Every device, as TOML.
    pub fn profile(&self) -> String {
        let device = self.devices.iter().map(|device| Profile {
            name: device.name.clone().unwrap_or_else(|| device.address.clone()),
            seen_at: self.scenario.clone(),
            seen_on: self.day.clone(),
            protocol: device
                .protocols
                .iter()
                .map(|usage| {
                    let mut methods: Vec<String> = Vec::new();
                    for method in &usage.methods {
                        if !methods.contains(&method.method) {
                            methods.push(method.method.clone());
                        }
                    }
                    let initial = usage.methods.iter().filter(|method| method.initial_response == Some(true));
                    Spoken {
                        protocol: usage.protocol.name().to_owned(),
                        transports: usage.transports.clone(),
                        tls_versions: usage.tls_offered.clone(),
                        checks_certificate: usage.checks_certificate,
                        secret_in_clear: usage.secret_in_clear,
                        initial_response: initial.map(|method| method.method.clone()).collect(),
                        activesync_versions: usage.activesync_versions.clone(),
                        grants: usage.grants.clone(),
                        methods,
                    }
                })
                .collect(),
        });
        let text = toml::to_string_pretty(&Profiles { device: device.collect() }).unwrap_or_default();
        format!("# What devices did, written by mailprobe rehearse.\n\n{text}")
    }
}
