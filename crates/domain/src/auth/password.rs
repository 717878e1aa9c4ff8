//! Passwords as they are chosen, entered and kept.

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use crate::secret::SecretText;
use crate::violation::{Violation, ViolationCode};

/// The most bytes of a password that are looked at, new or entered. More is refused, not cut.
const MAX_BYTES: usize = 1_024;
const MIN_CHARACTERS: usize = 8;
const MAX_CHARACTERS: usize = 128;

/// A password that somebody chooses: 8 to 128 characters of any kind, never trimmed, in Unicode
/// NFC once (RFC 8265's `OpaqueString` form), so that every keyboard gives the same bytes.
///
/// No rule of composition; how easily it is guessed is asked of
/// [`PasswordStrength`](super::PasswordStrength), with the words around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPassword(SecretText);

impl NewPassword {
    /// Reads a new password.
    ///
    /// # Errors
    /// `REQUIRED_FIELD` when empty, `INVALID_LENGTH` outside 8 to 128 characters or above 1,024
    /// bytes.
    pub fn parse(text: &str) -> Result<Self, Violation> {
        if text.is_empty() {
            return Err(Violation::required());
        }
        if text.len() > MAX_BYTES {
            return Err(Violation::length(MIN_CHARACTERS, MAX_CHARACTERS));
        }
        let normalised: String = text.nfc().collect();
        let characters = normalised.chars().count();
        if !(MIN_CHARACTERS..=MAX_CHARACTERS).contains(&characters) || normalised.len() > MAX_BYTES
        {
            return Err(Violation::length(MIN_CHARACTERS, MAX_CHARACTERS));
        }
        Ok(Self(SecretText::new(normalised)))
    }

    /// A password that was just found right, to be hashed anew. The rules for choosing one do not
    /// apply: it was chosen before.
    #[must_use]
    pub fn to_rehash(verified: EnteredPassword) -> Self {
        Self(verified.0)
    }

    /// The password, for the hasher and the strength meter.
    #[must_use]
    pub const fn secret(&self) -> &SecretText {
        &self.0
    }

    /// What a password that is too easily guessed gets.
    #[must_use]
    pub fn too_weak() -> Violation {
        Violation::new(
            ViolationCode::WeakPassword,
            "is too easily guessed; use more words or characters that are not about you",
        )
    }
}

/// A password as entered to sign in: not empty, at most 1,024 bytes, in NFC like the one chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnteredPassword(SecretText);

impl EnteredPassword {
    /// Reads an entered password.
    ///
    /// # Errors
    /// `REQUIRED_FIELD` when empty, `INVALID_LENGTH` above 1,024 bytes.
    pub fn parse(text: &str) -> Result<Self, Violation> {
        if text.is_empty() {
            return Err(Violation::required());
        }
        if text.len() > MAX_BYTES {
            return Err(Violation::new(
                ViolationCode::InvalidLength,
                "must be at most 1024 bytes long",
            ));
        }
        Ok(Self(SecretText::new(text.nfc().collect::<String>())))
    }

    /// The password, for the hasher.
    #[must_use]
    pub const fn secret(&self) -> &SecretText {
        &self.0
    }
}

/// A password hash: a PHC string, as a [`PasswordHasher`](super::PasswordHasher) made it, or one
/// brought from elsewhere, which stays until its owner signs in.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PasswordHash(SecretText);

impl PasswordHash {
    /// Takes a hash into keeping.
    pub fn new(hash: impl Into<String>) -> Self {
        Self(SecretText::new(hash))
    }

    /// The hash as it is kept.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

impl std::fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PasswordHash(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_passwords_count_characters_and_keep_spaces() {
        let password = NewPassword::parse("  correct horse  ").unwrap();
        assert_eq!(password.secret().expose(), "  correct horse  ");
        assert!(NewPassword::parse("пароль12").is_ok());
        for bad in ["short", &"x".repeat(129), &"\u{1F511}".repeat(257)] {
            assert_eq!(
                NewPassword::parse(bad).unwrap_err().code,
                ViolationCode::InvalidLength
            );
        }
        assert_eq!(
            NewPassword::parse("").unwrap_err().code,
            ViolationCode::RequiredField
        );
    }

    #[test]
    fn every_keyboard_gives_the_same_bytes() {
        let composed = NewPassword::parse("caf\u{00E9} au lait").unwrap();
        let entered = EnteredPassword::parse("cafe\u{0301} au lait").unwrap();
        assert_eq!(composed.secret(), entered.secret());
    }
}
