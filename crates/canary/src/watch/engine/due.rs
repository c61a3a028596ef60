//! What is due and may begin: visits in their turn, and those that somebody waits for.

use std::cmp::Reverse;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;

use super::{Engine, Key, LOOKED_THROUGH, Visit};
use crate::history::Record;
use crate::source::NoProbe;
use crate::view::Micros;
use crate::watch::Probe;
use crate::watch::live::Trouble;
use crate::watch::visit::Job;

impl Engine {
    /// Moves what is due to those that are ready.
    pub(super) fn gather(&mut self, now: Micros) {
        while let Some(Reverse((at, key))) = self.due.peek().cloned() {
            if at > now {
                return;
            }
            self.due.pop();
            let Some(slot) = self.slots.get_mut(&key) else { continue };
            if slot.beat.next() != at || slot.running || self.ready.contains(&key) {
                continue;
            }
            if slot.beat.is_due(now) {
                self.ready.push_back(key);
            } else {
                self.due.push(Reverse((slot.beat.next(), key)));
            }
        }
    }

    /// Begins what may begin.
    pub(super) fn begin(&mut self, now: Micros, records: &mpsc::Sender<Record>) {
        for _ in 0..self.probes.len() {
            let Some(probe) = self.probes.pop_front() else { break };
            self.try_probe(probe, now);
        }
        let mut tried = 0;
        while tried < self.ready.len().min(LOOKED_THROUGH) {
            // Whatever is begun must find a place in the queue of the writer.
            if records.capacity() <= self.running.len() {
                let words = "no visit begins: too many wait to be written down";
                self.means.live.trouble(Trouble::Paused, words.to_owned());
                return;
            }
            if self.going.number() >= self.config.visits.0 {
                break;
            }
            let Some(key) = self.ready.get(tried).cloned() else { break };
            if self.start(&key, now, None) {
                self.ready.remove(tried);
            } else {
                tried += 1;
            }
        }
        self.means.live.resolved(Trouble::Paused);
    }

    /// Begins a visit; false where there is no place for it now.
    pub(super) fn start(&mut self, key: &Key, now: Micros, within: Option<Duration>) -> bool {
        let Some(slot) = self.slots.get_mut(key) else { return true };
        let mailbox = slot.watched.target.mailbox.clone();
        if slot.running || !self.going.enter(&mailbox, self.config.visits) {
            return false;
        }
        slot.running = true;
        slot.beat.begun(now);
        let job = Job {
            watched: Arc::clone(&slot.watched),
            ways: self.ways.clone(),
            shared: Arc::clone(&self.shared),
            memory: Arc::clone(&self.means.memory),
            history: self.means.history.clone(),
            cancel: self.cancel.clone(),
            now,
            within,
            ahead: self.config.ahead,
        };
        let task = self.running.spawn(job.run());
        self.visits.insert(task.id(), Visit { key: key.clone(), mailbox, answer: None });
        true
    }

    /// Begins a visit out of turn, or says why there is none.
    pub(super) fn try_probe(&mut self, mut probe: Probe, now: Micros) {
        if probe.answer.is_closed() {
            return;
        }
        let mut modules = self.slots.keys().filter(|(target, _)| *target == probe.target);
        let Some(first) = modules.clone().next() else {
            return drop(probe.answer.send(Err(NoProbe::Target)));
        };
        if probe.module.is_empty() {
            probe.module.clone_from(&first.1);
        } else if !modules.any(|(_, module)| *module == probe.module) {
            return drop(probe.answer.send(Err(NoProbe::Module)));
        }
        let key = (probe.target.clone(), probe.module.clone());
        if self.slots.get(&key).is_some_and(|slot| slot.beat.is_held_off(now)) {
            let words = "a server asked to be left alone for a while".to_owned();
            return drop(probe.answer.send(Err(NoProbe::NotNow(words))));
        }
        if self.start(&key, now, Some(probe.within)) {
            let newest = self.visits.values_mut().find(|visit| visit.key == key);
            if let Some(visit) = newest {
                visit.answer = Some(probe.answer);
            }
        } else {
            self.probes.push_back(probe);
        }
    }
}
