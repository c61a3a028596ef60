//! What became of a message: one mail transaction (RFC 5321 section 3.3), from MAIL to the answer at its end.

use serde::Serialize;

/// How far a transaction had come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// The sender.
    Mail,
    /// The recipients.
    Rcpt,
    /// The content, by lines.
    Data,
    /// The content, by chunks (RFC 3030).
    Bdat,
    /// The answer to the whole message.
    EndOfData,
}

impl Stage {
    /// As a sentence names it.
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Mail => "MAIL",
            Self::Rcpt => "RCPT",
            Self::Data => "DATA",
            Self::Bdat => "BDAT",
            Self::EndOfData => "the end of the message",
        }
    }
}

/// How a transaction ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "outcome")]
pub enum Fate {
    /// The tenant took the message, and threw it away.
    Accepted,
    /// The tenant refused it.
    Refused {
        /// Where.
        at: Stage,
        /// In these words.
        reply: String,
    },
    /// The client ended it before the message was complete.
    BrokenOff {
        /// How far it had come.
        at: Stage,
    },
    /// No message was begun.
    NotTried,
}

/// One message, without its content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Transaction {
    /// The mailbox that was logged in; `None` without a login.
    pub account: Option<String>,
    /// The sender that MAIL named, harmless and cut.
    pub sender: Option<String>,
    /// Recipients that were taken.
    pub recipients: usize,
    /// Recipients that were refused.
    pub recipients_refused: usize,
    /// Octets of content that came; `None` where none was to come.
    pub octets: Option<u64>,
    /// Whether the client left while it was under way, rather than taking it back.
    #[serde(skip)]
    pub left: bool,
    /// How it ended.
    #[serde(flatten)]
    pub fate: Fate,
}

impl Transaction {
    /// The row of a client that sent nothing.
    pub const fn empty() -> Self {
        Self {
            account: None,
            sender: None,
            recipients: 0,
            recipients_refused: 0,
            octets: None,
            left: false,
            fate: Fate::NotTried,
        }
    }

    /// Whether content was lost: the client was sending it when it left.
    pub(super) const fn lost_content(&self) -> bool {
        matches!(self.fate, Fate::BrokenOff { at: Stage::Data | Stage::Bdat | Stage::EndOfData })
    }

    /// In words, for the row of a report.
    pub(super) fn words(&self) -> String {
        let facts = self.facts();
        match &self.fate {
            Fate::Accepted => format!("accepted, {facts}"),
            Fate::Refused { at, reply } if facts.is_empty() => {
                format!("refused at {}: {reply}", at.words())
            }
            Fate::Refused { at, reply } => format!("refused at {}: {reply} ({facts})", at.words()),
            Fate::BrokenOff { at } if facts.is_empty() => format!("broken off after {}", at.words()),
            Fate::BrokenOff { at } if self.lost_content() => {
                format!("broken off by the client in {}, not sent ({facts})", at.words())
            }
            Fate::BrokenOff { at } => {
                format!("broken off by the client after {}, not sent ({facts})", at.words())
            }
            Fate::NotTried => "not tried".to_owned(),
        }
    }

    /// The line while it runs.
    pub(super) fn live(&self) -> String {
        match (&self.fate, self.octets) {
            (Fate::Accepted, Some(octets)) => format!(
                "message of {octets} octets for {} accepted, and thrown away",
                counted(self.recipients, "recipient")
            ),
            _ => format!("message {}", self.words()),
        }
    }

    /// Size, recipients and sender, as far as there are any.
    fn facts(&self) -> String {
        let mut facts = Vec::new();
        if let Some(octets) = self.octets {
            let plural = if octets == 1 { "" } else { "s" };
            facts.push(format!("{octets} octet{plural} to {}", counted(self.recipients, "recipient")));
        }
        if self.recipients_refused > 0 {
            facts.push(format!("{} refused", counted(self.recipients_refused, "recipient")));
        }
        if let Some(sender) = &self.sender {
            let shown = if sender.is_empty() { "<>" } else { sender };
            facts.push(format!("sent as {shown}"));
        }
        facts.join(", ")
    }
}

/// `1 recipient`, `2 recipients`.
pub(super) fn counted(count: usize, thing: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {thing}{plural}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(fate: Fate) -> Transaction {
        Transaction {
            account: Some("alice@rehearsal.test".into()),
            sender: Some("boss@rehearsal.test".into()),
            recipients: 1,
            recipients_refused: 0,
            octets: Some(238),
            left: false,
            fate,
        }
    }

    #[test]
    fn a_message_is_told_with_size_recipients_sender_and_the_words_of_a_refusal() {
        let reply = "550 5.7.60 SMTP; Client does not have permissions to send as this sender".to_owned();
        let accepted = message(Fate::Accepted);
        assert_eq!(accepted.words(), "accepted, 238 octets to 1 recipient, sent as boss@rehearsal.test");
        assert_eq!(accepted.live(), "message of 238 octets for 1 recipient accepted, and thrown away");
        let refused = message(Fate::Refused { at: Stage::EndOfData, reply: reply.clone() });
        assert_eq!(
            refused.words(),
            format!(
                "refused at the end of the message: {reply} (238 octets to 1 recipient, sent as boss@rehearsal.test)"
            )
        );
        assert!(refused.live().starts_with("message refused at the end of the message: 550 5.7.60"));
        let lost = message(Fate::BrokenOff { at: Stage::Data });
        assert!(lost.words().starts_with("broken off by the client in DATA, not sent (238 octets"));
        assert_eq!(Transaction::empty().words(), "not tried");
    }
}
