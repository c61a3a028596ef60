//! What others see of the engine: how each target stands, and whether all of it goes well.

use std::collections::BTreeMap;
use std::sync::Arc;

use mailprobe_probes::model::Endpoint;
use tokio::time::Instant;

use super::{Engine, LOOK, Lately, Slot};
use crate::cell::{Cell, CellKey, Standing};
use crate::status;
use crate::view::{CellView, Micros, TargetView};
use crate::watch::live::Trouble;

impl Engine {
    /// Says whether visits come in time, names are found and secrets can be read.
    pub(super) fn say_how_it_goes(&mut self, now: Micros) {
        // It looks at every target, so not after every visit.
        if self.said.is_some_and(|at| at.elapsed() < LOOK) {
            return;
        }
        self.said = Some(Instant::now());
        let late =
            self.ready.front().and_then(|key| self.slots.get(key)).map_or(0, |slot| slot.beat.overdue(now));
        let live = &self.means.live;
        live.count(|counters| counters.overdue_ms = u64::try_from(late / 1000).unwrap_or_default());
        self.say(Trouble::Late, late > 60 * 1_000_000, || {
            format!("visits come {} s late: raise [limits], or make intervals longer", late / 1_000_000)
        });
        let visited = self.slots.values().filter(|slot| slot.last.is_some()).count();
        let lately = |what| self.slots.values().filter(|slot| slot.lately == what).count();
        let nameless = lately(Lately::Names);
        self.say(Trouble::Names, nameless > 0 && nameless * 2 >= visited, || {
            format!("names of {nameless} of {visited} targets cannot be resolved")
        });
        let faulty = lately(Lately::Fault);
        self.say(Trouble::Fault, faulty > 0, || {
            format!("{faulty} visits failed by a fault of this program; please report this")
        });
        // Which target it is was said when it happened.
        if lately(Lately::Secrets) == 0 {
            self.means.live.resolved(Trouble::Secrets);
        }
    }

    fn say(&self, what: Trouble, is_so: bool, words: impl FnOnce() -> String) {
        if is_so {
            self.means.live.trouble(what, words());
        } else {
            self.means.live.resolved(what);
        }
    }

    /// Shows how a target stands.
    pub(super) fn show(&self, name: &str, now: Micros) {
        let from = (name.to_owned(), String::new());
        let modules: Vec<&Slot> = {
            let all = self.slots.range(from..);
            all.take_while(|((target, _), _)| target == name).map(|(_, slot)| slot).collect()
        };
        let Some(first) = modules.first() else { return };
        let info = &first.watched.target;
        let latest = modules.iter().filter_map(|slot| slot.last).max_by_key(|(at, ..)| *at);
        let reports = modules.iter().filter_map(|slot| {
            slot.report.as_ref().map(|report| (slot.watched.module.clone(), Arc::clone(report)))
        });
        let view = TargetView {
            name: info.name.clone(),
            mailbox: info.mailbox.clone(),
            groups: info.groups.clone(),
            status: status(&modules, self.config.quiet_until(info, now).is_some(), now).to_owned(),
            last_visit: latest.map(|(at, ..)| at).or_else(|| {
                modules.iter().filter_map(|slot| slot.cells.views().map(|view| view.seen).max()).max()
            }),
            next_visit: modules.iter().map(|slot| slot.beat.next()).min(),
            elapsed_ms: latest.map(|(_, elapsed, _)| elapsed),
            cells: modules.iter().flat_map(|slot| slot.cells.views().chain(unseen(slot, now))).collect(),
        };
        self.means.live.put(view, reports.collect());
    }
}

/// The endpoints of a module, and the cells that its expectations are about, of which there has been no look yet.
fn unseen(slot: &Slot, now: Micros) -> impl Iterator<Item = CellView> {
    let watched = &slot.watched;
    let key = |endpoint: &Endpoint, method: &str| CellKey {
        target: watched.target.name.clone(),
        module: watched.module.clone(),
        endpoint: endpoint.url(),
        method: method.to_owned(),
    };
    let of_endpoint = |endpoint: &Endpoint| {
        let rules = watched.standing.expectations.iter().filter(|rule| rule.is_about(endpoint.protocol));
        let own = std::iter::once((key(endpoint, CellKey::ENDPOINT), Standing::NoRule));
        own.chain(rules.map(|rule| (key(endpoint, rule.method.name()), Standing::Undecided)))
            .collect::<BTreeMap<CellKey, Standing>>()
    };
    let all: Vec<(CellKey, Standing)> =
        watched.standing.visit.endpoints.iter().flat_map(of_endpoint).collect();
    all.into_iter().filter(|(key, _)| slot.cells.view(key).is_none()).map(move |(key, standing)| CellView {
        key,
        cell: Cell::not_known(standing, Vec::new(), String::new()),
        since: now,
        seen: now,
        turning: None,
    })
}

/// The status of a target: what is confirmed stands before what the last visit could not find out, and what nobody has seen
/// is not as it should be.
fn status(modules: &[&Slot], quiet: bool, now: Micros) -> &'static str {
    let last: Vec<&str> = modules.iter().filter_map(|slot| slot.last.map(|(_, _, status)| status)).collect();
    let has_seen = |slot: &&Slot| slot.last.is_some() || slot.known_until.is_some_and(|until| now <= until);
    let cells: Vec<CellView> = modules.iter().flat_map(|slot| slot.cells.views()).collect();
    match status::of_cells(&cells) {
        _ if quiet => "maintenance",
        "fail" => "fail",
        // A failure that no second look has confirmed yet is not one.
        _ if last.contains(&"throttled") => "throttled",
        _ if last.contains(&"unknown") => "unknown",
        _ if !modules.iter().all(has_seen) => "waiting",
        of_cells => of_cells,
    }
}
