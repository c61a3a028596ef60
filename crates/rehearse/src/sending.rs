//! One mail transaction on its way, for the record: what the client had reached, and the first refusal that it met.

use mailprobe_probes::model::harmless;

use super::record::{Fate, Stage, Transaction};
use super::talk::Act;

/// Longest reply that is kept, characters.
const LONGEST_REPLY: usize = 300;
/// Longest address that is kept, characters.
const LONGEST_ADDRESS: usize = 254;

/// A transaction, or none.
#[derive(Debug, Default)]
pub(super) struct Sending {
    /// How far it has come; `None` before MAIL.
    at: Option<Stage>,
    sender: Option<String>,
    recipients: usize,
    recipients_refused: usize,
    octets: Option<u64>,
    refusal: Option<(Stage, String)>,
    /// Whether it was refused before it began. What a client sends on in the same burst is no message of its own.
    turned_away: bool,
}

impl Sending {
    /// MAIL was taken.
    pub(super) fn begin(&mut self, sender: &str) {
        *self = Self { at: Some(Stage::Mail), sender: Some(cut(sender)), ..Self::default() };
    }

    /// A recipient was taken.
    pub(super) fn recipient(&mut self) {
        self.at = self.at.max(Some(Stage::Rcpt));
        self.recipients += 1;
    }

    /// Content is under way.
    pub(super) fn content(&mut self, stage: Stage, octets: u64) {
        if self.at.is_none() {
            return;
        }
        self.at = self.at.max(Some(stage));
        self.octets = Some(octets);
    }

    /// A step was refused with these acts. What stood in the way first is what the client is told.
    pub(super) fn refuse(&mut self, stage: Stage, acts: &[Act]) {
        if self.at.is_none() {
            return;
        }
        if stage == Stage::Rcpt {
            self.recipients_refused += 1;
        }
        // Once a recipient is taken the refusal of another is not the message's.
        let open = self.refusal.as_ref().is_none_or(|(at, _)| *at == Stage::Rcpt && self.recipients > 0);
        if open {
            self.refusal = Some((stage, reply(acts)));
        }
    }

    /// The whole transaction was refused at its first command, or at a later one that came without it.
    pub(super) fn turn_away(
        &mut self,
        stage: Stage,
        sender: Option<&str>,
        acts: &[Act],
    ) -> Option<Transaction> {
        if stage != Stage::Mail && (self.turned_away || self.at.is_some()) {
            return None;
        }
        *self = Self { turned_away: true, ..Self::default() };
        let fate = Fate::Refused { at: stage, reply: reply(acts) };
        Some(Transaction { sender: sender.map(cut), fate, ..Transaction::empty() })
    }

    /// The message was taken.
    pub(super) fn accepted(&mut self, account: Option<&str>) -> Transaction {
        let done = std::mem::take(self);
        done.told(account, Fate::Accepted)
    }

    /// It is over, complete or not.
    pub(super) fn over(&mut self, account: Option<&str>) -> Option<Transaction> {
        let mut done = std::mem::take(self);
        let at = done.at?;
        let fate = match done.refusal.take() {
            Some((stage, reply)) if stage >= at => Fate::Refused { at: stage, reply },
            _ => Fate::BrokenOff { at },
        };
        Some(done.told(account, fate))
    }

    fn told(self, account: Option<&str>, fate: Fate) -> Transaction {
        Transaction {
            account: account.map(str::to_owned),
            sender: self.sender,
            recipients: self.recipients,
            recipients_refused: self.recipients_refused,
            octets: self.octets,
            left: false,
            fate,
        }
    }
}

/// What was said, on one line.
fn reply(acts: &[Act]) -> String {
    let lines = acts.iter().filter_map(|act| match act {
        Act::Say(text) => Some(text.lines()),
        _ => None,
    });
    let text = lines.flatten().map(str::trim).collect::<Vec<_>>().join(" ");
    harmless(text.chars().take(LONGEST_REPLY).collect::<String>().as_bytes())
}

fn cut(address: &str) -> String {
    harmless(address.chars().take(LONGEST_ADDRESS).collect::<String>().as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> Vec<Act> {
        vec![Act::Say(format!("{text}\r\n"))]
    }

    fn fate(sending: &mut Sending) -> Option<Fate> {
        sending.over(Some("alice")).map(|message| message.fate)
    }

    #[test]
    fn the_step_that_stood_in_the_way_first_is_the_refusal() {
        let mut sending = Sending::default();
        sending.begin("a@b.test");
        sending.refuse(Stage::Rcpt, &said("501 5.5.4 no"));
        sending.refuse(Stage::Data, &said("503 5.5.1 order"));
        let refused = Fate::Refused { at: Stage::Rcpt, reply: "501 5.5.4 no".into() };
        assert_eq!(fate(&mut sending), Some(refused));
        assert_eq!(fate(&mut sending), None, "each is told once");
    }

    #[test]
    fn one_refused_recipient_of_two_is_not_the_end_of_a_message() {
        let mut sending = Sending::default();
        sending.begin("a@b.test");
        sending.refuse(Stage::Rcpt, &said("501 5.5.4 no"));
        sending.recipient();
        sending.content(Stage::Data, 12);
        let accepted = sending.accepted(Some("alice"));
        assert_eq!((accepted.recipients, accepted.recipients_refused, accepted.octets), (1, 1, Some(12)));
        sending.begin("a@b.test");
        sending.refuse(Stage::Rcpt, &said("501 5.5.4 no"));
        sending.recipient();
        sending.content(Stage::Data, 12);
        assert_eq!(fate(&mut sending), Some(Fate::BrokenOff { at: Stage::Data }));
        sending.begin("a@b.test");
        sending.refuse(Stage::Rcpt, &said("501 5.5.4 no"));
        sending.recipient();
        sending.content(Stage::Data, 12);
        sending.refuse(Stage::EndOfData, &said("550 5.7.60 no"));
        let refused = Fate::Refused { at: Stage::EndOfData, reply: "550 5.7.60 no".into() };
        assert_eq!(fate(&mut sending), Some(refused));
    }

    #[test]
    fn a_burst_behind_a_refused_mail_is_one_message() {
        let mut sending = Sending::default();
        let acts = said("530 5.7.57 no");
        assert!(sending.turn_away(Stage::Mail, Some("a@b.test"), &acts).is_some());
        assert!(sending.turn_away(Stage::Rcpt, None, &acts).is_none());
        assert!(sending.turn_away(Stage::Data, None, &acts).is_none());
        assert!(sending.turn_away(Stage::Mail, Some("c@d.test"), &acts).is_some());
        let mut bare = Sending::default();
        assert!(bare.turn_away(Stage::Rcpt, None, &acts).is_some(), "without MAIL it is told all the same");
    }
}
