//! Dates and times as reports hold them: RFC 3339 in UTC.
//!
//! A moment is a civil date and time in UTC and not a [`jiff::Timestamp`]: a certificate without an end says
//! 9999-12-31T23:59:59Z (RFC 5280 section 4.1.2.5), which is later than the last timestamp that jiff has.

use jiff::SignedDuration;
use jiff::civil::DateTime;
use jiff::fmt::temporal::Pieces;

/// 1970-01-01, from which Unix time is counted.
pub const EPOCH: DateTime = DateTime::constant(1970, 1, 1, 0, 0, 0, 0);

/// Reads a date and time with its offset from UTC (RFC 3339) and returns it in UTC.
pub fn parse(rfc3339: &str) -> Option<DateTime> {
    let pieces = Pieces::parse(rfc3339).ok()?;
    let offset = pieces.to_numeric_offset()?;
    pieces.date().to_datetime(pieces.time()?).checked_sub(SignedDuration::from(offset)).ok()
}

/// Returns the moment that lies so many seconds after 1970-01-01; `None` outside the years that have four digits.
pub fn from_unix(seconds: i64) -> Option<DateTime> {
    EPOCH.checked_add(SignedDuration::from_secs(seconds)).ok()
}

/// Returns the whole seconds from 1970-01-01 to a moment.
pub fn to_unix(moment: DateTime) -> i64 {
    moment.duration_since(EPOCH).as_secs()
}

/// Writes seconds since 1970-01-01 as RFC 3339 in UTC, to the second; what no calendar has becomes 1970-01-01.
pub fn rfc3339(seconds: i64) -> String {
    from_unix(seconds).unwrap_or(EPOCH).strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// Writes a moment for people, to the second: `2026-11-21 19:40:12 UTC`.
pub fn shown(moment: DateTime) -> String {
    moment.strftime("%Y-%m-%d %H:%M:%S UTC").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back_and_an_offset_counts() {
        for (seconds, written) in [
            (0, "1970-01-01T00:00:00Z"),
            (-1, "1969-12-31T23:59:59Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (4_107_542_399, "2100-02-28T23:59:59Z"),
            (253_402_300_799, "9999-12-31T23:59:59Z"),
        ] {
            assert_eq!((rfc3339(seconds).as_str(), parse(written).map(to_unix)), (written, Some(seconds)));
        }
        let with_offset = parse("2026-11-21T20:40:12.5+01:00");
        assert_eq!(with_offset.map(shown).as_deref(), Some("2026-11-21 19:40:12 UTC"));
    }

    #[test]
    fn what_is_no_moment_is_none() {
        for wrong in ["", "soon", "2026-11-21", "2026-11-21T20:40:12", "2026-02-30T00:00:00Z", "\u{1b}[2J"] {
            assert_eq!(parse(wrong), None, "{wrong:?}");
        }
        assert_eq!(
            (from_unix(253_402_300_800), from_unix(i64::MAX), from_unix(i64::MIN)),
            (None, None, None)
        );
        assert_eq!(rfc3339(i64::MAX), "1970-01-01T00:00:00Z");
    }
}
