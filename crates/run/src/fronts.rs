//! Several addresses behind one name: do they say the same?

use std::collections::BTreeMap;

use mailprobe_probes::model::{EndpointReport, Finding, Method, Severity, Stage};

/// One finding for every endpoint whose addresses differ in what they offer or accept.
pub(super) fn disagreements(endpoints: &[EndpointReport]) -> Vec<Finding> {
    let mut by_url: BTreeMap<&str, Vec<&EndpointReport>> = BTreeMap::new();
    for endpoint in endpoints {
        by_url.entry(&endpoint.url).or_default().push(endpoint);
    }
    by_url.into_iter().filter_map(|(url, fronts)| disagreement(url, &fronts)).collect()
}

fn disagreement(url: &str, fronts: &[&EndpointReport]) -> Option<Finding> {
    let (first, others) = fronts.split_first()?;
    let differing: Vec<String> = others
        .iter()
        .filter_map(|other| difference(first, other).map(|difference| (other, difference)))
        .map(|(other, difference)| format!("{} and {} differ: {difference}", peer(first), peer(other)))
        .collect();
    if differing.is_empty() {
        return None;
    }
    Some(Finding {
        id: "front-ends-disagree".into(),
        severity: Severity::Warning,
        title: "The addresses behind one name do not agree".into(),
        explanation: format!("{}.", differing.join("; ")),
        remedy: "Configure the servers alike, or take the one that is behind out of the name until it is."
            .into(),
        endpoint: Some(url.to_owned()),
        evidence: None,
    })
}

fn peer(endpoint: &EndpointReport) -> &str {
    endpoint.peer.as_deref().unwrap_or("an address that does not answer")
}

fn difference(a: &EndpointReport, b: &EndpointReport) -> Option<String> {
    if a.failure.is_some() != b.failure.is_some() {
        return Some("one answers and the other does not".to_owned());
    }
    for stage in [Stage::BeforeTls, Stage::AfterTls] {
        let (of_a, of_b) = (offers(a, stage), offers(b, stage));
        if of_a != of_b {
            let only = |x: &[Method], y: &[Method]| {
                let names: Vec<&str> = x.iter().filter(|m| !y.contains(m)).map(Method::name).collect();
                if names.is_empty() { "nothing more".to_owned() } else { names.join(" ") }
            };
            return Some(format!(
                "only the first offers {}, only the second {}",
                only(&of_a, &of_b),
                only(&of_b, &of_a)
            ));
        }
    }
    a.attempts.iter().find_map(|attempt| {
        let other = b.attempts.iter().find(|other| other.method == attempt.method)?;
        let (word, other_word) = (attempt.outcome.word(), other.outcome.word());
        // Only answers can disagree; what was not tried says nothing.
        let both_answered = [word, other_word].iter().all(|word| matches!(*word, "accepted" | "refused"));
        (both_answered && word != other_word)
            .then(|| format!("{} is {word} by the first and {other_word} by the second", attempt.method))
    })
}

fn offers(endpoint: &EndpointReport, stage: Stage) -> Vec<Method> {
    let lists = endpoint.advertised.iter().filter(|list| list.stage == stage);
    let mut methods: Vec<Method> =
        lists.flat_map(|list| &list.offers).map(|offer| offer.method.clone()).collect();
    methods.sort();
    methods.dedup();
    methods
}
