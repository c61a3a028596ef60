//! The command line of `explain` as typed.

#![allow(clippy::doc_markdown, reason = "the comments are help texts, where backticks would show")]

use clap::Args;

use super::choice;
use crate::explain::{Form, Question};

/// What `explain` reads and how it answers.
#[derive(Debug, Clone, Args)]
pub struct ExplainArgs {
    /// The server's answer, or the text it stands in: a line, a log, a traceback, an HTTP response, a code; `-` or nothing reads standard input
    #[arg(value_name = "TEXT", allow_hyphen_values = true)]
    pub text: Option<String>,
    /// Protocol it came over: imap, pop3, smtp, ews, activesync (eas), autodiscover or oauth
    #[arg(long, value_name = "PROTOCOL")]
    pub protocol: Option<String>,
    /// What the client had just done, such as login-command, auth-plain, auth-xoauth2, http-bearer or token
    #[arg(long, value_name = "STAGE")]
    pub stage: Option<String>,
    /// Family of the server, such as exchange-online, exchange-onprem, gmail, dovecot or postfix
    #[arg(long, value_name = "FAMILY")]
    pub server: Option<String>,
    /// Form of the answer
    #[arg(short, long, value_name = "FORMAT", default_value = "text", value_parser = choice::form())]
    pub output: Form,
}

impl ExplainArgs {
    /// What is asked.
    pub fn question(&self) -> Question {
        Question {
            text: self.text.clone(),
            protocol: self.protocol.clone(),
            stage: self.stage.clone(),
            server: self.server.clone(),
            form: self.output,
        }
    }
}
