//! HMAC-SHA-256 for `jsonwebtoken` on `ring`, in place of the two backends that it brings and
//! that would bring RSA and elliptic curves along.

use std::sync::Once;

use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{ErrorKind, Result};
use jsonwebtoken::signature::{Error as SignatureError, Signer, Verifier};
use jsonwebtoken::{Algorithm, AlgorithmFamily, DecodingKey, EncodingKey};
use ring::hmac;

static PROVIDER: CryptoProvider = CryptoProvider {
    signer_factory: signer,
    verifier_factory: verifier,
    // JSON Web Keys are not used.
    key_utils: KeyUtils::new_unimplemented(),
};

/// Installs the provider, once in a process.
pub(super) fn install() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        if PROVIDER.install_default().is_err() {
            // HS256 is the same everywhere: tokens stay what they are.
            tracing::warn!("another cryptography provider signs and verifies the tokens");
        }
    });
}

struct Hs256(hmac::Key);

impl Hs256 {
    fn new(family: AlgorithmFamily, algorithm: Algorithm, secret: &[u8]) -> Result<Self> {
        if family == AlgorithmFamily::Hmac && algorithm == Algorithm::HS256 {
            Ok(Self(hmac::Key::new(hmac::HMAC_SHA256, secret)))
        } else {
            Err(ErrorKind::InvalidAlgorithm.into())
        }
    }
}

fn signer(algorithm: &Algorithm, key: &EncodingKey) -> Result<Box<dyn JwtSigner>> {
    Ok(Box::new(Hs256::new(
        key.family(),
        *algorithm,
        key.as_bytes(),
    )?))
}

fn verifier(algorithm: &Algorithm, key: &DecodingKey) -> Result<Box<dyn JwtVerifier>> {
    Ok(Box::new(Hs256::new(
        key.family(),
        *algorithm,
        key.try_get_as_bytes()?,
    )?))
}

impl Signer<Vec<u8>> for Hs256 {
    fn try_sign(&self, message: &[u8]) -> std::result::Result<Vec<u8>, SignatureError> {
        Ok(hmac::sign(&self.0, message).as_ref().to_vec())
    }
}

impl Verifier<Vec<u8>> for Hs256 {
    fn verify(
        &self,
        message: &[u8],
        signature: &Vec<u8>,
    ) -> std::result::Result<(), SignatureError> {
        hmac::verify(&self.0, message, signature).map_err(|_| SignatureError::new())
    }
}

impl JwtSigner for Hs256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::HS256
    }
}

impl JwtVerifier for Hs256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::HS256
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_are_those_of_rfc_7515() {
        // Appendix A.1 of RFC 7515.
        let message = b"eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.\
            eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
        let secret = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow==";
        install();
        let key = EncodingKey::from_urlsafe_base64_secret(secret).unwrap();
        assert_eq!(
            jsonwebtoken::crypto::sign(message, &key, Algorithm::HS256).unwrap(),
            "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
        );
    }

    #[test]
    fn s14_no_other_algorithm_is_there() {
        install();
        let encoding = EncodingKey::from_secret(b"secret");
        let decoding = DecodingKey::from_secret(b"secret");
        for algorithm in [
            Algorithm::HS384,
            Algorithm::HS512,
            Algorithm::RS256,
            Algorithm::ES256,
            Algorithm::EdDSA,
        ] {
            assert!(jsonwebtoken::crypto::sign(b"m", &encoding, algorithm).is_err());
            assert!(jsonwebtoken::crypto::verify("AA", b"m", &decoding, algorithm).is_err());
        }
    }
}
