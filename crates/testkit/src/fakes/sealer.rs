//! Sealing that a test can look into.

use kogents_domain::digest::{SealPurpose, Sealer, Unsealable};

/// Not encryption: marks the bytes, names purpose and place, and flips the bits of the contents,
/// so that what was sealed neither opens elsewhere nor shows in a dump.
#[derive(Debug, Clone, Copy, Default)]
pub struct FakeSealer;

fn header(purpose: SealPurpose, name: &[u8]) -> Vec<u8> {
    let mut header = format!("fake-sealed:{purpose:?}:{}:", name.len()).into_bytes();
    header.extend_from_slice(name);
    header.push(b':');
    header
}

impl Sealer for FakeSealer {
    fn seal(&self, purpose: SealPurpose, name: &[u8], plain: &[u8]) -> Vec<u8> {
        let mut sealed = header(purpose, name);
        sealed.extend(plain.iter().map(|byte| !byte));
        sealed
    }

    fn open(
        &self,
        purpose: SealPurpose,
        name: &[u8],
        sealed: &[u8],
    ) -> Result<Vec<u8>, Unsealable> {
        let contents = sealed
            .strip_prefix(header(purpose, name).as_slice())
            .ok_or(Unsealable)?;
        Ok(contents.iter().map(|byte| !byte).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sealed_bytes_open_for_their_purpose_and_name_only() {
        let sealed = FakeSealer.seal(SealPurpose::Mail, b"one", b"secret");
        assert_eq!(
            FakeSealer.open(SealPurpose::Mail, b"one", &sealed),
            Ok(b"secret".to_vec())
        );
        for (purpose, name) in [
            (SealPurpose::Mail, b"two".as_slice()),
            (SealPurpose::PendingSignup, b"one"),
        ] {
            assert_eq!(FakeSealer.open(purpose, name, &sealed), Err(Unsealable));
        }
        assert!(!sealed.windows(6).any(|part| part == b"secret"));
    }
}
