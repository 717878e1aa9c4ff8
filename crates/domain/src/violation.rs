//! What can be wrong with one value that somebody submitted.

/// The stable code of a violation, as the wire spells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ViolationCode {
    /// Absent, null, or empty after trimming.
    RequiredField,
    /// Another JSON type than the one asked for.
    InvalidType,
    /// Not an email address.
    InvalidEmail,
    /// Not a URL of a kind that is taken here.
    InvalidUrl,
    /// Not one of the closed set of values.
    InvalidEnumValue,
    /// Too short or too long.
    InvalidLength,
    /// Of the right type and length, and still not of the right form.
    InvalidFormat,
    /// A number below the least.
    MinValue,
    /// A number above the greatest.
    MaxValue,
    /// A member that is not taken here.
    UnknownField,
    /// A password that is too easily guessed.
    WeakPassword,
}

impl ViolationCode {
    /// Every code, for catalogues and tests.
    pub const ALL: [Self; 11] = [
        Self::RequiredField,
        Self::InvalidType,
        Self::InvalidEmail,
        Self::InvalidUrl,
        Self::InvalidEnumValue,
        Self::InvalidLength,
        Self::InvalidFormat,
        Self::MinValue,
        Self::MaxValue,
        Self::UnknownField,
        Self::WeakPassword,
    ];

    /// The name on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RequiredField => "REQUIRED_FIELD",
            Self::InvalidType => "INVALID_TYPE",
            Self::InvalidEmail => "INVALID_EMAIL",
            Self::InvalidUrl => "INVALID_URL",
            Self::InvalidEnumValue => "INVALID_ENUM_VALUE",
            Self::InvalidLength => "INVALID_LENGTH",
            Self::InvalidFormat => "INVALID_FORMAT",
            Self::MinValue => "MIN_VALUE",
            Self::MaxValue => "MAX_VALUE",
            Self::UnknownField => "UNKNOWN_FIELD",
            Self::WeakPassword => "WEAK_PASSWORD",
        }
    }
}

/// One thing wrong with one value. It never carries the value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Violation {
    /// What kind of wrong.
    pub code: ViolationCode,
    /// Says to a person what the value must be: "must be an email address".
    pub message: String,
}

impl Violation {
    /// A violation with its message.
    pub fn new(code: ViolationCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
        }
    }

    /// The value is missing, or empty after trimming.
    #[must_use]
    pub fn required() -> Self {
        Self::new(ViolationCode::RequiredField, "is required")
    }

    /// The text is not between `min` and `max` characters long.
    #[must_use]
    pub fn length(min: usize, max: usize) -> Self {
        Self::new(
            ViolationCode::InvalidLength,
            format!("must be {min} to {max} characters long"),
        )
    }

    /// The text is longer than `max` characters.
    #[must_use]
    pub fn too_long(max: usize) -> Self {
        Self::new(
            ViolationCode::InvalidLength,
            format!("must be at most {max} characters long"),
        )
    }

    /// The value has the wrong form.
    pub fn format(message: impl Into<String>) -> Self {
        Self::new(ViolationCode::InvalidFormat, message)
    }
}
