//! The conversation as swaks shows it: `->` `~>` `<-` `<~`, and `**` at an answer that was not expected.

use mailprobe_probes::model::{Direction, Line};

use super::columns::Column;
use super::layout::{Page, clean, cut, pad_left};
use super::style::Role;

/// Longest line shown; the JSON report has the rest.
const LONGEST: usize = 1_000;

/// The transcripts of every endpoint that has one.
pub(super) fn all(page: &mut Page<'_>, columns: &[Column<'_>]) {
    let lang = page.style.lang;
    for column in columns.iter().filter(|column| !column.endpoint.transcript.is_empty()) {
        page.gap();
        let peer =
            column.endpoint.peer.as_deref().map_or(String::new(), |peer| format!(" ({})", clean(peer)));
        let title = lang.fill("Transcript of {}", &[&format!("{}{peer}", clean(&column.endpoint.url))]);
        page.hang("", Role::Plain, &title, Role::Strong);
        page.hang(
            "  ",
            Role::Plain,
            lang.say("line  connection  milliseconds; ~> and <~ inside TLS, ** not expected"),
            Role::Faint,
        );
        page.gap();
        for line in &column.endpoint.transcript {
            one(page, line);
        }
    }
}

fn one(page: &mut Page<'_>, line: &Line) {
    let place = format!(
        "{} {} {}  ",
        pad_left(&line.n.to_string(), 4),
        pad_left(&line.connection.to_string(), 3),
        pad_left(&line.at_ms.to_string(), 6)
    );
    let star = if line.unexpected { "**" } else { "  " };
    let mark = format!("{place}{}{star} ", line.direction.mark());
    let role = match line.direction {
        _ if line.unexpected => Role::Bad,
        Direction::Sent | Direction::SentTls => Role::Quote,
        Direction::Note => Role::Faint,
        Direction::Received | Direction::ReceivedTls => Role::Plain,
    };
    page.hang(&mark, Role::Faint, &cut(&clean(&line.text), LONGEST), role);
}
