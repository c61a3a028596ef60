//! A notice in words that every sink uses: a headline, labelled lines, a link, and labels for programs.
//!
//! All of it is harmless text in bounded lines: whatever a server said has no control characters, no line ends and no
//! direction marks here. What a form of its own must escape (markup, mentions) is that sink's matter.

use std::fmt::Write as _;

use jiff::civil::DateTime;
use mailprobe_probes::model::{harmless, moment};
use serde::Serialize;

use super::alike;
use super::notice::{Notice, Phase, Severity, Subject};
use crate::cell::{Cell, CellKey, Standing, Wrong};
use crate::view::Micros;

/// Characters of a line; servers' sentences are shorter, and receivers have limits of their own.
const LINE: usize = 600;
/// Characters of a label's value.
const LABEL: usize = 200;

/// A notice in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Message {
    /// `firing`, `resolved`, or `changed` where no rule calls it a problem.
    pub status: &'static str,
    /// How much it matters.
    pub severity: &'static str,
    /// What happened, in one line.
    pub headline: String,
    /// More of it: what a line is, and the line.
    pub lines: Vec<(&'static str, String)>,
    /// Where to read on.
    pub link: Option<String>,
    /// What names the alert: a bounded number of bounded values.
    pub labels: Vec<(&'static str, String)>,
    /// The same for the beginning and the end of an alert.
    pub identity: String,
    /// When it happened, RFC 3339.
    pub at: String,
    /// Since when the alert is open, RFC 3339, where that is known.
    pub since: Option<String>,
}

impl Message {
    /// The words of a notice.
    pub fn of(notice: &Notice) -> Self {
        Self::later(notice, notice.at)
    }

    /// The words of a notice as they are read at a later time: a moment of another day is told with its day.
    pub fn later(notice: &Notice, read: Micros) -> Self {
        let mut message = Self {
            status: match notice.phase {
                Phase::Opens | Phase::Moves => "firing",
                Phase::Closes => "resolved",
                Phase::Tells => "changed",
            },
            severity: notice.severity.name(),
            headline: String::new(),
            lines: Vec::new(),
            link: notice.link.clone(),
            labels: Vec::new(),
            identity: notice.identity(),
            at: rfc3339(notice.at),
            since: None,
        };
        match &notice.subject {
            Subject::Cell { key, mailbox, before, after, before_since } => {
                message.cell((notice, read), (key, mailbox), before.as_ref(), after, *before_since);
            }
            Subject::Expiry { what, name, at, remedy } => {
                let verb = match notice.phase {
                    Phase::Closes => "was renewed; it ends",
                    _ if *at <= notice.at => "has expired; it ended",
                    _ => "expires",
                };
                message.headline = line(&format!("The {} of {name} {verb} {}", what.words(), day(*at)));
                message.add("Expires", &rfc3339(*at));
                message.add("Do", remedy);
                message.label("alertname", "MailprobeExpiry");
                message.label("what", what.words());
                message.label("name", name);
            }
            Subject::Storm { changed, of, examples, kinds, .. } => {
                let told = alike::headline(kinds, (*changed, *of), read);
                message.headline = line(&match (notice.phase, told) {
                    (Phase::Moves | Phase::Closes, Some(told)) => {
                        format!("Nothing new for ten minutes: {told}")
                    }
                    (Phase::Moves, None) => format!(
                        "Nothing new for ten minutes, and problems remain: {changed} of {of} targets changed"
                    ),
                    (Phase::Closes, None) => {
                        format!("The change of many targets has settled: {changed} of {of} changed")
                    }
                    (_, Some(told)) => told,
                    (_, None) => format!("{changed} of {of} targets changed within a minute"),
                });
                message.add("Cells", &alike::listed(kinds, read));
                let more = match changed.saturating_sub(examples.len()) {
                    0 => String::new(),
                    more => format!(", and {more} more"),
                };
                message.add("Targets", &format!("{}{more}", examples.join(", ")));
                message.add(
                    "Do",
                    "Look at the provider's health page and at this machine's network first: so many targets at \
                     once have one reason. Each of them is on the dashboard.",
                );
                message.label("alertname", "MailprobeManyChanged");
            }
            Subject::Reminder { open, examples } => {
                let plural = if *open == 1 { "alert is" } else { "alerts are" };
                message.headline = format!("{open} {plural} still open");
                message.status = "reminder";
                message.add("Oldest first", &examples.join("; "));
                message.label("alertname", "MailprobeReminder");
            }
        }
        message.label("severity", notice.severity.name());
        message
    }

    fn cell(
        &mut self,
        (notice, read): (&Notice, Micros),
        (key, mailbox): (&CellKey, &str),
        before: Option<&Cell>,
        after: &Cell,
        before_since: Option<Micros>,
    ) {
        let what = if key.method == CellKey::ENDPOINT { "The endpoint" } else { key.method.as_str() };
        let mut headline = format!("{}: {what} on {} ", key.target, key.endpoint);
        let _ = match before {
            None if after.wrong(&key.method) == Some(Wrong::NotChecked) => {
                let since = clock(before_since.unwrap_or(notice.at), read);
                headline = match key.method.as_str() {
                    CellKey::ENDPOINT => format!("{}: {} ", key.target, key.endpoint),
                    _ => headline,
                };
                write!(headline, "cannot be checked since {since}: {}", after.reason())
            }
            None if after.standing == Standing::NotMet => {
                let since = clock(before_since.unwrap_or(notice.at), read);
                write!(headline, "is {} since {since}, against its rule", after.state)
            }
            Some(before) if before.state == after.state => write!(headline, "is still {}", after.state),
            Some(before) => write!(headline, "went from {} to {}", before.state, after.state),
            None => write!(headline, "is {}", after.state),
        };
        self.headline = line(&headline);
        self.add("Mailbox", mailbox);
        if let Some(before) = before {
            self.add("Answer before", &before.answer);
        }
        self.add("Answer now", &after.answer);
        self.add("Cause", &after.causes.join(", "));
        self.add("Do", &after.remedy);
        let since = before_since.filter(|_| before.is_none()).unwrap_or(notice.at);
        self.add("Since", &rfc3339(since));
        if let Some(since) = before_since.filter(|_| before.is_some()) {
            self.add("Before that since", &rfc3339(since));
            self.since = (notice.phase == Phase::Closes).then(|| rfc3339(since));
        }
        self.label("alertname", "MailprobeCellChanged");
        self.label("target", &key.target);
        self.label("module", &key.module);
        self.label("endpoint", &key.endpoint);
        self.label("method", &key.method);
    }

    fn add(&mut self, label: &'static str, text: &str) {
        if !text.is_empty() {
            self.lines.push((label, line(text)));
        }
    }

    fn label(&mut self, name: &'static str, value: &str) {
        self.labels.push((name, cut(&harmless(value.as_bytes()), LABEL)));
    }

    /// All of it as plain text.
    pub fn text(&self) -> String {
        let mut text = format!("{}\n\n", self.headline);
        for (label, line) in &self.lines {
            let _ = writeln!(text, "{label}: {line}");
        }
        if let Some(link) = &self.link {
            let _ = writeln!(text, "\n{link}");
        }
        text
    }

    /// `[firing]` and the headline, for a subject.
    pub fn subject(&self) -> String {
        cut(&format!("[{}] {}", self.status, self.headline), 160)
    }
}

fn line(text: &str) -> String {
    cut(&harmless(text.as_bytes()), LINE)
}

/// The text in at most so many characters.
pub(super) fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(most.saturating_sub(1)).collect();
    short.push('\u{2026}');
    short
}

/// A moment for programs and people. What no calendar has is the epoch.
pub(crate) fn rfc3339(at: Micros) -> String {
    moment::rfc3339(at.div_euclid(1_000_000))
}

/// The time of day in UTC, with its day where that is another one than today's.
pub(super) fn clock(at: Micros, now: Micros) -> String {
    let (then, today) = (utc(at), utc(now).date());
    let time = then.strftime("%H:%M UTC");
    if then.date() == today { time.to_string() } else { format!("{} {time}", then.date()) }
}

fn day(at: Micros) -> String {
    format!("on {}", utc(at).date())
}

fn utc(at: Micros) -> DateTime {
    moment::from_unix(at.div_euclid(1_000_000)).unwrap_or(moment::EPOCH)
}

impl Severity {
    /// The severity of that name.
    pub fn named(name: &str) -> Option<Self> {
        [Self::Info, Self::Warning, Self::Critical].into_iter().find(|severity| severity.name() == name)
    }
}
