//! The trace that a request belongs to, by its `traceparent` (W3C Trace Context, section 3.2).
//!
//! It goes into the log and no further: nothing that the server calls or answers carries it on. So
//! `tracestate`, which is for those who pass a trace on, is not read, and a request that belongs to
//! no trace begins none.

use actix_web::http::header::{HeaderMap, HeaderName};
use uuid::Uuid;

const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");
/// How long the header field of version 00 is; those of later ones are that long at least.
const LENGTH: usize = 55;

/// Where a request stands in a trace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TraceContext {
    /// The whole trace: 32 hexadecimal digits.
    pub(super) trace_id: String,
    /// The span of whoever made the request: 16 hexadecimal digits.
    pub(super) parent_id: String,
}

impl TraceContext {
    /// The trace in the headers of a request; None where there is none, several, or one that is not
    /// valid, which is then as good as none.
    pub(super) fn of(headers: &HeaderMap) -> Option<Self> {
        let mut values = headers.get_all(TRACEPARENT);
        let value = values.next()?.to_str().ok()?;
        if values.next().is_some() {
            return None;
        }
        Self::parse(value.trim_matches([' ', '\t']))
    }

    /// `version "-" trace-id "-" parent-id "-" trace-flags`, all of lower-case hexadecimal digits.
    /// What a later version than 00 has behind a further `-` is for those who know it.
    fn parse(text: &str) -> Option<Self> {
        let (known, rest) = text.split_at_checked(LENGTH)?;
        let mut parts = known.split('-');
        let mut next = |digits| parts.next().filter(|part| is_hex(part, digits));
        let (version, trace_id, parent_id) = (next(2)?, next(32)?, next(16)?);
        // The flags say whether others record the trace, which is not asked here.
        next(2)?;
        let ends_well = match version {
            "ff" => false,
            "00" => rest.is_empty(),
            _ => rest.is_empty() || rest.starts_with('-'),
        };
        let means_something = |id: &str| id.contains(|digit| digit != '0');
        (ends_well && means_something(trace_id) && means_something(parent_id)).then(|| Self {
            trace_id: trace_id.to_owned(),
            parent_id: parent_id.to_owned(),
        })
    }
}

/// The id of the server's own span: the half of an id that is random and never nothing but zeros.
pub(super) fn span_id(id: Uuid) -> String {
    let (_, random) = id.as_u64_pair();
    format!("{random:016x}")
}

fn is_hex(text: &str, digits: usize) -> bool {
    let is_digit = |octet| matches!(octet, b'0'..=b'9' | b'a'..=b'f');
    text.len() == digits && text.bytes().all(is_digit)
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
    const PARENT: &str = "00f067aa0ba902b7";

    fn read(values: &[&str]) -> Option<TraceContext> {
        let mut headers = HeaderMap::new();
        for value in values {
            let value = HeaderValue::from_bytes(value.as_bytes()).unwrap();
            headers.append(TRACEPARENT, value);
        }
        TraceContext::of(&headers)
    }

    fn expected() -> Option<TraceContext> {
        Some(TraceContext {
            trace_id: TRACE.to_owned(),
            parent_id: PARENT.to_owned(),
        })
    }

    #[test]
    fn a_valid_one_is_carried_whatever_its_flags_are() {
        for flags in ["00", "01", "02", "09", "ff"] {
            let value = format!("00-{TRACE}-{PARENT}-{flags}");
            assert_eq!(read(&[&value]), expected(), "{value}");
        }
    }

    #[test]
    fn space_around_the_value_is_no_part_of_it() {
        let value = format!(" \t00-{TRACE}-{PARENT}-01\t ");
        assert_eq!(read(&[&value]), expected());
    }

    #[test]
    fn the_name_is_found_in_any_case() {
        let mut headers = HeaderMap::new();
        let name = HeaderName::from_bytes(b"TraceParent").unwrap();
        let value = format!("00-{TRACE}-{PARENT}-01");
        headers.append(name, HeaderValue::from_str(&value).unwrap());
        assert_eq!(TraceContext::of(&headers), expected());
    }

    #[test]
    fn none_several_and_empty_ones_are_no_trace() {
        let value = format!("00-{TRACE}-{PARENT}-01");
        assert_eq!(read(&[]), None);
        assert_eq!(read(&[""]), None);
        assert_eq!(read(&[&value, &value]), None);
        assert_eq!(read(&[&value, ""]), None);
        assert_eq!(read(&[&format!("{value},{value}")]), None);
    }

    #[test]
    fn ids_of_zeros_alone_are_not_valid() {
        let zeros = "0".repeat(32);
        assert_eq!(read(&[&format!("00-{zeros}-{PARENT}-01")]), None);
        assert_eq!(read(&[&format!("00-{TRACE}-{}-01", &zeros[..16])]), None);
    }

    #[test]
    fn digits_are_hexadecimal_and_lower_case() {
        for value in [
            format!("00-{}-{PARENT}-01", TRACE.to_uppercase()),
            format!("00-{TRACE}-{}-01", PARENT.to_uppercase()),
            format!("00-{TRACE}-{PARENT}-0A"),
            format!("0A-{TRACE}-{PARENT}-01"),
            format!("0g-{TRACE}-{PARENT}-01"),
            format!("00-{}-{PARENT}-01", TRACE.replace('4', ".")),
            format!("00-{TRACE}-{}-01", PARENT.replace('f', "x")),
            format!("00-{TRACE}-{PARENT}-.0"),
            format!("00-{TRACE}-{PARENT}-0\u{e9}"),
        ] {
            assert_eq!(read(&[&value]), None, "{value}");
        }
    }

    #[test]
    fn every_part_has_its_length_and_place() {
        for value in [
            format!("0-{TRACE}-{PARENT}-01"),
            format!("000-{TRACE}-{PARENT}-01"),
            format!("00-{}-{PARENT}-01", &TRACE[..31]),
            format!("00-{TRACE}0-{PARENT}-01"),
            format!("00-{TRACE}-{}-01", &PARENT[..15]),
            format!("00-{TRACE}-{PARENT}0-01"),
            format!("00-{TRACE}-{PARENT}-1"),
            format!("00-{TRACE}-{PARENT}"),
            format!("00-{TRACE}-{PARENT}-"),
            format!("00-{TRACE}_{PARENT}-01"),
            format!("00{TRACE}-{PARENT}--01"),
            // As many characters, the dashes elsewhere.
            format!("00-{}-{PARENT}a-01", &TRACE[..31]),
        ] {
            assert_eq!(read(&[&value]), None, "{value}");
        }
    }

    #[test]
    fn version_zero_ends_with_its_flags() {
        for more in ["-", "-more", ".", "0", "01"] {
            let value = format!("00-{TRACE}-{PARENT}-01{more}");
            assert_eq!(read(&[&value]), None, "{value}");
        }
    }

    #[test]
    fn of_a_later_version_what_is_known_is_read() {
        for value in [
            format!("01-{TRACE}-{PARENT}-01"),
            format!("cc-{TRACE}-{PARENT}-01"),
            format!("cc-{TRACE}-{PARENT}-01-what-the-future-will-be-like"),
            format!("fe-{TRACE}-{PARENT}-01-"),
        ] {
            assert_eq!(read(&[&value]), expected(), "{value}");
        }
        for value in [
            format!("cc-{TRACE}-{PARENT}-01.what-the-future-will-be-like"),
            format!("cc-{TRACE}-{PARENT}-012"),
            format!("cc-{TRACE}-{PARENT}-0"),
            format!("cc-{}-{PARENT}-01-more", "0".repeat(32)),
        ] {
            assert_eq!(read(&[&value]), None, "{value}");
        }
    }

    #[test]
    fn version_ff_is_forbidden() {
        assert_eq!(read(&[&format!("ff-{TRACE}-{PARENT}-01")]), None);
    }

    #[test]
    fn a_span_of_our_own_has_sixteen_digits_and_is_not_nothing() {
        let id = Uuid::from_u128(0x0192_f3c0_1111_7abc_8000_0000_0000_0000);
        assert_eq!(span_id(id), "8000000000000000");
    }
}
