//! The device report as one page, without scripts and without anything from elsewhere.

use maud::{Markup, PreEscaped, html};

use super::device::Use;
use super::{DeviceReport, Verdict};

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222;background:#fff}\
table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.3rem .8rem .3rem 0;border-top:1px solid #ddd}\
td p{margin:0 0 .3rem}.no{color:#a00}.yes{color:#060}.soon{color:#850}code{overflow-wrap:anywhere}";

impl DeviceReport {
    /// As HTML.
    pub fn html(&self) -> String {
        let title = format!("Devices at {}", self.scenario);
        let page = html! {
            (PreEscaped("<!doctype html>\n"))
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width";
                    meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'";
                    title { (title) }
                    style { (PreEscaped(STYLE)) }
                }
                body {
                    "\n"
                    h1 { (title) } "\n"
                    p { (self.title) ", " (self.day) } "\n"
                    @if self.devices.is_empty() { p { "Nothing connected." } "\n" }
                    @for (device, heading) in self.headed() {
                        h2 { (heading) } "\n"
                        table {
                            "\n"
                            tr {
                                @for head in ["Protocol", "TLS offered", "Logins and messages", "Verdict"] { th { (head) } }
                            } "\n"
                            @for usage in &device.protocols { (row(usage)) }
                        } "\n"
                    }
                }
            } "\n"
        };
        page.into_string()
    }
}

fn row(usage: &Use) -> Markup {
    let versions = usage.activesync_versions.iter().map(|version| format!("ActiveSync {version}"));
    let offered = usage.offer_line().map(|line| format!("offered {line}"));
    let messages = usage.message_lines().into_iter().map(|line| format!("message {line}"));
    let lines = versions.chain(usage.grants.iter().cloned()).chain(usage.login_lines());
    html! {
        tr {
            td { (usage.protocol.name()) }
            td {
                (usage.tls_offered.join(", "))
                @match usage.checks_certificate {
                    Some(true) => { br; "looks at the certificate" }
                    Some(false) => { br; b class="no" { "does not look at the certificate" } }
                    None => {}
                }
                @if usage.secret_in_clear { br; b class="no" { "secret sent without TLS" } }
            }
            td { @for line in lines.chain(offered).chain(messages) { code { (line) } br; } }
            td {
                @for (entry, line) in usage.logins.iter().zip(usage.verdict_lines()) {
                    p class=(class(&entry.verdict)) { (line) }
                }
            }
        } "\n"
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
