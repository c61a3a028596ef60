//! The device report for people.

use std::collections::HashMap;
use std::fmt::Write as _;

use super::live::login;
use super::{Device, DeviceReport, LoginUse, SecretShape, Use};

/// Names that stand beside an address.
const MOST_NAMES: usize = 3;

impl DeviceReport {
    /// Every device with its heading: what tells it apart from others at its address, and its TLS offer where nothing else
    /// does.
    pub(super) fn headed(&self) -> impl Iterator<Item = (&Device, String)> {
        let plain = |device: &Device| format!("{}{}", device.address, device.marks());
        let mut alike: HashMap<String, usize> = HashMap::new();
        for device in &self.devices {
            *alike.entry(plain(device)).or_default() += 1;
        }
        self.devices.iter().map(move |device| {
            let heading = plain(device);
            let offer = device.tls_fingerprints.first().filter(|_| alike.get(&heading) > Some(&1));
            let offer = offer.map_or_else(String::new, |offer| format!(", TLS offer {offer}"));
            (device, format!("{heading}{offer}"))
        })
    }
}

impl Device {
    fn marks(&self) -> String {
        let mut marks = String::new();
        if !self.names.is_empty() {
            let more = if self.names.len() > MOST_NAMES { " and more" } else { "" };
            let names: Vec<&str> = self.names.iter().take(MOST_NAMES).map(String::as_str).collect();
            let _ = write!(marks, ", calls itself {}{more}", names.join(" and "));
        }
        if let Some(account) = &self.account {
            let _ = write!(marks, ", account {account}");
        }
        marks
    }
}

impl Use {
    /// Logins, as lines without what stands in front: every distinct one with its count.
    pub(super) fn login_lines(&self) -> Vec<String> {
        let tries = self.logins.iter().flat_map(|entry| &entry.tries);
        let lines = tries.map(|tried| format!("{}{}", login(&tried.tried), times(tried.count)));
        lines.chain(more(self.logins.iter().map(|entry| entry.left_out).sum())).collect()
    }

    /// Messages, likewise.
    pub(super) fn message_lines(&self) -> Vec<String> {
        let lines = self.messages.iter().map(|row| format!("{}{}", row.message.words(), times(row.count)));
        lines.chain(more(self.messages_left_out)).collect()
    }

    /// What it was offered, where it presented nothing.
    pub(super) fn offer_line(&self) -> Option<String> {
        let offer = self.offered.as_ref().filter(|_| self.methods.is_empty())?;
        let disabled = if offer.login_disabled { " (LOGINDISABLED)" } else { "" };
        Some(format!("{}{disabled}", offer.words().trim_end_matches(" alone")))
    }

    /// The verdicts, each with its login where there are several.
    pub(super) fn verdict_lines(&self) -> Vec<String> {
        let whose = |entry: &LoginUse| {
            let account = entry.account.as_deref()?;
            let kind = match entry.secret {
                SecretShape::Nothing => "",
                SecretShape::Password => " with a password",
                SecretShape::Token => " with a token",
            };
            Some(format!("{account}{kind}: ")).filter(|_| self.logins.len() > 1)
        };
        let line =
            |entry: &LoginUse| format!("{}{}", whose(entry).unwrap_or_default(), entry.verdict.sentence);
        self.logins.iter().map(line).collect()
    }
}

/// What stands in no row.
fn more(left_out: usize) -> Option<String> {
    (left_out > 0).then(|| format!("... and {left_out} more"))
}

fn times(count: usize) -> String {
    if count > 1 { format!(" ({count} times)") } else { String::new() }
}

impl DeviceReport {
    /// As text.
    pub fn text(&self) -> String {
        let mut text = format!("What came to {} ({}), {}\n", self.scenario, self.title, self.day);
        if self.devices.is_empty() {
            text.push_str("\nNothing connected.\n");
        }
        for (device, heading) in self.headed() {
            let _ = write!(text, "\nDevice at {heading}\n");
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
    let rows = [
        ("login", usage.login_lines()),
        ("offered", usage.offer_line().into_iter().collect()),
        ("message", usage.message_lines()),
    ];
    for (label, lines) in rows {
        for line in lines {
            let _ = writeln!(text, "    {label:<12} {line}");
        }
    }
    for line in usage.verdict_lines() {
        let _ = writeln!(text, "    => {line}");
    }
}
