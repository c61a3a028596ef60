//! A pasted server answer, explained offline: what it means, what to do, and which check comes next.
//!
//! Reads at most [`LIMIT`] octets, in UTF-8 or UTF-16, and opens no connection. The answers come from
//! [`mailprobe_probes::diagnose::pasted`]; here are the hints of the command line and the two forms of output.

mod hints;
mod show;

use std::io::Read;

pub use hints::ExplainArgs;
use mailprobe_probes::diagnose::pasted;

use crate::lang::Lang;
use crate::plan::UserError;

/// Most octets of an answer that are read.
pub const LIMIT: u64 = 1024 * 1024;

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

/// Explains what the arguments hold, or what standard input holds where they hold `-` or nothing.
pub fn explain(
    args: &ExplainArgs,
    stdin: &mut dyn Read,
    columns: Option<usize>,
    lang: Lang,
) -> Result<Printout, UserError> {
    let text = match args.text.as_deref() {
        Some(text) if text != "-" => text.to_owned(),
        _ => from(stdin)?,
    };
    if text.len() as u64 > LIMIT {
        return Err(UserError::new("the answer is longer than 1 MiB: paste the part that matters"));
    }
    let (hints, notes) = hints::hints(args)?;
    let Some(explained) = pasted::explain(&text, &hints) else {
        return Err(UserError::new("there is nothing to explain: give the server's answer, or pipe it in"));
    };
    let text = if args.output == hints::Form::Json {
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
