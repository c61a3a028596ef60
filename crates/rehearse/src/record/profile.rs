//! A device as profiles in TOML, one for each protocol it logged in by: what `mailprobe devices --profiles` reads, to
//! hold it against a server later.

use serde::Serialize;

use super::{DeviceReport, LoginUse, Spoken, Use};
use mailprobe_judge as judge;

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
    /// Every login that a device presented, as TOML: a password and a token that may be two programs' are two profiles.
    pub fn profile(&self) -> String {
        let mut device = Vec::new();
        for (number, seen) in self.devices.iter().enumerate() {
            let name = seen.name.clone().unwrap_or_else(|| format!("the device at {}", seen.address));
            let of_tokens = seen.protocols.iter().filter(|usage| usage.protocol == Spoken::Tokens);
            let flows: Vec<&'static str> =
                of_tokens.flat_map(|usage| &usage.grants).filter_map(|grant| flow(grant)).collect();
            for usage in &seen.protocols {
                let mut of_usage = 0;
                for login in &usage.logins {
                    let profile = self.one(&name, usage, login, &flows);
                    device.extend(profile.map(|mut profile| {
                        of_usage += 1;
                        let again = if of_usage > 1 { format!("-{of_usage}") } else { String::new() };
                        profile.id = format!("seen-{}-{}{again}", number + 1, usage.protocol);
                        profile
                    }));
                }
            }
        }
        let text = toml::to_string_pretty(&Profiles { device }).unwrap_or_default();
        format!(
            "# What devices did, written by mailprobe rehearse: mailprobe devices REPORT --profiles FILE holds it against a server.\n\n{text}"
        )
    }

    fn one(&self, name: &str, usage: &Use, login: &LoginUse, flows: &[&'static str]) -> Option<Profile> {
        let mut mechanisms: Vec<String> = Vec::new();
        // A password that was shown as a token is no way of getting one.
        let tries = || login.tries.iter().map(|row| &row.tried).filter(|tried| !tried.mistaken);
        for method in tries().map(|tried| tried.method.name()) {
            if judge::knows_method(method) && !mechanisms.iter().any(|known| known == method) {
                mechanisms.push(method.to_owned());
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
        let initial = tries().filter_map(|tried| tried.initial_response);
        let certificate = match usage.checks_certificate {
            Some(true) => " It looks at the certificate.",
            Some(false) => " It does not look at the certificate.",
            None => "",
        };
        let in_clear = if tries().any(|tried| tried.in_clear && tried.length > 0) {
            " It sent a secret without TLS."
        } else {
            ""
        };
        Some(Profile {
            id: String::new(),
            name: name.to_owned(),
            class: if usage.protocol.name() == "smtp" { "scanner" } else { "client" },
            protocols: vec![usage.protocol.name().to_owned()],
            transports: login.transports.clone(),
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
