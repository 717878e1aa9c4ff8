//! The fingerprint that tells whether a person had such a device before.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::{Device, DeviceType};
use crate::auth::Language;
use crate::digest::Digester;
use crate::ids::UserId;

const PREFIX: &str = "fp1_";
/// 16 octets in base64url without padding.
const ENCODED_LEN: usize = 22;
const OCTETS: usize = 16;

/// `fp1_` and 22 base64url characters (RFC 4648 section 5): the first 128 bits of a keyed tag over
/// [`FingerprintParts`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DeviceFingerprint(String);

impl DeviceFingerprint {
    /// The fingerprint of a person's device.
    #[must_use]
    pub fn of(parts: &FingerprintParts, digester: &dyn Digester) -> Self {
        let tag = digester.device_fingerprint(parts);
        let octets: Vec<u8> = tag.as_bytes().iter().take(OCTETS).copied().collect();
        Self(format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(octets)))
    }

    /// Reads a fingerprint out of a store. None for what is not exactly of its form.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let encoded = text
            .strip_prefix(PREFIX)
            .filter(|rest| rest.len() == ENCODED_LEN)?;
        URL_SAFE_NO_PAD.decode(encoded).ok()?;
        Some(Self(text.to_owned()))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What makes two devices of a person the same kind of device.
///
/// No version numbers, because they change by themselves; no address, because it roams; nothing
/// random: the same person on the same kind of device gives the same parts next month. The person
/// is the first of them, so that two people never share a fingerprint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FingerprintParts {
    user: UserId,
    browser: String,
    os: String,
    device_type: DeviceType,
    model: String,
    language: String,
}

impl FingerprintParts {
    /// The parts of a person's device. What is unknown is empty; of the language only the primary
    /// subtag counts (RFC 5646 section 2.2.1), because `de` and `de-DE` are one person's browser.
    #[must_use]
    pub fn of(user: UserId, device: &Device, language: Option<&Language>) -> Self {
        let known = |value: &Option<String>| value.clone().unwrap_or_default();
        let primary = |language: &Language| {
            let tag = language.as_str();
            tag.split('-').next().unwrap_or(tag).to_ascii_lowercase()
        };
        Self {
            user,
            browser: known(&device.browser_name),
            os: known(&device.os_name),
            device_type: device.device_type,
            model: known(&device.device_model),
            language: language.map(primary).unwrap_or_default(),
        }
    }

    /// The list that the tag is over, in its order: the person's id (16 octets), browser, operating
    /// system, type, model, language. A digester puts each after its length.
    #[must_use]
    pub fn as_list(&self) -> [&[u8]; 6] {
        [
            self.user.as_uuid().as_bytes(),
            self.browser.as_bytes(),
            self.os.as_bytes(),
            self.device_type.as_str().as_bytes(),
            self.model.as_bytes(),
            self.language.as_bytes(),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(language: &str) -> FingerprintParts {
        let device = Device {
            device_type: DeviceType::Mobile,
            device_name: "Chrome on Android".to_owned(),
            browser_name: Some("Chrome".to_owned()),
            browser_version: Some("131.0".to_owned()),
            os_name: Some("Android".to_owned()),
            os_version: Some("15".to_owned()),
            device_brand: Some("Google".to_owned()),
            device_model: Some("Pixel 9".to_owned()),
            is_bot: false,
        };
        let language = Language::parse(language).ok();
        let user = UserId::parse("0192f3c0-1111-7abc-8def-0123456789ab").unwrap();
        FingerprintParts::of(user, &device, language.as_ref())
    }

    #[test]
    fn the_parts_are_person_browser_system_type_model_and_language() {
        let parts = parts("PT-br");
        let [user, rest @ ..] = parts.as_list();
        assert_eq!(user.len(), 16);
        assert_eq!(
            rest,
            ["Chrome", "Android", "mobile", "Pixel 9", "pt"].map(str::as_bytes)
        );
    }

    #[test]
    fn regions_and_versions_are_no_parts() {
        assert_eq!(parts("de"), parts("de-AT"));
        assert_ne!(parts("de"), parts("en"));
        assert_eq!(parts("").as_list()[5], b"");
    }

    #[test]
    fn only_the_exact_form_is_read() {
        let good = "fp1_AAECAwQFBgcICQoLDA0ODw";
        assert_eq!(
            DeviceFingerprint::parse(good).map(|fingerprint| fingerprint.0),
            Some(good.to_owned())
        );
        for bad in [
            "",
            "fp1_",
            "fp2_AAECAwQFBgcICQoLDA0ODw",
            "fp1_AAECAwQFBgcICQoLDA0OD",
            "fp1_AAECAwQFBgcICQoLDA0ODwA",
            "fp1_AAECAwQFBgcICQoLDA0OD+",
            "fp1_AAECAwQFBgcICQoLDA0ODx",
            " fp1_AAECAwQFBgcICQoLDA0ODw",
        ] {
            assert_eq!(DeviceFingerprint::parse(bad), None, "{bad}");
        }
    }
}
