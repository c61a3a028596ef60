//! What each mailbox came to, in a word, in a line and in numbers: every overview and every last line says the same,
//! and asks [`judge`] what counts as checked.

use std::collections::BTreeMap;

use mailprobe_probes::model::{Kind, Missing, Report, Why};

use super::columns::{Column, columns};
use super::layout::clean;
use super::style::Role;
use super::{verdict, words};
use crate::lang::Lang;
use mailprobe_judge::{Conclusion, NotChecked, Reason, conclusion, not_checked, presented};

/// Most endpoints named behind one reason.
const NAMED: usize = 3;

/// Mark, word and colour of a mailbox.
pub(super) fn short(report: &Report) -> (&'static str, &'static str, Role) {
    of(&conclusion(report))
}

fn of(conclusion: &Conclusion) -> (&'static str, &'static str, Role) {
    let word = match conclusion {
        Conclusion::Met => "met",
        Conclusion::NotMet => "not met",
        Conclusion::Undecided => "undecided",
        Conclusion::NotChecked(_) => "not checked",
        Conclusion::NothingAsked => "nothing to judge",
    };
    let (sign, role) = mark(word);
    (sign, word, role)
}

/// Mark and colour of a word of [`short`].
pub(super) fn mark(word: &str) -> (&'static str, Role) {
    match word {
        "met" => ("✓", Role::Good),
        "not met" => ("✗", Role::Bad),
        "undecided" | "not checked" => ("?", Role::Doubt),
        _ => ("–", Role::Plain),
    }
}

/// What a mailbox came to, for its line in an overview.
pub(super) fn line(report: &Report, lang: Lang) -> String {
    match (conclusion(report), &report.verdict) {
        (Conclusion::NotChecked(open), _) => brief(&open, lang),
        (Conclusion::Undecided | Conclusion::Met | Conclusion::NotMet, Some(verdict)) => {
            verdict::sentence(verdict, &columns(report, lang), lang)
        }
        (conclusion, _) => lang.say(of(&conclusion).1).to_owned(),
    }
}

/// What a mailbox came to, as the sentence above or below its report.
pub(super) fn sentence(report: &Report, columns: &[Column<'_>], lang: Lang) -> String {
    let attempts = || report.endpoints.iter().flat_map(|endpoint| &endpoint.attempts);
    match (conclusion(report), &report.verdict) {
        (Conclusion::NotChecked(open), _) => whole(&open, lang),
        (_, Some(verdict)) => verdict::sentence(verdict, columns, lang),
        // A stored report may have answers and no verdict on them.
        (_, None) if attempts().any(presented) => lang.say("There was nothing to judge.").to_owned(),
        (_, None) => lang.say("Nothing to judge: nothing was to be presented.").to_owned(),
    }
}

/// What was not checked, where a mailbox came to something else besides: a failure, or an answer that decides nothing.
pub(super) fn beside(report: &Report, lang: Lang) -> Option<String> {
    match conclusion(report) {
        Conclusion::NotMet | Conclusion::Undecided => not_checked(report).map(|open| whole(&open, lang)),
        _ => None,
    }
}

/// How many mailboxes came to what.
#[derive(Debug, Default)]
pub(super) struct Tally {
    numbers: BTreeMap<&'static str, usize>,
    /// Whether anything was typed to be met.
    typed: bool,
}

impl Tally {
    pub(super) fn add(&mut self, report: &Report) {
        *self.numbers.entry(short(report).1).or_default() += 1;
        self.typed |= !report.verdict.as_ref().is_none_or(verdict::opens);
    }

    /// The numbers of those that there are, those with a problem first or last: mark, colour and words.
    pub(super) fn counts(&self, problems_first: bool, lang: Lang) -> Vec<(&'static str, Role, String)> {
        let mut order = [
            ("met", "{} opens", "{} open"),
            ("not met", "{} does not open", "{} do not open"),
            ("undecided", "", ""),
            ("not checked", "", ""),
            ("nothing to judge", "", ""),
        ];
        if problems_first {
            order.swap(0, 1);
            order.swap(1, 2);
            order.swap(2, 3);
        }
        let mut told = Vec::new();
        for (word, one, several) in order {
            let Some(number) = self.numbers.get(word) else { continue };
            // Where nothing was typed, "met" would be the answer to a question that nobody asked.
            let counted = match (!self.typed && !one.is_empty(), number) {
                (true, 1) => one.to_owned(),
                (true, _) => several.to_owned(),
                (false, _) => format!("{{}} {word}"),
            };
            let (sign, role) = mark(word);
            told.push((sign, role, lang.fill(&counted, &[&number.to_string()])));
        }
        told
    }
}

/// `Nothing was presented: the certificate is not trusted (--ca-file, or --insecure).`
fn whole(open: &NotChecked, lang: Lang) -> String {
    let because = reasons(open, lang);
    let sentence = match open.missing {
        Missing::Secrets => "Nothing was presented: {}.",
        Missing::Secret(Kind::Password) => "The password was not presented: {}.",
        Missing::Secret(Kind::Token) => "The token was not presented: {}.",
        Missing::Endpoints => "Not checked: {}.",
    };
    lang.fill(sentence, &[&because])
}

/// The same as part of a line: `not checked: connection refused on imaps mail.example.com:993`.
fn brief(open: &NotChecked, lang: Lang) -> String {
    let because = reasons(open, lang);
    let clause = match open.missing {
        Missing::Secrets | Missing::Endpoints => "not checked: {}",
        Missing::Secret(Kind::Password) => "not checked: the password was not presented: {}",
        Missing::Secret(Kind::Token) => "not checked: the token was not presented: {}",
    };
    lang.fill(clause, &[&because])
}

fn reasons(open: &NotChecked, lang: Lang) -> String {
    open.reasons.iter().map(|reason| told(reason, lang)).collect::<Vec<_>>().join("; ")
}

/// One reason with its endpoints and what to do about it. What is wrong with a place always names the place.
fn told(reason: &Reason, lang: Lang) -> String {
    let clauses: Vec<String> = reason.why.clauses().iter().map(|clause| clean(&lang.tell(clause))).collect();
    let mut text = clauses.join("; ");
    if !reason.everywhere || matches!(reason.why, Why::Failed(_)) {
        let mut places: Vec<String> = reason.endpoints.iter().take(NAMED).map(|url| place(url)).collect();
        if reason.endpoints.len() > NAMED {
            places.push(words::count(lang, reason.endpoints.len() - NAMED, "more endpoint"));
        }
        let places = lang.list(&places);
        // A clause that ends in a verb has its place in front of it in Japanese.
        text = match lang {
            Lang::En => format!("{text} on {places}"),
            Lang::Ja => format!("{places}: {text}"),
        };
    }
    match reason.why.remedy() {
        "" => text,
        remedy => format!("{text} ({})", lang.say(remedy)),
    }
}

/// `imaps://mail.example.com:993` as people say it: `imaps mail.example.com:993`.
fn place(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    let authority = rest.split('/').next().unwrap_or(rest);
    clean(format!("{scheme} {authority}").trim_start())
}
