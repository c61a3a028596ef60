//! What is found out before a run for all of its mailboxes, and handed to each visit when its turn comes.
//!
//! Issuers are asked before the first session, so that a person signs in once, at the beginning, and a mistake of the user's
//! stops a run that has done nothing yet. What they said is kept until the visit: nothing for a mailbox that has its password
//! alone, what was said of a domain once for all of its mailboxes, a token of an application once for all that it serves, and
//! only a mailbox's own token for itself, until it is visited.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use futures_util::{StreamExt as _, TryStreamExt as _};
use mailprobe_oauth::realm::Realm;
use mailprobe_oauth::web::Web;
use mailprobe_oauth::{Mistake, Tokens};
use mailprobe_probes::model::{Finding, Protocol, Secret};

use super::{has_realm, look, obtain, realm, realm_finding};
use crate::AttemptGate;
use crate::abilities::Standard;
use crate::plan::{Plan, PlanError, Visit};

/// Mailboxes whose tokens are asked for at once.
const AT_ONCE: usize = 8;

/// Whom a run has to ask beforehand.
#[derive(Debug, Clone, Copy)]
pub struct Needs {
    /// Whether a provider says how passwords are decided.
    pub realms: bool,
    /// Whether tokens are got.
    pub tokens: bool,
    /// Whether a person has to sign in for them.
    pub attended: bool,
    /// How long a connection may take.
    pub connect: Duration,
    /// How long one reply may take.
    pub reply: Duration,
}

impl Needs {
    /// The needs of a plan; `None` where it visits nobody.
    ///
    /// # Errors
    /// A list of targets that cannot be read again.
    pub fn of(plan: &Plan) -> Result<Option<Self>, PlanError> {
        let standard = Standard::new();
        let mut needs: Option<Self> = None;
        for visit in plan.visits.iter(&standard.abilities()) {
            let visit = visit?;
            let needs = needs.get_or_insert(Self {
                realms: false,
                tokens: false,
                attended: false,
                connect: visit.options.connect_timeout,
                reply: visit.options.reply_timeout,
            });
            needs.realms |= has_realm(&visit);
            needs.tokens |= visit.gets_tokens() && !visit.beforehand.protocols.is_empty();
            let profile = visit.beforehand.profile.as_ref();
            needs.attended |= profile.is_some_and(|profile| profile.flow.needs_a_person());
        }
        Ok(needs)
    }
}

/// What was found out.
#[derive(Debug, Default)]
pub struct Preflight {
    /// By domain: the first mailbox for which it was asked, and the answer. Mailboxes before that one are not told.
    realms: HashMap<String, (usize, Option<Realm>)>,
    /// By the number of the mailbox.
    obtained: BTreeMap<usize, Obtained>,
    /// Tokens that serve many mailboxes.
    shared: Vec<Arc<BTreeMap<Protocol, Secret>>>,
}

/// What came of asking for a mailbox's tokens.
#[derive(Debug)]
struct Obtained {
    tokens: Arc<BTreeMap<Protocol, Secret>>,
    /// What time is left for the visit.
    visit_timeout: Duration,
    /// What went wrong, and for whom.
    findings: Option<(String, Vec<Finding>)>,
}

impl Preflight {
    /// Asks how the sign-ins of each domain are decided, and sets the attempt budget of its accounts where nobody wished for one.
    ///
    /// # Errors
    /// A list of targets that cannot be read again.
    pub async fn ask_realms(&mut self, plan: &Plan, web: &Web, gate: &AttemptGate) -> Result<(), PlanError> {
        let standard = Standard::new();
        for (index, visit) in plan.visits.iter(&standard.abilities()).enumerate() {
            let visit = visit?;
            if has_realm(&visit) && !self.realms.contains_key(&domain(&visit)) {
                let answer = realm(&visit, web).await;
                self.realms.insert(domain(&visit), (index, answer));
            }
            // Beforehand for all: the account may stand in other rows that have no realm, and those may come first.
            if let Some((_, budget)) = self.realm(plan, index, &visit)
                && budget != plan.budget
            {
                gate.limit(&visit.login.authcid, budget);
            }
        }
        Ok(())
    }

    /// Gets the tokens of all mailboxes whose profile gets them. One person signs in at one place at a time; programs need not
    /// wait for each other.
    ///
    /// # Errors
    /// Something that the user has to change on this machine.
    pub async fn obtain(
        &mut self,
        plan: &Plan,
        tokens: &Tokens,
        gate: &AttemptGate,
        attended: bool,
    ) -> Result<(), Mistake> {
        let standard = Standard::new();
        let abilities = standard.abilities();
        let visits = plan.visits.iter(&abilities).enumerate();
        let due = visits.filter(|(_, visit)| visit.as_ref().map_or(true, Visit::gets_tokens));
        let asked = futures_util::stream::iter(due).map(|(index, visit)| async move {
            let mut visit = visit.map_err(|error| Mistake::new(error.to_string()))?;
            obtain(&mut visit, Some(tokens), gate).await?;
            Ok((index, visit))
        });
        let got = asked.buffer_unordered(if attended { 1 } else { AT_ONCE });
        got.try_for_each(|(index, visit)| {
            self.keep(index, visit);
            std::future::ready(Ok(()))
        })
        .await
    }

    fn keep(&mut self, index: usize, visit: Visit) {
        let for_many = visit.beforehand.profile.is_some_and(|profile| profile.flow.is_app_only());
        let mut tokens = Arc::new(visit.beforehand.tokens);
        if for_many {
            match self.shared.iter().find(|known| **known == tokens) {
                Some(known) => tokens = Arc::clone(known),
                None => self.shared.push(Arc::clone(&tokens)),
            }
        }
        let findings = Some(visit.beforehand.findings).filter(|findings| !findings.is_empty());
        let obtained = Obtained {
            tokens,
            visit_timeout: visit.options.visit_timeout,
            findings: findings.map(|findings| (visit.mailbox, findings)),
        };
        self.obtained.insert(index, obtained);
    }

    /// The tokens that were not to be had: for which mailbox, and what there is to say of it.
    pub fn not_obtained(&self) -> impl Iterator<Item = (&str, &Finding)> {
        let all = self.obtained.values().filter_map(|obtained| obtained.findings.as_ref());
        let each =
            all.flat_map(|(mailbox, findings)| findings.iter().map(|finding| (mailbox.as_str(), finding)));
        each.filter(|(_, finding)| finding.id == "token-not-obtained")
    }

    /// Tells a visit, whose turn it is, what was found out.
    pub(crate) fn tell(&mut self, plan: &Plan, index: usize, visit: &mut Visit) {
        if let Some((realm, budget)) = self.realm(plan, index, visit) {
            visit.beforehand.findings.push(realm_finding(realm, budget));
        }
        if let Some(obtained) = self.obtained.remove(&index) {
            visit.beforehand.tokens = Arc::unwrap_or_clone(obtained.tokens);
            visit
                .beforehand
                .findings
                .extend(obtained.findings.into_iter().flat_map(|(_, findings)| findings));
            visit.options.visit_timeout = obtained.visit_timeout;
        }
        look(visit);
    }

    /// How sign-ins of the mailbox are decided, and the attempt budget that follows from it.
    fn realm(&self, plan: &Plan, index: usize, visit: &Visit) -> Option<(&Realm, u32)> {
        if self.realms.is_empty() {
            return None;
        }
        let (first, realm) = self.realms.get(&domain(visit))?;
        let realm = realm.as_ref().filter(|_| *first <= index)?;
        Some((realm, realm.budget(plan.budget, plan.budget_is_default)))
    }
}

fn domain(visit: &Visit) -> String {
    visit.login.authcid.rsplit('@').next().unwrap_or_default().to_lowercase()
}
