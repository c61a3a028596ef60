//! A pasted server answer, explained offline: what it means, what to do, and which check comes next.
//!
//! Reads at most [`LIMIT`] octets, in UTF-8 or UTF-16, and opens no connection. The answers come from
//! [`mailprobe_probes::diagnose::pasted`]; here are the hints of the command line and the two forms of output.

mod hints;
mod show;

use std::io::Read;

use mailprobe_probes::diagnose::pasted;

use crate::mistake::UserError;
use mailprobe_report::lang::Lang;

/// Most octets of an answer that are read.
pub const LIMIT: u64 = 1024 * 1024;

/// What is asked, and how the answer is wanted.
#[derive(Debug, Clone, Default)]
pub struct Question {
    /// The server's answer, or the text it stands in; standard input where it is `-` or `None`.
    pub text: Option<String>,
    /// The protocol it came over.
    pub protocol: Option<String>,
    /// What the client had just done.
    pub stage: Option<String>,
    /// The family of the server.
    pub server: Option<String>,
    /// How it is printed.
    pub form: Form,
}

/// How an explanation is printed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Form {
    /// For people.
    #[default]
    Text,
    /// One JSON object.
    Json,
}

/// An explanation, ready to be printed.
#[derive(Debug)]
pub struct Printout {
    /// The text for standard output.
    pub text: String,
    /// Notes to the user.
    pub notes: Vec<String>,
    /// Whether the text is known: an answer that nothing explains is exit status 1.
    pub is_known: bool,
}

/// Explains what is asked about, or what standard input holds where that is `-` or nothing.
pub fn explain(
    question: &Question,
    stdin: &mut dyn Read,
    columns: Option<usize>,
    lang: Lang,
) -> Result<Printout, UserError> {
    let text = match question.text.as_deref() {
        Some(text) if text != "-" => text.to_owned(),
        _ => from(stdin)?,
    };
    if text.len() as u64 > LIMIT {
        return Err(UserError::new("the answer is longer than 1 MiB: paste the part that matters"));
    }
    let (hints, notes) = hints::hints(question)?;
    let Some(explained) = pasted::explain(&text, &hints) else {
        return Err(UserError::new("there is nothing to explain: give the server's answer, or pipe it in"));
    };
    let text = if question.form == Form::Json {
        show::json(&explained, lang)
    } else {
        show::text(&explained, columns, lang)
    };
    Ok(Printout { text, notes, is_known: !explained.is_unexplained() })
}

fn from(stdin: &mut dyn Read) -> Result<String, UserError> {
    let mut bytes = Vec::new();
    stdin
        .take(LIMIT + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| UserError::new(format!("standard input cannot be read: {error}")))?;
    Ok(pasted::decode(&bytes).into_owned())
}
