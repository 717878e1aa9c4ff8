//! Makes tokens of one's own from a genuine one, with the right secret or another.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::hmac;
use serde_json::{Map, Value};

/// A token in its parts: header and claims as text, and the secret to sign with.
#[derive(Clone)]
pub(super) struct Forge {
    pub(super) header: Vec<u8>,
    pub(super) claims: Vec<u8>,
    pub(super) secret: String,
    algorithm: hmac::Algorithm,
}

impl Forge {
    /// Takes a genuine token apart.
    pub(super) fn of(token: &str, secret: &str) -> Self {
        let mut segments = token.split('.').map(|s| URL_SAFE_NO_PAD.decode(s).unwrap());
        Self {
            header: segments.next().unwrap(),
            claims: segments.next().unwrap(),
            secret: secret.to_owned(),
            algorithm: hmac::HMAC_SHA256,
        }
    }

    /// The name of its kind, as the header has it.
    pub(super) fn kind(&self) -> String {
        let header: Value = serde_json::from_slice(&self.header).unwrap();
        header["typ"].as_str().unwrap().to_owned()
    }

    /// Its claims.
    pub(super) fn members(&self) -> Map<String, Value> {
        serde_json::from_slice(&self.claims).unwrap()
    }

    /// The same under another header.
    pub(super) fn header(&self, header: impl AsRef<[u8]>) -> Self {
        let header = header.as_ref().to_vec();
        Self {
            header,
            ..self.clone()
        }
    }

    /// The same with other claims.
    pub(super) fn claims(&self, claims: impl AsRef<[u8]>) -> Self {
        let claims = claims.as_ref().to_vec();
        Self {
            claims,
            ..self.clone()
        }
    }

    /// The same with one claim changed.
    pub(super) fn claim(&self, name: &str, value: Value) -> Self {
        let mut members = self.members();
        members.insert(name.to_owned(), value);
        self.claims(serde_json::to_vec(&members).unwrap())
    }

    /// The same without one claim.
    pub(super) fn without(&self, name: &str) -> Self {
        let mut members = self.members();
        members.remove(name).unwrap();
        self.claims(serde_json::to_vec(&members).unwrap())
    }

    /// The same, signed with another secret.
    pub(super) fn secret(&self, secret: &str) -> Self {
        let secret = secret.to_owned();
        Self {
            secret,
            ..self.clone()
        }
    }

    /// The same, signed by another function of the family.
    pub(super) fn signed_by(&self, algorithm: hmac::Algorithm) -> Self {
        Self {
            algorithm,
            ..self.clone()
        }
    }

    /// What is signed.
    pub(super) fn message(&self) -> String {
        let encode = |part: &[u8]| URL_SAFE_NO_PAD.encode(part);
        format!("{}.{}", encode(&self.header), encode(&self.claims))
    }

    /// The signature of any message.
    pub(super) fn sign(&self, message: &str) -> Vec<u8> {
        let key = hmac::Key::new(self.algorithm, self.secret.as_bytes());
        hmac::sign(&key, message.as_bytes()).as_ref().to_vec()
    }

    /// The token, whole.
    pub(super) fn token(&self) -> String {
        let message = self.message();
        let signature = URL_SAFE_NO_PAD.encode(self.sign(&message));
        format!("{message}.{signature}")
    }
}
