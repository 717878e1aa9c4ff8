//! The secrets a server runs with: those of the configuration, else generated ones.

use std::path::{Path, PathBuf};

use kogents_adapter_crypto::{KeyMaterial, SystemRandom};
use kogents_domain::secret::SecretText;

use crate::config::Keys;
use crate::data::{DataFolder, GeneratedSecrets};
use crate::failure::Failure;

/// The secrets, and the file of those that were generated, if any of them is in use.
pub(crate) struct ResolvedKeys {
    pub(crate) material: KeyMaterial,
    pub(crate) generated: Option<PathBuf>,
}

/// Takes what the configuration has and fills the rest from the data folder, which makes secrets
/// at the first start. The configuration of production has all of them and needs no folder.
pub(crate) fn resolve(keys: &Keys, folder: Option<&DataFolder>) -> Result<ResolvedKeys, Failure> {
    let (material, generated) = match (
        &keys.jwt,
        &keys.jwt_refresh,
        &keys.encryption_key,
        &keys.encryption_salt,
    ) {
        (Some(jwt), Some(refresh), Some(key), Some(salt)) => {
            let four = GeneratedSecrets {
                jwt_secret: jwt.clone(),
                jwt_refresh_secret: refresh.clone(),
                redis_encryption_key: key.clone(),
                redis_encryption_salt: salt.clone(),
            };
            (four, None)
        }
        _ => {
            let folder = folder.ok_or_else(|| Failure::Setup {
                part: "the secrets",
                reason: "there is no folder to keep them in".to_owned(),
            })?;
            let kept = GeneratedSecrets::load_or_make(folder, &SystemRandom::default())?;
            let four = filled(keys, kept);
            (four, Some(GeneratedSecrets::path(folder)))
        }
    };
    Ok(ResolvedKeys {
        material: material_of(keys, material),
        generated,
    })
}

/// The same for a command beside a server that may have the folder: it only reads there, and makes
/// secrets only where nobody has.
pub(crate) fn resolve_beside(keys: &Keys, data_dir: &Path) -> Result<KeyMaterial, Failure> {
    if keys.are_complete() {
        return resolve(keys, None).map(|resolved| resolved.material);
    }
    match GeneratedSecrets::load(data_dir)? {
        Some(kept) => Ok(material_of(keys, filled(keys, kept))),
        None => {
            let folder = DataFolder::take(data_dir)?;
            resolve(keys, Some(&folder)).map(|resolved| resolved.material)
        }
    }
}

/// What is set, and of the rest what is kept.
fn filled(keys: &Keys, kept: GeneratedSecrets) -> GeneratedSecrets {
    let set = |secret: &Option<SecretText>, kept| secret.clone().unwrap_or(kept);
    GeneratedSecrets {
        jwt_secret: set(&keys.jwt, kept.jwt_secret),
        jwt_refresh_secret: set(&keys.jwt_refresh, kept.jwt_refresh_secret),
        redis_encryption_key: set(&keys.encryption_key, kept.redis_encryption_key),
        redis_encryption_salt: set(&keys.encryption_salt, kept.redis_encryption_salt),
    }
}

fn material_of(keys: &Keys, material: GeneratedSecrets) -> KeyMaterial {
    KeyMaterial {
        encryption_key: material.redis_encryption_key,
        encryption_salt: material.redis_encryption_salt,
        previous_encryption_key: keys.encryption_key_previous.clone(),
        secret_key: keys.secret_key.clone(),
        jwt_secret: material.jwt_secret,
        jwt_secret_previous: keys.jwt_previous.clone(),
        jwt_refresh_secret: material.jwt_refresh_secret,
        jwt_refresh_secret_previous: keys.jwt_refresh_previous.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Config, Source};

    fn resolved(folder: &DataFolder, variables: &[(&str, &str)]) -> ResolvedKeys {
        let config = Config::read(&Source::of(variables.iter().copied())).unwrap();
        resolve(&config.keys, Some(folder)).unwrap()
    }

    #[test]
    fn s32_what_is_set_wins_over_what_was_generated() {
        let parent = tempfile::tempdir().unwrap();
        let folder = DataFolder::take(parent.path()).unwrap();
        let first = resolved(&folder, &[]);
        assert_eq!(first.generated, Some(parent.path().join("secrets.json")));
        let second = resolved(&folder, &[("JWT_SECRET", "mine")]);
        assert_eq!(second.material.jwt_secret.expose(), "mine");
        assert_eq!(
            second.material.jwt_refresh_secret,
            first.material.jwt_refresh_secret
        );
    }

    #[test]
    fn nothing_is_generated_where_all_is_set() {
        let parent = tempfile::tempdir().unwrap();
        let folder = DataFolder::take(parent.path()).unwrap();
        let all = [
            ("JWT_SECRET", "a"),
            ("JWT_REFRESH_SECRET", "b"),
            ("REDIS_ENCRYPTION_KEY", "c"),
            ("REDIS_ENCRYPTION_SALT", "d"),
        ];
        assert_eq!(resolved(&folder, &all).generated, None);
        assert!(!parent.path().join("secrets.json").exists());
    }
}
