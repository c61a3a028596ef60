//! A dialog that was printed on one line: `>> MAIL FROM:<..>  << 250 Ok  >> RCPT TO:<..>  << 553 ..`, `C: .. S: ..`.
//!
//! Loggers that keep a message in one line leave out its line ends; the marks of the two sides are what is left of them.

use super::context::is_command;
use super::reply;

/// The marks of one way of writing a dialog: the client's, the server's, and what the library adds by itself. A way whose
/// marks stand within another's is behind that one.
const WAYS: &[(&str, &str, &str)] = &[
    ("CLIENT -> SERVER:", "SERVER -> CLIENT:", "SMTP Error:"),
    ("SMTP>>", "SMTP<<", "LOG:"),
    (">>>", "<<<", "***"),
    (">>", "<<", "!!"),
    ("-->", "<--", "***"),
    ("==>", "<==", "***"),
    ("~>", "<~", "***"),
    ("=>", "<=", "***"),
    ("->", "<-", "<**"),
    ("C:", "S:", "E:"),
    ("Client:", "Server:", "Error:"),
    ("CLIENT:", "SERVER:", "ERROR:"),
    ("client:", "server:", "error:"),
    ("Send:", "Recv:", "Error:"),
    ("Sent:", "Received:", "Error:"),
    ("SEND:", "RECV:", "ERROR:"),
    ("send:", "reply:", "error:"),
    ("TX:", "RX:", "ERR:"),
    ("OUT:", "IN:", "ERR:"),
    (">", "<", "*"),
];

/// The turns of a dialog in a line, each with its mark; the line as it is where it holds no more than one.
pub(super) fn split(line: &str) -> Vec<&str> {
    if !has_a_mark(line.as_bytes()) {
        return vec![line];
    }
    let turns = WAYS.iter().find_map(|way| dialog(line, *way));
    turns.unwrap_or_else(|| vec![line])
}

/// Whether a mark of a server can stand in a line at all.
fn has_a_mark(line: &[u8]) -> bool {
    line.contains(&b'<')
        || line.windows(3).any(|three| {
            matches!(three, [b'S' | b'r' | b'R' | b'v' | b'V' | b'd' | b'D' | b'y' | b'X' | b'N', b':', b' '])
        })
}

fn dialog<'a>(line: &'a str, (client, server, aside): (&str, &str, &str)) -> Option<Vec<&'a str>> {
    let answers = places(line, server).into_iter().filter(|at| is_answer(behind(line, *at, server)));
    let answers: Vec<usize> = answers.collect();
    if answers.is_empty() {
        return None;
    }
    let mut cuts = answers.clone();
    let asked = places(line, client);
    let is_asked = asked.iter().any(|at| is_command(first_words(line, *at, client)));
    if !is_asked && answers.len() < 2 {
        return None;
    }
    cuts.extend(asked);
    cuts.extend(places(line, aside));
    cuts.sort_unstable();
    if cuts.len() < 2 {
        return None;
    }
    let ends = cuts.iter().skip(1).copied().chain([line.len()]);
    let head = line.get(..cuts.first().copied().unwrap_or_default()).filter(|head| !head.trim().is_empty());
    let turns = cuts.iter().zip(ends).filter_map(|(from, to)| line.get(*from..to)).map(str::trim);
    Some(head.into_iter().chain(turns).collect())
}

/// Where a mark stands as a word.
fn places(line: &str, mark: &str) -> Vec<usize> {
    let alone = |at: &usize| {
        let before = line.get(..*at).unwrap_or_default();
        let behind = line.get(at + mark.len()..).unwrap_or_default();
        (before.is_empty() || before.ends_with([' ', '|', ';', ','])) && behind.starts_with(' ')
    };
    line.match_indices(mark).map(|(at, _)| at).filter(alone).collect()
}

fn behind<'a>(line: &'a str, at: usize, mark: &str) -> &'a str {
    line.get(at + mark.len()..).unwrap_or_default().trim_start()
}

/// The words behind a mark, up to what may be the next one.
fn first_words<'a>(line: &'a str, at: usize, mark: &str) -> &'a str {
    let words = behind(line, at, mark);
    let end = words.match_indices(' ').map(|(at, _)| at).find(|at| {
        let next = words.get(at + 1..).unwrap_or_default();
        WAYS.iter().any(|(client, server, aside)| {
            next.starts_with(client) || next.starts_with(server) || next.starts_with(aside)
        }) || next.starts_with(' ')
    });
    end.and_then(|end| words.get(..end)).unwrap_or(words).trim()
}

fn is_answer(words: &str) -> bool {
    reply::smtp(words).is_some_and(|reply| reply.text.is_empty() || words.get(3..4) != Some(":"))
        || reply::pop3(words).is_some()
        || reply::imap(words).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dialog_on_one_line_has_its_turns() {
        for (line, turns) in [
            (
                "Debug | core | >> MAIL FROM:<a@b.c>  << 250 2.1.0 Ok  !! Expected",
                vec!["Debug | core | ", ">> MAIL FROM:<a@b.c>", "<< 250 2.1.0 Ok", "!! Expected"],
            ),
            (
                "C: a1 LOGIN u p S: a1 NO [AUTHENTICATIONFAILED] x C: a2 LOGOUT",
                vec!["C: a1 LOGIN u p", "S: a1 NO [AUTHENTICATIONFAILED] x", "C: a2 LOGOUT"],
            ),
            (
                "-> AUTH LOGIN <- 334 VXNlcm5hbWU6 -> dXNlcg== <- 535 5.7.8 no",
                vec!["-> AUTH LOGIN", "<- 334 VXNlcm5hbWU6", "-> dXNlcg==", "<- 535 5.7.8 no"],
            ),
            (
                "SERVER -> CLIENT: 220 x CLIENT -> SERVER: EHLO x",
                vec!["SERVER -> CLIENT: 220 x", "CLIENT -> SERVER: EHLO x"],
            ),
        ] {
            assert_eq!(split(line), turns);
        }
    }

    #[test]
    fn a_line_of_one_turn_or_of_none_stays_whole() {
        for line in [
            "S: 535 5.7.8 Error: authentication failed",
            "<a@b.c> -> <d@e.f> 250 Ok",
            "if a << 2 and b >> 3 then 250 else 535",
            "https => 443 <= 993",
            "C: drive is full, see S: for 250 files",
        ] {
            assert_eq!(split(line), [line]);
        }
    }
}
