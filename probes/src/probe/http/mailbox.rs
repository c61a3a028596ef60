//! `ActiveSync` after an accepted login, where it is asked for: `FolderSync` opens the mailbox. Any POST may enter a
//! device into the mailbox's list, hence the flag; a policy is acknowledged only under a flag of its own.

use super::super::Options;
use super::super::verdict::{passing, undecided_over_http};
use super::connection::Connection;
use crate::diagnose::{Answer, Step, diagnose};
use crate::model::{Command, Failure, HttpRequest, HttpResponse, Phase, Protocol, Session, Trouble};
use crate::service::activesync::{
    DeviceIdentity, Version, asks_for_provision, chosen_version, folder_sync, listed_versions, provision,
    provision_acknowledge, read_folder_sync, read_provision, settings_device_information,
};
use crate::service::{Reading, Verdict};
use crate::wire::Answered;

/// Requests behind an accepted login, at most: the folders; with the device described where the server asks for that, the
/// folders again; and with a policy, which takes two requests, once more.
pub(super) fn most_requests(options: &Options) -> usize {
    match (options.stop_after >= Phase::Session && options.http.activesync_post, &options.http) {
        (false, _) => 0,
        (true, http) if http.activesync_provision => 6,
        (true, _) => 3,
    }
}

/// Asks for the folders.
pub(super) async fn open(
    connection: &mut Connection<'_>,
    options: &HttpResponse,
    authorization: Option<&Command>,
) -> Session {
    let wanted = &connection.link.task.options;
    let not_checked = |cause, detail: &str| Session::not_checked(Failure::new(Phase::Session, cause, detail));
    if wanted.stop_after < Phase::Session || !wanted.http.activesync_post {
        return not_checked(
            Trouble::NotAsked,
            "opening the mailbox takes a POST, which enters a device into its list (--activesync-post)",
        );
    }
    let Some(version) = chosen_version(&listed_versions(options)) else {
        return not_checked(
            Trouble::ProtocolViolation,
            "the server lists no version of the protocol that we speak",
        );
    };
    let mut sync = Sync {
        device: DeviceIdentity::of(&connection.subject.mailbox, &connection.subject.user_agent),
        connection,
        authorization,
        version,
    };
    match sync.folders(0).await {
        Ok((reading, answered)) if asks_for_provision(&reading) => sync.with_policy(reading, answered).await,
        Ok((reading, answered)) => session(reading, &answered),
        Err(failure) => Session::not_checked(failure),
    }
}

struct Sync<'c, 'a> {
    connection: &'c mut Connection<'a>,
    authorization: Option<&'c Command>,
    version: Version,
    device: DeviceIdentity,
}

impl Sync<'_, '_> {
    async fn ask(&mut self, request: &HttpRequest) -> Result<Answered, Failure> {
        self.connection.ask(Phase::Session, request, self.authorization).await
    }

    async fn folders(&mut self, policy_key: u32) -> Result<(Reading, Answered), Failure> {
        let request = folder_sync(&self.connection.subject, self.version, &self.device, policy_key);
        let answered = self.ask(&request).await?;
        let reading = read_folder_sync(&answered.response);
        self.connection.learn(reading.facts.clone(), answered.lines);
        Ok((reading, answered))
    }

    /// The server wants to know the device, or its policy in force, before all else.
    async fn with_policy(&mut self, reading: Reading, answered: Answered) -> Session {
        let described = reading.reply.code.as_deref() == Some("165");
        if !described && !self.connection.link.task.options.http.activesync_provision {
            return session(reading, &answered);
        }
        match self.provisioned(described).await {
            Ok(again) => again,
            Err(failure) => Session::not_checked(failure),
        }
    }

    async fn provisioned(&mut self, described: bool) -> Result<Session, Failure> {
        if described {
            let subject = &self.connection.subject;
            let request = settings_device_information(subject, self.version, &self.device, 0);
            self.ask(&request).await?;
            let (reading, answered) = self.folders(0).await?;
            let more =
                asks_for_provision(&reading) && self.connection.link.task.options.http.activesync_provision;
            if !more {
                return Ok(session(reading, &answered));
            }
        }
        let request = provision(&self.connection.subject, self.version, &self.device);
        let answered = self.ask(&request).await?;
        let first = read_provision(&answered.response);
        self.connection.learn(first.reading.facts.clone(), answered.lines);
        // A wipe is never acknowledged: some servers would take it for done.
        let Some(key) = first.key.filter(|_| !first.wipe) else {
            if first.reading.verdict == Verdict::Accepted && !first.wipe {
                let (reading, answered) = self.folders(0).await?;
                return Ok(session(reading, &answered));
            }
            return Ok(session(first.reading, &answered));
        };
        let request = provision_acknowledge(&self.connection.subject, self.version, &self.device, key);
        let answered = self.ask(&request).await?;
        let second = read_provision(&answered.response);
        let Some(key) = second.key.filter(|_| !second.wipe) else {
            return Ok(session(second.reading, &answered));
        };
        let (reading, answered) = self.folders(key).await?;
        Ok(session(reading, &answered))
    }
}

fn session(reading: Reading, answered: &Answered) -> Session {
    let Reading { verdict, reply, .. } = reading;
    let evidence = answered.lines;
    let not_checked =
        |cause, detail: String| Session::not_checked(Failure::new(Phase::Session, cause, detail));
    match verdict {
        Verdict::Opened => return Session::Opened { evidence },
        Verdict::Redirect { to } => {
            return not_checked(Trouble::Redirected, format!("the answer points to {to}"));
        }
        Verdict::NotTheService { why } => return not_checked(Trouble::WrongProtocol, why),
        Verdict::BeyondBounds { cause, why } => return not_checked(cause, why),
        Verdict::Unclear { cause } => return not_checked(cause, reply.quoted()),
        Verdict::Shut | Verdict::Refused | Verdict::Accepted | Verdict::Passing => {}
    }
    let answer = Answer::new(Protocol::ActiveSync, Step::Session, &reply);
    let answer = Answer { http: Some(&answered.response), ..answer };
    let diagnosis = diagnose(&answer);
    // A 449: the policy has to be in force first, and that does not pass by itself.
    let undecided = verdict == Verdict::Passing && reply.status != "449";
    let cause =
        if undecided { Some(undecided_over_http(&answer, &diagnosis)) } else { passing(&answer, &diagnosis) };
    match cause {
        Some(cause) => Session::NotChecked {
            failure: Failure::new(Phase::Session, cause, reply.quoted()),
            answer: Some(Box::new((reply, diagnosis))),
        },
        None => Session::Shut { reply, evidence, diagnosis },
    }
}
