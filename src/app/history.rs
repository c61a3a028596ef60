//! `mailprobe history`: what a canary wrote down, read beside it.

use std::io::{self, IsTerminal as _, Write as _};

use jiff::Timestamp;
use mailprobe_probes::model::{harmless, moment};
use serde::Serialize;
use serde_json::json;

use super::{run_to_end, say, terminal_style, with_abilities, write_to};
use crate::args::TextOrJson;
use crate::args::history::{HistoryArgs, HistoryOf, NarrowArgs, PlaceArgs};
use crate::mistake::UserError;
use crate::output::{self, Color};
use mailprobe_canary::cell::{Cell, CellKey, State};
use mailprobe_canary::config::Config;
use mailprobe_canary::history::{ChangeFilter, ChangeRow, History, HistoryError, VisitRow, embedded};
use mailprobe_canary::status;
use mailprobe_canary::view::{CellView, Micros};
use mailprobe_report::lang::Lang;
use mailprobe_report::stored;
use mailprobe_report::{self as report, Style};

/// Visits of one page of an export.
const PAGE: usize = 500;

/// Answers it.
pub(super) fn history(args: &HistoryArgs, lang: Lang) -> Result<u8, UserError> {
    run_to_end(async {
        match &args.of {
            HistoryOf::Targets { place, output } => targets(&open(place).await?, *output).await,
            HistoryOf::Changes { place, narrow, output } => {
                changes(&open(place).await?, narrow, *output).await
            }
            HistoryOf::Visits { place, narrow, output } => visits(&open(place).await?, narrow, *output).await,
            HistoryOf::Show { visit, place, output, verbose } => {
                show(&open(place).await?, *visit, output, *verbose, lang).await
            }
            HistoryOf::Export { place } => export(&open(place).await?).await,
        }
    })?
}

async fn open(place: &PlaceArgs) -> Result<History, UserError> {
    let url = match (&place.config, &place.file) {
        (Some(config), _) => {
            let config = with_abilities(|abilities| Config::load(config, abilities))?;
            config.history.url()?
        }
        (None, Some(file)) => format!("sqlite:{}", file.display()),
        (None, None) => return Err(UserError::new("--config FILE or --file FILE is missing")),
    };
    // Opening would make it, and an empty history would look like one in which nothing happened.
    if let Some(path) = embedded(&url).filter(|path| !path.exists()) {
        let shown = harmless(path.as_os_str().as_encoded_bytes());
        return Err(UserError::new(format!(
            "there is no history at {shown} yet: a canary makes it when it starts"
        )));
    }
    History::open(&url).await.map_err(|error| broken(&error))
}

fn broken(error: &HistoryError) -> UserError {
    UserError::new(error.to_string())
}

async fn targets(history: &History, form: TextOrJson) -> Result<u8, UserError> {
    let mut cells = history.all_cells().await.map_err(|error| broken(&error))?;
    cells.sort_by(|a, b| a.key.cmp(&b.key));
    let mut named = "";
    let mut text = String::new();
    for row in &cells {
        if form == TextOrJson::Json {
            text.push_str(&line(row));
            continue;
        }
        if named != row.key.target {
            named = &row.key.target;
            let own = cells.iter().filter(|cell| cell.key.target == row.key.target);
            text.push_str(&harmless(named.as_bytes()));
            text.push_str(": ");
            text.push_str(standing(status::of_cells(own)));
            text.push('\n');
        }
        text.push_str(&cell_line(row));
    }
    finish(&text, "no target was visited yet\n")
}

/// A target's status for people.
fn standing(status: &'static str) -> &'static str {
    match status {
        "pass" => "OK",
        "fail" => "failing",
        "unknown" => "unclear",
        "waiting" => "not checked yet",
        other => other,
    }
}

fn cell_line(row: &CellView) -> String {
    let what = if row.key.method == CellKey::ENDPOINT { "the endpoint" } else { &row.key.method };
    let seen = match (&row.turning, row.cell.state) {
        (Some((turning, times)), State::NotKnown) => {
            format!(
                "{}, seen {times} time{} and not confirmed yet",
                told(turning),
                if *times == 1 { "" } else { "s" }
            )
        }
        (None, State::NotKnown) => harmless(format!("not checked: {}", row.cell.reason()).as_bytes()),
        _ => told(&row.cell),
    };
    format!("  {} {what} on {}: {seen} since {}\n", row.key.module, row.key.endpoint, shown(row.since))
}

async fn changes(history: &History, narrow: &NarrowArgs, form: TextOrJson) -> Result<u8, UserError> {
    let filter = ChangeFilter {
        target: narrow.target.clone(),
        since: narrow.since.map(Timestamp::as_microsecond),
        limit: size(narrow.limit),
        ..ChangeFilter::default()
    };
    let rows = history.changes(&filter).await.map_err(|error| broken(&error))?;
    let text: String =
        rows.iter().map(|row| if form == TextOrJson::Json { line(row) } else { change(row) }).collect();
    finish(&text, "no change\n")
}

fn change(row: &ChangeRow) -> String {
    let mut before = row.before.as_ref().map_or_else(|| "not known".to_owned(), told);
    let mut after = told(&row.after);
    if let Some(since) = row.before_since {
        // Out of "not known" it has been so since it was first seen.
        let line = if row.before.is_some() { &mut before } else { &mut after };
        *line = format!("{line} since {}", shown(since));
    }
    let visit = row.visit.map_or_else(String::new, |visit| format!(" (visit {visit})"));
    format!(
        "{}  {}  {} on {}{visit}\n  was {before}\n  is  {}\n",
        shown(row.at),
        harmless(row.key.target.as_bytes()),
        row.key.method,
        row.key.endpoint,
        after
    )
}

/// A cell in words: state, standing, cause and the server's own.
fn told(cell: &Cell) -> String {
    let cause = cell.causes.first().map_or_else(String::new, |cause| format!(" [{cause}]"));
    let answer = if cell.answer.is_empty() { String::new() } else { format!(" “{}”", cell.answer) };
    harmless(format!("{}{cause}{answer}", cell.state).as_bytes())
}

async fn visits(history: &History, narrow: &NarrowArgs, form: TextOrJson) -> Result<u8, UserError> {
    let since = narrow.since.map(Timestamp::as_microsecond);
    let rows = history.visits(narrow.target.as_deref(), since, None, size(narrow.limit)).await;
    let rows = rows.map_err(|error| broken(&error))?;
    let text: String =
        rows.iter().map(|row| if form == TextOrJson::Json { line(row) } else { visit(row) }).collect();
    finish(&text, "no visit\n")
}

fn visit(row: &VisitRow) -> String {
    let kept = if row.kept { "" } else { "  (report no longer kept)" };
    let target = harmless(row.target.as_bytes());
    format!(
        "{:>8}  {}  {:<9} {:>6} ms  {target} {}{kept}\n",
        row.id,
        shown(row.started_at),
        row.status,
        row.elapsed_ms,
        row.module
    )
}

async fn show(
    history: &History,
    id: i64,
    typed: &[String],
    verbose: bool,
    lang: Lang,
) -> Result<u8, UserError> {
    let outputs = output::outputs(typed)?;
    let found = history.visit(id).await.map_err(|error| broken(&error))?;
    let Some((_, report)) = found else {
        return Err(UserError::new(format!("there is no visit {id}: `mailprobe history visits` lists them")));
    };
    let Some(report) = report else {
        return Err(UserError::new(format!("the report of visit {id} is no longer kept")));
    };
    let reports = stored::parse(&report).map_err(|why| UserError::new(format!("visit {id}{why}")))?;
    for output in &outputs {
        let style = match output.file {
            None => Style { verbose, ..terminal_style(Color::Auto, lang) },
            Some(_) => Style { verbose, lang, ..Style::PLAIN },
        };
        write_to(output.file.as_deref(), report::render(output.format, &reports, &style).as_bytes())?;
    }
    Ok(0)
}

/// Everything, page by page: a history of months does not fit into memory.
async fn export(history: &History) -> Result<u8, UserError> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    let unwritten = |error: io::Error| UserError::new(format!("standard output: {error}"));
    for row in history.all_cells().await.map_err(|error| broken(&error))? {
        out.write_all(line(&json!({ "cell": row })).as_bytes()).map_err(unwritten)?;
    }
    let mut before = None;
    loop {
        let filter = ChangeFilter { before_id: before, limit: PAGE, ..ChangeFilter::default() };
        let rows = history.changes(&filter).await.map_err(|error| broken(&error))?;
        let Some(last) = rows.last() else { break };
        before = Some(last.id);
        for row in &rows {
            out.write_all(line(&json!({ "change": row })).as_bytes()).map_err(unwritten)?;
        }
    }
    let mut before = None;
    loop {
        let rows = history.visits(None, None, before, PAGE).await.map_err(|error| broken(&error))?;
        let Some(last) = rows.last() else { break };
        before = Some(last.id);
        for row in &rows {
            let report =
                history.visit(row.id).await.map_err(|error| broken(&error))?.and_then(|(_, report)| report);
            let report: Option<serde_json::Value> = report.and_then(|text| serde_json::from_str(&text).ok());
            out.write_all(line(&json!({ "visit": row, "report": report })).as_bytes()).map_err(unwritten)?;
        }
    }
    out.flush().map_err(unwritten)?;
    Ok(0)
}

fn line(row: &impl Serialize) -> String {
    format!("{}\n", serde_json::to_string(row).unwrap_or_default())
}

/// Says it; on a terminal an empty answer is a sentence.
fn finish(text: &str, nothing: &str) -> Result<u8, UserError> {
    if text.is_empty() && io::stdout().is_terminal() {
        return say(nothing.as_bytes());
    }
    say(text.as_bytes())
}

fn size(limit: u32) -> usize {
    usize::try_from(limit).unwrap_or(usize::MAX)
}

fn shown(micros: Micros) -> String {
    moment::from_unix(micros.div_euclid(1_000_000)).map_or_else(|| "?".to_owned(), moment::shown)
}
