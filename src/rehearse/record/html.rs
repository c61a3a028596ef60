//! The device report as one page, without scripts and without anything from elsewhere.

use std::fmt::Write as _;

use super::DeviceReport;
use super::live::login;

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222;background:#fff}\
table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.3rem .8rem .3rem 0;border-top:1px solid #ddd}\
.no{color:#a00}.yes{color:#060}.soon{color:#850}code{overflow-wrap:anywhere}";

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
        for device in &self.devices {
            let name =
                device.name.as_deref().map_or_else(String::new, |name| format!(" ({})", escaped(name)));
            let _ = write!(page, "<h2>{}{name}</h2>\n<table>\n", escaped(&device.address));
            page.push_str("<tr><th>Protocol</th><th>TLS offered</th><th>Logins</th><th>Verdict</th></tr>\n");
            for usage in &device.protocols {
                let mut logins = String::new();
                let versions =
                    usage.activesync_versions.iter().map(|version| format!("ActiveSync {version}"));
                let tried = usage.methods.iter().map(|method| login(&method.last));
                for line in versions.chain(usage.grants.iter().cloned()).chain(tried) {
                    let _ = write!(logins, "<code>{}</code><br>", escaped(&line));
                }
                let class = match (usage.verdict.works_today, &usage.verdict.stops) {
                    (Some(true), None) => "yes",
                    (Some(true), Some(_)) => "soon",
                    _ => "no",
                };
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
                    "<tr><td>{}</td><td>{}{checks}{clear}</td><td>{logins}</td><td class=\"{class}\">{}</td></tr>",
                    usage.protocol,
                    escaped(&usage.tls_offered.join(", ")),
                    escaped(&usage.verdict.sentence)
                );
            }
            page.push_str("</table>\n");
        }
        page.push_str("</body></html>\n");
        page
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
