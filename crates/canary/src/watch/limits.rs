//! How many visits are made at a time: in all, to one domain, and one to a mailbox.

use std::collections::{HashMap, HashSet};

/// What is going on.
#[derive(Debug, Default)]
pub(super) struct Going {
    mailboxes: HashSet<String>,
    domains: HashMap<String, usize>,
}

impl Going {
    /// How many visits.
    pub(super) fn number(&self) -> usize {
        self.mailboxes.len()
    }

    /// Takes a place for a mailbox; false where there is none.
    pub(super) fn enter(&mut self, mailbox: &str, (all, per_domain): (usize, usize)) -> bool {
        let mailbox = mailbox.to_lowercase();
        if self.mailboxes.len() >= all || self.mailboxes.contains(&mailbox) {
            return false;
        }
        let of_domain = self.domains.entry(domain(&mailbox)).or_default();
        if *of_domain >= per_domain {
            return false;
        }
        *of_domain += 1;
        self.mailboxes.insert(mailbox)
    }

    /// Gives it back.
    pub(super) fn leave(&mut self, mailbox: &str) {
        let mailbox = mailbox.to_lowercase();
        if !self.mailboxes.remove(&mailbox) {
            return;
        }
        let domain = domain(&mailbox);
        if let Some(number) = self.domains.get_mut(&domain) {
            *number -= 1;
            if *number == 0 {
                self.domains.remove(&domain);
            }
        }
    }
}

fn domain(mailbox: &str) -> String {
    mailbox.rsplit_once('@').map_or("", |(_, domain)| domain).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mailbox_is_visited_by_one_at_a_time_and_a_domain_by_a_few() {
        let mut going = Going::default();
        let bounds = (10, 2);
        assert!(going.enter("a@x.test", bounds));
        assert!(!going.enter("A@X.test", bounds), "the same mailbox");
        assert!(going.enter("b@x.test", bounds));
        assert!(!going.enter("c@x.test", bounds), "the third of its domain");
        assert!(going.enter("c@y.test", bounds));
        going.leave("a@x.test");
        going.leave("a@x.test");
        assert!(going.enter("c@x.test", bounds));
        assert!(!going.enter("d@x.test", bounds), "leaving twice frees one place");
        assert_eq!(going.number(), 3);
        assert!(!going.enter("e@z.test", (3, 2)), "all places are taken");
    }
}
