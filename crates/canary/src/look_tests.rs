use super::*;
use mailprobe_judge::sample::{endpoint, opened, refused, report, silent, skipped, unreachable};
use mailprobe_judge::{Policy, Rule, judge_by};
use mailprobe_probes::model::Phase;

const URL: &str = "imaps://a.test:993";

/// Cells as `METHOD state standing`, judged by expectations and a policy.
fn cells(mut report: Report, rules: &[&str], policies: &[Policy], known: &[&str]) -> Vec<String> {
    let rules: Vec<Rule> = rules.iter().map(|rule| rule.parse().unwrap()).collect();
    report.verdict = judge_by(&report, &rules, policies, None);
    let known: Vec<CellKey> = known
        .iter()
        .map(|method| CellKey {
            target: "t".into(),
            module: "m".into(),
            endpoint: URL.into(),
            method: (*method).into(),
        })
        .collect();
    let look = look(&report, ("t", "m"), &[URL.to_owned()], known.iter());
    let told = |(key, cell): &(CellKey, Cell)| format!("{} {} {:?}", key.method, cell.state, cell.standing);
    look.cells.iter().map(told).collect()
}

#[test]
fn a_refusal_that_is_meant_to_be_is_met_and_what_is_usable_against_the_rules_is_not() {
    let seen = report(vec![endpoint(
        URL,
        vec![("PLAIN", refused(Cause::BasicDisabled)), ("LOGIN", opened()), ("XOAUTH2", opened())],
        &["PLAIN", "XOAUTH2"],
    )]);
    let rules = ["PLAIN=refused", "LOGIN=refused"];
    assert_eq!(
        cells(seen, &rules, &[], &[]),
        ["- reached NoRule", "PLAIN refused Met", "LOGIN usable NotMet", "XOAUTH2 usable NoRule"]
    );
}

#[test]
fn of_a_policy_about_all_passwords_only_the_cells_that_break_it_are_not_met() {
    let text = "name = \"p\"\ntitle = \"t\"\n[[rule]]\nid = \"off\"\nmethods = [\"password\"]\n\
                state = \"not-accepted\"\nbecause = \"b\"\n";
    let policy = Policy::read("p.toml", text).unwrap();
    let seen = report(vec![endpoint(
        URL,
        vec![("PLAIN", refused(Cause::BasicDisabled)), ("LOGIN", opened())],
        &["PLAIN", "LOGIN"],
    )]);
    let told = cells(seen, &[], &[policy], &[]);
    assert_eq!(told, ["- reached NoRule", "PLAIN refused Met", "LOGIN usable NotMet"]);
}

#[test]
fn no_answer_is_no_state_of_a_server_and_decides_no_rule() {
    let attempts = vec![
        ("PLAIN", silent()),
        ("LOGIN", skipped(Skip::Budget)),
        ("XOAUTH2", refused(Cause::Throttled)),
        ("CRAM-MD5", skipped(Skip::NoPassword)),
    ];
    let seen = report(vec![endpoint(URL, attempts, &["PLAIN", "CRAM-MD5"])]);
    assert_eq!(
        cells(seen, &["PLAIN=refused"], &[], &[]),
        [
            "- reached NoRule",
            "PLAIN unclear Undecided",
            "LOGIN not-tried NoRule",
            "XOAUTH2 throttled NoRule",
            "CRAM-MD5 offered NoRule"
        ]
    );
}

#[test]
fn what_was_known_and_is_not_offered_any_more_says_so_and_a_rule_may_want_that() {
    let seen = || report(vec![endpoint(URL, vec![("XOAUTH2", opened())], &["XOAUTH2"])]);
    let told = cells(seen(), &["PLAIN=not-advertised"], &[], &["PLAIN"]);
    assert_eq!(told, ["- reached NoRule", "XOAUTH2 usable NoRule", "PLAIN not-offered Met"]);
    let mut unheard = seen();
    unheard.endpoints[0].failure = Some(Failure::new(Phase::Connect, Trouble::Timeout, "late"));
    unheard.endpoints[0].attempts.clear();
    unheard.endpoints[0].advertised.clear();
    assert_eq!(
        cells(unheard.clone(), &[], &[], &["PLAIN"]),
        ["- unreachable Undecided"],
        "who was not heard said nothing of a method"
    );
    let told = cells(unheard, &["PLAIN=refused", "XOAUTH2=usable"], &[], &[]);
    let wanted = ["- unreachable NoRule", "PLAIN not-known Undecided", "XOAUTH2 not-known Undecided"];
    assert_eq!(told, wanted, "what a rule wants is there, whatever was seen of it");
}

#[test]
fn what_a_rule_wants_and_nobody_offered_or_tried_is_a_cell() {
    let seen = || report(vec![endpoint(URL, vec![("XOAUTH2", opened())], &["XOAUTH2"])]);
    let of = |rule: &str| cells(seen(), &[rule], &[], &[]).pop().unwrap();
    assert_eq!(of("PLAIN=not-advertised"), "PLAIN not-offered Met");
    assert_eq!(of("PLAIN=advertised"), "PLAIN not-offered NotMet");
    assert_eq!(of("PLAIN=usable"), "PLAIN not-offered Undecided");
}

#[test]
fn an_endpoint_of_which_nobody_can_say_whether_anything_works_is_not_in_order() {
    let silent_only = report(vec![endpoint(URL, vec![("PLAIN", silent())], &["PLAIN"])]);
    assert_eq!(cells(silent_only, &[], &[], &[]), ["- unclear Undecided", "PLAIN unclear NoRule"]);
    let spent = report(vec![endpoint(URL, vec![("PLAIN", skipped(Skip::Budget))], &["PLAIN"])]);
    assert_eq!(cells(spent, &[], &[], &[]), ["- not-tried Undecided", "PLAIN not-tried NoRule"]);
    let text = "name = \"p\"\ntitle = \"t\"\n[[rule]]\nid = \"on\"\nmethods = [\"token\"]\n\
                state = \"advertised\"\nbecause = \"b\"\n";
    let policy = Policy::read("p.toml", text).unwrap();
    let bare = report(vec![endpoint(URL, vec![("PLAIN", opened())], &["PLAIN"])]);
    let told = cells(bare, &[], &[policy], &[]);
    assert_eq!(told, ["- reached NotMet", "PLAIN usable NoRule"], "what no cell shows, the endpoint does");
}

#[test]
fn a_report_with_an_endpoint_that_nobody_reached_has_not_passed() {
    let gone = unreachable("pop3s://a.test:995", Trouble::ConnectionRefused);
    let good = endpoint(URL, vec![("XOAUTH2", opened())], &["XOAUTH2"]);
    let mut seen = report(vec![good, gone]);
    seen.verdict = judge_by(&seen, &["imap/XOAUTH2=usable".parse().unwrap()], &[], None);
    let look = look(&seen, ("t", "m"), &[URL.to_owned()], std::iter::empty());
    assert_eq!(look.status, "unknown");
}

#[test]
fn an_endpoint_that_only_an_answer_named_has_no_cells() {
    let seen = report(vec![endpoint("imaps://elsewhere.test:993", vec![("PLAIN", opened())], &["PLAIN"])]);
    assert_eq!(cells(seen, &[], &[], &[]), Vec::<String>::new());
}
