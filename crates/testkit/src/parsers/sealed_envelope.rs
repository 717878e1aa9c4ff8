//! Sealed envelopes.

use kogents_domain::digest::{SealPurpose, Sealer, Unsealable};

use super::text;

/// Version and key id: what stands before the nonce.
const HEAD: usize = 5;
/// Nonce and tag: what an envelope has beside its head and what was sealed.
const NONCE_AND_TAG: usize = 28;

/// What was sealed opens under its own purpose and name; altered by anything, or under another
/// name or purpose, it does not, and neither does what nobody sealed.
///
/// The input's first octet says where it is split into a name, a plaintext and alterations.
///
/// # Panics
/// When that does not hold.
pub fn sealed_envelope(input: &[u8], sealer: &dyn Sealer) {
    let (at, rest) = input.split_first().unwrap_or((&0, &[]));
    let (name, rest) = rest.split_at(usize::from(*at).min(rest.len()));
    let purpose = SealPurpose::Mail;
    let sealed = sealer.seal(purpose, name, rest);
    assert_eq!(sealed.len(), HEAD + NONCE_AND_TAG + rest.len());
    assert_eq!(sealer.open(purpose, name, &sealed).as_deref(), Ok(rest));

    let refused = |purpose, name: &[u8], sealed: &[u8]| {
        let opened = sealer.open(purpose, name, sealed);
        assert_eq!(opened, Err(Unsealable), "{:?} opened", text(input));
    };
    refused(SealPurpose::PendingSignup, name, &sealed);
    refused(purpose, &[name, &[0]].concat(), &sealed);
    for (altered, name) in [(input, name), (rest, name), (input, &[])] {
        refused(purpose, name, altered);
        // Also behind a head that leads as far as decryption.
        let head = sealed.get(..HEAD).unwrap_or_default();
        refused(purpose, name, &[head, altered].concat());
    }
    // Octets of the input say where the envelope is altered, cut and lengthened.
    for (at, octet) in input.iter().enumerate().take(64) {
        let place = (at * 31 + usize::from(*octet)) % sealed.len();
        let mut altered = sealed.clone();
        if let Some(there) = altered.get_mut(place) {
            *there ^= octet | 1;
        }
        refused(purpose, name, &altered);
        refused(purpose, name, sealed.get(..place).unwrap_or_default());
    }
    refused(purpose, name, &[sealed.as_slice(), &[*at]].concat());
}
