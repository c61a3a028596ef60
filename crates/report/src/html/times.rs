//! Where the time went: a table for everybody, with bars drawn beside the numbers.

use std::fmt::Write as _;

use mailprobe_probes::model::PhaseTimes;

use crate::document::Document;
use crate::words;

/// Width of the drawing in its own units.
const WIDE: u64 = 1_000;

pub(super) fn write(page: &mut Document, times: &PhaseTimes) {
    let total = times.0.iter().fold(0_u64, |sum, (_, ms)| sum.saturating_add(*ms)).max(1);
    let lang = page.lang;
    let _ = writeln!(
        page,
        "<table class=\"times\"><caption>{}</caption>\n<thead><tr>\
         <th scope=\"col\" class=\"name\">{}</th><th scope=\"col\" class=\"num\">{}</th>\
         <th scope=\"col\"><span class=\"vh\">{}</span></th></tr></thead>\n<tbody>",
        lang.say("Time by phase, first connection"),
        lang.say("Phase"),
        lang.say("Time"),
        lang.say("Drawn")
    );
    let mut before = 0_u64;
    for (phase, ms) in &times.0 {
        // At least a hair, so that every phase is seen.
        let width = share(*ms, total).max(4);
        let from = share(before, total).min(WIDE - width);
        let _ = writeln!(
            page,
            "<tr><th scope=\"row\">{}</th><td class=\"num\">{}</td><td aria-hidden=\"true\">\
             <svg viewBox=\"0 0 {WIDE} 10\" preserveAspectRatio=\"none\" focusable=\"false\">\
             <rect x=\"{from}\" y=\"1\" width=\"{width}\" height=\"8\"/></svg></td></tr>",
            lang.say(phase.name()),
            words::duration(*ms)
        );
        before = before.saturating_add(*ms);
    }
    page.push_str("</tbody></table>\n");
}

/// Thousandths of the whole; times from a stored file may be absurd.
fn share(part: u64, whole: u64) -> u64 {
    let thousandths = u128::from(part) * u128::from(WIDE) / u128::from(whole.max(1));
    u64::try_from(thousandths).unwrap_or(WIDE).min(WIDE)
}
