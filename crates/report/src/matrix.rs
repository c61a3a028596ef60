//! The matrix: a row for each method, a column for each endpoint, two facts in each cell: whether the method
//! is offered, and what came of it. Marks differ by shape, so the matrix reads without colour.

use mailprobe_probes::model::{Attempt, EndpointReport, Method, Outcome, Report, Skip, Stage, Transport};

use super::columns::Column;
use super::layout::{Page, clean, cut, pad, width};
use super::style::Role;
use super::words;
use crate::lang::Lang;

/// Widest method name shown in full; the registry's longest has 20 characters.
const NAME: usize = 24;
/// Space between columns.
const SPACE: usize = 3;

/// Whether and where a method is offered on an endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Offered {
    Yes,
    BeforeTls,
    No,
}

impl Offered {
    pub(super) fn new(endpoint: &EndpointReport, method: &Method) -> Self {
        let heard =
            |stage| endpoint.advertised.iter().any(|list| list.stage == stage && list.offers_method(method));
        let said = endpoint.attempts.iter().any(|attempt| attempt.method == *method && attempt.advertised);
        let before = heard(Stage::BeforeTls);
        if said || heard(Stage::AfterTls) || (before && endpoint.transport == Transport::Plaintext) {
            Self::Yes
        } else if before {
            Self::BeforeTls
        } else {
            Self::No
        }
    }

    pub(super) const fn mark(self) -> &'static str {
        match self {
            Self::Yes => "●",
            Self::BeforeTls => "◐",
            Self::No => "○",
        }
    }

    /// The word beside it.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Yes => "offered",
            Self::BeforeTls => "offered only before TLS",
            Self::No => "not offered",
        }
    }
}

/// Every method that is offered before or inside TLS, or was attempted, anywhere.
pub(super) fn methods(report: &Report) -> Vec<Method> {
    collect(&report.endpoints)
}

/// The same for one endpoint.
pub(super) fn methods_of(endpoint: &EndpointReport) -> Vec<Method> {
    collect(std::slice::from_ref(endpoint))
}

fn collect(endpoints: &[EndpointReport]) -> Vec<Method> {
    let mut methods: Vec<Method> = Vec::new();
    for endpoint in endpoints {
        let lists = endpoint.advertised.iter().filter(|list| list.stage != Stage::AfterLogin);
        let offered = lists.flat_map(|list| &list.offers).map(|offer| &offer.method);
        for method in endpoint.attempts.iter().map(|attempt| &attempt.method).chain(offered) {
            if !methods.contains(method) {
                methods.push(method.clone());
            }
        }
    }
    methods.sort_by_key(words::rank);
    methods
}

/// What one method came to on one endpoint.
pub(super) struct Cell {
    /// `None` where the method has no place on the endpoint.
    pub(super) offered: Option<Offered>,
    /// Mark and word of the outcome; `None` where nothing was to be presented.
    pub(super) outcome: Option<(&'static str, &'static str)>,
    pub(super) role: Role,
    /// A password that gets in although it is not offered.
    pub(super) hidden: bool,
}

impl Cell {
    /// Marks and word as the tables show them.
    pub(super) fn text(&self, lang: Lang) -> String {
        match (self.offered, self.outcome) {
            (None, _) => "–".to_owned(),
            (Some(offered), None) => format!("{} {}", offered.mark(), lang.say("offered")),
            (Some(offered), Some((mark, word))) => {
                format!("{} {mark} {}{}", offered.mark(), lang.say(word), if self.hidden { " !" } else { "" })
            }
        }
    }
}

/// The cell of a method on an endpoint.
pub(super) fn cell(endpoint: &EndpointReport, method: &Method) -> Cell {
    let offered = Offered::new(endpoint, method);
    let attempt = endpoint.attempts.iter().find(|attempt| attempt.method == *method);
    let asked =
        attempt.filter(|attempt| !matches!(attempt.outcome, Outcome::NotTried { skip: Skip::NotAsked }));
    match asked {
        Some(attempt) => outcome(endpoint, attempt, offered),
        None if endpoint.advertised.is_empty() || offered == Offered::No => {
            Cell { offered: None, outcome: None, role: Role::Faint, hidden: false }
        }
        None => Cell { offered: Some(offered), outcome: None, role: Role::Plain, hidden: false },
    }
}

fn outcome(endpoint: &EndpointReport, attempt: &Attempt, offered: Offered) -> Cell {
    let (mark, word, role) = words::outcome(&attempt.outcome);
    let hidden = words::is_hole(endpoint, attempt);
    let role = if hidden { Role::Doubt } else { role };
    Cell { offered: Some(offered), outcome: Some((mark, word)), role, hidden }
}

/// Draws the matrix and its legend.
pub(super) fn draw(page: &mut Page<'_>, report: &Report, columns: &[Column<'_>]) {
    let methods = methods(report);
    if methods.is_empty() {
        return;
    }
    let longest = NAME.min(page.style.width * 2 / 5);
    let names = methods.iter().map(|method| cut(&clean(method.name()), longest)).collect::<Vec<_>>();
    let name_width = names.iter().map(|name| width(name)).max().unwrap_or(0);
    let cells: Vec<Vec<Cell>> = columns
        .iter()
        .map(|column| methods.iter().map(|method| cell(column.endpoint, method)).collect())
        .collect();
    let room = page.style.width.saturating_sub(2 + name_width);
    let widest = room.saturating_sub(SPACE);
    let drawn: Vec<Drawn<'_>> = columns
        .iter()
        .zip(&cells)
        .map(|(column, cells)| Drawn::new(column, cells, widest, page.style.lang))
        .collect();
    for block in blocks(&drawn, room) {
        page.gap();
        let heads = block.iter().map(|drawn| drawn.column.head.len()).max().unwrap_or(0);
        for row in 0..heads {
            let mut line = " ".repeat(2 + name_width);
            for drawn in block {
                let (text, role) =
                    drawn.column.head.get(row).map_or(("", Role::Plain), |(text, role)| (text, *role));
                push(page, &mut line, text, role, drawn.width);
            }
            page.line(&line);
        }
        for (row, name) in names.iter().enumerate() {
            // A method of other protocols has no row beside these columns.
            if block.iter().all(|drawn| drawn.cells.get(row).is_none_or(|cell| cell.offered.is_none())) {
                continue;
            }
            let mut line = format!("  {}", pad(name, name_width));
            for drawn in block {
                let (text, role) = drawn
                    .cells
                    .get(row)
                    .map_or((String::new(), Role::Plain), |cell| (cell.text(page.style.lang), cell.role));
                push(page, &mut line, &text, role, drawn.width);
            }
            page.line(&line);
        }
    }
    legend(page, cells);
}

struct Drawn<'a> {
    column: &'a Column<'a>,
    cells: &'a [Cell],
    width: usize,
}

impl<'a> Drawn<'a> {
    fn new(column: &'a Column<'a>, cells: &'a [Cell], widest: usize, lang: Lang) -> Self {
        let heads = column.head.iter().map(|(text, _)| width(text));
        let width =
            heads.chain(cells.iter().map(|cell| width(&cell.text(lang)))).max().unwrap_or(0).min(widest);
        Self { column, cells, width }
    }
}

fn push(page: &Page<'_>, line: &mut String, text: &str, role: Role, columns: usize) {
    line.push_str(&" ".repeat(SPACE));
    let text = cut(text, columns);
    line.push_str(&page.style.paint(role, &text));
    line.push_str(&" ".repeat(columns.saturating_sub(width(&text))));
}

/// As many columns a block as fit beside each other, at least one.
fn blocks<'d, 'a>(mut drawn: &'d [Drawn<'a>], room: usize) -> Vec<&'d [Drawn<'a>]> {
    let mut blocks = Vec::new();
    while !drawn.is_empty() {
        let mut used = 0;
        let fit = drawn.iter().take_while(|drawn| {
            used += SPACE + drawn.width;
            used <= room
        });
        let (block, rest) = drawn.split_at(fit.count().max(1));
        blocks.push(block);
        drawn = rest;
    }
    blocks
}

fn legend(page: &mut Page<'_>, cells: Vec<Vec<Cell>>) {
    page.gap();
    let parts = meanings(&cells.into_iter().flatten().collect::<Vec<_>>(), page.style.lang);
    page.indented(
        2,
        &parts.join("   ").replace(' ', "\u{a0}").replace("\u{a0}\u{a0}\u{a0}", "\u{a0}\u{a0} "),
        Role::Faint,
    );
}

/// The meaning of every mark that these cells bear.
pub(super) fn meanings(cells: &[Cell], lang: Lang) -> Vec<String> {
    let mut parts: Vec<String> = [Offered::Yes, Offered::No, Offered::BeforeTls]
        .into_iter()
        .filter(|offered| cells.iter().any(|cell| cell.offered == Some(*offered)))
        .map(|offered| format!("{} {}", offered.mark(), lang.say(offered.word())))
        .collect();
    if cells.iter().any(|cell| cell.hidden) {
        parts.push(format!("! {}", lang.say("not offered, yet accepted")));
    }
    parts
}
