use std::ffi::OsString;
use std::io::Cursor;

use clap::Parser as _;
use mailprobe_probes::model::{Kind, Method, Phase, Protocol};
use mailprobe_probes::probe::Repertoire;
use mailprobe_probes::sasl::Registry;
use mailprobe_probes::scheme::Schemes;

use super::*;
use crate::output::Printed;
use mailprobe_run::plan::{
    Abilities, KnownMethod, Limits, Plan, PlanErrors, Request, Standing, Visit, World, presentations,
};

fn known() -> Vec<KnownMethod> {
    let password = ["PLAIN", "LOGIN", "LOGIN-COMMAND", "SCRAM-SHA-256", "SCRAM-SHA-256-PLUS", "USER-PASS"];
    let token = ["XOAUTH2", "OAUTHBEARER"];
    let entry = |kind| move |name: &&str| KnownMethod { method: Method::from_name(name), kind };
    password.iter().map(entry(Kind::Password)).chain(token.iter().map(entry(Kind::Token))).collect()
}

fn env(name: &str) -> Option<OsString> {
    match name {
        "PW" => Some("hunter2".into()),
        "TOKEN" => Some("eyJ0".into()),
        _ => None,
    }
}

fn no_terminal(_: &str) -> std::io::Result<String> {
    Err(std::io::Error::other("not a terminal"))
}

fn with<T>(line: &str, stdin: &str, then: impl FnOnce(Result<Plan, PlanErrors>, &Abilities<'_>) -> T) -> T {
    let words = std::iter::once("mailprobe").chain(line.split_whitespace());
    let Command::Check(args) = Cli::try_parse_from(words).unwrap_or_else(|error| panic!("{error}")).command
    else {
        panic!("not check")
    };
    let methods = known();
    let (mechanisms, schemes) = (Registry::standard(), Schemes::standard());
    let repertoire = Repertoire { mechanisms: &mechanisms, schemes: &schemes };
    let abilities = Abilities { methods: &methods, protocols: &[Protocol::Imap], repertoire };
    let mut stdin = Cursor::new(stdin.to_owned());
    let mut world = World { env: &env, stdin: &mut stdin, prompt: &no_terminal };
    let printed = Printed::try_from(&args.output);
    let request = printed.and_then(|_| Request::try_from(&*args)).map_err(PlanErrors::from);
    let plan = request.and_then(|request| Plan::resolve(&request, &mut world, &abilities));
    then(plan, &abilities)
}

fn plan(line: &str) -> Plan {
    with(line, "", |plan, _| plan.unwrap())
}

fn visits(plan: &Plan) -> Vec<Visit> {
    mailprobe_run::with_abilities(|abilities| plan.visits.iter(abilities).collect::<Result<_, _>>().unwrap())
}

fn complaint(line: &str) -> String {
    with(line, "", |plan, _| plan.err().map_or_else(|| "no complaint".into(), |error| error.to_string()))
}

fn refused_by_clap(line: &str) -> String {
    let words = std::iter::once("mailprobe").chain(line.split_whitespace());
    Cli::try_parse_from(words).err().map_or_else(|| "no complaint".into(), |error| error.to_string())
}

const ONE: &str = "check alice@example.com --endpoint imaps://imap.example.com";

#[test]
fn the_command_line_definition_is_consistent() {
    use clap::CommandFactory as _;
    Cli::command().debug_assert();
}

#[test]
fn one_mailbox_gets_the_defaults_that_the_help_promises() {
    let plan = plan(&format!("{ONE} --password-env PW --token-env TOKEN"));
    let visits = visits(&plan);
    let [visit] = visits.as_slice() else { panic!("{} visits", visits.len()) };
    assert_eq!(
        (visit.mailbox.as_str(), visit.login.authcid.as_str()),
        ("alice@example.com", "alice@example.com")
    );
    assert_eq!(visit.login.password.as_ref().unwrap().expose(), b"hunter2");
    assert_eq!(visit.options.stop_after, Phase::Logout);
    assert!(visit.options.unadvertised && !visit.options.insecure && !visit.options.allow_plaintext);
    assert_eq!((plan.budget, plan.limits), (1, Limits { run: 64, per_host: 16, per_mailbox: 8 }));
    assert_eq!(visit.options.reply_timeout.as_secs(), 60);
    assert_eq!(visit.options.connect_timeout.as_secs(), 15);
    assert_eq!(visit.options.visit_timeout.as_secs(), 180);
    assert!(plan.notes.is_empty(), "{:?}", plan.notes);
}

#[test]
fn one_time_is_the_time_of_the_whole_visit_unless_another_is_given_for_that() {
    let seconds = |more: &str| {
        let plan = plan(&format!("{ONE} --password-env PW {more}"));
        let options = &visits(&plan)[0].options;
        [options.reply_timeout, options.connect_timeout, options.visit_timeout].map(|time| time.as_secs())
    };
    assert_eq!(seconds("--timeout 10"), [10, 10, 10]);
    assert_eq!(seconds("--timeout 300"), [300, 15, 300]);
    assert_eq!(seconds("--timeout 10 --visit-timeout 40"), [10, 15, 40]);
    assert_eq!(seconds("--visit-timeout 5"), [60, 5, 5]);
    assert_eq!(seconds("--timeout 10 --connect-timeout 3"), [10, 3, 10]);
}

#[test]
fn a_secret_shows_in_no_form_of_the_plan() {
    with(&format!("{ONE} --password-env PW --token-env TOKEN"), "", |plan, abilities| {
        let plan = plan.unwrap();
        let all = format!(
            "{plan:?} {plan:#?} {} {}",
            presentations::text(&plan, abilities).unwrap(),
            presentations::json(&plan, abilities).unwrap()
        );
        assert!(!all.contains("hunter2") && !all.contains("eyJ0"));
    });
}

#[test]
fn without_a_credential_only_advertisements_are_read_and_a_note_says_so() {
    let plan = plan(ONE);
    assert_eq!(visits(&plan)[0].options.stop_after, Phase::Capability);
    assert!(
        plan.notes[0].starts_with("no password and no token given: only advertisements are read"),
        "{:?}",
        plan.notes
    );
}

#[test]
fn nothing_is_read_where_nothing_is_presented() {
    let plan = plan(&format!("{ONE} --password-prompt --advertised-only"));
    assert!(visits(&plan)[0].login.password.is_none() && plan.notes.is_empty());
    assert_eq!(visits(&plan)[0].options.stop_after, Phase::Capability);
    assert_eq!(visits(&self::plan(&format!("{ONE} --stop-after tls")))[0].options.stop_after, Phase::Tls);
}

#[test]
fn asking_for_versions_of_tls_is_four_connections_more_where_there_is_tls() {
    let line = format!("{ONE} --endpoint imap+plain://imap.example.com --tls-versions --advertised-only");
    with(&line, "", |plan, abilities| {
        let plan = plan.unwrap();
        assert!(visits(&plan)[0].options.tls_versions);
        let text = presentations::text(&plan, abilities).unwrap();
        let more = "    4 connections more ask for one version of TLS each\n";
        assert_eq!(text.matches(more).count(), 1, "{text}");
    });
    assert!(!visits(&plan(ONE))[0].options.tls_versions);
    assert!(
        complaint(&format!("{ONE} --tls-versions --stop-after resolve")).contains("--stop-after connect")
    );
    assert_eq!(
        visits(&plan(&format!("{ONE} --tls-versions --stop-after connect")))[0].options.stop_after,
        Phase::Connect
    );
}

#[test]
fn a_list_from_standard_input_overrides_what_the_command_line_says() {
    let list = "mailbox,endpoint,login_name,password_env,methods\n\
                alice@example.com,,,,\n\
                bob@example.com,imap://other.example,{local},PW,LOGIN\n";
    let line = "check --targets - --targets-format csv --endpoint imaps://imap.example.com --token-env TOKEN";
    let plan = with(line, list, |plan, _| plan.unwrap());
    assert_eq!(visits(&plan)[0].endpoints[0].port, 993);
    assert!(visits(&plan)[0].login.password.is_none() && visits(&plan)[0].login.token.is_some());
    assert_eq!(visits(&plan)[1].endpoints[0].url(), "imap://other.example:143");
    assert_eq!(visits(&plan)[1].login.authcid, "bob");
    assert_eq!(visits(&plan)[1].options.methods, [Method::sasl("LOGIN")]);
}

#[test]
fn a_mistake_in_a_list_names_its_line() {
    let line = "check --targets - --password-env PW";
    for (list, expected) in [
        (
            "mailbox,endpoint\nalice,imaps://h\n",
            "standard input:2: `alice` is not a mailbox: write name@domain",
        ),
        ("mailbox\na@b\n", "standard input:2: no endpoint for a@b: add --endpoint imaps://imap.b"),
        (
            "mailbox,endpoint\na@b,pop3s://h\n",
            "standard input:2: mailprobe cannot probe pop3 yet (pop3s://h:995); it can probe imap",
        ),
        (
            "mailbox,endpoint,methods\na@b,imaps://h,NTLM\n",
            "standard input:2: unknown method `NTLM`: use PLAIN, LOGIN,",
        ),
        (
            "mailbox,endpoint\na@b,imaps://h\na@b,imap://h\n",
            "standard input:3: a@b was already named (standard input:2)",
        ),
    ] {
        let message = with(line, list, |plan, _| plan.err().unwrap().to_string());
        assert!(message.contains(expected), "{expected}: {message}");
    }
}

#[test]
fn all_mistakes_of_a_list_are_told_at_once_in_its_order() {
    let list = "mailbox,endpoint,methods\n\
                alice,imaps://h,\n\
                bob@example.com,h:993,\n\
                carol@example.com,imaps://h\n\
                dora@example.com,imaps://h,NTLM\n\
                \"erin@example.com,imaps://h,\n\
                fred@example.com,imaps://h,PLAIN\n\
                fred@example.com,imap://h,PLAIN\n";
    let told = with("check --targets -", list, |plan, _| plan.err().unwrap().to_string());
    let wanted = [
        "standard input:2: `alice` is not a mailbox",
        "standard input:3: field `endpoint`: `h:993` is not an endpoint URL",
        "standard input:4: 2 fields where the header has 3",
        "standard input:5: unknown method `NTLM`",
        "standard input:6: a quotation mark is not closed",
        "standard input:8: fred@example.com was already named (standard input:7)",
    ];
    assert_eq!(told.lines().count(), wanted.len(), "{told}");
    for (line, wanted) in told.lines().zip(wanted) {
        assert!(line.starts_with(wanted), "{line}\n{wanted}");
    }
    let many: String = format!("mailbox\n{}", "alice\n".repeat(1000));
    let told = with("check --targets -", &many, |plan, _| plan.err().unwrap().to_string());
    assert!(told.lines().count() == 51 && told.ends_with("\nand 950 more"), "{told}");
}

#[test]
fn a_mistake_on_the_command_line_names_the_flag_and_the_way_out() {
    for (line, expected) in [
        ("check", "nothing to check: name a mailbox, or a list with --targets FILE"),
        ("check alice", "`alice` is not a mailbox: write name@domain"),
        (
            "check alice@example.com",
            "no endpoint for alice@example.com: add --endpoint imaps://imap.example.com",
        ),
        (
            "check a@b --endpoint smtp://h",
            "mailprobe cannot probe smtp yet (smtp://h:587); it can probe imap",
        ),
        ("check a@b --endpoint h:993", "--endpoint: `h:993` is not an endpoint URL"),
        (
            "check a@b --endpoint imaps://h --endpoint imaps://h:993",
            "--endpoint imaps://h:993 is given twice",
        ),
        ("check a@b a@b --endpoint imaps://h", "a@b was already named (the command line)"),
        (
            "check a@b --endpoint imaps://h --methods NTLM",
            "--methods: unknown method `NTLM`: use PLAIN, LOGIN, LOGIN-COMMAND",
        ),
        ("check a@b --endpoint imaps://h --methods ,", "--methods: the list of methods is empty"),
        ("check a@b --endpoint imaps://h --login-name {user}", "unknown placeholder {user}"),
        ("check a@b --endpoint imaps://h --ca-file /nowhere", "cannot read --ca-file /nowhere"),
        ("check a@b --endpoint imaps://h -o xml", "-o unknown format `xml`"),
        ("check --targets /nowhere.csv", "cannot read --targets /nowhere.csv"),
        ("check --targets - --password-stdin", "--password-stdin and --targets - both read standard input"),
        ("check a@b --endpoint imaps://h --password-env NONE", "the password variable NONE is not set"),
        (
            "check a@b --endpoint imaps://h --password-prompt",
            "there is no terminal to ask for the password: use --password-env, --password-file or --password-command",
        ),
        ("check a@b --endpoint imaps://h --token-env NONE", "the token variable NONE is not set"),
    ] {
        let message = complaint(line);
        assert!(message.contains(expected), "{line}\n{expected}\n{message}");
    }
}

#[test]
fn flags_that_contradict_each_other_are_refused() {
    for (flags, expected) in [
        ("-4 --source-address 2001:db8::1", "--source-address 2001:db8::1 contradicts -4"),
        ("-6 --resolve imap.example.com:192.0.2.1", "--resolve imap.example.com 192.0.2.1 contradicts -6"),
        (
            "--advertised-only --stop-after auth",
            "--advertised-only and --stop-after auth contradict each other",
        ),
        (
            "--stop-after tls --expect PLAIN=usable",
            "--expect PLAIN=usable cannot be decided with --stop-after tls",
        ),
        ("--stop-after auth --expect PLAIN=usable", "--stop-after auth: it needs the phase session"),
        ("--advertised-only --expect PLAIN=refused", "cannot be decided with --advertised-only"),
        ("--stop-after tls --expect PLAIN=advertised", "it needs the phase capability"),
        ("--expect PLAIN=usable", "--expect PLAIN=usable needs a password: add --password-env"),
        (
            "--password-env PW --expect XOAUTH2=usable",
            "--expect XOAUTH2=usable needs a token: add --token-env",
        ),
        ("--password-env PW --attempt-budget 0 --expect PLAIN=refused", "--attempt-budget 0 forbids it"),
        ("--password-env PW --expect PLAIN=usable --expect PLAIN=refused", "contradict each other"),
        (
            "--password-env PW --methods LOGIN --expect PLAIN=usable",
            "--expect PLAIN=usable needs PLAIN in --methods",
        ),
        ("--password-env PW --expect NTLM=refused", "--expect NTLM=refused: unknown method `NTLM`"),
        ("--password-env PW --expect pop3/PLAIN=usable", "is about a protocol that no endpoint speaks"),
        (
            "--password-env PW --methods user-pass",
            "--methods: no endpoint of this run knows USER-PASS (imap): use PLAIN, LOGIN,",
        ),
        ("--password-env PW --methods PLAIN,user-pass", "no endpoint of this run knows USER-PASS"),
        ("--expect PLAIN=dead", "--expect: unknown state `dead` in `PLAIN=dead`"),
    ] {
        let message = complaint(&format!("{ONE} {flags}"));
        assert!(message.contains(expected), "{flags}\n{expected}\n{message}");
    }
    assert!(complaint(&format!("{ONE} --expect NTLM=not-advertised")) == "no complaint");
}

#[test]
fn methods_that_several_targets_share_need_not_all_be_known_to_each() {
    let resolve = |methods: &str| {
        let words = format!("mailprobe {ONE} --password-env PW --methods {methods}");
        let Command::Check(args) = Cli::try_parse_from(words.split_whitespace()).unwrap().command else {
            panic!("not check")
        };
        let methods = known();
        let (mechanisms, schemes) = (Registry::standard(), Schemes::standard());
        let repertoire = Repertoire { mechanisms: &mechanisms, schemes: &schemes };
        let abilities = Abilities { methods: &methods, protocols: &[Protocol::Imap], repertoire };
        Standing::resolve(&Request::try_from(&*args).unwrap(), &[], &abilities)
            .err()
            .map(|error| error.to_string())
    };
    assert_eq!(resolve("PLAIN,USER-PASS"), None);
    assert!(resolve("USER-PASS").unwrap().contains("no endpoint of this run knows USER-PASS"));
}

#[test]
fn clap_refuses_what_needs_no_thought() {
    for (flags, expected) in [
        ("-4 -6", "cannot be used with"),
        ("--password-env A --password-file b", "cannot be used with"),
        ("--password-stdin --password-prompt", "cannot be used with"),
        ("--token-env A --token-command b", "cannot be used with"),
        (
            "--stop-after lunch",
            "possible values: resolve, connect, tls, greeting, capability, starttls, auth",
        ),
        ("--timeout soon", "write seconds as a number"),
        ("--concurrency 0", "0 is not in 1..=10000"),
        ("--attempt-budget=-1", "-1 is not in 0..=1000"),
        ("--dns-server dns", "write an IP address"),
        ("--resolve h", "write HOST:ADDR or HOST:PORT:ADDR"),
        ("--source-address here", "--source-address"),
        ("--password hunter2", "unexpected argument '--password'"),
        ("--color sometimes", "possible values: auto, always, never"),
    ] {
        let message = refused_by_clap(&format!("{ONE} {flags}"));
        assert!(message.contains(expected), "{flags}\n{expected}\n{message}");
    }
}

#[test]
fn notes_tell_what_is_odd_but_harmless() {
    let notes = plan(&format!(
        "{ONE} --resolve imap.exmaple.com:192.0.2.1 --password-env PW --methods PLAIN,XOAUTH2"
    ))
    .notes;
    assert_eq!(notes[0], "--resolve imap.exmaple.com fits no endpoint");
    assert!(notes[1].starts_with("XOAUTH2 will not be tried: no token was given"), "{notes:?}");
}

#[test]
fn colour_follows_the_flag_then_no_color_then_the_terminal() {
    let no = std::ffi::OsStr::new("1");
    let empty = std::ffi::OsStr::new("");
    assert!(Color::Always.on(false, Some(no)) && !Color::Never.on(true, None));
    assert!(Color::Auto.on(true, None) && Color::Auto.on(true, Some(empty)));
    assert!(!Color::Auto.on(true, Some(no)) && !Color::Auto.on(false, None));
}

#[test]
fn the_forecast_counts_every_presentation() {
    let line = "check alice@example.com --endpoint imaps://imap.example.com --endpoint imap+plain://imap.example.com \
                --login-name CORP\\{local} --password-env PW --token-env TOKEN";
    with(line, "", |plan, abilities| {
        let plan = plan.unwrap();
        let text = presentations::text(&plan, abilities).unwrap();
        let expected = "\
alice@example.com (logs in as CORP\\alice)
  imaps://imap.example.com:993
    password  PLAIN, LOGIN, LOGIN-COMMAND, if offered CRAM-MD5, SCRAM-SHA-1,
              SCRAM-SHA-1-PLUS, SCRAM-SHA-256, SCRAM-SHA-256-PLUS
    token     XOAUTH2, if offered OAUTHBEARER
  imap+plain://imap.example.com:143
    nothing is presented: no TLS, and no --allow-plaintext

Account corp\\alice
  password  presented at most 8 times;
            a wrong one costs at most 1 bad attempt
  token     presented at most 2 times

Nothing was sent.
";
        assert_eq!(text, expected);
        let json: serde_json::Value =
            serde_json::from_str(&presentations::json(&plan, abilities).unwrap()).unwrap();
        assert_eq!(json["accounts"][0]["password_presentations_at_most"], 8);
        let offered = &json["mailboxes"][0]["endpoints"][0]["only_if_offered"];
        assert_eq!(offered.as_array().unwrap().len(), 6, "{offered}");
        assert_eq!(json["accounts"][0]["bad_attempts_at_most"], 1);
        assert_eq!(json["mailboxes"][0]["endpoints"][1]["password"], serde_json::json!([]));
    });
}

#[test]
fn the_forecast_knows_the_flags_that_hold_secrets_back() {
    let shown = |flags: &str| {
        with(&format!("{ONE} {flags}"), "", |plan, abilities| {
            presentations::text(&plan.unwrap(), abilities).unwrap()
        })
    };
    assert!(shown("--password-env PW --attempt-budget 0").contains("never presented (--attempt-budget 0)"));
    assert!(shown("--advertised-only").contains("nothing is presented: only advertisements are read"));
    assert!(shown("").contains("Note: no password and no token given"));
    assert!(shown("--password-env PW --all-addresses").contains("8 times at each address of a host"));
    assert!(shown("--password-env PW --methods plain").contains("presented at most once"));

    let shared = "check a@b c@d --endpoint imaps://h --login-name Admin --password-env PW";
    let shared = with(shared, "", |plan, abilities| presentations::text(&plan.unwrap(), abilities).unwrap());
    assert!(shared.contains("Account admin\n  password  presented at most 16 times;"), "{shared}");
    let plain =
        shown("--endpoint imap+plain://h --allow-plaintext --password-env PW --methods SCRAM-SHA-256-PLUS");
    let nothing = "imap+plain://h:143\n    nothing is presented\n    \
                   not tried SCRAM-SHA-256-PLUS: there is no TLS to bind it to\n";
    assert!(plain.contains(nothing), "{plain}");
}

#[test]
fn the_help_of_check_lists_every_exit_status_of_the_documents() {
    use clap::CommandFactory as _;
    let help = Cli::command().render_long_help().to_string();
    let (_, list) = help.split_once("Exit status: ").unwrap();
    for status in ["0 every", "1 an", "2 usage", "3 could", "4 not found out only", "5 a fault"] {
        assert!(list.replace('\n', " ").contains(status), "{status}: {list}");
    }
}
