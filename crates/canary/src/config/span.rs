//! Spans of time as they are written.

use std::time::Duration;

use super::file::Text;
use mailprobe_judge::{FileError, Written, shown};

/// A span of time: `300ms`, `15s`, `5m`, `12h`, `7d`.
pub(super) fn span(written: &Written<'_>, text: &Text) -> Result<Duration, FileError> {
    let typed = text.get_ref();
    let units = [("ms", 0.001), ("s", 1.0), ("m", 60.0), ("h", 3600.0), ("d", 86_400.0)];
    let seconds = units.iter().find_map(|(unit, length)| {
        let number: f64 = typed.strip_suffix(unit)?.parse().ok()?;
        Some(number * length)
    });
    let wrong = match seconds {
        Some(seconds) if (0.01..=31_536_000.0).contains(&seconds) => {
            return Ok(Duration::from_secs_f64(seconds));
        }
        Some(_) => "is out of range: from 10ms to 365d",
        None => "is no span of time: write one as 30s, 5m, 12h or 7d",
    };
    Err(written.error(&text.span(), format!("`{}` {wrong}", shown(typed))))
}
