//! What the measured programs are told: the secrets, the stores, and limits that nobody reaches.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::failure::Failure;

/// The limits; they are on, and cost what they cost.
const LIMITS: [&str; 20] = [
    "RATE_LIMIT_LOGIN_PAIR",
    "RATE_LIMIT_LOGIN_ACCOUNT",
    "RATE_LIMIT_LOGIN_ADDRESS",
    "RATE_LIMIT_SIGNUP_EMAIL",
    "RATE_LIMIT_SIGNUP_ADDRESS",
    "RATE_LIMIT_SEND_EMAIL",
    "RATE_LIMIT_SEND_ADDRESS",
    "RATE_LIMIT_CONFIRM_ADDRESS",
    "RATE_LIMIT_RESUME_ADDRESS",
    "RATE_LIMIT_REFRESH_SESSION",
    "RATE_LIMIT_REFRESH_ADDRESS",
    "RATE_LIMIT_WORKSPACE_SIGNUP",
    "RATE_LIMIT_WORKSPACE_ADDRESS",
    "RATE_LIMIT_RESET_EMAIL",
    "RATE_LIMIT_RESET_ADDRESS",
    "RATE_LIMIT_TOKEN_ADDRESS",
    "RATE_LIMIT_INVITE_EMAIL",
    "RATE_LIMIT_CHANGE_EMAIL",
    "RATE_LIMIT_GENERAL_SESSION",
    "RATE_LIMIT_GENERAL_ADDRESS",
];

/// As many as a limit may allow, each second.
const HIGH: &str = "100000/1s";

/// The secrets, which all programs of a run share.
const SECRETS: [&str; 5] = [
    "JWT_SECRET",
    "JWT_REFRESH_SECRET",
    "REDIS_ENCRYPTION_KEY",
    "REDIS_ENCRYPTION_SALT",
    "SECRET_KEY",
];

/// How long access tokens are good: longer than a run takes.
const ACCESS_TOKEN_TTL_SECS: &str = "86400";

/// Variables of an environment.
pub(super) type Variables = Vec<(&'static str, String)>;

/// Where PostgreSQL and Redis are.
#[derive(Debug, Clone)]
pub(super) struct Places {
    /// The database.
    pub(super) database: String,
    /// The cache.
    pub(super) cache: String,
    /// What every name in it begins with.
    pub(super) prefix: String,
}

/// What all programs of a run are told.
pub(super) fn of_a_run(
    folder: &Path,
    places: Option<&Places>,
    public_url: &str,
) -> Result<Variables, Failure> {
    let mut variables: Variables = vec![
        ("DATA_DIR", folder.display().to_string()),
        ("PUBLIC_URL", public_url.to_owned()),
        ("ACCESS_TOKEN_TTL_SECS", ACCESS_TOKEN_TTL_SECS.to_owned()),
    ];
    for name in SECRETS {
        variables.push((name, secret()?));
    }
    variables.extend(LIMITS.map(|name| (name, HIGH.to_owned())));
    if let Some(places) = places {
        variables.push(("DATABASE_URL", places.database.clone()));
        variables.push(("REDIS_URL", places.cache.clone()));
        variables.push(("REDIS_PREFIX", places.prefix.clone()));
    }
    Ok(variables)
}

/// A secret that nobody guesses.
fn secret() -> Result<String, Failure> {
    let mut bytes = [0_u8; 32];
    File::open("/dev/urandom")
        .and_then(|mut random| random.read_exact(&mut bytes))
        .map_err(|error| Failure::new(format!("there are no random secrets: {error}")))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::shell;

    #[test]
    fn every_limit_that_there_is_is_raised() {
        let example = std::fs::read_to_string(shell::root().join(".env.example")).unwrap();
        let named: BTreeSet<&str> = example
            .lines()
            .filter_map(|line| line.strip_prefix("# ")?.split_once('='))
            .map(|(name, _)| name)
            .filter(|name| name.starts_with("RATE_LIMIT_"))
            // Of wrong codes; nobody guesses here.
            .filter(|name| *name != "RATE_LIMIT_CONFIRM_EMAIL")
            .collect();
        assert_eq!(named, BTreeSet::from(LIMITS));
    }

    #[test]
    fn secrets_are_new_and_stores_are_named_where_there_are_any() {
        let folder = Path::new("data");
        let embedded = of_a_run(folder, None, "http://localhost:1").unwrap();
        assert!(embedded.iter().all(|(name, _)| *name != "DATABASE_URL"));
        let secrets: BTreeSet<&str> = embedded
            .iter()
            .filter(|(name, _)| SECRETS.contains(name))
            .map(|(_, value)| value.as_str())
            .collect();
        assert_eq!(secrets.len(), SECRETS.len());
        assert!(secrets.iter().all(|secret| secret.len() == 64));
        let places = Places {
            database: "postgresql://a".to_owned(),
            cache: "redis://b".to_owned(),
            prefix: "c:".to_owned(),
        };
        let shared = of_a_run(folder, Some(&places), "http://localhost:1").unwrap();
        let found = |name: &str| shared.iter().find(|(of, _)| *of == name).unwrap().1.clone();
        assert_eq!(found("DATABASE_URL"), places.database);
        assert_eq!(found("REDIS_URL"), places.cache);
        assert_eq!(found("REDIS_PREFIX"), places.prefix);
    }
}
