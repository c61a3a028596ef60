//! Commands that connect to nothing: policies, stored reports judged again, devices held against them. Each comes
//! back with what it says and its exit status.

use std::fmt::Write as _;
use std::path::Path;

use jiff::civil::Date;
use mailprobe_probes::model::Report;

use crate::args::{DevicesArgs, JudgeArgs, PolicyCommand, TextOrJson};
use crate::mistake::UserError;
use mailprobe_judge::{self as judge, Device, Policy, Rule, SHIPPED};
use mailprobe_report::devices::{self, Judged};
use mailprobe_report::stored;
use mailprobe_report::{self as report, Format, Style};
use mailprobe_run::plan::policies;

/// What a command says, and its exit status.
type Answer = Result<(String, u8), UserError>;

/// What is worth saying beside the answer of `policy`: which policies are old on the day that is asked for.
pub(crate) fn note_on_policy(command: &PolicyCommand, today: Date) -> Option<String> {
    let PolicyCommand::List { at } = command else { return None };
    policies::note_on_age(&Policy::all_shipped(), at.unwrap_or(today))
}

/// What is worth saying beside a judgement by policies. Mistakes in them are the judgement's to name.
pub(crate) fn note_on_named(typed: &[String], at: Option<Date>, today: Date) -> Option<String> {
    policies::note_on_age(&policies::policies(typed).ok()?, at.unwrap_or(today))
}

/// `policy`. `today` is the day for which ages are told where the user names none.
pub(crate) fn policy(command: &PolicyCommand, today: Date) -> Answer {
    match command {
        PolicyCommand::List { at } => {
            let at = at.unwrap_or(today);
            let mut text = String::new();
            for policy in Policy::all_shipped() {
                let reviewed = policy.reviewed.map(|day| day.to_string()).unwrap_or_default();
                let _ = writeln!(
                    text,
                    "{:<24} {reviewed}  {:<13}  {}",
                    policy.name,
                    age(&policy, at),
                    policy.title
                );
            }
            Ok((text, 0))
        }
        PolicyCommand::Show { name } => {
            if let Some((_, text)) = SHIPPED.iter().find(|(known, _)| known == name) {
                return Ok(((*text).to_owned(), 0));
            }
            // The message names those that exist; a file can be read with other tools.
            let policy = policies::policies(std::slice::from_ref(name))?;
            let name = policy.first().map_or("", |policy| policy.name.as_str());
            Err(UserError::new(format!("`{name}` is a file of yours; `policy show` prints shipped policies")))
        }
        PolicyCommand::Check { policies: typed } => {
            let each = typed.iter().map(|name| policies::policies(std::slice::from_ref(name)));
            let wrong: Vec<String> = each.filter_map(Result::err).map(|error| error.to_string()).collect();
            if !wrong.is_empty() {
                return Err(UserError::new(wrong.join("\n")));
            }
            let mut text = String::new();
            for policy in policies::policies(typed)? {
                let dates: Vec<String> = policy
                    .rules
                    .iter()
                    .filter_map(|rule| Some(format!("{} from {}", rule.id, rule.from?)))
                    .collect();
                let dates = if dates.is_empty() { String::new() } else { format!("; {}", dates.join(", ")) };
                let rules = if policy.rules.len() == 1 { "rule" } else { "rules" };
                let _ = writeln!(text, "{}: {} {rules}{dates}", policy.name, policy.rules.len());
            }
            Ok((text, 0))
        }
        PolicyCommand::Learn { report, name } => {
            let text = judge::learn(&stored::reports(report)?, name);
            // A report that shows nothing teaches nothing.
            Policy::read("learned", &text).map_err(|_| {
                UserError::new("the report shows no state of any method: nothing can be learned from it")
            })?;
            Ok((text, 0))
        }
    }
}

/// How long ago the sources of a policy were last read.
fn age(policy: &Policy, at: Date) -> String {
    match policy.age(at) {
        None => String::new(),
        Some(0) => "read that day".to_owned(),
        Some(1) => "1 day old".to_owned(),
        Some(days @ 1..) => format!("{days} days old"),
        Some(_) => "read later".to_owned(),
    }
}

/// `judge`.
pub(crate) fn judge(args: &JudgeArgs, style: &Style) -> Answer {
    let policies = policies::policies(&args.policy)?;
    let typed = args.expect.iter().flat_map(|typed| typed.split_whitespace());
    let rules: Vec<Rule> = typed
        .map(|rule| rule.parse().map_err(|error| UserError::new(format!("--expect: {error}"))))
        .collect::<Result<_, _>>()?;
    if policies.is_empty() && rules.is_empty() {
        return Err(UserError::new("nothing to judge by: add --policy NAME|FILE or --expect RULE"));
    }
    let mut reports = stored::reports(&args.report)?;
    for report in &mut reports {
        if args.at.is_none() && !policies.is_empty() {
            dated(report)?;
        }
        report.verdict = judge::judge_by(report, &rules, &policies, args.at);
    }
    let format = match args.output {
        TextOrJson::Text => Format::Text,
        TextOrJson::Json => Format::Json,
    };
    Ok((report::render(format, &reports, style), judge::exit_code(&reports)))
}

/// `devices`.
pub(crate) fn devices(args: &DevicesArgs, style: &Style) -> Answer {
    let known = chosen(args)?;
    let Some(path) = &args.report else {
        let text = match args.output {
            TextOrJson::Text => devices::list(&known, style),
            TextOrJson::Json => devices::json(&known),
        };
        return Ok((text, 0));
    };
    let (named, shipped) = (policies::policies(&args.policy)?, Policy::all_shipped());
    let reports = stored::reports(path)?;
    let mut judged = Vec::new();
    for report in &reports {
        dated(report)?;
        judged.push(Judged {
            mailbox: report.mailbox.clone(),
            started_at: report.started_at.clone(),
            devices: judge::judge_devices(&known, report, &named, &shipped, args.at),
        });
    }
    let text = match args.output {
        TextOrJson::Text => devices::text(&judged, style),
        TextOrJson::Json => devices::json(&judged),
    };
    Ok((text, 0))
}

/// Shipped profiles and the user's own, those that were asked for.
fn chosen(args: &DevicesArgs) -> Result<Vec<Device>, UserError> {
    let mut known = Device::shipped();
    for path in &args.profiles {
        for device in profiles(path)? {
            match known.iter_mut().find(|shipped| shipped.id == device.id) {
                Some(shipped) => *shipped = device,
                None => known.push(device),
            }
        }
    }
    if let Some(missing) = args.device.iter().find(|id| !known.iter().any(|device| device.id == **id)) {
        let shown = mailprobe_probes::model::harmless(missing.as_bytes());
        return Err(UserError::new(format!(
            "unknown device `{shown}`: `mailprobe devices` lists those known"
        )));
    }
    if !args.device.is_empty() {
        known.retain(|device| args.device.contains(&device.id));
    }
    Ok(known)
}

fn profiles(path: &Path) -> Result<Vec<Device>, UserError> {
    let file = path.to_string_lossy();
    let text = judge::text(path).map_err(|error| UserError::new(error.to_string()))?;
    Device::read(&file, &text).map_err(|error| UserError::new(error.to_string()))
}

/// Dates are held against the day of a report.
fn dated(report: &Report) -> Result<(), UserError> {
    if judge::day(&report.started_at).is_some() {
        return Ok(());
    }
    Err(UserError::new("the report does not say on which day it was made (started_at)"))
}
