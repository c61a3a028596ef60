//! The device report as one page, without scripts and without anything from elsewhere.

use std::fmt::Write as _;

use super::{DeviceReport, Verdict};

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222;background:#fff}\
table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.3rem .8rem .3rem 0;border-top:1px solid #ddd}\
td p{margin:0 0 .3rem}.no{color:#a00}.yes{color:#060}.soon{color:#850}code{overflow-wrap:anywhere}";

impl DeviceReport {
    /// As HTML.
    pub fn html(&self) -> String {
        let title = format!("Devices at {}", escaped(&self.scenario));
        let mut page = format!(
            "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width\">\
             <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\
             <title>{title}</title><style>{STYLE}</style></head><body>\n<h1>{title}</h1>\n<p>{}, {}</p>\n",
            escaped(&self.title),
            escaped(&self.day)
        );
        if self.devices.is_empty() {
            page.push_str("<p>Nothing connected.</p>\n");
        }
        for (device, heading) in self.headed() {
            let _ = write!(page, "<h2>{}</h2>\n<table>\n", escaped(&heading));
            page.push_str("<tr><th>Protocol</th><th>TLS offered</th><th>Logins and messages</th><th>Verdict</th></tr>\n");
            for usage in &device.protocols {
                let mut logins = String::new();
                let versions =
                    usage.activesync_versions.iter().map(|version| format!("ActiveSync {version}"));
                let offered = usage.offer_line().map(|line| format!("offered {line}"));
                let messages = usage.message_lines().into_iter().map(|line| format!("message {line}"));
                let lines = versions.chain(usage.grants.iter().cloned()).chain(usage.login_lines());
                for line in lines.chain(offered).chain(messages) {
                    let _ = write!(logins, "<code>{}</code><br>", escaped(&line));
                }
                let mut verdicts = String::new();
                for (entry, line) in usage.logins.iter().zip(usage.verdict_lines()) {
                    let _ = write!(verdicts, "<p class=\"{}\">{}</p>", class(&entry.verdict), escaped(&line));
                }
                let clear = if usage.secret_in_clear {
                    "<br><b class=\"no\">secret sent without TLS</b>"
                } else {
                    ""
                };
                let checks = match usage.checks_certificate {
                    Some(true) => "<br>looks at the certificate",
                    Some(false) => "<br><b class=\"no\">does not look at the certificate</b>",
                    None => "",
                };
                let _ = writeln!(
                    page,
                    "<tr><td>{}</td><td>{}{checks}{clear}</td><td>{logins}</td><td>{verdicts}</td></tr>",
                    usage.protocol,
                    escaped(&usage.tls_offered.join(", "))
                );
            }
            page.push_str("</table>\n");
        }
        page.push_str("</body></html>\n");
        page
    }
}

/// The colour of a verdict: what nothing tells is neither good nor bad.
const fn class(verdict: &Verdict) -> &'static str {
    match (verdict.works_today, &verdict.stops) {
        (Some(true), None) => "yes",
        (Some(true), Some(_)) | (None, _) => "soon",
        (Some(false), _) => "no",
    }
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}
