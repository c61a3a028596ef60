//! What the other cells of a report say about an ambiguous refusal.
//!
//! One answer often has several causes on record; the same mailbox's other answers leave fewer. A rule reads cells
//! as evidence, puts causes in front or strikes them out, and says so in a finding with the cells it read. It never
//! turns a refusal into anything else, and leaves alone what a server said plainly. All rules read the report as it
//! was, the surest first; a cell that one of them settled is not touched by the next.

mod cells;
mod preflight;
mod rules;

use mailprobe_probes::model::{Cause, Diagnosis, Finding, Outcome, Report, Session, Severity};

use cells::{At, Cells};

/// Most cells that a finding lists by name.
const LISTED: usize = 12;

/// What one rule concluded.
#[derive(Debug, Clone)]
struct Settled {
    /// Stable id, the finding's.
    id: &'static str,
    /// The refusals it is about.
    on: Vec<At>,
    /// The cells it read; none where it read what was known beforehand.
    evidence: Vec<At>,
    /// Causes that go in front, in this order.
    promote: Vec<Cause>,
    /// Causes that are out.
    strike: Vec<Cause>,
    /// What follows, one line.
    title: &'static str,
    /// What follows, in a sentence.
    sentence: String,
    /// What to do.
    remedy: &'static str,
}

/// Settles what can be settled, in place, and adds a finding for each conclusion. The same report comes out the same.
pub fn correlate(report: &mut Report) {
    let settled = conclusions(report);
    for conclusion in settled {
        report.findings.push(finding(&conclusion, report));
        for at in &conclusion.on {
            if let Some(diagnosis) = diagnosis(report, *at) {
                rank(diagnosis, &conclusion);
            }
        }
    }
}

/// The conclusions in order, each cell in one of them.
fn conclusions(report: &Report) -> Vec<Settled> {
    let cells = Cells::of(report);
    let mut taken: Vec<At> = Vec::new();
    let mut kept = Vec::new();
    for rule in rules::RULES {
        for mut conclusion in rule(&cells) {
            conclusion.on.retain(|at| {
                !taken.contains(at) && changes(&cells, *at, &conclusion.promote, &conclusion.strike)
            });
            taken.extend(&conclusion.on);
            if !conclusion.on.is_empty() {
                kept.push(conclusion);
            }
        }
    }
    kept
}

/// Whether the causes would be others than they are.
fn changes(cells: &Cells<'_>, at: At, promote: &[Cause], strike: &[Cause]) -> bool {
    let Some(diagnosis) = cells.get(at).and_then(|cell| cell.diagnosis) else { return false };
    ranked(&diagnosis.causes, promote, strike) != diagnosis.causes
}

fn ranked(causes: &[Cause], promote: &[Cause], strike: &[Cause]) -> Vec<Cause> {
    let rest = causes.iter().filter(|cause| !promote.contains(cause) && !strike.contains(cause));
    let ranked: Vec<Cause> = promote.iter().chain(rest).copied().collect();
    // A refusal always has a cause.
    if ranked.is_empty() { causes.to_vec() } else { ranked }
}

fn rank(diagnosis: &mut Diagnosis, conclusion: &Settled) {
    diagnosis.causes = ranked(&diagnosis.causes, &conclusion.promote, &conclusion.strike);
    diagnosis.explanation =
        format!("{} The other cells say more: {}", diagnosis.explanation, conclusion.sentence);
    conclusion.remedy.clone_into(&mut diagnosis.remedy);
}

fn finding(conclusion: &Settled, report: &Report) -> Finding {
    let cells = Cells::of(report);
    let named = |list: &[At]| {
        let mut names: Vec<String> =
            list.iter().take(LISTED).filter_map(|at| cells.get(*at)).map(cells::Cell::named).collect();
        if list.len() > LISTED {
            names.push(format!("{} more", list.len() - LISTED));
        }
        names.join("; ")
    };
    let first = conclusion.on.first().and_then(|at| cells.get(*at));
    Finding {
        id: conclusion.id.to_owned(),
        severity: Severity::Info,
        title: conclusion.title.to_owned(),
        explanation: format!(
            "{} {} {}. Read: {}.",
            conclusion.sentence,
            if conclusion.id == preflight::LEFT_OPEN { "Leaves open" } else { "Settles" },
            named(&conclusion.on),
            if conclusion.evidence.is_empty() {
                "the claims of the token".to_owned()
            } else {
                named(&conclusion.evidence)
            }
        ),
        remedy: conclusion.remedy.to_owned(),
        endpoint: first.map(|cell| cell.endpoint.url.clone()),
        evidence: first.and_then(|cell| cell.lines),
    }
}

fn diagnosis(report: &mut Report, (endpoint, attempt): At) -> Option<&mut Diagnosis> {
    let attempt = report.endpoints.get_mut(endpoint)?.attempts.get_mut(attempt)?;
    match &mut attempt.outcome {
        Outcome::Refused { diagnosis, .. }
        | Outcome::Accepted { session: Session::Shut { diagnosis, .. }, .. } => Some(diagnosis),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
