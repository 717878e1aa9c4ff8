//! Secrets that development generates once and keeps in the data folder.

use std::fs::{File, OpenOptions, Permissions};
use std::io::{self, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kogents_domain::random::SecureRandom;
use kogents_domain::secret::SecretText;
use serde::{Deserialize, Serialize};

use super::{DataFolder, FILE_MODE};
use crate::failure::Failure;

const NAME: &str = "secrets.json";

/// The four secrets that must be there, under the names of their variables.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE", deny_unknown_fields)]
pub(crate) struct GeneratedSecrets {
    pub(crate) jwt_secret: SecretText,
    pub(crate) jwt_refresh_secret: SecretText,
    pub(crate) redis_encryption_key: SecretText,
    pub(crate) redis_encryption_salt: SecretText,
}

impl GeneratedSecrets {
    /// Where they are kept.
    pub(crate) fn path(folder: &DataFolder) -> PathBuf {
        Self::path_in(folder.path())
    }

    /// The same of a folder that another server may have.
    pub(crate) fn path_in(data_dir: &Path) -> PathBuf {
        data_dir.join(NAME)
    }

    /// The secrets of the folder, made at the first start.
    pub(crate) fn load_or_make(
        folder: &DataFolder,
        random: &dyn SecureRandom,
    ) -> Result<Self, Failure> {
        let path = Self::path(folder);
        match std::fs::read_to_string(&path) {
            Ok(text) => Self::parse(&text)
                .and_then(|secrets| close(&path).map(|()| secrets).map_err(unreadable)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let secrets = Self::make(random);
                secrets
                    .write(folder.path(), &path)
                    .map(|()| secrets)
                    .map_err(|error| format!("cannot be written: {error}"))
            }
            Err(error) => Err(unreadable(error)),
        }
        .map_err(|reason| Failure::Secrets { path, reason })
    }

    /// The secrets of a folder that another server may have, if it has any. Changes nothing.
    pub(crate) fn load(data_dir: &Path) -> Result<Option<Self>, Failure> {
        let path = Self::path_in(data_dir);
        match std::fs::read_to_string(&path) {
            Ok(text) => Self::parse(&text).map(Some),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(unreadable(error)),
        }
        .map_err(|reason| Failure::Secrets { path, reason })
    }

    fn make(random: &dyn SecureRandom) -> Self {
        let secret = || SecretText::new(STANDARD.encode(random.bytes_32()));
        Self {
            jwt_secret: secret(),
            jwt_refresh_secret: secret(),
            redis_encryption_key: secret(),
            redis_encryption_salt: secret(),
        }
    }

    /// Reads the file's text. The parser's own words are left out: they could repeat a secret.
    fn parse(text: &str) -> Result<Self, String> {
        serde_json::from_str(text).map_err(|error| {
            format!(
                "are damaged at line {}: put the file back, or remove it to have new secrets made \
                 (then everybody has to sign in again)",
                error.line()
            )
        })
    }

    /// Writes the file whole or not at all, also when the power fails in between.
    fn write(&self, folder: &Path, path: &Path) -> io::Result<()> {
        let unfinished = path.with_extension("json.new");
        let text = serde_json::to_string_pretty(self)?;
        let mut file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(FILE_MODE)
            .open(&unfinished)?;
        file.write_all(text.as_bytes())?;
        file.write_all(b"\n")?;
        file.sync_all()?;
        std::fs::rename(&unfinished, path)?;
        File::open(folder)?.sync_all()
    }
}

/// Takes away from others what somebody gave them.
fn close(path: &Path) -> io::Result<()> {
    if std::fs::metadata(path)?.permissions().mode() & 0o077 == 0 {
        return Ok(());
    }
    std::fs::set_permissions(path, Permissions::from_mode(FILE_MODE))
}

fn unreadable(error: io::Error) -> String {
    format!("cannot be read: {error}")
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU8, Ordering};

    use super::*;

    /// Values that differ, which is all that matters here.
    #[derive(Default)]
    struct Counting(AtomicU8);

    impl SecureRandom for Counting {
        fn bytes_32(&self) -> [u8; 32] {
            [self.0.fetch_add(1, Ordering::Relaxed); 32]
        }

        fn below(&self, _bound: u32) -> u32 {
            0
        }
    }

    fn folder() -> (tempfile::TempDir, DataFolder) {
        let parent = tempfile::tempdir().unwrap();
        let folder = DataFolder::take(&parent.path().join("data")).unwrap();
        (parent, folder)
    }

    #[test]
    fn s32_secrets_are_made_once_and_kept_for_the_owner_only() {
        let (_parent, folder) = folder();
        let random = Counting::default();
        let made = GeneratedSecrets::load_or_make(&folder, &random).unwrap();
        let mode = || {
            let metadata = std::fs::metadata(GeneratedSecrets::path(&folder)).unwrap();
            metadata.permissions().mode() & 0o777
        };
        assert_eq!(mode(), 0o600);
        std::fs::set_permissions(
            GeneratedSecrets::path(&folder),
            Permissions::from_mode(0o644),
        )
        .unwrap();
        let kept = GeneratedSecrets::load_or_make(&folder, &random).unwrap();
        assert_eq!(made, kept);
        assert_eq!(mode(), 0o600);
        assert_ne!(made.jwt_secret, made.jwt_refresh_secret);
        assert!(made.redis_encryption_salt.expose().len() >= 32);
        assert_eq!(
            std::fs::read_dir(folder.path()).unwrap().count(),
            2,
            "lock and secrets"
        );
    }

    #[test]
    fn a_damaged_file_is_one_line_without_its_secrets() {
        let (_parent, folder) = folder();
        let random = Counting::default();
        GeneratedSecrets::load_or_make(&folder, &random).unwrap();
        let path = GeneratedSecrets::path(&folder);
        for damaged in [
            "",
            "{\"JWT_SECRET\": \"canary\"",
            "{\"canary\": 1}",
            "\"canary\"",
        ] {
            std::fs::write(&path, damaged).unwrap();
            let failure = GeneratedSecrets::load_or_make(&folder, &random)
                .unwrap_err()
                .to_string();
            assert!(failure.contains("secrets.json are damaged"), "{failure}");
            assert!(!failure.contains("canary"), "{failure}");
            assert_eq!(failure.lines().count(), 1);
            assert_eq!(
                std::fs::read_to_string(&path).unwrap(),
                damaged,
                "it is left as it is"
            );
        }
    }

    #[test]
    fn what_a_crash_left_half_written_is_written_over() {
        let (_parent, folder) = folder();
        let unfinished = folder.path().join("secrets.json.new");
        std::fs::write(&unfinished, "{\"JWT_SEC").unwrap();
        GeneratedSecrets::load_or_make(&folder, &Counting::default()).unwrap();
        assert!(!unfinished.exists());
    }
}
