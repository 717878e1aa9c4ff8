//! Digests as text, in hexadecimal.

use kogents_domain::digest::Digest;

/// A digest as text.
pub(crate) fn text(digest: &Digest) -> String {
    let octets = digest.as_bytes().iter();
    octets.map(|octet| format!("{octet:02x}")).collect()
}

/// A digest read from text; nothing for anything but 64 hexadecimal digits.
pub(crate) fn digest(text: &str) -> Option<Digest> {
    if text.len() != 64 || !text.bytes().all(|octet| octet.is_ascii_hexdigit()) {
        return None;
    }
    let mut bytes = [0; 32];
    for (byte, index) in bytes.iter_mut().zip((0..64).step_by(2)) {
        *byte = u8::from_str_radix(text.get(index..index + 2)?, 16).ok()?;
    }
    Some(Digest::from_bytes(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read_back() {
        let mut bytes = [0; 32];
        (bytes[0], bytes[1], bytes[31]) = (0x0a, 0xff, 0x80);
        let written = text(&Digest::from_bytes(bytes));
        assert!(written.starts_with("0aff00") && written.ends_with("80"));
        assert_eq!(digest(&written), Some(Digest::from_bytes(bytes)));
    }

    #[test]
    fn nothing_else_is_a_digest() {
        let right = "0".repeat(64);
        assert!(digest(&right).is_some());
        for wrong in [
            "",
            &right[1..],
            &format!("{right}0"),
            &right.replacen("00", "+1", 1),
        ] {
            assert_eq!(digest(wrong), None, "{wrong}");
        }
        assert_eq!(digest(&"ä".repeat(32)), None);
    }
}
