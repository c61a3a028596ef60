//! A discovery as people read it.

use std::fmt::Write as _;

use mailprobe_probes::model::{Severity, harmless};

use super::found::{Discovery, Outcome};

/// The text; `verbose` with every question that led nowhere.
pub fn text(discovery: &Discovery, verbose: bool) -> String {
    let mut page = format!("{}\n", clean(&discovery.asked));
    if let Some(provider) = &discovery.provider {
        let _ = write!(
            page,
            "\nProvider\n\n  {}: {}\n  {}\n  {}\n",
            clean(&provider.name),
            clean(&provider.title),
            clean(&provider.because),
            clean(&provider.source)
        );
    }
    if !discovery.endpoints.is_empty() {
        page.push_str("\nEndpoints\n\n");
        for found in &discovery.endpoints {
            let _ = writeln!(page, "  {}", clean(&found.url));
            for said in &found.said_by {
                let _ = writeln!(page, "      {:<15} {}", said.source.name(), clean(&said.at));
            }
        }
    }
    if let Some(openid) = &discovery.openid {
        let _ = write!(page, "\nOpenID\n\n  issuer  {}\n", clean(&openid.issuer));
        for (name, url) in
            [("token", &openid.token_endpoint), ("device", &openid.device_authorization_endpoint)]
        {
            if let Some(url) = url {
                let _ = writeln!(page, "  {name:<7} {}", clean(url));
            }
        }
    }
    // The table and what was found are said above.
    let shown = |outcome: Outcome| verbose || matches!(outcome, Outcome::Failed | Outcome::NotOffered);
    let rest: Vec<_> = discovery.sources.iter().filter(|source| shown(source.outcome)).collect();
    let credentials: Vec<_> = discovery.requests.iter().filter(|asked| !asked.schemes.is_empty()).collect();
    if !credentials.is_empty() {
        page.push_str("\nWants credentials\n\n");
        for asked in credentials {
            let at = asked.redirects.last().unwrap_or(&asked.url);
            let _ = writeln!(page, "  {}\n      {}", clean(at), clean(&asked.schemes.join(", ")));
        }
    }
    if !rest.is_empty() {
        let _ =
            write!(page, "\n{}\n\n", if verbose { "Everything asked" } else { "Not offered, not answered" });
        for source in rest {
            let mark = match source.outcome {
                Outcome::Found => "✓",
                Outcome::Nothing => "–",
                Outcome::NotOffered => "✗",
                Outcome::Failed => "?",
            };
            let (asked, detail) = (clean(&source.asked), clean(&source.detail));
            let _ = writeln!(page, "  {mark} {:<15} {asked}\n      {detail}", source.source.name());
        }
    }
    if !discovery.findings.is_empty() {
        page.push_str("\nFindings\n\n");
        for finding in &discovery.findings {
            let mark = if finding.severity == Severity::Info { "i" } else { "!" };
            let _ = writeln!(
                page,
                "  {mark} {} [{}]\n    {}\n    Do: {}",
                clean(&finding.title),
                clean(&finding.id),
                clean(&finding.explanation),
                clean(&finding.remedy)
            );
        }
    }
    let _ = writeln!(page, "\n{}.", clean(&discovery.verdict()));
    page
}

fn clean(text: &str) -> String {
    harmless(text.as_bytes())
}
