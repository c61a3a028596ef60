//! The rules that must hold, against how far visits go and what they try.

use mailprobe_probes::model::Kind;

use super::error::{PlanError, Setting, words};
use super::scope::Scope;
use super::{Abilities, methods};
use mailprobe_judge::Rule;

/// A rule, and its number among those that were given.
pub(super) struct Numbered {
    pub(super) number: usize,
    pub(super) rule: Rule,
}

impl Numbered {
    /// The setting that it is.
    pub(super) fn setting(&self) -> Setting {
        Setting::Expect(self.number)
    }
}

/// The rules, each once, none of which contradicts another or could never be decided.
pub(super) fn rules(
    expect: &[Rule],
    scope: &Scope,
    abilities: &Abilities<'_>,
) -> Result<Vec<Numbered>, PlanError> {
    let mut rules: Vec<Numbered> = Vec::new();
    for (number, rule) in expect.iter().enumerate() {
        let setting = || Setting::Expect(number);
        if rule.wanted.needs_attempt() {
            methods::known(rule.method.name(), abilities)
                .map_err(|error| error.met(setting(), words![setting(), format!(" {rule}: ")]))?;
            if scope.budget == 0 && abilities.kind(&rule.method) == Some(Kind::Password) {
                let what = words![
                    setting(),
                    format!(" {rule} needs a password to be presented, and "),
                    Setting::AttemptBudget,
                    " 0 forbids it"
                ];
                return Err(PlanError::new(setting(), what));
            }
        }
        let needed = rule.wanted.needs_phase();
        if scope.last < needed {
            let undecided = format!(" {rule} cannot be decided with ");
            let what = if scope.is_stopped {
                words![setting(), undecided, Setting::StopAfter, format!(" {}", scope.last)]
            } else {
                words![setting(), undecided, Setting::AdvertisedOnly]
            };
            return Err(
                PlanError::new(setting(), what).remedy(words![format!("it needs the phase {needed}")])
            );
        }
        if let Some(other) = rules.iter().find(|other| other.rule.contradicts(rule)) {
            let what = words![
                other.setting(),
                format!(" {} and ", other.rule),
                setting(),
                format!(" {rule} contradict each other")
            ];
            return Err(PlanError::new(setting(), what));
        }
        if !rules.iter().any(|other| other.rule == *rule) {
            rules.push(Numbered { number, rule: rule.clone() });
        }
    }
    let left_out = |rule: &Rule| {
        rule.wanted.needs_attempt() && !scope.methods.is_empty() && !scope.methods.contains(&rule.method)
    };
    if let Some(numbered) = rules.iter().find(|numbered| left_out(&numbered.rule)) {
        let rule = &numbered.rule;
        let what = words![numbered.setting(), format!(" {rule} needs {} in ", rule.method), Setting::Methods];
        return Err(PlanError::new(numbered.setting(), what));
    }
    Ok(rules)
}
