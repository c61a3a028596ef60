//! The device report for people.

use std::fmt::Write as _;

use super::live::login;
use super::{DeviceReport, Use};

impl DeviceReport {
    /// As text.
    pub fn text(&self) -> String {
        let mut text = format!("What came to {} ({}), {}\n", self.scenario, self.title, self.day);
        if self.devices.is_empty() {
            text.push_str("\nNothing connected.\n");
        }
        for device in &self.devices {
            let name =
                device.name.as_deref().map_or_else(String::new, |name| format!(", calls itself {name}"));
            let _ = write!(text, "\nDevice at {}{name}\n", device.address);
            for usage in &device.protocols {
                one(&mut text, usage);
            }
        }
        if self.record.turned_away > 0 {
            let _ = write!(
                text,
                "\n{} connections were turned away: too many at a time.\n",
                self.record.turned_away
            );
        }
        if self.record.uncounted > 0 {
            let _ = write!(text, "\n{} connections more are not in this report.\n", self.record.uncounted);
        }
        text
    }
}

fn one(text: &mut String, usage: &Use) {
    let plural = if usage.connections == 1 { "" } else { "s" };
    let _ = write!(
        text,
        "\n  {} ({} connection{plural}, {})\n",
        usage.protocol,
        usage.connections,
        usage.transports.join(", ")
    );
    if !usage.tls_offered.is_empty() {
        let used = if usage.tls_used.is_empty() { "none".to_owned() } else { usage.tls_used.join(", ") };
        let _ = writeln!(text, "    TLS          offers {}; used {used}", usage.tls_offered.join(", "));
    }
    if !usage.sni.is_empty() {
        let _ = writeln!(text, "    asks for     {}", usage.sni.join(", "));
    }
    let checks = match usage.checks_certificate {
        Some(true) => "looks at it, and refused this one",
        Some(false) => "DOES NOT LOOK at it: it took an untrusted one",
        None => "not known: run with --bad-certificate to find out",
    };
    if usage.transports.iter().any(|transport| *transport != "plaintext") {
        let _ = writeln!(text, "    certificate  {checks}");
    }
    if usage.secret_in_clear {
        text.push_str("    WARNING      sent a password or token without TLS\n");
    }
    if !usage.activesync_versions.is_empty() {
        let _ = writeln!(text, "    version      {}", usage.activesync_versions.join(", "));
    }
    for grant in &usage.grants {
        let _ = writeln!(text, "    grant        {grant}");
    }
    for method in &usage.methods {
        let _ = writeln!(text, "    login        {}", login(&method.last));
    }
    let _ = writeln!(text, "    => {}", usage.verdict.sentence);
}
