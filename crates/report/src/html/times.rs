//! Where the time went: a table for everybody, with bars drawn beside the numbers.

use mailprobe_probes::model::PhaseTimes;
use maud::{Markup, PreEscaped, html};

use crate::lang::Lang;
use crate::words;

/// Width of the drawing in its own units.
const WIDE: u64 = 1_000;

pub(super) fn table(times: &PhaseTimes, lang: Lang) -> Markup {
    let total = times.0.iter().fold(0_u64, |sum, (_, ms)| sum.saturating_add(*ms)).max(1);
    let bars = times.0.iter().scan(0_u64, |before, (phase, ms)| {
        // At least a hair, so that every phase is seen.
        let width = share(*ms, total).max(4);
        let from = share(*before, total).min(WIDE - width);
        *before = before.saturating_add(*ms);
        Some((phase, *ms, from, width))
    });
    html! {
        table class="times" {
            caption { (lang.say("Time by phase, first connection")) } "\n"
            thead {
                tr {
                    th scope="col" class="name" { (lang.say("Phase")) }
                    th scope="col" class="num" { (lang.say("Time")) }
                    th scope="col" { span class="vh" { (lang.say("Drawn")) } }
                }
            } "\n"
            tbody {
                "\n"
                @for (phase, ms, from, width) in bars {
                    tr {
                        th scope="row" { (lang.say(phase.name())) }
                        td class="num" { (words::duration(ms)) }
                        td aria-hidden="true" {
                            svg viewBox={ "0 0 " (WIDE) " 10" } preserveAspectRatio="none" focusable="false" {
                                (bar(from, width))
                            }
                        }
                    } "\n"
                }
            }
        } "\n"
    }
}

/// One bar. maud closes no element by itself, as XML does.
fn bar(from: u64, width: u64) -> Markup {
    PreEscaped(format!("<rect x=\"{from}\" y=\"1\" width=\"{width}\" height=\"8\"/>"))
}

/// Thousandths of the whole; times from a stored file may be absurd.
fn share(part: u64, whole: u64) -> u64 {
    let thousandths = u128::from(part) * u128::from(WIDE) / u128::from(whole.max(1));
    u64::try_from(thousandths).unwrap_or(WIDE).min(WIDE)
}
