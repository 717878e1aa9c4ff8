//! Percent-encoding.

/// The text that a percent-encoded one stands for; none if it stands for no UTF-8 text. A plus is
/// a plus, as in libpq.
pub(super) fn decode(text: &str) -> Option<String> {
    let mut octets = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(octet) = rest.next() {
        if octet == b'%' {
            let high = hex(rest.next()?)?;
            let low = hex(rest.next()?)?;
            octets.push(high * 16 + low);
        } else {
            octets.push(octet);
        }
    }
    String::from_utf8(octets).ok()
}

fn hex(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_encoded_is_decoded_and_nothing_else() {
        assert_eq!(decode("a%20b%2Fc%c3%a4+d").as_deref(), Some("a b/cä+d"));
        for broken in ["%", "%2", "%zz", "%ff"] {
            assert_eq!(decode(broken), None, "{broken}");
        }
    }
}
