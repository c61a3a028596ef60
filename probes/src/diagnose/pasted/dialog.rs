//! The lines of a paste, one after another: whose they are, what was asked before, and which of them a server said.

use super::place::{self, Placed};
use super::quote;
use super::reply::{self, REFUSALS, cut, enhanced, response_code};
use super::{Found, Hints, Weight, bare, clean, context, lines, marks, nested, sentence, status, turns};
use crate::diagnose::{Over, Step};
use crate::model::{Kind, Reply};
use marks::Side;

/// Most lines that are read.
const LINES: usize = 50_000;
/// Most answers of one weight that are kept.
const KEPT: usize = 48;
/// Most octets of an answer that goes on over several lines.
const JOINED: usize = 4096;

/// What a line leads the reader to expect of the next one.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Awaited {
    #[default]
    Nothing,
    /// It announced the server's words.
    Quotation,
    /// It was an answer with a code and no words.
    Words,
}

/// What was read so far.
#[derive(Default)]
struct Reading {
    found: Vec<Found>,
    step: Option<Step>,
    challenge: Option<String>,
    /// Whether the next line can belong to the answer before it.
    open: bool,
    /// Whether Microsoft Graph is spoken of.
    graph: bool,
    /// A line that held little more than a code: its sentence may follow.
    coded: Option<String>,
    /// What the next line may be, also behind an empty one.
    awaited: Awaited,
}

/// The answers in a text, in order. Lines in `skip` were read as something else.
pub(super) fn read(text: &str, hints: &Hints<'_>, graph: bool, skip: &std::ops::Range<usize>) -> Vec<Found> {
    let mut reading = Reading { graph, ..Reading::default() };
    for (number, raw) in text.lines().enumerate().take(LINES) {
        if skip.contains(&number) {
            reading.open = false;
            continue;
        }
        if raw.trim().is_empty() {
            reading.line(number, "", hints);
        }
        // A log in JSON: each of its texts may hold the words.
        if let Some(texts) = nested::texts(raw) {
            for text in &texts {
                for turn in text.lines().flat_map(turns::split) {
                    reading.line(number, turn, hints);
                }
                reading.line(number, "", hints);
            }
            continue;
        }
        for line in clean::unescaped(raw).lines() {
            for turn in turns::split(line) {
                reading.line(number, turn, hints);
            }
        }
    }
    reading.found
}

impl Reading {
    /// Whether a word is one more of a POP3 list (RFC 2449 section 5), where it would be a command elsewhere.
    fn is_item(&self, said: &str) -> bool {
        let is_list = |found: &Found| {
            found.reply.status == "+OK"
                && (found.reply.text.contains('\n') || lines::announces_a_list(&found.reply.text))
        };
        self.open && said == "STLS" && self.found.last().is_some_and(is_list)
    }

    fn line(&mut self, number: usize, raw: &str, hints: &Hints<'_>) {
        let awaited = std::mem::take(&mut self.awaited);
        let (announced, wordless) = (awaited == Awaited::Quotation, awaited == Awaited::Words);
        let coded = self.coded.take();
        let (side, said) = marks::split(raw);
        let said = literal(said);
        if said.is_empty() {
            self.awaited = awaited;
            self.open = false;
            return;
        }
        let strict = strict(said, side, hints.protocol);
        let side = if raw.trim_start().starts_with('>') { quotation(side, said) } else { side };
        let listed = self.is_item(said);
        let typed = side == Side::Unknown && !listed && context::is_command(said);
        if strict.is_none() && (side == Side::Client || typed) {
            self.step = context::step_of(said).or(self.step);
            self.open = false;
            return;
        }
        if let Some((decoded, protocol)) = reply::error_challenge(said, hints.protocol) {
            self.challenged(number, decoded, protocol);
            return;
        }
        if let Some(decoded) = nested::error_report(said) {
            self.challenged(number, decoded, hints.protocol.unwrap_or(Over::SMTP));
            return;
        }
        if let Some((protocol, reply)) = strict {
            self.replied(number, said, protocol, reply);
            return;
        }
        if self.open && (listed || lines::is_offer(said)) {
            self.go_on(said);
            return;
        }
        let may = |over: Over| hints.protocol.is_none_or(|protocol| protocol.intersects(over));
        if sentence::is_of_a_login_log(said) && may(Over::LINES) {
            self.logged(number, said, hints.protocol.unwrap_or(Over::STORE));
            self.open = false;
            return;
        }
        if let Some(found) = bare::read(said, hints.protocol, self.graph) {
            self.coded = (said.split_whitespace().count() <= 4).then(|| said.to_owned());
            self.keep(Found { line: number, ..found });
            self.open = false;
            return;
        }
        if let Some(code) = coded.filter(|_| !lines::is_frame(said))
            && let Some(found) = bare::read(&format!("{code}: {said}"), hints.protocol, self.graph)
        {
            // The sentence belongs to the code above it.
            self.found.pop();
            self.keep(Found { line: number.saturating_sub(1), ..found });
            return;
        }
        if let Some(placed) = (!lines::is_frame(said)).then(|| place::find(said, &may)).flatten() {
            self.placed(number, raw, said, placed);
            return;
        }
        if let Some(found) = status::line(said, hints.protocol) {
            self.keep(Found { line: number, ..found });
            self.open = false;
            return;
        }
        if self.open && self.goes_on(raw, said) {
            self.go_on(said);
            return;
        }
        self.open = false;
        if wordless && sentence::complains(said) {
            self.go_on(said);
            return;
        }
        if let Some(words) = sentence::relayed(said) {
            self.keep(plain(words, Weight::Quoted, number, hints.protocol.or(Some(Over::SMTP)), None));
            return;
        }
        if let Some(words) = sentence::shown(said) {
            self.keep(plain(words, Weight::Quoted, number, hints.protocol, None));
            return;
        }
        if sentence::introduces(said) {
            self.awaited = Awaited::Quotation;
        }
        match sentence::announced(said) {
            Some("") => self.awaited = Awaited::Quotation,
            Some(words) => {
                self.keep(plain(words, Weight::Quoted, number, hints.protocol, context::step_in(raw)));
            }
            None if announced => {
                self.keep(plain(said, Weight::Quoted, number, hints.protocol, context::step_in(raw)));
                self.open = true;
            }
            None if sentence::complains(said) => {
                self.keep(plain(said, Weight::Sentence, number, hints.protocol, context::step_in(raw)));
            }
            None => {}
        }
    }

    fn challenged(&mut self, number: usize, decoded: String, protocol: Over) {
        let reply =
            Reply { status: reply::status_of(protocol), code: None, enhanced: None, text: String::new() };
        let step = Some(Step::Login(Kind::Token));
        self.found.push(Found {
            step,
            challenge: Some(decoded.clone()),
            ..Found::new(protocol, reply, Weight::Reply, number)
        });
        self.challenge = Some(decoded);
        self.step = step;
        self.open = false;
    }

    fn replied(&mut self, number: usize, said: &str, protocol: Over, reply: Reply) {
        self.open = true;
        if let Some(last) = self.found.last_mut().filter(|last| continues(last, &reply)) {
            if last.reply.text.len() < JOINED {
                last.reply.text.push('\n');
                last.reply.text.push_str(&reply.text);
            }
            if last.reply.enhanced.is_none() {
                last.reply.enhanced = reply.enhanced;
            }
            return;
        }
        let known = self.challenge.take().filter(|_| protocol != Over::IMAP || !said.starts_with('*'));
        // The challenge alone was no answer: this is the one it led to.
        if known.is_some() && self.found.last().is_some_and(|last| last.challenge.is_some()) {
            self.found.pop();
        }
        let asked = self
            .step
            .filter(|step| !(is_login(&reply) && *step == Step::Capability || is_late(&reply, *step)));
        let step = asked.or_else(|| unasked(said, &reply)).or_else(|| context::step_in(said));
        self.keep(Found { step, challenge: known, ..Found::new(protocol, reply, Weight::Reply, number) });
    }

    fn placed(&mut self, number: usize, raw: &str, said: &str, placed: Placed) {
        let Placed { protocol, reply, worded, at, quote } = placed;
        // Python prints the challenge, then the refusal.
        let known = self.challenge.take();
        if known.is_some() && self.found.last().is_some_and(|last| last.challenge.is_some()) {
            self.found.pop();
        }
        let step = if known.is_some() { Some(Step::Login(Kind::Token)) } else { None };
        let step = step
            .or_else(|| context::step_in(raw))
            .or(self.step.filter(|step| !matches!(step, Step::Capability | Step::Logout)));
        let weight = if worded { Weight::Reply } else { Weight::Code };
        // The same words once more, in another form of the log, add nothing.
        if reply.text.is_empty()
            && reply.code.is_none()
            && matches!(reply.status.as_bytes(), [b'4' | b'5', ..])
        {
            self.awaited = Awaited::Words;
        }
        let again = self.found.last().is_some_and(|last| {
            last.reply.text == reply.text && last.reply.status == reply.status && !reply.text.is_empty()
        });
        if !again {
            self.keep(Found { step, challenge: known, quote, ..Found::new(protocol, reply, weight, number) });
        }
        self.open = worded
            && said.get(at..).is_some_and(|rest| !rest.trim_end().ends_with(['\'', '"', ')', '}', '.']));
    }

    /// Whether a line without a mark belongs to the answer before it: a list goes on, or a sentence was wrapped.
    fn goes_on(&self, raw: &str, said: &str) -> bool {
        let Some(last) = self.found.last() else { return false };
        if last.reply.text.len() > JOINED || lines::is_frame(said) {
            return false;
        }
        let reply = &last.reply;
        let refuses =
            !matches!(reply.status.as_str(), "OK" | "+OK" | "+" | "CAPABILITY" | "ASIDE" | "PREAUTH")
                && !reply.status.starts_with(['2', '3']);
        if !refuses {
            // `LOGIN-DELAY 300`, `EXPIRE 0`: a name in a list.
            let name = said.split(' ').next().unwrap_or_default();
            let listed = name.len() > 2
                && name
                    .bytes()
                    .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'-' || b == b'=');
            return listed || !sentence::complains(said);
        }
        let unmarked = said.len() == raw.trim().len();
        let small =
            said.starts_with(|c: char| c.is_lowercase() || c == '(' || c == '<') || said.starts_with("http");
        let ended = reply.text.trim_end();
        let small = small && (!ended.ends_with(['.', '!', ')']) || said.starts_with("http"));
        let unfinished = !ended.ends_with(['.', '!', ']', ')']);
        unmarked && (small || unfinished && !said.contains(": ")) && last.weight != Weight::Code
    }

    /// A line of a server's own log about a login that failed.
    fn logged(&mut self, number: usize, said: &str, over: Over) {
        let reply = Reply { status: "NO".to_owned(), code: None, enhanced: None, text: said.to_owned() };
        self.keep(Found { quote: Some(said.to_owned()), ..Found::new(over, reply, Weight::Reply, number) });
    }

    fn go_on(&mut self, said: &str) {
        if let Some(last) = self.found.last_mut().filter(|last| last.reply.text.len() < JOINED) {
            // A list has a line for each name; a sentence that was wrapped is one.
            let list =
                last.reply.text.is_empty() || last.reply.status.starts_with(['2', '3', '+', 'O', 'C', 'A']);
            last.reply.text.push(if list { '\n' } else { ' ' });
            last.reply.text.push_str(said);
        }
    }

    fn keep(&mut self, found: Found) {
        let refuses = |found: &Found| !found.reply.status.starts_with('2') && found.reply.status != "OK";
        let same = self.found.iter().filter(|one| one.weight == found.weight && refuses(one)).count();
        if refuses(&found) && same >= KEPT {
            return;
        }
        if !refuses(&found) && self.found.len() > 4 * KEPT {
            self.found.pop();
        }
        self.found.push(found);
    }
}

/// A sentence without any mark of a protocol.
pub(super) fn plain(
    text: &str,
    weight: Weight,
    number: usize,
    protocol: Option<Over>,
    step: Option<Step>,
) -> Found {
    let text = quote::trimmed(text);
    let (code, rest) = match response_code(text) {
        (Some(code), rest)
            if !code.contains(|c: char| c.is_lowercase() || !c.is_ascii()) || code.contains("http") =>
        {
            (Some(code), rest)
        }
        _ => (None, text),
    };
    let (enhanced, rest) = enhanced(rest);
    let reply = Reply {
        status: String::new(),
        code,
        enhanced: enhanced.or_else(|| reply::buried_enhanced(rest)),
        text: rest.to_owned(),
    };
    Found { step, ..Found::new(protocol.unwrap_or(Over::ALL), reply, weight, number) }
}

/// `b'250 OK\r\n'`, `"HTTP/1.1 401 Unauthorized"`: what stands between the marks of a literal.
fn literal(said: &str) -> &str {
    let said = said.trim();
    for (open, close) in [("b'", "'"), ("b\"", "\""), ("'", "'"), ("\"", "\"")] {
        if let Some(inner) = said.strip_prefix(open) {
            let inner = inner.trim_end().strip_suffix(close).unwrap_or(inner);
            if !inner.contains(close) {
                return inner.trim_end();
            }
        }
    }
    said
}

/// `>` marks a client's line in a transcript, and a quotation in a mail: a sentence is no command.
fn quotation(side: Side, said: &str) -> Side {
    let prose =
        said.split_whitespace().count() > 3 && !context::is_command(said) && context::kind_in(said).is_none();
    if side == Side::Client && prose { Side::Unknown } else { side }
}

fn continues(last: &Found, reply: &Reply) -> bool {
    last.http.is_none()
        && last.weight == Weight::Reply
        && reply.status.len() == 3
        && last.reply.status == reply.status
        && reply.status.bytes().all(|b| b.is_ascii_digit())
}

fn is_login(reply: &Reply) -> bool {
    matches!(reply.status.as_str(), "535" | "534" | "538" | "454" | "NO")
}

/// Whether a reply is one about credentials (RFC 4954 section 6), whatever was sent last: a client that does not wait gets
/// the answer to its login behind a later command.
fn is_late(reply: &Reply, step: Step) -> bool {
    reply.status == "535" && matches!(step, Step::MailFrom | Step::Data)
}

/// One line of a protocol, at its start.
fn strict(line: &str, side: Side, protocol: Option<Over>) -> Option<(Over, Reply)> {
    let may = |over: Over| protocol.is_none_or(|protocol| protocol.intersects(over));
    let told = side == Side::Server || protocol.is_some();
    if may(Over::STORE) {
        if let Some(reply) = reply::pop3(line).filter(|_| may(Over::POP3) || line.starts_with("-ERR")) {
            return Some((Over::POP3, ended(reply)));
        }
        if let Some(reply) = reply::imap(line).filter(|_| may(Over::IMAP) && (told || is_tagged(line))) {
            return Some((Over::IMAP, ended(reply)));
        }
    }
    let reply = reply::smtp(line).filter(|_| may(Over::SMTP))?;
    let number: u16 = reply.status.parse().ok()?;
    let known = matches!(number, 211 | 214 | 220 | 221 | 235 | 250 | 251 | 252 | 334 | 354)
        || REFUSALS.contains(&number);
    let classed = reply.enhanced.as_deref().is_some_and(|code| code.get(..1) == reply.status.get(..1));
    let sure = told || classed || known && !status::is_reason(&reply.text) && !place::is_measure(&reply.text);
    sure.then(|| (Over::SMTP, ended(reply)))
}

fn ended(mut reply: Reply) -> Reply {
    let length = quote::trimmed(&reply.text).len();
    reply.text.truncate(length);
    reply
}

/// Whether the first word is a tag as clients make them, or none is needed: words of a sentence may be `NO`, too.
fn is_tagged(line: &str) -> bool {
    let first = line.split(' ').next().unwrap_or_default();
    let second = line.split(' ').nth(1).unwrap_or_default();
    match first {
        "*" => second.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()),
        "+" | "OK" | "NO" | "BAD" | "BYE" | "PREAUTH" => true,
        tag => tag.bytes().any(|b| b.is_ascii_digit()) || tag.len() == 1 || tag.eq_ignore_ascii_case("tag"),
    }
}

/// What came before an answer that nobody asked for, or that only one command has.
fn unasked(said: &str, reply: &Reply) -> Option<Step> {
    match reply.status.as_str() {
        "CAPABILITY" => Some(Step::Capability),
        "OK" | "PREAUTH" if said.starts_with('*') => Some(Step::Greeting),
        "220" => Some(Step::Greeting),
        "221" => Some(Step::Logout),
        _ => None,
    }
}

/// Most of a text that a sentence without any code is looked for in.
pub(super) fn whole(text: &str, hints: &Hints<'_>) -> Found {
    let text = cut(text, JOINED);
    plain(text, Weight::Sentence, 0, hints.protocol, context::step_in(text))
}
