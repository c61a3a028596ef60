//! Which versions of TLS an endpoint takes: one line in the short report, one a version in the wide one.

use mailprobe_probes::model::{EndpointReport, TlsAnswer, TlsVersion};

use super::columns::Column;
use super::layout::{Page, clean, cut};
use super::style::Role;
use crate::lang::Lang;

/// One line for each endpoint that was asked.
pub(super) fn lines(page: &mut Page<'_>, columns: &[Column<'_>]) {
    let mut asked = columns.iter().filter(|column| !column.endpoint.tls_versions.is_empty()).peekable();
    if asked.peek().is_some() {
        page.gap();
    }
    let lang = page.style.lang;
    for column in asked {
        let what = if columns.len() > 1 {
            lang.fill("TLS accepted on {}", &[&column.label])
        } else {
            lang.say("TLS accepted").to_owned()
        };
        let text = format!("{what}: {}", summary(&column.endpoint.tls_versions, lang));
        page.hang("  ", Role::Plain, &text, Role::Plain);
    }
}

/// `1.2 1.3 (1.0, 1.1 refused)`.
fn summary(asked: &[TlsVersion], lang: Lang) -> String {
    let numbers = |accepted: Option<bool>, between: &str| {
        let those = asked.iter().filter(|asked| asked.accepted() == accepted);
        those.map(|asked| asked.version.number()).collect::<Vec<_>>().join(between)
    };
    let taken = numbers(Some(true), " ");
    let others: Vec<String> = [(Some(false), "refused"), (None, "unclear")]
        .into_iter()
        .map(|(accepted, word)| (numbers(accepted, ", "), word))
        .filter(|(numbers, _)| !numbers.is_empty())
        .map(|(numbers, word)| format!("{numbers} {}", lang.say(word)))
        .collect();
    let taken = if taken.is_empty() { lang.say("none").to_owned() } else { taken };
    if others.is_empty() { taken } else { format!("{taken} ({})", others.join("; ")) }
}

/// Every version of an endpoint: its name, the answer in words, and how good that is.
pub(super) fn facts(endpoint: &EndpointReport, lang: Lang) -> impl Iterator<Item = (String, String, Role)> {
    endpoint.tls_versions.iter().map(move |asked| {
        let words = cut(&clean(&lang.tell(asked.words())), 400);
        let (text, role) = match &asked.answer {
            TlsAnswer::Accepted { cipher, .. } => {
                let role = if asked.version.is_deprecated() { Role::Doubt } else { Role::Plain };
                (lang.fill("accepted, {}: {}", &[&cut(&clean(cipher), 60), &words]), role)
            }
            TlsAnswer::Refused { .. } => (lang.fill("refused: {}", &[&words]), Role::Plain),
            TlsAnswer::Inconclusive { failure, .. } => {
                let phase = lang.say(failure.phase.name());
                (lang.fill("unclear, {} in {}: {}", &[&failure.cause.name(), phase, &words]), Role::Doubt)
            }
        };
        (asked.version.to_string(), text, role)
    })
}
