//! What a change means, who is told, what waits, and what becomes of it.

use std::time::Duration;

use super::compose::{About, Change, Route, Settings, compose, expiry};
use super::hold::{Storm, Storminess, parcels};
use super::message::Message;
use super::notice::{Expiring, Notice, Phase, Severity, Subject};
use super::open::Open;
use super::outbox::{Entry, How};
use crate::cell::{Cell, CellKey, Standing, State};
use crate::view::Micros;

pub(super) const SECOND: Micros = 1_000_000;

pub(super) fn cell(state: State, standing: Standing) -> Cell {
    Cell {
        state,
        advertised: true,
        causes: vec!["basic-disabled".into()],
        answer: format!("NO {}", state.name()),
        remedy: "Use a token.".into(),
        standing,
    }
}

pub(super) fn key(target: &str) -> CellKey {
    CellKey {
        target: target.into(),
        module: "all".into(),
        endpoint: "imaps://imap.example.com:993".into(),
        method: "PLAIN".into(),
    }
}

fn settings(routes: &[(&str, &[&str], Severity)]) -> Settings {
    Settings {
        routes: routes
            .iter()
            .map(|(sink, groups, least)| Route {
                sink: (*sink).into(),
                groups: groups.iter().map(|group| (*group).into()).collect(),
                least: *least,
            })
            .collect(),
        external_url: Some("https://canary.example.com/mail/".parse().unwrap()),
        group_wait: Duration::from_secs(30),
    }
}

const ABOUT: About<'static> = About { mailbox: "alice@example.com", groups: &[], quiet_until: None };

pub(super) fn notice(target: &str, at: Micros, before: Option<&Cell>, after: &Cell) -> Option<Notice> {
    let key = key(target);
    let change = Change { key: &key, at, before, before_since: Some(at - 60 * SECOND), after };
    let told = compose(&change, &ABOUT, &settings(&[("s", &[], Severity::Info)]));
    told.into_iter().next().map(|new| new.notice)
}

#[test]
fn what_is_meant_to_be_refused_and_is_wakes_nobody_and_what_opens_again_does() {
    use Standing::{Met, NoRule, NotMet, Undecided};
    use State::{Accepted, Reached, Refused, Throttled, Unclear, Unreachable, Usable};
    for (before, after, wanted) in [
        (Some((Refused, Met)), (Usable, NotMet), Some((Phase::Opens, Severity::Critical))),
        (Some((Usable, NotMet)), (Accepted, NotMet), Some((Phase::Moves, Severity::Critical))),
        (Some((Usable, NotMet)), (Refused, Met), Some((Phase::Closes, Severity::Critical))),
        (None, (Usable, NotMet), Some((Phase::Opens, Severity::Critical))),
        (None, (Refused, Met), None),
        (Some((Usable, Met)), (Throttled, Undecided), None),
        (Some((Usable, NoRule)), (Unclear, NoRule), None),
        (Some((Usable, NoRule)), (Refused, NoRule), Some((Phase::Tells, Severity::Warning))),
        (Some((Refused, NoRule)), (Usable, NoRule), Some((Phase::Tells, Severity::Warning))),
        (Some((Refused, Met)), (State::Shut, Met), Some((Phase::Tells, Severity::Info))),
        (Some((Reached, NoRule)), (Unreachable, NoRule), Some((Phase::Opens, Severity::Warning))),
        (Some((Unreachable, NoRule)), (Reached, NoRule), Some((Phase::Closes, Severity::Warning))),
        // Broken when it was first looked at.
        (None, (Unreachable, NoRule), Some((Phase::Opens, Severity::Warning))),
        (None, (Unclear, Undecided), Some((Phase::Opens, Severity::Warning))),
        (None, (State::NotTried, Undecided), Some((Phase::Opens, Severity::Warning))),
        (None, (Unclear, NoRule), None),
        // Of what a rule is about nobody can say any more, and then somebody can.
        (Some((Refused, Met)), (Unclear, Undecided), Some((Phase::Opens, Severity::Warning))),
        (Some((Unclear, Undecided)), (Refused, Met), Some((Phase::Closes, Severity::Warning))),
        (Some((Unclear, Undecided)), (Usable, NotMet), Some((Phase::Moves, Severity::Critical))),
        (Some((Usable, NotMet)), (Unclear, Undecided), Some((Phase::Moves, Severity::Critical))),
        (Some((Usable, NotMet)), (Throttled, Undecided), None),
    ] {
        let before = before.map(|(state, standing)| cell(state, standing));
        let told = notice("a", 100 * SECOND, before.as_ref(), &cell(after.0, after.1));
        assert_eq!(told.map(|told| (told.phase, told.severity)), wanted, "{after:?}");
    }
}

#[test]
fn a_notice_has_the_old_and_the_new_answer_the_cause_the_remedy_since_when_and_a_link() {
    let told = notice(
        "mail/ä",
        1_764_000_000 * SECOND,
        Some(&cell(State::Refused, Standing::Met)),
        &cell(State::Usable, Standing::NotMet),
    );
    let message = Message::of(&told.unwrap());
    assert_eq!(message.headline, "mail/ä: PLAIN on imaps://imap.example.com:993 went from refused to usable");
    let text = message.text();
    for line in [
        "Answer before: NO refused",
        "Answer now: NO usable",
        "Cause: basic-disabled",
        "Do: Use a token.",
        "Since: 2025-11-24T16:00:00Z",
        "Before that since: 2025-11-24T15:59:00Z",
        "https://canary.example.com/mail/#/target/mail%2F%C3%A4",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
}

#[test]
fn what_was_broken_at_the_first_look_is_told_with_the_time_and_the_reason() {
    let key = |method: &str| CellKey { method: method.into(), ..key("outage") };
    let told = |method: &str, state, standing, causes: &[&str], answer: &str| {
        let causes = causes.iter().map(|cause| (*cause).to_owned()).collect();
        let after = Cell { causes, answer: answer.into(), ..cell(state, standing) };
        // Seen at 18:46:40 for the first time, and confirmed a minute and a half later.
        let (first, at) = (1_764_010_000 * SECOND, 1_764_010_090 * SECOND);
        let key = key(method);
        let change = Change { key: &key, at, before: None, before_since: Some(first), after: &after };
        let told = compose(&change, &ABOUT, &settings(&[("s", &[], Severity::Info)]));
        told.into_iter().next().unwrap().notice
    };
    let words = "connect: Connection refused (os error 111)";
    let notice = told("-", State::Unreachable, Standing::NoRule, &["connection-refused"], words);
    let message = Message::of(&notice);
    assert_eq!(
        message.headline,
        "outage: imaps://imap.example.com:993 cannot be checked since 18:46 UTC: connection refused"
    );
    assert_eq!(message.status, "firing");
    assert!(message.text().contains("Since: 2025-11-24T18:46:40Z\n"), "{}", message.text());
    let reminded = Message::later(&notice, notice.at + 86_400 * SECOND).headline;
    assert!(reminded.contains("cannot be checked since 2025-11-24 18:46 UTC: "), "{reminded}");
    let message =
        Message::of(&told("PLAIN", State::Unclear, Standing::Undecided, &[], "auth: no answer within 60 s"));
    assert_eq!(
        message.headline,
        "outage: PLAIN on imaps://imap.example.com:993 cannot be checked since 18:46 UTC: auth: no answer within 60 s"
    );
    let message = Message::of(&told("PLAIN", State::Usable, Standing::NotMet, &[], "OK"));
    assert_eq!(
        message.headline,
        "outage: PLAIN on imaps://imap.example.com:993 is usable since 18:46 UTC, against its rule"
    );
}

#[test]
fn what_was_broken_at_the_first_look_and_is_in_order_before_it_was_told_wakes_nobody() {
    let told = |id, before: Option<&Cell>, after: &Cell| Entry {
        id,
        notice: notice("a", id * SECOND, before, after).unwrap(),
        attempts: 0,
        due: 30 * SECOND,
        announced: false,
    };
    let broken = cell(State::Usable, Standing::NotMet);
    let waiting = [told(1, None, &broken), told(2, Some(&broken), &cell(State::Refused, Standing::Met))];
    let parcels = parcels(&waiting, 60 * SECOND, &mut Storm::default(), FLEET);
    assert_eq!((parcels.len(), &parcels[0].notice, &parcels[0].ids), (1, &None, &vec![1, 2]));
}

#[test]
fn a_fleet_that_is_down_when_it_is_first_looked_at_is_one_alert() {
    let down =
        Cell { causes: vec!["connection-refused".into()], ..cell(State::Unreachable, Standing::NoRule) };
    let told = |id: i64| Entry {
        id,
        notice: notice(&format!("t{id}"), id * SECOND, None, &down).unwrap(),
        attempts: 0,
        due: (id + 30) * SECOND,
        announced: false,
    };
    let waiting: Vec<Entry> = (0..30).map(told).collect();
    let parcels = parcels(&waiting, 31 * SECOND, &mut Storm::default(), FLEET);
    assert_eq!(parcels.len(), 1);
    let message = Message::of(parcels[0].notice.as_ref().unwrap());
    assert_eq!(
        message.headline,
        "30 of 100 targets cannot be checked since 1969-12-31 23:59 UTC: connection refused",
        "nothing has changed"
    );
    let (text, names) =
        (message.text(), "Targets: t0, t1, t10, t11, t12, t13, t14, t15, t16, t17, and 20 more\n");
    assert!(text.contains(names), "{text}");
    assert!(
        text.contains("Cells: 30 cannot be checked since 1969-12-31 23:59 UTC: connection refused\n"),
        "{text}"
    );
}

#[test]
fn a_storm_says_what_its_members_say_by_kind() {
    let at = |second: i64| (1_764_010_000 + second) * SECOND;
    let refused =
        Cell { causes: vec!["connection-refused".into()], ..cell(State::Unreachable, Standing::NoRule) };
    let silent = Cell { causes: vec!["timeout".into()], ..refused.clone() };
    let taken = cell(State::Usable, Standing::NotMet);
    let reached = cell(State::Reached, Standing::NoRule);
    let said = |members: &[(Option<&Cell>, &Cell)], over: bool| {
        let told = |(id, (before, after)): (usize, &(Option<&Cell>, &Cell))| {
            let id = i64::try_from(id).unwrap();
            let notice = notice(&format!("t{id}"), at(id), *before, after).unwrap();
            Entry { id, notice, attempts: 0, due: at(id + 30), announced: over }
        };
        let waiting: Vec<Entry> = members.iter().enumerate().map(told).collect();
        let fleet = Storminess { targets: 6, share: 0.2 };
        let now = if over { at(800) } else { at(10) };
        let parcels = parcels(&waiting, now, &mut Storm::default(), fleet);
        assert_eq!(parcels.len(), 1);
        let message = Message::of(parcels[0].notice.as_ref().unwrap());
        let line = |label| message.lines.iter().find(|(name, _)| *name == label).unwrap().1.clone();
        (message.headline.clone(), line("Cells"), line("Targets"))
    };
    let since = "cannot be checked since 18:45 UTC: ";
    let all = "t0, t1, t2, t3, t4, t5";
    let (headline, cells, targets) = said(&[(None, &refused); 6], false);
    assert_eq!(headline, format!("6 of 6 targets {since}connection refused"));
    assert_eq!((cells, targets), (format!("6 {since}connection refused"), all.to_owned()));
    let (headline, ..) = said(&[(None, &refused); 6], true);
    assert_eq!(headline, format!("Nothing new for ten minutes: 6 of 6 targets {since}connection refused"));
    let mut members = vec![(None, &refused); 4];
    members.extend([(None, &silent); 2]);
    let (headline, cells, _) = said(&members, false);
    assert_eq!(headline, format!("6 of 6 targets {since}connection refused, no answer in time"));
    assert_eq!(
        cells,
        format!("4 {since}connection refused (t0, t1, t2, t3); 2 {since}no answer in time (t4, t5)")
    );
    members.truncate(3);
    members.extend([(Some(&reached), &refused), (Some(&reached), &refused), (None, &taken)]);
    let (headline, ..) = said(&members, false);
    assert_eq!(
        headline,
        format!(
            "6 of 6 targets have alerts: 3 {since}connection refused; \
             2 went from reached to unreachable: connection refused; 1 usable since 18:45 UTC, against the rule"
        )
    );
    let (headline, cells, _) = said(&[(Some(&reached), &refused); 6], false);
    assert_eq!(headline, "6 of 6 targets changed within a minute");
    assert_eq!(cells, "6 went from reached to unreachable: connection refused");
}

#[test]
fn a_storm_that_was_announced_before_a_restart_is_not_told_again_and_ends() {
    let announced = |at: i64| Entry {
        announced: true,
        ..entry(at, &format!("t{at}"), at * SECOND, State::Refused, State::Usable)
    };
    // One came after it was announced, and the fleet has grown since: it goes on all the same.
    let mut waiting: Vec<Entry> = (0..20).map(announced).collect();
    waiting.push(entry(20, "t20", 50 * SECOND, State::Refused, State::Usable));
    let grown = Storminess { targets: 1_000, share: 0.2 };
    let mut storm = Storm::default();
    assert_eq!(parcels(&waiting, 90 * SECOND, &mut storm, grown), []);
    assert!(storm.is_told() && storm.goes_on());
    let over = parcels(&waiting, 700 * SECOND, &mut storm, grown);
    assert_eq!(
        (over.len(), over[0].notice.as_ref().unwrap().phase, over[0].ids.len()),
        (1, Phase::Moves, 21)
    );
    // A restart after its calm says so once.
    let late = parcels(&waiting, 9_000 * SECOND, &mut Storm::default(), grown);
    assert_eq!((late.len(), late[0].notice.as_ref().unwrap().phase), (1, Phase::Moves));
}

#[test]
fn each_sink_is_told_what_it_asked_for_and_a_maintenance_window_is_waited_out() {
    let routes: [(&str, &[&str], Severity); 3] = [
        ("all", &[], Severity::Info),
        ("europe", &["eu"], Severity::Info),
        ("pager", &[], Severity::Critical),
    ];
    let (key, before, after) =
        (key("a"), cell(State::Usable, Standing::NoRule), cell(State::Refused, Standing::NoRule));
    let change =
        Change { key: &key, at: 100 * SECOND, before: Some(&before), before_since: None, after: &after };
    let told = compose(&change, &ABOUT, &settings(&routes));
    assert_eq!(
        told.iter().map(|new| (new.sink.as_str(), new.due)).collect::<Vec<_>>(),
        [("all", 130 * SECOND)]
    );
    let groups = ["eu".to_owned()];
    let quiet = About { groups: &groups, quiet_until: Some(900 * SECOND), ..ABOUT };
    let told = compose(&change, &quiet, &settings(&routes));
    assert_eq!(
        told.iter().map(|new| (new.sink.as_str(), new.due)).collect::<Vec<_>>(),
        [("all", 900 * SECOND), ("europe", 900 * SECOND)]
    );
}

#[test]
fn what_expires_is_told_ahead_and_its_renewal_too() {
    let settings = settings(&[("s", &[], Severity::Info)]);
    let day = 86_400 * SECOND;
    let told = |ends: Micros, renewed| {
        let thing = (Expiring::ClientSecret, "reader app", ends);
        expiry(thing, "Make a new one in Entra.", 100 * day, renewed, &ABOUT, &settings).remove(0).notice
    };
    let ahead = told(120 * day, false);
    assert_eq!((ahead.phase, ahead.severity), (Phase::Opens, Severity::Warning));
    assert_eq!(told(102 * day, false).severity, Severity::Critical);
    assert!(Message::of(&told(99 * day, false)).headline.contains("has expired"));
    let renewed = told(500 * day, true);
    assert_eq!((renewed.phase, renewed.identity()), (Phase::Closes, ahead.identity()));
}

fn entry(id: i64, target: &str, at: Micros, before: State, after: State) -> Entry {
    let standing = |state| if state == State::Usable { Standing::NotMet } else { Standing::Met };
    let (before, after) = (cell(before, standing(before)), cell(after, standing(after)));
    Entry {
        id,
        notice: notice(target, at, Some(&before), &after).unwrap(),
        attempts: 0,
        due: at + 30 * SECOND,
        announced: false,
    }
}

const FLEET: Storminess = Storminess { targets: 100, share: 0.2 };

#[test]
fn a_few_changes_are_told_one_by_one_when_they_are_due() {
    let waiting = [
        entry(1, "a", 0, State::Refused, State::Usable),
        entry(2, "b", 20 * SECOND, State::Refused, State::Usable),
    ];
    let told = parcels(&waiting, 31 * SECOND, &mut Storm::default(), FLEET);
    assert_eq!(told.iter().map(|parcel| parcel.ids.clone()).collect::<Vec<_>>(), [[1]]);
    assert_eq!(parcels(&waiting, 51 * SECOND, &mut Storm::default(), FLEET).len(), 2);
}

#[test]
fn a_clock_that_was_a_year_ahead_keeps_nothing_waiting_and_no_storm_going() {
    const YEAR: Micros = 365 * 86_400 * SECOND;
    let ahead = entry(1, "a", YEAR, State::Refused, State::Usable);
    let refused_ahead = Entry { attempts: 1, due: YEAR, ..entry(2, "b", 0, State::Refused, State::Usable) };
    let patient =
        Entry { attempts: 1, due: 3_600 * SECOND, ..entry(3, "c", 0, State::Refused, State::Usable) };
    let told = parcels(&[ahead, refused_ahead, patient], SECOND, &mut Storm::default(), FLEET);
    assert_eq!(told.iter().map(|parcel| parcel.ids.as_slice()).collect::<Vec<_>>(), [[1], [2]]);

    let many: Vec<Entry> =
        (0..30).map(|at| entry(at, &format!("t{at}"), YEAR, State::Refused, State::Usable)).collect();
    let mut storm = Storm::default();
    assert_eq!(parcels(&many, YEAR + 20 * SECOND, &mut storm, FLEET).len(), 1);
    storm.told(Phase::Opens);
    assert_eq!(parcels(&many, 100 * SECOND, &mut storm, FLEET).len(), 0, "the clock is right again");
    let over = parcels(&many, 800 * SECOND, &mut storm, FLEET);
    assert_eq!(over.len(), 1);
    assert_eq!(over[0].notice.as_ref().unwrap().phase, Phase::Moves);
}

#[test]
fn a_cell_that_went_back_while_it_waited_wakes_nobody() {
    let waiting = [
        entry(1, "a", 0, State::Refused, State::Usable),
        entry(2, "a", 10 * SECOND, State::Usable, State::Refused),
        entry(3, "b", 0, State::Refused, State::Usable),
        entry(4, "b", 10 * SECOND, State::Usable, State::Shut),
    ];
    let told = parcels(&waiting, 60 * SECOND, &mut Storm::default(), FLEET);
    assert_eq!((told[0].notice.as_ref(), &told[0].ids), (None, &vec![1, 2]));
    let Subject::Cell { before, after, .. } = &told[1].notice.as_ref().unwrap().subject else { panic!() };
    assert_eq!((before.as_ref().unwrap().state, after.state), (State::Refused, State::Shut), "as one step");
}

#[test]
fn a_share_of_all_targets_in_one_minute_is_one_alert_and_its_end_another() {
    let many = |count: i64, spread: Micros| -> Vec<Entry> {
        (0..count)
            .map(|at| entry(at, &format!("t{at}"), at * spread, State::Refused, State::Usable))
            .collect()
    };
    // Twenty of a hundred within a minute; nineteen are told one by one.
    assert_eq!(parcels(&many(19, SECOND), 60 * SECOND, &mut Storm::default(), FLEET).len(), 19);
    assert_eq!(
        parcels(&many(20, 4 * SECOND), 200 * SECOND, &mut Storm::default(), FLEET).len(),
        20,
        "over more than a minute"
    );
    let (waiting, mut storm) = (many(20, SECOND), Storm::default());
    let told = parcels(&waiting, 20 * SECOND, &mut storm, FLEET);
    assert_eq!(told.len(), 1);
    let first = told[0].notice.as_ref().unwrap();
    assert_eq!(
        (first.phase, first.severity, told[0].ids.len()),
        (Phase::Opens, Severity::Critical, 0),
        "they still wait"
    );
    assert_eq!(Message::of(first).headline, "20 of 100 targets changed within a minute");
    assert_eq!(first.link.as_deref(), Some("https://canary.example.com/mail/"));
    assert_eq!(parcels(&waiting, 25 * SECOND, &mut storm, FLEET).len(), 1, "told again until it was taken");
    storm.told(Phase::Opens);
    assert_eq!(parcels(&waiting, 30 * SECOND, &mut storm, FLEET).len(), 0, "and not again after that");
    let over = parcels(&waiting, 700 * SECOND, &mut storm, FLEET);
    assert_eq!((over[0].notice.as_ref().unwrap().phase, over[0].ids.len()), (Phase::Moves, 20));
    storm.told(Phase::Moves);
    assert!(!storm.goes_on());
    // After a crash that nobody noticed for an hour.
    let late = parcels(&waiting, 3_600 * SECOND, &mut Storm::default(), FLEET);
    assert_eq!(
        (late.len(), late[0].notice.as_ref().unwrap().phase, late[0].ids.len()),
        (1, Phase::Moves, 20)
    );
}

#[test]
fn a_storm_that_has_settled_is_resolved_only_where_no_member_is_a_problem_any_more() {
    let opens = |at: i64| entry(at, &format!("t{at}"), at * SECOND, State::Refused, State::Usable);
    let closes =
        |at: i64| entry(100 + at, &format!("t{at}"), (100 + at) * SECOND, State::Usable, State::Refused);
    let settled = |told: bool, back: i64| {
        let waiting: Vec<Entry> = (0..20).map(opens).chain((0..back).map(closes)).collect();
        let mut storm = Storm::default();
        if told {
            parcels(&waiting, 20 * SECOND, &mut storm, FLEET);
            storm.told(Phase::Opens);
        }
        let over = parcels(&waiting, 3_600 * SECOND, &mut storm, FLEET);
        let message = Message::of(over[0].notice.as_ref().unwrap());
        (message.status, message.headline)
    };
    let goes_on = "Nothing new for ten minutes, and problems remain: 20 of 100 targets changed";
    let is_over = "The change of many targets has settled: 20 of 100 changed";
    assert_eq!(settled(true, 0), ("firing", goes_on.to_owned()));
    assert_eq!(settled(true, 19), ("firing", goes_on.to_owned()), "one is still down");
    assert_eq!(settled(true, 20), ("resolved", is_over.to_owned()));
    // Nobody was told while it went on.
    assert_eq!(settled(false, 19), ("firing", goes_on.to_owned()));
    assert_eq!(settled(false, 20).0, "changed");
}

#[test]
fn a_hundred_thousand_targets_are_still_one_alert() {
    let waiting: Vec<Entry> = (0..10_000)
        .map(|at| entry(at, &format!("t{at}"), at * 1_000, State::Refused, State::Usable))
        .collect();
    let told =
        parcels(&waiting, 60 * SECOND, &mut Storm::default(), Storminess { targets: 100_000, share: 0.05 });
    assert_eq!(told.len(), 1);
}

#[test]
fn what_is_open_is_what_began_and_has_not_ended() {
    let mut open = Open::default();
    let begins = entry(1, "a", 0, State::Refused, State::Usable).notice;
    let ends = entry(2, "a", SECOND, State::Usable, State::Refused).notice;
    let part = entry(3, "b", SECOND, State::Refused, State::Usable).notice;
    open.note(&begins, How::Told);
    open.note(&part, How::Summed);
    assert_eq!((open.told(SECOND).len(), open.problems(SECOND).len()), (1, 2));
    open.note(&ends, How::Told);
    assert_eq!((open.told(SECOND).len(), open.problems(SECOND).len()), (0, 1));
    let change =
        notice("c", 0, Some(&cell(State::Usable, Standing::NoRule)), &cell(State::Refused, Standing::NoRule))
            .unwrap();
    open.note(&change, How::Told);
    assert_eq!(open.told(SECOND).len(), 1, "a change without a rule is visible for a day");
    assert_eq!(open.told(86_401 * SECOND).len(), 0);
}

#[test]
fn a_storm_of_more_members_than_are_kept_is_open_all_the_same() {
    let mut open = Open::default();
    let members: Vec<Entry> =
        (0..10_001).map(|at| entry(at, &format!("t{at}"), at, State::Refused, State::Usable)).collect();
    for member in &members {
        open.note(&member.notice, How::Summed);
    }
    let storm = parcels(&members, SECOND, &mut Storm::default(), FLEET).remove(0).notice.unwrap();
    open.note(&storm, How::Told);
    assert_eq!(open.told(SECOND), [&storm]);
}
