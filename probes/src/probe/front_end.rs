//! Which machine behind a service's name answered, where it says so: support cases turn on it, and "only one
//! front end refuses" is visible only so.
//!
//! Exchange puts the name into its IMAP and POP3 greetings (base64 of UTF-16LE, in brackets) and into its SMTP
//! refusals (`[FR3P281CA0157.DEUP281.PROD.OUTLOOK.COM 2026-... 08DE...]`); over HTTP it has a field of its own,
//! `X-FEServer`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::model::EndpointReport;

/// The front end's own name.
pub(super) fn name(report: &EndpointReport) -> Option<String> {
    let greeted = report.greeting.iter().filter_map(|greeting| bracketed(greeting).and_then(encoded));
    let replied = report
        .attempts
        .iter()
        .filter_map(|attempt| attempt.outcome.reply())
        .filter_map(|reply| bracketed(&reply.text).and_then(written));
    let told = report.facts.iter().filter(|fact| fact.name == "fe-server").map(|fact| fact.value.clone());
    greeted.chain(replied).chain(told).next()
}

/// What stands in the last pair of brackets.
fn bracketed(text: &str) -> Option<&str> {
    let (_, inner) = text.rsplit_once('[')?;
    inner.split_once(']').map(|(inner, _)| inner)
}

fn encoded(inner: &str) -> Option<String> {
    let bytes = STANDARD.decode(inner).ok()?;
    let pair = |pair: &[u8]| Some(u16::from_le_bytes([*pair.first()?, *pair.get(1)?]));
    let units: Vec<u16> = bytes.chunks(2).map(pair).collect::<Option<_>>()?;
    let name = String::from_utf16(&units).ok()?;
    is_host(&name).then_some(name)
}

fn written(inner: &str) -> Option<String> {
    let name = inner.split(' ').next()?;
    (is_host(name) && name.matches('.').count() >= 2 && name.contains(|c: char| c.is_ascii_alphabetic()))
        .then(|| name.to_owned())
}

fn is_host(name: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    (4..=253).contains(&name.len()) && name.contains('.') && name.chars().all(allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_greetings_brackets_are_read_as_base64_of_utf_16() {
        // From a public bug report, with the letters of the host changed.
        let text = "* OK The Microsoft Exchange IMAP4 service is ready. [QQBCADEAMgAuAG4AYQBtAHAAcgBkADAAMQAuAHAAcgBvAGQALgBvAHUAdABsAG8AbwBrAC4AYwBvAG0A]";
        let found = bracketed(text).and_then(encoded);
        assert_eq!(found.as_deref(), Some("AB12.namprd01.prod.outlook.com"));
        for other in ["* OK [CAPABILITY IMAP4rev1] ready", "* OK ready", "* OK [QUJD] x", "* OK []"] {
            assert_eq!(bracketed(other).and_then(encoded), None, "{other}");
        }
    }

    #[test]
    fn a_refusals_brackets_name_host_time_and_id() {
        let text = "Authentication unsuccessful [FR3P281CA0157.DEUP281.PROD.OUTLOOK.COM 2026-11-21T09:00:01.000Z 08DE2A]";
        assert_eq!(
            bracketed(text).and_then(written).as_deref(),
            Some("FR3P281CA0157.DEUP281.PROD.OUTLOOK.COM")
        );
        for other in ["later [mail.example 2026]", "no [192.0.2.1]", "no [a b]"] {
            assert_eq!(bracketed(other).and_then(written), None, "{other}");
        }
    }
}
