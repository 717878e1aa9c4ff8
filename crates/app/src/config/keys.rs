//! Secrets.

use kogents_domain::secret::SecretText;

use super::mode::Mode;
use super::reader::Reader;
use super::secret_rules;

/// Secrets as they were given. The four that must be there are None in development only, where
/// the data folder keeps generated ones.
#[derive(Debug, Clone)]
pub struct Keys {
    /// `JWT_SECRET`: signs access tokens.
    pub jwt: Option<SecretText>,
    /// `JWT_REFRESH_SECRET`: signs refresh tokens.
    pub jwt_refresh: Option<SecretText>,
    /// `REDIS_ENCRYPTION_KEY`: seals what rests in cache and mail queue.
    pub encryption_key: Option<SecretText>,
    /// `REDIS_ENCRYPTION_SALT`: goes into every key derived from it.
    pub encryption_salt: Option<SecretText>,
    /// `JWT_SECRET_PREVIOUS`: access tokens signed with it are still taken.
    pub jwt_previous: Option<SecretText>,
    /// `JWT_REFRESH_SECRET_PREVIOUS`: refresh tokens signed with it are still taken.
    pub jwt_refresh_previous: Option<SecretText>,
    /// `REDIS_ENCRYPTION_KEY_PREVIOUS`: what was sealed with it still opens.
    pub encryption_key_previous: Option<SecretText>,
    /// `SECRET_KEY`: for handles, fingerprints, derived refresh ids and digests; none: derived
    /// from the encryption key and its salt.
    pub secret_key: Option<SecretText>,
    /// `HEALTH_TOKEN`: opens what is told of the database in production; none: nothing is told.
    pub health_token: Option<SecretText>,
}

impl Keys {
    /// Whether the four that must be there are.
    #[must_use]
    pub const fn are_complete(&self) -> bool {
        self.jwt.is_some()
            && self.jwt_refresh.is_some()
            && self.encryption_key.is_some()
            && self.encryption_salt.is_some()
    }

    /// The variables of those that production cannot do without.
    pub(crate) const NEEDED: [&'static str; REQUIRED] = [
        "JWT_SECRET",
        "JWT_REFRESH_SECRET",
        "REDIS_ENCRYPTION_KEY",
        "REDIS_ENCRYPTION_SALT",
    ];

    /// All of them, by their variables.
    pub(crate) const fn named(&self) -> [(&'static str, &Option<SecretText>); 9] {
        [
            ("JWT_SECRET", &self.jwt),
            ("JWT_REFRESH_SECRET", &self.jwt_refresh),
            ("REDIS_ENCRYPTION_KEY", &self.encryption_key),
            ("REDIS_ENCRYPTION_SALT", &self.encryption_salt),
            ("JWT_SECRET_PREVIOUS", &self.jwt_previous),
            ("JWT_REFRESH_SECRET_PREVIOUS", &self.jwt_refresh_previous),
            (
                "REDIS_ENCRYPTION_KEY_PREVIOUS",
                &self.encryption_key_previous,
            ),
            ("SECRET_KEY", &self.secret_key),
            ("HEALTH_TOKEN", &self.health_token),
        ]
    }

    /// What production would not take of those that are set, by their variables.
    pub(crate) fn weaknesses(&self) -> Vec<(&'static str, String)> {
        secret_rules::weaknesses(self.named().iter())
    }
}

/// How many of them, the first ones, production cannot do without.
const REQUIRED: usize = 4;

pub(super) fn read(reader: &mut Reader<'_>, mode: Mode) -> Keys {
    let keys = Keys {
        jwt: reader.secret("JWT_SECRET"),
        jwt_refresh: reader.secret("JWT_REFRESH_SECRET"),
        encryption_key: reader.secret("REDIS_ENCRYPTION_KEY"),
        encryption_salt: reader.secret("REDIS_ENCRYPTION_SALT"),
        jwt_previous: reader.secret("JWT_SECRET_PREVIOUS"),
        jwt_refresh_previous: reader.secret("JWT_REFRESH_SECRET_PREVIOUS"),
        encryption_key_previous: reader.secret("REDIS_ENCRYPTION_KEY_PREVIOUS"),
        secret_key: reader.secret("SECRET_KEY"),
        health_token: reader.secret("HEALTH_TOKEN"),
    };
    if mode.is_production() {
        let named = keys.named();
        let (required, optional) = named.split_at(REQUIRED);
        secret_rules::check(reader, required, optional);
    }
    keys
}
