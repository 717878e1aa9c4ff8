//! The secrets that travel beside an export.

use std::path::Path;

use kogents_adapter_crypto::{KeyMaterial, SecretFingerprints};
use kogents_domain::secret::SecretText;

use super::manifest::{Manifest, Tags};
use super::{cannot, folder};
use crate::config::{Config, in_double_quotes};
use crate::data::{DataFolder, GeneratedSecrets};
use crate::failure::Failure;
use crate::keys;

/// What stops to work where a secret is another one than before, by the variable.
const CONSEQUENCES: [(&str, &str); 5] = [
    ("JWT_SECRET", "access tokens end: clients refresh them"),
    ("JWT_REFRESH_SECRET", "every sign-in ends"),
    (
        "REDIS_ENCRYPTION_KEY",
        "mail that waits is lost, and links that confirm a new address",
    ),
    (
        "REDIS_ENCRYPTION_SALT",
        "mail that waits is lost, and links that confirm a new address",
    ),
    (
        "SECRET_KEY",
        "every sign-in ends, and every device counts as a new one",
    ),
];

/// The secrets of this server: those that are set, else those that it made before. None are made
/// here: new ones would fit nothing.
pub(crate) fn in_force(
    config: &Config,
    folder: Option<&DataFolder>,
) -> Result<KeyMaterial, Failure> {
    let is_kept = folder.is_some_and(|folder| GeneratedSecrets::path(folder).exists());
    if !config.keys.are_complete() && !is_kept {
        return Err(Failure::Command(
            "the secrets are not known here: set JWT_SECRET, JWT_REFRESH_SECRET, \
             REDIS_ENCRYPTION_KEY and REDIS_ENCRYPTION_SALT (`kogents export --secrets FILE` writes \
             them), or DATA_DIR where a server made its own"
                .to_owned(),
        ));
    }
    keys::resolve(&config.keys, folder).map(|keys| keys.material)
}

/// Looks early whether they can be written there: a file that is there is left alone.
pub(crate) fn check_absent(path: &Path) -> Result<(), Failure> {
    if path.symlink_metadata().is_ok() {
        let told = "cannot be written: it is there already, name a file that is not";
        return Err(Failure::Command(format!("{} {told}", path.display())));
    }
    Ok(())
}

/// Writes them as lines of an environment file, for the owner only, into a file that is not there.
pub(crate) fn write(
    path: &Path,
    material: &KeyMaterial,
    public_url: Option<&str>,
) -> Result<(), Failure> {
    let secret_key = material.effective_secret_key();
    let secrets = [
        ("JWT_SECRET", Some(&material.jwt_secret)),
        ("JWT_SECRET_PREVIOUS", material.jwt_secret_previous.as_ref()),
        ("JWT_REFRESH_SECRET", Some(&material.jwt_refresh_secret)),
        (
            "JWT_REFRESH_SECRET_PREVIOUS",
            material.jwt_refresh_secret_previous.as_ref(),
        ),
        ("REDIS_ENCRYPTION_KEY", Some(&material.encryption_key)),
        (
            "REDIS_ENCRYPTION_KEY_PREVIOUS",
            material.previous_encryption_key.as_ref(),
        ),
        ("REDIS_ENCRYPTION_SALT", Some(&material.encryption_salt)),
        ("SECRET_KEY", Some(&secret_key)),
    ];
    let values = secrets
        .iter()
        .filter_map(|(name, secret)| Some((*name, secret.as_ref()?.expose())));
    let url = public_url.map(|url| ("PUBLIC_URL", url));
    let mut text =
        "# The secrets of a Kogents server, for the servers that take over its data.\n".to_owned();
    for (name, value) in values.chain(url) {
        text.push_str(&format!("{name}={}\n", quoted(value)));
    }
    let text = SecretText::new(text);
    folder::create_with(path, text.expose().as_bytes())
        .map_err(|error| cannot("written", path, &error))
}

/// The variables whose secrets are others than those of an export, with what that means.
pub(crate) fn differences(
    manifest: &Manifest,
    material: &KeyMaterial,
) -> Vec<(&'static str, &'static str)> {
    let values = |tags: &Tags| {
        [
            tags.jwt_secret.clone(),
            tags.jwt_refresh_secret.clone(),
            tags.redis_encryption_key.clone(),
            tags.redis_encryption_salt.clone(),
            tags.secret_key.clone(),
        ]
    };
    let theirs = values(&manifest.secrets);
    let ours = values(&Tags::from(SecretFingerprints::of(material)));
    let pairs = theirs.iter().zip(&ours).zip(CONSEQUENCES);
    pairs
        .filter(|((theirs, ours), _)| theirs != ours)
        .map(|(_, consequence)| consequence)
        .collect()
}

/// A value as it stands where every reader of such files takes it so, else in quotes.
fn quoted(value: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "+/=_-.:,@%".contains(c);
    if value.chars().all(is_plain) {
        value.to_owned()
    } else if !value.contains(['\'', '\n']) {
        format!("'{value}'")
    } else {
        in_double_quotes(value)
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;
    use crate::config::Source;

    fn material(values: [&str; 5]) -> KeyMaterial {
        let [jwt, refresh, key, salt, previous] = values.map(SecretText::new);
        KeyMaterial {
            encryption_key: key,
            encryption_salt: salt,
            previous_encryption_key: Some(previous),
            secret_key: None,
            jwt_secret: jwt,
            jwt_secret_previous: None,
            jwt_refresh_secret: refresh,
            jwt_refresh_secret_previous: None,
        }
    }

    #[test]
    fn what_is_written_is_read_back_whatever_it_holds() {
        let parent = tempfile::tempdir().unwrap();
        let file = parent.path().join(".env");
        let given = material([
            "a b#$c'd\"\\e",
            "plain+/=",
            "it is # 'quoted'",
            "$HOME `x`",
            "p",
        ]);
        write(&file, &given, Some("https://auth.example.com")).unwrap();
        let mode = file.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);

        let config = Config::read(&Source::system(parent.path())).unwrap();
        let read = keys::resolve(&config.keys, None).unwrap().material;
        assert_eq!(
            SecretFingerprints::of(&read),
            SecretFingerprints::of(&given)
        );
        assert_eq!(read.previous_encryption_key, given.previous_encryption_key);
        assert_eq!(read.jwt_secret_previous, None);
        assert_eq!(read.secret_key, Some(given.effective_secret_key()));
        assert!(write(&file, &given, None).is_err(), "what is there stays");
    }
}
