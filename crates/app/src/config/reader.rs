//! Reads variables one by one and collects every fault.

use std::path::PathBuf;

use kogents_domain::secret::SecretText;

use super::fault::{ConfigError, Fault};
use super::setting::{Origin, Setting, SettingValue};
use super::source::Source;
use super::told::Told;

/// Hands out parsed values; what is wrong is remembered, once per variable.
pub(super) struct Reader<'a> {
    source: &'a Source,
    faults: Vec<Fault>,
    about_secrets: bool,
    /// What was read so far, in this order.
    settings: Vec<Setting>,
    /// Every variable that was asked for, for the tests that walk them.
    #[cfg(test)]
    pub(super) asked: std::collections::BTreeMap<&'static str, Form>,
}

/// What a variable may be read from.
#[cfg(test)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Itself only.
    Plain,
    /// Itself, or a file.
    Secret,
}

impl<'a> Reader<'a> {
    pub(super) fn new(source: &'a Source) -> Self {
        Self {
            source,
            faults: source.faults().to_vec(),
            about_secrets: false,
            settings: Vec::new(),
            #[cfg(test)]
            asked: std::collections::BTreeMap::new(),
        }
    }

    /// A variable's value if it is set. A fault counts as not set, the reading goes on.
    pub(super) fn optional<T: Told>(
        &mut self,
        name: &'static str,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        #[cfg(test)]
        self.asked.insert(name, Form::Plain);
        let origin = self.source.origin(name).unwrap_or(Origin::Default);
        let value = self.text(name).and_then(|text| {
            let parsed = parse(text.trim());
            parsed.map_err(|message| self.fault(name, message)).ok()
        });
        let told = match (&value, &origin) {
            (Some(value), _) => SettingValue::Told(value.told()),
            (None, Origin::Default) => SettingValue::NotSet,
            (None, _) => SettingValue::Wrong,
        };
        self.note(name, told, origin);
        value
    }

    fn note(&mut self, name: &'static str, value: SettingValue, origin: Origin) {
        self.settings.push(Setting {
            name,
            value,
            origin,
        });
    }

    /// A variable's value, or what holds when it is not set.
    pub(super) fn or<T: Told>(
        &mut self,
        name: &'static str,
        default: T,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> T {
        self.optional(name, parse).unwrap_or_else(|| {
            let noted = self.settings.last_mut();
            if let Some(noted) = noted.filter(|noted| noted.value == SettingValue::NotSet) {
                noted.value = SettingValue::Told(default.told());
            }
            default
        })
    }

    /// A secret, from the variable itself or from the file that `NAME_FILE` names.
    pub(super) fn secret(&mut self, name: &'static str) -> Option<SecretText> {
        #[cfg(test)]
        self.asked.insert(name, Form::Secret);
        let by_file = format!("{name}_FILE");
        let path = self.source.get(&by_file).map(PathBuf::from);
        let origin = match &path {
            Some(path) => Origin::File(path.clone()),
            None => self.source.origin(name).unwrap_or(Origin::Default),
        };
        let faults = self.faults.len();
        let secret = self.read_secret(name, &by_file, path);
        let told = match &secret {
            Some(_) => SettingValue::Secret,
            None if self.faults.len() > faults => SettingValue::Wrong,
            None => SettingValue::NotSet,
        };
        self.note(name, told, origin);
        secret
    }

    fn read_secret(
        &mut self,
        name: &str,
        by_file: &str,
        path: Option<PathBuf>,
    ) -> Option<SecretText> {
        let direct = self.text(name);
        let Some(path) = path else {
            return direct.map(SecretText::new);
        };
        if direct.is_some() {
            self.fault(name, format!("and {by_file} are both set: set one of them"));
            return None;
        }
        match std::fs::read_to_string(path) {
            // Editors and `echo` end a file with a line break that belongs to nobody's secret.
            Ok(text) => {
                let text = text.trim_end_matches(['\r', '\n']);
                (!text.is_empty()).then(|| SecretText::new(text))
            }
            Err(error) => {
                let message = format!("must name a file that can be read: {}", error.kind());
                self.fault(by_file, message);
                None
            }
        }
    }

    /// Whether there is anything under a name, right or wrong.
    pub(super) fn is_set(&self, name: &str) -> bool {
        self.source.get(name).is_some() || self.source.get(&format!("{name}_FILE")).is_some()
    }

    /// Remembers a fault, unless the variable has one already.
    pub(super) fn fault(&mut self, name: &str, message: impl Into<String>) {
        if !self.faults.iter().any(|fault| fault.name == name) {
            self.faults.push(Fault::new(name, message));
        }
    }

    /// The same for a secret; the report then says how to make one.
    pub(super) fn secret_fault(&mut self, name: &str, message: impl Into<String>) {
        self.about_secrets = true;
        self.fault(name, message);
    }

    /// What was read so far, in this order.
    pub(super) fn settings(&self) -> &[Setting] {
        &self.settings
    }

    /// What was read, if nothing is wrong.
    pub(super) fn finish<T>(self, value: T) -> Result<T, ConfigError> {
        if self.faults.is_empty() {
            Ok(value)
        } else {
            Err(ConfigError::new(self.faults, self.about_secrets))
        }
    }

    fn text(&mut self, name: &str) -> Option<String> {
        let value = self.source.get(name)?;
        if let Some(text) = value.to_str() {
            return Some(text.to_owned());
        }
        self.fault(name, "must be text in UTF-8");
        None
    }
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;
    use std::os::unix::ffi::OsStringExt as _;

    use super::*;

    fn names(reader: &Reader<'_>) -> Vec<String> {
        reader.faults.iter().map(|f| f.name.clone()).collect()
    }

    #[test]
    fn a_secret_comes_from_a_file_without_its_last_line_break() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret");
        std::fs::write(&path, " kept as it is \n").unwrap();
        let source = Source::of([("SMTP_PASS_FILE", path.as_os_str())]);
        let mut reader = Reader::new(&source);
        assert_eq!(
            reader.secret("SMTP_PASS").unwrap().expose(),
            " kept as it is "
        );
        assert!(names(&reader).is_empty());
    }

    #[test]
    fn a_secret_that_is_set_twice_or_not_readable_is_a_fault() {
        let source = Source::of([
            ("SMTP_PASS", "canary"),
            ("SMTP_PASS_FILE", "canary-file"),
            ("JWT_SECRET_FILE", "canary-file"),
        ]);
        let mut reader = Reader::new(&source);
        assert!(reader.secret("SMTP_PASS").is_none());
        assert!(reader.secret("JWT_SECRET").is_none());
        assert_eq!(names(&reader), ["SMTP_PASS", "JWT_SECRET_FILE"]);
        let shown = reader.finish(()).unwrap_err().to_string();
        assert!(!shown.contains("canary"), "{shown}");
    }

    #[test]
    fn what_is_not_unicode_is_a_fault() {
        let source = Source::of([("HOST", OsString::from_vec(vec![0xFF, 0xFE]))]);
        let mut reader = Reader::new(&source);
        assert!(
            reader
                .optional("HOST", |text| Ok(text.to_owned()))
                .is_none()
        );
        assert_eq!(names(&reader), ["HOST"]);
    }
}
