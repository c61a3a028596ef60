//! `mailprobe demo`: prints what the demonstration found, and leaves it as a page.

use std::io::{self, Write as _};
use std::path::PathBuf;

use super::{say, terminal_style, warn};
use crate::demo;
use crate::mistake::UserError;
use crate::output::Color;
use mailprobe_report::lang::Lang;
use mailprobe_report::{self as report, Format, Style};

/// Runs it.
pub(super) fn demo(lang: Lang) -> Result<u8, UserError> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| UserError::new(format!("the demonstration cannot be started: {error}")))?;
    let shown = runtime.block_on(demo::run(&terminal_style(Color::Auto, lang)))?;
    say(shown.text.as_bytes())?;
    let page = report::render(Format::Html, &shown.reports, &Style { lang, ..Style::PLAIN });
    match leave(page.as_bytes()) {
        Ok(path) => {
            let told = lang.fill("The same as a page: {}", &[&path.display().to_string()]);
            say(format!("\n{told}\n").as_bytes())?
        }
        // The page is an extra; a full disk does not spoil the demonstration.
        Err(error) => {
            warn(&format!("note: the page could not be written: {error}"));
            0
        }
    };
    Ok(u8::from(!shown.as_told))
}

/// Writes the page among the temporary files, under a name that nobody could have prepared.
fn leave(page: &[u8]) -> io::Result<PathBuf> {
    let mut file = tempfile::Builder::new().prefix("mailprobe-demo-").suffix(".html").tempfile()?;
    file.write_all(page)?;
    let (_, path) = file.keep()?;
    Ok(path)
}
