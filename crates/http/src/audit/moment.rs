//! Moments as clients ask with them.

use kogents_domain::time::Timestamp;
use kogents_domain::violation::Violation;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// Reads a moment in RFC 3339 with any offset. What lies between two milliseconds is the later one:
/// everything that is kept has whole ones, so that the same of it lies before and after.
///
/// # Errors
/// `INVALID_FORMAT`.
pub(super) fn parse_moment(text: &str) -> Result<Timestamp, Violation> {
    const MESSAGE: &str =
        "must be a moment such as 2026-01-02T03:04:05Z or 2026-01-02T04:04:05%2B01:00";
    let refused = || Violation::format(MESSAGE);
    let moment = OffsetDateTime::parse(text, &Rfc3339).map_err(|_| refused())?;
    let nanos = moment.unix_timestamp_nanos();
    let whole = nanos.div_euclid(1_000_000);
    let rest = i128::from(nanos.rem_euclid(1_000_000) > 0);
    let millis = i64::try_from(whole + rest).map_err(|_| refused())?;
    Ok(Timestamp::from_millis(millis))
}

#[cfg(test)]
mod tests {
    use kogents_domain::violation::ViolationCode;

    use super::*;

    #[test]
    fn moments_of_any_offset_are_whole_milliseconds() {
        for (text, millis) in [
            ("1970-01-01T00:00:00Z", 0),
            ("2024-09-22T10:13:20.001Z", 1_727_000_000_001),
            ("2024-09-22T12:13:20.001+02:00", 1_727_000_000_001),
            ("2024-09-22T04:43:20.001-05:30", 1_727_000_000_001),
            ("2024-09-22T10:13:20.0000001Z", 1_727_000_000_001),
            ("1969-12-31T23:59:59.9985Z", -1),
            ("0000-01-01T00:00:00Z", -62_167_219_200_000),
            ("9999-12-31T23:59:59.999999999Z", 253_402_300_800_000),
        ] {
            let read = parse_moment(text);
            assert_eq!(read, Ok(Timestamp::from_millis(millis)), "{text}");
        }
    }

    #[test]
    fn s27_other_text_is_no_moment() {
        for bad in [
            "",
            "\0",
            "now",
            "0",
            "1727000000001",
            "2024-09-22",
            "2024-09-22T10:13:20",
            "2024-09-22T10:13:20 02:00",
            "2024-09-31T10:13:20Z",
            "2024-09-22T25:13:20Z",
            "-2024-09-22T10:13:20Z",
            "12024-09-22T10:13:20Z",
            "2024-09-22T10:13:20+99:00",
            "2024-09-22T10:13:20Z ",
            "\u{0662}024-09-22T10:13:20Z",
        ] {
            let refused = parse_moment(bad).unwrap_err();
            assert_eq!(refused.code, ViolationCode::InvalidFormat, "{bad:?}");
        }
    }
}
